"""Annotations: who may see, write and remove which, and on which charts they stand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.ledger import Annotation
from gensvar.serve.desks import annotations

NORWAY = Scope({"market": frozenset({"NO"})})
MARKETS = ("SE", "NO", "DK", "FI")


def made(where: Mapping[str, tuple[str, ...]], measure: str = "") -> Annotation:
    return Annotation(1, date(2026, 6, 1), "New guides", measure, where, "anna", datetime(2026, 6, 2, tzinfo=UTC))


def test_one_without_a_where_is_for_all_and_one_outside_the_scope_for_nobody_there() -> None:
    everywhere, inside, outside, both = (made(w) for w in ({}, {"market": ("NO",)}, {"market": ("SE",)}, {"market": ("NO", "SE")}))
    assert annotations.visible([everywhere, inside, outside, both], NORWAY) == (everywhere, inside)
    assert len(annotations.visible([everywhere, inside, outside, both], whole())) == 4


@given(where=st.lists(st.sampled_from(MARKETS), unique=True), allowed=st.frozensets(st.sampled_from(MARKETS)))
def test_what_is_seen_lies_within_the_scope(where: list[str], allowed: frozenset[str]) -> None:
    seen = annotations.visible([made({"market": tuple(where)} if where else {})], Scope({"market": allowed}))
    assert bool(seen) == (set(where) <= allowed)


def test_it_stands_on_the_charts_that_it_concerns() -> None:
    sweden = made({"market": ("SE",)}, "csat.support")
    assert annotations.fits(sweden, "csat.support", {})
    assert annotations.fits(sweden, "csat.support", {"market": ("SE", "NO"), "channel": ("app",)})
    assert not annotations.fits(sweden, "csat.support", {"market": ("NO",)})
    assert not annotations.fits(sweden, "nps", {})
    assert annotations.fits(made({}), "nps", {"market": ("NO",)})


def test_a_chart_of_more_says_where_it_holds() -> None:
    sweden = made({"market": ("SE",)})
    assert annotations.partly(sweden, {}) == {"market": ("SE",)}
    assert annotations.partly(sweden, {"market": ("SE", "NO")}) == {"market": ("SE",)}
    assert annotations.partly(sweden, {"market": ("SE",)}) == {}


def test_what_is_written_stands_and_is_in_the_audit(small_house: House) -> None:
    number = annotations.add(small_house, whole(), "anna", "2026-06-01", "  New \n guides ", "csat.delivery", {"market": ("SE",)})
    (found,) = annotations.standing(small_house, whole())
    assert (found.id, found.text, found.day, found.where) == (number, "New guides", date(2026, 6, 1), {"market": ("SE",)})
    assert annotations.standing(small_house, NORWAY) == ()
    annotations.remove(small_house, whole(), "anna", number, anybodys=False)
    assert annotations.standing(small_house, whole()) == ()
    assert [(d.who, d.did) for d in small_house.ledger.audit.rows()][-2:] == [("anna", "annotate"), ("anna", "remove annotation")]


@pytest.mark.parametrize(("day", "text"), [("soon", "x"), ("2026-13-01", "x"), ("1066-10-14", "x"), ("2026-06-01", " "), ("2026-06-01", "x" * 201)])
def test_a_day_or_a_text_that_cannot_be_is_refused(small_house: House, day: str, text: str) -> None:
    with pytest.raises(BadInput):
        annotations.add(small_house, whole(), "anna", day, text, "", {})
    assert annotations.standing(small_house, whole()) == ()


def test_an_unknown_measure_or_dimension_is_refused(small_house: House) -> None:
    with pytest.raises(NotFound, match="No measure"):
        annotations.add(small_house, whole(), "anna", "2026-06-01", "x", "csat.delivry", {})
    with pytest.raises(BadInput, match="No dimension"):
        annotations.add(small_house, whole(), "anna", "2026-06-01", "x", "", {"markt": ("SE",)})


def test_whoever_sees_a_part_writes_about_that_part(small_house: House) -> None:
    with pytest.raises(NotAllowed, match="outside what you may see"):
        annotations.add(small_house, NORWAY, "bo", "2026-06-01", "x", "", {"market": ("SE",)})
    annotations.add(small_house, NORWAY, "bo", "2026-06-01", "x", "", {})
    (found,) = annotations.standing(small_house, whole())
    assert found.where == {"market": ("NO",)}, "a note without a place is about what its writer sees"


def test_one_removes_ones_own_and_an_administrator_all(small_house: House) -> None:
    number = annotations.add(small_house, whole(), "anna", "2026-06-01", "x", "", {"market": ("SE",)})
    with pytest.raises(NotAllowed):
        annotations.remove(small_house, whole(), "bo", number, anybodys=False)
    with pytest.raises(NotFound):
        annotations.remove(small_house, NORWAY, "bo", number, anybodys=True)
    annotations.remove(small_house, whole(), "bo", number, anybodys=True)
    assert [a.id for a in small_house.ledger.annotations.history()] == [number]
