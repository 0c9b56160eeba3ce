"""How one month is parted: by unit, then market; what is too small is pooled, and the smallest of the rest joins it."""

from gensvar.measure.anonymous import Answers, Block, blocks_of, least_writers, partition
from tests.laws.staff import MONTHS, MOOD, Said, table

AUGUST = MONTHS[0]


def said(units: dict[str | None, int], market: str | None = "SE", score: float | None = None) -> list[Said]:
    """So many people of each unit, with scores that differ unless one is given."""
    each = [unit for unit, count in units.items() for _ in range(count)]
    return [Said(p, unit, market, AUGUST, float(p % 11) if score is None else score) for p, unit in enumerate(each)]


def made(rows: list[Said], least: int = 5) -> list[Block]:
    answers = Answers.of(table(list(enumerate(rows))))
    return blocks_of(answers, partition(answers, least), "employee", MOOD.key, AUGUST, least)


def units_of(blocks: list[Block]) -> list[tuple[tuple[str | None, ...], bool, int]]:
    return sorted(((b.dims["unit"], "unit" in b.others, b.persons) for b in blocks), key=str)


def test_units_that_are_large_enough_stand_alone() -> None:
    assert units_of(made(said({"A": 9, "B": 5}))) == [(("A",), False, 9), (("B",), False, 5)]


def test_small_ones_are_pooled_and_not_named() -> None:
    assert units_of(made(said({"A": 9, "C": 3, "D": 2}))) == [(("A",), False, 9), ((), True, 5)]


def test_the_smallest_of_the_good_joins_a_pool_that_is_too_small() -> None:
    """Else the small one would be the whole less all others: complementary suppression."""
    assert units_of(made(said({"A": 9, "B": 6, "C": 2}))) == [(("A",), False, 9), (("B",), True, 8)]


def test_where_nothing_can_stand_alone_nothing_is_parted() -> None:
    assert units_of(made(said({"A": 6, "C": 4}))) == [(("A",), True, 10)]
    assert units_of(made(said({"C": 2, "D": 3, None: 2}))) == [((), True, 7)]


def test_too_few_make_no_block_at_all() -> None:
    assert made(said({"A": 4})) == []
    assert made([]) == []
    assert made(said({"A": 9}), least=10) == []


def test_who_all_said_the_same_are_not_shown_by_themselves() -> None:
    assert made(said({"A": 9}, score=10.0)) == []
    alike = [*said({"A": 6}, score=10.0), *(Said(100 + p, "B", "SE", AUGUST, float(p)) for p in range(7))]
    assert units_of(made(alike)) == [(("A", "B"), False, 13)]


def test_one_person_is_one_person_however_often_she_answers() -> None:
    often = [Said(1, "A", "SE", AUGUST, float(p % 11)) for p in range(50)]
    assert made(often) == []
    assert [(b.persons, b.counts[0]) for b in made([*often, *(Said(2 + p, "A", "SE", AUGUST, 3.0) for p in range(4))])] == [(5, 54.0)]


def test_within_a_unit_markets_are_parted_next() -> None:
    rows = [
        *said({"A": 6}, "SE"),
        *(Said(50 + p, "A", "NO", AUGUST, float(p)) for p in range(6)),
        *(Said(80 + p, "A", "DK", AUGUST, float(p)) for p in range(2)),
    ]
    found = sorted((b.dims["market"], "market" in b.others, b.persons) for b in made(rows))
    assert found in ([(("NO",), False, 6), (("SE",), True, 8)], [(("NO",), True, 8), (("SE",), False, 6)])


def test_a_missing_value_is_a_value_like_another() -> None:
    assert units_of(made(said({None: 6, "A": 7}))) == [(("A",), False, 7), ((None,), False, 6)]


def test_a_block_is_written_and_read_back() -> None:
    for block in made(said({"A": 9, "C": 3, None: 2})):
        assert Block.of("employee", MOOD.key, AUGUST, block.as_json()) == block
        assert block.only("audience") == ("employee",)
        assert block.only("nowhere") == ()


def test_counts_are_sums_of_the_rows() -> None:
    (block,) = made([Said(p, "A", "SE", AUGUST, s) for p, s in enumerate([0.0, 2.0, 2.0, 10.0, 7.0])])
    assert block.counts == (5.0, 21.0, 157.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0)


def test_texts_need_ten_writers_and_carry_no_score() -> None:
    assert (least_writers(5), least_writers(12)) == (10, 12)
    rows = Answers.of(table(list(enumerate(said({"A": 12}, score=4.0)))), text=True)
    (block,) = blocks_of(rows, partition(rows, 10), "employee", "", AUGUST, 10)
    assert block.counts == (12.0, *([0.0] * 13)), "what was written does not tell what was scored"
