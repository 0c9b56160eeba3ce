"""What is set after training, on texts held out: how sharp probabilities are, where labels are said, how far the encoder is trusted."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from evals.text_data import TestSet
from scipy.optimize import minimize

from gensvar.text.learning import Floats, Linear, sigmoid, softmax
from gensvar.text.outputs import CAUSE, FLAG, TONE, TOPIC
from gensvar.text.student import Student
from gensvar.text.understand import Settings
from tools.text.data import Example
from tools.text.imitation import Taught
from tools.text.teacher import truth

LEAST_CUT: Final = 0.2  # the student names nothing that it finds less likely, whatever its F1
RIDGE, NEAR = 0.02, 0.005  # what it costs a tilt to be far from nothing, and the tilt of a language to be far from that of all
VERSION: Final = "gensvar-text-2"


Group = tuple[Floats, Any, Floats]  # scores, tones, which tones could be said


def _surprise(groups: Sequence[Group], sharp: float, tilt: Any, evened: bool) -> float:
    """How unlikely the right tones are; all groups weigh alike; evened: a tone by the root of its size."""
    total = 0.0
    for scores, right, could in groups:
        p = softmax(np.asarray(scores * sharp + np.array([tilt[0], tilt[1], 0.0, tilt[2]]) + np.where(could > 0, 0, -1e9), np.float32))
        weight = np.bincount(right, minlength=4)[right] ** -0.5 if evened else np.ones(len(right))
        total -= float((np.log(p[np.arange(len(right)), right] + 1e-6) * weight).sum() / weight.sum())
    return total


def sharpness(groups: Sequence[Group]) -> tuple[float, Floats]:
    """The factor and the tilt of tone scores under which the held-out tones are likeliest."""
    found = minimize(
        lambda x: _surprise(groups, x[0], x[1:], evened=False) + RIDGE * float((x[1:] ** 2).sum()), [1.0, 0.0, 0.0, 0.0],
        method="Nelder-Mead", options={"maxiter": 600},
    ).x  # fmt: skip
    return float(found[0]), np.array([found[1], found[2], 0.0, found[3]], np.float32)


def tilted(groups: Sequence[Group], sharp: float, around: Floats) -> Floats:
    """The tilt in one language, near that of all: a tone that is rare in the texts at hand counts for more than its share."""
    usual = around[[0, 1, 3]]
    found = minimize(
        lambda x: _surprise(groups, sharp, x, evened=True) + NEAR * float(((x - usual) ** 2).sum()),
        usual,
        method="Nelder-Mead",
        options={"maxiter": 600},
    ).x
    return np.array([found[0], found[1], 0.0, found[2]], np.float32)


def true_to_word(scores: Floats, right: Floats) -> tuple[float, float]:
    """Slope and shift under which the sigmoid of a score is the share that is right (Platt 1999)."""

    def surprise(x: Any) -> float:
        z = scores * x[0] + x[1]
        return float((np.logaddexp(0, z) - right * z).mean())

    slope, shift = minimize(surprise, [1.0, 0.0], method="Nelder-Mead", options={"maxiter": 300}).x
    return float(slope), float(shift)


def calibrated(taught: Taught, own: Sequence[Example]) -> Taught:
    """The student with the scores of topics, causes and flags as true as they can be."""
    right = truth(own)
    for where in (TOPIC, CAUSE, FLAG):
        student = taught.student()
        taught = taught.moved(where, *true_to_word(student.scores(student.sums([e.text for e in own]))[:, where], right[:, where]))
    return taught


def cut(probabilities: Floats, right: Floats) -> float:
    """The probability from which on labels are said, for the best F1 over all of them together."""
    tried = np.linspace(0.06, 0.7, 33)
    found = [2 * float(((probabilities >= t) * right).sum()) / max(float((probabilities >= t).sum() + right.sum()), 1) for t in tried]
    return round(float(tried[int(np.argmax(found))]), 3)


def _labels(scores: Floats, right: Floats) -> tuple[float, float]:
    both = np.r_[CAUSE, FLAG]
    return cut(sigmoid(scores[:, TOPIC]), right[:, TOPIC]), cut(sigmoid(scores[:, both]), right[:, both])


def chosen(student: Student, heads: Linear, own: Sequence[Example], vectors: Floats, choosing: Sequence[TestSet], of_sets: Floats) -> Settings:
    """Everything that a reader is set to."""
    fast, slow = student.scores(student.sums([e.text for e in own])), heads.scores(vectors)
    right = truth(own)
    tones, languages, any_ = np.array([e.tone for e in own]), np.array([e.language for e in own]), np.ones((len(own), 4), np.float32)
    groups_fast: list[Group] = [(fast[:, TONE], tones, any_)]
    groups_slow: list[Group] = [(slow[:, TONE], tones, any_)]
    by_language: dict[str, list[Group]] = {}
    start = 0
    for s in choosing:
        rows = of_sets[start : start + len(s.cases)]
        start += len(s.cases)
        could = np.tile(np.array([1, float(s.classes > 2), 1, 0], np.float32), (len(s.cases), 1))
        labels = np.array([c.tone for c in s.cases])
        groups_fast.append((student.scores(student.sums([c.text for c in s.cases]))[:, TONE], labels, could))
        groups_slow.append((heads.scores(rows)[:, TONE], labels, could))
        here = languages == s.language
        by_language.setdefault(s.language, [(slow[here, TONE], tones[here], any_[here])]).append(groups_slow[-1])
    sharp, tilt = sharpness(groups_fast)
    whole, slow_tilt = sharpness(groups_slow)
    tilts = {language: _four(tilted(groups, whole, slow_tilt)) for language, groups in by_language.items()}
    topics, labels_cut = _labels(fast, right)
    head_topics, head_labels = _labels(slow, right)
    return Settings(
        version=VERSION, topic_cut=max(topics, LEAST_CUT), label_cut=max(labels_cut, LEAST_CUT), head_topic_cut=head_topics,
        head_label_cut=head_labels, sharp=sharp, whole=whole, tilt=_four(tilt), head_tilt=_four(slow_tilt), head_tilts=tilts, parts=2.0, trust=0.85,
    )  # fmt: skip


def _four(values: Floats) -> tuple[float, float, float, float]:
    a, b, c, d = (round(float(v), 4) for v in values)
    return a, b, c, d
