"""Passwords: what is refused, and how they are kept."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.serve.people import Passwords
from gensvar.serve.people.passwords import TOO_LONG, TOO_SHORT, TOO_WEAK, fault_of
from tests.serve.people.conftest import GOOD, Place, cheap

ONE = cheap()


@given(plain=st.text(max_size=300), other=st.text(max_size=300))
@settings(deadline=None)
def test_a_password_matches_itself_alone(plain: str, other: str) -> None:
    hashed = ONE.hash(plain[:256])
    assert ONE.matches(hashed, plain[:256])
    assert ONE.matches(hashed, other[:256]) == (plain[:256].encode("utf-8", "replace") == other[:256].encode("utf-8", "replace"))


@pytest.mark.parametrize("hashed", ["", "x", "$argon2id$broken", "plain text", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nothing_matches_what_is_no_hash(hashed: str) -> None:
    assert not ONE.matches(hashed, "")
    assert not ONE.matches(hashed, hashed)


def test_the_same_password_is_never_kept_the_same_way() -> None:
    assert len({ONE.hash(GOOD) for _ in range(5)}) == 5
    assert GOOD not in ONE.hash(GOOD)


def test_the_real_parameters_are_those_of_the_rfc() -> None:
    kept = extract_parameters(Passwords().hash(GOOD))
    assert (kept.type.name, kept.memory_cost, kept.time_cost, kept.parallelism) == ("ID", 65536, 3, 4)
    assert kept.hash_len >= 32
    assert kept.salt_len >= 16


@pytest.mark.parametrize(("plain", "fault"), [
    ("", TOO_SHORT), ("elva tecken", TOO_SHORT), ("x" * 257, TOO_LONG), ("password1234", TOO_WEAK), ("123456789012", TOO_WEAK),
    ("aaaaaaaaaaaaaaaaaaaaaaaa", TOO_WEAK), ("qwertyuiopasdf", TOO_WEAK), ("anna.berg2026", TOO_WEAK), ("annabergannaberg", TOO_WEAK),
    (GOOD, ""), ("ÅÄÖ åäö ßÞ ðæ 漢字", ""), ("correct horse battery staple", ""), ("x" * 255 + "é", TOO_WEAK), ("vY7#kQ2!mZ9$", ""),
])  # fmt: skip
def test_what_is_weak_is_refused_and_nothing_else(plain: str, fault: str) -> None:
    assert fault_of(plain, "Anna Berg", "anna.berg@example.org") == fault


def test_her_own_name_makes_a_password_weak() -> None:
    assert fault_of("torgersdatter88", "Someone Else", "s@example.org") == ""
    assert fault_of("torgersdatter88", "Kari Torgersdatter", "k@example.org") == TOO_WEAK


@given(plain=st.text(min_size=257, max_size=3000))
@settings(deadline=None, max_examples=20)
def test_a_long_text_takes_no_time_to_be_refused(plain: str) -> None:
    assert fault_of(plain) == TOO_LONG


def test_newer_parameters_are_taken_up_when_she_signs_in(place: Place) -> None:
    anna = place.member()
    before = place.house.ledger.members.password_of(anna.id)
    place.came_in(anna)
    assert place.house.ledger.members.password_of(anna.id) == before
    place.ways.passwords.hasher, old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1), place.ways.passwords.hasher
    try:
        browser = place.came_in(anna)
        after = place.house.ledger.members.password_of(anna.id)
    finally:
        place.ways.passwords.hasher = old
    assert after != before
    assert extract_parameters(after).time_cost == 2
    assert browser.who() == anna.email
