"""`gensvar why`: what matters most, for whom, and why it changed."""

from cyclopts import App

from gensvar.serve import show, show_why
from gensvar.serve.cli import AsJson, Data, _one, _say, app, err, settings_of
from gensvar.serve.nightly import look_here
from gensvar.serve.reach import reach

why = App(name="why", help="What matters most, for whom, and why it changed.")
app.command(why)


@why.command
def drivers(
    outcome: str = "", *, drivers: str = "", where: str = "", period: str = "last 12 months", by: str = "", compare: str = "", within: int = 183,
    language: str = "en", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what matters most for an outcome, how surely, and for whom.

    Args:
        outcome: a measure, as csat.overall, or event:churn (default: the measure that most answered beside others).
        drivers: measures, topics, events, topic:delivery, event:login, dimension:market, comma between (default: what was rated beside it).
        where: only these: market=NO,SE;segment=food.
        period: 2026, 2026-Q3, last quarter, last 12 months, or empty ('') for all time.
        by: also for each value of this dimension, and where they differ.
        compare: previous or year before: which weights moved since.
        within: days after an answer in which an event counts.
        language: sv, nb, da, fi or en.
    """
    asked = {"outcome": outcome, "drivers": drivers, "where": where, "period": period, "by": by, "compare": compare, "within": within}
    _one("drivers", data, as_json, show_why.drivers, language=language, **asked)


@why.command
def look(*, data: Data = None, as_json: AsJson = False) -> None:
    """Look for reasons over the whole house now. A server does so by itself each night."""
    with reach(settings_of(data)) as house:
        found = show.working(house, "why_look", "why_looking", look_here, err)
    _say(found, as_json, show_why.looked)
