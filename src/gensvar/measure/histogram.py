"""What the engine hands over for any group of answers: how many, Σ, Σ², and how many in each step of the scale. Adds exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Self

from gensvar.contracts.measures import BIN_COUNT, Measure

CLOSE = 1e-9
NO_BINS = (0,) * BIN_COUNT


@dataclass(frozen=True, slots=True)
class Histogram:
    """n scores, their total and sum of squares, and eleven counts from the low end of the scale; unused ones are 0."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    bins: tuple[int, ...] = NO_BINS

    def __add__(self, other: Self) -> "Histogram":
        return Histogram(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            tuple(a + b for a, b in zip(self.bins, other.bins, strict=True)),
        )


def histogram(scores: Iterable[float], measure: Measure) -> Histogram:
    """Of raw scores, one by one: the slow second method beside the engine's. A score off the scale is counted in nothing."""
    kept = [(score, bin_of(score, measure)) for score in scores]
    on_scale = [(score, place) for score, place in kept if place is not None]
    bins = [0] * BIN_COUNT
    for _, place in on_scale:
        bins[place] += 1
    return Histogram(len(on_scale), sum(s for s, _ in on_scale), sum(s * s for s, _ in on_scale), tuple(bins))


def bin_of(score: float, measure: Measure) -> int | None:
    """Which of the eleven counts a score belongs to; None when it is not on the scale.

    On a scale with a column for each point, a score between two points is not on it.
    """
    if not isfinite(score) or not measure.low - CLOSE <= score <= measure.high + CLOSE:
        return None
    steps = (score - measure.low) / measure.width
    if not measure.exact:
        return max(0, min(BIN_COUNT - 1, int(steps)))
    return round(steps) if abs(steps - round(steps)) < CLOSE else None


def whole(parts: Sequence[Histogram]) -> Histogram:
    """The parts as one."""
    return sum(parts, start=Histogram())
