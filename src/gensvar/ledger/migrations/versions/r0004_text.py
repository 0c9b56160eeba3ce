"""What text needs: vectors, originals, patterns to redact, taxonomies, labels, themes, own models, and wanted words."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT, TEXT, BYTES, JSON = sa.BigInteger, sa.Text, sa.LargeBinary, sa.JSON


def upgrade() -> None:
    _keyed("vectors", _key("key", BYTES(16)), _key("model", TEXT), _must("vector", BYTES), _must("made_at", MOMENT))
    _keyed("originals", _key("row", BYTES(16)), _must("sealed", BYTES), _must("until", MOMENT))
    op.create_index("originals_by_until", "originals", ["until"])
    _numbered("patterns", *(_must(name, TEXT) for name in ("name", "pattern", "by")), _must("added_at", MOMENT), sa.Column("removed_at", MOMENT))
    _keyed(
        "taxonomies",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _must("body", JSON),
        _must("did", TEXT),
        _must("by", TEXT),
        _must("made_at", MOMENT),
    )
    _labels()
    _keyed(
        "themes",
        _key("id", TEXT),
        _must("found_at", MOMENT),
        _must("seen_at", MOMENT),
        *(_must(name, TEXT) for name in ("state", "name")),
        _must("body", JSON),
        _must("centre", BYTES),
    )
    _numbered("theme_runs", _must("at", MOMENT), _must("scope", TEXT), _must("body", JSON))
    _numbered(
        "text_models",
        *(_must(name, TEXT) for name in ("kind", "state")),
        _must("numbers", JSON),
        _must("body", BYTES),
        _must("by", TEXT),
        _must("made_at", MOMENT),
    )
    op.create_index("text_models_by_kind", "text_models", ["kind"])
    _numbered(
        "wanted_words",
        *(_must(name, TEXT) for name in ("language", "word")),
        _must("also", JSON),
        _must("by", TEXT),
        _must("added_at", MOMENT),
        sa.Column("removed_at", MOMENT),
    )


def _labels() -> None:
    _numbered(
        "labels",
        *(_must(name, BYTES(16)) for name in ("key", "row")),
        *(_must(name, TEXT) for name in ("language", "tone")),
        sa.Column("topics", JSON),
        sa.Column("intent", TEXT),
        _must("member", sa.BigInteger),
        _must("by", TEXT),
        _must("at", MOMENT),
        sa.Column("removed_at", MOMENT),
    )
    op.create_index("labels_by_text", "labels", ["key", "member"])


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True)


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _keyed(name: str, *columns: "sa.Column[Any]") -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _numbered(name: str, *columns: "sa.Column[Any]") -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(name, sa.Column("id", number, primary_key=True, autoincrement=True), *columns, sqlite_autoincrement=True)
