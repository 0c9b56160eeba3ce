"""The ledger of the first release."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT, TEXT, BLOB, KEY16 = sa.BigInteger, sa.Text, sa.LargeBinary, sa.LargeBinary(16)
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _intake()
    _definitions()
    _people()
    _set_aside()
    _work()
    _trust()


def _intake() -> None:
    _keyed("about", _key("name", TEXT), _must("value", TEXT))
    _numbered(
        "inbox",
        _must("op", TEXT),
        _must("source", TEXT),
        _must("signals", sa.Integer),
        _may("key_id", sa.BigInteger),
        _must("received_at", MOMENT),
        _must("body", BLOB),
    )
    op.create_index("inbox_by_age", "inbox", ["received_at", "signals"])
    _keyed("inbox_leases", _key("source", TEXT), _must("owner", TEXT), _must("until", MOMENT), _must("upto", sa.BigInteger))
    for name in ("seen", "seen_lately"):
        key = sa.Column("key", _number(), autoincrement=False, nullable=False)
        op.create_table(name, key, _must("moment_ms", sa.BigInteger), sa.PrimaryKeyConstraint("key", name=f"{name}_key"))


def _definitions() -> None:
    _keyed(
        "contracts",
        _key("source", TEXT),
        _key("version", sa.Integer),
        _must("yaml", TEXT),
        _must("added_at", MOMENT),
        _must("by", TEXT),
        _may("removed_at", MOMENT),
    )
    _keyed("measures", _key("key", TEXT), _must("definition", TEXT), _must("added_at", MOMENT), _must("by", TEXT))


def _people() -> None:
    _keyed(
        "people_keys",
        _key("key", KEY16),
        _must("kind", TEXT),
        _must("namespace", TEXT),
        _must("party", KEY16),
        _must("first_seen", MOMENT),
    )
    op.create_index("people_keys_by_party", "people_keys", ["party"])
    _keyed("people_merges", _key("old", KEY16), _must("into", KEY16), _must("at", MOMENT), _must("evidence", TEXT))
    op.create_index("people_merges_by_into", "people_merges", ["into"])
    _keyed(
        "contacts",
        _key("key", KEY16),
        _key("kind", TEXT),
        _must("party", KEY16),
        _must("mark", BLOB),
        _must("sealed", BLOB),
        _must("at", MOMENT),
    )
    op.create_index("contacts_by_party", "contacts", ["party"])


def _set_aside() -> None:
    _numbered(
        "set_aside",
        *(_must(name, TEXT) for name in ("source", "reason", "record", "item", "field")),
        _must("line", sa.BigInteger),
        _must("origin", TEXT),
        _must("state", TEXT),
        _must("added_at", MOMENT),
        _may("settled_at", MOMENT),
        _may("settled_by", TEXT),
        *(_must(name, BLOB) for name in ("mark", "message", "raw")),
    )
    op.create_index("set_aside_by_added_at", "set_aside", ["added_at"])
    op.create_index("set_aside_by_reason", "set_aside", ["state", "source", "reason", "id"])
    op.create_index("set_aside_open_once", "set_aside", ["mark"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _work() -> None:
    _numbered(
        "jobs",
        _must("kind", TEXT),
        _must("args", sa.JSON),
        _must("state", TEXT),
        _may("owner", TEXT),
        _may("until", MOMENT),
        _must("tries", sa.Integer),
        _must("stop", sa.Boolean),
        _must("progress", sa.JSON),
        _must("result", sa.JSON),
        _must("error", TEXT),
        _must("added_at", MOMENT),
        _may("started_at", MOMENT),
        _may("ended_at", MOMENT),
    )
    op.create_index("jobs_by_state", "jobs", ["state"])
    _numbered(
        "imports",
        *(_must(name, TEXT) for name in ("source", "path", "sha256", "contract")),
        _must("position", sa.BigInteger),
        _must("counts", sa.JSON),
        _must("state", TEXT),
        _must("receipt", sa.JSON),
        _must("started_at", MOMENT),
        _must("updated_at", MOMENT),
        _may("ended_at", MOMENT),
    )
    op.create_index("imports_by_source", "imports", ["source"])
    _keyed("dirty_days", _key("day", sa.Date))


def _trust() -> None:
    number = sa.Column("id", sa.BigInteger, autoincrement=False, primary_key=True)
    _keyed("audit", number, _must("at", MOMENT), *(_must(name, TEXT) for name in ("who", "did", "what", "detail")), _must("hash", BLOB))
    _numbered(
        "keys",
        _must("name", TEXT),
        _must("scopes", TEXT),
        sa.Column("hash", BLOB, nullable=False, unique=True),
        _must("made_at", MOMENT),
        _may("until", MOMENT),
        _may("revoked_at", MOMENT),
    )


def _number() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True)


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=True)


def _keyed(name: str, *columns: "sa.Column[Any]") -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _numbered(name: str, *columns: "sa.Column[Any]") -> None:
    op.create_table(name, sa.Column("id", _number(), primary_key=True, autoincrement=True), *columns, sqlite_autoincrement=True)
