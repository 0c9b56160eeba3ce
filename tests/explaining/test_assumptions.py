"""When assumptions are asked: soon after they are written, again each quarter; whatever the clock does, who stops midway, and what breaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gensvar.explain.assumptions import FAILED, KIND, Claim, claim_json
from gensvar.explaining import assumptions
from gensvar.explaining.assumptions import NIGHTLY, due, look, waiting
from gensvar.house import House, open_house
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_assumptions import one, write
from gensvar.serve.nightly import ASKING, Asking, ask_new
from gensvar.serve.working import begin
from tests.explain.drivers.responses import OVERALL
from tests.ledgers import HandClock

HERS = Claim(form="level", measure=OVERALL.id, where={"market": ("NO",)}, way="lower")
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def house(tmp_path: Path, clock: HandClock) -> Iterator[House]:
    with open_house(read_settings({"data": str(tmp_path / "house"), "memory_mb": "256"}, env={}), clock) as opened:
        opened.ledger.measures.add([OVERALL], "test")
        opened.engine.bump()
        yield opened


def written(house: House, *texts: str) -> list[int]:
    return [write(HouseDesk(house, whole(), "anna"), text, HERS) for text in texts or ("Norway waits",)]


def history(house: House, number: int) -> int:
    return len(house.ledger.findings.history(KIND, str(number)))


def hand(house: House) -> Asking:
    return Asking(house, "one", lambda: False)


def test_what_is_written_is_kept_at_once_and_asked_by_a_hand(house: House) -> None:
    (number,) = written(house)
    told = one(HouseDesk(house, whole()), number)
    assert (told.counting, told.says, told.due) == (True, None, None)
    hand(house).step()
    told = one(HouseDesk(house, whole()), number)
    assert (told.counting, told.says, history(house, number)) == (False, "cannot_tell", 1)
    assert str(told.due) == "2026-12-31"
    hand(house).step()
    assert history(house, number) == 1, "it is asked once, not again and again"


def test_what_was_written_before_a_stop_is_asked_after_it(tmp_path: Path, clock: HandClock) -> None:
    settings = read_settings({"data": str(tmp_path / "stopped"), "memory_mb": "256"}, env={})
    with open_house(settings, clock) as house:
        house.ledger.measures.add([OVERALL], "test")
        first, second = written(house, "Norway waits", "Norway pays")
        begin(house, ASKING)
        assert house.ledger.jobs.claim("one that dies", 600, [ASKING.kind])
        look(house, house.ledger.assumptions.get(first))
    with open_house(settings, clock) as house:
        house.ledger.jobs.forget_leases()
        hand(house).step()
        assert (history(house, first), history(house, second)) == (1, 1)
        assert waiting(house) == ()


def test_whoever_is_told_to_stop_leaves_the_rest_for_the_next(house: House) -> None:
    numbers = written(house, "a", "b", "c")
    Asking(house, "one", lambda: True).step()
    assert len(waiting(house)) == 3
    hand(house).step()
    assert [history(house, n) for n in numbers] == [1, 1, 1]


def test_two_processes_answer_it_once(house: House) -> None:
    (number,) = written(house)
    begin(house, ASKING)
    assert house.ledger.jobs.claim("another", 600, [ASKING.kind])
    hand(house).step()
    assert history(house, number) == 0, "the other has it"
    asked = house.ledger.assumptions.get(number)
    whole_evidence = assumptions.evidence

    def meanwhile(*given: object) -> object:
        house.ledger.findings.keep(KIND, str(number), {"says": "cannot_tell", "why": "too_few"})
        return whole_evidence(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assumptions, "evidence", meanwhile)
        look(house, asked)
    assert history(house, number) == 1


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)])
def test_a_clock_that_jumped_neither_silences_nor_repeats_it(house: House, clock: HandClock, jump: timedelta) -> None:
    (number,) = written(house)
    clock.at += jump
    ask_new(house)
    clock.at -= jump
    asked = history(house, number)
    for _ in range(3):
        NIGHTLY.run(house, lambda _: True)
        clock.at += DAY
    assert history(house, number) == asked + 1
    told = one(HouseDesk(house, whole()), number)
    assert told.due is not None
    assert clock.at.date() < told.due <= (clock.at + 91 * DAY).date()


def test_it_is_asked_each_quarter_of_its_own_and_no_more_once_closed(house: House, clock: HandClock) -> None:
    (number,) = written(house)
    ask_new(house)
    for _ in range(2 * 91):
        clock.at += DAY
        NIGHTLY.run(replace(house), lambda _: True)
    assert history(house, number) == 3
    house.ledger.assumptions.close(number)
    clock.at += 100 * DAY
    assert due(house) == ()


def test_one_that_cannot_be_counted_hinders_none_and_is_tried_the_next_night(house: House, clock: HandClock) -> None:
    broken = house.ledger.assumptions.add("It is gone", claim_json(replace(HERS, measure="csat.gone")), "anna", 91)
    (sound,) = written(house)
    ask_new(house)
    assert one(HouseDesk(house, whole()), sound).evidence is not None
    told = one(HouseDesk(house, whole()), broken)
    assert told.evidence is not None
    assert (told.says, told.evidence.why) == ("cannot_tell", FAILED)
    clock.at += DAY
    assert [a.id for a in due(house)] == [broken]


def test_closed_while_it_is_asked_it_keeps_no_answer(house: House) -> None:
    (number,) = written(house)
    asked = house.ledger.assumptions.get(number)
    house.ledger.assumptions.close(number)
    look(house, asked)
    assert history(house, number) == 0
