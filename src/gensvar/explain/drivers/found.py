"""What a study of drivers finds, as plain values: weights with their doubt, what was left out and why, and how parts differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from gensvar.explain.drivers.study import Kind

Sign = Literal["with", "against", "unclear"]
Quadrant = Literal["mend", "keep", "watch", "enough", ""]
LeftWhy = Literal["constant", "nobody", "same", "seldom"]
Why = Literal["too_few", "few_people", "small_group", "constant_outcome", "no_drivers", "one_driver", "nothing_explained", "no_outcome", "protected"]
Caution = Literal["halo", "collinear"]
KIND = "drivers"  # of findings


@dataclass(frozen=True, slots=True)
class Range:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference with its 95 % interval. q: adjusted over all that were tested together."""

    value: float
    low: float
    high: float
    q: float


@dataclass(frozen=True, slots=True)
class Performance:
    """mean: 0 (worst) to 1 (best) of the driver's own scale. from_rest: the mean less the mean of the other drivers' means."""

    mean: Range
    from_rest: Gap


@dataclass(frozen=True, slots=True)
class Weight:
    """One driver. share: of what the drivers together explain (LMG), 0…1; johnson: the same by relative weights; pairwise: from all pairs of answers.

    rank: 1 matters most, with its interval; first: how often it would come first if the whole were asked anew. sign: whether more of it goes with
    a better outcome, the other drivers held; slope: standardised. tangled: variance inflation. answered: responses that have it.
    quadrant: of the priority map, '' where the intervals do not allow one. performance: None where nothing was rated.
    """

    name: str
    kind: Kind
    share: Range
    johnson: Range
    pairwise: float | None
    rank: int
    rank_low: int
    rank_high: int
    first: float
    sign: Sign
    slope: Range
    tangled: float
    answered: int
    performance: Performance | None = None
    quadrant: Quadrant = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A driver that was left out. like: the one that says the same, where that is why; n: responses that have it."""

    name: str
    kind: Kind
    why: LeftWhy
    n: int
    like: str = ""


@dataclass(frozen=True, slots=True)
class Drivers:
    """Of one group. responses: that have the outcome; n: of those, that miss no driver, and are counted. r2: of what they explain.

    weights: largest first. first: the driver that surely matters most, '' where that cannot be told; leaders: all that may.
    halo: the first eigenvalue's share of the drivers' correlations. pairs: the fewest answers behind a pairwise correlation; None where pairwise
    is not given, and why_not_pairs says why: many (over twelve drivers) or not_positive (the matrix is of no possible answers).
    """

    part: str | None
    responses: int
    n: int
    r2: Range
    weights: tuple[Weight, ...]
    first: str
    leaders: tuple[str, ...]
    halo: float
    condition: float
    warnings: tuple[Caution, ...] = ()
    left: tuple[Left, ...] = ()
    pairs: int | None = None
    why_not_pairs: str = ""

    def of(self, name: str) -> Weight | None:
        return next((w for w in self.weights if w.name == name), None)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is said of this group, and why. n: responses without a gap, of `responses`; least: needed; more: about how many more it takes."""

    part: str | None
    why: Why
    responses: int = 0
    n: int = 0
    least: int = 0
    more: int = 0
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more a driver weighs in a part than in the rest of the whole, in shares. told: it stands against chance."""

    part: str | None
    name: str
    share: float
    rest: float
    gap: Gap
    told: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """How a driver's weight moved, from one time to another, in shares."""

    name: str
    now: float
    then: float
    gap: Gap
    told: bool


@dataclass(frozen=True, slots=True)
class Found:
    """whole: of all; parts: of each value of `by`, the largest first; differences: of parts from the rest, surest first. moved: from the time before.

    left_parts: values of `by` beyond those shown. why_not_moved: a word where the time before cannot be held against this.
    """

    whole: Drivers | Refused
    parts: tuple[Drivers | Refused, ...] = ()
    differences: tuple[Difference, ...] = ()
    left_parts: int = 0
    moved: tuple[Moved, ...] = ()
    why_not_moved: str = ""


def found_json(found: Found | Drivers | Refused) -> dict[str, Any]:
    """As plain JSON types. A group that is refused has `why`."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def of_json(plain: Mapping[str, Any]) -> Found:
    """What `found_json` wrote."""
    whole, parts = _group(plain["whole"]), tuple(_group(one) for one in plain["parts"])
    rest = msgspec.convert({**plain, "whole": None, "parts": ()}, _Rest)
    return Found(whole, parts, rest.differences, rest.left_parts, rest.moved, rest.why_not_moved)


class _Rest(msgspec.Struct, frozen=True):
    differences: tuple[Difference, ...]
    left_parts: int
    moved: tuple[Moved, ...]
    why_not_moved: str


def _group(plain: Mapping[str, Any]) -> Drivers | Refused:
    return msgspec.convert(plain, Refused) if "why" in plain else msgspec.convert(plain, Drivers)
