"""Beside the bundled weights the package carries upper layers trained further on feedback, in 8 bits, and how large the inputs of products get."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np

from gensvar.text.encoder.weights import Floats

NAME: Final = "encoder.npz"


@dataclass(frozen=True, slots=True)
class Tuned:
    """layers: tensors in place of the bundled ones. ranges: for each product (`l3.fi`) the largest size that was seen in each input channel."""

    layers: Mapping[str, Floats]
    ranges: Mapping[str, Floats]

    @classmethod
    def load(cls) -> "Tuned":
        """As it ships."""
        with resources.as_file(resources.files("gensvar.text.models") / NAME) as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> "Tuned":
        """From a file that `write` made."""
        with np.load(path) as kept:
            plain = {n: kept[n].astype(np.float32) for n in kept.files if "|" not in n}
            codes = [n.removesuffix("|codes") for n in kept.files if n.endswith("|codes")]
            matrices = {n: kept[f"{n}|codes"].astype(np.float32) * kept[f"{n}|scale"][:, None] for n in codes}
            ranges = {n.removesuffix("|range"): kept[n].astype(np.float32) for n in kept.files if n.endswith("|range")}
        return cls(plain | matrices, ranges)

    def write(self, path: Path) -> None:
        """A matrix in 8 bits, each row with a scale of its own; the rest as it is."""
        kept: dict[str, Any] = {f"{n}|range": v.astype(np.float16) for n, v in self.ranges.items()}
        for name, value in self.layers.items():
            if value.ndim == 2:
                scale = np.maximum(np.abs(value).max(1), 1e-8) / 127
                kept |= {f"{name}|codes": np.rint(value / scale[:, None]).astype(np.int8), f"{name}|scale": scale.astype(np.float32)}
            else:
                kept[name] = value
        np.savez(path, **kept)
