"""Contacts, sealed."""

from pathlib import Path

import pytest

from gensvar.contracts.rows import Contact
from gensvar.kit.errors import Unavailable
from gensvar.kit.ids import record_key
from gensvar.ledger import Ledger
from tests.ledgers import SECRET, HandClock

ANNA, BO = record_key("party", "anna"), record_key("party", "bo")
MAIL, PHONE = Contact(b"m" * 16, "email", "anna.berg@exempel.se"), Contact(b"p" * 16, "phone", "+46701234567")
NAME = Contact(b"m" * 16, "name", "Anna Berg-Øst 🦐")


def test_contacts_come_back_in_plain_text(ledger: Ledger) -> None:
    assert ledger.contacts.seal({ANNA: [MAIL, PHONE, NAME], BO: []}) == 3
    assert ledger.contacts.open(ANNA) == [MAIL, NAME, PHONE]
    assert ledger.contacts.open(BO) == []
    assert ledger.contacts.seal({}) == 0


def test_the_same_again_writes_nothing_and_a_change_replaces(ledger: Ledger) -> None:
    ledger.contacts.seal({ANNA: [MAIL, PHONE]})
    assert ledger.contacts.seal({ANNA: [MAIL, PHONE]}) == 0
    moved = Contact(PHONE.key, "phone", "+46709999999")
    assert ledger.contacts.seal({ANNA: [MAIL, moved]}) == 1
    assert ledger.contacts.open(ANNA) == [MAIL, moved]


def test_a_contact_belongs_to_one_party(ledger: Ledger) -> None:
    ledger.contacts.seal({ANNA: [MAIL]})
    assert ledger.contacts.seal({BO: [MAIL]}) == 1
    assert (ledger.contacts.open(ANNA), ledger.contacts.open(BO)) == ([], [MAIL])


def test_erasing_forgets_one_party_only(ledger: Ledger) -> None:
    ledger.contacts.seal({ANNA: [MAIL, NAME], BO: [PHONE]})
    assert ledger.contacts.erase(ANNA) == 2
    assert (ledger.contacts.open(ANNA), ledger.contacts.open(BO)) == ([], [PHONE])


def test_a_sealed_value_cannot_be_moved_to_another_row(ledger: Ledger) -> None:
    ledger.contacts.seal({ANNA: [MAIL], BO: [PHONE]})
    with ledger._db.write() as conn:
        conn.exec_driver_sql("UPDATE contacts SET sealed = (SELECT c.sealed FROM contacts AS c WHERE c.kind = 'email') WHERE kind = 'phone'")
    with pytest.raises(Unavailable, match="does not open"):
        ledger.contacts.open(BO)


def test_no_plain_text_reaches_the_disk(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    opened.contacts.seal({ANNA: [MAIL, PHONE, NAME]})
    opened.inbox.submit("feedback", "shop", b"anna.berg@exempel.se was here", 1).result(10)
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"contacts" in on_disk
    for plain in (b"anna.berg", b"4670123", b"Anna Berg", b"was here", SECRET):
        assert plain not in on_disk
    opened.close()
