"""Impact within a house: what is planted is found, what comes along is not blamed, all adds up; what may not be counted is not."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from gensvar.explain.impact import KIND, Impact, of_json
from gensvar.explaining.impact import Answered, Asked, impact, run
from gensvar.house import House
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Hidden, TooFew
from tests.explain.impact.answers import CSAT, NPS, Given, rows_of


def told(house: House, given: Iterable[Given], scope: Scope | None = None, asked: Asked | None = None) -> Answered:
    house.engine.merge("feedback", rows_of(given, (asked or Asked(CSAT)).measure))
    return impact(house, scope or whole(), asked or Asked(CSAT))


def shop(n: int = 3000, seed: int = 1, audience: str = "customer") -> list[Given]:
    """Late delivery lowers the score; price comes along with it and lowers nothing; returns is spoken of by twelve; Norway is sour."""
    dice = random.Random(seed)

    def one(at: int) -> Given:
        late = dice.random() < 0.25
        said = {"delivery": -0.7} if late else {}
        if dice.random() < (0.6 if late else 0.1):
            said["price"] = -0.5
        if at % 250 == 0:
            said["returns"] = 0.5
        market = dice.choice(("SE", "NO"))
        good = dice.random() < 0.85 - 0.4 * late - 0.2 * (market == "NO")
        return Given(dice.randrange(n // 2), 5.0 if good else 1.0, None if dice.random() < 0.1 else said, market, "food", audience)

    return [one(at) for at in range(n)]


def test_what_is_planted_is_found_and_what_comes_along_is_not_blamed(empty_house: House) -> None:
    found = told(empty_house, shop())
    assert isinstance(found, Impact)
    delivery, price = (next(t for t in found.topics if t.id == name) for name in ("delivery", "price"))
    assert delivery.verdict == "lowers"
    assert delivery.part.low < -0.4 * 0.25 < delivery.part.high
    assert delivery.tones[0].each.low < -0.4 < delivery.tones[0].each.high
    assert price.verdict in {"none", "unknown"}
    assert price.left_out is not None
    assert price.left_out < price.part.low
    assert found.twice is not None
    assert found.twice < -0.02
    assert [f.id for f in found.few] == ["returns"]
    assert found.strata == 2
    assert 200 < found.unread < 400


def test_baseline_and_topics_are_the_score(empty_house: House) -> None:
    for measure, seed in ((CSAT, 3), (NPS, 4)):
        found = told(empty_house, shop(seed=seed), asked=Asked(measure))
        assert isinstance(found, Impact)
        rarer = found.rarer.value if found.rarer else 0.0
        assert found.baseline.value + sum(t.part.value for t in found.topics) + rarer == pytest.approx(found.score, abs=1e-9)
        assert all(sum(tone.part.value for tone in t.tones) == pytest.approx(t.part.value) for t in found.topics if t.tones)


def test_two_topics_always_together_are_told_once(empty_house: House) -> None:
    def twin(one: Given) -> Given:
        late = (one.said or {}).get("delivery")
        return one if one.said is None else one._replace(said={} if late is None else {"delivery": late, "price": late})

    found = told(empty_house, map(twin, shop(seed=5)))
    assert isinstance(found, Impact)
    delivery, price = sorted(found.topics, key=lambda t: t.id)
    assert (delivery.beside, price.beside) == ("price", "delivery")
    assert delivery.part.value == pytest.approx(price.part.value)
    assert delivery.part.value + price.part.value == pytest.approx(-0.1, abs=0.02)
    assert (delivery.left_out or 0) + (price.left_out or 0) < 2 * -0.08
    assert found.twice == pytest.approx((delivery.left_out or 0) * 2 - delivery.part.value * 2)


def test_a_tone_that_few_speak_in_counts_among_the_rarer_ones(empty_house: House) -> None:
    """Nine praise delivery: too few for a number of their own; they are among those who speak of it, and the sum still holds."""
    praised = [Given(10_000 + at, 5.0, {"delivery": 0.9}) for at in range(9)]
    found = told(empty_house, [*(g for g in shop() if "returns" not in (g.said or {})), *praised])
    assert isinstance(found, Impact)
    assert found.rarer is not None
    assert found.baseline.value + sum(t.part.value for t in found.topics) + found.rarer.value == pytest.approx(found.score, abs=1e-9)
    delivery = next(t for t in found.topics if t.id == "delivery")
    assert [t.tone for t in delivery.tones] == ["negative"]
    assert delivery.n == delivery.tones[0].n + 9
    assert delivery.left_out is not None
    assert not found.few


def test_rarer_ones_of_fewer_than_may_be_told_of_are_left_to_the_baseline(empty_house: House) -> None:
    found = told(empty_house, shop(), Scope(least={"customer": 40}))
    assert isinstance(found, Impact)
    assert (found.rarer, found.few) == (None, ())
    assert found.baseline.value + sum(t.part.value for t in found.topics) == pytest.approx(found.score, abs=1e-9)


def test_topics_about_employees_are_not_told_of_customers(empty_house: House) -> None:
    """The models put pay on a customer's text now and then."""
    dice = random.Random(11)
    found = told(empty_house, [g._replace(said={**(g.said or {}), "work.pay": -0.6}) if dice.random() < 0.2 else g for g in shop()])
    assert isinstance(found, Impact)
    assert {t.id for t in found.topics} == {"delivery", "price"}
    assert [f.id for f in found.few] == ["returns"]


def test_a_scope_is_counted_alone(empty_house: House) -> None:
    given = shop(seed=6)
    norway = Scope({"market": frozenset({"NO"})})
    inside = told(empty_house, given, norway)
    everybody = impact(empty_house, whole(), Asked(CSAT))
    assert inside == impact(empty_house, whole(), Asked(CSAT, where={"market": ("NO",)}))
    assert isinstance(inside, Impact)
    assert isinstance(everybody, Impact)
    assert inside.n < everybody.n


def test_few_answers_are_refused(empty_house: House) -> None:
    few = told(empty_house, shop(n=90, seed=7))
    assert isinstance(few, TooFew)
    assert few.n < few.least
    assert impact(empty_house, Scope(least={"customer": 200}), Asked(CSAT)) == Hidden("small_group")


def test_one_person_does_not_speak_for_all(empty_house: House) -> None:
    """Somebody answers two hundred times, always of the app: her topic has no number."""
    loud = [Given(0, 1.0, {"app": -0.9}) for _ in range(200)]
    found = told(empty_house, [*shop(seed=8), *loud])
    assert isinstance(found, Impact)
    assert "app" not in {t.id for t in found.topics}


def test_protected_people_are_not_counted(empty_house: House) -> None:
    assert told(empty_house, shop(n=300, audience="employee")) == Hidden("protected")
    assert impact(empty_house, whole(), Asked(NPS)) == TooFew(0, 100)


def test_a_reader_of_larger_groups_sees_larger_groups(empty_house: House) -> None:
    found = told(empty_house, shop(), Scope(least={"customer": 1000}))
    assert isinstance(found, Impact)
    assert found.least == 1000
    assert not found.topics


def test_constant_scores_and_no_topics_are_answered(empty_house: House) -> None:
    found = told(empty_house, [Given(i, 5.0, {"delivery": -0.5} if i % 2 else {}) for i in range(400)])
    assert isinstance(found, Impact)
    assert [(t.part.value, t.verdict) for t in found.topics] == [(0.0, "none")]
    bare = impact(empty_house, whole(), replace(Asked(CSAT), adjust=()))
    assert isinstance(bare, Impact)
    assert bare.score == found.score == 1.0


def test_the_night_keeps_what_it_finds(empty_house: House) -> None:
    assert run(empty_house, lambda _: True) == {"measures": 0, "too_few": 1, "why": "no_comments"}
    empty_house.engine.merge("feedback", rows_of(shop(seed=9)))
    assert run(empty_house, lambda _: True) == {"measures": 1, "too_few": 0}
    kept = empty_house.ledger.findings.latest(KIND, "csat.delivery")
    assert kept is not None
    assert of_json(kept.body["impact"]).topics[0].id == "delivery"
    assert run(empty_house, lambda _: False) == {"measures": 0, "too_few": 0}
