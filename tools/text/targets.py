"""What the student is to say of each text: the teacher's scores, moved half-way to the truth where the truth is known."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gensvar.text.learning import Floats, one_hot, sigmoid, softmax
from gensvar.text.outputs import CAUSE, EMOTION, FLAG, INTENT, TONE, TOPIC
from tools.text.data import Example
from tools.text.teacher import allowed, truth

TRUTH: Final = 0.6
_SMALL: Final = 0.01
WEIGHTS: Final = {"own": 6.0, "phrase": 4.0, "emoji": 20.0}
SUBTITLE_WEIGHT: Final = 0.4


def goals(examples: Sequence[Example], scores: Floats) -> Floats:
    """texts × columns: the scores, each softmax centred; the first rows are the examples'."""
    out = np.clip(scores, -7, 5).astype(np.float32)
    tone, intent, emotion = (softmax(scores[:, where]) for where in (TONE, INTENT, EMOTION))
    n = len(examples)
    if n:
        tones = one_hot([0 if e.tone is None else e.tone for e in examples], 4)
        could = tone[:n] * allowed(examples)
        tone[:n] = (1 - TRUTH) * (could + _SMALL * tone[:n]) / could.sum(1, keepdims=True) + TRUTH * tones
        _own(examples, out, intent, emotion)
    for where, share in ((TONE, tone), (INTENT, intent), (EMOTION, emotion)):
        log = np.log(share + _SMALL)
        out[:, where] = log - log.mean(1, keepdims=True)
    return out


def _own(examples: Sequence[Example], out: Floats, intent: Floats, emotion: Floats) -> None:
    """Our own texts: every label is known."""
    rows = np.flatnonzero([e.source == "own" for e in examples])
    right = truth(examples)[rows]
    for where, share in ((INTENT, intent), (EMOTION, emotion)):
        share[rows] = (1 - TRUTH) * share[rows] + TRUTH * right[:, where]
    for where in (TOPIC, CAUSE, FLAG):
        mixed = np.clip((1 - TRUTH) * sigmoid(out[rows, where]) + TRUTH * right[:, where], 0.001, 0.98)
        out[rows, where] = np.log(mixed / (1 - mixed))


def importance(examples: Sequence[Example], others: int) -> Floats:
    """How much each text counts: our own most, texts that only the teacher has labelled least."""
    return np.array([*(WEIGHTS.get(e.source, 1.0) for e in examples), *[SUBTITLE_WEIGHT] * others], np.float32)
