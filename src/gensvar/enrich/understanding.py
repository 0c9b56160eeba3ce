"""Understanding: the models of a house put together: language, the reader that ships, what its encoder saw, its own topics, what it taught."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.topics import Taxonomy, shipped
from gensvar.enrich.columns import Understood, understood, with_columns
from gensvar.enrich.own_models import OwnModels
from gensvar.enrich.own_topics import OwnTopics
from gensvar.text.compact import unpacked
from gensvar.text.keys import key_of
from gensvar.text.language import spoken
from gensvar.text.reading import Reading
from gensvar.text.understand import Reader

ENCODER = "e5-small"
OF_TOPICS = re.compile(r"\+topics-[0-9a-f]+|\+examples$")


def encoder_version(setting: str, name: str = "") -> str:
    """What the vectors of the encoder of a setting are known by: of that which ships its version, else a mark of where it is and how it is called."""
    if setting == "none":
        return ""
    return f"{ENCODER}-2" if setting == ENCODER else f"other-{blake2b(f'{setting}|{name}'.encode(), digest_size=4).hexdigest()}"


def but_for_topics(enriched_by: str) -> str:
    """What read a text, whatever the topics in force were.

    >>> but_for_topics("student-3+topics-5f0c+own-2+e5-small-1+examples")
    'student-3+own-2+e5-small-1'
    """
    return OF_TOPICS.sub("", enriched_by)


@cache
def shipped_reader() -> Reader:
    """The reader that ships, loaded once for each process, when it is first needed."""
    return Reader.load()


@dataclass(frozen=True, slots=True)
class Understanding:
    """What texts are read with. encoder: the version of what makes vectors, empty for none. Frozen and picklable: another process reads alike.

    version says all that the columns depend on, so that rows read by another are found and read again.
    """

    languages: tuple[str, ...]
    taxonomy: Taxonomy = field(default_factory=shipped)
    encoder: str = ""
    own: OwnModels = field(default_factory=OwnModels, compare=False)
    topics: OwnTopics = field(default_factory=OwnTopics, compare=False)

    @property
    def version(self) -> str:
        """As it stands in `enriched_by` of a text without a vector."""
        return f"{shipped_reader().version}+topics-{self.taxonomy.mark}{self.own.version}"

    @property
    def refined(self) -> str:
        """The same of a text that the encoder has seen."""
        return f"{self.version}+{self.encoder}{self.topics.version}"

    def read(self, texts: Sequence[str], told: Sequence[str | None], vectors: Mapping[bytes, bytes]) -> list[Understood]:
        """What each text says, in their order. vectors: packed, by the text's key, of those texts that have one."""
        readings, refined = self.readings(texts, told, vectors)
        plain, seen = self.version, self.refined  # said of a whole taxonomy: once, not for each text
        return [understood(one, self.taxonomy, seen if at in refined else plain) for at, one in enumerate(readings)]

    def readings(self, texts: Sequence[str], told: Sequence[str | None], vectors: Mapping[bytes, bytes]) -> tuple[list[Reading], frozenset[int]]:
        """The readings behind `read`, and which of them the encoder had a part in."""
        reader = shipped_reader()
        shipped = reader.read(texts, told)
        found = self.topics.by_words(self.own.by_words(shipped, texts), texts)
        places = [at for at, text in enumerate(texts) if vectors and key_of(text) in vectors]
        if places:
            seen, again = unpacked([vectors[key_of(texts[at])] for at in places]), [shipped[at] for at in places]
            if self.encoder.startswith(ENCODER):  # another encoder's vectors say nothing to the heads that ship
                again = reader.refine(again, seen)
            again = self.own.by_vectors(again, seen)
            for at, reading in zip(places, self.topics.by_vectors(again, [texts[at] for at in places], seen), strict=True):
                found[at] = reading
        return found, frozenset(places)

    def enriched(self, rows: pa.Table, vectors: Mapping[bytes, bytes]) -> pa.Table:
        """Rows of `feedback` with the columns of READ filled where there is text. Equal texts in one language are read once."""
        if "text" not in rows.column_names:
            return rows
        text = rows["text"].combine_chunks()
        places = pc.indices_nonzero(pc.fill_null(pc.greater(pc.utf8_length(text), 0), False)).to_pylist()
        if not places:
            return rows
        told = self._spoken(rows, text).to_pylist()
        asked = [(words, told[at]) for at, words in zip(places, text.take(pa.array(places)).to_pylist(), strict=True)]
        once = list(dict.fromkeys(asked))
        found = dict(zip(once, self.read([words for words, _ in once], [language for _, language in once], vectors), strict=True))
        return with_columns(rows, places, [found[one] for one in asked])

    def _spoken(self, rows: pa.Table, text: pa.Array) -> pa.Array:
        """The languages that rows state; found out where they do not, as of rows that came in before languages were."""
        told, market = (rows[n].combine_chunks() if n in rows.column_names else pa.nulls(rows.num_rows, pa.string()) for n in ("language", "market"))
        return spoken(text, told, market, self.languages)
