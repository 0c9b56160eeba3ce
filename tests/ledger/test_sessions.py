"""Sessions: how they begin, hold and end."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.ledger import Ledger, Member
from tests.ledgers import SECRET, HandClock

HOUR_S, MINUTE_S = 3600, 60


@pytest.fixture
def anna(ledger: Ledger) -> Member:
    return ledger.members.add("anna@example.org", "Anna", "viewer", {})


def test_a_session_is_found_by_its_token(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.sessions.start(anna.id, "password", "Firefox")
    for _ in range(2):
        found = ledger.sessions.find(token)
        assert found is not None
        assert (found.member, found.how, found.agent, found.made_at) == (anna.id, "password", "Firefox", ledger_clock.now())
        assert found.until == ledger_clock.now() + timedelta(days=7)
    assert ledger.members.get(anna.id).seen_at == ledger_clock.now()


@pytest.mark.parametrize("wrong", ["", "x", "å" * 500, "\x00", "\ud800", "' OR 1=1 --"])
def test_what_is_no_token_is_not_found(ledger: Ledger, anna: Member, wrong: str) -> None:
    token = ledger.sessions.start(anna.id, "password", "")
    assert ledger.sessions.find(wrong) is None
    assert ledger.sessions.find(token[:-1]) is None
    ledger.sessions.end(wrong)
    assert ledger.sessions.find(token) is not None


def test_each_session_has_a_token_of_its_own(ledger: Ledger, anna: Member) -> None:
    tokens = {ledger.sessions.start(anna.id, "password", "") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)


def test_it_ends_when_nobody_uses_it(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.sessions.start(anna.id, "password", "")
    for _ in range(3):
        ledger_clock.forward(8 * HOUR_S - 1)
        assert ledger.sessions.find(token) is not None
    ledger_clock.forward(8 * HOUR_S)
    assert ledger.sessions.find(token) is None
    assert ledger.sessions.of(anna.id) == []


def test_it_ends_after_its_whole_time_however_much_it_is_used(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.sessions.start(anna.id, "password", "", lasts=timedelta(hours=2))
    ledger_clock.forward(2 * HOUR_S - 1)
    assert ledger.sessions.find(token) is not None
    ledger_clock.forward(1)
    assert ledger.sessions.find(token) is None


def test_its_use_is_written_at_most_once_a_minute(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.sessions.start(anna.id, "password", "")
    began = ledger_clock.now()
    ledger_clock.forward(MINUTE_S - 1)
    assert ledger.sessions.find(token) is not None
    assert ledger.sessions.of(anna.id)[0].seen_at == began
    ledger_clock.forward(1)
    assert ledger.sessions.find(token) is not None
    assert ledger.sessions.of(anna.id)[0].seen_at == ledger_clock.now() == ledger.members.get(anna.id).seen_at


def test_one_that_ends_is_gone_at_once_and_alone(ledger: Ledger, anna: Member) -> None:
    first, second = (ledger.sessions.start(anna.id, "password", "") for _ in range(2))
    assert ledger.sessions.find(first) is not None
    ledger.sessions.end(first)
    assert ledger.sessions.find(first) is None
    assert ledger.sessions.find(second) is not None


def test_all_end_but_the_one_in_hand(ledger: Ledger, anna: Member) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "viewer", {})
    tokens = [ledger.sessions.start(anna.id, "password", "") for _ in range(3)]
    other = ledger.sessions.start(bo.id, "password", "")
    assert ledger.sessions.end_all(anna.id, but=tokens[1]) == 2
    assert [ledger.sessions.find(token) is not None for token in (*tokens, other)] == [False, True, False, True]
    assert ledger.sessions.end_all(anna.id) == 1
    assert ledger.sessions.find(tokens[1]) is None


def test_nobody_ends_the_session_of_another(ledger: Ledger, anna: Member) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "viewer", {})
    token = ledger.sessions.start(anna.id, "password", "")
    hers = ledger.sessions.of(anna.id)[0].hash
    assert not ledger.sessions.end_hash(hers, bo.id)
    assert ledger.sessions.find(token) is not None
    assert ledger.sessions.end_hash(hers, anna.id)
    assert ledger.sessions.find(token) is None


def test_another_process_sees_the_end_within_two_seconds(ledger: Ledger, ledger_url: str, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.sessions.start(anna.id, "password", "")
    assert ledger.sessions.find(token) is not None
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    other.sessions.end(token)
    other.close()
    assert ledger.sessions._lately.seconds <= 2.0
    ledger.sessions._lately.seconds = 0.0
    assert ledger.sessions.find(token) is None


def test_the_token_is_never_on_the_disk(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    anna = opened.members.add("anna@example.org", "Anna", "viewer", {})
    tokens = [opened.sessions.start(anna.id, "password", "the browser") for _ in range(10)] + [opened.links.make("reset", anna.id, "Bo")]
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"the browser" in on_disk
    assert not any(token[:12].encode() in on_disk for token in tokens)
    opened.close()


def test_sessions_that_are_over_are_swept(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    ledger.sessions.start(anna.id, "password", "", lasts=timedelta(hours=1))
    ledger_clock.forward(HOUR_S)
    ledger.sessions.start(anna.id, "password", "")
    assert ledger.sessions.end_all(anna.id) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["start", "end", "all", "wait"]), st.integers(0, 5)), max_size=12))
def test_those_found_are_those_that_began_and_did_not_end(ledger: Ledger, ledger_clock: HandClock, steps: list[tuple[str, int]]) -> None:
    """A small model: a dict of the tokens that live."""
    anna = ledger.members.by_email("law@example.org") or ledger.members.add("law@example.org", "Anna", "viewer", {})
    ledger.sessions.end_all(anna.id)
    alive: dict[str, bool] = {}
    for step, n in steps:
        if step == "start":
            alive[ledger.sessions.start(anna.id, "password", "")] = True
        elif step == "end" and alive:
            token = list(alive)[n % len(alive)]
            ledger.sessions.end(token)
            alive[token] = False
        elif step == "all":
            ledger.sessions.end_all(anna.id)
            alive = dict.fromkeys(alive, False)
        elif step == "wait":
            ledger_clock.forward(n)
        assert {token: ledger.sessions.find(token) is not None for token in alive} == alive
        assert len(ledger.sessions.of(anna.id)) == sum(alive.values())
