"""What the rows of every target share: agreed words, kinds, dimensions, the map of other attributes, and the finished table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.contract import Contract, Value
from gensvar.contracts.feedback import DIMENSIONS, KINDS
from gensvar.contracts.table import MAP, MOMENT, TEXT, TableSpec
from gensvar.hub.moments import Times
from gensvar.hub.sheet import Index, Sheet, each_value, filled, translated
from gensvar.text.redact import PLAIN, Redactor

LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
LATER = frozenset({"id", "party", "account"})
ROW = "_row"
ORIGINAL = "_original"


def value(sheet: Sheet, rule: Value | None) -> pa.Array:
    """The words that a rule gives for each row: fixed, or a column's, translated."""
    if rule is None:
        return pa.nulls(len(sheet), TEXT)
    if rule.column is None:
        return pa.repeat(pa.scalar(rule.always, TEXT), len(sheet))
    text = sheet.text(rule.column)
    return translated(text, rule.words, rule.other) if rule.words or rule.other is not None else text


def kinds(sheet: Sheet, rule: Value, redactor: Redactor = PLAIN) -> tuple[pa.Array, pa.Array]:
    """(the agreed kind, the source's own word). A word that means no agreed kind is `other`, or what the contract says of other words."""
    if rule.column is None:
        return value(sheet, rule), pa.nulls(len(sheet), TEXT)
    local = sheet.text(rule.column)
    folded = {w.strip().casefold(): agreed for w, agreed in rule.words.items()}
    rest = rule.other or "other"
    agreed = each_value(local, lambda t: folded.get(t.casefold(), t.casefold() if t.casefold() in KINDS else rest), TEXT)
    return pc.fill_null(agreed, rest), redactor.column(local)


def dimensions(sheet: Sheet, contract: Contract) -> dict[str, pa.Array]:
    """Each shared dimension; a two-letter market in capitals."""
    found = {name: value(sheet, contract.dimensions.get(name)) for name in DIMENSIONS}
    found["market"] = each_value(found["market"], lambda t: t.upper() if len(t) == 2 and t.isalpha() else t, TEXT)
    return found


def languages(sheet: Sheet, rule: Value | None) -> tuple[pa.Array, pa.Array]:
    """(BCP-47 tags, what was said where that is no tag)."""
    said = value(sheet, rule)
    tags = each_value(said, lambda t: t.replace("_", "-") if LANGUAGE.fullmatch(t) else None, TEXT)
    return tags, pc.if_else(tags.is_valid(), pa.scalar(None, TEXT), said)


def others(sheet: Sheet, contract: Contract, redactor: Redactor = PLAIN) -> dict[str, pa.Array]:
    """The columns that go into `attrs`: those the contract names, and those it does not know (it accepts new ones), redacted."""
    known = contract.columns()
    new = [name for name in sheet.rows.column_names if name not in known]
    return {name: redactor.column(sheet.text(name)) for name in (*contract.attrs, *new)}


def maps(columns: Mapping[str, pa.Array], count: int) -> pa.Array:
    """One map for each row: column → text, empty cells left out; null where nothing is left."""
    held = {name: text for name, text in columns.items() if text.null_count < count}
    if not held:
        return pa.nulls(count, MAP)
    there = np.column_stack([filled(text) for text in held.values()])
    row, column = np.nonzero(there)
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    names = pa.array(list(held), TEXT).take(pa.array(column))
    items = pa.concat_arrays(list(held.values())).take(pa.array(column * count + row))
    empty = pa.array(np.append(~there.any(axis=1), False))
    starts = pc.if_else(empty, pa.scalar(None, pa.int32()), pa.array(offsets))
    return pa.MapArray.from_arrays(starts, names, items)


def moment_array(times: Times) -> pa.Array:
    """The times as a column; null where there is none."""
    return pa.array(times.us, mask=~times.ok).cast(MOMENT)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a batch that are taken in. index: of each in the batch; columns: those that all targets share; attrs: what its map is made of.

    redactor: what is taken out of their words.
    """

    sheet: Sheet
    contract: Contract
    index: Index
    columns: Mapping[str, pa.Array]
    attrs: Mapping[str, pa.Array]
    redactor: Redactor = PLAIN

    def redacted(self, text: pa.Array, language: pa.Array | None = None) -> pa.Array:
        """The words of these rows without what points at a person, in the language and for the market that each row states, or in this language."""
        return self.redactor.column(text, self.columns["language"] if language is None else language, self.columns["market"])

    def __len__(self) -> int:
        return len(self.index)


def table(spec: TableSpec, columns: Mapping[str, pa.Array], rows: Index) -> pa.Table:
    """The target's columns without id, party and account; what is not given is null. `_row`: index into the records."""
    fields = [f for f in spec.schema if f.name not in LATER]
    arrays = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(len(rows), f.type) for f in fields]
    return pa.Table.from_arrays([*arrays, pa.array(rows, pa.int64())], schema=pa.schema([*fields, pa.field(ROW, pa.int64(), nullable=False)]))


def no_rows(spec: TableSpec) -> pa.Table:
    """The target's table without a row."""
    return table(spec, {}, np.empty(0, dtype=np.int64))


def picked(columns: Mapping[str, pa.Array], rows: Index, count: int) -> dict[str, pa.Array]:
    """The columns at these rows."""
    if len(rows) == count:
        return dict(columns)
    at = pa.array(rows)
    return {name: column.take(at) for name, column in columns.items()}


def constant(text: str, count: int) -> pa.Array:
    """The same text for every row."""
    return pa.repeat(pa.scalar(text, TEXT), count)


def hexes(keys: Sequence[bytes]) -> pa.Array:
    """Keys as hexadecimal text."""
    return pa.array([k.hex() for k in keys], TEXT)
