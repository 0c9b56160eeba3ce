"""Protected people for the laws of anonymity: their answers as they arrive, what is released of them, and every question of a family about them.

In place of counts each block carries a vector with a 1 for each of its rows, so that the product's own placing adds up vectors: what an answer
tells is then a vector over the rows, and what can be computed from answers is their span.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pyarrow as pa

from gensvar.contracts import Measure, Measures
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Against, Period, Question
from gensvar.measure.anonymous import ORDER, Answers, Block, Released, blocks_of, partition, with_blocks
from gensvar.measure.fetch import Fetched
from gensvar.measure.histogram import bin_of
from gensvar.measure.resolve import Side, resolve

MOOD = Measure(id="mood", version=1, metric="scale", low=0, high=10)
KNOWN = Measures.of([MOOD])
MONTHS = (date(2026, 8, 1), date(2026, 9, 1))
AUGUST, SEPTEMBER = Period(MONTHS[0], date(2026, 8, 31)), Period(MONTHS[1], date(2026, 9, 30))
Vector = tuple[int, ...]


@dataclass(frozen=True)
class Said:
    """One answer: whose, of which unit and market, in which month."""

    person: int
    unit: str | None
    market: str | None
    month: date
    score: float


@dataclass
class Staff:
    """said: in the order of arrival. released: each batch's blocks with the places of their rows in `said`; grows, and never changes."""

    least: int = 5
    said: list[Said] = field(default_factory=list)
    released: list[tuple[Block, tuple[int, ...]]] = field(default_factory=list)

    def arrives(self, one: Said) -> None:
        self.said.append(one)

    def release(self) -> int:
        """What `flow.release` does, in memory; how many blocks are new. tests/flow holds the two against each other."""
        counted = {at for _, rows in self.released for at in rows}
        before = len(self.released)
        for month in sorted({s.month for s in self.said}):
            self.released.extend(self.blocks_of([at for at, s in enumerate(self.said) if s.month == month and at not in counted], month))
        return len(self.released) - before

    def blocks_of(self, places: Sequence[int], month: date) -> Iterator[tuple[Block, tuple[int, ...]]]:
        answers = Answers.of(table([(at, self.said[at]) for at in places]))
        parts = partition(answers, self.least)
        rows = [tuple(int.from_bytes(answers.ids[i], "big") for i in part) for part in parts]
        return zip(blocks_of(answers, parts, "employee", MOOD.key, month, self.least), rows, strict=True)

    def as_released(self) -> Released:
        return Released.of({"employee"}, [block for block, _ in self.released])

    def as_vectors(self, length: int) -> Released:
        """The same blocks, each counting which rows it is made of."""
        return Released.of({"employee"}, [replace(block, counts=indicator(rows, length)) for block, rows in self.released])


def table(said: Sequence[tuple[int, Said]]) -> pa.Table:
    """As the flow hands it over."""
    rows = [
        {
            "id": at.to_bytes(16, "big"), "party": str(s.person), "response": f"r{at}", "source": "pulse", "record": str(at), "score": s.score,
            "place": bin_of(s.score, MOOD), **dict.fromkeys(ORDER), "unit": s.unit, "market": s.market, "kind": "pulse",
        }
        for at, s in said
    ]  # fmt: skip
    names = ("id", "party", "response", "source", "record", "score", "place", *(d for d in ORDER if d != "source"))
    return pa.table({name: [row[name] for row in rows] for name in names})


def indicator(rows: Iterable[int], length: int) -> tuple[float, ...]:
    there = set(rows)
    return tuple(float(at in there) for at in range(length))


# ── every question of a family, as vectors ──


def family(units: Sequence[str | None], markets: Sequence[str | None]) -> list[Question]:
    """Filters of one or two values on up to two dimensions × every cut × periods, comparisons and trends."""
    wheres = [
        {name: chosen for name, chosen in (("unit", u), ("market", m)) if chosen}
        for u, m in product(some(units), some(markets))
    ]  # fmt: skip
    cuts: tuple[tuple[str, ...], ...] = ((), ("unit",), ("market",), ("unit", "market"))
    times: tuple[tuple[Period | None, Against | None], ...] = (
        (None, None), (SEPTEMBER, Against("previous")), (AUGUST, Against("period", SEPTEMBER)), (Period(MONTHS[0], date(2026, 9, 15)), None),
    )  # fmt: skip
    return [Question("mood", by, where, period, "month", compare) for where in wheres for by in cuts for period, compare in times]


def some(values: Sequence[str | None]) -> list[tuple[str, ...]]:
    named = [v or "" for v in values]
    return [(), *((v,) for v in named), *combinations(named, 2)]


@dataclass(frozen=True)
class Told:
    """One number of an answer: which group, side and step of a trend it is about, and the rows that it is a sum over."""

    spot: tuple[str | None, ...]
    side: Side
    step: date | None
    vector: Vector


def numbers(released: Released, question: Question, length: int, scope: Scope | None = None) -> Iterator[Told]:
    """Every number of the answer to one question, as the product places its blocks."""
    resolved = resolve(question, KNOWN, scope or whole())
    placed = with_blocks(Fetched(resolved.dims, (), np.zeros((0, length))), resolved, released)
    keys: dict[tuple[tuple[str | None, ...], bool, date | None], list[int]] = {}
    for at, row in enumerate(placed.rows):
        spot = tuple(row.values[placed.dims.index(name)] for name in question.by)
        for this in [side for side, there in ((True, row.this), (False, row.that)) if there]:
            for step in (None, row.step):
                keys.setdefault((spot, this, step), []).append(at)
    for (spot, this, step), places in keys.items():
        side = resolved.this if this or resolved.that is None else resolved.that
        yield Told(spot, side, step, tuple(int(v) for v in placed.counts[places].sum(axis=0)))


def told(released: Released, questions: Iterable[Question], length: int, scope: Scope | None = None) -> set[Vector]:
    """What every number of every answer is a sum over: a vector for each group, side and step."""
    return {one.vector for question in questions for one in numbers(released, question, length, scope)}


# ── linear algebra ──


def atoms(vectors: Iterable[Vector]) -> list[frozenset[int]]:
    """Rows that no vector tells apart, those in no vector left out. Whatever is computed from the vectors is constant on each of these."""
    columns: dict[Vector, set[int]] = {}
    for at, column in enumerate(zip(*vectors, strict=True)):
        if any(column):
            columns.setdefault(tuple(column), set()).add(at)
    return [frozenset(rows) for rows in columns.values()]


def reduced(vectors: Iterable[Vector]) -> list[list[Fraction]]:
    """The reduced row echelon form, exactly: a basis of all that can be computed."""
    rows = [[Fraction(v) for v in vector] for vector in sorted(vectors, reverse=True)]
    basis: list[list[Fraction]] = []
    for row in rows:
        for kept in basis:
            lead = next(i for i, v in enumerate(kept) if v)
            if row[lead]:
                row = [a - row[lead] * b for a, b in zip(row, kept, strict=True)]
        if any(row):
            lead = next(i for i, v in enumerate(row) if v)
            row = [v / row[lead] for v in row]
            basis = [[a - kept[lead] * b for a, b in zip(kept, row, strict=True)] if kept[lead] else kept for kept in basis]
            basis.append(row)
    return basis


def in_span(basis: Sequence[Sequence[Fraction]], wanted: Vector) -> bool:
    """Whether this vector can be computed from a reduced basis."""
    row = [Fraction(v) for v in wanted]
    for kept in basis:
        lead = next(i for i, v in enumerate(kept) if v)
        if row[lead]:
            row = [a - row[lead] * b for a, b in zip(row, kept, strict=True)]
    return not any(row)


def people(said: Sequence[Said], rows: Iterable[int]) -> set[int]:
    return {said[at].person for at in rows}
