"""Teaching: what a house's own labels and ratings add to a reader of tones, and whether they help. Numbers in, numbers out; the same each time.

A taught head starts from what the reader says and departs from it only as far as the labels ask for: with none it is the reader itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags_array

from gensvar.text.hashing import features
from gensvar.text.labels import TONES
from gensvar.text.learning import Floats, Ints, folds, softmax

NEGATIVE, NEUTRAL, POSITIVE, MIXED = range(len(TONES))
LEAST: Final = 50  # labels below which nothing is taught: 25 made readers of two languages in three worse
LEAST_OF_A_CLASS: Final = 5
STUDENT_LEAST: Final = 2_000  # ratings from which words alone can be taught
FOLDS: Final = 5
STRENGTHS: Final = (0.1, 0.5)  # how freely the head may depart from the reader
WORD_STRENGTH: Final = 0.5  # of a head over words, which is taught by thousands
MIX: Final = 0.3
SHARES: Final = 10.0
WORD_PLACES: Final = 1 << 15
SURE: Final = 0.975
_TINY: Final = 1e-4
_STEPS: Final = 100
_WORD_STEPS, _WORD_FOLDS = 40, 3  # words are taught by thousands of texts: a minute is too long to wait

Inputs = Any  # Floats, or a csr_matrix of words: both know @
Why = Literal["helps", "too few", "one class", "no gain", "less right"]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Tones from inputs and from the reader's own tones: log tones · mix + (inputs − mean) × scale · weights + bias, then softmax. Picklable.

    open: 1 for the tones that some label chose among. The others keep what the reader gave them: who only saw ratings knows nothing of neutral.
    """

    mean: Floats
    scale: Floats
    weights: Floats
    mix: Floats
    bias: Floats
    open: Floats

    def tones(self, inputs: Inputs, said: Floats) -> Floats:
        """texts × 4, rows sum to 1. said: the reader's tones."""
        moved = _standard(inputs, self.mean, self.scale) @ self.weights
        kept = said * (1 - self.open)
        ours = softmax(np.asarray(_logs(said) @ self.mix + moved + self.bias + np.where(self.open > 0, 0, -1e9), np.float32))
        return np.asarray(kept + ours * (1 - kept.sum(1, keepdims=True)), np.float32)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn from: one row for each text. inputs: vectors or words. said: the reader's tones. right: the label, a place in TONES.

    allowed: texts × 4, which tones the label chose among; a rating chose between negative and positive only. weight: how many rows it stands for.
    counts: whether it is judged by; it is learned from anyway.
    """

    inputs: Inputs
    said: Floats
    right: Ints
    allowed: Floats
    weight: Floats
    counts: npt.NDArray[np.bool_]

    def at(self, places: Ints | npt.NDArray[np.bool_]) -> "Lessons":
        """Some of them."""
        return Lessons(self.inputs[places], self.said[places], self.right[places], self.allowed[places], self.weight[places], self.counts[places])

    def __len__(self) -> int:
        return len(self.right)


@dataclass(frozen=True, slots=True)
class Scores:
    """How right a reader is, in shares; of: by tone, how many of each were found (recall). loss: mean −log probability of the right tone."""

    accuracy: float
    macro_f1: float
    loss: float
    of: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """Ours against the reader as it ships, on texts that neither was taught by. n: labels judged by. gain: of loss, with its 95 % interval."""

    n: int
    why: Why
    before: Scores | None = None
    after: Scores | None = None
    gain: tuple[float, float, float] | None = None

    @property
    def helps(self) -> bool:
        return self.why == "helps"


def chosen_among(labels: Ints, *, rating: bool) -> Floats:
    """Which tones each label chose among.

    >>> chosen_among(np.array([0, 2]), rating=True).tolist()
    [[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]
    """
    row = np.array([1, 0, 1, 0] if rating else [1, 1, 1, 1], np.float32)
    return np.tile(row, (len(labels), 1))


def words_of(texts: Sequence[str]) -> csr_matrix:
    """Words, pairs and pieces of words, each text's row of length 1: for a head that needs no vectors."""
    found = features(texts, WORD_PLACES)
    counted = csr_matrix((np.ones(len(found.places), np.float32), found.places, found.ends), shape=(len(texts), WORD_PLACES))
    counted.sum_duplicates()
    counted.data = np.log1p(counted.data)
    lengths = np.sqrt(np.asarray(counted.multiply(counted).sum(axis=1)).ravel())
    return csr_matrix(diags_array(4 / np.maximum(lengths, 1.0)) @ counted, dtype=np.float32)


# ── learning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fit(lessons: Lessons, strength: float) -> Head:
    """The head that is likeliest under normal priors around the reader: weights around 0, mix around the identity, bias around 0."""
    mean, scale = _base(lessons.inputs)
    x, places = _told(_standard(lessons.inputs, mean, scale))
    said, same = _logs(lessons.said).astype(np.float64), np.eye(len(TONES))
    d, k = x.shape[1], len(TONES)
    wanted = np.eye(k)[lessons.right] * lessons.weight[:, None] / max(float(lessons.weight.mean()), _TINY)
    closed = np.where(lessons.allowed > 0, 0.0, -1e9)

    def cost(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, mix, bias = flat[: d * k].reshape(d, k), flat[d * k : -k].reshape(k, k), flat[-k:]
        z = x @ weights + said @ mix + bias + closed
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        off = e / total * wanted.sum(1, keepdims=True) - wanted
        value = -float(np.where(wanted > 0, wanted * (z - np.log(total)), 0).sum())
        value += float((weights**2).sum()) / 2 / strength + float(((mix - same) ** 2).sum()) / 2 / MIX + float((bias**2).sum()) / 2 / SHARES
        slopes = (x.T @ off + weights / strength, said.T @ off + (mix - same) / MIX, off.sum(0) + bias / SHARES)
        return value, np.concatenate([np.asarray(s).ravel() for s in slopes])

    start = np.concatenate([np.zeros(d * k), same.ravel(), np.zeros(k)])
    best = minimize(
        cost, start, jac=True, method="L-BFGS-B", options={"maxiter": _WORD_STEPS if isinstance(lessons.inputs, csr_matrix) else _STEPS}
    ).x.astype(np.float32)
    weights = np.zeros((lessons.inputs.shape[1], k), np.float32)
    weights[places] = best[: d * k].reshape(d, k)
    return Head(mean, scale, weights, best[d * k : -k].reshape(k, k), best[-k:], lessons.allowed.max(0))


def _told(inputs: Inputs) -> tuple[Inputs, Ints]:
    """The inputs that are not 0 in every text, and their places: of words, most are."""
    if not isinstance(inputs, csr_matrix):
        return inputs, np.arange(inputs.shape[1])
    places = np.unique(inputs.indices).astype(np.int64)
    return inputs[:, places], places


def _logs(said: Floats) -> Floats:
    return np.log(np.clip(said, _TINY, 1.0))


def _base(inputs: Inputs) -> tuple[Floats, Floats]:
    """Mean and scale of vectors; words are of length already, and stay sparse."""
    if isinstance(inputs, csr_matrix):
        return np.zeros(1, np.float32), np.ones(1, np.float32)
    spread = np.maximum(inputs.std(0), 1e-3)
    return inputs.mean(0).astype(np.float32), np.asarray(4 / np.sqrt(inputs.shape[1]) / spread, np.float32)


def _standard(inputs: Inputs, mean: Floats, scale: Floats) -> Inputs:
    return inputs if isinstance(inputs, csr_matrix) else ((inputs - mean) * scale).astype(np.float64)


def _strength(lessons: Lessons) -> float:
    """The strength under which texts left out are best foretold, of those that are judged by."""
    if isinstance(lessons.inputs, csr_matrix):
        return WORD_STRENGTH
    part, judged = folds(lessons.right, 3, seed=1), lessons.counts
    return min(STRENGTHS, key=lambda s: _loss(lessons.at(judged), _left_out(lessons, part, lambda _: s)[judged]))


def _left_out(lessons: Lessons, part: Ints, strength: Any) -> Floats:
    """The tones of each text by a head that was taught by the other folds."""
    out = np.zeros_like(lessons.said)
    for one in np.unique(part):
        rest, here = lessons.at(part != one), lessons.at(part == one)
        out[part == one] = fit(rest, strength(rest)).tones(here.inputs, here.said)
    return out


def taught(lessons: Lessons) -> tuple[Head | None, Trial]:
    """A head, and the trial that says whether it helps: nested cross-validation, so that no text is judged by what it taught.

    It helps where the loss falls with an interval that excludes 0, and no fewer texts are read rightly. None where there is too little to learn from.
    """
    judged = lessons.counts
    n = int(judged.sum())
    if n < LEAST:
        return None, Trial(n, "too few")
    if (np.bincount(lessons.right[judged], minlength=len(TONES)) >= LEAST_OF_A_CLASS).sum() < 2:
        return None, Trial(n, "one class")
    parts = _WORD_FOLDS if isinstance(lessons.inputs, csr_matrix) else FOLDS
    ours = _left_out(lessons, folds(lessons.right, parts), _strength)
    trial = compared(lessons.at(judged), ours[judged])
    return fit(lessons, _strength(lessons)), trial


def compared(lessons: Lessons, ours: Floats) -> Trial:
    """The reader's own tones against other ones of the same texts, text by text (paired, normal interval over texts)."""
    before, after = scores(lessons, lessons.said), scores(lessons, ours)
    share = lessons.weight / lessons.weight.sum()
    gains = _losses(lessons, lessons.said) - _losses(lessons, ours)
    mean = float((share * gains).sum())
    error = float(np.sqrt((share**2 * (gains - mean) ** 2).sum())) * NormalDist().inv_cdf(SURE)
    gain = (mean, mean - error, mean + error)
    why: Why = "no gain" if gain[1] <= 0 else "less right" if after.accuracy < before.accuracy else "helps"
    return Trial(len(lessons), why, before, after, gain)


# ── how right ────────────────────────────────────────────────────────────────────────────────────────────────────────


def among(lessons: Lessons, tones: Floats) -> Floats:
    """The tones, given that one of those is right which the label chose among."""
    kept = np.where(lessons.allowed > 0, np.clip(tones, _TINY, 1.0), 0)
    return np.asarray(kept / kept.sum(1, keepdims=True), np.float32)


def _losses(lessons: Lessons, tones: Floats) -> Floats:
    return np.asarray(-np.log(among(lessons, tones)[np.arange(len(lessons)), lessons.right]), np.float32)


def _loss(lessons: Lessons, tones: Floats) -> float:
    return float((_losses(lessons, tones) * lessons.weight).sum() / lessons.weight.sum())


def scores(lessons: Lessons, tones: Floats) -> Scores:
    """How right these tones are by the labels, each text with its weight. macro_f1: over the tones that the labels hold."""
    said, weight = among(lessons, tones).argmax(1), lessons.weight.astype(np.float64)
    hit = weight * (said == lessons.right)
    recall, f1 = {}, []
    for place in np.unique(lessons.right):
        there, told = float(weight[lessons.right == place].sum()), float(weight[said == place].sum())
        right = float(hit[lessons.right == place].sum())
        recall[TONES[place]] = right / there
        f1.append(2 * right / (there + told))
    return Scores(float(hit.sum() / weight.sum()), float(np.mean(f1)), _loss(lessons, tones), recall)
