"""Moments by block: n, Σ and Σ of products of the same columns in blocks of parties, from which every covariance matrix here is made."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """n: (blocks); total: (blocks, columns); products: (blocks, columns, columns), symmetric. Whole numbers, so that they add exactly.

    A block holds all rows of a party or none, so that leaving blocks out one by one shows how far chance goes, whoever answered several times.
    """

    n: Ints
    total: Ints
    products: Ints

    @classmethod
    def of(cls, rows: Ints, block: Ints, blocks: int) -> "Moments":
        """From the rows themselves, (rows, columns): the slow second method beside the engine's. block: of each row, 0 … blocks − 1."""
        inside = [rows[block == k] for k in range(blocks)]
        counts = np.array([len(r) for r in inside], np.int64)
        return cls(counts, np.array([r.sum(axis=0) for r in inside]), np.array([r.T @ r for r in inside]))

    @classmethod
    def none(cls, blocks: int, columns: int) -> "Moments":
        """Of no rows."""
        return cls(np.zeros(blocks, np.int64), np.zeros((blocks, columns), np.int64), np.zeros((blocks, columns, columns), np.int64))

    def __add__(self, other: Self) -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.products + other.products)

    def __sub__(self, other: Self) -> "Moments":
        return Moments(self.n - other.n, self.total - other.total, self.products - other.products)

    def columns(self, places: list[int]) -> "Moments":
        """Only these columns, in this order."""
        at = np.array(places, np.int64)
        return Moments(self.n, self.total[:, at], self.products[:, at[:, None], at[None, :]])

    @property
    def count(self) -> int:
        """How many rows."""
        return int(self.n.sum())

    @property
    def filled(self) -> int:
        """How many blocks hold a row."""
        return int((self.n > 0).sum())

    def means(self) -> Numbers:
        """(1 + blocks, columns): the mean of each column in all rows, then without each block; an empty block changes nothing."""
        n, total, _ = self._whole_and_without()
        means: Numbers = total / n[:, None]
        return means

    def covariances(self) -> Numbers:
        """(1 + blocks, columns, columns): of all rows, then without each block; n − 1 below the line. Needs two rows or more without any block."""
        n, total, products = self._whole_and_without()
        centred = products - total[:, :, None] * (total / n[:, None])[:, None, :]
        covariances: Numbers = centred / (n - 1)[:, None, None]
        return covariances

    def _whole_and_without(self) -> tuple[Numbers, Numbers, Numbers]:
        parts = ((self.n, self.n.sum()), (self.total, self.total.sum(axis=0)), (self.products, self.products.sum(axis=0)))
        first, second, third = (np.concatenate([whole[None], whole[None] - part]).astype(np.float64) for part, whole in parts)
        return first, second, third
