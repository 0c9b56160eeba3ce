"""Calls to support: a colleague's note, minutes, and a listener's assessment for some (semicolons, comma decimals).

Those whom the payment step blocked call soon after; they come on top of everybody else.
"""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Ints, pick
from gensvar.demo.draft import INTEGRATION, PAYMENT, SILENT, TOPICS, Draft, occasions
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources import product
from gensvar.demo.sources.source import COUNTRY, COUNTRY_VALUE, Source, World, customer, numbered, said
from gensvar.demo.spellings import phone_forms
from gensvar.demo.truth import Said, planted
from gensvar.demo.voice import voice

CALLS = 4_900
TOPIC_SHARES = [14.0, 5, 11, 5, 12, 12, 16, 6, 14, 5]
LISTENED = 0.3
QUICKEST_S, SLOWEST_S = 240, 14_400


def _noted(rng: np.random.Generator, calls: Draft, topic: Ints) -> Draft:
    """The calls with subject, tone, minutes and assessment."""
    count = len(calls)
    tone = np.where((rng.random(count) < 0.72) | (topic == INTEGRATION), -1, 0).astype(np.int64)
    return calls.with_(
        topic=topic, tone=tone, topic2=np.full(count, SILENT, np.int64), tone2=np.zeros(count, np.int64),
        minutes=np.round(np.clip(3.5 + 4 * rng.random(count) + 5 * rng.random(count) * (tone < 0), 0.4, 45), 1),
        quality=np.round(np.clip(7.4 + 1.3 * rng.standard_normal(count), 0, 10), 1), listened=rng.random(count) < LISTENED,
    )  # fmt: skip


def draft(world: World) -> Draft:
    """Calls about anything, at any time."""
    rng = world.dice.numbers("calls")
    calls = occasions(world.town, rng, world.count(CALLS))
    return _noted(rng, calls, pick(rng, TOPIC_SHARES, len(calls)))


def after_block(world: World) -> Draft:
    """Calls by people whom the payment step has just blocked."""
    rng, sessions = world.dice.numbers("calls/blocked"), product.payments(world)
    chance = float(planted()["payment_step"]["calls_after_block"])
    calls = sessions.take(sessions["blocked"] & (rng.random(len(sessions)) < chance))
    later = calls.second + rng.integers(QUICKEST_S, SLOWEST_S, len(calls))
    soon = Draft(calls.person, calls.day, np.minimum(later, 86_399), {})
    return _noted(rng, soon, np.full(len(soon), PAYMENT, np.int64))


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def save(world: World, drafted: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each call, those after a block among them."""
    calls = drafted.and_(after_block(world))
    people, firms, records = world.people(calls), world.accounts(calls), numbered("S", len(calls))
    languages, rng = [p.language for p in people], world.dice.words("calls")
    spoken = zip(languages, *calls.lists("topic", "tone"), strict=True)
    columns = {
        "Samtal": records,
        "Tid": days.stamps(calls.day, calls.second, "%Y-%m-%d", seconds=True),
        "Kundnr": [f.number for f in firms],
        "Telefon": [rng.choice(phone_forms(p.phone)) if p.phone else "" for p in people],
        "Land": [COUNTRY[f.market] for f in firms],
        "Minuter": [_decimal(m) for m in calls["minutes"].tolist()],
        "Kvalitet": [_decimal(q) if heard else "" for q, heard in zip(*calls.lists("quality", "listened"), strict=True)],
        "Anteckning": [voice(lang).note(rng, TOPICS[topic], tone) for lang, topic, tone in spoken],
        "Språk": languages,
        "Grupp": [f"Support {f.market}" for f in firms],
    }
    save_csv(path, columns, delimiter=";", encoding="cp1252")
    return said("calls", "note", records, languages, calls)


SOURCE = Source(
    contract=Contract(
        source="calls", version=1, owner="Malin Söderholm", purpose="What customers ring about, as our colleagues note it.",
        record=("Samtal",), created=Moment(column="Tid", zone="Europe/Stockholm"), at=Moment(column="Tid", zone="Europe/Stockholm"),
        kind=Value(always="call"), language=Value(column="Språk"), party=People(phone="Telefon", region="SE"), account=customer("Kundnr"),
        dimensions={"market": COUNTRY_VALUE, "channel": Value(always="phone"), "touchpoint": Value(always="support"), "unit": Value(column="Grupp")},
        attrs=("Minuter",),
        answers=(AnswerRule(item=Value(always="note"), text="Anteckning"),
                 AnswerRule(item=Value(always="quality"), measure=Value(always="quality.call@1"), score="Kvalitet")),
        reading=Reading(format="csv", delimiter=";", encoding="windows-1252", decimal=","),
        measures=some("quality.call@1"),
    ),
    file="call_notes.csv", save=save, draft=draft,
)  # fmt: skip
