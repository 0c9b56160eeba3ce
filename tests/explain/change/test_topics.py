"""What is spoken of: counted alike on every engine, no answer twice; the parts add up, and small topics fold into what they are part of."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pyarrow as pa
import pytest

from gensvar.contracts.measures import Measures
from gensvar.engine import Engine
from gensvar.explain.change import NO_TEXT, NO_TOPIC, OTHERS, CellPart, Said, Spoken, by_topic, spoken
from gensvar.explain.change.speaking import BARE, SILENT
from gensvar.kit.scope import whole
from gensvar.measure import Question
from gensvar.measure.question import Against
from gensvar.measure.resolve import resolve
from tests.explain.impact.answers import CSAT, Given, rows_of

NORWAY_AGAINST_SWEDEN = Question("csat.delivery", where={"market": ("NO",)}, compare=Against("group", group={"market": ("SE",)}))


def given(seed: int, n: int = 300) -> list[Given]:
    dice = Random(seed)

    def one() -> Given:
        said = {t: dice.choice((-0.8, -0.1, 0.6)) for t in ("delivery", "delivery.late", "price") if dice.random() < 0.3}
        score = dice.choice((1.0, 3.0, 4.0, 5.0, 9.0, None))
        return Given(None, score, None if dice.random() < 0.2 else said, dice.choice(("SE", "NO", "FI", None)))

    return [one() for _ in range(n)]


def sign(tone: float) -> str:
    return "-" if tone < -0.2 else "+" if tone > 0.2 else "0"


def test_the_engine_counts_as_a_person_would(engine: Engine) -> None:
    rows = given(1)
    engine.merge("feedback", rows_of(rows))
    table = engine.run(spoken(engine.table("feedback"), resolve(NORWAY_AGAINST_SWEDEN, Measures.of([CSAT]), whole()), CSAT))
    by_hand: Counter[tuple[bool, str]] = Counter()
    for one in rows:
        if one.market in {"NO", "SE"} and one.score is not None and one.score <= 5:
            terms = SILENT if one.said is None else "|".join(sorted(t + sign(v) for t, v in one.said.items())) or BARE
            by_hand[(one.market == "NO", terms)] += 1
    found: Counter[tuple[bool, str]] = Counter()
    for row in table.to_pylist():
        found[(bool(row["this"]), "|".join(sorted(row["said"].split("|"))))] += row["n"]
    assert found == by_hand


def counted(*lines: tuple[str, int, int, int, int]) -> Said:
    return Said.of(pa.Table.from_pylist(rows_for(lines)), CSAT)


def rows_for(lines: Sequence[tuple[str, int, int, int, int]]) -> list[dict[str, object]]:
    """Lines of: said, then n and how many are good now, n and how many were good before."""
    rows: list[dict[str, object]] = []
    for said, *numbers in lines:
        for this, n, good in ((True, *numbers[:2]), (False, *numbers[2:])):
            bins = {f"n{i}": good if i == 4 else n - good if i == 1 else 0 for i in range(11)}
            rows.append(
                {"this": this, "said": said, "n": n, "total": 5.0 * good + 2.0 * (n - good), "squares": 25.0 * good + 4.0 * (n - good), **bins}
            )
    return rows


MUCH = (
    ("", 400, 320, 400, 320), ("-", 100, 80, 100, 80), ("delivery-", 120, 24, 60, 12), ("delivery-|price-", 40, 4, 30, 3),
    ("price-|delivery-", 10, 1, 0, 0), ("price+", 60, 54, 60, 54), ("delivery-|delivery.late-", 60, 12, 30, 6), ("staff.manner+", 4, 4, 4, 4),
    ("staff.competence+", 12, 12, 12, 12), ("odd0", 2, 1, 1, 1),
)  # fmt: skip


def change(said: Said) -> float:
    n, good = (said.counts[:, :, at].sum(axis=0) for at in (0, 7))
    return float(good[0] / n[0] - good[1] / n[1])


def test_the_parts_add_up_and_no_answer_counts_twice() -> None:
    said = counted(*MUCH)
    found = by_topic(said, 10)
    assert found.mix is not None
    assert found.level is not None
    assert found.mix.value + found.level.value == pytest.approx(change(said))
    assert sum(c.mix.value + c.level.value for c in found.cells) == pytest.approx(change(said))
    assert sum(c.share_now for c in found.cells) == pytest.approx(1)
    assert found.n == (808, 697)
    assert found.read == (408, 297)


def test_more_speak_ill_of_delivery_and_score_as_before() -> None:
    """What goes with the fall is how often it is said, not how those score who say it."""
    found = by_topic(counted(*MUCH), 10)
    late = named(found)[("delivery", "bad")]
    assert late.mix.visible
    assert late.mix.value < 0
    assert not late.level.visible


def named(found: Spoken) -> dict[tuple[str, str], CellPart]:
    return {(c.name, c.tone): c for c in found.cells}


def test_a_part_that_few_speak_of_is_counted_with_the_whole_topic() -> None:
    """4 and 12 answers fold into staff, which has 16; one odd answer has nowhere to go but among the others, which take the smallest along."""
    names = set(named(by_topic(counted(*MUCH), 10)))
    assert (NO_TEXT, "") in names
    assert (NO_TOPIC, "") in names
    assert ("delivery.late", "bad") in names
    assert not any(topic.startswith("staff.") for topic, _ in names)
    assert (OTHERS, "") in names


def test_a_topic_that_is_left_out_counts_as_if_nothing_were_said_of_it() -> None:
    lines = (*MUCH, ("work.pay-", 30, 6, 30, 6), ("delivery-|work.pay-", 10, 2, 10, 2))
    table = pa.Table.from_pylist(rows_for(lines))
    found = named(by_topic(Said.of(table, CSAT, frozenset({"work.pay"})), 10))
    plain = named(by_topic(counted(*MUCH, ("-", 30, 6, 30, 6), ("delivery-", 10, 2, 10, 2)), 10))
    assert found == plain
    assert ("work.pay", "bad") in named(by_topic(counted(*lines), 10))


def test_a_topic_of_employees_that_few_speak_of_is_no_part_of_a_topic_called_work() -> None:
    lines = (*MUCH, ("work.pay-", 12, 6, 30, 6), ("work.load-", 12, 6, 30, 6), ("work.load.stress-", 6, 2, 6, 2))
    names = {topic for topic, _ in named(by_topic(counted(*lines), 10))}
    assert "work.load" in names
    assert not names & {"work", "work.pay", "work.load.stress"}


def test_too_few_texts_are_refused() -> None:
    found = by_topic(counted(("", 400, 320, 400, 320), ("price-", 20, 4, 25, 5)), 10)
    assert found.why == "few"
    assert found.cells == ()
    assert found.read == (20, 25)
