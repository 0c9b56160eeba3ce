"""What the engine counts of drivers is what a person would count response by response, the same whole numbers on every engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest

from gensvar.contracts import FEEDBACK
from gensvar.engine import Engine
from gensvar.explain.drivers import BLOCKS, Counted, Driver, Event, Rated, Study, counted, moments, whole
from gensvar.explain.drivers.counted import MOST_PAIRED, block_of, pairwise
from gensvar.kit.ids import record_key, row_ids
from gensvar.stats.moments import Moments
from tests.explain.drivers.responses import DAY, DRIVERS, OVERALL, PARTS, STUDY, Given, Happened, drawn, events, feedback, person

KEYS = (OVERALL.key, *(m.key for m in PARTS))


def counts(engine: Engine, study: Study) -> Mapping[str | None, Counted]:
    return counted(engine.run(moments(engine.table("feedback"), engine.table("events"), study)), len(study.drivers))


def rows_of(given: Sequence[Given]) -> list[tuple[list[float | None], str]]:
    """Steps from the low end, drivers first and the outcome last, with the last two figures of who it was; off the scale is missing."""
    found = []
    for one in given:
        values = [one.scores.get(k) for k in (*KEYS[1:], KEYS[0])]
        steps = [None if v is None or not 1 <= v <= 5 else v - 1 for v in values]
        who = person(one.who)
        found.append((steps, who.hex()[-2:] if who else ""))
    return found


def by_hand(given: Sequence[Given]) -> Moments:
    rows = [(steps, who) for steps, who in rows_of(given) if None not in steps]
    return Moments.of(np.array([steps for steps, _ in rows], np.int64), np.array([block_of(who) for _, who in rows]), BLOCKS)


def same(one: Moments, other: Moments) -> bool:
    return all((getattr(one, name) == getattr(other, name)).all() for name in ("n", "total", "products"))


def gaps(given: list[Given]) -> list[Given]:
    """Some skip a question, some give a score that is off the scale, one says 0 for “does not apply”."""
    given[3] = replace(given[3], scores={**given[3].scores, KEYS[1]: None})
    given[5] = replace(given[5], scores={**given[5].scores, KEYS[2]: 0.0})
    given[7] = replace(given[7], scores={**given[7].scores, KEYS[0]: 9.0})
    given[9] = replace(given[9], scores={k: v for k, v in given[9].scores.items() if k != KEYS[3]})
    return given


def test_every_engine_counts_as_by_hand(engine: Engine) -> None:
    """Parts, blocks, what is missing, who is left out, what was before: the same integers, to the last one."""
    some = gaps(drawn(1, 60)) + drawn(2, 40, market="NO", start=30)
    hidden = [replace(g, audience="employee") for g in drawn(3, 10, start=500)]
    early = [replace(g, at=DAY - timedelta(days=400)) for g in drawn(4, 10, start=600)]
    engine.merge("feedback", feedback([*some, *hidden, *early]))
    study = replace(STUDY, by="market", left_out=("employee",), first=date(2026, 1, 1))
    parts = counts(engine, study)
    for market in ("SE", "NO"):
        mine = [g for g in some if g.market == market]
        assert same(parts[market].complete, by_hand(mine))
        rows = [steps for steps, _ in rows_of(mine) if steps[-1] is not None]
        assert parts[market].responses == len(rows)
        assert parts[market].answered == tuple(sum(r[i] is not None for r in rows) for i in range(3))
    together = whole(parts)
    assert together is not None
    assert same(together.complete, by_hand(some))


def test_what_is_said_and_done_on_every_engine(engine: Engine) -> None:
    """A topic's tone, an event's count in the days before, a value of a dimension, and an outcome that happens after."""
    scores = dict.fromkeys(KEYS, 3.0)
    given = [
        Given(1, scores, {"delivery": -0.8, "price": 0.5}), Given(2, scores, {"delivery": 0.1}), Given(3, scores, None, market="NO"),
        Given(None, scores, {}), Given(4, scores, {"price": -0.3, "price.fees": 0.9}, account=7),
    ]  # fmt: skip
    happened = [
        Happened("login", DAY - timedelta(days=3), who=1), Happened("login", DAY - timedelta(days=200), who=1),
        Happened("login", DAY + timedelta(hours=1), who=2),
        Happened("pay", DAY - timedelta(days=1), who=2, step="confirm"), Happened("login", DAY - timedelta(days=5), account=7),
        Happened("login", DAY - timedelta(days=5), who=4), Happened("churn", DAY + timedelta(days=30), account=7),
        Happened("churn", DAY + timedelta(days=300), who=2), Happened("churn", DAY - timedelta(days=3), who=1),
    ]  # fmt: skip
    engine.merge("feedback", feedback(given))
    engine.merge("events", events(happened))
    named = (
        Driver("topic", "delivery"), Driver("topic", "price"), Driver("behaviour", "login"), Driver("behaviour", "pay.confirm"),
        Driver("dimension", "market=NO"),
    )  # fmt: skip
    assert sums(counts(engine, replace(STUDY, drivers=named[:2]))) == (4, [0 + 1 + 1 + 1, 2 + 1 + 1 + 0], (4, 4))
    assert sums(counts(engine, replace(STUDY, drivers=named[2:]))) == (4, [1 + 0 + 0 + 1, 0 + 1 + 0 + 0, 0 + 0 + 1 + 0], (4, 4, 5))
    left = Study(Event("churn", 90, date(2027, 6, 1)), DRIVERS[:2])
    (found,) = counts(engine, left).values()
    assert (found.responses, int(found.complete.total[:, -1].sum())) == (4, 1)
    too_early = replace(left, outcome=Event("churn", 90, date(2026, 10, 1)))
    assert counts(engine, too_early) == {}


def test_a_topic_spoken_of_twice_has_its_mean_tone(duck: Engine) -> None:
    """Twice mildly ill is mildly ill: the sum of the two would lie beyond the border."""
    rows = feedback([Given(1, dict.fromkeys(KEYS, 3.0), {"delivery": -0.15}), Given(2, dict.fromkeys(KEYS, 3.0), {"delivery": -0.3})]).to_pylist()
    first = next(r for r in rows if r["item"] == "text")
    (other,) = row_ids([record_key("survey", "0")], ["comment"], [round(DAY.timestamp() * 1000)])
    duck.merge("feedback", pa.Table.from_pylist([*rows, {**first, "id": other, "item": "comment"}], schema=FEEDBACK.schema))
    assert sums(counts(duck, replace(STUDY, drivers=(Driver("topic", "delivery"),)))) == (2, [1 + 0], (2,))


def sums(parts: Mapping[str | None, Counted]) -> tuple[int, list[int], tuple[int, ...]]:
    """Complete responses, the sum of each driver among them, and how many have each."""
    (one,) = parts.values()
    return one.complete.count, one.complete.total.sum(axis=0)[:-1].tolist(), one.answered


def test_the_order_of_rows_and_a_second_score_change_nothing(duck: Engine) -> None:
    given = gaps(drawn(5, 50))
    duck.merge("feedback", feedback(given).take(np.random.default_rng(1).permutation(feedback(given).num_rows)))
    (found,) = counts(duck, STUDY).values()
    assert same(found.complete, by_hand(given))


def test_pairs_are_counted_of_all_that_have_both(duck: Engine) -> None:
    given = gaps(drawn(6, 80))
    duck.merge("feedback", feedback(given))
    (found,) = counts(duck, STUDY).values()
    rows = np.array([[np.nan if v is None else v for v in steps] for steps, _ in rows_of(given) if steps[-1] is not None])
    assert found.missing is not None
    matrix, n = pairwise(found.missing)
    for i in range(4):
        for j in range(4):
            both = rows[~np.isnan(rows[:, i]) & ~np.isnan(rows[:, j])]
            assert n[i, j] == len(both)
            assert matrix[i, j] == pytest.approx(np.corrcoef(both[:, i], both[:, j])[0, 1])


def test_many_drivers_are_counted_without_patterns(duck: Engine) -> None:
    """Beyond twelve the combinations of what is missing are too many to be kept apart; complete rows and how many have each stay."""
    given = gaps(drawn(7, 50))
    duck.merge("feedback", feedback(given))
    first = replace(STUDY, drivers=(*DRIVERS, *(Driver("dimension", f"market={i}") for i in range(MOST_PAIRED - 2))))
    (found,), (few,) = counts(duck, first).values(), counts(duck, STUDY).values()
    assert found.missing is None
    assert found.answered[:3] == few.answered
    assert (found.complete.columns([0, 1, 2, len(first.drivers)]).products == few.complete.products).all()


def test_wide_scales_stay_exact(duck: Engine) -> None:
    """Products of a scale of 100,001 points need 64 bits."""
    far = Rated("scale.far@1", 0, 100_000, 1)
    given = [Given(i, {far.key: 99_990.0 + i, OVERALL.key: 4.0, KEYS[1]: 2.0}) for i in range(9)]
    duck.merge("feedback", feedback(given))
    (found,) = counts(duck, replace(STUDY, drivers=(Driver("rating", far.key, far), DRIVERS[0]))).values()
    assert int(found.complete.products[:, 0, 0].sum()) == sum((99_990 + i) ** 2 for i in range(9))


def test_one_study_is_one_statement(duck: Engine) -> None:
    """The same study gives the same expression, so that the engine compiles it once."""
    tables: Callable[[str], ibis.Table] = duck.table
    assert moments(tables("feedback"), tables("events"), STUDY) is moments(tables("feedback"), tables("events"), replace(STUDY))


@pytest.mark.parametrize("where", [("NO",), ("NO", ""), ("",)])
def test_filters_are_of_the_response(duck: Engine, where: tuple[str, ...]) -> None:
    given = drawn(8, 30) + drawn(9, 30, market="NO", start=100) + [replace(g, market=None) for g in drawn(10, 12, start=200)]
    duck.merge("feedback", feedback(given))
    (found,) = counts(duck, replace(STUDY, where=(("market", where),))).values()
    assert same(found.complete, by_hand([g for g in given if (g.market or "") in where]))


def test_nothing_gives_no_part(duck: Engine) -> None:
    assert whole(counts(duck, STUDY)) is None
