"""Members."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger import Ledger, Member
from gensvar.ledger.members import folded
from tests.ledgers import SECRET, HandClock

LIMITED = {"rows": {"market": ["NO"]}, "free_text": False, "least": {}}


@pytest.fixture
def anna(ledger: Ledger) -> Member:
    return ledger.members.add("Anna@Example.org ", "Anna Ek", "administrator", {})


def test_a_member_is_kept_as_she_was_added(ledger: Ledger, ledger_clock: HandClock) -> None:
    made = ledger.members.add("Åsa@Example.org", "Åsa", "contributor", LIMITED, "hashed")
    assert made == ledger.members.get(made.id) == ledger.members.by_email("åSA@example.ORG")
    assert (made.email, made.name, made.role, made.scope) == ("åsa@example.org", "Åsa", "contributor", LIMITED)
    assert (made.has_password, made.has_totp, made.has_sso, made.made_at, made.seen_at) == (True, False, False, ledger_clock.now(), None)
    assert ledger.members.password_of(made.id) == "hashed"
    assert ledger.members.count() == 1


def test_an_address_belongs_to_one(ledger: Ledger, anna: Member) -> None:
    with pytest.raises(Conflict, match=r"here already, anna@example\.org"):
        ledger.members.add("ANNA@example.org", "Another", "viewer", {})
    assert ledger.members.all() == [anna]
    assert folded("STRASSE@Example.org") == folded("straße@example.org")


def test_who_is_not_there_is_not_found(ledger: Ledger) -> None:
    assert ledger.members.by_email("nobody@example.org") is None
    assert ledger.members.by_subject("nobody") is None
    for ask in (ledger.members.get, ledger.members.password_of, ledger.members.disable, ledger.members.enable, ledger.members.totp_of):
        with pytest.raises(NotFound, match="No member 7"):
            ask(7)


def test_they_are_listed_by_name(ledger: Ledger) -> None:
    for name in ("bo", "Cecilia", "Anna"):
        ledger.members.add(f"{name}@example.org", name, "viewer", {})
    assert [m.name for m in ledger.members.all()] == ["Anna", "bo", "Cecilia"]


def test_what_can_be_changed_is_changed(ledger: Ledger, anna: Member) -> None:
    ledger.members.add("bo@example.org", "Bo", "administrator", {})
    changed = ledger.members.change(anna.id, name="Anna Berg", role="viewer", scope=LIMITED, language="sv", zone="Europe/Oslo")
    assert (changed.name, changed.role, changed.scope, changed.language, changed.zone) == ("Anna Berg", "viewer", LIMITED, "sv", "Europe/Oslo")
    assert ledger.members.get(anna.id) == changed
    with pytest.raises(TypeError, match="password"):
        ledger.members.change(anna.id, password="plain")


def test_the_last_administrator_stays(ledger: Ledger, anna: Member) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "administrator", {})
    ledger.members.disable(bo.id)
    with pytest.raises(Conflict, match="last administrator"):
        ledger.members.disable(anna.id)
    with pytest.raises(Conflict, match="last administrator"):
        ledger.members.change(anna.id, role="analyst")
    assert ledger.members.change(anna.id, name="Anna Berg", role="administrator").name == "Anna Berg"
    ledger.members.enable(bo.id)
    assert ledger.members.change(anna.id, role="analyst").role == "analyst"


def test_two_administrators_cannot_end_each_other_at_once(ledger: Ledger, anna: Member) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "administrator", {})
    ready, refused = threading.Barrier(2), []

    def disable(who: int) -> None:
        ready.wait()
        try:
            ledger.members.disable(who)
        except Conflict:
            refused.append(who)

    both = [threading.Thread(target=disable, args=(who,)) for who in (anna.id, bo.id)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1
    assert [m.id for m in ledger.members.all() if m.disabled_at is None] == refused


def test_who_is_disabled_is_out_at_once(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "viewer", {})
    session, link = ledger.sessions.start(bo.id, "password", ""), ledger.links.make("reset", bo.id, "Anna")
    assert ledger.sessions.find(session) is not None
    assert ledger.members.disable(bo.id).disabled_at == ledger_clock.now()
    assert ledger.sessions.find(session) is None
    assert ledger.links.use(link) is None
    assert ledger.sessions.find(ledger.sessions.start(bo.id, "password", "")) is None
    assert ledger.members.enable(bo.id).disabled_at is None
    assert ledger.sessions.find(session) is None


def test_a_new_password_ends_the_sessions(ledger: Ledger, anna: Member) -> None:
    mine, other = (ledger.sessions.start(anna.id, "password", "") for _ in range(2))
    ledger.members.set_password(anna.id, "new", keep=mine)
    assert (ledger.sessions.find(mine) is not None, ledger.sessions.find(other)) == (True, None)
    ledger.members.set_password(anna.id, "newer")
    assert ledger.sessions.find(mine) is None
    assert ledger.members.password_of(anna.id) == "newer"


def test_a_rehash_never_undoes_a_new_password(ledger: Ledger, anna: Member) -> None:
    ledger.members.set_password(anna.id, "old")
    session = ledger.sessions.start(anna.id, "password", "")
    ledger.members.rehash_password(anna.id, "old", "old, better kept")
    assert ledger.members.password_of(anna.id) == "old, better kept"
    assert ledger.sessions.find(session) is not None
    ledger.members.rehash_password(anna.id, "old", "too late")
    assert ledger.members.password_of(anna.id) == "old, better kept"


def test_the_first_administrator_is_made_once(ledger: Ledger) -> None:
    made = ledger.members.first("anna@example.org", "Anna", "hashed")
    assert (made.role, made.scope) == ("administrator", {})
    with pytest.raises(Conflict, match="first administrator already"):
        ledger.members.first("mallory@example.org", "Mallory", "hashed")
    assert ledger.members.count() == 1


def test_a_subject_is_one_members_for_good(ledger: Ledger, anna: Member) -> None:
    assert ledger.members.link_subject(anna.id, "https://id.example.org|42").has_sso
    assert ledger.members.by_subject("https://id.example.org|42") == ledger.members.get(anna.id)
    ledger.members.link_subject(anna.id, "https://id.example.org|42")
    with pytest.raises(Conflict):
        ledger.members.link_subject(anna.id, "https://id.example.org|43")


def test_a_step_is_used_once_and_never_backwards(ledger: Ledger, anna: Member) -> None:
    assert not ledger.members.use_step(anna.id, 100)
    ledger.members.set_totp(anna.id, "JBSWY3DPEHPK3PXP", 100, [])
    assert ledger.members.get(anna.id).has_totp
    assert ledger.members.totp_of(anna.id) == "JBSWY3DPEHPK3PXP"
    assert [ledger.members.use_step(anna.id, step) for step in (100, 101, 101, 99, 103, 102)] == [False, True, False, False, True, False]
    assert ledger.members.totp_of(anna.id) == "JBSWY3DPEHPK3PXP"
    ledger.members.clear_totp(anna.id)
    assert (ledger.members.totp_of(anna.id), ledger.members.get(anna.id).has_totp, ledger.members.use_step(anna.id, 200)) == (None, False, False)


def test_one_step_for_many_at_once_lets_one_in(ledger: Ledger, anna: Member) -> None:
    ledger.members.set_totp(anna.id, "JBSWY3DPEHPK3PXP", 1, [])
    assert _how_many(lambda: ledger.members.use_step(anna.id, 2)) == 1


def test_a_recovery_code_is_used_once(ledger: Ledger, anna: Member) -> None:
    ledger.members.set_totp(anna.id, "JBSWY3DPEHPK3PXP", 1, ["one", "two"])
    assert ledger.members.codes_left(anna.id) == 2
    assert [ledger.members.use_code(anna.id, code) for code in ("one", "one", "three", "")] == [True, False, False, False]
    assert _how_many(lambda: ledger.members.use_code(anna.id, "two")) == 1
    assert ledger.members.codes_left(anna.id) == 0


def test_neither_factor_lies_in_the_open(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    anna = opened.members.add("anna@example.org", "Anna", "viewer", {})
    opened.members.set_totp(anna.id, "JBSWY3DPEHPK3PXP", 1, ["abcd-efgh-ijkl"])
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"anna@example.org" in on_disk
    assert b"JBSWY3DP" not in on_disk
    assert b"abcd-efgh" not in on_disk
    opened.close()


def _how_many(let_in: Callable[[], bool]) -> int:
    """How many of eight at once are let in."""
    ready, found = threading.Barrier(8), []

    def try_it() -> None:
        ready.wait()
        found.append(let_in())

    all_of_them = [threading.Thread(target=try_it) for _ in range(8)]
    for one in all_of_them:
        one.start()
    for one in all_of_them:
        one.join()
    return found.count(True)
