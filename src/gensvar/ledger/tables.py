"""The ledger's tables. Times are whole milliseconds since 1970, UTC; ids from elsewhere are blobs of 16 bytes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from gensvar.ledger.moments import from_ms, to_ms


class Moment(TypeDecorator[datetime]):
    """A moment, UTC, to the millisecond."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value.astimezone(UTC))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


class Words(TypeDecorator[str]):
    """Text from anywhere: what a database cannot hold (NUL, half a surrogate pair) becomes a sign that shows it was there."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(words: str) -> str:
    """The text as both databases can hold it.

    >>> storable("a\\x00b")
    'a␀b'
    """
    if words.isascii() and "\x00" not in words:
        return words
    return words.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")


NUMBERED = BigInteger().with_variant(Integer, "sqlite")
LEDGER = MetaData(
    naming_convention={"ix": "%(table_name)s_by_%(column_0_N_name)s", "pk": "%(table_name)s_key", "uq": "%(table_name)s_one_%(column_0_N_name)s"}
)


def _table(name: str, *parts: Column[Any] | Index) -> Table:
    return Table(name, LEDGER, *parts, sqlite_autoincrement=True)


def _keyed(name: str, *parts: Column[Any] | Index) -> Table:
    return Table(name, LEDGER, *parts, sqlite_with_rowid=False)


def _id() -> Column[int]:
    return Column("id", NUMBERED, primary_key=True, autoincrement=True)


ABOUT = _keyed("about", Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

INBOX = _table(
    "inbox",
    _id(),
    Column("op", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("signals", Integer, nullable=False),
    Column("key_id", BigInteger),
    Column("received_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("inbox_by_age", "received_at", "signals"),
)
INBOX_LEASES = _keyed(
    "inbox_leases",
    Column("source", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("upto", BigInteger, nullable=False),
)
SEEN, SEEN_LATELY = (
    Table(name, LEDGER, Column("key", NUMBERED, primary_key=True, autoincrement=False), Column("moment_ms", BigInteger, nullable=False))
    for name in ("seen", "seen_lately")
)

CONTRACTS = _keyed(
    "contracts",
    Column("source", Words, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("yaml", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("by", Words, nullable=False),
    Column("removed_at", Moment),
)
MEASURES = _keyed(
    "measures",
    Column("key", Words, primary_key=True),
    Column("definition", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("by", Words, nullable=False),
)

PEOPLE_KEYS = _keyed(
    "people_keys",
    Column("key", LargeBinary(16), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("namespace", Words, nullable=False),
    Column("party", LargeBinary(16), nullable=False, index=True),
    Column("first_seen", Moment, nullable=False),
)
PEOPLE_MERGES = _keyed(
    "people_merges",
    Column("old", LargeBinary(16), primary_key=True),
    Column("into", LargeBinary(16), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("evidence", Words, nullable=False),
)
CONTACTS = _keyed(
    "contacts",
    Column("key", LargeBinary(16), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("party", LargeBinary(16), nullable=False, index=True),
    Column("mark", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

SET_ASIDE = _table(
    "set_aside",
    _id(),
    Column("source", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("record", Words, nullable=False),
    Column("item", Words, nullable=False),
    Column("field", Words, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("origin", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("added_at", Moment, nullable=False, index=True),
    Column("settled_at", Moment),
    Column("settled_by", Words),
    Column("mark", LargeBinary, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Index("set_aside_by_reason", "state", "source", "reason", "id"),
    Index("set_aside_open_once", "mark", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)

JOBS = _table(
    "jobs",
    _id(),
    Column("kind", Text, nullable=False),
    Column("args", JSON, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("owner", Text),
    Column("until", Moment),
    Column("tries", Integer, nullable=False),
    Column("stop", Boolean, nullable=False),
    Column("progress", JSON, nullable=False),
    Column("result", JSON, nullable=False),
    Column("error", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
)
IMPORTS = _table(
    "imports",
    _id(),
    Column("source", Words, nullable=False, index=True),
    Column("path", Words, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("contract", Words, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("receipt", JSON, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
DIRTY_DAYS = _keyed("dirty_days", Column("day", Date, primary_key=True))

AUDIT = _keyed(
    "audit",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("did", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
KEYS = _table(
    "keys",
    _id(),
    Column("name", Words, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
    Column("scope", Text, nullable=False, server_default="{}"),
)

MEMBERS = _table(
    "members",
    _id(),
    Column("email", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("password", Text, nullable=False),
    Column("totp", LargeBinary),
    Column("recovery", JSON, nullable=False),
    Column("subject", Words, unique=True),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("seen_at", Moment),
    Column("disabled_at", Moment),
)
SESSIONS = _keyed(
    "sessions",
    Column("hash", LargeBinary, primary_key=True),
    Column("member", BigInteger, nullable=False, index=True),
    Column("how", Text, nullable=False),
    Column("agent", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)
LINKS = _keyed(
    "links",
    Column("hash", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("member", BigInteger),
    Column("by", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("used_at", Moment),
)
ATTEMPTS = _table(
    "attempts",
    _id(),
    Column("who", LargeBinary, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
)

VIEWS = _table(
    "views",
    _id(),
    Column("name", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("member", BigInteger, nullable=False, index=True),
    Column("shared", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
)
ANNOTATIONS = _table(
    "annotations",
    _id(),
    Column("day", Date, nullable=False, index=True),
    Column("text", Words, nullable=False),
    Column("measure", Words, nullable=False),
    Column("where", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
RELEASES = _keyed(
    "releases",
    Column("audience", Text, primary_key=True),
    Column("measure", Words, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("batch", Integer, primary_key=True),
    Column("least", Integer, nullable=False),
    Column("ids", LargeBinary, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
)
PROPOSALS = _table(
    "proposals",
    _id(),
    Column("measure", Words, nullable=False, index=True),
    Column("definition", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_by", Words, nullable=False),
    Column("settled_at", Moment),
    Column("reason", Words, nullable=False),
)
REMARKS = _table(
    "remarks",
    _id(),
    Column("about", Words, nullable=False, index=True),
    Column("text", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
PUT_AWAY = _keyed(
    "put_away",
    Column("member", BigInteger, primary_key=True, autoincrement=False),
    Column("what", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

VECTORS = _keyed(
    "vectors",
    Column("key", LargeBinary(16), primary_key=True),
    Column("model", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
)
ORIGINALS = _keyed(
    "originals",
    Column("row", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)
PATTERNS = _table(
    "patterns",
    _id(),
    Column("name", Words, nullable=False),
    Column("pattern", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
TAXONOMIES = _keyed(
    "taxonomies",
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
    Column("did", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
)
LABELS = _table(
    "labels",
    _id(),
    Column("key", LargeBinary(16), nullable=False),
    Column("row", LargeBinary(16), nullable=False),
    Column("language", Text, nullable=False),
    Column("tone", Text, nullable=False),
    Column("topics", JSON),
    Column("intent", Text),
    Column("member", BigInteger, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("removed_at", Moment),
    Index("labels_by_text", "key", "member"),
)
THEMES = _keyed(
    "themes",
    Column("id", Text, primary_key=True),
    Column("found_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("body", JSON, nullable=False),
    Column("centre", LargeBinary, nullable=False),
)
THEME_RUNS = _table(
    "theme_runs",
    _id(),
    Column("at", Moment, nullable=False),
    Column("scope", Text, nullable=False),
    Column("body", JSON, nullable=False),
)
TEXT_MODELS = _table(
    "text_models",
    _id(),
    Column("kind", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("numbers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("by", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
)
WANTED_WORDS = _table(
    "wanted_words",
    _id(),
    Column("language", Text, nullable=False),
    Column("word", Words, nullable=False),
    Column("also", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
FINDINGS = _table(
    "findings",
    _id(),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("findings_by_kind", "kind", "key", "id"),
)
ASSUMPTIONS = _table(
    "assumptions",
    _id(),
    Column("text", Words, nullable=False),
    Column("test", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("every_days", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
