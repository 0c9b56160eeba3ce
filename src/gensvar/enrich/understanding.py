"""Understanding: the models of a house put together: language, the reader that ships, what its encoder saw, its own topics, what it taught."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.topics import Taxonomy, shipped
from gensvar.enrich.columns import Understood, understood, with_columns
from gensvar.text.compact import unpacked
from gensvar.text.keys import key_of
from gensvar.text.understand import Reader

ENCODER = "e5-small"


def encoder_version(setting: str, name: str = "") -> str:
    """What the vectors of the encoder of a setting are known by: of that which ships its version, else a mark of where it is and how it is called."""
    if setting == "none":
        return ""
    return f"{ENCODER}-1" if setting == ENCODER else f"other-{blake2b(f'{setting}|{name}'.encode(), digest_size=4).hexdigest()}"


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

    @property
    def version(self) -> str:
        """As it stands in `enriched_by` of a text without a vector."""
        return f"{shipped_reader().version}+topics-{self.taxonomy.version}"

    @property
    def refined(self) -> str:
        """The same of a text that the encoder has seen."""
        return f"{self.version}+{self.encoder}"

    def read(self, texts: Sequence[str], told: Sequence[str | None], vectors: Mapping[bytes, bytes]) -> list[Understood]:
        """What each text says, in their order. vectors: packed, by the text's key, of those texts that have one."""
        reader = shipped_reader()
        readings = reader.read(texts, told)
        places = [at for at, text in enumerate(texts) if vectors and key_of(text) in vectors]
        if places:
            seen = unpacked([vectors[key_of(texts[at])] for at in places])
            for at, reading in zip(places, reader.refine([readings[at] for at in places], seen), strict=True):
                readings[at] = reading
        refined = frozenset(places)
        return [understood(one, self.taxonomy, self.refined if at in refined else self.version) for at, one in enumerate(readings)]

    def enriched(self, rows: pa.Table, vectors: Mapping[bytes, bytes]) -> pa.Table:
        """Rows of `feedback` with the columns of READ filled where there is text. Equal texts in one language are read once."""
        if "text" not in rows.column_names:
            return rows
        text = rows["text"].combine_chunks()
        places = pc.indices_nonzero(pc.fill_null(pc.greater(pc.utf8_length(text), 0), False)).to_pylist()
        if not places:
            return rows
        told = rows["language"].to_pylist() if "language" in rows.column_names else [None] * rows.num_rows
        asked = [(words, told[at]) for at, words in zip(places, text.take(pa.array(places)).to_pylist(), strict=True)]
        once = list(dict.fromkeys(asked))
        found = dict(zip(once, self.read([words for words, _ in once], [language for _, language in once], vectors), strict=True))
        return with_columns(rows, places, [found[one] for one in asked])
