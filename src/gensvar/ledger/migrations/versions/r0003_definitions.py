"""Proposals for definitions, remarks on the quality of data, and what a member has put away."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT, TEXT = sa.BigInteger, sa.Text


def upgrade() -> None:
    _numbered(
        "proposals",
        *(_must(name, TEXT) for name in ("measure", "definition", "why", "by")),
        _must("made_at", MOMENT),
        *(_must(name, TEXT) for name in ("state", "settled_by")),
        sa.Column("settled_at", MOMENT),
        _must("reason", TEXT),
    )
    op.create_index("proposals_by_measure", "proposals", ["measure"])
    _numbered("remarks", *(_must(name, TEXT) for name in ("about", "text", "by")), _must("added_at", MOMENT), sa.Column("removed_at", MOMENT))
    op.create_index("remarks_by_about", "remarks", ["about"])
    op.create_table(
        "put_away",
        sa.Column("member", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("what", TEXT, primary_key=True),
        _must("at", MOMENT),
        sqlite_with_rowid=False,
    )


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _numbered(name: str, *columns: "sa.Column[Any]") -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(name, sa.Column("id", number, primary_key=True, autoincrement=True), *columns, sqlite_autoincrement=True)
