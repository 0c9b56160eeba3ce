"""Words that the organisation wants to be known by, per language, each with the other words that count as it. A removed one stays in the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import WANTED_WORDS

COLUMNS = tuple(WANTED_WORDS.c[name] for name in ("id", "language", "word", "also", "by", "added_at"))


@dataclass(frozen=True, slots=True)
class WantedWord:
    """word: as it is shown; also: words, or several with blanks between, that count as the same."""

    id: int
    language: str
    word: str
    also: tuple[str, ...]
    by: str
    added_at: datetime

    @property
    def phrases(self) -> tuple[str, ...]:
        return (self.word, *self.also)


class WantedWords(Part):
    def add(self, language: str, word: str, also: Sequence[str], by: str) -> int:
        """The word's number. Conflict where it is wanted in this language already."""
        row = {"language": language, "word": word, "also": list(also), "by": by, "added_at": self._now()}
        there = select(WANTED_WORDS.c.id).where(WANTED_WORDS.c.language == language, WANTED_WORDS.c.word == word, WANTED_WORDS.c.removed_at.is_(None))
        with self._db.write() as conn:
            if conn.scalar(there) is not None:
                raise Conflict(f"The word {word!r} is wanted already", do="Remove it first to give it other variants.")
            return int(conn.execute(insert(WANTED_WORDS).values(row).returning(WANTED_WORDS.c.id)).scalar_one())

    def standing(self) -> list[WantedWord]:
        """Those in force, by language, oldest first."""
        what = select(*COLUMNS).where(WANTED_WORDS.c.removed_at.is_(None)).order_by(WANTED_WORDS.c.language, WANTED_WORDS.c.id)
        with self._db.read() as conn:
            return [WantedWord(r.id, r.language, r.word, tuple(r.also), r.by, r.added_at) for r in conn.execute(what)]

    def remove(self, number: int) -> str:
        """The word that is no longer wanted; NotFound where it was not."""
        live = (WANTED_WORDS.c.id == number) & WANTED_WORDS.c.removed_at.is_(None)
        with self._db.write() as conn:
            word = conn.scalar(select(WANTED_WORDS.c.word).where(live))
            if word is None:
                raise NotFound(f"No wanted word {number}", do="It may have been removed; load the page again.")
            conn.execute(update(WANTED_WORDS).where(live).values(removed_at=self._now()))
        return str(word)
