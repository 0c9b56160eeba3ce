"""Seeded chance: one stream of numbers and one of words for each purpose, so that a change in one source moves no other."""

from dataclasses import dataclass
from hashlib import blake2b
from random import Random

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Dice:
    """seed: the same seed gives the same company on every machine."""

    seed: int

    def numbers(self, purpose: str) -> np.random.Generator:
        """A NumPy generator of its own for this purpose."""
        digest = blake2b(f"{self.seed}/{purpose}".encode(), digest_size=8).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))

    def words(self, purpose: str) -> Random:
        """A generator of the standard library, for choices among words."""
        return Random(f"{self.seed}/{purpose}/words")


def pick(rng: np.random.Generator, shares: list[float], count: int) -> Ints:
    """count indexes into shares, drawn with those shares (they need not sum to 1)."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(shares) - 1).astype(np.int64)
