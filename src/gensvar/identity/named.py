"""Whom a batch names, as numbers: each key once, each combination of keys once, and which combination each row has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gensvar.contracts.rows import Keys

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Column = Sequence[bytes | None]
PERSON, ACCOUNT = "person", "account"
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Named:
    """kind: person or account; namespace: of its external keys; key_kinds: those that came, strongest first; keys: each once.

    of_row: row → combination, −1 where it names nobody; combos: combination × kind of key → key, −1 where it has none;
    moments: combination → the earliest at which it came (ms).
    """

    kind: str
    namespace: str
    key_kinds: tuple[str, ...]
    keys: list[bytes]
    of_row: Numbers
    combos: Numbers
    moments: Numbers

    @property
    def there(self) -> Mask:
        """combination × kind of key → whether it has one."""
        there: Mask = self.combos >= 0
        return there


def persons(keys: Keys, moments: Numbers) -> Named:
    """The persons that the rows name. moments: of each row, ms since 1970."""
    return _named(PERSON, keys.namespace, {"external": keys.external, "email": keys.email, "phone": keys.phone}, moments)


def accounts(keys: Keys, moments: Numbers) -> Named:
    """The accounts that the rows name."""
    return _named(ACCOUNT, ACCOUNT, {"external": keys.account}, moments)


def _named(kind: str, namespace: str, columns: Mapping[str, Column], moments: Numbers) -> Named:
    used = {of: column for of, column in columns.items() if any(column)} or {"external": columns["external"]}
    keys, codes = _coded(list(used.values()), len(moments))
    of_row, combos = _combined(codes, len(keys))
    first = np.full(len(combos), NEVER, dtype=np.int64)
    rows = of_row >= 0
    np.minimum.at(first, of_row[rows], moments[rows])
    return Named(kind, namespace, tuple(used), keys, of_row, combos, first)


def _coded(columns: Sequence[Column], count: int) -> tuple[list[bytes], Numbers]:
    """(each key once, column × row → key)."""
    coded = pa.concat_arrays([pa.array(column, pa.binary()) for column in columns]).dictionary_encode()
    codes: Numbers = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return coded.dictionary.to_pylist(), codes.reshape(len(columns), count)


def _combined(codes: Numbers, many: int) -> tuple[Numbers, Numbers]:
    """(row → combination, combination × column → key)."""
    if len(codes) == 1:
        return codes[0], np.arange(many).reshape(many, 1)
    mixed = codes[0] + 1
    for more in codes[1:]:  # numbered anew at each step, so that the products stay small
        mixed = np.unique(mixed, return_inverse=True)[1] * (many + 1) + more + 1
    _, first, of_row = np.unique(mixed, return_index=True, return_inverse=True)
    combos = codes[:, first].T
    empty = int((combos < 0).all(axis=1).any())
    return of_row - empty, combos[empty:]
