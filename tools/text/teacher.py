"""The teacher: linear heads over the encoder's vectors, for all labels at once, and how right they are on texts held out."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TOPICS, top
from gensvar.text.learning import Floats, Linear, classes, each, one_hot, standard
from gensvar.text.outputs import CAUSE, COLUMNS, EMOTION, FLAG, INTENT, TONE, TOPIC
from tools.text.data import OWN_HELD_OUT, Example, percent

TWO: Final = (1, 0, 1, 0)
THREE: Final = (1, 1, 1, 0)
ALLOWED: Final[Mapping[str, tuple[int, ...]]] = {"restaurant": TWO, "clothing": TWO, "finn": THREE, "lcc": THREE, "assistant": THREE, "emoji": THREE}
OWN_WEIGHT: Final = 1.5
TONE_C, TOPIC_C, LABEL_C = 0.01, 0.1, 0.05


def held_out(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Our own texts by which cuts and probabilities are set, never weights."""
    return np.array([e.source == "own" and percent(e.text) < OWN_HELD_OUT for e in examples])


def allowed(examples: Sequence[Example]) -> Floats:
    """texts × tones: 1 where the text's source could have said so."""
    return np.array([ALLOWED.get(e.source, (1, 1, 1, 1)) for e in examples], np.float32)


def weights(examples: Sequence[Example]) -> Floats:
    """A source counts by the root of its size; our own somewhat more."""
    sources = [e.source for e in examples]
    size = {s: sources.count(s) for s in set(sources)}
    return np.array([(OWN_WEIGHT if s == "own" else 1.0) / np.sqrt(size[s]) for s in sources], np.float32)


def marked(examples: Sequence[Example], names: Sequence[str], said: Sequence[Sequence[str]]) -> Floats:
    """texts × names, 1 where it is said."""
    out = np.zeros((len(examples), len(names)), np.float32)
    place = {n: i for i, n in enumerate(names)}
    for row, found in enumerate(said):
        out[row, [place[f] for f in found if f in place]] = 1
    return out


def truth(examples: Sequence[Example]) -> Floats:
    """Columns of `outputs` as 0 and 1 for our own texts: a topic is said with its sub-topics."""
    out = np.zeros((len(examples), COLUMNS), np.float32)
    out[:, TONE] = one_hot([e.tone or 0 for e in examples], 4)
    out[:, TOPIC] = marked(examples, TOPICS, [[n for t, _ in e.topics or () for n in (t, top(t))] for e in examples])
    out[:, INTENT] = one_hot([INTENTS.index(e.intent or "other") for e in examples], len(INTENTS))
    out[:, CAUSE] = marked(examples, CAUSES, [e.causes or () for e in examples])
    out[:, FLAG] = marked(examples, FLAGS, [e.flags or () for e in examples])
    out[:, EMOTION] = one_hot([EMOTIONS.index(e.emotion or "none") for e in examples], len(EMOTIONS))
    return out


def heads(examples: Sequence[Example], vectors: Floats) -> Linear:
    """All heads as one map. Tones are learned from every example, the rest from our own."""
    base = standard(vectors)
    own = np.array([e.source == "own" for e in examples])
    right, x = truth(examples), vectors[own]
    tones = np.array([-1 if e.tone is None else e.tone for e in examples])
    parts = [(TONE, classes(vectors, one_hot(tones, 4), TONE_C, weights(examples), allowed(examples), base))]
    for where, c in ((INTENT, LABEL_C), (EMOTION, LABEL_C)):
        parts.append((where, classes(x, right[own, where], c, base=base)))
    for where, c, balance in ((TOPIC, TOPIC_C, 0.3), (CAUSE, LABEL_C, 0.2), (FLAG, LABEL_C, 0.2)):
        parts.append((where, each(x, right[own, where], c, balance, base)))
    full = np.zeros((vectors.shape[1], COLUMNS), np.float32)
    bias = np.zeros(COLUMNS, np.float32)
    for where, part in parts:
        full[:, where], bias[where] = part.weights, part.bias
    return Linear(*base, full, bias)
