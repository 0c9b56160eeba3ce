"""A small survey among partners (accountants, resellers), with dates as Americans write them."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import pick
from gensvar.demo.draft import Draft, in_time, rated, talk, tones
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, comments, numbered, said
from gensvar.demo.town import MARKET_SHARES, MARKETS
from gensvar.demo.truth import Said

ANSWERS, PARTNERS = 320, 150
LANGUAGES = ("sv", "nb", "da", "fi")
TOPIC_SHARES = [3.0, 12, 26, 18, 4, 12, 5, 2, 3, 15]


def draft(world: World) -> Draft:
    """Answers of partners, about three waves; person is the index among partners."""
    rng, count = world.dice.numbers("partners"), world.count(ANSWERS)
    day, second = days.some_days(rng, count, "office"), days.some_seconds(rng, count)
    order = in_time(day, second)
    asked = Draft(rng.integers(0, PARTNERS, count), day[order], second[order], {})
    overall = rated(rng, 3.7, 0.9, count)
    nps = rated(rng, 7.2 + 1.4 * (overall.astype(np.float64) - 3.7), 1.2, count, 0, 10)
    scored = asked.with_(overall=overall, nps=nps, market=pick(rng, MARKET_SHARES, PARTNERS)[asked.person])
    return talk(rng, scored, pick(rng, TOPIC_SHARES, count), tones(rng, nps, 6, 9), rng.random(count) < 0.6)


def save(world: World, asked: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each answer."""
    records, languages = numbered("PA-", len(asked)), [LANGUAGES[m] for m in asked["market"].tolist()]
    save_csv(path, {
        "Answer": records,
        "Submitted": days.stamps(asked.day, asked.second, "%m/%d/%Y"),
        "Partner": [f"partner-{p:03d}" for p in asked.person.tolist()],
        "Email": [f"kontakt{p}@partner{p:03d}.example" for p in asked.person.tolist()],
        "Country": [MARKETS[m] for m in asked["market"].tolist()],
        "Recommend": asked["nps"].tolist(),
        "Working together": asked["overall"].tolist(),
        "Comment": comments(world, asked, "partners", languages),
        "Language": languages,
    })  # fmt: skip
    return said("partners", "recommend", records, languages, asked)


SOURCE = Source(
    contract=Contract(
        source="partners", version=1, owner="Jesper Juhl", purpose="How our partners find working with us.", audience="partner",
        record=("Answer",), created=Moment(column="Submitted", order="mdy", zone="Europe/Stockholm"),
        at=Moment(column="Submitted", order="mdy", zone="Europe/Stockholm"),
        kind=Value(always="survey"), language=Value(column="Language"), party=People(email="Email", external="Partner", namespace="partner"),
        dimensions={"market": Value(column="Country"), "channel": Value(always="email"), "journey": Value(always="partnership")},
        answers=(AnswerRule(item=Value(always="recommend"), measure=Value(always="nps.partner@1"), score="Recommend", text="Comment"),
                 AnswerRule(item=Value(always="overall"), measure=Value(always="csat.partner@1"), score="Working together")),
        reading=Reading(format="csv", delimiter=",", encoding="utf-8"),
        measures=some("nps.partner@1", "csat.partner@1"),
    ),
    file="partner_survey.csv", save=save, draft=draft, leaves=False,
)  # fmt: skip
