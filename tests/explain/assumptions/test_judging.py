"""Assumptions: thresholds decide, not wishes; and what guards against collecting for confirmation."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts.measures import Measure
from gensvar.explain.assumptions import (
    RATIO,
    Claim,
    Evidence,
    alike,
    checked,
    claim_from,
    claim_json,
    evidence_from,
    evidence_json,
    never_wrong,
    of_drivers,
    of_gap,
    of_outcome,
)
from gensvar.explain.assumptions.judging import judged
from gensvar.explain.drivers import Refused
from gensvar.explain.outcomes import Looked
from gensvar.explain.outcomes.found import Association, Ratio
from gensvar.kit.errors import BadInput
from gensvar.measure.answer import Change, Estimate, Group, Hidden, NotComparable, TooFew

CSAT = Measure(id="csat", version=1, metric="csat", low=1, high=5, cut=4)
HIGHER = Claim(form="level", measure="csat", where={"market": ("NO",)}, way="higher", matters=0.05)


def group(low: float, high: float) -> Group:
    then, now = Estimate(0.7, 0.65, 0.75, 400), Estimate(0.7 + (low + high) / 2, 0.6, 0.9, 300)
    return Group({}, CSAT, now, (), Change("cannot tell", then, (low + high) / 2, low, high, 0.5, 0.5, 120))


@pytest.mark.parametrize(
    ("low", "high", "way", "says"),
    [
        (0.01, 0.2, "higher", "confirmed"), (-0.2, -0.01, "lower", "confirmed"), (-0.2, -0.01, "higher", "challenged"),
        (-0.03, 0.03, "higher", "challenged"), (-0.03, 0.03, "lower", "challenged"), (-0.02, 0.08, "higher", "cannot_tell"),
        (-0.08, 0.02, "lower", "cannot_tell"),
    ],
)  # fmt: skip
def test_an_interval_decides_by_the_thresholds_that_were_set(low: float, high: float, way: str, says: str) -> None:
    found = of_gap(group(low, high), replace(HIGHER, way=way))  # type: ignore[arg-type]
    assert found.says == says
    assert found.n == 700
    assert (found.more == 120) == (says == "cannot_tell")


@given(value=st.floats(-1, 1), half=st.floats(0, 1), matters=st.floats(0.001, 0.5))
def test_a_claim_and_its_opposite_are_never_both_confirmed(value: float, half: float, matters: float) -> None:
    gap = Estimate(value, value - half, value + half, 100)
    said = {judged(gap, replace(HIGHER, way=way, matters=matters)) for way in ("higher", "lower")}  # type: ignore[arg-type]
    assert said != {"confirmed"}
    if "confirmed" in said:
        assert said == {"confirmed", "challenged"}


def test_what_cannot_be_counted_says_why() -> None:
    few = replace(group(0, 0), verdict=TooFew(3, 30), change=Change("cannot tell", TooFew(3, 30), more=54))
    assert (of_gap(few, HIGHER).why, of_gap(few, HIGHER).more) == ("too_few", 54)
    assert of_gap(replace(few, verdict=Hidden("small_group")), HIGHER).why == "hidden"
    assert of_gap(replace(few, change=Change("cannot tell", NotComparable("another_version"))), HIGHER).why == "versions"
    assert of_gap(None, HIGHER).says == "cannot_tell"
    assert of_drivers(None, HIGHER).why == "not_studied"
    assert of_drivers(Refused(None, "too_few", n=12, least=80, more=68), HIGHER) == Evidence("cannot_tell", "too_few", n=12, more=68)
    assert of_outcome(None, HIGHER).why == "not_studied"
    assert of_outcome(Looked("left", why="no_outcome"), HIGHER).why == "no_outcome"


@pytest.mark.parametrize(
    ("low", "high", "says"), [(1.1, 1.9, "confirmed"), (0.5, 0.9, "challenged"), (0.9, 1.2, "challenged"), (0.9, 1.9, "cannot_tell")]
)
def test_why_they_leave_is_decided_by_the_ratio_among_those_who_complain(low: float, high: float, says: str) -> None:
    claim = Claim(form="outcome", topic="price", outcome="left", matters=RATIO)
    own = Association(
        "topic:price", "topic", {}, "", "negative", "left", "none", Ratio((low * high) ** 0.5, low, high, 0.2), 0.3, "", None, None, 84, 9, 8.0, None,
        6, None, 1044,
    )  # fmt: skip
    other = replace(own, tone="positive", ratio=Ratio(9, 8, 10, 0.0))
    found = of_outcome(Looked("left", associations=(other, own)), claim)
    assert found.says == says
    assert found.n == 84
    assert found.more == (1044 if says == "cannot_tell" else 0)


def test_a_claim_lacks_nothing_that_its_form_needs() -> None:
    for lacking in (
        Claim(form="level", measure="csat"), Claim(form="change", measure="csat"), Claim(form="first", measure="csat"),
        Claim(form="outcome", topic="price"), Claim(form="first", measure="csat", driver="csat@2"),
        replace(HIGHER, other={"market": ("NO", "SE")}), replace(HIGHER, other={"segment": ("food",)}),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            checked(lacking)
    with pytest.raises(BadInput, match="form"):
        checked(replace(HIGHER, form="lvel"))  # type: ignore[arg-type]
    assert checked(replace(HIGHER, other={"market": ("SE",)}))


def test_what_is_kept_comes_back_as_it_was() -> None:
    claim = Claim(form="change", measure="csat", day=date(2026, 8, 3), where={"market": ("SE", "NO")}, matters=0.05)
    assert claim_from(claim_json(claim)) == claim
    made = of_gap(group(0.01, 0.2), HIGHER)
    assert evidence_from(evidence_json(made)) == made


def test_asking_the_same_in_many_ways_is_noticed_and_so_is_a_log_that_is_never_wrong() -> None:
    elsewhere = [replace(HIGHER, where={"market": (m,)}) for m in ("SE", "DK")]
    assert alike(HIGHER, [*elsewhere, replace(HIGHER, measure="nps")]) == 2
    assert never_wrong(["confirmed", "confirmed", "cannot_tell", "confirmed"])
    assert not never_wrong(["confirmed", "confirmed", "challenged", "confirmed"])
    assert not never_wrong(["confirmed", "confirmed"])
