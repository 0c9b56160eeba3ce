"""Hardware that came back: a coded reason and the sender's own words (an Excel workbook)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import pick
from gensvar.demo.draft import Draft, occasions
from gensvar.demo.files import save_excel
from gensvar.demo.sources.delivery import PRODUCTS
from gensvar.demo.sources.source import COUNTRY, COUNTRY_VALUE, Source, World, customer, numbered
from gensvar.demo.truth import Said
from gensvar.demo.voice import About, voice

RETURNS = 1_900
REASONS = ("broken", "wrong", "unneeded", "late", "damaged")
REASON_WORDS = ("Trasig", "Fel vara", "Behövs inte", "Kom för sent", "Transportskada")
TOPIC = {"broken": "hardware", "wrong": "delivery", "unneeded": "hardware", "late": "delivery", "damaged": "delivery"}
WITHOUT_WORDS = 0.3


def draft(world: World) -> Draft:
    """Reasons and products."""
    rng = world.dice.numbers("returns")
    sent = occasions(world.town, rng, world.count(RETURNS))
    count = len(sent)
    return sent.with_(reason=pick(rng, [34, 18, 22, 10, 16], count), product=rng.integers(0, 4, count), silent=rng.random(count) < WITHOUT_WORDS)


def _words(world: World, sent: Draft, languages: list[str]) -> list[str]:
    """The sender's words: the reason in a sentence, and for some a complaint that goes with it."""
    rng, words = world.dice.words("returns"), []
    for reason, silent, language in zip(*sent.lists("reason", "silent"), languages, strict=True):
        speaker, name = voice(language), REASONS[reason]
        more = speaker.say(rng, About(TOPIC[name], -1)) if name != "unneeded" and rng.random() < 0.55 else ""
        words.append("" if silent else f"{speaker.line(rng, 'returns', name)} {more}".strip())
    return words


def save(world: World, sent: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each return."""
    people, firms, records = world.people(sent), world.accounts(sent), numbered("RMA", len(sent))
    languages = [p.language for p in people]
    texts = _words(world, sent, languages)
    midnight = datetime.combine(days.FIRST, datetime.min.time(), tzinfo=UTC).replace(tzinfo=None)
    save_excel(path, {
        "Returnr": records,
        "Registrerad": [midnight + timedelta(days=d, seconds=s) for d, s in zip(sent.day.tolist(), sent.second.tolist(), strict=True)],
        "Kundnr": [f.number for f in firms],
        "E-post": [p.email for p in people],
        "Land": [COUNTRY[f.market] for f in firms],
        "Produkt": [PRODUCTS[p] for p in sent["product"].tolist()],
        "Orsak": [REASON_WORDS[r] for r in sent["reason"].tolist()],
        "Kommentar": texts,
        "Språk": languages,
    }, "Returer", frozenset({"Registrerad"}))  # fmt: skip
    reasons = [REASONS[r] for r in sent["reason"].tolist()]
    rows = zip(records, languages, reasons, texts, strict=True)
    return tuple(Said("returns", record, "reason", language, ((TOPIC[r], -1 if r != "unneeded" else 0),)) for record, language, r, t in rows if t)


SOURCE = Source(
    contract=Contract(
        source="returns", version=1, owner="Trond Brekke", purpose="Why hardware comes back.",
        record=("Returnr",), created=Moment(column="Registrerad", zone="Europe/Stockholm"), at=Moment(column="Registrerad", zone="Europe/Stockholm"),
        kind=Value(always="return"), language=Value(column="Språk"), party=People(email="E-post"), account=customer("Kundnr"),
        dimensions={"market": COUNTRY_VALUE, "product": Value(column="Produkt"), "touchpoint": Value(always="return"),
                    "journey": Value(always="return")},
        answers=(AnswerRule(item=Value(always="reason"), text="Kommentar",
                            choice=Value(column="Orsak", words=dict(zip(REASON_WORDS, REASONS, strict=True)))),),
        reading=Reading(format="xlsx", sheet="Returer"),
    ),
    file="returns.xlsx", save=save, draft=draft,
)  # fmt: skip
