"""The index of meaning: the nearest texts to a vector, among millions, on a processor. First by one bit a dimension, then by whole vectors.

The bits are the signs after the middle of all vectors was taken away and the rest turned at random, so that each tells about as much as any other
(Charikar 2002, STOC, 380; Gong and others 2013, TPAMI 35:2916, on why turning helps).
"""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gensvar.text.compact import SCALE_BYTES
from gensvar.text.keys import KEY_BYTES

Floats = NDArray[np.float32]
SEED: Final = 20_261_122
BLOCK: Final = 16_384  # rows whose bits lie in a processor's cache together
SIFTED: Final = 12  # by bits, for each one that is asked for
LEAST_SIFTED: Final = 8_000
THREADS: Final = 2
LIST: Final = "list.json"


@dataclass(frozen=True, slots=True)
class Near:
    """A text's key, and the cosine of its vector with the one asked for."""

    key: bytes
    cosine: float


class MeaningIndex:
    """Vectors of one model in files that are mapped into memory, so that little of it is ours. Always made anew, as a whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self.model, self._rows, self._turned, self._dimensions = "", 0, 0, 0
        self._middle: Floats = np.zeros(0, np.float32)
        self._read_list()

    @property
    def rows(self) -> int:
        return self._rows

    # ── writing ──

    def renew(self, model: str, pages: Iterable[Sequence[tuple[bytes, bytes]]]) -> int:
        """Makes the files anew from all (key, packed vector) of a model; how many. The old ones serve until the new are whole."""
        turn = self._turned + 1
        self._folder.mkdir(parents=True, exist_ok=True)
        rows, dimensions, middle = 0, 0, np.zeros(0, np.float32)
        with self._file(turn, "keys").open("wb") as keys, self._file(turn, "whole").open("wb") as whole, self._file(turn, "bits").open("wb") as bits:
            for page in pages:
                numbers = np.frombuffer(b"".join(v[SCALE_BYTES:] for _, v in page), np.int8).reshape(len(page), -1)
                if not dimensions:
                    dimensions, middle = numbers.shape[1], _unit(numbers).mean(axis=0, dtype=np.float32)
                keys.write(b"".join(key for key, _ in page))
                whole.write(numbers.tobytes())
                bits.write(_bits(_unit(numbers) - middle, dimensions).tobytes())
                rows += len(page)
        with self._lock:
            before, self._turned = self._turned, turn
            self.model, self._rows, self._dimensions, self._middle = model, rows, dimensions, middle
            self._write_list()
        for kind in ("keys", "whole", "bits"):
            self._file(before, kind).unlink(missing_ok=True)
        return rows

    def _file(self, turn: int, kind: str) -> Path:
        return self._folder / f"{kind}-{turn}"

    def _write_list(self) -> None:
        told = {"model": self.model, "rows": self._rows, "turn": self._turned, "dimensions": self._dimensions, "middle": self._middle.tolist()}
        part = self._folder / f"{LIST}.part"
        part.write_text(json.dumps(told), "ascii")
        part.replace(self._folder / LIST)

    def _read_list(self) -> None:
        """Nothing where the list cannot be read, or the files are shorter than it says."""
        try:
            told = json.loads((self._folder / LIST).read_text("ascii"))
            rows, turn, dimensions = int(told["rows"]), int(told["turn"]), int(told["dimensions"])
            sizes = {"keys": KEY_BYTES, "whole": dimensions, "bits": 8 * _words(dimensions)}
            if all(self._file(turn, kind).stat().st_size == rows * size for kind, size in sizes.items()):
                self.model, self._rows, self._turned, self._dimensions = str(told["model"]), rows, turn, dimensions
                self._middle = np.array(told["middle"], np.float32)
        except (OSError, ValueError, KeyError, TypeError):
            return

    # ── searching ──

    def nearest(self, vector: Floats, most: int) -> list[Near]:
        """The nearest texts, nearest first; almost surely all of them. vector: of unit length."""
        with self._lock:
            rows, turn, dimensions, middle = self._rows, self._turned, self._dimensions, self._middle
            if not rows:
                return []
            bits = np.memmap(self._file(turn, "bits"), np.uint64, "r", shape=(rows, _words(dimensions)))
            whole = np.memmap(self._file(turn, "whole"), np.int8, "r", shape=(rows, dimensions))
            keys = np.memmap(self._file(turn, "keys"), f"V{KEY_BYTES}", "r", shape=(rows,))
        apart = _apart(bits, _bits((vector - middle)[None], dimensions)[0])
        sifted = _least(apart, max(SIFTED * most, LEAST_SIFTED))
        cosines = _unit(whole[sifted]) @ vector
        order = np.argsort(-cosines, kind="stable")[:most]
        return [Near(keys[sifted[at]].tobytes(), round(float(cosines[at]), 6)) for at in order]


def _unit(numbers: NDArray[np.int8]) -> Floats:
    rows = numbers.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    made: Floats = np.divide(rows, np.where(lengths > 0, lengths, 1), dtype=np.float32)
    return made


_TURNS: dict[int, Floats] = {}


def _turn_of(dimensions: int) -> Floats:
    """A turn of space, always the same for a number of dimensions."""
    if dimensions not in _TURNS:
        drawn = np.random.default_rng(SEED).standard_normal((dimensions, dimensions))
        _TURNS[dimensions] = np.linalg.qr(drawn)[0].astype(np.float32)
    return _TURNS[dimensions]


def _bits(rows: Floats, dimensions: int) -> NDArray[np.uint64]:
    """Rows × dimensions/64 words."""
    signs = np.packbits((rows @ _turn_of(dimensions)) > 0, axis=1)
    whole = np.zeros((len(rows), 8 * _words(dimensions)), np.uint8)
    whole[:, : signs.shape[1]] = signs
    return whole.view(np.uint64)


def _words(dimensions: int) -> int:
    """How many numbers of 64 bits hold a bit for each dimension."""
    return -(-dimensions // 64)


def _apart(bits: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """In how many bits each row differs, by threads: the work is done outside the interpreter's lock."""
    found = np.zeros(len(bits), np.uint16)

    def count(start: int) -> None:
        part = np.asarray(bits[start : start + BLOCK])
        there = found[start : start + BLOCK]
        for at, word in enumerate(wanted):
            there += np.bitwise_count(part[:, at] ^ word)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(0, len(bits), BLOCK)))
    return found


def _least(apart: NDArray[np.uint16], most: int) -> NDArray[np.intp]:
    """The places of the least, about as many as asked for: whole steps of bits, in order of place."""
    if len(apart) <= most:
        return np.arange(len(apart))
    upto = int(np.searchsorted(np.cumsum(np.bincount(apart)), most))
    return np.flatnonzero(apart <= upto)[: 4 * most]
