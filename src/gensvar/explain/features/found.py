"""What is found of features, as values that the ledger keeps and the pages show."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["satisfaction", "stays", "renewed", "help"]
Verdict = Literal["more", "less", "no_difference", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One outcome of those who used a feature less that of those who did not. Unit: of the measure for satisfaction, else shares, −1…1.

    plain: as it stands, with its limits; value: other things held alike, with its limits. p, q: of no difference, q over everything tested.
    n: periods of customers behind it, users: of those who used it. needs: about how many periods it would take; 0 where it could be told.
    """

    outcome: Outcome
    verdict: Verdict
    n: int
    users: int
    plain: float | None = None
    plain_low: float | None = None
    plain_high: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    needs: int = 0


@dataclass(frozen=True, slots=True)
class Feature:
    """name, step: of the event. users of `of` customers used it; visits, other_visits: how often users and others came in a span, by geometric mean.

    why: empty, or why it cannot be told: few (used it), everybody, unlike (who uses it has hardly anybody alike who does not).
    """

    name: str
    step: str
    users: int
    of: int
    visits: float
    other_visits: float
    gaps: tuple[Gap, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """use, after: days of use, and of what follows. spans: how many such, periods: of customers in them. measure: whose score is satisfaction.

    why: empty, or why nothing can be said: no_events, short, few. tested: how many differences; left_out: features beyond the most that are counted.
    unmarked: what is not counted since it is not marked as within the reader's part.
    """

    kind: str
    use: int
    after: int
    spans: int
    customers: int
    periods: int
    measure: str
    outcomes: tuple[Outcome, ...]
    features: tuple[Feature, ...]
    tested: int
    left_out: int = 0
    why: str = ""
    least: int = 0
    unmarked: int = 0

    @property
    def standing(self) -> tuple[tuple[Feature, Gap], ...]:
        """The differences that stand, surest first."""
        found = [(f, g) for f in self.features for g in f.gaps if g.verdict in {"more", "less"}]
        return tuple(sorted(found, key=lambda one: (one[1].q or 0.0, one[0].name, one[0].step)))

    def explained(self) -> tuple[tuple[Feature, Gap], ...]:
        """Differences that are seen as they stand, and not once other things are held alike."""
        found = [(f, g) for f in self.features for g in f.gaps if g.verdict not in {"more", "less"}]
        return tuple((f, g) for f, g in found if g.plain_low is not None and g.plain_high is not None and not g.plain_low <= 0 <= g.plain_high)


def features_json(found: Features) -> dict[str, Any]:
    """Plain types, for the ledger."""
    return asdict(found)


def features_of(body: Mapping[str, Any]) -> Features:
    """What `features_json` wrote."""
    features = tuple(Feature(**{**f, "gaps": tuple(Gap(**g) for g in f["gaps"])}) for f in body["features"])
    return Features(**{**body, "features": features, "outcomes": tuple(body["outcomes"])})
