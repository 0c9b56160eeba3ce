"""The guide on Home: what it says in words, and how seldom it asks the house."""

import time
from datetime import date
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.house import House
from gensvar.kit.rights import role_of
from gensvar.kit.scope import whole
from gensvar.serve.access import Caller
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.guidance import Facts, Lag, Loop, steps
from gensvar.serve.web.guide import PATIENCE_S, STALE_S, Guide, loop_view, step_views
from gensvar.serve.web.words import LANGUAGES, Words
from tests.houses import csv

LOOP = Loop(
    (Lag("helpdesk", "within an hour", 200), Lag("pulse", "within a week", 40), Lag("in_app", "within an hour", 90)), ("crm",), 24, 14_678, 2, 1
)


def test_the_loop_is_told_in_plain_sentences_fastest_first() -> None:
    view = loop_view(LOOP, Words("en"))
    assert view
    assert [line for line, _ in view.lines] == [
        "24 signals of 14,678 are set aside.",
        "Half of the answers are here within an hour: helpdesk and in_app.",
        "Half of the answers are here within a week: pulse.",
        "Silent: crm.",
        "2 measures have no owner.",
        "1 annotation in the last 30 days.",
    ]
    assert loop_view(None, Words("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_and_loop_speak_every_language(language: str) -> None:
    words, english = Words(language), Words("en")
    said = [(s.title, s.gives, *s.missing) for s in step_views(steps(Facts(unowned=1, aside=2)), words)]
    theirs = [(s.title, s.gives, *s.missing) for s in step_views(steps(Facts(unowned=1, aside=2)), english)]
    assert all(a != b for one, other in zip(said, theirs, strict=True) for a, b in zip(one, other, strict=True)) or language == "en"
    assert not any("{" in text for one in said for text in one)


@pytest.fixture
def heard(small_house: House, tmp_path: Path) -> House:
    flow.import_file(small_house, csv(tmp_path, "d1,2026-10-14T08:00:00,c@example.org,SE,5,fine"), "survey")
    flow.recount(small_house)
    return small_house


def caller(role: str) -> Caller:
    return Caller("anna", role_of(role).rights, whole())


def test_nothing_is_guided_where_nothing_has_come_in(small_house: House) -> None:
    found = Guide(small_house).of(caller("administrator"), HouseDesk(small_house, whole()))
    assert (found.steps, found.loop, found.notes.standing) == ((), None, ())


def test_each_role_is_guided_to_what_it_can_do(heard: House) -> None:
    guide, desk = Guide(heard), HouseDesk(heard, whole())
    assert [s.id for s in guide.of(caller("administrator"), desk).steps] == ["voices", "worth", "inside", "colleagues", "owners", "aside"]
    assert [s.id for s in guide.of(caller("owner"), desk).steps] == ["voices", "worth", "inside", "owners", "aside"]
    assert guide.of(caller("analyst"), desk).steps == ()
    assert guide.of(caller("analyst"), desk).loop
    assert guide.of(caller("viewer"), desk).loop is None


def test_the_house_is_asked_seldom_and_no_reader_waits_for_it(heard: House) -> None:
    now = [1000.0]
    guide, desk = Guide(heard, lambda: now[0]), HouseDesk(heard, whole())
    before = guide.of(caller("administrator"), desk)
    heard.ledger.members.add("bo@example.org", "Bo", "viewer", whole().as_json())
    heard.ledger.members.add("eva@example.org", "Eva", "viewer", whole().as_json())
    assert guide.of(caller("administrator"), desk).steps == before.steps, "within half a minute nothing is asked again"
    now[0] += PATIENCE_S
    shown = guide.of(caller("administrator"), desk).steps
    assert shown in (before.steps, steps(Facts(heard=frozenset({("customer", "survey")}), scored=frozenset({"customer"}), members=2)))
    for _ in range(100):
        done = {s.id: s.done for s in guide.of(caller("administrator"), desk).steps}
        if done["colleagues"]:
            break
        time.sleep(0.02)
    assert done["colleagues"], "the next reader sees what has come meanwhile"
    assert PATIENCE_S < STALE_S


def test_annotations_are_seen_at_once(heard: House) -> None:
    guide, desk = Guide(heard), HouseDesk(heard, whole())
    before = guide.of(caller("viewer"), desk).key
    heard.ledger.annotations.add(date(2026, 10, 1), "New guides", "", {}, "anna")
    assert guide.of(caller("viewer"), desk).key != before
