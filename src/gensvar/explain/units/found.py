"""What is found between employees and customers, as values that the pages show."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

ECOLOGICAL: Final = (
    "Units are compared, not people: that customers fare better in months when a unit's people do does not mean that the content are the ones who "
    "serve them better (the ecological fallacy). It is no cause either."
)
Verdict = Literal["together", "against", "no_visible", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Lagged:
    """Employees in a month against customers `lag` months later. r: within units, −1…1, with limits; slope: customers' measure per one of theirs.

    n: pairs of unit and month; units, months: of them. verdict cannot_tell: pairs_needed says about how many pairs it takes to see r = 0.3.
    """

    lag: int
    verdict: Verdict
    n: int
    units: int
    months: int
    r: float | None = None
    low: float | None = None
    high: float | None = None
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    p: float | None = None
    q: float | None = None
    pairs_needed: int = 0


@dataclass(frozen=True, slots=True)
class Units:
    """dimension: what a unit is. employees, customers: the measures. lags: each tested, q over all of them. plain: r of all pairs without holding
    anything alike at lag 0, for comparison only.

    why: empty, or why nothing can be said: no_employees, no_customers, nothing_shared, few. shared: the units that both name.
    ecological: always true: ECOLOGICAL holds of every number here.
    """

    dimension: str
    employees: str
    customers: str
    shared: tuple[str, ...]
    lags: tuple[Lagged, ...]
    plain: float | None = None
    why: str = ""
    least_units: int = 0
    least_months: int = 0
    ecological: bool = True

    @property
    def standing(self) -> tuple[Lagged, ...]:
        """The lags that stand, surest first."""
        return tuple(sorted((one for one in self.lags if one.verdict in {"together", "against"}), key=lambda one: (one.q or 0.0, one.lag)))


def units_json(found: Units) -> dict[str, Any]:
    """Plain types, for the ledger."""
    return asdict(found)


def units_of(body: Mapping[str, Any]) -> Units:
    """What `units_json` wrote."""
    return Units(**{**body, "shared": tuple(body["shared"]), "lags": tuple(Lagged(**one) for one in body["lags"])})
