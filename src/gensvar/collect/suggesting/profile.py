"""What a sample of the file shows of each column: how many cells are filled, which values, how long, how many are numbers."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.collect.excel import cell_text
from gensvar.collect.found import Found
from gensvar.collect.reading import look, read
from gensvar.contracts.rows import Header

SAMPLE_ROWS, KEPT_VALUES = 50_000, 2_000


@dataclass(frozen=True)
class Profile:
    """rows: sampled; filled: cells that say something; values: distinct texts with their counts, the most frequent 2,000; distinct: all of them;
    members: how many columns were put together."""

    header: Header
    kind: pa.DataType
    rows: int
    filled: int
    distinct: int
    values: Counter[str]
    members: int = 1

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def said(self) -> str:
        """Name and question together, for looking for words in."""
        return f"{self.name.replace('_', ' ')} · {self.header.label}" if self.header.label != self.name else self.name.replace("_", " ")

    @property
    def timed(self) -> bool:
        return bool(pa.types.is_timestamp(self.kind) or pa.types.is_date(self.kind))

    @property
    def typed(self) -> bool:
        return not bool(pa.types.is_string(self.kind))

    @property
    def unique(self) -> bool:
        return self.filled == self.rows > 0 and self.distinct == self.filled

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The distinct values that are plain numbers, without codes for no answer."""
        return {v: n for v in self.values if v not in self.header.missing and (n := number(v)) is not None}

    @cached_property
    def answered(self) -> int:
        """Cells filled with something else than a code for no answer."""
        return sum(n for v, n in self.values.items() if v not in self.header.missing)

    @cached_property
    def numeric(self) -> float:
        """Share of the answers that are numbers, 0…1."""
        return sum(self.values[v] for v in self.numbers) / max(1, self.answered)

    @cached_property
    def length(self) -> float:
        """Mean characters of a filled cell."""
        return sum(len(v) * n for v, n in self.values.items()) / max(1, sum(self.values.values()))

    @cached_property
    def words(self) -> float:
        """Mean words of a filled cell."""
        return sum(len(v.split()) * n for v, n in self.values.items()) / max(1, sum(self.values.values()))


def number(text: str) -> float | None:
    """A plain number, with a point or a comma for decimals."""
    try:
        value = float(text.replace(",", ".")) if text[:1] in "+-0123456789." else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def profiles(path: Path) -> tuple[Found, list[Profile]]:
    """One profile for each column, from the first 50,000 rows."""
    found = look(path)
    tables, rows = [], 0
    for batch in read(path, found.reading, batch_rows=SAMPLE_ROWS):
        if batch.rows.num_rows:
            tables.append(batch.rows)
        rows += batch.rows.num_rows
        if rows >= SAMPLE_ROWS:
            break
    whole = pa.concat_tables(tables, promote_options="permissive") if tables else pa.table({n: pa.array([], pa.string()) for n in found.names})
    headers = {h.name: h for h in found.headers}
    return found, [_profile(headers.get(n, Header(n)), whole.column(i)) for i, n in enumerate(whole.column_names)]


def _profile(header: Header, column: pa.ChunkedArray) -> Profile:
    counted = pc.value_counts(column.combine_chunks())
    texts: Counter[str] = Counter()
    for value, n in zip(_texts(counted.field(0)), counted.field(1).to_pylist(), strict=True):
        if value:
            texts[value] += n
    kept = Counter(dict(islice(texts.most_common(), KEPT_VALUES)))
    return Profile(header, column.type, len(column), sum(texts.values()), len(texts), kept)


def _texts(values: pa.Array) -> Sequence[str]:
    return ["" if v is None else cell_text(v).strip() for v in values.to_pylist()]
