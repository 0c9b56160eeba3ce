"""The student: what a text says by its words and pieces of words alone. Fast enough for every text at once; taught by the encoder's heads.

A text's features (`hashing`) each have a row of a table; the rows are added, divided by the length of the features' weights, and a linear map makes
scores of the sum. Sums of parts are the sum of the whole, so clauses, sentences and texts cost one reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from gensvar.text.hashing import Features, features
from gensvar.text.learning import Floats, Ints

FILE: Final = "student.npz"


@dataclass(frozen=True, slots=True)
class Sums:
    """rows: the added rows of the table; squares: of the weights. Both add over the parts of a text."""

    rows: Floats
    squares: Floats

    def over(self, starts: Ints) -> "Sums":
        """Sums of neighbours; starts: the first of each group, none empty."""
        return Sums(np.add.reduceat(self.rows, starts, axis=0), np.add.reduceat(self.squares, starts))


@dataclass(frozen=True, slots=True)
class Student:
    """table: places × width, each row already times its weight. squares: the weights', by place. out and bias: width × columns of `outputs`."""

    table: Floats
    squares: Floats
    out: Floats
    bias: Floats

    @classmethod
    def load(cls) -> "Student":
        """The one that ships."""
        with resources.as_file(resources.files("gensvar.text.models") / FILE) as file, np.load(file) as kept:
            weight = kept["weight"].astype(np.float32)
            table = kept["table"].astype(np.float32)
            table *= (kept["scale"].astype(np.float32) * weight)[:, None]
            return cls(table, weight * weight, kept["out"].astype(np.float32), kept["bias"].astype(np.float32))

    def sums(self, texts: Sequence[str]) -> Sums:
        """The sums of each text."""
        spread = spread_out(features(texts, len(self.table)), len(self.table))
        return Sums(np.asarray(spread @ self.table, np.float32), np.asarray(spread @ self.squares, np.float32))

    def scores(self, sums: Sums) -> Floats:
        """texts × columns. A text without any feature has the scores of nothing said."""
        return np.asarray((sums.rows / np.sqrt(np.maximum(sums.squares, 1e-6))[:, None]) @ self.out + self.bias, np.float32)


def spread_out(found: Features, size: int) -> csr_matrix:
    """texts × size, how often each feature stands in each text."""
    ones = np.ones(len(found.places), np.float32)
    return csr_matrix((ones, found.places.astype(np.int32), found.ends.astype(np.int32)), shape=(len(found.ends) - 1, size))
