"""Few-shot: topics known by a handful of examples each, over sentence vectors. Exact and repeatable, in a second.

A vector is first drawn a little towards those texts of the house that lie nearest to it, so that what people mean alike lies together; a
regression then draws its line for each topic. Where that line lies is set by a background of texts that are of no such topic: the share of it
that would be named is told with the topic (`alarms`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from gensvar.text.learning import Floats, Ints, Linear, classes, each, folds, one_hot, sigmoid, standard

FALSE_ALARM: Final = 0.005  # share of the background that may be named
MOST_ALARM: Final = 0.02  # the same for a topic that would else miss most of its own examples
NEAR: Final = 10  # texts of the house that a vector is drawn towards
DRAWN: Final = 0.6
LEAST_POOL: Final = 500  # with fewer texts the nearest are not near
C: Final = 10.0
FOLDS: Final = 5
_AT_ONCE: Final = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Centring, and the texts of the house by which vectors are drawn together.

    pool: those texts × dimensions, centred, of length 1; drawn: the same, each drawn towards its own nearest. scale: by which each dimension is
    multiplied before a line is drawn: of a few examples, what spreads little does so by chance, so it is taken from many texts.
    """

    mean: Floats
    pool: Floats
    drawn: Floats
    scale: Floats

    def __call__(self, vectors: Floats) -> Floats:
        """texts × dimensions, each row of length 1."""
        centred = _unit(vectors - self.mean)
        if len(self.pool) < LEAST_POOL:
            return centred
        return np.vstack([_unit((1 - DRAWN) * part + DRAWN * self._near(part)) for part in _parts(centred)])

    @property
    def base(self) -> tuple[Floats, Floats]:
        """Mean and scale, as `learning` takes them."""
        return np.zeros_like(self.mean), self.scale

    def _near(self, vectors: Floats) -> Floats:
        """The mean of the nearest texts of the pool."""
        return np.asarray(self.drawn[_nearest(vectors, self.pool)].mean(axis=1), np.float32)


def space_of(pool: Floats, *, draw: bool = True) -> Space:
    """The space of a house's own texts (texts × dimensions). draw: False where they are another's, and would draw towards what is not meant."""
    mean = pool.mean(0).astype(np.float32)
    centred = _unit(pool - mean)
    if len(centred) < LEAST_POOL or not draw:
        return Space(mean, centred[:0], centred[:0], standard(centred)[1])
    drawn = [_unit((part + centred[_nearest(part, centred)].mean(axis=1)) / 2) for part in _parts(centred)]
    twice = np.vstack(drawn)
    return Space(mean, centred, twice, standard(twice)[1])


def _nearest(vectors: Floats, pool: Floats) -> Ints:
    """texts × NEAR: the places of the nearest in the pool."""
    return np.asarray(np.argpartition(-(vectors @ pool.T), NEAR, axis=1)[:, :NEAR], np.int64)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _parts(vectors: Floats) -> list[Floats]:
    return [vectors[at : at + _AT_ONCE] for at in range(0, len(vectors), _AT_ONCE)] or [vectors]


@dataclass(frozen=True, slots=True, eq=False)
class FewShot:
    """names: the topics; cuts: the score from which on a text is of the topic; alarms: the share of the background that is.

    kept: of a topic's own examples, the share that would be found if each were met for the first time.
    """

    names: tuple[str, ...]
    space: Space
    linear: Linear
    cuts: Floats
    alarms: tuple[float, ...]
    kept: tuple[float, ...]

    def probabilities(self, vectors: Floats) -> Floats:
        """texts × topics, 0…1: 0.5 at the cut."""
        return sigmoid(self.linear.scores(self.space(vectors)) - self.cuts)


def few_shot(examples: Mapping[str, Floats], background: Floats, space: Space) -> FewShot:
    """One regression for each topic: its examples against the background and the other topics' examples.

    examples: topic → examples × dimensions, at least one. background: texts that are mostly of none of them, × dimensions.
    """
    names = tuple(examples)
    x = np.vstack([space(one) for one in examples.values()])
    owner = np.repeat(np.arange(len(names)), [len(one) for one in examples.values()])
    others = space(background)
    linear = _lines(x, owner, others, len(names), space.base)
    behind, again = linear.scores(others), _met_anew(x, owner, others, len(names), space.base)
    cuts = np.array([cut_of(behind[:, k], again[owner == k, k]) for k in range(len(names))], np.float32)
    alarms = tuple(float((behind[:, k] >= cut).mean()) for k, cut in enumerate(cuts))
    kept = tuple(float((again[owner == k, k] >= cut).mean()) for k, cut in enumerate(cuts))
    return FewShot(names, space, linear, cuts, alarms, kept)


def _lines(x: Floats, owner: Ints, others: Floats, count: int, base: tuple[Floats, Floats]) -> Linear:
    yes = np.vstack([one_hot(owner, count), np.zeros((len(others), count), np.float32)])
    return each(np.vstack([x, others]), yes, C, balance=0.5, base=base)


def _met_anew(x: Floats, owner: Ints, others: Floats, count: int, base: tuple[Floats, Floats]) -> Floats:
    """The score of each example under lines drawn without it and a fifth of the others; of a topic's only example under its own lines."""
    scores = _lines(x, owner, others, count, base).scores(x)
    parts = folds(owner, FOLDS)
    for part in range(FOLDS):
        out = (parts == part) & (np.bincount(owner, minlength=count)[owner] > 1)
        if out.any():
            scores[out] = _lines(x[~out], owner[~out], others, count, base).scores(x[out])
    return scores


def cut_of(behind: Floats, own: Floats) -> float:
    """The score that few of the background reach; lowered where half of the topic's own examples would lie below, but never to many of it."""
    strict, loose = np.quantile(behind, [1 - FALSE_ALARM, 1 - MOST_ALARM])
    return float(max(loose, min(strict, np.median(own))))


def likeliest(examples: Mapping[str, Floats], texts: Floats, space: Space) -> Ints:
    """The place of the topic that each text is likeliest of, where every text is of one: what few examples are worth at best.

    examples: topic → examples × dimensions; the name's own vector may stand among them. texts: × dimensions.
    """
    x = np.vstack([space(one) for one in examples.values()])
    owner = np.repeat(np.arange(len(examples)), [len(one) for one in examples.values()])
    linear = classes(x, one_hot(owner, len(examples)), C, base=space.base)
    return np.asarray(linear.scores(space(texts)).argmax(1), np.int64)
