"""A journey as a form holds it: from a journey, from what was sent, and back; everything that is wrong with it is said at once, each at its field."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from gensvar.explain.journeys import MOST_STEPS, Journey
from gensvar.explain.journeys.definition import Who
from gensvar.kit.errors import ContractError, nearest
from gensvar.kit.language import phrase
from gensvar.serve.desks.journey_marks import Mark, mark_of
from gensvar.serve.desks.why_journeys import KEY
from gensvar.serve.web.words import Words

MOST_STOPS: Final = 4
WHO: Final[Mapping[Who, str]] = {
    "party": phrase("of each person"), "account": phrase("of each account, all its people together"), "session": phrase("of each session"),
}  # fmt: skip
TIMES: Final[Mapping[str, tuple[str, float, float]]] = {
    "window_hours": (phrase("Over after so many hours without a sign"), 0.01, 24.0 * 3660),
    "pause_minutes": (phrase("A pause is a silence of so many minutes"), 0.1, 60.0 * 24 * 366),
    "support_hours": (phrase("Contact with support concerns it within so many hours"), 0.01, 24.0 * 366),
}
"""Field → what it is called, and from what to what it may go."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it stands in the form. place: where in the order; mark: what tells it; name: what it is called; said: what feedback calls it."""

    place: str = ""
    mark: str = ""
    name: str = ""
    said: str = ""

    @property
    def empty(self) -> bool:
        return not (self.mark or self.name or self.said)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the fields hold, as text. key: empty where it is to be made of the name; fixed: of a journey that has one already."""

    key: str = ""
    name: str = ""
    fixed: bool = False
    steps: tuple[Line, ...] = ()
    stops: tuple[Line, ...] = ()
    times: Mapping[str, str] = field(default_factory=lambda: {"window_hours": "168", "pause_minutes": "30", "support_hours": "24"})
    who: str = "party"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault. field: the id of the field that it stands at."""

    field: str
    says: str


def draft_of(journey: Journey) -> Draft:
    """The form of a journey that is there. One whose key cannot stand in an address is declared anew, beside it."""
    said = journey.touchpoints
    steps = tuple(Line(str(at), mark_of(s).text, s.name, said.get(s.name, "")) for at, s in enumerate(journey.steps, 1))
    stops = tuple(Line("", mark_of(s).text, s.name) for s in journey.blocked)
    times = {name: f"{getattr(journey, name):g}" for name in TIMES}
    fixed = bool(KEY.fullmatch(journey.key))
    return Draft(journey.key if fixed else slug(journey.key), journey.name, fixed, steps, stops, times, journey.who)


def draft_from(form: Mapping[str, object]) -> Draft:
    """What was sent, its steps in the order of their places; those that say nothing are left out."""
    given = {name: " ".join(str(value).split()) for name, value in form.items()}
    steps = sorted((s for s in _lines(given, "step", MOST_STEPS) if not s.empty), key=lambda s: _place(s.place))
    stops = tuple(s for s in _lines(given, "stop", MOST_STOPS) if not s.empty)
    return Draft(
        given.get("key", "").lower() or slug(given.get("name", "")),
        given.get("name", ""),
        given.get("fixed") == "1",
        tuple(replace(s, place=str(at)) for at, s in enumerate(steps, 1)),
        stops,
        {name: given.get(name, "") for name in TIMES},
        given.get("who", "party"),
    )


def _lines(given: Mapping[str, str], prefix: str, most: int) -> Iterator[Line]:
    for n in range(1, most + 1):
        yield Line(*(given.get(f"{prefix}-{n}-{part}", "") for part in ("place", "mark", "name", "said")))


def _place(text: str) -> float:
    """Where a step stands; what is no number stands last, in the order of the fields."""
    found = _number(text)
    return float("inf") if found is None else found


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def slug(name: str) -> str:
    """A name as it may stand in an address.

    >>> slug("Beställning & köp")
    'bestallning_kop'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:64]


def journey_of(draft: Draft, known: Sequence[Mark], taken: Sequence[str], w: Words) -> Journey | tuple[Wrong, ...]:
    """The journey that the form says, or all that is wrong with it. known: marks that may tell a step. taken: keys of other declared journeys."""
    marks = {m.text: m for m in known}
    wrong = [*_named(draft, taken, w), *_marked(draft, marks, w), *_timed(draft, w)]
    if wrong:
        return tuple(wrong)
    steps = tuple(marks[s.mark].of(s.name) for s in draft.steps)
    said = {step.name: s.said for step, s in zip(steps, draft.steps, strict=True) if s.said}
    times = {name: cast("float", _number(text)) for name, text in draft.times.items()}
    stops = tuple(marks[s.mark].of(s.name) for s in draft.stops)
    try:
        return Journey(
            key=draft.key, name=draft.name, steps=steps, blocked=stops, who=cast("Who", draft.who), touchpoints=said,
            window_hours=times["window_hours"], pause_minutes=times["pause_minutes"], support_hours=times["support_hours"],
        )  # fmt: skip
    except ContractError as fault:
        return tuple(Wrong("step-1-mark", says) for says in fault.faults)


def _named(draft: Draft, taken: Sequence[str], w: Words) -> Iterator[Wrong]:
    if not draft.name:
        yield Wrong("name", w("Write what the journey is called."))
    elif not KEY.fullmatch(draft.key):
        yield Wrong("key", w("Its name in addresses has small letters, digits and _ only, as payment_step; at most 64 of them."))
    elif draft.key in taken and not draft.fixed:
        yield Wrong("key", w("A journey {key} is declared already: change that one, or choose another name in addresses.", key=draft.key))
    if draft.who not in WHO:
        yield Wrong("who", w("Choose whose errands they are."))


def _marked(draft: Draft, marks: Mapping[str, Mark], w: Words) -> Iterator[Wrong]:
    if len(draft.steps) < 2:
        at = f"step-{len(draft.steps) + 1}-mark"
        yield Wrong(at, w("A journey has at least two steps: choose what tells each of them. The last one finishes it."))
    seen: dict[str, str] = {}
    named: dict[str, str] = {}
    for prefix, lines, what in (("step", draft.steps, phrase("Step {n}")), ("stop", draft.stops, phrase("What stops it, {n}"))):
        for n, line in enumerate(lines, 1):
            where = w(what, n=n)
            at = f"{prefix}-{n}-mark"
            if line.mark not in marks:
                yield Wrong(at, _unknown(line.mark, where, marks, w))
            elif line.mark in seen:
                yield Wrong(at, w("{where}: {mark} tells {other} already.", where=where, mark=line.mark, other=seen[line.mark]))
            elif prefix == "step" and (name := line.name or marks[line.mark].name) in named:
                yield Wrong(f"{prefix}-{n}-name", w("{where}: {other} is called {name} already.", where=where, name=name, other=named[name]))
            seen.setdefault(line.mark, where)
            if prefix == "step" and line.mark in marks:
                named.setdefault(line.name or marks[line.mark].name, where)


def _unknown(mark: str, where: str, marks: Mapping[str, Mark], w: Words) -> str:
    if not mark:
        return w("{where}: choose what tells it.", where=where)
    near = nearest(mark, marks)
    if near:
        return w("{where}: nothing that has come in is called {mark}. Did you mean {near}?", where=where, mark=mark, near=near)
    return w("{where}: nothing that has come in is called {mark}. The list below says what has.", where=where, mark=mark)


def _timed(draft: Draft, w: Words) -> Iterator[Wrong]:
    numbers = {name: _number(draft.times.get(name, "")) for name in TIMES}
    for name, (label, low, high) in TIMES.items():
        value = numbers[name]
        if value is None or not low <= value <= high:
            yield Wrong(name, w("{field}: write a number from {low} to {high}.", field=w(label), low=w.number(low, 2), high=w.number(high)))
    window, pause = numbers["window_hours"], numbers["pause_minutes"]
    if window is not None and pause is not None and pause > 60 * window:
        yield Wrong("pause_minutes", w("A pause that is longer than the errand may take ends it: choose a shorter pause."))
