"""The heads: what a text says by the vector that the encoder gave it. Slower to come by than the student's words, and more often right."""

from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np

from gensvar.text.learning import Floats, Linear
from gensvar.text.outputs import EMOTION, INTENT, TONE

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

    def about(self, vectors: Floats) -> Floats:
        """The vectors (n × d) at length 1 without what tells how it is felt and what is wanted: near is what is about the same thing.

        The directions are those along which the scores of tones, emotions and intents move with the texts (Haufe et al. 2014, for columns that
        move each by itself).
        """
        felt = np.r_[TONE, EMOTION, INTENT]
        axes = np.linalg.svd(self.linear.weights[:, felt] / self.linear.scale[:, None], full_matrices=False)[0]
        left = vectors - (vectors - self.linear.mean) @ axes @ axes.T
        return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9), np.float32)
