"""Errands and their counts, made in the engine, are those that walking row by row makes; on every engine the same whole numbers."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from gensvar.contracts.measures import Measure
from gensvar.engine import Engine
from gensvar.explain.journeys import Journey
from gensvar.explain.journeys.counts import counted, made, strays
from gensvar.explain.journeys.errands import errands
from gensvar.explain.journeys.infer import FATES, path_steps
from gensvar.explain.journeys.rows import Span, voiced
from tests.explain.journeys.messy import BUY, NOW, SPAN, START, Log, Walked, beside, messy, walked


def counts(engine: Engine, journey: Journey = BUY, measures: tuple[Measure, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of counts, by what they count."""
    events, voices = engine.table("events"), voiced(engine.table("feedback"), ["employee"], measures)
    rows = engine.run(counted(errands(made(events, voices, journey, SPAN), journey, SPAN), journey)).to_pylist()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["what"]].append(row)
    return found


def numbers(row: dict[str, Any], count: int) -> list[int]:
    return [row[f"n{i}"] for i in range(count)]


def check(found: dict[str, list[dict[str, Any]]], expected: list[Walked]) -> None:
    """Every count beside the errands that were walked."""
    fates = {(r["i"], FATES[r["j"]], r["b"]): r["n0"] for r in found["fate"]}
    assert fates == Counter((e.far, e.fate, 2 * e.stopped + e.contacted) for e in expected)
    assert sum(r["n1"] for r in found["fate"]) == sum(e.paused for e in expected)
    assert sum(r["n4"] for r in found["fate"]) == sum(len(e.rows) for e in expected)
    assert numbers(found["had"][0], 4) == [sum(any(c == i for _, c in e.rows) for e in expected) for i in range(1, 5)]
    assert numbers(found["twice"][0], 4) == [sum(sum(c == i for _, c in e.rows) > 1 for e in expected) for i in range(1, 5)]
    assert numbers(found["ordered"][0], 4) == [sum(e.in_order >= i for e in expected) for i in range(1, 5)]
    paths = {path_steps(r["b"], BUY): r["n0"] for r in found["path"]}
    walked_paths = Counter(e.path for e in expected)
    assert all(walked_paths[p] == n for p, n in paths.items())
    assert sum(paths.values()) == sum(sorted(walked_paths.values(), reverse=True)[: len(paths)])
    by_party: dict[bytes, list[Walked]] = defaultdict(list)
    for e in expected:
        if e.fate != "unknown":
            by_party[e.who].append(e)
    for i in range(1, 5):
        pairs = [(sum(e.far >= i for e in es), sum(e.far > i or (e.far == i and e.done) for e in es)) for es in by_party.values()]
        told = [found["moments"][0][f"n{5 * i + m}"] for m in range(5)]
        assert found["parties"][0][f"n{8 + i}"] == sum(len(es) * sum(e.far >= i for e in es) for es in by_party.values())
        x, y = np.array(pairs).T
        assert told == [x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum()]
    lost = [len({e.who for e in expected if e.fate in {"support", "channel", "left"} and e.far == i}) for i in range(1, 5)]
    assert numbers(found["parties"][0], 9)[5:] == lost
    assert found["parties"][0]["n0"] == len({e.who for e in expected})


def test_every_engine_walks_as_python_does(engine: Engine) -> None:
    log = messy(1)
    log.into(engine)
    check(counts(engine), walked(log))


def test_whatever_the_mess_and_whatever_becomes_of_an_errand(duck: Engine) -> None:
    log = beside(*(messy(seed, people=6 + seed) for seed in range(2, 5)), lived(LIVES))
    log.into(duck)
    check(counts(duck), walked(log))


def test_a_day_that_is_not_over_ends_now() -> None:
    """An errand of an hour ago with a window of two is not over because midnight will come."""
    at = datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert Span.days(at.date(), 30, at) == Span(datetime(2026, 3, 3, tzinfo=UTC), at)
    assert Span.days(date(2026, 3, 31), 30, at) == Span.days(date(2026, 3, 31), 30) == Span(datetime(2026, 3, 2, tzinfo=UTC), NOW)


def test_what_is_left_out_is_counted(duck: Engine) -> None:
    """A clock never set, one ahead, and a row of nobody; a page view is no step."""
    log = messy(3)
    log.into(duck)
    (row,) = duck.run(strays(duck.table("events"), duck.table("feedback"), BUY, SPAN)).to_pylist()
    assert (row["nobody"], row["future"], row["ancient"]) == (
        1,
        1 + sum(r["occurred_at"] >= NOW for r in log.events if r["occurred_at"].year < 2030),
        1,
    )
    assert row["rows"] == sum(START <= r["occurred_at"] < NOW and r["name"] != "page_view" for r in log.events)
    doubles = row["rows"] - row["nobody"] - sum(len(e.rows) for e in walked(log))
    assert doubles > 0


BASKET, ADDRESS, PAY = (("checkout", s) for s in ("basket", "address", "pay"))
HOURS = (NOW - START).total_seconds() / 3600
Row = tuple[str, str | None, float]
LIVES: dict[str, tuple[tuple[Row, ...], tuple[float, ...], list[tuple[int, str]]]] = {
    "came back after two days and finished": (((*BASKET, 0), (*ADDRESS, 0.1), (*PAY, 50), ("paid", None, 50.1)), (), [(4, "returned")]),
    "was stopped, called, and finished next day": (
        ((*BASKET, 0), (*PAY, 0.1), ("refused", None, 0.2), (*BASKET, 20), (*PAY, 20.1), ("paid", None, 20.2)), (1.0,), [(4, "returned")],
    ),
    "was stopped and called": (((*BASKET, 0), (*PAY, 0.1), ("refused", None, 0.2)), (10.0,), [(3, "support")]),
    "called so late that it is another matter": (((*BASKET, 0), (*PAY, 0.1)), (30.0,), [(3, "left")]),
    "is not over": (((*BASKET, HOURS - 71),), (), [(1, "unknown")]),
    "has a late row after the end, and another errand an hour later": (
        ((*BASKET, 0), ("paid", None, 0.1), (*PAY, 0.1003), ("paid", None, 0.1006), (*BASKET, 1.1)), (), [(1, "left"), (4, "straight")],
    ),
    "has all at one moment": (((*BASKET, 5), (*PAY, 5), (*ADDRESS, 5), ("paid", None, 5)), (), [(4, "straight")]),
}  # fmt: skip


def test_what_becomes_of_an_errand() -> None:
    """As it is walked row by row, which the engines agree with."""
    for name, (rows, calls, expected) in LIVES.items():
        assert sorted((e.far, e.fate) for e in walked(lived({name: (rows, calls, expected)}))) == expected, name


def lived(lives: dict[str, tuple[tuple[Row, ...], tuple[float, ...], list[tuple[int, str]]]]) -> Log:
    log = Log()
    for who, (rows, calls, _) in enumerate(lives.values()):
        for name, step, hours in rows:
            log.event(who, START + timedelta(hours=hours), name, step)
        for hours in calls:
            log.said(who, START + timedelta(hours=hours))
    return log


def test_who_speaks_for_whom(duck: Engine) -> None:
    """The app knows a user, the telephone a customer number: the account joins them. Nothing of a protected audience is heard."""
    log, firms = Log(), [bytes([n]) * 16 for n in range(3)]
    for who, firm in enumerate(firms):
        log.event(who, START, "checkout", "basket", account=firm)
    log.said(None, START + timedelta(hours=1), account=firms[0])
    log.said(1, START + timedelta(hours=1), account=firms[1], audience="employee")
    log.into(duck)
    voices = voiced(duck.table("feedback"), ["employee"], ())
    fates = duck.run(errands(made(duck.table("events"), voices, BUY, SPAN), BUY, SPAN).select("fate"))["fate"].to_pylist()
    assert sorted(FATES[f] for f in fates) == ["left", "left", "support"]


def test_without_events_there_is_nothing(duck: Engine) -> None:
    found = counts(duck)
    assert found["fate"] == []
    assert found["parties"][0]["n0"] == 0
