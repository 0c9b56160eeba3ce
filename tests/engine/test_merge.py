"""merge and delete: rows by id, counted, the last wins, a repeat changes nothing."""

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.engine import Engine, Merged
from gensvar.kit.errors import BadInput, NotFound
from tests.engine.rows import START, Row, happened, ident, said, table


def scores(engine: Engine) -> dict[str, float | None]:
    t = engine.table("feedback")
    return {r["record"]: r["score"] for r in engine.run(t.select("record", "score")).to_pylist()}


def test_new_rows_go_in_changed_ones_are_replaced_and_equal_ones_stay(engine: Engine) -> None:
    assert engine.merge("feedback", table("feedback", [said(1), said(2)])) == Merged(2, 0, 0)
    assert engine.merge("feedback", table("feedback", [said(1), said(2, score=1.0), said(3)])) == Merged(1, 1, 1)
    assert scores(engine) == {"r1": 4.0, "r2": 1.0, "r3": 4.0}


def test_the_last_of_several_rows_with_one_id_wins(engine: Engine) -> None:
    rows = table("feedback", [said(1, score=1.0), said(2), said(1, score=2.0), said(1, score=3.0)])
    assert engine.merge("feedback", rows) == Merged(2, 0, 2)
    assert scores(engine) == {"r1": 3.0, "r2": 4.0}


@pytest.mark.parametrize("column", ["received_at", "contract"])
def test_a_change_of_a_quiet_column_alone_is_no_change(engine: Engine, column: str) -> None:
    engine.merge("feedback", table("feedback", [said(1)]))
    later = {"received_at": START.replace(year=2027), "contract": "helpdesk@2"}
    assert engine.merge("feedback", table("feedback", [said(1, **{column: later[column]})])) == Merged(0, 0, 1)


def test_quiet_columns_come_along_when_another_changes(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1)]))
    engine.merge("feedback", table("feedback", [said(1, score=2.0, contract="helpdesk@2")]))
    assert engine.run(engine.table("feedback").contract).column(0).to_pylist() == ["helpdesk@2"]


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        ("score", None, 1.0),
        ("score", 1.0, None),
        ("text", "bra", "bra!"),
        ("attrs", {"plan": "a"}, {"plan": "b"}),
        ("attrs", {}, None),
        ("attrs", None, {"plan": "a"}),
        ("topics", ["price"], ["price", "delivery"]),
        ("topics", None, []),
        ("party", None, ident(7)),
        ("occurred_at", START, START.replace(microsecond=1)),
    ],
)
def test_a_change_of_any_kind_of_column_is_seen(engine: Engine, column: str, before: object, after: object) -> None:
    first, second = (table("feedback", [said(1, **{column: v})]) for v in (before, after))
    assert engine.merge("feedback", first).inserted == 1
    assert engine.merge("feedback", first) == Merged(0, 0, 1)
    assert engine.merge("feedback", second) == Merged(0, 1, 0)
    assert engine.merge("feedback", second) == Merged(0, 0, 1)


def test_a_batch_of_new_rows_and_late_ones_is_merged_as_a_whole(engine: Engine) -> None:
    late = [said(n, days=-100.0 * n) for n in range(1, 7)]
    engine.merge("feedback", table("feedback", late[:3]))
    batch = [*(said(n, days=n / 1000) for n in range(100, 160)), *(dict(r, score=2.0) for r in late)]
    assert engine.merge("feedback", table("feedback", batch)) == Merged(63, 3, 0)
    assert len(scores(engine)) == 66


def test_no_rows_change_nothing(engine: Engine) -> None:
    assert engine.merge("feedback", table("feedback", [])) == Merged(0, 0, 0)
    assert engine.delete("feedback", []) == 0


def test_every_table_with_ids_takes_rows(engine: Engine) -> None:
    assert engine.merge("events", table("events", [happened(1, attrs={"a": "b"}), happened(2)])) == Merged(2, 0, 0)
    assert engine.merge("events", table("events", [happened(1, attrs={"a": "c"}), happened(2)])) == Merged(0, 1, 1)


def test_columns_may_be_left_out_and_come_in_any_order(engine: Engine) -> None:
    rows = table("feedback", [said(1)]).select(["record", "id", "source", "item", "occurred_at", "received_at", "audience", "kind", "contract"])
    assert engine.merge("feedback", rows) == Merged(1, 0, 0)
    assert engine.run(engine.table("feedback").select("record", "score")).to_pylist() == [{"record": "r1", "score": None}]


def test_what_run_gave_can_be_merged_again(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1, attrs={"a": "b"}, topics=["x"], party=ident(5)), said(2)]))
    assert engine.merge("feedback", engine.run(engine.table("feedback"))) == Merged(0, 0, 2)


def test_rows_that_do_not_fit_are_refused_with_every_fault(engine: Engine) -> None:
    rows = table("feedback", [said(1), said(2, source=None)]).append_column("scroe", pa.array([1, 2]))
    with pytest.raises(BadInput) as refused:
        engine.merge("feedback", rows)
    assert refused.value.faults == ("no column 'scroe' in feedback", "source must not be empty, but is in 1 rows")
    assert scores(engine) == {}


def test_an_unknown_table_is_named_with_the_nearest(engine: Engine) -> None:
    with pytest.raises(NotFound) as missing:
        engine.merge("feedbak", table("feedback", []))
    assert missing.value.nearest == "feedback"


def test_delete_counts_what_was_there(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(n, days=n) for n in range(5)]))
    assert engine.delete("feedback", [ident(1, 1), ident(3, 3), ident(3, 3), ident(9, 9)]) == 2
    assert sorted(scores(engine)) == ["r0", "r2", "r4"]
    assert engine.delete("feedback", [ident(1, 1)]) == 0


def test_what_was_merged_is_there_after_a_new_start(opened: Callable[[], Engine]) -> None:
    first = opened()
    first.merge("feedback", table("feedback", [said(1), said(2)]))
    first.delete("feedback", [ident(1)])
    first.close()
    assert scores(opened()) == {"r2": 4.0}


ROWS = st.lists(st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 3))), max_size=25)


def row(n: int, score: int | None) -> Row:
    """Rows 0…12, spread over two years and then crowded on one day."""
    return said(n, days=n * 90.0 if n < 8 else 720.0, score=None if score is None else float(score))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(ROWS, min_size=1, max_size=3), gone=st.sets(st.integers(0, 12), max_size=4))
def test_any_batches_leave_what_a_dictionary_would(engine: Engine, batches: list[list[tuple[int, int | None]]], gone: set[int]) -> None:
    engine.delete("feedback", [row(n, 0)["id"] for n in range(13)])  # type: ignore[misc]
    held: dict[int, int | None] = {}
    for batch in batches:
        news = dict(batch)
        expected = Merged(
            inserted=len(news.keys() - held.keys()),
            updated=sum(n in held and held[n] != s for n, s in news.items()),
            unchanged=len(batch) - len(news) + sum(n in held and held[n] == s for n, s in news.items()),
        )
        assert engine.merge("feedback", table("feedback", [row(n, s) for n, s in batch])) == expected
        held |= news
    assert engine.delete("feedback", [row(n, 0)["id"] for n in gone]) == len(gone & held.keys())  # type: ignore[misc]
    assert scores(engine) == {f"r{n}": s for n, s in held.items() if n not in gone}
