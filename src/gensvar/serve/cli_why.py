"""`gensvar why`: what matters most, for whom, and why it changed."""

from cyclopts import App

from gensvar.serve import show, show_why
from gensvar.serve.cli import AsJson, Data, _say, app, err, settings_of
from gensvar.serve.nightly import look_here
from gensvar.serve.reach import reach

why = App(name="why", help="What matters most, for whom, and why it changed.")
app.command(why)


@why.command
def look(*, data: Data = None, as_json: AsJson = False) -> None:
    """Look for reasons over the whole house now. A server does so by itself each night."""
    with reach(settings_of(data)) as house:
        found = show.working(house, "why_look", "why_looking", look_here, err)
    _say(found, as_json, show_why.looked)
