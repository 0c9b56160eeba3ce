"""Saved views: an address is kept only where it is a page of this house with filters that it knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.house import House
from gensvar.kit.errors import BadInput
from gensvar.serve.desks import views
from gensvar.serve.web import compare_page, voices_page
from gensvar.serve.web.asked import KNOWN

EVIL = (
    "https://evil.example/measures/nps", "//evil.example/measures/nps", "/\\evil.example", "javascript:alert(1)", "/measures/../people",
    "/measures/nps\r\nSet-Cookie: a=b", "/people", "/account", "/measures", "measures/nps", "", "http:/measures/nps", "/measures/nps\u2028",
    "\\\\evil.example", "/measures//evil.example", "/%2F/evil.example", "/measures/nps?" + "market=NO&" * 500, "/voices/1", "data:text/html,x",
    "/teams/..", "/teams/.", "[::1", "http://[::1/measures/nps",
)  # fmt: skip


@pytest.mark.parametrize("address", EVIL)
def test_nothing_but_our_own_pages_is_kept(address: str) -> None:
    with pytest.raises(BadInput):
        views.checked_address(address)


def test_an_unknown_filter_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        views.checked_address("/measures/nps?markt=NO")
    assert refused.value.nearest == "market"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/", "/"),
        ("/measures/csat.delivery?market=NO&period=last+quarter&lang=sv", "/measures/csat.delivery?market=NO&period=last+quarter"),
        ("/measures/csat.delivery@2?by=market", "/measures/csat.delivery@2?by=market"),
        ("/measures/nps?market=", "/measures/nps"),
        ("/measures/nps?segment=%22%3E%3Cscript%3E", "/measures/nps?segment=%22%3E%3Cscript%3E"),
        ("/measures/nps?market=NO#top", "/measures/nps?market=NO"),
    ],
)
def test_an_address_is_kept_without_its_language(given: str, kept: str) -> None:
    assert views.checked_address(given) == kept
    assert views.checked_address(kept) == kept


def test_the_filters_of_each_page_are_those_that_it_knows() -> None:
    """A page that learns a filter, or forgets one, says so here."""
    by_page = {form.split("/")[1]: known for form, known in views.SAVED.items() if form != "/"}
    assert by_page["voices"] == voices_page.KNOWN - {"lang", "after"}
    assert by_page["compare"] == (KNOWN - {"lang"}) | set(compare_page.OWN)
    assert by_page["measures"] == KNOWN - {"lang"}
    for address in ("/voices?q=late&score=bad", "/compare/csat.delivery?rows=market&each=segment", "/teams/NO?dimension=market"):
        assert views.checked_address(address) == address


@given(st.text(max_size=60))
def test_whatever_is_sent_is_refused_or_stays_here(text: str) -> None:
    for address in (text, f"/{text}", f"/measures/{text}", f"/measures/nps?market={text}"):
        try:
            kept = views.checked_address(address)
        except BadInput:
            continue
        assert kept.startswith("/")
        assert kept[1:2] not in {"/", "\\"}
        assert kept.isprintable()
        assert views.checked_address(kept) == kept


@pytest.mark.parametrize("name", ["", "  \n", "x" * 121])
def test_a_view_needs_a_name(name: str) -> None:
    with pytest.raises(BadInput):
        views.checked_name(name)


def test_ones_own_come_first_and_what_no_page_knows_any_more_is_left_out(small_house: House) -> None:
    views.save(small_house, "anna", 1, "Norway", "/measures/nps?market=NO&lang=sv", shared=False)
    views.save(small_house, "bo", 2, "A shared one", "/measures/nps", shared=True)
    views.save(small_house, "bo", 2, "Not shared", "/measures/nps", shared=False)
    small_house.ledger.views.add("Old", "/was/here", 1)
    assert [(v.name, v.address) for v in views.seen_by(small_house, 1)] == [("Norway", "/measures/nps?market=NO"), ("A shared one", "/measures/nps")]
    assert [d.did for d in small_house.ledger.audit.rows()][-3:] == ["save view"] * 3
