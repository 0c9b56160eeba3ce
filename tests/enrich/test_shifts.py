"""Which topics moved: counted over rows before and after, added over batches, kept in the ledger, and never of protected people."""

import json
from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts.table import LIST
from gensvar.enrich.shifts import MOST_MOVES, NOWHERE, Shift, Shifts, counted, read_shifts, shifts, together, written

TOPICS = ("delivery", "delivery.late", "price", "returns", "returns.process")
SAID = st.frozensets(st.sampled_from(TOPICS))
ROWS = st.lists(st.tuples(st.sampled_from(("customer", "partner", "employee")), SAID, SAID, st.booleans()), max_size=30)
Row = tuple[str, frozenset[str], frozenset[str], bool]


def tables(rows: list[Row]) -> tuple[pa.Table, pa.Table]:
    """Rows as they were, and as they are read again: under other topics, and where that is said by another reader."""
    who = pa.array([r[0] for r in rows], pa.string())
    old, new = (pa.array([sorted(names) or None for names in of], LIST) for of in ([r[1] for r in rows], [r[2] for r in rows]))
    was = pa.array(["reader-1+topics-0+e5" if r[3] else "reader-2+topics-0+e5" for r in rows], pa.string())
    now = pa.array(["reader-2+topics-ab12+e5+examples"] * len(rows), pa.string())
    return pa.table({"audience": who, "topics": old, "enriched_by": was}), pa.table({"audience": who, "topics": new, "enriched_by": now})


@settings(deadline=None)
@given(rows=ROWS)
def test_counts_are_those_of_the_rows_one_by_one(rows: list[Row]) -> None:
    found = shifts(*tables(rows), left_out={"employee"})
    assert set(found) == {who for who, *_ in rows} - {"employee"}
    for who, mine in found.items():
        own = [r for r in rows if r[0] == who]
        assert (mine.texts, mine.moved, mine.anew) == (len(own), sum(r[1] != r[2] for r in own), sum(r[3] for r in own))
        for name in TOPICS:
            shift = mine.topics.get(name, Shift())
            assert shift.before == sum(name in r[1] for r in own)
            assert shift.now == sum(name in r[2] for r in own)
            assert shift.went == sum(name in r[1] - r[2] for r in own)


@settings(deadline=None)
@given(rows=ROWS, at=st.integers(0, 30))
def test_batches_add_up_in_any_order_and_the_ledger_keeps_them(rows: list[Row], at: int) -> None:
    one, other = (shifts(*tables(part), left_out=()) for part in (rows[:at], rows[at:]))
    whole = shifts(*tables(rows), left_out=())
    assert together(one, other) == together(other, one) == whole
    assert read_shifts(json.loads(json.dumps(written(whole)))) == whole


@settings(deadline=None)
@given(rows=ROWS)
def test_rows_that_are_read_alike_move_nothing(rows: list[Row]) -> None:
    for mine in shifts(*tables([(who, old, old, False) for who, old, _, _ in rows]), left_out=()).values():
        assert (mine.moved, mine.anew, mine.moves) == (0, 0, {})
        assert all(not s.moved and s.before == s.now for s in mine.topics.values())


def test_a_text_goes_from_parts_to_parts_and_from_wholes_to_wholes_and_else_to_what_it_got() -> None:
    def moves(old: set[str], new: set[str]) -> dict[tuple[str, str], int]:
        return dict(counted({(frozenset(old), frozenset(new), False): 1}).moves)

    assert moves({"delivery", "delivery.late"}, {"returns", "returns.process"}) == {
        ("delivery", "returns"): 1,
        ("delivery.late", "returns.process"): 1,
    }
    assert moves({"delivery.late"}, {"returns"}) == {("delivery.late", "returns"): 1}
    assert moves({"delivery", "price"}, {"price"}) == {("delivery", NOWHERE): 1}
    assert moves({"price"}, {"price", "returns"}) == {}, "what only came in went out of nothing"


def test_the_ledger_keeps_the_largest_moves_of_a_reading() -> None:
    many = Shifts(moves=Counter({(f"own_{n}", NOWHERE): n + 1 for n in range(MOST_MOVES + 7)}))
    kept = Shifts.of(many.as_json()).moves
    assert len(kept) == MOST_MOVES
    assert min(kept.values()) == 8
