"""What suggested measures are called, and that none takes the id of another."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.collect import suggest
from gensvar.collect.suggesting.naming import measure_of, slug, title
from gensvar.collect.suggesting.profile import Profile
from gensvar.collect.suggesting.scales import Scale
from gensvar.contracts.measures import ID_FORM, Measure, Measures
from gensvar.contracts.rows import Header
from tests.collect.files import csv_of, put

FIVE, SEVEN = Scale("scale", 1, 5, 0.6, "values 1…5"), Scale("scale", 1, 7, 0.6, "values 1…7")
NOTHING = Measures()


def column(name: str, label: str = "") -> Profile:
    return Profile(Header(name, label), pa.string(), 5, 5, 5, Counter("12345"))


@pytest.mark.parametrize(
    ("name", "label", "said"),
    [
        ("Q99_1", "Do you agree? - The site was easy to use", "The site was easy to use (Q99_1)"),
        ("q1", "", "q1"),
        ("Hur nöjd är du?", "Hur nöjd är du?", "Hur nöjd är du?"),
        ("mast1", "mast1", "mast1"),
        ("site_ease", "Was the site easy to use?", "Was the site easy to use? (site_ease)"),
    ],
)
def test_a_code_is_told_by_its_question(name: str, label: str, said: str) -> None:
    assert title(name, label) == said


def test_a_long_question_is_cut() -> None:
    assert len(title("Q1", "how " * 90)) < 100


def test_codes_carry_their_source_and_questions_do_not() -> None:
    assert measure_of(column("Q1", "Was it easy?"), FIVE, "spring-survey", "en", NOTHING, NOTHING).id == "rating.spring_survey.q1"
    assert measure_of(column("Seat comfort"), FIVE, "spring-survey", "en", NOTHING, NOTHING).id == "rating.seat_comfort"
    assert measure_of(column("Which? [Food]", "Which? [Food]"), FIVE, "s", "en", NOTHING, NOTHING).id == "rating.which.food"


def test_the_same_question_on_the_same_scale_is_the_same_measure() -> None:
    first = measure_of(column("Seat comfort"), FIVE, "spring", "en", NOTHING, NOTHING)
    again = measure_of(column("Seat comfort"), FIVE, "autumn", "en", Measures.of([first]), NOTHING)
    assert again == first


@pytest.mark.parametrize(("name", "label", "scale"), [("Seat comfort", "", SEVEN), ("Seat comfort", "How soft was the seat?", FIVE)])
def test_another_question_or_scale_gets_an_id_of_its_own(name: str, label: str, scale: Scale) -> None:
    known = Measures.of([measure_of(column("Seat comfort"), FIVE, "spring", "en", NOTHING, NOTHING)])
    other = measure_of(column(name, label), scale, "autumn", "en", known, NOTHING)
    assert other.id == "rating.seat_comfort.autumn"


def named(columns: Sequence[Profile], source: str, known: Measures) -> list[Measure]:
    made: list[Measure] = []
    for p in columns:
        made.append(measure_of(p, FIVE if p.name[-1:] < "m" else SEVEN, source, "en", known, Measures.of(made)))
    return made


@given(st.lists(st.text("ab1 _[]", min_size=1, max_size=6), min_size=1, max_size=8), st.lists(st.text("ab1 _[]", min_size=1, max_size=6), max_size=8))
def test_no_two_columns_share_a_measure_and_no_definition_is_changed(first: list[str], second: list[str]) -> None:
    before = named([column(n) for n in first], "one", NOTHING)
    known = Measures.of(before)
    after = named([column(n) for n in second], "two", known)
    for made in (before, after):
        assert len({m.key for m in made}) == len(made)
        assert all(ID_FORM.fullmatch(m.id) for m in made)
    assert all(m.key not in known or known.get(m.key) == m for m in after)
    assert named([column(n) for n in first], "one", known) == before


def test_two_waves_with_other_scales_live_side_by_side(tmp_path: Path) -> None:
    asked = "How willing would you be to tell a friend?"
    waves = [put(tmp_path, f"{y}.csv", csv_of(["#", asked], [[i, i % high] for i in range(1, 80)])) for y, high in ((2017, 11), (2019, 6))]
    first = suggest(waves[0], "wave-2017").contract
    known = Measures.of(first.measures)
    second = suggest(waves[1], "wave-2019", known=known).contract
    assert [m.high for m in (*first.measures, *second.measures)] == [10, 5]
    assert second.measures[0].key not in known
    assert second.answers[0].measure is not None
    assert second.answers[0].measure.always == second.measures[0].key


@pytest.mark.parametrize(("text", "said"), [("Inflight wifi", "inflight_wifi"), ("Är det bra?", "ar_det_bra"), ("???", "question"), ("Køb", "kob")])
def test_slugs(text: str, said: str) -> None:
    assert slug(text) == said
