"""What was found, as rows: `mentions` with their evidence, first rows of `parties`, and keys to remember."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.mentions import MENTIONS
from gensvar.contracts.parties import PARTIES
from gensvar.contracts.rows import NewKey, Received
from gensvar.contracts.table import MOMENT, TEXT
from gensvar.identity.named import NEVER, Numbers
from gensvar.identity.settle import SAME, Found
from gensvar.kit.ids import row_ids

NEW, CONFLICT = "new", "conflict, kept apart"
MICROSECONDS = 1000


def mentions(received: Received, found: Found, moments: Numbers, now: datetime) -> pa.Table:
    """One row for each record and key, in the order of the records, strongest key first."""
    named = found.named
    rows = np.flatnonzero(named.of_row >= 0)
    at, column = np.nonzero(named.there[named.of_row[rows]])
    row = rows[at]
    combo, said, count = named.of_row[row], row.tolist(), len(row)
    key = named.combos[combo, column]
    hexes = pa.array([k.hex() for k in named.keys], TEXT).take(pa.array(key))
    keys16, records = received.keys16, pa.array(received.records, TEXT)
    columns = {
        "id": _uuids(pa.array(row_ids([keys16[r] for r in said], hexes.to_pylist(), moments[row].tolist()), pa.binary(16))),
        "source": pa.repeat(pa.scalar(received.source, TEXT), count),
        "record": records.take(pa.array(row)),
        "occurred_at": pa.array(_occurred_us(received, moments)[row]).cast(MOMENT),
        "received_at": pa.repeat(pa.scalar(now, MOMENT), count),
        "key_kind": pa.array(named.key_kinds, TEXT).take(pa.array(column)),
        "key": hexes,
        "party_kind": pa.repeat(pa.scalar(named.kind, TEXT), count),
        "party": _uuids(pa.array([found.owner[k] for k in named.keys], pa.binary(16)).take(pa.array(key))),
        "evidence": _evidence(found, combo, column, moments[row]),
    }
    return pa.table([columns[f.name] for f in MENTIONS.schema], schema=MENTIONS.schema)


def _evidence(found: Found, combo: Numbers, column: Numbers, moment: Numbers) -> pa.Array:
    """Why each of these keys was taken to name its party: a key that was known before ties the others to it."""
    named, before = found.named, found.before
    words = pa.array([*(SAME[kind] for kind in named.key_kinds), NEW, CONFLICT], TEXT)
    if not len(combo):
        return words[:0]
    why = np.where(before.any(axis=1), before.argmax(axis=1), named.there.argmax(axis=1))
    born = np.frombuffer(b"".join(found.party), dtype=">u8")[::2] >> 16
    told = np.where(born[combo] == moment, len(named.key_kinds), why[combo])
    return words.take(pa.array(np.where(found.apart[combo, column], len(words) - 1, told)))


def _occurred_us(received: Received, moments: Numbers) -> Numbers:
    """When each record says that it happened; its moment where it does not say."""
    us = moments * MICROSECONDS
    if "occurred_at" in received.table.column_names:
        us[_numbers(received.table["_row"])] = _numbers(received.table["occurred_at"].cast(pa.int64()))
    return us


def _numbers(column: pa.ChunkedArray) -> Numbers:
    whole: Numbers = column.combine_chunks().to_numpy(zero_copy_only=False)
    return whole


def _uuids(ids: pa.Array) -> pa.Array:
    return pa.ExtensionArray.from_storage(pa.uuid(), ids)


def parties(received: Received, persons: Found, companies: Found, now: datetime, described: set[bytes | None]) -> pa.Table:
    """A first row for everybody new, unless the batch describes them itself."""
    belongs = _belongs(persons, companies)
    audience = {**_audience(received, persons), **_audience(received, companies)}
    new = [(p, f.named.kind, ms) for f in (persons, companies) for p, ms in sorted(f.minted.items()) if p not in described]
    columns: dict[str, pa.Array] = {
        "id": _uuids(pa.array([p for p, _, _ in new], pa.binary(16))),
        "kind": pa.array([kind for _, kind, _ in new], TEXT),
        "audience": pa.array([audience.get(p) for p, _, _ in new], TEXT),
        "first_seen": pa.array([ms * MICROSECONDS for _, _, ms in new], pa.int64()).cast(MOMENT),
        "updated_at": pa.repeat(pa.scalar(now, MOMENT), len(new)),
        "account": _uuids(pa.array([belongs.get(p) for p, _, _ in new], pa.binary(16))),
    }
    schema = PARTIES.schema
    return pa.table([columns[f.name] if f.name in columns else pa.nulls(len(new), f.type) for f in schema], schema=schema)


def _belongs(persons: Found, companies: Found) -> dict[bytes, bytes]:
    """person → the account in the first row that names both."""
    both = np.flatnonzero((persons.named.of_row >= 0) & (companies.named.of_row >= 0))
    pairs = zip(persons.named.of_row[both[::-1]].tolist(), companies.named.of_row[both[::-1]].tolist(), strict=True)
    return {persons.party[p]: companies.party[c] for p, c in pairs}


def _audience(received: Received, found: Found) -> dict[bytes, str]:
    """party → the audience that the first row of it tells."""
    if "audience" not in received.table.column_names or not found.minted:
        return {}
    said = received.table["audience"].combine_chunks().dictionary_encode()
    codes = pc.fill_null(said.indices, -1).to_numpy(zero_copy_only=False)
    of_row = np.full(len(found.named.of_row), -1, dtype=np.int64)
    of_row[_numbers(received.table["_row"])] = codes
    told = np.flatnonzero((of_row >= 0) & (found.named.of_row >= 0))
    first = np.full(len(found.party), NEVER, dtype=np.int64)
    np.minimum.at(first, found.named.of_row[told], told)
    spoken = np.flatnonzero(first < NEVER)
    spoken = spoken[np.argsort(first[spoken])][::-1]  # of two combinations of one party the earlier row is told last, and stays
    words = said.dictionary.to_pylist()
    return {found.party[i]: words[code] for i, code in zip(spoken.tolist(), of_row[first[spoken]].tolist(), strict=True)}


def new_keys(found: Found, known: Mapping[bytes, bytes]) -> list[NewKey]:
    """The keys that nobody knew, sorted, each with the earliest moment it came."""
    named = found.named
    made: dict[bytes, NewKey] = {}
    for kind, column in zip(named.key_kinds, named.combos.T, strict=True):
        first = np.full(len(named.keys), NEVER, dtype=np.int64)
        np.minimum.at(first, column[column >= 0], named.moments[column >= 0])
        namespace = named.namespace if kind == "external" else ""
        for key, ms in zip(named.keys, first.tolist(), strict=True):
            if ms != NEVER and key not in known:
                made.setdefault(key, NewKey(key, kind, namespace, found.owner[key], datetime.fromtimestamp(ms / 1000, UTC)))
    return [made[key] for key in sorted(made)]
