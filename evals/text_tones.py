"""Tones of real texts in six languages, by the path that ships: the student alone, and with the encoder. Beside word lists, or the commonest tone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tools.text.data import NEGATIVE, NEUTRAL, POSITIVE

from evals.intervals import Rows, accuracy, interval, macro_f1, recall
from evals.result import Result
from evals.text_data import TestSet, sets
from gensvar.text.encoder.e5 import E5
from gensvar.text.reading import Reading
from gensvar.text.understand import Reader

TARGETS: Final = {
    "Swedish reviews": 0.92, "Danish reviews": 0.88, "Norwegian review sentences": 0.63, "Finnish forum": 0.60,
    "US airline tweets": 0.69, "German railway": 0.52,
}  # fmt: skip
CASCADE: Final = 0.2  # the share of texts that the encoder takes at once


def said(readings: Sequence[Reading], classes: int) -> Rows:
    """The likeliest tone of those that the set knows."""
    tones = np.array([r.whole.tones[: POSITIVE + 1] for r in readings])
    if classes == 2:
        return np.where(tones[:, POSITIVE] > tones[:, NEGATIVE], POSITIVE, NEGATIVE)
    return np.asarray(tones.argmax(1))


def cascaded(fast: Sequence[Reading], slow: Sequence[Reading]) -> list[Reading]:
    """The least certain fifth by the encoder, the others by the student."""
    certain = np.array([r.whole.certainty for r in fast])
    unsure = certain <= np.quantile(certain, CASCADE)
    return [b if u else a for a, b, u in zip(fast, slow, unsure.tolist(), strict=True)]


def by_words(texts: Sequence[str], language: str, classes: int) -> tuple[str, Rows] | None:
    """What a list of words with signs says, and its name: VADER in English, AFINN in Danish and in Norwegian, which has none of its own."""
    if language == "en":
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        judge = SentimentIntensityAnalyzer()
        name, cut, scores = "VADER", 0.05, np.array([judge.polarity_scores(t)["compound"] for t in texts])
    elif language in {"da", "nb"}:
        from afinn import Afinn

        words = Afinn(language="da", emoticons=True)
        name, cut, scores = "AFINN, Danish", 1.0, np.array([words.score(t) for t in texts])
    else:
        return None
    cut = cut if classes > 2 else 0.0
    return name, np.where(scores >= cut, POSITIVE, np.where(scores <= -cut, NEGATIVE, NEUTRAL))


def of_set(one: TestSet, reader: Reader, encoder: E5) -> list[Result]:
    """The default path against its target; the student, the cascade, neutral recall and the commonest tone beside it."""
    texts = [c.text for c in one.cases]
    right = np.array([c.tone for c in one.cases])
    fast = reader.read(texts, [one.language] * len(texts))
    slow = reader.refine(fast, encoder.encode(texts))
    measure, unit = (accuracy, "accuracy") if one.classes == 2 else (macro_f1, "macro-F1")
    whole = said(slow, one.classes)
    value, commonest = measure(right, whole), np.full_like(right, np.bincount(right).argmax())
    peer, beside = "always the commonest tone", measure(right, commonest)
    theirs = by_words(texts, one.language, one.classes)
    if theirs is not None:
        peer, beside = theirs[0], measure(right, theirs[1])
    name = f"tone: {one.name}"
    found = [Result(name, round(value, 4), f"{unit}, {interval(measure, right, whole)}", TARGETS[one.name], peer, round(value / beside, 3))]
    for label, readings in (("student alone", fast), ("cascade of 20 %", cascaded(fast, slow))):
        there = said(readings, one.classes)
        found.append(Result(f"{name}, {label}", round(measure(right, there), 4), f"{unit}, {interval(measure, right, there)}"))
    if one.classes > 2:
        found.append(Result(f"{name}, neutral recall", round(recall(right, whole, NEUTRAL), 4), f"of {int((right == NEUTRAL).sum())}"))
    return found


def evaluate(data: Path, most: int = 1500) -> list[Result]:
    """Every set, on the rows by which nothing was chosen."""
    reader, encoder = Reader.load(), E5.load(2)
    return [r for one in sets(data, most=most) if one.cases for r in of_set(one, reader, encoder)]
