"""Deterministic ids and keyed hashes: the same record has the same id wherever and whenever it is seen.

A row id is a UUID: 48 bits of a moment that never changes for the record (ms since 1970) + 80 bits of blake2b(source, record, item).
The moment in front lets a merge prune by time; the rest makes a repeat harmless.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Literal

SEPARATOR = "\x1f"
ROW_BYTES, RECORD_BYTES, KEY_BYTES = 10, 16, 16
MAX_MS = (1 << 48) - 1


def _joined(parts: Sequence[str]) -> bytes:
    """The parts with their lengths in front, so that ("a", "b␟c") and ("a␟b", "c") differ."""
    return SEPARATOR.join(f"{len(p)}{SEPARATOR}{p}" for p in parts).encode("utf-8", "surrogatepass")


def record_key(source: str, record: str) -> bytes:
    """16 bytes that stand for one record of one source."""
    return blake2b(_joined((source, record)), digest_size=RECORD_BYTES).digest()


def record_keys(source: str, records: Iterable[str]) -> list[bytes]:
    """One key for each record of a source; what `record_key` says, in bulk."""
    return _each_hashed(blake2b(_joined((source,)) + SEPARATOR.encode(), digest_size=RECORD_BYTES), records)


def _each_hashed(base: blake2b, last_parts: Iterable[str]) -> list[bytes]:
    """The hash of what the base has had, with each of these as its last part."""
    keys, copy = [], base.copy
    for part in last_parts:
        h = copy()
        h.update(f"{len(part)}{SEPARATOR}{part}".encode("utf-8", "surrogatepass"))
        keys.append(h.digest())
    return keys


def row_ids(record_keys: Iterable[bytes], items: Iterable[str], moments_ms: Iterable[int]) -> list[bytes]:
    """One 16-byte id for each row: the moment's 48 bits (ms, 0…2⁴⁸−1), then 80 bits of blake2b(record key, item).

    >>> row_ids([b"r" * 16], ["rating"], [1])[0][:6].hex()
    '000000000001'
    """
    digest = blake2b
    return [
        ms.to_bytes(6, "big") + digest(key + item.encode("utf-8", "surrogatepass"), digest_size=ROW_BYTES).digest()
        for key, item, ms in zip(record_keys, items, moments_ms, strict=True)
    ]


def id_range(moment_ms: int) -> tuple[bytes, bytes]:
    """The least and greatest id that a record with this moment can have."""
    head = moment_ms.to_bytes(6, "big")
    return head + b"\x00" * ROW_BYTES, head + b"\xff" * ROW_BYTES


KeyKind = Literal["email", "phone", "external", "party"]


def identity_key(secret: bytes, kind: KeyKind, namespace: str, value: str) -> bytes:
    """16 bytes that stand for a person's address, number or id: a keyed hash, so that nobody without the secret can try names against it."""
    return identity_keys(secret, kind, namespace, (value,))[0]


def identity_keys(secret: bytes, kind: KeyKind, namespace: str, values: Iterable[str]) -> list[bytes]:
    """One key for each value; what `identity_key` says, in bulk."""
    return _each_hashed(blake2b(_joined((kind, namespace)) + SEPARATOR.encode(), key=secret[:64], digest_size=KEY_BYTES), values)


def same_secret(a: str, b: str) -> bool:
    """Whether two secrets are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(a.encode(), b.encode())
