"""Employees and customers over a house: two questions, each answered as anybody may have it answered, and what moves together."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gensvar import flow
from gensvar.contracts import DIMENSIONS
from gensvar.contracts.tone import TONE
from gensvar.explain.units import Series, Units, judged, units_json
from gensvar.explaining.nightly import Nightly, Told
from gensvar.house import House
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Answer, Question, ask_many
from gensvar.measure.answer import Estimate
from gensvar.measure.plan import smallest_cube

KIND: Final = "units"
CUTS: Final = ("unit", "market", "segment", "product", "channel", "touchpoint", "journey")
MOST_MEASURES: Final = 6
Asker = Callable[[Sequence[Question]], tuple[Answer, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """employees, customers: measures, as enps.pulse; empty for those that share most units with the first of
    employees. dimension: what a unit is; empty for the one of which both name most."""

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


def units(asked: Asked, known: Possible, ask: Asker) -> Units:
    """What moves together, from nothing but answers. ask: answers questions within what the reader may see; employees from released blocks."""
    asked = asked.checked()
    employees, customers = _named(asked.employees, known.employees)[:1], _named(asked.customers, known.customers)[:MOST_MEASURES]
    cuts = (asked.dimension,) if asked.dimension else CUTS
    if not employees or not customers:
        why = "no_customers" if employees else "no_employees"
        return Units(cuts[0], next(iter(employees), ""), next(iter(customers), ""), (), (), why=why)
    questions = [Question(name, by=(cut,), grain="month") for cut in cuts for name in (*employees, *customers)]
    told = {(q.by[0], q.measure): series(answer) for q, answer in zip(questions, ask(questions), strict=True)}
    pairs = [(cut, name) for cut in cuts for name in customers]
    cut, name = max(pairs, key=lambda one: (_shared(told[one[0], employees[0]], told[one]), -pairs.index(one)))
    return judged(Units(cut, employees[0], name, (), ()), told[cut, employees[0]], told[cut, name])


def _named(asked: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The measure that was asked for, else all of them; BadInput names the nearest."""
    name = asked.partition("@")[0]
    if name and name not in known:
        raise BadInput(f"No measure {asked!r} of theirs", nearest=nearest(name, known), do=f"There are: {', '.join(known) or 'none'}.")
    return (name,) if name else known


def _shared(employees: Series, customers: Series) -> int:
    """How many units of both could tell something; several are better than many months."""
    return sum(min(len(employees[name]), len(customers[name])) > 1 for name in set(employees) & set(customers))


def series(answer: Answer) -> Series:
    """unit → month → number, of the version that most months have: no line is drawn through two definitions."""
    versions = Counter(g.measure.version for g in answer.groups for p in g.trend if isinstance(p.verdict, Estimate))
    version = max(versions, key=lambda v: (versions[v], v), default=0)
    return dict(_of_version(answer, version))


def _of_version(answer: Answer, version: int) -> Iterable[tuple[str, Mapping[Any, float]]]:
    for g in answer.groups:
        name = next(iter(g.key.values()), None)
        months = {p.start: p.verdict.value for p in g.trend if isinstance(p.verdict, Estimate)}
        if g.measure.version == version and name and months:
            yield name, months


def asker(house: House, scope: Scope) -> Asker:
    """Answers questions of this house within a scope."""
    measures = house.ledger.measures.all()
    return lambda questions: ask_many(questions, house.engine, measures, scope, house.today(), "en", flow.released(house))


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
    found = units(Asked(), known, asker(house, whole()))
    house.ledger.findings.keep(KIND, "", units_json(found))
    return {"why": found.why} if found.why else {"tested": len(found.lags), "standing": len(found.standing)}


NIGHTLY = Nightly("units", _look)
