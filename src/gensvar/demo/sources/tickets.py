"""The helpdesk: every ticket and, for some, its rating (JSON Lines; Swedish words and dates)."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Floats, Ints, pick
from gensvar.demo.draft import SILENT, Draft, chance_of, nudged, occasions, rated_evenly, talk
from gensvar.demo.files import save_json_lines
from gensvar.demo.measures import some
from gensvar.demo.sources.source import COUNTRIES, COUNTRY, SIGNED, Source, World, abouts, customer, said
from gensvar.demo.town import MARKETS, Person
from gensvar.demo.truth import Said, planted
from gensvar.demo.voice import About, voice

TICKETS = 11_800
KINDS = ("problem", "fråga", "klagomål", "retur", "önskemål", "beröm", "uppsägning")
KIND_SHARES = [50.0, 26, 8, 5, 6, 3, 2]
KIND_TONE = np.array([-1, 0, -1, 0, 0, 1, -1])
AGREED = {
    "problem": "complaint", "fråga": "question", "klagomål": "complaint", "retur": "return", "önskemål": "request", "beröm": "praise",
    "uppsägning": "cancellation",
}  # fmt: skip
TOPIC_SHARES = [11.0, 6, 13, 5, 14, 9, 13, 11, 12, 6]
CHANNELS = ("mail", "chatt", "webb")
MARKET_MEAN = np.array([3.7, 3.8, 3.75, 3.7])
RATED = 0.44
REMARK_TONE = {1: -1, 2: -1, 3: 0, 4: 1, 5: 1}


def lift(score: Ints, market: Ints, day: Ints) -> Floats:
    """The chance that a rating gains a point, so that the mean of the market rises by the planted lift."""
    plan = planted()["documentation"]
    here = market == MARKETS.index(plan["market"])
    chance: Floats = here * days.since(day, plan["day"]) * chance_of(score[here], float(plan["lift"]))
    return chance


def draft(world: World) -> Draft:
    """Kinds, subjects and ratings."""
    rng = world.dice.numbers("tickets")
    sent = occasions(world.town, rng, world.count(TICKETS))
    market, count = world.town.market_of[sent.person], len(sent)
    kind = pick(rng, KIND_SHARES, count)
    is_rated = rng.random(count) < RATED
    after = days.since(sent.day, planted()["documentation"]["day"])
    score = rated_evenly(rng, MARKET_MEAN[market] + 0.5 * (KIND_TONE[kind] > 0), 1.05, (market * 4 + after * 2 + is_rated).astype(np.int64))
    score = nudged(rng, score, lift(score, market, sent.day), 1)
    scored = sent.with_(
        kind=kind,
        score=score,
        rated=is_rated,
        channel=pick(rng, [5, 3, 4], count),
        signed=rng.random(count) < SIGNED,
    )
    asked = talk(rng, scored, pick(rng, TOPIC_SHARES, count), KIND_TONE[kind], np.ones(count, np.bool_))
    return asked.with_(topic2=np.where(asked["tone"] == 0, SILENT, asked["topic2"]))


def _letters(world: World, sent: Draft, people: list[Person]) -> tuple[list[str], list[str]]:
    """Subjects and letters; some say how the writer is reached."""
    rng = world.dice.words("tickets")
    subjects, letters = [], []
    for about, signed, person in zip(abouts(sent), sent["signed"].tolist(), people, strict=True):
        speaker = voice(person.language)
        subjects.append(speaker.subject(rng, about.topic if about else "support"))
        letters.append(speaker.write_in(rng, about, reach(person) if signed else "") if about else "")
    return subjects, letters


def reach(person: Person) -> str:
    """How the person writes where they are reached: a number where there is one for fiction, else the address."""
    return person.phone or f"{person.first} {person.last}, {person.email}"


def _remarks(world: World, sent: Draft, people: list[Person]) -> list[str | None]:
    """A remark beside one rating in four."""
    rng = world.dice.words("tickets/remarks")
    rows = zip(people, *sent.lists("score", "rated"), strict=True)
    return [voice(p.language).say(rng, About("support", REMARK_TONE[s])) if r and rng.random() < 0.25 else None for p, s, r in rows]


def save(world: World, sent: Draft, path: Path) -> tuple[Said, ...]:
    """One object for each ticket."""
    people, firms, known = world.people(sent), world.accounts(sent), world.as_known(sent, "helpdesk")
    records = [str(n) for n in range(700_001, 700_001 + len(sent))]
    subjects, letters = _letters(world, sent, people)
    scores = zip(*sent.lists("score", "rated"), strict=True)
    languages, remarks = [p.language for p in people], _remarks(world, sent, people)
    save_json_lines(path, {
        "ticket_id": records,
        "created": days.stamps(sent.day, sent.second, "%d-%m-%Y"),
        "type": [KINDS[k] for k in sent["kind"].tolist()],
        "via": [CHANNELS[c] for c in sent["channel"].tolist()],
        "country": [COUNTRY[f.market] for f in firms],
        "customer_no": [f.number if i % 10 < 7 else None for i, f in enumerate(firms)],
        "segment": [f.segment for f in firms],
        "product_line": [f.plan for f in firms],
        "requester_id": [k.external for k in known],
        "requester_name": [k.name for k in known],
        "requester_email": [k.email or None for k in known],
        "requester_phone": [k.phone or None for k in known],
        "language": languages,
        "subject": subjects,
        "description": letters,
        "stars": [s if r else None for s, r in scores],
        "stars_remark": remarks,
    })  # fmt: skip
    rows = zip(records, languages, remarks, sent["score"].tolist(), strict=True)
    beside = tuple(Said("helpdesk", record, "rating", lang, (("support", REMARK_TONE[s]),)) for record, lang, remark, s in rows if remark)
    return said("helpdesk", "message", records, languages, sent) + beside


SOURCE = Source(
    contract=Contract(
        source="helpdesk", version=1, owner="Malin Söderholm", purpose="Every ticket and its rating.",
        record=("ticket_id",), created=Moment(column="created", order="dmy", zone="Europe/Stockholm"),
        at=Moment(column="created", order="dmy", zone="Europe/Stockholm"),
        kind=Value(column="type", words=AGREED), language=Value(column="language"),
        party=People(email="requester_email", phone="requester_phone", external="requester_id", name="requester_name", region="SE"),
        account=customer("customer_no"),
        dimensions={"market": Value(column="country", words=COUNTRIES), "segment": Value(column="segment"),
                    "channel": Value(column="via", words={"chatt": "chat", "webb": "web"}),
                    "product": Value(column="product_line"), "touchpoint": Value(always="support")},
        attrs=("subject",),
        answers=(AnswerRule(item=Value(always="message"), text="description"),
                 AnswerRule(item=Value(always="rating"), measure=Value(always="csat.support@1"), score="stars", text="stars_remark",
                            kind=Value(always="survey"))),
        reading=Reading(format="jsonl"),
        measures=some("csat.support@1"),
    ),
    file="helpdesk_tickets.jsonl", save=save, draft=draft,
)  # fmt: skip
