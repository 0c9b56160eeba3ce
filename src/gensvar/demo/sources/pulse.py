"""The employees' pulse, each quarter, without names: eNPS, four statements, a comment (tab-separated UTF-16)."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Flags, Ints, pick
from gensvar.demo.draft import Draft, in_time, rated, tones
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, blank, numbered
from gensvar.demo.town import MARKETS
from gensvar.demo.truth import Said
from gensvar.demo.voice import voice

UNITS = {"Support": 52, "Produkt": 61, "Försäljning": 40, "Leverans": 28, "Ekonomi": 15, "Partner": 11, "HR": 6, "Ledning": 5, "Juridik": 3}
UNIT_MEAN = (-0.25, 0.2, 0.0, -0.3, 0.1, 0.05, 0.2, 0.35, 0.0)
WAVES = tuple(range(14, days.COUNT, 91))
RESPONSE, COMMENTS = 0.72, 0.3
ITEMS = ("load", "leader", "tools", "growth")
ITEM_MEAN = np.array([3.2, 3.8, 3.4, 3.6])
HEADERS = ("Arbetsbelastning", "Ledarskap", "Verktyg", "Utveckling")
TOPICS = (*ITEMS, "pay", "team")
LANGUAGES = ("sv", "nb", "da", "fi", "en")
SEED_OF_MARKETS = 5


def _staff() -> Ints:
    """The unit of each employee; the same at every size, since people in small groups are the point."""
    return np.repeat(np.arange(len(UNITS)), list(UNITS.values())).astype(np.int64)


def _language(rng: np.random.Generator, market: Ints) -> Ints:
    """Mostly the market's own language; one in ten writes English."""
    return np.where(rng.random(len(market)) < 0.1, LANGUAGES.index("en"), market).astype(np.int64)


def draft(world: World) -> Draft:
    """Every answer of every wave; person is the index among employees and is written nowhere."""
    rng, unit = world.dice.numbers("pulse"), _staff()
    market = pick(np.random.Generator(np.random.PCG64(SEED_OF_MARKETS)), [60, 16, 14, 10], len(unit))
    person, wave = np.meshgrid(np.arange(len(unit)), np.array(WAVES), indexing="ij")
    here: Flags = rng.random(person.size) < RESPONSE
    who, day = person.ravel()[here], (wave.ravel() + rng.integers(0, 9, person.size))[here]
    second = days.some_seconds(rng, len(who))
    order = in_time(day, second)
    return _scored(rng, Draft(who[order], day[order], second[order], {}), unit, market)


def _scored(rng: np.random.Generator, asked: Draft, unit: Ints, market: Ints) -> Draft:
    """The answers with their scores and subject."""
    count, mood = len(asked), np.array(UNIT_MEAN)[unit[asked.person]] + 0.45 * rng.standard_normal(len(asked))
    items = np.stack([rated(rng, ITEM_MEAN[i] + mood, 0.8, count) for i in range(len(ITEMS))], axis=1)
    enps = rated(rng, 7.3 + 1.5 * mood + 0.5 * (items.mean(axis=1) - 3.5), 1.3, count, 0, 10)
    tone = tones(rng, enps, 6, 8)
    own = np.where(tone < 0, items.argmin(axis=1), items.argmax(axis=1))
    return asked.with_(
        unit=unit[asked.person], market=market[asked.person], language=_language(rng, market[asked.person]), items=items, enps=enps, tone=tone,
        topic=np.where(rng.random(count) < 0.3, rng.integers(4, 6, count), own), speaks=(rng.random(count) < COMMENTS) & (tone != 0),
    )  # fmt: skip


def save(world: World, asked: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each answer."""
    rng, records, names = world.dice.words("pulse"), numbered("P", len(asked)), list(UNITS)
    languages = [LANGUAGES[i] for i in asked["language"].tolist()]
    spoken = list(zip(languages, *asked.lists("topic", "tone"), strict=True))
    texts = [voice(lang).work(rng, TOPICS[topic], tone) if tone else "" for lang, topic, tone in spoken]
    speaks = asked["speaks"].tolist()
    save_csv(path, {
        "Svar": records,
        "Datum": days.stamps(asked.day, asked.second, "%d.%m.%Y"),
        "Avdelning": [names[u] for u in asked["unit"].tolist()],
        "Land": [MARKETS[m] for m in asked["market"].tolist()],
        "eNPS": asked["enps"].tolist(),
        **{h: asked["items"][:, i].tolist() for i, h in enumerate(HEADERS)},
        "Kommentar": blank(texts, speaks),
        "Språk": languages,
    }, delimiter="\t", encoding="utf-16")  # fmt: skip
    rows = zip(records, spoken, speaks, strict=True)
    return tuple(Said("pulse", record, "enps", lang, ((f"work.{TOPICS[topic]}", tone),)) for record, (lang, topic, tone), s in rows if s)


SOURCE = Source(
    contract=Contract(
        source="pulse", version=1, owner="Karin Nyström", purpose="How it is to work here, each quarter; nobody is named.", audience="employee",
        record=("Svar",), created=Moment(column="Datum", order="dmy", zone="Europe/Stockholm"),
        at=Moment(column="Datum", order="dmy", zone="Europe/Stockholm"),
        kind=Value(always="pulse"), language=Value(column="Språk"),
        dimensions={"market": Value(column="Land"), "unit": Value(column="Avdelning"), "channel": Value(always="web")},
        answers=(AnswerRule(item=Value(always="enps"), measure=Value(always="enps.pulse@1"), score="eNPS", text="Kommentar"),
                 *(AnswerRule(item=Value(always=i), measure=Value(always=f"pulse.{i}@1"), score=h) for i, h in zip(ITEMS, HEADERS, strict=True))),
        reading=Reading(format="csv", delimiter="\t", encoding="utf-16"),
        measures=some("enps.pulse@1", *(f"pulse.{i}@1" for i in ITEMS)),
    ),
    file="employee_pulse.tsv", save=save, draft=draft, leaves=False,
)  # fmt: skip
