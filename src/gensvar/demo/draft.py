"""What is going to be said, before anybody knows who leaves: who, when, which scores, about what and in which tone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gensvar.demo import days
from gensvar.demo.dice import Flags, Floats, Ints
from gensvar.demo.town import Town

TOPICS = ("delivery", "price", "integration", "support", "app", "onboarding", "invoice", "payment", "hardware", "documentation")
INTEGRATION = TOPICS.index("integration")
PAYMENT = TOPICS.index("payment")
SILENT = -1
SECOND_TOPIC, OTHER_TONE = 0.32, 0.7
LEAST_EVEN = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """One row for each occasion, in time order. columns: what the source needs more, aligned with the rows."""

    person: Ints
    day: Ints
    second: Ints
    columns: Mapping[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def take(self, which: Flags | Ints) -> "Draft":
        """These rows only, in the order of the indexes."""
        return Draft(self.person[which], self.day[which], self.second[which], {k: v[which] for k, v in self.columns.items()})

    def with_(self, **columns: npt.NDArray[Any]) -> "Draft":
        """The same rows with more columns."""
        return replace(self, columns={**self.columns, **columns})

    def and_(self, other: "Draft") -> "Draft":
        """Both, in time order."""
        both = Draft(
            np.concatenate([self.person, other.person]),
            np.concatenate([self.day, other.day]),
            np.concatenate([self.second, other.second]),
            {k: np.concatenate([v, other.columns[k]]) for k, v in self.columns.items()},
        )
        return both.take(in_time(both.day, both.second))

    def lists(self, *names: str) -> list[list[Any]]:
        """Columns as Python lists."""
        return [self.columns[n].tolist() for n in names]


def in_time(day: Ints, second: Ints) -> Ints:
    """The order that sorts occasions by time."""
    return np.argsort(day * 86_400 + second, kind="stable").astype(np.int64)


def occasions(town: Town, rng: np.random.Generator, count: int, rhythm: str = "office") -> Draft:
    """Occasions of people who are customers by then; fewer than count, since some are not yet."""
    person = rng.integers(0, len(town.people), count)
    day, second = days.some_days(rng, count, rhythm), days.some_seconds(rng, count)
    draft = Draft(person, day, second, {}).take(in_time(day, second))
    return draft.take(town.started[town.account_of[draft.person]] <= draft.day)


def rated(rng: np.random.Generator, mean: Floats | float, spread: float, count: int, low: int = 1, high: int = 5) -> Ints:
    """Whole scores around a mean, cut at the ends of the scale."""
    return np.clip(np.rint(mean + spread * rng.standard_normal(count)), low, high).astype(np.int64)


def rated_evenly(rng: np.random.Generator, mean: Floats, spread: float, cell: Ints) -> Ints:
    """Scores 1–5 as by `rated`, whose chance deviations cancel within each cell, so that what is planted there stands out at any seed."""
    chance = rng.standard_normal(len(cell))
    for which in np.unique(cell):
        here = cell == which
        if here.sum() >= LEAST_EVEN:
            chance[here] = (chance[here] - chance[here].mean()) / chance[here].std()
    return np.clip(np.rint(mean + spread * chance), 1, 5).astype(np.int64)


def nudged(rng: np.random.Generator, score: Ints, chance: Floats, step: int, low: int = 1, high: int = 5) -> Ints:
    """The scores, each moved by step with its own chance where the scale allows it."""
    moved = np.where(rng.random(len(score)) < chance, score + step, score)
    return np.clip(moved, low, high).astype(np.int64)


def chance_of(score: Ints, lift: float, high: int = 5) -> float:
    """The chance with which each score must gain a point for the mean to rise by lift."""
    return lift / max(0.05, float(np.mean(score < high))) if len(score) else 0.0


def tones(rng: np.random.Generator, score: Ints | Floats, bad: float, good: float) -> Ints:
    """−1 up to bad, 1 from good, else 0; one in twenty-five writes against the own score."""
    tone = np.where(score <= bad, -1, np.where(score >= good, 1, 0))
    return np.where(rng.random(len(score)) < 0.04, -tone, tone).astype(np.int64)


def talk(rng: np.random.Generator, draft: Draft, topic: Ints, tone: Ints, speaks: Flags) -> Draft:
    """The draft with topic, tone, topic2 and tone2; topic is SILENT where nothing is written, topic2 where there is one subject only."""
    count = len(draft)
    second = (topic + rng.integers(1, len(TOPICS), count)) % len(TOPICS)
    two = speaks & (rng.random(count) < SECOND_TOPIC)
    opposite = np.where(tone == 0, 1, -tone)
    tone2 = np.where(rng.random(count) < OTHER_TONE, opposite, np.where(tone == 0, -1, tone))
    return draft.with_(
        topic=np.where(speaks, topic, SILENT).astype(np.int64),
        tone=tone,
        topic2=np.where(two, second, SILENT).astype(np.int64),
        tone2=tone2.astype(np.int64),
    )


def complains_of(draft: Draft, topic: int) -> Flags:
    """Whether each row's text speaks ill of the topic, as its first or its second subject."""
    first: Flags = (draft["topic"] == topic) & (draft["tone"] < 0)
    second: Flags = (draft["topic"] != SILENT) & (draft["topic2"] == topic) & (draft["tone2"] < 0)
    return first | second
