"""Jobs and their leases."""

import threading

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Job, Ledger
from tests.ledgers import HandClock

ALL = ("import", "recount")


def claimed(ledger: Ledger, owner: str = "one", lease_s: float = 30) -> Job:
    job = ledger.jobs.claim(owner, lease_s, ALL)
    assert job is not None
    return job


def test_a_job_from_its_beginning_to_its_end(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.jobs.add("import", {"path": "å.csv", "rows": [1, 2]})
    job = claimed(ledger)
    assert (job.id, job.args, job.state, job.owner, job.tries) == (number, {"path": "å.csv", "rows": [1, 2]}, "running", "one", 1)
    ledger_clock.forward(10)
    assert ledger.jobs.beat(number, "one", {"done": 5}, 30)
    assert ledger.jobs.get(number).progress == {"done": 5}
    ledger.jobs.finish(number, {"rows": 9})
    ended = ledger.jobs.get(number)
    assert (ended.state, ended.result, ended.ended_at) == ("done", {"rows": 9}, ledger_clock.now())
    assert ledger.jobs.claim("two", 30, ALL) is None


def test_of_one_kind_only_one_is_under_way_where_that_is_asked_for(ledger: Ledger) -> None:
    assert ledger.jobs.latest("teach") is None
    first = ledger.jobs.add_alone("teach", {})
    assert first is not None
    assert ledger.jobs.add_alone("teach", {}) is None, "it waits"
    assert ledger.jobs.claim("one", 30, ["teach"]) is not None
    assert ledger.jobs.add_alone("teach", {}) is None, "it runs"
    assert ledger.jobs.add_alone("import", {}) is not None
    ledger.jobs.finish(first, {})
    second = ledger.jobs.add_alone("teach", {})
    assert second is not None
    latest = ledger.jobs.latest("teach")
    assert latest is not None
    assert latest.id == second


def test_a_lease_is_lengthened_for_work_that_tells_nothing_and_for_its_owner_alone(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.jobs.add("import", {})
    claimed(ledger)
    ledger_clock.forward(20)
    ledger.jobs.renew(number, "two", 30)
    ledger.jobs.renew(number, "one", 30)
    ledger_clock.forward(20)
    assert ledger.jobs.claim("two", 30, ALL) is None, "it would have ended ten seconds ago"
    ledger_clock.forward(20)
    ledger.jobs.renew(number, "two", 90)
    assert claimed(ledger, "two").tries == 2
    ledger.jobs.finish(number, {})
    ledger.jobs.renew(number, "two", 90)
    assert ledger.jobs.get(number).until is None


def test_jobs_that_ended_are_told_newest_first(ledger: Ledger) -> None:
    first, second, third = (ledger.jobs.add("import", {}) for _ in range(3))
    ledger.jobs.finish(first, {"rows": 1})
    ledger.jobs.fail(second, "broken")
    assert [(j.id, j.state) for j in ledger.jobs.ended("import", 5)] == [(second, "failed"), (first, "done")]
    assert [j.id for j in ledger.jobs.ended("import", 1)] == [second]
    assert ledger.jobs.ended("recount", 5) == []
    assert ledger.jobs.get(third).state == "waiting"


def test_jobs_are_claimed_in_order_and_by_kind(ledger: Ledger) -> None:
    first, second = ledger.jobs.add("recount", {}), ledger.jobs.add("import", {})
    job = ledger.jobs.claim("one", 30, ["import"])
    assert job is not None
    assert job.id == second
    assert claimed(ledger, "two").id == first
    assert [j.id for j in ledger.jobs.all()] == [second, first]
    assert [j.id for j in ledger.jobs.all(limit=1)] == [second]


def test_a_silent_worker_loses_its_job(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.jobs.add("import", {})
    claimed(ledger, "one", 30)
    ledger_clock.forward(20)
    assert ledger.jobs.claim("two", 30, ALL) is None
    ledger_clock.forward(11)
    assert claimed(ledger, "two").tries == 2
    assert not ledger.jobs.beat(number, "one", {"done": 1}, 30)
    assert ledger.jobs.beat(number, "two", {"done": 2}, 30)
    assert ledger.jobs.get(number).progress == {"done": 2}


def test_a_job_that_kills_its_workers_is_given_up(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.jobs.add("import", {})
    for _ in range(5):
        claimed(ledger)
        ledger_clock.forward(31)
    assert ledger.jobs.claim("one", 30, ALL) is None
    assert (ledger.jobs.get(number).state, "5 times" in ledger.jobs.get(number).error) == ("failed", True)


def test_a_running_job_is_asked_to_stop(ledger: Ledger) -> None:
    number = ledger.jobs.add("import", {})
    claimed(ledger)
    ledger.jobs.ask_stop(number)
    assert not ledger.jobs.beat(number, "one", {"done": 3}, 30)
    ledger.jobs.finish(number, {"rows": 3})
    assert ledger.jobs.get(number).state == "stopped"


def test_a_waiting_job_is_stopped_at_once_and_a_done_one_stays_done(ledger: Ledger) -> None:
    waiting, done = ledger.jobs.add("import", {}), ledger.jobs.add("recount", {})
    ledger.jobs.ask_stop(waiting)
    ledger.jobs.finish(claimed(ledger).id, {})
    ledger.jobs.ask_stop(done)
    assert (ledger.jobs.get(waiting).state, ledger.jobs.get(done).state) == ("stopped", "done")
    assert ledger.jobs.claim("one", 30, ALL) is None


def test_a_worker_that_dies_after_being_asked_to_stop_is_not_replaced(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.jobs.add("import", {})
    claimed(ledger)
    ledger.jobs.ask_stop(number)
    ledger_clock.forward(31)
    assert ledger.jobs.claim("two", 30, ALL) is None
    assert ledger.jobs.get(number).state == "stopped"


def test_a_job_fails_with_a_sentence(ledger: Ledger) -> None:
    number = ledger.jobs.add("import", {})
    claimed(ledger)
    ledger.jobs.fail(number, "The file is not there.")
    assert (ledger.jobs.get(number).state, ledger.jobs.get(number).error) == ("failed", "The file is not there.")
    with pytest.raises(NotFound, match="No job 99"):
        ledger.jobs.get(99)


def test_workers_side_by_side_never_share_a_job(ledger: Ledger) -> None:
    numbers = {ledger.jobs.add("import", {}) for _ in range(40)}
    got: list[int] = []

    def work(owner: str) -> None:
        while (job := ledger.jobs.claim(owner, 60, ALL)) is not None:
            got.append(job.id)

    workers = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == sorted(numbers)
