"""The relationship survey: NPS with its why, overall satisfaction, six drivers, effort and goal; three header rows, and the silent ones too."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Flags, Floats, Ints
from gensvar.demo.draft import TOPICS, Draft, occasions, rated, talk, tones
from gensvar.demo.files import save_csv
from gensvar.demo.measures import measures, some
from gensvar.demo.sources.source import Source, World, blank, comments, customer, numbered, said
from gensvar.demo.town import MARKETS, SEGMENTS, SMALL_N
from gensvar.demo.truth import Said, planted

DRIVERS = TOPICS[:6]
ASKED = 9_600
RESPONSE = np.array([0.37, 0.34, 0.35, 0.33])
DRIVER_MEAN = np.array([3.9, 3.5, 3.55, 3.9, 4.05, 3.75])
SMALL_NPS = (2, 3, 0, 6, 5, 6, 1, 7, 4, 6, 10, 3)
GOAL = ("Nej", "Delvis", "Ja")
SCORES = ("NPS", "OVERALL", *(f"DRV_{d}" for d in DRIVERS), "CES", "GOAL")


def weights() -> Floats:
    """market × driver: how much each driver weighs for overall satisfaction."""
    known = planted()["drivers"]["weights"]
    return np.array([[known.get(m, known["default"])[d] for d in DRIVERS] for m in MARKETS])


def _drivers(rng: np.random.Generator, market: Ints, day: Ints) -> Ints:
    """answers × drivers: ratings that lean on one common mood; delivery falls in the market of the real fall."""
    fall = planted()["real_fall"]
    mood = rng.standard_normal((len(market), 1)) * 0.5
    mean = DRIVER_MEAN + mood + np.zeros((len(market), len(DRIVERS)))
    mean[:, 0] -= 0.6 * (market == MARKETS.index(fall["market"])) * days.since(day, fall["day"])
    return np.clip(np.rint(mean + 0.85 * rng.standard_normal(mean.shape)), 1, 5).astype(np.int64)


def _subject(rng: np.random.Generator, ratings: Ints, tone: Ints) -> Ints:
    """What people write about: their worst driver when unhappy, their best when happy, one in five something else."""
    noisy = ratings + 0.8 * rng.standard_normal(ratings.shape)
    own = np.where(tone < 0, noisy.argmin(axis=1), np.where(tone > 0, noisy.argmax(axis=1), rng.integers(0, 6, len(tone))))
    return np.where(rng.random(len(tone)) < 0.2, rng.integers(6, len(TOPICS), len(tone)), own).astype(np.int64)


def draft(world: World) -> Draft:
    """Everybody who was asked; answered says who answered."""
    rng = world.dice.numbers("relationship")
    asked = occasions(world.town, rng, world.count(ASKED))
    asked = asked.take(world.town.segment_of[asked.person] < len(SEGMENTS))
    small = occasions_of_small(rng)
    both = asked.and_(small)
    answered = (rng.random(len(both)) < RESPONSE[world.town.market_of[both.person]]) | (world.town.segment_of[both.person] == len(SEGMENTS))
    return _scored(world, rng, both, answered)


def occasions_of_small(rng: np.random.Generator) -> Draft:
    """One answer from each firm of the small segment."""
    day = np.sort(rng.choice(days.COUNT, SMALL_N, replace=False)).astype(np.int64)
    return Draft(np.arange(SMALL_N, dtype=np.int64), day, days.some_seconds(rng, SMALL_N), {})


def _scored(world: World, rng: np.random.Generator, asked: Draft, answered: Flags) -> Draft:
    """The occasions with their scores and what the why is about."""
    market, count = world.town.market_of[asked.person], len(asked)
    ratings = _drivers(rng, market, asked.day)
    level = (weights()[market] * (ratings - DRIVER_MEAN)).sum(axis=1)
    small = world.town.segment_of[asked.person] == len(SEGMENTS)
    nps = rated(rng, 8.0 + 2.3 * level, 1.3, count, 0, 10)
    nps[small] = SMALL_NPS
    overall = rated(rng, 3.85 + 1.3 * level, 0.45, count)
    overall[small] = rated(rng, 1 + 0.4 * nps[small], 0.3, SMALL_N)
    tone = tones(rng, nps, 6, 9)
    speaks = answered & (rng.random(count) < np.where(tone < 0, 0.78, np.where(tone > 0, 0.6, 0.5)))
    scored = asked.with_(
        answered=answered, DRIVERS=ratings, NPS=nps, OVERALL=overall,
        CES=rated(rng, 2.4 - 0.8 * level, 0.9, count), GOAL=np.clip(rated(rng, 1.55 + 0.5 * level, 0.5, count, 0, 2), 0, 2),
        skipped=rng.random((count, len(SCORES))) < 0.04,
    )  # fmt: skip
    return talk(rng, scored, _subject(rng, ratings, tone), tone, speaks)


def _score_columns(asked: Draft) -> dict[str, list[object]]:
    """Each score as text; blank where the person was silent or skipped the question."""
    drivers = {f"DRV_{d}": asked["DRIVERS"][:, i] for i, d in enumerate(DRIVERS)}
    values = {"NPS": asked["NPS"], "OVERALL": asked["OVERALL"], **drivers, "CES": asked["CES"]}
    words = {"GOAL": [GOAL[g] for g in asked["GOAL"].tolist()]}
    lists = {k: [str(x) for x in v.tolist()] for k, v in values.items()} | words
    never = ("NPS", "OVERALL")
    kept = {k: asked["answered"] & (~asked["skipped"][:, i] | (k in never)) for i, k in enumerate(SCORES)}
    return {k: blank(lists[k], kept[k].tolist()) for k in SCORES}


def _label(column: str) -> str:
    """The question in words, as Qualtrics puts it in its second row."""
    keys = {"NPS": "nps.relationship@1", "OVERALL": "csat.overall@1", "CES": "ces5.relationship@1", "GOAL": "gcr.relationship@1"}
    key = keys.get(column) or (f"driver.{column.removeprefix('DRV_')}@1" if column.startswith("DRV_") else "")
    return measures()[key].wording["sv"] if key else "Berätta gärna varför." if column == "NPS_WHY" else column


def save(world: World, asked: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each person asked, silent or not."""
    people, firms, records = world.people(asked), world.accounts(asked), numbered("R_", len(asked))
    languages = [p.language for p in people]
    answered = asked["answered"].tolist()
    when = days.stamps(asked.day, asked.second, "%Y-%m-%d", seconds=True)
    columns: dict[str, Sequence[object]] = {
        "StartDate": when,
        "Status": ["IP Address" if a else "No response" for a in answered],
        "ResponseId": records,
        "RecordedDate": when,
        "RecipientEmail": [p.email for p in people],
        "ExternalReference": [p.number for p in people],
        "DistributionChannel": ["email" if i % 7 else "sms" for i in range(len(people))],
        "UserLanguage": [p.language.upper() for p in people],
        "Customer": [f.number for f in firms],
        "Market": [f.market for f in firms],
        "Segment": [f.segment for f in firms],
        "Plan": [f.plan for f in firms],
        **_score_columns(asked),
        "NPS_WHY": comments(world, asked, "relationship", languages),
    }
    above = [[_label(c) for c in columns], [json.dumps({"ImportId": c}) for c in columns]]
    save_csv(path, columns, above=above, newline="\n")
    return said("relationship", "nps", records, languages, asked)


SOURCE = Source(
    contract=Contract(
        source="relationship", version=1, owner="Ylva Granath", purpose="What customers think of us as a whole, and why; asked twice a year.",
        record=("ResponseId",), created=Moment(column="StartDate", zone="Europe/Stockholm"),
        at=Moment(column="RecordedDate", zone="Europe/Stockholm"),
        kind=Value(always="survey"), language=Value(column="UserLanguage", words={"SV": "sv", "NB": "nb", "DA": "da", "FI": "fi", "EN": "en"}),
        party=People(email="RecipientEmail", external="ExternalReference", namespace="contact_no"), account=customer("Customer"),
        dimensions={"market": Value(column="Market"), "segment": Value(column="Segment"), "channel": Value(column="DistributionChannel"),
                    "product": Value(column="Plan"), "journey": Value(always="relationship")},
        attrs=("Status",),
        answers=(
            AnswerRule(item=Value(always="nps"), measure=Value(always="nps.relationship@1"), score="NPS", text="NPS_WHY"),
            AnswerRule(item=Value(always="overall"), measure=Value(always="csat.overall@1"), score="OVERALL"),
            *(AnswerRule(item=Value(always=d), measure=Value(always=f"driver.{d}@1"), score=f"DRV_{d}", touchpoint=Value(always=d)) for d in DRIVERS),
            AnswerRule(item=Value(always="effort"), measure=Value(always="ces5.relationship@1"), score="CES"),
            AnswerRule(item=Value(always="goal"), measure=Value(always="gcr.relationship@1"), score="GOAL", words={"Nej": 0, "Delvis": 1, "Ja": 2}),
        ),
        reading=Reading(format="csv", dialect="qualtrics"),
        measures=some("nps.relationship@1", "csat.overall@1", *(f"driver.{d}@1" for d in DRIVERS), "ces5.relationship@1", "gcr.relationship@1"),
    ),
    file="relationship_survey.csv", save=save, draft=draft,
)  # fmt: skip
