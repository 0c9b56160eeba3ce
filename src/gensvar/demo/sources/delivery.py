"""CSAT after each delivery of hardware. The question was reworded on a known day: version 2 lies higher and is another measure."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Floats, Ints, pick
from gensvar.demo.draft import Draft, chance_of, nudged, occasions, rated_evenly, talk, tones
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, comments, customer, numbered, said
from gensvar.demo.town import MARKETS
from gensvar.demo.truth import Said, planted

ANSWERS = 11_000
MARKET_MEAN = np.array([4.05, 4.15, 4.1, 4.0])
PRODUCTS = ("Terminal S", "Terminal X", "Printer P1", "Kassalåda")
CARRIERS = ("post", "bud", "ombud")


def _fall(market: Ints, day: Ints) -> Floats:
    """The chance that an answer loses a point: only in the market of the real fall, from its day."""
    fall = planted()["real_fall"]
    chance: Floats = (market == MARKETS.index(fall["market"])) * days.since(day, fall["day"]) * float(fall["chance_of_one_point_less"])
    return chance


def draft(world: World) -> Draft:
    """Scores under the wording of the day, and what is written about."""
    rng, change = world.dice.numbers("delivery"), planted()["wording_change"]
    sent = occasions(world.town, rng, world.count(ANSWERS), "shop")
    market, count = world.town.market_of[sent.person], len(sent)
    second = days.since(sent.day, change["day"])
    later = days.since(sent.day, planted()["real_fall"]["day"])
    score = rated_evenly(rng, MARKET_MEAN[market], 0.95, (market * 3 + second + later).astype(np.int64))
    score = nudged(rng, score, second * chance_of(score, float(change["lift"])), 1)
    score = nudged(rng, score, _fall(market, sent.day), -1)
    tone = tones(rng, score, 2, 5)
    topic = np.where(rng.random(count) < 0.82, 0, pick(rng, [0, 1, 0, 2, 0, 2, 1, 0, 4, 1], count))
    speaks = rng.random(count) < np.where(tone < 0, 0.6, 0.25)
    scored = sent.with_(score=score, version=second, product=rng.integers(0, 4, count), carrier=pick(rng, [5, 2, 3], count))
    return talk(rng, scored, topic, tone, speaks)


def save(world: World, sent: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each answer, tab-separated."""
    people, firms, records = world.people(sent), world.accounts(sent), numbered("D", len(sent))
    languages = [p.language for p in people]
    save_csv(path, {
        "answer_id": records,
        "answered_at": days.stamps(sent.day, sent.second, "%Y-%m-%d", seconds=True),
        "question_version": ["v2" if v else "v1" for v in sent["version"].tolist()],
        "score": sent["score"].tolist(),
        "comment": comments(world, sent, "delivery", languages),
        "lang": languages,
        "email": [p.email for p in people],
        "customer_no": [f.number for f in firms],
        "market": [f.market for f in firms],
        "segment": [f.segment for f in firms],
        "product": [PRODUCTS[p] for p in sent["product"].tolist()],
        "carrier": [CARRIERS[c] for c in sent["carrier"].tolist()],
    }, delimiter="\t")  # fmt: skip
    return said("delivery", "satisfaction", records, languages, sent)


SOURCE = Source(
    contract=Contract(
        source="delivery", version=1, owner="Trond Brekke", purpose="How each delivery of hardware was received.",
        record=("answer_id",), created=Moment(column="answered_at", zone="Europe/Stockholm"),
        at=Moment(column="answered_at", zone="Europe/Stockholm"),
        kind=Value(always="survey"), language=Value(column="lang"), party=People(email="email"), account=customer("customer_no"),
        dimensions={"market": Value(column="market"), "segment": Value(column="segment"), "channel": Value(column="carrier"),
                    "product": Value(column="product"), "touchpoint": Value(always="delivery"), "journey": Value(always="order")},
        answers=(AnswerRule(item=Value(always="satisfaction"), text="comment", score="score",
                            measure=Value(column="question_version", words={"v1": "csat.delivery@1", "v2": "csat.delivery@2"})),),
        reading=Reading(format="csv", delimiter="\t", encoding="utf-8"),
        measures=some("csat.delivery@1", "csat.delivery@2"),
    ),
    file="delivery_csat.tsv", save=save, draft=draft,
)  # fmt: skip
