"""Originals: sealed, for a time, and gone with their row."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gensvar.kit.errors import Unavailable
from gensvar.ledger import Ledger
from gensvar.ledger.tables import ORIGINALS
from tests.ledgers import OTHER_SECRET, SECRET, HandClock

ONE, TWO = b"1" * 16, b"2" * 16
DAY = 86_400
SAID = "Ring Anna på 070-123 45 67"


def test_an_original_is_there_until_its_time_is_up(ledger: Ledger, ledger_clock: HandClock) -> None:
    until = ledger_clock.now() + timedelta(days=2)
    ledger.originals.keep({ONE: SAID, TWO: "x\x00\ud800"}, until)
    assert (ledger.originals.open(ONE), ledger.originals.open(TWO), ledger.originals.there(ONE)) == (SAID, "x\x00\ud800", until)
    ledger_clock.forward(2 * DAY)
    assert (ledger.originals.open(ONE), ledger.originals.there(ONE), ledger.originals.count()) == (None, None, 2)
    assert ledger.originals.purge(ledger_clock.now() + timedelta(days=30)) == 2
    assert ledger.originals.count() == 0


def test_sending_again_changes_the_text_and_extends_nothing(ledger: Ledger, ledger_clock: HandClock) -> None:
    until = ledger_clock.now() + timedelta(days=2)
    ledger.originals.keep({ONE: SAID}, until)
    ledger.originals.keep({ONE: "Ring Bo"}, until + timedelta(days=1))
    assert (ledger.originals.open(ONE), ledger.originals.there(ONE)) == ("Ring Bo", until)


def test_a_lower_setting_takes_out_what_it_would_not_have_kept(ledger: Ledger, ledger_clock: HandClock) -> None:
    ledger.originals.keep({ONE: SAID}, ledger_clock.now() + timedelta(days=30))
    ledger.originals.keep({TWO: SAID}, ledger_clock.now() + timedelta(days=5))
    assert ledger.originals.purge(ledger_clock.now() + timedelta(days=7)) == 1
    assert (ledger.originals.open(ONE), ledger.originals.open(TWO)) == (None, SAID)


def test_forgetting_a_row_forgets_its_original(ledger: Ledger, ledger_clock: HandClock) -> None:
    ledger.originals.keep({ONE: SAID, TWO: SAID}, ledger_clock.now() + timedelta(days=1))
    assert ledger.originals.forget([ONE, ONE, b"3" * 16]) == 1
    assert (ledger.originals.open(ONE), ledger.originals.open(TWO)) == (None, SAID)
    assert ledger.originals.forget([]) == 0


def test_in_the_database_nobody_reads_it_and_it_opens_for_its_own_row_only(ledger: Ledger, ledger_clock: HandClock) -> None:
    ledger.originals.keep({ONE: SAID}, ledger_clock.now() + timedelta(days=1))
    with ledger._db.write() as conn:
        sealed = conn.scalar(select(ORIGINALS.c.sealed))
        assert b"Anna" not in sealed
        conn.execute(ORIGINALS.update().values(row=TWO))
    with pytest.raises(Unavailable, match="does not open"):
        ledger.originals.open(TWO)


def test_a_backup_holds_originals_and_opens_with_the_same_secret_only(ledger: Ledger, ledger_clock: HandClock, tmp_path: Path) -> None:
    ledger.originals.keep({ONE: SAID}, ledger_clock.now() + timedelta(days=1))
    folder = tmp_path / "backup"
    folder.mkdir()
    ledger.backup(folder)
    again = Ledger.restore(folder, f"sqlite:///{tmp_path / 'again.db'}", SECRET, ledger_clock)
    assert again.originals.open(ONE) == SAID
    again.close()
    with pytest.raises(Unavailable, match="another secret"):
        Ledger.restore(folder, f"sqlite:///{tmp_path / 'other.db'}", OTHER_SECRET, ledger_clock)
