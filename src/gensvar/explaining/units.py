"""Employees and customers over a house: the means of units and months that a reader may have, and what moves together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis

from gensvar import flow
from gensvar.contracts import DIMENSIONS, Measure
from gensvar.contracts.tone import TONE
from gensvar.explain.units import Series, Units, judged, units_json
from gensvar.explaining.nightly import Nightly, Told
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope, whole
from gensvar.measure.anonymous import Standing, inside
from gensvar.measure.anonymous.rounding import step_of
from gensvar.measure.plan import smallest_cube

KIND: Final = "units"
CUTS: Final = ("unit", "market", "segment", "product", "channel", "touchpoint", "journey")
MOST_MEASURES: Final = 6
LEAST_ANSWERS: Final = 5  # behind a mean of a unit and month; of protected people a block has as many at least


@dataclass(frozen=True, slots=True)
class Asked:
    """employees, customers: measures, as enps.pulse; empty for those that share most units with the first of employees.

    dimension: what a unit is; empty for the one of which both name most.
    """

    employees: str = ""
    customers: str = ""
    dimension: str = ""

    def checked(self) -> "Asked":
        """BadInput for a dimension that is none."""
        if self.dimension and self.dimension not in DIMENSIONS:
            raise BadInput(
                f"No dimension {self.dimension!r}", nearest=nearest(self.dimension, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}."
            )
        return self


@dataclass(frozen=True, slots=True)
class Possible:
    """Which measures employees answer, and which customers do; the first of each is taken by itself."""

    employees: tuple[str, ...]
    customers: tuple[str, ...]


def possible(audiences: Mapping[str, str], metrics: Mapping[str, str]) -> Possible:
    """audiences: measure → who mostly answers it; metrics: measure → its metric. Loyalty and satisfaction come first."""
    order = {"enps": 0, "nps": 0, "csat": 1}

    def of(audience: str) -> tuple[str, ...]:
        names = [name for name, who in audiences.items() if who == audience and name in metrics and name != TONE.id]
        return tuple(sorted(names, key=lambda name: (order.get(metrics[name], 2), name)))

    return Possible(of("employee"), of("customer"))


def units(house: House, scope: Scope, asked: Asked, known: Possible) -> Units:
    """What moves together, within what a reader of this scope may see: employees by released blocks alone, customers by the cube."""
    asked = asked.checked()
    employees, customers = _named(asked.employees, known.employees)[:1], _named(asked.customers, known.customers)[:MOST_MEASURES]
    cuts = (asked.dimension,) if asked.dimension else CUTS
    if not employees or not customers:
        why = "no_customers" if employees else "no_employees"
        return Units(cuts[0], next(iter(employees), ""), next(iter(customers), ""), (), (), why=why)
    mine = {cut: of_employees(house, scope, employees[0], cut) for cut in cuts}
    theirs = {(cut, name): found for cut in cuts for name, found in of_customers(house, scope, customers, cut).items()}
    pairs = [(cut, name) for cut in cuts for name in customers]
    cut, name = max(pairs, key=lambda one: (_shared(mine[one[0]], theirs[one]), -pairs.index(one)))
    return judged(Units(cut, employees[0], name, (), ()), mine[cut], theirs[cut, name])


def _named(asked: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The measure that was asked for, else all of them; BadInput names the nearest."""
    name = asked.partition("@")[0]
    if name and name not in known:
        raise BadInput(f"No measure {asked!r} of theirs", nearest=nearest(name, known), do=f"There are: {', '.join(known) or 'none'}.")
    return (name,) if name else known


def _shared(employees: Series, customers: Series) -> int:
    """How many units of both could tell something; several are better than many months."""
    return sum(min(len(employees[name]), len(customers[name])) > 1 for name in set(employees) & set(customers))


# ── the means of units and months ──


@dataclass(slots=True)
class Sum:
    """n answers and their sum."""

    n: float = 0.0
    total: float = 0.0


Cells = Mapping[tuple[str, str, date], Sum]
"""(measure with its version, unit, first day of month) → its sum."""


def of_employees(house: House, scope: Scope, measure: str, cut: str) -> Series:
    """unit → month → mean, on the grid of everything shown of protected people: of whole released blocks within the scope, and of nothing else."""
    released, versions = flow.released(house), house.ledger.measures.all().versions(measure)
    limits = sorted((dim, frozenset(v or None for v in values)) for dim, values in scope.rows.items())
    cells: dict[tuple[str, str, date], Sum] = defaultdict(Sum)
    for version in versions:
        for block in released.of_measure(version.key):
            named = block.only(cut)
            if block.audience == "employee" and named and named[0] is not None and inside(block, None, limits) is Standing.INSIDE:
                cell = cells[version.key, named[0], block.month]
                cell.n, cell.total = cell.n + block.counts[0], cell.total + block.counts[1]
    return _series(cells, versions, scope.smallest_group("employee"), rounded=True)


def of_customers(house: House, scope: Scope, measures: tuple[str, ...], cut: str) -> dict[str, Series]:
    """measure → unit → month → mean: from the cube, within the scope, none of it of protected people."""
    all_measures, engine = house.ledger.measures.all(), house.engine.cubes()
    versions = {name: all_measures.versions(name) for name in measures}
    cube = smallest_cube({cut, "audience", *scope.rows})
    if cube is None:
        return {name: {} for name in measures}
    rows = within(engine.table(cube.name), scope)
    keys = sorted(v.key for each in versions.values() for v in each)
    rows = rows.filter(rows.audience == "customer", rows.audience.notin(sorted(house.settings.anonymous.names)), rows.measure.isin(keys))
    rows = rows.filter(rows[cut].notnull(), rows[cut] != "")
    found = rows.group_by("measure", unit=rows[cut], month=rows.day.truncate("M")).agg(n=ibis._.n.sum(), total=ibis._.total.sum())
    cells = {(r["measure"], r["unit"], r["month"]): Sum(float(r["n"]), float(r["total"])) for r in engine.run(found).to_pylist()}
    return {name: _series(cells, each, scope.smallest_group("customer"), rounded=False) for name, each in versions.items()}


def _series(cells: Cells, versions: tuple[Measure, ...], least: int, *, rounded: bool) -> Series:
    """Means of the version that most cells have: no line is drawn through two definitions. Cells of fewer answers than least are left out."""
    enough = {key: cell for key, cell in cells.items() if cell.n >= max(least, LEAST_ANSWERS)}
    known = {v.key: v for v in versions}
    counts = Counter(key for key, _, _ in enough if key in known)
    if not counts:
        return {}
    newest = max(counts, key=lambda key: (counts[key], known[key].version))
    found: dict[str, dict[date, float]] = defaultdict(dict)
    for unit, month, mean in _means(enough, known[newest], rounded=rounded):
        found[unit][month] = mean
    return dict(found)


def _means(cells: Cells, measure: Measure, *, rounded: bool) -> Iterator[tuple[str, date, float]]:
    for (key, unit, month), cell in cells.items():
        if key == measure.key:
            mean, day = cell.total / cell.n, month if type(month) is date else date(month.year, month.month, 1)
            step = step_of(measure.high - measure.low, int(cell.n)) if rounded else 0.0
            yield unit, day, round(mean / step) * step if step else mean


def audiences(house: House) -> dict[str, str]:
    """measure → who mostly answers it: of protected people by what is released of them."""
    engine, protected = house.engine.cubes(), house.settings.anonymous.names
    cube = smallest_cube({"audience"})
    found: Counter[tuple[str, str]] = Counter()
    if cube is not None:
        rows = engine.table(cube.name)
        for row in engine.run(rows.filter(rows.audience.notin(sorted(protected))).group_by("measure", "audience").agg(n=rows.n.sum())).to_pylist():
            found[row["measure"], row["audience"]] = row["n"]
    released = flow.released(house)
    for key in released.blocks:
        for block in released.of_measure(key):
            found[block.measure, block.audience] += round(block.counts[0])
    return {key.partition("@")[0]: who for (key, who), _ in sorted(found.items(), key=lambda one: (one[1], one[0]))}


def _look(house: House, _: Told) -> Mapping[str, Any]:
    known = possible(audiences(house), {m.id: m.metric for m in house.ledger.measures.all()})
    found = units(house, whole(), Asked(), known)
    house.ledger.findings.keep(KIND, "", units_json(found))
    return {"why": found.why} if found.why else {"tested": len(found.lags), "standing": len(found.standing)}


NIGHTLY = Nightly("units", _look)
