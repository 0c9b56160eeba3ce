"""ledger: the operational database. Reads and writes: SQLite or PostgreSQL. Promises: what returned is on disk; calls can commit as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from gensvar.contracts.rows import NewKey
from gensvar.kit.clock import Clock
from gensvar.kit.errors import Unavailable
from gensvar.ledger.annotations import Annotation, Annotations
from gensvar.ledger.assumptions import Assumption, Assumptions
from gensvar.ledger.attempts import Attempts
from gensvar.ledger.audit import Audit, Deed
from gensvar.ledger.backup import read_backup, write_backup
from gensvar.ledger.connect import Database
from gensvar.ledger.contacts import Contacts
from gensvar.ledger.days import Days
from gensvar.ledger.failures import in_our_words
from gensvar.ledger.findings import Finding, Findings
from gensvar.ledger.imports import Import, Imports
from gensvar.ledger.inbox import Backlog, Entry, Inbox
from gensvar.ledger.jobs import Job, Jobs
from gensvar.ledger.keys import ApiKey, Keys
from gensvar.ledger.labels import Label, Labels
from gensvar.ledger.links import Link, Links
from gensvar.ledger.measures import Definitions
from gensvar.ledger.members import Member, Members
from gensvar.ledger.migrations import migrate
from gensvar.ledger.originals import Originals
from gensvar.ledger.patterns import Pattern, Patterns
from gensvar.ledger.people import People
from gensvar.ledger.proposals import Proposal, Proposals
from gensvar.ledger.releases import Release, Releases
from gensvar.ledger.remarks import PutAway, Remark, Remarks
from gensvar.ledger.seal import Box, derived
from gensvar.ledger.seen import Seen
from gensvar.ledger.sessions import Session, Sessions
from gensvar.ledger.set_aside import Aside, Kept
from gensvar.ledger.sources import Agreed, Contracts
from gensvar.ledger.tables import ABOUT
from gensvar.ledger.taxonomies import Taxonomies
from gensvar.ledger.text_models import TextModel, TextModels
from gensvar.ledger.themes import Theme, ThemeRun, Themes
from gensvar.ledger.upkeep import Upkeep
from gensvar.ledger.vectors import VectorStore
from gensvar.ledger.views import SavedView, Views
from gensvar.ledger.wanted_words import WantedWord, WantedWords

BELONGS_TO = "belongs_to"


class Ledger:
    """Every part of the operational database. Safe from several threads; open it anew after a fork. On SQLite one process writes."""

    def __init__(self, database: Database, secret: bytes, clock: Clock) -> None:
        now = clock.now
        self._db = database
        self.inbox = Inbox(database, now, Box(secret, "inbox"))
        self.seen = Seen(database, now)
        self.contracts = Contracts(database, now)
        self.measures = Definitions(database, now)
        self.originals = Originals(database, now, Box(secret, "originals"))
        self.patterns = Patterns(database, now)
        self.people = People(database, now)
        self.contacts = Contacts(database, now, Box(secret, "contacts"))
        self.set_aside = Aside(database, now, Box(secret, "set aside"))
        self.jobs = Jobs(database, now)
        self.imports = Imports(database, now)
        self.days = Days(database, now)
        self.audit = Audit(database, now, secret)
        self.keys = Keys(database, now, secret)
        self.sessions = Sessions(database, now, secret)
        self.members = Members(database, now, secret, self.sessions)
        self.links = Links(database, now, secret)
        self.attempts = Attempts(database, now, Box(secret, "attempts"))
        self.annotations = Annotations(database, now)
        self.views = Views(database, now)
        self.proposals = Proposals(database, now)
        self.remarks = Remarks(database, now)
        self.put_away = PutAway(database, now)
        self.releases = Releases(database, now)
        self.labels = Labels(database, now)
        self.text_models = TextModels(database, now)
        self.vectors = VectorStore(database, now)
        self.taxonomies = Taxonomies(database, now)
        self.themes = Themes(database, now)
        self.wanted_words = WantedWords(database, now)
        self.findings = Findings(database, now)
        self.assumptions = Assumptions(database, now)
        self._upkeep = Upkeep(database, self.seen.tidy) if database.lite else None

    @classmethod
    def open(cls, url: str, secret: bytes, clock: Clock) -> "Ledger":
        """The ledger at this address (sqlite:///path or postgresql+psycopg://…), brought to this release where it is older.

        Unavailable where it does not answer, was written by a newer release, or belongs to another secret.
        """
        database = Database(url)
        try:
            with database.write() as conn:
                database.lock(conn, "migrate")
                migrate(conn)
                _must_be_ours(conn, secret)
        except BaseException:
            database.close()
            raise
        return cls(database, secret, clock)

    @classmethod
    def restore(cls, folder: Path, url: str, secret: bytes, clock: Clock) -> "Ledger":
        """A ledger made at this address from a backup, be it of SQLite or PostgreSQL; Conflict where one stands there already."""
        database = Database(url)
        try:
            with database.write() as conn:
                read_backup(database, conn, folder)
                _must_be_ours(conn, secret)
        finally:
            database.close()
        return cls.open(url, secret, clock)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What this thread does in the block is on disk together when it ends, or not at all. Keep it short: on SQLite others wait."""
        with self._db.write():
            yield

    def backup(self, folder: Path) -> None:
        """Writes all tables, as they stand at one moment, to a new folder `ledger` in this one; others may go on writing."""
        with self._db.snapshot() as conn, in_our_words(f"at {folder}"):
            write_backup(conn, folder)

    def ping(self) -> None:
        """Returns where the database answers; Unavailable otherwise."""
        with self._db.read() as conn:
            conn.execute(select(1))

    def close(self) -> None:
        """Commits what waits in the inbox's queue and lets the database go."""
        self.inbox.close()
        self.keys.close()
        if self._upkeep is not None:
            self._upkeep.close()
        self._db.close()


def _must_be_ours(conn: Connection, secret: bytes) -> None:
    """Remembers a mark of the secret in a new ledger; Unavailable where an old one bears the mark of another."""
    mark = derived(secret, "mark").hex()
    stands = conn.scalar(select(ABOUT.c.value).where(ABOUT.c.name == BELONGS_TO))
    if stands is None:
        conn.execute(ABOUT.insert().values(name=BELONGS_TO, value=mark))
    elif stands != mark:
        raise Unavailable("This ledger belongs to another secret key", do="Start with the secret key that lies in its own data folder.")


__all__ = [
    "Agreed", "Annotation", "ApiKey", "Assumption", "Backlog", "Deed", "Entry", "Finding", "Import", "Job", "Kept", "Label", "Ledger", "Link",
    "Member", "NewKey", "Pattern", "Proposal", "Release", "Remark", "SavedView", "Session",
    "TextModel", "Theme", "ThemeRun", "WantedWord",
]  # fmt: skip
