"""Long work as pages show it: whether it waits, how far it is, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from gensvar.enrich.own_models import VECTORS, WORDS
from gensvar.kit.language import phrase
from gensvar.serve.web.figures import moment
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.words import Words
from gensvar.serve.working import MACHINE, Asked

ALMOST = 99  # per cent: what is shown as done is done
KIND_NAMES = {VECTORS: phrase("the encoder’s reading"), WORDS: phrase("the fast reading")}
TEACHING = {
    "waiting": phrase("Teaching waits for its turn."),
    "running": phrase("The readers are being taught."),
    "stopped": phrase("Teaching was stopped."),
    "failed": phrase("Teaching could not be finished."),
}
READING_AGAIN = {
    "waiting": phrase("Reading again waits for its turn."),
    "running": phrase("The texts are being read again."),
    "stopped": phrase("Reading again was stopped; it goes on in the background."),
    "failed": phrase("Reading again could not be finished; it goes on in the background."),
}
LOOKING = {
    "waiting": phrase("The search for themes waits for its turn."),
    "running": phrase("Themes are being looked for."),
    "stopped": phrase("The search for themes was stopped; those that there are stay."),
    "failed": phrase("The search for themes could not be finished; those that there are stay."),
}
TAUGHT = {
    "taught": phrase("Taught anew. The trials below say what came of it."),
    "same": phrase("There is nothing new to learn from since the last time."),
    "little": phrase("There is too little to learn from yet."),
}


@dataclass(frozen=True, slots=True)
class WorkView:
    """title: its state as a sentence; once it is done, what came of it. says: how far it is. part: 0…100, None where that is not known.

    error: in English.
    """

    state: str
    title: str
    says: str
    by: str
    part: int | None
    under_way: bool
    error: str


def teaching_view(found: Asked | None, visit: Visit) -> WorkView | None:
    """The latest teaching that somebody asked for."""
    return None if found is None else view_of(found, TEACHING, _taught(found, visit.words), None, visit)


def reading_view(found: Asked | None, visit: Visit) -> WorkView | None:
    """The latest reading again that somebody asked for."""
    if found is None:
        return None
    told = found.progress
    done = told.get("read") or told.get("seen", 0)
    part = min(ALMOST, round(100 * done / told["total"])) if told.get("total") else None
    return view_of(found, READING_AGAIN, _read(found, visit.words), part, visit)


def looking_view(found: Asked | None, visit: Visit) -> WorkView | None:
    """The latest search for themes, until it is done: what it found is the page itself."""
    if found is None or found.state == "done":
        return None
    texts, w = found.progress.get("texts") if found.under_way else None, visit.words
    return view_of(found, LOOKING, w.many("One text is looked through.", "{n} texts are looked through.", texts) if texts else "", None, visit)


def begun_by(found: Asked, visit: Visit) -> str:
    """Who asked for it, and when."""
    w = visit.words
    when = moment(found.at, w.language, visit.reader.zone)
    return w("Begun by Gensvar itself, {when}.", when=when) if found.by == MACHINE else w("Asked for by {who}, {when}.", who=found.by, when=when)


def view_of(found: Asked, titles: Mapping[str, str], says: str, part: int | None, visit: Visit) -> WorkView:
    """Work of any kind. titles: state → its sentence; once it is done, `says` is."""
    title, more = (visit.words(titles[found.state]), says) if found.state in titles else (says, "")
    return WorkView(found.state, title, more, begun_by(found, visit), part, found.under_way, found.error)


def _taught(found: Asked, w: Words) -> str:
    if found.state == "running" and found.progress:
        return w("Now {kind}, from {n} texts.", kind=w(KIND_NAMES[found.progress["kind"]]), n=w.number(found.progress["texts"]))
    if found.state != "done":
        return ""
    made = [head for head in found.result["heads"] if head["number"]]
    return w(TAUGHT["taught" if any(head["new"] for head in made) else "same" if made else "little"])


def _read(found: Asked, w: Words) -> str:
    told = found.progress if found.under_way else found.result
    if not told:
        return w("The texts were read again.") if found.state == "done" else ""
    if not found.under_way:
        return w.many("One text was read again.", "{n} texts were read again.", told["read"])
    if not told["read"] and told["seen"]:
        return w(
            "The encoder has looked at {n} of {all} texts; then they are read by what it saw.", n=w.number(told["seen"]), all=w.number(told["total"])
        )
    return w("{n} of {all} texts have been read.", n=w.number(told["read"]), all=w.number(told["total"]))
