"""Members with their sessions and one-time links, saved views, annotations, and what has been released of those who answer unnamed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT, TEXT, BLOB, DAY = sa.BigInteger, sa.Text, sa.LargeBinary, sa.Date


def upgrade() -> None:
    op.add_column("keys", sa.Column("used_at", MOMENT, nullable=True))
    op.add_column("keys", sa.Column("scope", TEXT, nullable=False, server_default="{}"))
    _members()
    _ways_in()
    _pages()
    _keyed(
        "releases",
        *(sa.Column(name, kind, primary_key=True) for name, kind in (("audience", TEXT), ("measure", TEXT), ("month", DAY), ("batch", sa.Integer))),
        _must("least", sa.Integer),
        _must("ids", BLOB),
        _must("blocks", sa.JSON),
        _must("made_at", MOMENT),
    )


def _members() -> None:
    _numbered(
        "members",
        sa.Column("email", TEXT, nullable=False, unique=True),
        *(_must(name, TEXT) for name in ("name", "role")),
        _must("scope", sa.JSON),
        _must("password", TEXT),
        _may("totp", BLOB),
        _must("recovery", sa.JSON),
        sa.Column("subject", TEXT, unique=True),
        *(_must(name, TEXT) for name in ("language", "zone")),
        _must("made_at", MOMENT),
        _may("seen_at", MOMENT),
        _may("disabled_at", MOMENT),
    )


def _ways_in() -> None:
    _keyed(
        "sessions",
        sa.Column("hash", BLOB, primary_key=True),
        _must("member", sa.BigInteger),
        *(_must(name, TEXT) for name in ("how", "agent")),
        *(_must(name, MOMENT) for name in ("made_at", "seen_at", "until")),
    )
    op.create_index("sessions_by_member", "sessions", ["member"])
    _keyed(
        "links",
        sa.Column("hash", BLOB, primary_key=True),
        _must("kind", TEXT),
        _may("member", sa.BigInteger),
        _must("by", TEXT),
        *(_must(name, MOMENT) for name in ("made_at", "until")),
        _may("used_at", MOMENT),
    )
    _numbered("attempts", _must("who", BLOB), _must("at", MOMENT))
    for column in ("who", "at"):
        op.create_index(f"attempts_by_{column}", "attempts", [column])


def _pages() -> None:
    _numbered(
        "views",
        *(_must(name, TEXT) for name in ("name", "address")),
        _must("member", sa.BigInteger),
        _must("shared", sa.Boolean),
        _must("made_at", MOMENT),
    )
    op.create_index("views_by_member", "views", ["member"])
    _numbered(
        "annotations",
        _must("day", DAY),
        *(_must(name, TEXT) for name in ("text", "measure")),
        _must("where", sa.JSON),
        _must("by", TEXT),
        _must("added_at", MOMENT),
        _may("removed_at", MOMENT),
    )
    op.create_index("annotations_by_day", "annotations", ["day"])


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=True)


def _keyed(name: str, *columns: "sa.Column[Any]") -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _numbered(name: str, *columns: "sa.Column[Any]") -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(name, sa.Column("id", number, primary_key=True, autoincrement=True), *columns, sqlite_autoincrement=True)
