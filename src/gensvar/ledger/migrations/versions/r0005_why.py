"""What is found by itself each night, and what people assume."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT, TEXT, JSON = sa.BigInteger, sa.Text, sa.JSON


def upgrade() -> None:
    _numbered("findings", _must("kind", TEXT), _must("key", TEXT), _must("body", JSON), _must("made_at", MOMENT))
    op.create_index("findings_by_kind", "findings", ["kind", "key", "id"])
    _numbered(
        "assumptions",
        _must("text", TEXT),
        _must("test", JSON),
        _must("by", TEXT),
        _must("every_days", sa.Integer),
        _must("added_at", MOMENT),
        sa.Column("removed_at", MOMENT),
    )


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _numbered(name: str, *columns: "sa.Column[Any]") -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(name, sa.Column("id", number, primary_key=True, autoincrement=True), *columns, sqlite_autoincrement=True)
