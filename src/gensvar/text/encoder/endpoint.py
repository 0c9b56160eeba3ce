"""An endpoint that speaks OpenAI's /v1/embeddings: on this machine or elsewhere. How it is reached is handed in; texts leave only where it stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gensvar.kit.errors import BadInput

Post = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_AT_ONCE: Final = 64
_MOST_SIGNS: Final = 4000


class Endpoint:
    """post: sends one request body and gives the decoded answer, or raises; it holds address, key, timeouts and retries."""

    def __init__(self, model: str, dimensions: int, post: Post, prefix: str = "") -> None:
        self.name, self.version, self.dimensions = model, f"endpoint-{model}", dimensions
        self._post, self._prefix = post, prefix

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """texts × dimensions, each row of length 1; zeros for a text of blanks, which is not sent. Refuses an answer of another shape."""
        out = np.zeros((len(texts), self.dimensions), np.float32)
        said = [i for i, t in enumerate(texts) if t.strip()]
        for start in range(0, len(said), _AT_ONCE):
            places = said[start : start + _AT_ONCE]
            out[places] = self._asked([self._prefix + texts[i][:_MOST_SIGNS] for i in places])
        return out

    def _asked(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        answer = self._post({"model": self.name, "input": list(texts), "encoding_format": "float"})
        try:
            rows = sorted(answer["data"], key=lambda row: int(row["index"]))
            found = np.array([row["embedding"] for row in rows], np.float32)
        except (KeyError, TypeError, ValueError) as e:
            raise BadInput(f"The embedding endpoint's answer is not OpenAI's: {e!r}. Check its address and model.") from e
        if found.shape != (len(texts), self.dimensions) or not np.isfinite(found).all():
            raise BadInput(f"The embedding endpoint gave {found.shape}, not {len(texts)} × {self.dimensions} numbers. Check the model's dimensions.")
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12), np.float32)
