"""Redaction: what points at a person goes, what only looks like it stays. Check digits are those of the numbers' own standards."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.text.redact import iban_is_right, luhn, redact, redact_all

GONE = {
    "kim@example.org": "[e-mail]",
    "Kim.Ek+shop@mail.example.co.uk,": "[e-mail],",
    "åsa@exämple.se": "[e-mail]",
    "1880-05-06": "1880-05-06",
    "1583-01-01 10:10:10": "1583-01-01 10:10:10",
    "1583-41-01": "[phone]",
    "070-174 06 05": "[phone]",
    "+46 70 174 06 05": "[phone]",
    "0046701740605": "[phone]",
    "(08) 463 80 00": "[phone]",
    "+358 40 123 4567": "[phone]",
    "4111 1111 1111 1111": "[card]",
    "5500-0000-0000-0004": "[card]",
    "SE45 5000 0000 0583 9825 7466": "[account]",
    "NO9386011117947": "[account]",
    "811228-9874": "[national id]",
    "19811228-9874": "[national id]",
    "131052-308T": "[national id]",
    "15108695088": "[national id]",
    "010190-1234": "[national id]",
    "https://shop.example/reset?token=abc123": "https://shop.example/reset[link]",
}
KEPT = [
    "order 12345678", "faktura 100200300", "2026-10-31 10:00", "31/10/2026", "1 234 567 kr", "5 of 5", "version 1.2.3.4", "4111 1111 1111 1112",
    "SE45 5000 0000 0583 9825 7467", "811228-9875", "131052-308U", "https://shop.example/help", "a @ b", "10 000 000 000", "#100", "",
]  # fmt: skip


@pytest.mark.parametrize(("said", "left"), GONE.items())
def test_what_points_at_a_person_goes(said: str, left: str) -> None:
    assert redact(said) == left
    assert redact(f"hej {said} tack") == f"hej {left} tack"


@pytest.mark.parametrize("said", KEPT)
def test_what_only_looks_like_it_stays(said: str) -> None:
    assert redact(said) == said


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=40) | st.sampled_from(sorted(GONE)), max_size=8))
def test_in_bulk_as_one_by_one(texts: list[str | None]) -> None:
    plain = [t if t is None else t.encode("utf-8", "replace").decode() for t in texts]
    assert redact_all(pa.array(plain, pa.string())).to_pylist() == [None if t is None else redact(t) for t in plain]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@settings(deadline=None)
@given(st.integers(0, 10**15).map(str))
def test_one_digit_in_ten_is_a_check_digit(digits: str) -> None:
    assert sum(luhn(digits + str(d)) for d in range(10)) == 1


def test_iban_examples() -> None:
    assert iban_is_right("GB82WEST12345698765432")
    assert not iban_is_right("GB82WEST12345698765431")
