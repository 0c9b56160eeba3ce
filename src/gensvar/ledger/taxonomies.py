"""The topics of the house: every version that ever was in force, who made it and what was done. Version 0 ships and stands nowhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from gensvar.contracts.topic_changes import undone
from gensvar.contracts.topics import Taxonomy, read_taxonomy, shipped, written
from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import TAXONOMIES


@dataclass(frozen=True, slots=True)
class Step:
    """One version: what was done to make it, as “add koer_i_kassan”, by whom, when."""

    version: int
    did: str
    by: str
    at: datetime


class Taxonomies(Part):
    _last: Taxonomy | None = None

    def current(self) -> Taxonomy:
        """The topics in force. Read anew only where somebody has changed them."""
        with self._db.read() as conn:
            version = int(conn.scalar(select(func.max(TAXONOMIES.c.version))) or 0)
        if self._last is None or self._last.version != version:
            self._last = self.at(version)
        return self._last

    def at(self, version: int) -> Taxonomy:
        """The topics of that version. NotFound where there was none."""
        if version == 0:
            return shipped()
        with self._db.read() as conn:
            body = conn.scalar(select(TAXONOMIES.c.body).where(TAXONOMIES.c.version == version))
        if body is None:
            raise NotFound(f"No version {version} of the topics", do="The page Topics lists the versions.")
        return read_taxonomy(version, body)

    def history(self) -> list[Step]:
        """Every version, newest first."""
        columns = (TAXONOMIES.c.version, TAXONOMIES.c.did, TAXONOMIES.c.by, TAXONOMIES.c.made_at)
        with self._db.read() as conn:
            return [Step(*row) for row in conn.execute(select(*columns).order_by(TAXONOMIES.c.version.desc()))]

    def change(self, taxonomy: Taxonomy, did: str, by: str) -> Taxonomy:
        """Puts topics in force as the next version. taxonomy.version: of that which was changed; Conflict where another is in force by now."""
        with self._db.write() as conn:
            self._db.lock(conn, "taxonomies")
            now = int(conn.scalar(select(func.max(TAXONOMIES.c.version))) or 0)
            if now != taxonomy.version:
                raise Conflict("Somebody else has changed the topics meanwhile", do="Load the page again and repeat your change.")
            row = {"version": now + 1, "body": written(taxonomy), "did": did, "by": by, "made_at": self._now()}
            conn.execute(insert(TAXONOMIES).values(row))
        return Taxonomy(now + 1, taxonomy.topics)

    def undo(self, version: int, by: str) -> Taxonomy:
        """The topics as they were under an earlier version, as the next version."""
        return self.change(undone(self.current(), self.at(version)), f"undo {version}", by)
