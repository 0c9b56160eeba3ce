"""Assumptions as a reader may write, see and close them; each answered from what she may see, and never from more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from babel import Locale

from gensvar.contracts import DIMENSIONS
from gensvar.explain.assumptions import (
    EVERY_DAYS,
    KIND,
    LONGEST,
    Claim,
    Evidence,
    Guess,
    Named,
    Says,
    Where,
    alike,
    checked,
    claim_from,
    claim_json,
    evidence_from,
    guessed,
)
from gensvar.explaining.assumptions import asked_next, evidence, settled
from gensvar.kit.errors import BadInput, NotAllowed, NotFound, nearest
from gensvar.kit.language import LANGUAGES
from gensvar.kit.scope import Scope
from gensvar.ledger import Assumption
from gensvar.measure.periods import read_day
from gensvar.serve.desk import HouseDesk
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.words import Words

CUTS: Final = ("market", "segment", "channel")
MOST_VALUES: Final = 60
MOST_HISTORY: Final = 40
LEAST_EVERY, MOST_EVERY = 7, 730
PATIENCE_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer of those before. at: when it was asked."""

    at: datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Told:
    """One assumption as this reader may see it. evidence: what answers say now, or said when it was last asked; None where that is not known yet.

    history: newest first, of the whole house only, for those who may see all of it. due: when it is asked again; None where it is closed.
    alike: others that ask the same another way.
    counting: it is being asked, or what answers say is being counted.
    """

    assumption: Assumption
    claim: Claim
    evidence: Evidence | None
    at: datetime | None
    history: tuple[Asked, ...]
    due: date | None
    alike: int
    counting: bool = False

    @property
    def says(self) -> Says | None:
        return self.evidence.says if self.evidence else None


def told(desk: HouseDesk, wait_s: float | None = None) -> tuple[Told, ...]:
    """Every assumption that this scope may see, the newest first, closed ones last.

    wait_s: no longer than that for any of them, and not at all for those after one that took longer; the counting goes on.
    """
    every = [(a, claim_from(a.test)) for a in desk.house.ledger.assumptions.all()]
    seen = [(a, claim) for a, claim in every if visible(claim, desk.scope)]
    claims = [claim for _, claim in seen]
    made = list[Told]()
    for a, claim in seen:
        made.append(_told(desk, a, claim, [c for c in claims if c is not claim], wait_s))
        wait_s = 0.0 if made[-1].counting else wait_s
    return tuple(sorted(made, key=lambda t: t.assumption.removed_at is not None))


def one(desk: HouseDesk, number: int, wait_s: float | None = None) -> Told:
    """NotFound, always in the same words, where there is none or it is about what the reader may not see."""
    found = next((t for t in told(desk, wait_s) if t.assumption.id == number), None)
    if found is None:
        raise NotFound(f"No assumption {number}", do="The page Assumptions lists them.")
    return found


def visible(claim: Claim, scope: Scope) -> bool:
    """Whether all places that it names lie within the scope."""
    return all(set(values) <= scope.rows.get(d, frozenset(values)) for where in (claim.where, claim.other) for d, values in where.items())


def _told(desk: HouseDesk, a: Assumption, claim: Claim, others: Sequence[Claim], wait_s: float | None) -> Told:
    like = alike(claim, others)
    if desk.scope.rows or desk.scope.least:
        try:
            ask = lambda: evidence(desk.house, desk.scope, claim, a.added_at.date())  # noqa: E731
            found = desk.kept((KIND, a.id), ask, wait_s) if a.removed_at is None else None
        except TimeoutError:
            return Told(a, claim, None, None, (), None, like, counting=True)
        return Told(a, claim, found, None, (), None, like)
    kept = desk.house.ledger.findings.history(KIND, str(a.id), MOST_HISTORY)
    history, standing = tuple(Asked(f.made_at, evidence_from(f.body)) for f in kept), a.removed_at is None
    if not history:
        return Told(a, claim, None, None, (), None, like, counting=standing)
    due = asked_next(a, kept[0], desk.house.clock.now()).date() if standing else None
    return Told(a, claim, history[0].evidence, history[0].at, history, due, like)


# ── writing and closing ──


def write(desk: HouseDesk, text: str, claim: Claim, every_days: int = EVERY_DAYS) -> int:
    """The number of the new assumption, which is kept at once and asked as soon as a hand is free. BadInput where it cannot be tested; NotAllowed for
    a place outside the scope.

    What the scope limits is written into it, so that what is assumed of one market is not asked of all.
    """
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise BadInput("An assumption is said in a sentence", do=f"Write 1 to {LONGEST} characters.")
    if not LEAST_EVERY <= every_days <= MOST_EVERY:
        raise BadInput(f"It cannot be asked every {every_days} days", do=f"Choose {LEAST_EVERY} to {MOST_EVERY} days.")
    within = replace(claim, where=_within(claim.where, desk.scope), other=_inside(claim.other, desk.scope))
    made = settled(checked(within), desk.house)
    number = desk.house.ledger.assumptions.add(said, claim_json(made), desk.who, every_days)
    desk.house.ledger.audit.append(desk.who, "assume", f"assumption {number}", {"text": said, "test": claim_json(made)})
    return number


def _inside(where: Where, scope: Scope) -> Where:
    for dimension, values in where.items():
        if dimension not in DIMENSIONS:
            raise BadInput(f"No dimension {dimension!r}", nearest=nearest(dimension, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
        outside = set(values) - scope.rows.get(dimension, frozenset(values))
        if outside:
            raise NotAllowed(f"{min(outside)!r} is outside what you may see", where=dimension, do="Assume what concerns your own part.")
    return {d: tuple(v) for d, v in where.items() if v}


def _within(where: Where, scope: Scope) -> Where:
    named = _inside(where, scope)
    return {**named, **{d: tuple(sorted(v)) for d, v in scope.rows.items() if d in DIMENSIONS and d not in named}}


def close(desk: HouseDesk, number: int, *, anybodys: bool) -> None:
    """It is asked no more; what it was answered stays. NotAllowed for another's, unless `anybodys`."""
    found = one(desk, number).assumption
    if found.by != desk.who and not anybodys:
        raise NotAllowed("This assumption is another’s", do="Ask whoever wrote it, or an administrator.")
    desk.house.ledger.assumptions.close(number)
    desk.house.ledger.audit.append(desk.who, "close assumption", f"assumption {number}", {"by": found.by})


# ── what her words may mean ──


def suggested(desk: HouseDesk, text: str) -> Guess:
    """What a text seems to say, by the names that measures, topics and places have in five languages."""
    return guessed(text[:LONGEST], names_in(desk))


def names_in(desk: HouseDesk) -> Iterable[Named]:
    """All that has a name: measures, topics, and the values of market, segment and channel."""
    by_id: dict[str, list[str]] = {}
    for m in desk.measures():
        by_id.setdefault(m.id, []).extend([*m.name.values(), m.id.replace(".", " ")])
    yield from (Named("measure", name, tuple(dict.fromkeys(said))) for name, said in by_id.items())
    taxonomy = desk.house.ledger.taxonomies.current()
    for topic in taxonomy:
        yield Named("topic", topic.id, tuple(dict.fromkeys(topic_name(taxonomy, topic.id, Words(code)) for code in LANGUAGES)))
    for cut in CUTS:
        for value in desk.dimension_values(cut)[:MOST_VALUES]:
            yield Named(cut, value, _called(cut, value))


def _called(dimension: str, value: str) -> tuple[str, ...]:
    """A place's names: of a country those in five languages, and not its two letters, which are words of their own."""
    if dimension != "market" or len(value) != 2:
        return (value,)
    found = [str(Locale.parse(code).territories.get(value, "")) for code in LANGUAGES]
    return tuple(dict.fromkeys(name for name in found if name)) or (value,)


def claim_of(form: str, given: Mapping[str, str], where: Where, other: Where) -> Claim:
    """A claim from the words of a form, an address or a command. BadInput where they cannot be meant."""
    day = read_day(given["day"]) if given.get("day") else None
    way = given.get("way") or "higher"
    if way not in {"higher", "lower"}:
        raise BadInput(f"No way {way!r}", nearest=nearest(way, ("higher", "lower")), do="It is higher or lower.")
    named = {name: given.get(name, "").strip() for name in ("measure", "driver", "topic", "outcome")}
    kept = {name: named[name] for name in USED.get(form, ())}
    return checked(Claim(form=form, where=where, other=other if form == "level" else {}, way=way, day=day, **kept))  # type: ignore[arg-type]


USED: Final[Mapping[str, tuple[str, ...]]] = {
    "level": ("measure",), "change": ("measure",), "first": ("measure", "driver"), "outcome": ("topic", "outcome"),
}  # fmt: skip
