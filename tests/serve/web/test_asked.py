"""The question in the address: kept, read back, and refused where nobody knows the word."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts import DIMENSIONS
from gensvar.kit.errors import BadInput
from gensvar.measure import parse_question
from gensvar.serve.web.asked import AGAINST, PERIODS, Asked, by_choice, period_choices, read_asked, where_choice
from gensvar.serve.web.words import Words
from tests.serve.web.desk import TODAY

EN = Words("en")


@given(
    where=st.dictionaries(st.sampled_from(DIMENSIONS), st.text(min_size=1, max_size=20), max_size=3),
    period=st.sampled_from([*PERIODS, "2026-Q3"]),
    against=st.sampled_from([*AGAINST, "2025-10"]),
    by=st.sampled_from(["", *DIMENSIONS]),
    grain=st.sampled_from(["week", "month"]),
)
def test_what_is_asked_comes_back_from_its_address(where: dict[str, str], period: str, against: str, by: str, grain: str) -> None:
    asked = Asked(where, period, against, by, grain)
    assert read_asked(dict(parse_qsl(asked.query().removeprefix("?"), keep_blank_values=True))) == asked


@given(st.text(min_size=1).filter(lambda v: v.strip() == v))
def test_any_value_of_a_dimension_can_be_chosen(value: str) -> None:
    option = where_choice("segment", [value], Asked(), EN).options[1]
    question = parse_question("nps", "", Asked({"segment": option.value}).where_text, today=TODAY)
    assert question.where == {"segment": (value,)}


def test_all_time_compares_with_nothing() -> None:
    asked = Asked(period="all")
    assert (asked.period_text, asked.against_text) == ("", "")
    assert Asked(against="none").against_text == ""
    assert Asked().query() == ""


@pytest.mark.parametrize(("query", "near"), [({"markt": "NO"}, "market"), ({"by": "chanel"}, "channel")])
def test_an_unknown_word_is_refused_with_the_nearest(query: dict[str, str], near: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_asked(query)
    assert refused.value.nearest == near


def test_what_stands_in_the_address_can_always_be_chosen() -> None:
    asked = Asked({"market": "NO,SE"}, period="2026-Q3", by="market")
    chosen = [o for o in where_choice("market", ["DK"], asked, EN).options if o.chosen]
    assert [(o.value, o.text) for o in chosen] == [("NO,SE", "Norway, Sweden")]
    assert [o.text for c in period_choices(asked, EN) for o in c.options if o.chosen] == ["2026-Q3", "the period before"]
    assert [o.text for o in by_choice(asked, EN).options if o.chosen] == ["by market"]
