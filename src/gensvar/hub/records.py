"""Which record each row is: its id, its unit among repeats, and what a repeat with the same or other content means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.contract import Contract
from gensvar.hub.shared import value
from gensvar.hub.sheet import Index, Mask, Sheet
from gensvar.kit.ids import identity_key, record_keys

LONGEST_RECORD = 500


def named(sheet: Sheet, contract: Contract, secret: bytes) -> list[str | None]:
    """Each row's record id as its contract's columns say it; null where one of them is empty.

    Several columns are joined with '|'. An id that is somebody's address, number or name is replaced by its keyed hash.
    """
    personal = {c for p in (contract.party, contract.account) if p for c in (p.email, p.phone, p.name) if c}
    parts = [_part(sheet.text(name), name in personal, contract.source, secret) for name in contract.record]
    if len(parts) == 1:
        only: list[str | None] = parts[0].to_pylist()
        return only
    escaped = [pc.replace_substring(pc.replace_substring(p, "\\", "\\\\"), "|", "\\|") for p in parts]
    joined: list[str | None] = pc.binary_join_element_wise(*escaped, "|").to_pylist()
    return joined


def _part(text: pa.Array, personal: bool, source: str, secret: bytes) -> pa.Array:
    if not personal:
        return text
    return pa.array([None if t is None else identity_key(secret, "party", source, t.casefold()).hex() for t in text.to_pylist()], pa.string())


def content_hash(content: str) -> str:
    """32 hexadecimal digits that stand for a row's whole content."""
    return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_long(contract: Contract) -> bool:
    """Whether one record is spread over several rows: one answer a row, its item named by a column."""
    return contract.target == "feedback" and any(a.item.column is not None for a in contract.answers)


def units(sheet: Sheet, contract: Contract, records: Sequence[str], keys16: Sequence[bytes]) -> Sequence[bytes]:
    """What must not come twice with different content: the record, or the record and its item where each row is one answer."""
    if not is_long(contract):
        return keys16
    items = [value(sheet, a.item).to_pylist() for a in contract.answers if a.item.column is not None]
    named_items = ("\x1f".join((record, *(i or "" for i in row))) for record, row in zip(records, zip(*items, strict=True), strict=True))
    return record_keys(contract.source, named_items)


@dataclass(slots=True)
class Repeats:
    """What one import has seen so far: units and their content, and how often each whole row came."""

    _content: dict[bytes, int] = field(default_factory=dict)
    _times: dict[str, int] = field(default_factory=dict)

    def numbered(self, contents: Sequence[str]) -> list[str]:
        """The ids of rows that have none: a hash of the row, with its ordinal among equal rows from the second on."""
        ids = []
        for content in contents:
            key = content_hash(content)
            count = self._times[key] = self._times.get(key, 0) + 1
            ids.append(key if count == 1 else f"{key}-{count}")
        return ids

    def sort_out(self, units: Sequence[bytes], contents: Sequence[str], *, last_wins: bool) -> tuple[Mask, Index]:
        """(rows to keep, rows that contradict an earlier one). A row that says the same again is neither."""
        keep = np.ones(len(units), dtype=bool)
        contradicting: list[int] = []
        here: dict[bytes, int] = {}
        for i, (key, content) in enumerate(zip(units, map(hash, contents), strict=True)):
            earlier = self._content.get(key)
            if earlier is None or (last_wins and earlier != content):
                if key in here:
                    keep[here[key]] = False
                here[key] = i
                self._content[key] = content
                continue
            keep[i] = False
            if earlier != content:
                contradicting.append(i)
        return keep, np.array(contradicting, dtype=np.int64)
