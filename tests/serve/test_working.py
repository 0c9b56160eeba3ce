"""Work that people ask for: one at a time; done, refused, stopped, handed on, or failed, and always with a record of it."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from gensvar.house import House
from gensvar.kit.errors import Conflict, Unavailable
from gensvar.ledger import Job
from gensvar.serve import working
from gensvar.serve.working import UNFORESEEN, Asked, Told, Work, ask, latest, work, work_here

COUNTING = Work("count", "ask for counting", "The beans are being counted already")


def counted(job: Job, told: Told) -> Mapping[str, Any]:
    for n in range(1, 4):
        if not told({"beans": n}):
            return {"beans": n}
    return {"beans": 3}


def known(house: House) -> Asked:
    found = latest(house, COUNTING)
    assert found is not None
    return found


def test_what_is_asked_for_waits_is_done_and_tells_what_came_of_it(small_house: House) -> None:
    assert latest(small_house, COUNTING) is None
    assert not work(small_house, "one", COUNTING, counted)
    number = ask(small_house, "anna", COUNTING)
    assert (known(small_house).job, known(small_house).state, known(small_house).by) == (number, "waiting", "anna")
    with pytest.raises(Conflict, match="counted already"):
        ask(small_house, "bo", COUNTING)
    assert work(small_house, "one", COUNTING, counted)
    done = known(small_house)
    assert (done.state, done.progress, done.result, done.under_way) == ("done", {"beans": 3}, {"beans": 3}, False)
    assert [(d.who, d.did) for d in small_house.ledger.audit.rows(limit=1)] == [("anna", "ask for counting")]


def test_a_fault_is_told_in_its_words_and_one_of_ours_as_ours(small_house: House) -> None:
    def refused(job: Job, told: Told) -> Mapping[str, Any]:
        raise Unavailable("The beans are locked in", do="Open the door.")

    def broken(job: Job, told: Told) -> Mapping[str, Any]:
        raise ZeroDivisionError

    for run, says in ((refused, "The beans are locked in. Open the door."), (broken, UNFORESEEN)):
        ask(small_house, "anna", COUNTING)
        assert work(small_house, "one", COUNTING, run)
        assert (known(small_house).state, known(small_house).error) == ("failed", says)


def test_a_process_that_ends_hands_the_work_on_and_who_asks_to_stop_is_heeded(small_house: House) -> None:
    number = ask(small_house, "anna", COUNTING)
    assert work(small_house, "one", COUNTING, counted, stopping=lambda: True)
    assert known(small_house).state == "waiting"

    def stopped(job: Job, told: Told) -> Mapping[str, Any]:
        small_house.ledger.jobs.ask_stop(number)
        return counted(job, told)

    assert work(small_house, "two", COUNTING, stopped)
    assert (known(small_house).state, known(small_house).result) == ("stopped", {"beans": 1})


def test_without_a_server_it_is_done_here_and_what_another_left_is_taken_up(small_house: House) -> None:
    ask(small_house, "anna", COUNTING)
    small_house.ledger.jobs.claim("a process that died", 600, [COUNTING.kind])
    told: list[Mapping[str, Any]] = []

    def beside(how_far: Mapping[str, Any]) -> bool:
        told.append(how_far)
        return True

    found = work_here(small_house, "bo", COUNTING, counted, beside)
    assert (found.state, found.by, len(told)) == ("done", "anna", 3)
    assert work_here(small_house, "bo", COUNTING, counted, lambda _: True).by == "bo"


def test_work_that_is_silent_for_long_keeps_its_lease(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "RENEW_S", 0.01)
    jobs = small_house.ledger.jobs
    lengthened: list[datetime | None] = []

    def silent(job: Job, told: Told) -> Mapping[str, Any]:
        before = jobs.get(job.id).until
        monkeypatch.setattr(working, "LEASE_S", 2 * working.LEASE_S)
        end = time.monotonic() + 20
        while not lengthened and time.monotonic() < end:
            time.sleep(0.01)
            lengthened.extend([until] if (until := jobs.get(job.id).until) != before else [])
        return {}

    ask(small_house, "anna", COUNTING)
    assert work(small_house, "one", COUNTING, silent)
    assert lengthened == [small_house.clock.now() + timedelta(seconds=working.LEASE_S)]
    assert known(small_house).state == "done"
