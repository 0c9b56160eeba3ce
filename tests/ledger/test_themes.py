"""Themes: kept under their ids from run to run, with what people said of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger, Theme

AT = datetime(2026, 10, 1, 2, tzinfo=UTC)
LATER = datetime(2026, 10, 2, 2, tzinfo=UTC)
ONE = Theme("lockers", AT, AT, "new", "", {"texts": 40, "words": {"sv": ["paketskåp"]}}, b"\x00\x01")
TWO = Theme("chat", AT, AT, "steady", "", {"texts": 80}, b"\x02")


def test_a_run_puts_its_themes_in_the_place_of_all_there_were(ledger: Ledger) -> None:
    first = ledger.themes.keep([ONE, TWO], {"texts": 900})
    assert ledger.themes.all() == [TWO, ONE]
    second = ledger.themes.keep([replace(ONE, state="growing", seen_at=LATER)], {"texts": 950})
    assert [(t.id, t.state, t.found_at, t.seen_at) for t in ledger.themes.all()] == [("lockers", "growing", AT, LATER)]
    assert [(r.id, r.body) for r in ledger.themes.runs()] == [(second, {"texts": 950}), (first, {"texts": 900})]
    assert [r.id for r in ledger.themes.runs(1)] == [second]


def test_what_people_said_of_a_theme_outlives_a_run(ledger: Ledger) -> None:
    ledger.themes.keep([ONE, TWO], {})
    ledger.themes.rename("lockers", "Parcel lockers")
    ledger.themes.mark("lockers", hidden=True, topic="delivery.lockers")
    ledger.themes.keep([replace(ONE, body={"texts": 55}), TWO], {})
    kept = ledger.themes.get("lockers")
    assert (kept.name, kept.body) == ("Parcel lockers", {"texts": 55, "hidden": True, "topic": "delivery.lockers"})
    ledger.themes.mark("lockers", hidden=False)
    ledger.themes.rename("lockers", "")
    assert (ledger.themes.get("lockers").name, ledger.themes.get("lockers").body["hidden"]) == ("", False)
    assert ledger.themes.get("chat").body == {"texts": 80}


def test_a_theme_that_is_not_there_cannot_be_spoken_of(ledger: Ledger) -> None:
    ledger.themes.keep([], {"why": "too_few"})
    for speak in (lambda: ledger.themes.get("x"), lambda: ledger.themes.rename("x", "y"), lambda: ledger.themes.mark("x", hidden=True)):
        with pytest.raises(NotFound):
            speak()
    assert ledger.themes.all() == []


def test_searches_that_could_not_be_made_do_not_pile_up_and_leave_the_themes(ledger: Ledger) -> None:
    ledger.themes.keep([ONE], {"texts": 900})
    ledger.themes.refuse({"why": "too_few", "texts": 3})
    ledger.themes.refuse({"why": "nothing_read", "texts": 4})
    assert [r.body for r in ledger.themes.runs()] == [{"why": "nothing_read", "texts": 4}, {"texts": 900}]
    assert ledger.themes.all() == [ONE]
