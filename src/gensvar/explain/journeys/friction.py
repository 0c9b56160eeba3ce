"""Where it chafes most over all journeys: customers × lost completions × effort, ranked, with intervals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gensvar.explain.journeys.found import Friction, JourneyFound, Number, StepFound, Voice
from gensvar.explain.journeys.moments import LEAST
from gensvar.stats.clustered import Clustered
from gensvar.stats.friction import Score, count_interval, product, ranked
from gensvar.stats.normal import Interval

YEAR: Final = 365.0
From = Literal["here", "journey", "nothing"]


@dataclass(frozen=True, slots=True)
class Place:
    """A step that errands may end at. came: known errands that came and went on, by party; lost: parties an errand of which ended here."""

    journey: JourneyFound
    step: StepFound
    came: Clustered
    lost: int


def friction(places: Sequence[Place]) -> tuple[Friction, ...]:
    """Worst first. Steps that fewer than LEAST known errands came to are left out."""
    kept = [p for p in places if p.came.x >= LEAST]
    least = _least(kept)
    parts = [_parts(p, least[p.journey.journey.key]) for p in kept]
    scores = ranked([product([customers, _interval(lost), _interval(effort)]) for customers, lost, effort, _ in parts])
    total = sum(s.value for s in scores)
    found = [_told(p, part, s, total) for p, part, s in zip(kept, parts, scores, strict=True)]
    return tuple(sorted(found, key=lambda f: f.rank))


def _least(places: Sequence[Place]) -> Mapping[str, Clustered | None]:
    """Of each journey, the step that loses the least; None where there is but one to lose at."""
    found: dict[str, list[Clustered]] = {}
    for p in places:
        found.setdefault(p.journey.journey.key, []).append(p.came.missing)
    return {key: min(several, key=lambda c: c.value) if len(several) > 1 else None for key, several in found.items()}


def _parts(p: Place, least: Clustered | None) -> tuple[Interval, Number, Number, From]:
    here = count_interval(p.step.parties)
    year = YEAR / p.journey.days
    effort, told = _effort(p)
    return Interval(here.value * year, here.low * year, here.high * year), _lost(p.came.missing, least), effort, told


def _lost(here: Clustered, least: Clustered | None) -> Number:
    """The share lost here beyond the least, 0…1."""
    if least is None:
        limits = here.interval()
        return Number(limits.value, limits.low, limits.high, here.x)
    gap = here.minus(least)
    return Number(max(0.0, gap.value), max(0.0, gap.low), max(0.0, gap.high), here.x)


def _effort(p: Place) -> tuple[Number, From]:
    own = _said(p.step.voice)
    if own:
        return own, "here"
    everywhere = [n for n in (_said(s.voice) for s in p.journey.steps) if n]
    if everywhere:
        return max(everywhere, key=lambda n: n.n), "journey"
    return Number(1.0, 1.0, 1.0, 0), "nothing"


def _said(voice: Voice) -> Number | None:
    """By answers, else by texts."""
    return next((n for n in (voice.ease, voice.effort) if n.value is not None), None)


def _interval(n: Number) -> Interval:
    return Interval(n.value or 0.0, n.low or 0.0, n.high or 0.0)


def _told(p: Place, parts: tuple[Interval, Number, Number, From], s: Score, total: float) -> Friction:
    _, lost, effort, told = parts
    return Friction(
        journey=p.journey.journey.key, step=p.step.name, customers=p.lost, come=p.came.x, lost=lost, effort=effort, effort_from=told, score=s.value,
        low=s.low, high=s.high, rank=s.rank, rank_low=s.rank_low, rank_high=s.rank_high, share=s.value / total if total else 0.0,
    )  # fmt: skip


def places(found: JourneyFound, moments: Sequence[Clustered], lost: Sequence[int]) -> Iterator[Place]:
    """The steps of a journey but the last. moments: the whole first; lost: parties, of each step."""
    for at, step in enumerate(found.steps[:-1]):
        if moments and not found.refused:
            yield Place(found, step, moments[at + 1], lost[at])
