"""What every system has in common: a contract, a file, what is drafted for it, and how it is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gensvar.contracts.contract import Contract, People, Value
from gensvar.demo.dice import Dice, Ints
from gensvar.demo.draft import SILENT, TOPICS, Draft
from gensvar.demo.spellings import Known
from gensvar.demo.town import Account, Person, Town
from gensvar.demo.truth import Said
from gensvar.demo.voice import About, voice

COUNTRIES = {"Sverige": "SE", "Norge": "NO", "Danmark": "DK", "Finland": "FI"}
COUNTRY = {code: name for name, code in COUNTRIES.items()}
COUNTRY_VALUE = Value(column="Land", words=COUNTRIES)
MIXED = 0.012
SIGNED = 0.06


def customer(column: str) -> People:
    """The firm, by its customer number."""
    return People(external=column, namespace="customer_no")


@dataclass(frozen=True, slots=True)
class World:
    """The town, how each system knows its people, and on which day each firm leaves (empty until that is settled)."""

    dice: Dice
    town: Town
    known: dict[str, tuple[Known, ...]]
    size: float
    left: Ints | None = None

    def count(self, full: int) -> int:
        """How many of something at this size."""
        return max(1, round(full * self.size))

    def people(self, draft: Draft) -> list[Person]:
        """The person of each row."""
        return [self.town.people[p] for p in draft.person.tolist()]

    def accounts(self, draft: Draft) -> list[Account]:
        """The firm of each row."""
        return [self.town.accounts[a] for a in self.town.account_of[draft.person].tolist()]

    def as_known(self, draft: Draft, system: str) -> list[Known]:
        """The person of each row, as this system knows them."""
        entries = self.known[system]
        return [entries[p] for p in draft.person.tolist()]


Speaker = Callable[[World, Draft, Path], tuple[Said, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """draft: what will be said (None: nothing, as in a register). save: writes the file, returns what its texts say. leaves: ends with the firm."""

    contract: Contract
    file: str
    save: Speaker
    draft: Callable[[World], Draft] | None = None
    leaves: bool = True

    @property
    def name(self) -> str:
        return self.contract.source


def abouts(draft: Draft) -> list[About | None]:
    """What each row's text is about, None where nothing is written."""
    columns = zip(*draft.lists("topic", "tone", "topic2", "tone2"), strict=True)
    return [About(TOPICS[t], tone, TOPICS[u] if u != SILENT else "", tone2) if t != SILENT else None for t, tone, u, tone2 in columns]


def comments(world: World, draft: Draft, purpose: str, languages: Sequence[str]) -> list[str]:
    """A comment for each row, '' where nothing is written; one in eighty slips into English."""
    rng = world.dice.words(purpose)
    texts = []
    for about, language in zip(abouts(draft), languages, strict=True):
        text = voice(language).say(rng, about) if about else ""
        texts.append(f"{text} {voice('en').aside(rng)}" if text and rng.random() < MIXED else text)
    return texts


def said(source: str, item: str, records: Sequence[str], languages: Sequence[str], draft: Draft) -> tuple[Said, ...]:
    """What the texts of a draft say."""
    rows = zip(records, languages, abouts(draft), strict=True)
    return tuple(Said(source, record, item, language, _pairs(about)) for record, language, about in rows if about)


def _pairs(about: About) -> tuple[tuple[str, int], ...]:
    return ((about.topic, about.tone), *(((about.topic2, about.tone2),) if about.topic2 else ()))


def numbered(prefix: str, count: int, start: int = 1) -> list[str]:
    """Record ids in time order: R-000001 …"""
    return [f"{prefix}{i:06d}" for i in range(start, start + count)]


def blank(values: Sequence[object], keep: Sequence[bool]) -> list[object]:
    """The values, '' where they are not kept."""
    return [v if k else "" for v, k in zip(values, keep, strict=True)]
