"""What is found survives the ledger."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gensvar.explain.outcomes import Association, Looked, Ratio, found_json, of_json

ratios = st.none() | st.builds(Ratio, *[st.floats(0.01, 100)] * 3, st.floats(0, 1))
associations = st.builds(
    Association,
    term=st.text(),
    kind=st.sampled_from(["word", "phrase", "topic", "theme"]),
    name=st.dictionaries(st.sampled_from(["sv", "en"]), st.text()),
    tone=st.sampled_from(["negative", "neutral", "positive"]),
    verdict=st.sampled_from(["more", "less", "unconfirmed", "slight", "none", "unknown"]),
    ratio=ratios,
    q=st.none() | st.floats(0, 1),
    replicated=st.sampled_from(["", "first", "second", "both"]),
    held=ratios,
    again=ratios,
    expected=st.floats(0, 1e6),
    value=st.none() | st.floats(0, 1e9),
    median_months=st.none() | st.floats(0, 6),
)


@given(st.lists(associations, max_size=3))
def test_what_is_kept_is_what_is_read(made: list[Association]) -> None:
    looked = Looked("left", associations=tuple(made), first=date(2025, 1, 1), last=date(2026, 1, 1), aside={"future": 3}, notes=("inflated",))
    assert of_json(json.loads(json.dumps(found_json(looked)))) == looked


def test_a_direction_is_told_only_of_what_was_seen() -> None:
    one = Association(
        "topic:price", "topic", {"en": "Price"}, "", "negative", "left", "unconfirmed", Ratio(1.5, 1.2, 1.9, 0.001), 0.02, "", None, None,
        10, 3, 2.0, None, 6, None, 0,
    )  # fmt: skip
    assert one.direction == "more"
    assert not Looked("left", associations=(one,)).reported
