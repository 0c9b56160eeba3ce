"""encoder: texts → vectors. Reads: texts, weights handed in or bundled. Writes: nothing. Promises: a text has one vector, in any batch."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt


@runtime_checkable
class Encoder(Protocol):
    """What turns texts into vectors. name and version: of the model; vectors of two versions are never compared."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """texts × dimensions, each row of length 1; zeros where a text holds nothing."""
        ...


__all__ = ["Encoder"]
