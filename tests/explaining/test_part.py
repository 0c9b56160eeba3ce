"""What is counted customer by customer, for a reader of a part: from her customers alone, and of few people nothing, not even by subtraction."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from gensvar.explaining import features, onboarding
from gensvar.explaining.part import can_be_parted, part_of
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_features, why_onboarding
from tests.explain.customers import Customers, day, some

NORWAY = Scope({"market": frozenset({"NO"})})
LIVE = onboarding.Asked("go_live")


@pytest.fixture
def later(small_house: House) -> House:
    return replace(small_house, settings=replace(small_house.settings, today=day(1_000).date()))


def marked(made: Customers, *unmarked: str) -> Customers:
    """Each event in the market of its customer, but for those of these names."""
    markets = {p["id"]: p["market"] for p in made.parties}
    made.events = [e if e["name"] in unmarked else {**e, "market": markets[e["account"]]} for e in made.events]
    return made


def customers(seed: int = 1, count: int = 300) -> Customers:
    made = some(np.random.default_rng(seed), count, trained=0.3)
    made.did(made.parties[0]["id"], "login", 700)  # so that all are followed
    return made


def test_what_others_do_never_moves_what_a_reader_of_a_part_is_told(later: House) -> None:
    made = marked(customers())
    made.into(later.engine)
    before = onboarding.onboarding(later, LIVE, NORWAY), features.features(later, features.Asked(), NORWAY)
    everybody = onboarding.onboarding(later, LIVE)
    out = before[0].out
    assert before[0].n + out.early + out.young + out.ended + out.done == 150
    assert {m.name for m in before[0].standing} == {"training"}
    for party in made.parties:
        if party["market"] == "SE":
            made.did(party["id"], "tour", (party["started_at"] - day(0)).days + 3, step="odd")
            made.events[-1]["market"] = "SE"
    made.into(later.engine)
    assert (onboarding.onboarding(later, LIVE, NORWAY), features.features(later, features.Asked(), NORWAY)) == before
    assert onboarding.onboarding(later, LIVE) != everybody


def test_what_is_not_marked_as_hers_is_left_out_and_never_counted_as_not_done(later: House) -> None:
    marked(customers(), "go_live", "tour").into(later.engine)
    with pytest.raises(BadInput, match="No event 'go_live'"):
        onboarding.onboarding(later, LIVE, NORWAY)
    found = onboarding.onboarding(later, onboarding.Asked(), NORWAY)
    assert (found.success, found.unmarked) == ("stays", 2)
    assert {"go_live", "tour"}.isdisjoint({m.name for m in found.marks})
    assert features.features(later, features.Asked(), NORWAY).unmarked == 2
    assert part_of(later, whole()).unmarked == 0


def test_a_customer_cannot_be_parted_by_what_she_has_several_of(later: House) -> None:
    assert can_be_parted(Scope({"market": frozenset({"NO"}), "segment": frozenset({"food"})}))
    for name in ("channel", "touchpoint", "journey"):
        desk = HouseDesk(later, Scope({name: frozenset({"app"})}))
        assert why_onboarding.told(desk, onboarding.Asked()) == Hidden("scope")
        assert why_features.told(desk, features.Asked()) == Hidden("scope")


@pytest.mark.parametrize("rows", [{}, {"market": frozenset({"NO"})}])
def test_few_people_are_shown_neither_by_themselves_nor_beside_another_answer(later: House, rows: Mapping[str, frozenset[str]]) -> None:
    made = customers()
    for at, party in enumerate(made.parties[:80]):
        start = (party["started_at"] - day(0)).days
        for times in range(1 if at < 6 else 3):
            made.did(party["id"], "call", start + 2 + times)  # all but six three times: the six are not to be worked out
    made.did(made.parties[3]["id"], "secret_deed", (made.parties[3]["started_at"] - day(0)).days + 4)
    marked(made).into(later.engine)
    desk = HouseDesk(later, Scope(rows, least={"customer": 10}))
    told = why_onboarding.told(desk, onboarding.Asked())
    assert not isinstance(told, Hidden)
    assert all(m.people == 0 or (m.people >= 10 and m.of - m.people >= 10) for m in told.value.marks)
    assert "secret_deed" not in {m.name for m in told.value.marks}
    assert {m.form for m in told.value.marks if m.name == "call"} == {"did", "soon"}
    for asked in (onboarding.Asked(window=31), onboarding.Asked("stays"), onboarding.Asked(within=121)):
        assert why_onboarding.told(desk, asked) == Hidden("small_group")
    assert why_features.told(desk, features.Asked(use=91)) == Hidden("small_group")
    used = why_features.told(desk, features.Asked())
    assert not isinstance(used, Hidden)
    assert "secret_deed" not in {f.name for f in used.value.features}
    for missing in ("secret_deed", "nothing_like_it"):
        with pytest.raises(NotFound, match=f"No feature '{missing}'") as refused:
            why_features.told(desk, features.Asked(feature=missing))
        assert str(refused.value).count("secret_deed") == (missing == "secret_deed"), "whether it happened is not told"


def test_the_rest_of_an_event_that_is_no_step_is_many_or_none() -> None:
    used = {("pay", ""): 50, ("pay", "card"): 45, ("pay", "bill"): 20, ("read", ""): 9}
    assert set(features._apart(used, 10)) == {("pay", ""), ("pay", "bill")}
    assert features._apart(used, 1) == used
