"""Opening: migrations, the secret, addresses that cannot be."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gensvar.kit.errors import SettingsError, Unavailable
from gensvar.ledger import Ledger
from gensvar.ledger.connect import Database
from gensvar.ledger.migrations import HEAD, head, migrate, revision
from gensvar.ledger.tables import LEDGER
from tests.ledgers import OTHER_SECRET, SECRET, HandClock


def test_the_migrated_schema_is_the_one_in_the_code(ledger: Ledger) -> None:
    with ledger._db.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, LEDGER) == []
        assert revision(conn) == HEAD == head()


def test_sqlite_gets_the_tables_that_the_code_asks_for(tmp_path: Path, ledger_clock: HandClock) -> None:
    """Alembic does not compare WITHOUT ROWID and AUTOINCREMENT, so the DDL itself is compared with that of the metadata."""
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    made = Database(f"sqlite:///{tmp_path / 'made.db'}")
    LEDGER.create_all(made.engine)
    traits = "SELECT name, sql LIKE '%WITHOUT ROWID%', sql LIKE '%AUTOINCREMENT%' FROM sqlite_master"
    what = f"{traits} WHERE type = 'table' AND name <> 'alembic_version' ORDER BY name"
    with opened._db.read() as migrated, made.read() as fresh:
        assert migrated.exec_driver_sql(what).all() == fresh.exec_driver_sql(what).all()
    made.close()
    opened.close()


def test_a_ledger_opens_again_with_what_it_held(ledger_url: str, ledger_clock: HandClock) -> None:
    opened = Ledger.open(ledger_url, SECRET, ledger_clock)
    opened.audit.append("anna", "was", "here")
    opened.close()
    again = Ledger.open(ledger_url, SECRET, ledger_clock)
    again.ping()
    assert [deed.who for deed in again.audit.rows()] == ["anna"]
    again.close()


def test_another_secret_does_not_open_it(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    with pytest.raises(Unavailable, match="another secret key"):
        Ledger.open(ledger_url, OTHER_SECRET, ledger_clock)


def test_a_newer_ledger_is_left_alone(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    with ledger._db.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="newer Gensvar"):
        Ledger.open(ledger_url, SECRET, ledger_clock)


def half(database: Database) -> None:
    with database.write() as conn:
        migrate(conn)
        raise InterruptedError


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'half.db'}")
    with pytest.raises(InterruptedError):
        half(database)
    with database.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    database.close()


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_is_refused(url: str, ledger_clock: HandClock) -> None:
    with pytest.raises(SettingsError, match="cannot live at"):
        Ledger.open(url, SECRET, ledger_clock)


def test_a_database_that_is_not_there_is_unavailable_and_its_password_is_not_told(tmp_path: Path, ledger_clock: HandClock) -> None:
    with pytest.raises(Unavailable) as gone:
        Ledger.open(f"postgresql://gensvar:hunter2@/x?host={tmp_path}", SECRET, ledger_clock)
    assert "hunter2" not in str(gone.value)
    with pytest.raises(Unavailable):
        Ledger.open(f"sqlite:///{tmp_path}/no/such/folder/ledger.db", SECRET, ledger_clock)


def test_sqlite_is_told_to_be_durable(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    with opened._db.read() as conn:
        said = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous", "busy_timeout")}
    assert said == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000}
    opened.close()
