"""The columns of every model's scores, in one order, and what is made of them: probabilities, and which labels are said."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TONES, TOPICS, top
from gensvar.text.learning import Floats, sigmoid, softmax

_SIZES: Final = (len(TONES), len(TOPICS), len(INTENTS), len(CAUSES), len(FLAGS), len(EMOTIONS))
_ENDS: Final = np.cumsum((0, *_SIZES)).tolist()
TONE, TOPIC, INTENT, CAUSE, FLAG, EMOTION = (slice(a, b) for a, b in pairwise(_ENDS))
COLUMNS: Final = int(_ENDS[-1])
TOPS: Final[npt.NDArray[np.int64]] = np.array([i for i, t in enumerate(TOPICS) if top(t) == t], np.int64)  # each before its own


@dataclass(frozen=True, slots=True)
class Said:
    """Probabilities, a row for each text. topics of a family: the top one is at least as likely as each of its own."""

    tones: Floats
    topics: Floats
    intents: Floats
    causes: Floats
    flags: Floats
    emotions: Floats


def probabilities(scores: Floats) -> Said:
    """What the scores say: softmax where one label is right, sigmoid where several may be.

    >>> import numpy as np
    >>> said = probabilities(np.zeros((1, COLUMNS), np.float32))
    >>> said.tones.tolist(), float(said.topics[0, 0])
    ([[0.25, 0.25, 0.25, 0.25]], 0.5)
    """
    topics = sigmoid(scores[:, TOPIC])
    family = topics.copy()
    family[:, TOPS] = np.maximum.reduceat(topics, TOPS, axis=1)
    return Said(
        softmax(scores[:, TONE]), family, softmax(scores[:, INTENT]), sigmoid(scores[:, CAUSE]), sigmoid(scores[:, FLAG]), softmax(scores[:, EMOTION])
    )


def exact(named: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The same topics without those whose sub-topic is named too. named: texts × topics.

    >>> import numpy as np
    >>> named = np.zeros((1, len(TOPICS)), bool)
    >>> named[0, [TOPICS.index("delivery"), TOPICS.index("delivery.late"), TOPICS.index("food")]] = True
    >>> [TOPICS[i] for i in np.flatnonzero(exact(named)[0])]
    ['delivery.late', 'food']
    """
    subs = named.copy()
    subs[:, TOPS] = False
    kept = named.copy()
    kept[:, TOPS] &= ~np.logical_or.reduceat(subs, TOPS, axis=1)
    return kept
