"""An attacker who asks everything, before and after one person answers, is corrected, leaves or moves, and subtracts. Does he learn what she said?

He knows everything but her answer: her unit, her market, the day, and every rule of the product. His guess is held against that of somebody who
reads the latest published number of the whole alone. Where a threshold is the only rule, as with peers, the same attacker reads her answer off.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from gensvar.kit.scope import whole
from gensvar.measure import Answer, Estimate, Question, ask_many
from tests.laws.staff import KNOWN, MONTHS, MOOD, SEPTEMBER, Said, Staff, told
from tests.measure.hub import DEFAULTS, Hub

TODAY = date(2026, 11, 21)
UNITS, MARKETS = ("A", "B", "C"), ("SE", "NO")
ROUNDS = 30
QUESTIONS = [
    Question("mood", by, {name: (value,) for name, value in (("unit", u), ("market", m)) if value}, period, "month")
    for by in ((), ("unit",), ("unit", "market")) for u in (None, *UNITS) for m in (None, "SE") for period in (None, SEPTEMBER)
]  # fmt: skip
EMPTY = Hub([{**DEFAULTS, "occurred_at": datetime(2026, 8, 3, 12, tzinfo=UTC), "measure": "nps@1", "score": 9.0}])


def protected(staff: Staff) -> tuple[Answer, ...]:
    """What the product answers. Rows of protected people are nowhere but in its releases, so the hub may be empty of them."""
    staff.release()
    return ask_many(QUESTIONS, EMPTY, KNOWN, whole(), TODAY, released=staff.as_released())


@dataclass
class Naive:
    """One group of the rule that peers use: all rows there are now, in groups of at least five."""

    question: Question

    def answer(self, there: Sequence[Said]) -> dict[tuple[str | None, ...], tuple[float, float]]:
        period, where = self.question.period, self.question.where
        rows = [
            s for s in there
            if all((getattr(s, d) or "") in v for d, v in where.items()) and (period is None or period.first <= s.month <= period.last)
        ]  # fmt: skip
        spots: dict[tuple[str | None, ...], list[Said]] = {}
        for s in rows:
            spots.setdefault(tuple(getattr(s, d) for d in self.question.by), []).append(s)
        return {spot: (len(g), sum(s.score for s in g)) for spot, g in spots.items() if len(g) >= 5}


def numbers_of(answers: Sequence[Answer]) -> Iterator[tuple[object, float, float]]:
    """Each shown number: what it is of, its n, and n times its value."""
    for answer in answers:
        for group in answer.groups:
            spot = (answer.question.by, tuple(answer.question.where.items()), str(answer.question.period), tuple(group.key.items()))
            if isinstance(group.verdict, Estimate):
                yield spot, group.verdict.n, group.verdict.n * group.verdict.value
            for point in group.trend:
                if isinstance(point.verdict, Estimate):
                    yield (*spot, point.start), point.verdict.n, point.verdict.n * point.verdict.value


def naive_numbers(there: Sequence[Said]) -> Iterator[tuple[object, float, float]]:
    for question in QUESTIONS:
        for spot, (n, total) in Naive(question).answer(there).items():
            yield (question.by, tuple(question.where.items()), str(question.period), spot), n, total


def guess(before: dict[object, tuple[float, float]], after: dict[object, tuple[float, float]], otherwise: float) -> float:
    """From two readings: what one more answer added to some number, where that can be a score; else what he would have guessed anyway."""
    for spot, (n, total) in after.items():
        then = before.get(spot)
        if then is not None and n - then[0] == 1 and MOOD.low <= total - then[1] <= MOOD.high:
            return round(total - then[1])
    changed = [(n - before[s][0], total - before[s][1]) for s, (n, total) in after.items() if s in before and after[s] != before[s]]
    few = [(n, total) for n, total in changed if n > 0]
    return round(min(max(min(few)[1] / min(few)[0], MOOD.low), MOOD.high)) if few else otherwise


def a_company(rng: Generator) -> list[Said]:
    """80 people in three units and two markets, who answered in August or September."""
    return [
        Said(p, UNITS[int(u)], MARKETS[int(rng.random() < 0.3)], MONTHS[int(rng.random() < 0.5)], float(rng.integers(0, 11)))
        for p, u in enumerate(rng.choice(3, 80, p=[0.55, 0.35, 0.1]))
    ]  # fmt: skip


def as_dict(found: Iterator[tuple[object, float, float]]) -> dict[object, tuple[float, float]]:
    return {spot: (n, total) for spot, n, total in found}


def target(rng: Generator, number: int) -> Said:
    return Said(number, UNITS[int(rng.integers(3))], MARKETS[int(rng.integers(2))], MONTHS[1], float(rng.integers(0, 11)))


def test_a_threshold_alone_tells_what_she_said() -> None:
    """So that the attack below is one that can succeed: under the rule that peers use it names her score every time."""
    right = 0
    for seed in range(ROUNDS):
        rng = default_rng(seed)
        there = a_company(rng)
        her = target(rng, 1000)
        before, after = as_dict(naive_numbers(there)), as_dict(naive_numbers([*there, her]))
        right += guess(before, after, 5.0) == her.score
    assert right == ROUNDS


def test_his_guesses_are_no_better_than_from_the_published_number() -> None:
    """Late answers come one by one; after each he asks everything. She is one of them. Over these seeds he may be right no more often than somebody
    who guesses from the number of the whole: the bound is three standard deviations of a guess that is right one time in eleven."""
    right, plain = 0, 0
    for seed in range(ROUNDS):
        rng = default_rng(seed)
        staff = Staff(5, a_company(rng))
        her, place = target(rng, 1000), int(rng.integers(0, 6))
        first = as_dict(numbers_of(protected(staff)))
        published = first[((), (), "None", ())]
        otherwise = round(published[1] / published[0])
        seen, best = first, float(otherwise)
        for turn in range(6):
            staff.arrives(her if turn == place else target(rng, 2000 + turn))
            now = as_dict(numbers_of(protected(staff))) if staff.release() else seen
            found = guess(seen, now, otherwise)
            best = found if turn == place or now != seen else best
            seen = now
        right += best == her.score
        plain += otherwise == her.score
    spread = 3 * (ROUNDS * (1 / 11) * (10 / 11)) ** 0.5
    assert right <= ROUNDS / 11 + spread, (right, plain)


CHANGES: dict[str, Callable[[list[Said], Said], list[Said]]] = {
    "she answers": lambda said, her: [*said, her],
    "three more answer": lambda said, her: [*said, *(replace(her, person=3000 + i) for i in range(3)), her],
    "she answers twice": lambda said, her: [*said, *([her] * 9)],
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_fewer_than_five_do_changes_nothing_at_all(what: str) -> None:
    """Not one number, sentence or note: before and after are equal to the last bit, so there is nothing to subtract."""
    for seed in range(3):
        rng = default_rng(seed)
        staff = Staff(5, a_company(rng))
        before = protected(staff)
        staff.said[:] = CHANGES[what](staff.said, target(rng, 1000))
        assert protected(staff) == before


def test_no_two_numbers_of_one_reading_differ_by_few() -> None:
    """Among everything shown at one time: the rows behind any two numbers differ in five people or in none."""
    for seed in range(4):
        staff = Staff(5, a_company(default_rng(seed)))
        staff.release()
        vectors = np.array(sorted(told(staff.as_vectors(80), QUESTIONS, 80)))
        for one in vectors:
            apart = np.abs(vectors - one).sum(axis=1)
            assert ((apart == 0) | (apart >= 5)).all()
