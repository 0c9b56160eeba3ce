"""Sentences and clauses: where they begin and end, whatever the signs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.text.sentences import LONGEST, MOST, clauses, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Bra! Men dyrt.", ["Bra!", "Men dyrt."]),
        ("Kom kl. 10 och fick t.ex. vänta. Aldrig mer...", ["Kom kl. 10 och fick t.ex. vänta.", "Aldrig mer..."]),
        ("Den 3. mai kom varen. Fint", ["Den 3. mai kom varen.", "Fint"]),
        ("rad ett\nrad två\r\n\r\nrad tre", ["rad ett", "rad två", "rad tre"]),
        ('Hon sa "nej!" Sedan gick hon.', ['Hon sa "nej!"', "Sedan gick hon."]),
        ("Toppen 👍 Men trångt", ["Toppen 👍", "Men trångt"]),
        ("kostar 3.50 kr st. och version 2.0.1", ["kostar 3.50 kr st. och version 2.0.1"]),
        ("z.B. der Zug. Er kam nicht", ["z.B. der Zug.", "Er kam nicht"]),
        ("Really?! Yes…", ["Really?!", "Yes…"]),
        ("ok", ["ok"]), ("🤬", ["🤬"]), (":)", [":)"]), ("", []), ("  \n ", []), ("---", []), ("...", []), ("Bra. ---", ["Bra. ---"]),
    ],
)  # fmt: skip
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == parts


@given(st.text(max_size=300))
def test_spans_are_in_order_and_lose_no_word(text: str) -> None:
    spans = sentences(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))
    inside = "".join(text[a:b] for a, b in spans)
    assert [c for c in inside if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text(alphabet="ab men,but aber. ", max_size=120))
def test_clauses_cover_their_sentence(text: str) -> None:
    for a, b in sentences(text):
        parts = clauses(text, a, b)
        assert parts[0][0] == a
        assert parts[-1][1] == b
        assert all(x[1] == y[0] for x, y in pairwise(parts))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Maten var god men dyr och kall", 2), ("Good food, although the wait was long", 2), ("Ruoka oli hyvää mutta kylmää", 2),
        ("Das Essen war gut, aber teuer", 2), ("Men det gick bra", 1), ("Maten god, men sen kall, men billig ändå", 3), ("Bra", 1),
        ("Smakade bra, tyvärr lite kallt", 2), ("La comida rica pero cara", 2),
    ],
)  # fmt: skip
def test_contrast_cuts(text: str, parts: int) -> None:
    assert len(clauses(text)) == parts


def test_there_is_an_end_to_long_texts() -> None:
    assert len(sentences("Bra. " * 10_000)) == MOST
    assert sentences("a" * 10 * LONGEST) == ((0, LONGEST),)
