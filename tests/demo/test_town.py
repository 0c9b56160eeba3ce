"""Firms and people, and how three systems spell them."""

from collections import Counter
from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.demo.dice import Dice
from gensvar.demo.spellings import WAYS, directory, misspelt, phone_forms
from gensvar.demo.town import LANGUAGES, MARKETS, PHONES, SMALL_N, SMALL_SEGMENT, Town, names, plain, settle

TOWN: Town = settle(Dice(7), 0.3)


def test_market_shares() -> None:
    counts = Counter(a.market for a in TOWN.accounts)
    assert [counts[m] / counts.total() for m in MARKETS] == pytest.approx([0.40, 0.25, 0.20, 0.15], abs=0.06)


def test_numbers_and_addresses_are_unique() -> None:
    assert len({a.number for a in TOWN.accounts}) == len(TOWN.accounts)
    assert len({p.email for p in TOWN.people}) == len(TOWN.people)
    assert len({p.number for p in TOWN.people}) == len(TOWN.people)
    numbers = [p.phone for p in TOWN.people if p.phone]
    assert len(set(numbers)) == len(numbers)


def test_only_swedes_have_numbers() -> None:
    assert {p.market for p in TOWN.people if p.phone} == {"SE"}
    assert len(PHONES) == len(set(PHONES)) == 495


def test_the_small_segment_has_twelve_firms_with_one_person_each() -> None:
    small = [i for i, a in enumerate(TOWN.accounts) if a.segment == SMALL_SEGMENT]
    assert small == list(range(SMALL_N))
    assert sum(p.account in small for p in TOWN.people) == SMALL_N


def test_everybody_belongs_to_a_firm_of_their_market_and_speaks_its_languages() -> None:
    for person in TOWN.people:
        assert TOWN.accounts[person.account].market == person.market
        assert person.language in LANGUAGES[person.market]
        assert person.email.endswith(".example")


def test_arrays_say_what_the_people_say() -> None:
    assert TOWN.account_of.tolist() == [p.account for p in TOWN.people]
    assert [MARKETS[m] for m in TOWN.market_of.tolist()] == [p.market for p in TOWN.people]


def test_a_tiny_town_is_still_a_town() -> None:
    assert len(settle(Dice(1), 0.001).accounts) >= 60


@given(st.text(max_size=30))
def test_plain_names_fit_an_address(name: str) -> None:
    assert plain(name) == "" or (plain(name).isascii() and plain(name).isalnum())


@pytest.mark.parametrize(("name", "expected"), [("Åkerman & Ek", "akermanek"), ("Sæther", "saether"), ("Mäkelä", "makela"), ("Løken", "loken")])
def test_nordic_letters_are_made_plain(name: str, expected: str) -> None:
    assert plain(name) == expected


def test_every_market_has_names_enough() -> None:
    assert all(len(set(n["first"])) >= 28 and len(set(n["last"])) >= 28 for n in names().values())


@pytest.mark.parametrize("phone", PHONES[::37])
def test_every_way_of_writing_a_number_means_the_same_number(phone: str) -> None:
    for form in phone_forms(phone):
        parsed = phonenumbers.parse(form, "SE")
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == phone


@given(st.text("abcdefgåäö", min_size=2, max_size=12), st.integers(0, 1000))
def test_a_misspelt_name_is_nearly_the_name(name: str, seed: int) -> None:
    wrong = misspelt(Random(seed), name)
    assert abs(len(wrong) - len(name)) <= 1
    assert sum((Counter(name) - Counter(wrong)).values()) <= 1


def test_directories_are_aligned_with_the_people() -> None:
    known = directory(Dice(7), TOWN)
    for entries in known.values():
        assert [k.person for k in entries] == list(range(len(TOWN.people)))
        assert len({k.external for k in entries}) == len(entries)
        assert {k.how for k in entries} <= set(WAYS)


def test_the_register_knows_everybody_as_they_are() -> None:
    for person, entry in zip(TOWN.people, directory(Dice(7), TOWN)["crm"], strict=True):
        assert (entry.external, entry.email, entry.phone, entry.how) == (person.number, person.email, person.phone, "same")


def test_other_mailboxes_lie_in_reserved_domains() -> None:
    for entries in directory(Dice(7), TOWN).values():
        assert all(k.email == "" or k.email.lower().endswith((".example", "@example.com", "@example.net")) for k in entries)


def test_phone_only_people_have_a_number_written_another_way_or_the_same() -> None:
    entries = [k for k in directory(Dice(7), TOWN)["helpdesk"] if k.how == "phone_only"]
    assert entries
    assert all(k.phone in phone_forms(TOWN.people[k.person].phone) for k in entries)
    assert all(k.email != TOWN.people[k.person].email for k in entries)
