"""The heads: what a text says by the vector that the encoder gave it. Slower to come by than the student's words, and more often right."""

from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np

from gensvar.text.learning import Floats, Linear

FILE: Final = "heads.npz"


@dataclass(frozen=True, slots=True)
class Heads:
    """linear: vectors → columns of `outputs`. encoder: the version of the vectors it was trained on."""

    linear: Linear
    encoder: str

    @classmethod
    def load(cls) -> "Heads":
        """Those that ship."""
        with resources.as_file(resources.files("gensvar.text.models") / FILE) as file, np.load(file) as kept:
            parts = [kept[n].astype(np.float32) for n in ("mean", "scale", "weights", "bias")]
            return cls(Linear(*parts), str(kept["encoder"]))

    def scores(self, vectors: Floats) -> Floats:
        """texts × columns."""
        return self.linear.scores(vectors)
