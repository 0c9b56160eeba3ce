"""What the engine counts for impact is what a person would count answer by answer, on every engine."""

import random
from collections import Counter
from uuid import uuid5

from gensvar.engine import Engine
from gensvar.explain.impact import ADJUST, counted, summed
from gensvar.text.labels import MILD
from tests.explain.impact.answers import CSAT, SPACE, Given, rows_of

TOPICS = ("delivery", "price", "app")


def _given(seed: int, n: int = 400) -> list[Given]:
    dice = random.Random(seed)

    def one() -> Given:
        said = {t: dice.choice((-0.8, -0.1, 0.6)) for t in (*TOPICS, "work.load") if dice.random() < 0.4}
        who = None if dice.random() < 0.1 else dice.randrange(120)
        score = dice.choice((1.0, 3.0, 4.0, 5.0, 9.0, None))
        return Given(who, score, None if dice.random() < 0.2 else said, dice.choice(("SE", "NO", None)), dice.choice(("food", "trades")))

    return [one() for _ in range(n)]


def _sign(tone: float) -> str:
    return "-" if tone < -MILD else "+" if tone > MILD else "0"


def _by_hand(given: list[Given]) -> Counter[tuple[object, ...]]:
    """(block, market, segment, a, b) → n, and the same with "Σ" → Σ value."""
    found: Counter[tuple[object, ...]] = Counter()
    for at, one in enumerate(given):
        if one.said is None or one.score is None or not 1 <= one.score <= 5:
            continue
        who = uuid5(SPACE, f"response {at}" if one.who is None else f"person {one.who}").hex
        block = int(who[-2], 16) * 2 + int(who[-1], 16) // 8
        terms = ["", *(t + _sign(tone) for t, tone in one.said.items() if t in TOPICS)]
        for a in terms:
            for b in terms:
                if a <= b:
                    stratum = (one.market, one.segment) if a == "" else (None, None)
                    found[(block, *stratum, a, b)] += 1
                    found[("Σ", block, *stratum, a, b)] += one.score >= 4
    return found


def test_the_engine_counts_as_a_person_would(engine: Engine) -> None:
    given = _given(1)
    engine.merge("feedback", rows_of(given))
    feedback = engine.table("feedback")
    scored, written = feedback.filter(feedback.measure == CSAT.key), feedback.filter(feedback.sentiment.notnull())
    rows = engine.run(counted(scored, written, CSAT, TOPICS)).to_pylist()
    by_hand = _by_hand(given)
    keys = [(r["block"], r["market"], r["segment"], r["a"], r["b"]) for r in rows]
    assert len(set(keys)) == len(keys)
    assert {k: r["n"] for k, r in zip(keys, rows, strict=True)} == {k: n for k, n in by_hand.items() if k[0] != "Σ"}
    assert all(r["total"] == by_hand[("Σ", *k)] for k, r in zip(keys, rows, strict=True))


def test_sums_hold_every_answer_once(engine: Engine) -> None:
    given = _given(2)
    engine.merge("feedback", rows_of(given))
    feedback = engine.table("feedback")
    written = feedback.filter(feedback.sentiment.notnull())
    found = summed(engine.run(counted(feedback.filter(feedback.measure == CSAT.key), written, CSAT, TOPICS)), ADJUST)
    counting = [g for g in given if g.said is not None and g.score is not None and g.score <= 5]
    assert found.sums.n.sum() == len(counting)
    assert found.sums.y.sum() == sum(g.score >= 4 for g in counting if g.score is not None)
    assert found.strata == 6
    assert set(found.terms) == {t + s for t in TOPICS for s in "-0+"}
    for at, term in enumerate(found.terms):
        n = sum(term[:-1] in (g.said or {}) and _sign((g.said or {})[term[:-1]]) == term[-1] for g in counting)
        assert found.sums.x[:, :, at].sum() == found.sums.xx[:, at, at].sum() == n
    assert (found.sums.xx == found.sums.xx.transpose(0, 2, 1)).all()
