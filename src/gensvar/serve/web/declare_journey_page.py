"""Declaring a journey: its steps chosen from what has come in, what it would count shown before it is kept; and changing or removing one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.explain.journeys import MOST_STEPS, Friction, Journey, JourneyFound, journey_json
from gensvar.kit.errors import NotFound, nearest
from gensvar.serve.desks import journey_marks
from gensvar.serve.desks import why_journeys as desk
from gensvar.serve.desks.journey_marks import Mark, Marks, mark_of
from gensvar.serve.desks.why_journeys import Standing
from gensvar.serve.web.asked import Choice, Option
from gensvar.serve.web.blocks import Drawn, Table
from gensvar.serve.web.journey_draft import MOST_STOPS, TIMES, WHO, Draft, Line, Wrong, draft_from, draft_of, journey_of
from gensvar.serve.web.journey_views import journey_steps
from gensvar.serve.web.journey_words import headline
from gensvar.serve.web.journeys_asked import why_of
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.voice_views import KIND_NAMES
from gensvar.serve.web.words import Words
from gensvar.serve.web.worth_views import checked

FIRST_LINES, MORE_LINES = 4, 2
HTTP_FAULTY: Final = 422


@dataclass(frozen=True, slots=True)
class Field:
    """One field. wrong: what is wrong with it; options: the id of the list that it is chosen from."""

    id: str
    label: str
    value: str
    wrong: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    legend: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What it would count. sentence: how many errands; why: where that cannot be told now; under_way: it is being counted."""

    sentence: str
    lead: str
    why: str
    under_way: bool
    steps: Drawn | None


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """key: of the journey that is changed, empty for a new one. marks, touchpoints: what may be chosen, with how often; seen: the same as tables.

    declared: it is, so that it can be removed.
    """

    title: str
    key: str
    name: Field
    address: Field
    steps: tuple[Row, ...]
    stops: tuple[Row, ...]
    times: tuple[Field, ...]
    who: Choice
    marks: tuple[tuple[str, str], ...]
    touchpoints: tuple[str, ...]
    seen: tuple[Table, ...]
    more: str
    wrong: tuple[Wrong, ...]
    preview: Preview | None
    declared: bool


def page(visit: Visit) -> View:
    """The form: of the journey that the address names, or empty. NotFound with the nearest."""
    key = checked(visit.query, ("key",)).get("key", "")
    start = draft_of(_there(visit, key)) if key else Draft()
    return View("declare_journey.html", _page(visit, start, _known(visit, key)), "journeys")


def _there(visit: Visit, key: str) -> Journey:
    """The journey of this key: as it is declared, else as it was last found."""
    found = desk.last(cast("Any", visit.desk)).found
    all_of = {j.journey.key: j.journey for j in (found.journeys if found else ())} | {j.key: j for j in desk.declared(cast("Any", visit.desk))}
    if key not in all_of:
        raise NotFound(f"No journey {key!r}", nearest=nearest(key, all_of), do="The page Journeys lists them.")
    return all_of[key]


def _known(visit: Visit, key: str) -> tuple[Marks, tuple[Mark, ...]]:
    """What may be chosen: what has come in, and what the journey is told by already."""
    marks = journey_marks.seen(cast("Any", visit.desk))
    texts = {m.text for m in marks.marks}
    mine = _there(visit, key) if key else None
    own = [mark_of(s) for s in (*mine.steps, *mine.blocked)] if mine else []
    return marks, tuple(m for m in own if m.text not in texts)


# ── what it shows ──


def _page(
    visit: Visit, draft: Draft, known: tuple[Marks, tuple[Mark, ...]], wrong: tuple[Wrong, ...] = (), preview: Preview | None = None
) -> DeclarePage:
    w, (marks, own) = visit.words, known
    says = {fault.field: fault.says for fault in reversed(wrong)}

    def field(id_: str, label: str, value: str, options: str = "") -> Field:
        return Field(id_, label, value, says.get(id_, ""), options)

    def row(prefix: str, legend: str, n: int, line: Line) -> Row:
        told = field(f"{prefix}-{n}-mark", w("Told by"), line.mark, "marks")
        named = field(f"{prefix}-{n}-name", w("Called"), line.name)
        if prefix == "stop":
            return Row(legend, (told, named))
        said = field(f"{prefix}-{n}-said", w("Called in feedback"), line.said, "touchpoints")
        return Row(legend, (field(f"{prefix}-{n}-place", w("Place"), line.place or str(n)), told, named, said))

    fixed = draft.key if draft.fixed else ""
    steps = _padded(draft.steps, FIRST_LINES, MOST_STEPS)
    stops = _padded(draft.stops, 1, MOST_STOPS)
    return DeclarePage(
        w("Change {journey}", journey=draft.name or fixed) if fixed else w("Declare a journey"),
        fixed,
        field("name", w("What it is called"), draft.name),
        field("key", w("Its name in addresses"), draft.key),
        tuple(row("step", w("Step {n}", n=n), n, line) for n, line in enumerate(steps, 1)),
        tuple(row("stop", w("What stops it, {n}", n=n), n, line) for n, line in enumerate(stops, 1)),
        tuple(field(name, w(label), draft.times.get(name, "")) for name, (label, _, _) in TIMES.items()),
        Choice("who", w("Whose errands they are"), tuple(Option(who, w(text), who == draft.who) for who, text in WHO.items())),
        tuple((m.text, _often(m, w)) for m in (*marks.marks, *own)),
        marks.touchpoints,
        tuple(_tables(marks, w)),
        w("Only the most common are listed; what is not may be declared from a file.") if marks.more else "",
        wrong,
        preview,
        any(j.key == fixed for j in desk.declared(cast("Any", visit.desk))) if fixed else False,
    )


def _padded(lines: Sequence[Line], least: int, most: int) -> list[Line]:
    """The lines with room for more."""
    return [*lines, *[Line()] * max(0, min(most, max(least, len(lines) + MORE_LINES)) - len(lines))]


def _often(m: Mark, w: Words) -> str:
    return w.many("seen once", "seen {n} times", m.rows) if m.rows else w("not seen in the last year")


def _tables(marks: Marks, w: Words) -> Iterator[Table]:
    """What has come in, in words: what people did, and what they said."""
    did = tuple((m.text, w.number(m.rows)) for m in marks.marks if m.event)
    if did:
        yield Table(w("What people did in the last year"), (w("Told by"), w("times")), did)
    said = tuple((m.text, _kind(m.kind, w), w.number(m.rows)) for m in marks.marks if m.kind)
    if said:
        yield Table(w("What people said in the last year"), (w("Told by"), w("kind"), w("times")), said, 2)


def _kind(kind: str, w: Words) -> str:
    return w(KIND_NAMES[kind]) if kind in KIND_NAMES else kind


def _previewed(visit: Visit, journey: Journey) -> Preview:
    w = visit.words
    seen = journey_marks.preview(cast("Any", visit.desk), journey, desk.PATIENCE_S)
    if seen.found is None:
        said = w("This is being counted; ask again in a moment.") if seen.why == "counting" else _too_much(seen, w)
        return Preview(w("What it would count"), "", said, seen.why == "counting", None)
    if not seen.found.journeys:
        return Preview(w("What it would count"), "", w("Too few people come by here to be shown."), False, None)
    return _counted(seen.found.journeys[0], next(iter(seen.found.friction), None), w)


def _too_much(seen: Standing, w: Words) -> str:
    return why_of(seen, w).partition(". ")[0] + ". " + w("Save it, and see it counted in the night.")


def _counted(found: JourneyFound, worst: Friction | None, w: Words) -> Preview:
    c = found.counted
    if not c.errands:
        return Preview(w("Nobody is seen to take this journey."), "", w("None of its steps has come in for anybody known."), False, None)
    people = w.many("one customer", "{n} customers", c.parties)
    sentence = w.many("It would count one errand, of {people}.", "It would count {n} errands, of {people}.", c.errands, people=people)
    days = w("From {first} to {last}.", first=w.day(c.since), last=w.day(c.until)) if c.since and c.until else ""
    return Preview(sentence, f"{headline(found, worst, w)} {days}".strip(), "", False, journey_steps(found, w))


# ── what it does ──


def declare(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Shows what the journey would count, or keeps it. Where something is wrong, the form again with each fault at its field."""
    draft = draft_from({name: value for name, value in form.items() if isinstance(value, str)})
    known = _known(visit, draft.key if draft.fixed else "")
    if form.get("do") == "more":
        return _shown(visit, _page(visit, draft, known))
    taken = [j.key for j in desk.declared(cast("Any", visit.desk))]
    made = journey_of(draft, (*known[0].marks, *known[1]), taken, visit.words)
    if not isinstance(made, Journey):
        return _shown(visit, _page(visit, draft, known, made), HTTP_FAULTY)
    if form.get("do") != "save":
        return _shown(visit, _page(visit, draft, known, (), _previewed(visit, made)))
    desk.declare(cast("Any", visit.desk), journey_json(made))
    return go("/journeys#declared")


def _shown(visit: Visit, shown: DeclarePage, status: int = 200) -> Response[Any]:
    return visit.page(View("declare_journey.html", shown, "journeys", status, asked_for=False))


def undeclare(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Takes a declared journey away. NotFound with the nearest where none of this key is declared."""
    key = str(form.get("key", ""))
    if not desk.undeclare(cast("Any", visit.desk), key):
        known = [j.key for j in desk.declared(cast("Any", visit.desk))]
        raise NotFound(f"No journey {key!r} was declared", nearest=nearest(key, known), do="The page Journeys lists them.")
    return go("/journeys#declared")


PAGES = (Page("/declare-journey", "definitions.change", page, "/declare-journey", live=False),)
FORMS = (Form("/declare-journey", "definitions.change", declare), Form("/undeclare-journey", "definitions.change", undeclare))
