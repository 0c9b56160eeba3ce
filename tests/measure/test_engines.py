"""The same counts and the same answers on every engine, from the cubes and straight from `feedback`."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest

from gensvar.contracts import CUBES, FEEDBACK
from gensvar.engine import Engine
from gensvar.kit.ids import record_key, row_ids
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Against, Answer, Period, Question, ask, ask_many, count
from tests.measure.hub import ALL, CSAT, CSAT2, ENPS, NPS, WIDE, Hub, answers

NOW, BEFORE = date(2026, 10, 5), date(2026, 9, 7)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "2026-10")
ROWS = [
    *answers(CSAT, [5.0] * 60 + [2.0] * 40, NOW, market="NO"), *answers(CSAT, [5.0] * 90 + [2.0] * 10, BEFORE, market="NO"),
    *answers(CSAT, [4.0] * 50 + [3.0] * 20, NOW, market=None), *answers(CSAT2, [7.0] * 40, NOW, unit="A"),
    *answers(NPS, [10.0] * 40 + [2.0] * 60, NOW, channel="app"), *answers(WIDE, [0.0, 33.0, 50.5, 100.0] * 10, NOW),
    *answers(ENPS, [10.0] * 4, NOW, audience="employee", unit="B"), *answers(NPS, [None] * 7, NOW),
]  # fmt: skip
QUESTIONS = (
    Question("csat.delivery", by=("market",), period=OCTOBER, grain="week", compare=Against("previous")),
    Question("csat.delivery", by=("market",), where={"language": ("sv",)}, grain="quarter"),
    Question("csat.delivery@1", by=("market",), compare=Against("group", group={"market": ("",)})),
    Question("nps", where={"channel": ("app", "")}),
    Question("scale.mood", grain="month"),
    Question("enps", by=("unit",)),
)


def stored(row: dict[str, Any], at: int) -> dict[str, Any]:
    """A row as the hub keeps it."""
    moment = round(row["occurred_at"].timestamp() * 1000)
    return {
        **row,
        "id": row_ids([record_key("survey", str(at))], ["score"], [moment])[0],
        "record": str(at), "item": "score", "received_at": row["occurred_at"],
        "contract": "survey@1",
    }  # fmt: skip


def filled(engine: Engine) -> Engine:
    rows = [stored(row, at) for at, row in enumerate(ROWS)]
    engine.merge("feedback", pa.Table.from_pylist([{c.name: r.get(c.name) for c in FEEDBACK.columns} for r in rows], schema=FEEDBACK.schema))
    for cube in CUBES:
        engine.replace_days(cube.name, count(engine.table("feedback"), cube, ALL), None)
    engine.bump()
    return engine


def asked(question: Question, source: Any, scope: Scope) -> Answer:
    return ask(question, source, ALL, scope, date(2026, 11, 21))


@pytest.fixture(scope="module")
def plain() -> Hub:
    return Hub(ROWS)


def test_every_engine_answers_alike(engine: Engine, plain: Hub) -> None:
    hub = filled(engine)
    swedish = Scope(rows={"market": frozenset({"SE", "NO"}), "audience": frozenset({"customer"})})
    for scope in (whole(), swedish):
        for question in QUESTIONS:
            here, there = asked(question, hub, scope), asked(question, plain, scope)
            assert here.groups == there.groups
            assert (here.sentence, here.source, here.notes) == (there.sentence, there.source, there.notes)
    assert here.epoch == hub.epoch()


def test_many_at_once_are_answered_as_one_by_one(engine: Engine) -> None:
    """The law of `ask_many`: it saves queries, and changes nothing else, whatever is asked together."""
    hub = filled(engine)
    swedish = Scope(rows={"market": frozenset({"SE", "NO"}), "audience": frozenset({"customer"})})
    alike = [
        replace(q, measure=name)
        for q in (QUESTIONS[0], Question("nps", where={"language": ("sv",)}, grain="month"))
        for name in ("nps", "csat.delivery", "enps", "csat.delivery@1")
    ]
    for scope in (whole(), swedish):
        together = [*QUESTIONS, *alike]
        many = ask_many(together, hub, ALL, scope, date(2026, 11, 21))
        assert list(many) == [asked(question, hub, scope) for question in together]
    assert ask_many([], hub, ALL, whole(), date(2026, 11, 21)) == ()


def test_questions_that_differ_in_the_measure_alone_cost_one_query(plain: Hub) -> None:
    counting = Counting(plain)
    alike = [replace(QUESTIONS[0], measure=name) for name in ("nps", "csat.delivery", "enps")]
    ask_many(alike, counting, ALL, whole(), date(2026, 11, 21))
    assert counting.queries == 1


@dataclass
class Counting:
    """A source of answers that counts what it is asked for."""

    hub: Hub
    queries: int = 0

    def cubes(self) -> "Counting":
        return self

    def table(self, name: str) -> ibis.Table:
        return self.hub.table(name)

    def epoch(self) -> int:
        return self.hub.epoch()

    def run(self, expr: ibis.Expr) -> pa.Table:
        self.queries += 1
        return self.hub.run(expr)
