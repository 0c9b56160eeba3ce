"""Writes the trained models where the package carries them: arrays without pickle, settings and a list of what they learned from."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from gensvar.text.learning import Linear
from gensvar.text.understand import Settings
from tools.text.data import Example
from tools.text.imitation import Taught

MODELS: Final = Path(__file__).parents[2] / "src" / "gensvar" / "text" / "models"


def ship(taught: Taught, heads: Linear, settings: Settings, encoder: str, learned: Sequence[Example]) -> None:
    """Student, heads, settings and sources."""
    np.savez(
        MODELS / "student.npz", table=taught.codes, scale=taught.scale, weight=taught.weight,
        out=taught.out.astype(np.float16), bias=taught.bias.astype(np.float16),
    )  # fmt: skip
    np.savez(
        MODELS / "heads.npz", mean=heads.mean, scale=heads.scale, weights=heads.weights.astype(np.float16),
        bias=heads.bias, encoder=np.array(encoder),
    )  # fmt: skip
    (MODELS / "reader.json").write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=1) + b"\n")
    sources = dict(Counter(f"{e.source} {e.language}" for e in learned).most_common())
    (MODELS / "sources.json").write_bytes(msgspec.json.format(msgspec.json.encode(sources), indent=1) + b"\n")
