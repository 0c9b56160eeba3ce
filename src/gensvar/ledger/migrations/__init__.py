"""migrations: how a ledger of any release becomes one of this release. Run by the ledger itself when it opens; there is no file to configure."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from gensvar.kit.errors import Unavailable


def head() -> str:
    """The revision of this release."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def revision(conn: Connection) -> str | None:
    """The revision that the database has, or None where it has no ledger yet."""
    return MigrationContext.configure(conn).get_current_revision()


def migrate(conn: Connection, to: str = "head") -> None:
    """Brings the database to a revision, in the connection's transaction. Unavailable where a newer release has written it."""
    stands = revision(conn)
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if stands is not None and stands not in known:
        raise Unavailable(f"This ledger was written by a newer Gensvar (revision {stands})", do="Start it with that release or a later one.")
    if stands != to and (to != "head" or stands != head()):
        command.upgrade(_config(conn), to)


def empty(conn: Connection) -> bool:
    """Whether the database has no table at all."""
    return not inspect(conn).get_table_names()


def _config(conn: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "gensvar.ledger:migrations")
    config.attributes["connection"] = conn
    return config
