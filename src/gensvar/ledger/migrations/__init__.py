"""migrations: how a ledger of any release becomes one of this release. Run by the ledger itself when it opens; there is no file to configure.

Alembic takes a while to load, so it is loaded only where there is something to do.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from gensvar.kit.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"
"""The revision of this release."""


def head() -> str:
    """The last revision among the scripts."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def revision(conn: Connection) -> str | None:
    """The revision that the database has, or None where it has no ledger yet."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    stands: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return stands


def migrate(conn: Connection, to: str = "head") -> None:
    """Brings the database to a revision, in the connection's transaction. Unavailable where a newer release has written it."""
    stands = revision(conn)
    if stands == HEAD and to in ("head", HEAD):
        return
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if stands is not None and stands not in known:
        raise Unavailable(f"This ledger was written by a newer Gensvar (revision {stands})", do="Start it with that release or a later one.")
    if stands != to and (to != "head" or stands != head()):
        command.upgrade(_config(conn), to)


def empty(conn: Connection) -> bool:
    """Whether the database has no table at all."""
    return not inspect(conn).get_table_names()


def _config(conn: Connection | None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "gensvar.ledger:migrations")
    config.attributes["connection"] = conn
    return config
