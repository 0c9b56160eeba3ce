"""`gensvar topics`: the topics in force, what a change would move, changing them, and reading everything again."""

from pathlib import Path
from typing import Literal

from cyclopts import App

from gensvar.kit.errors import BadInput
from gensvar.serve import show
from gensvar.serve.cli import AsJson, Data, _one, _say, app, err, settings_of
from gensvar.serve.desks.taxonomy import rerun_here
from gensvar.serve.reach import reach

topics = App(name="topics", help="What is spoken of: the topics in force, and changing them.")
app.command(topics)


@topics.command(name="list")
def topics_list(*, data: Data = None, as_json: AsJson = False) -> None:
    """List the topics in force, how they came to be so, and how many texts are still to be read under them."""
    _one("topics", data, as_json, show.pairs)


@topics.command
def change(
    op: Literal["add", "rename", "teach", "merge", "split", "remove", "undo"], topic: str = "", *, name: str = "", examples: Path | None = None,
    terms: str = "", parent: str = "", about: Literal["customers", "employees"] = "customers", into: str = "", parts: tuple[Path, ...] = (),
    apart: bool = False, version: int = 0, in_language: str = "en", preview: bool = False, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Change the topics, or with --preview only show what would move in 2,000 texts.

    Args:
        op: add, rename, teach, merge, split, remove or undo.
        topic: its id, as delivery.late; none to add or to undo.
        name: what it is called.
        examples: a file with one example on each line.
        terms: words that always mean it, comma between.
        parent: add it as a part of this topic.
        about: who speaks of it.
        into: what it is merged into.
        parts: to split: a file of examples for each new topic, which is called as the file is.
        apart: split into topics beside it, not into parts.
        version: to go back to, with undo.
        in_language: of the names: en, sv, nb, da or fi.
        preview: change nothing.
    """
    asked = {
        "op": op, "topic": topic, "name": {in_language: name} if name else {}, "examples": _lines(examples), "terms": _words(terms),
        "parent": parent, "about": about, "into": into, "apart": apart, "version": version,
        "parts": [{"name": {in_language: file.stem}, "examples": _lines(file)} for file in parts],
    }  # fmt: skip
    _one("topics_preview" if preview else "topics_change", data, as_json, show.pairs, **asked)


@topics.command
def rerun(*, data: Data = None, as_json: AsJson = False) -> None:
    """Read every text again that was not read under the topics in force, and show which topics moved. A server does so by itself."""
    with reach(settings_of(data)) as house:
        found = show.working(house, "topics_rerun", "topics_reading", rerun_here, err)
    _say(found, as_json, show.reread)


@topics.command
def moved(*, data: Data = None, as_json: AsJson = False) -> None:
    """Show which topics moved when texts were last read again, how many texts came in and went out, and where those went."""
    _one("topics_moved", data, as_json, show.reread)


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"{file} cannot be read as text: {wrong}", do="Give a UTF-8 file.") from wrong


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
