"""Any sentence-transformers model in ONNX form, from a folder: `tokenizer.json`, `onnx/model.onnx` or `model.onnx`, and its settings."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from gensvar.kit.errors import BadInput
from gensvar.text.encoder.e5 import batches, whole

Floats = npt.NDArray[np.float32]
_MODELS: Final = ("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model_qint8_avx512_vnni.onnx")
_MOST_SIGNS: Final = 4000


class Folder:
    """The model in `path`. prefix: put before every text, as E5 and BGE models want it; most: tokens at which a text is cut."""

    def __init__(self, path: Path, prefix: str = "", most: int = 256, threads: int = 1) -> None:
        model = next((path / m for m in _MODELS if (path / m).is_file()), None)
        if model is None or not (path / "tokenizer.json").is_file():
            raise BadInput(f"No ONNX model in {path}: it needs tokenizer.json and one of {', '.join(_MODELS)}.")
        pooling = _read(path / "1_Pooling" / "config.json")
        self._first = bool(pooling.get("pooling_mode_cls_token", False))
        self._prefix, self._tokenizer = prefix, Tokenizer.from_file(str(path / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(most)
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, 3
        self._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {i.name for i in self._session.get_inputs()}
        self.name, self.version = path.name, f"folder-{model.stat().st_size}"
        self.dimensions = self._width()

    def _width(self) -> int:
        return int(self._run([self._ids(["?"])[0]]).shape[1])

    def _ids(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        encoded = self._tokenizer.encode_batch_fast([self._prefix + whole(t[:_MOST_SIGNS]) for t in texts])
        return [np.asarray(e.ids, np.int64) for e in encoded]

    def encode(self, texts: Sequence[str]) -> Floats:
        """texts × dimensions, each row of length 1; zeros where a text holds no token."""
        ids = self._ids(texts)
        lengths = np.array([len(i) for i in ids], np.int64)
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for places in batches(lengths):
            if lengths[places[-1]]:
                out[places] = self._run([ids[i] for i in places])
        return out

    def _run(self, ids: Sequence[npt.NDArray[np.int64]]) -> Floats:
        width = max(len(i) for i in ids)
        padded, mask = np.zeros((len(ids), width), np.int64), np.zeros((len(ids), width), np.int64)
        for row, one in enumerate(ids):
            padded[row, : len(one)], mask[row, : len(one)] = one, 1
        feed = {"input_ids": padded, "attention_mask": mask, "token_type_ids": np.zeros_like(padded)}
        hidden = np.asarray(self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0], np.float32)
        return _scaled(_pooled(hidden, mask, self._first))


def _pooled(hidden: Floats, mask: npt.NDArray[np.int64], first: bool) -> Floats:
    """One row for each text: as it comes where the model pools itself, else its first token or the mean of all."""
    if hidden.ndim == 2:
        return hidden
    if first:
        return hidden[:, 0]
    share = mask[..., None].astype(np.float32)
    return np.asarray((hidden * share).sum(1) / np.maximum(share.sum(1), 1), np.float32)


def _scaled(rows: Floats) -> Floats:
    """Rows of length 1; zeros stay zeros."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found
