"""The customers: firms in four markets and the people who work there, under the ids that the company's systems give them."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random

import numpy as np

from gensvar.demo import days
from gensvar.demo.dice import Dice, Ints, pick

MARKETS = ("SE", "NO", "DK", "FI")
MARKET_SHARES = [0.40, 0.25, 0.20, 0.15]
SEGMENTS = ("food", "trades", "beauty", "transport", "retail", "health")
FIRM_SEGMENTS = ("food", "trades", "beauty", "transport", "retail", "food", "trades", "retail", "health", "trades", "food", "trades")
SMALL_SEGMENT, SMALL_N = "marina", 12
PLANS = ("Bok", "Kassa", "Bok+Kassa")
LANGUAGES = {"SE": ("sv", "en"), "NO": ("nb", "en"), "DK": ("da", "en"), "FI": ("fi", "sv", "en")}
LANGUAGE_SHARES = {"SE": [0.95, 0.05], "NO": [0.94, 0.06], "DK": [0.94, 0.06], "FI": [0.84, 0.08, 0.08]}
ROLES = ("ägare", "ekonomi", "kassa", "inköp")
PHONES = (  # ranges that the Swedish regulator keeps for fiction; the other three markets have none, so nobody there has a number
    *(f"+4670174{n:04d}" for n in range(605, 700)),
    *(f"+46846500{n:03d}" for n in range(400, 500)),
    *(f"+4631390{n:04d}" for n in range(600, 700)),
    *(f"+4640628{n:04d}" for n in range(400, 500)),
    *(f"+46980319{n:03d}" for n in range(200, 300)),
)
LEAST_ACCOUNTS = 60


@dataclass(frozen=True, slots=True)
class Account:
    """value: yearly, euro. started: first day as a customer."""

    number: str
    name: str
    domain: str
    market: str
    segment: str
    plan: str
    value: float
    started: date
    seller: str


@dataclass(frozen=True, slots=True)
class Person:
    """number: in the CRM. account: index of the firm. phone: E.164 or ''."""

    number: str
    account: int
    first: str
    last: str
    email: str
    phone: str
    market: str
    language: str
    role: str


@dataclass(frozen=True, slots=True)
class Town:
    """accounts and people, and the same as arrays that index each other."""

    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    account_of: Ints
    market_of: Ints
    segment_of: Ints
    started: Ints


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """First names, family names and kinds of firm of each market."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(files("gensvar.demo").joinpath("names.toml").read_text("utf-8"))
    return found


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits, as in an address: Åkerman & Ek → akermanek."""
    swapped = text.lower().replace("ø", "o").replace("æ", "ae")
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", swapped))


def _firm(rng: Random, market: str, small: bool) -> tuple[str, str]:
    """A firm's name and its segment."""
    known = names()[market]
    kinds = known["marina"] if small else known["firm"]
    kind = rng.randrange(len(kinds))
    name = kinds[kind].format(first=rng.choice(known["first"]), last=rng.choice(known["last"]), other=rng.choice(known["last"]))
    return name, SMALL_SEGMENT if small else FIRM_SEGMENTS[kind]


def _started(rng: Random) -> date:
    """Two thirds were customers before the first day; the rest joined later."""
    return days.at(-rng.randrange(30, 2200) if rng.random() < 0.66 else rng.randrange(0, days.COUNT - 30))


def _account(rng: Random, index: int, market: str) -> Account:
    name, segment = _firm(rng, market, small=index < SMALL_N)
    plan = rng.choices(PLANS, (5, 3, 2))[0]
    return Account(
        number=f"{200_000 + index * 7}",
        name=name,
        domain=f"{plain(name)}{index}.example",
        market=market,
        segment=segment,
        plan=plan,
        value=round(rng.lognormvariate(6.4 + 0.5 * PLANS.index(plan), 0.5), 2),
        started=days.at(-400 - index) if index < SMALL_N else _started(rng),
        seller=f"team {market.lower()} {rng.randrange(1, 4)}",
    )


def _person(rng: Random, index: int, account: Account, firm: int, phone: str) -> Person:
    known = names()[account.market]
    first, last = rng.choice(known["first"]), rng.choice(known["last"])
    return Person(
        number=f"K-{10_000 + index}",
        account=firm,
        first=first,
        last=last,
        email=f"{plain(first)}.{plain(last)}{index if index % 3 == 0 else ''}@{account.domain}",
        phone=phone,
        market=account.market,
        language=rng.choices(LANGUAGES[account.market], LANGUAGE_SHARES[account.market])[0],
        role=rng.choices(ROLES, (4, 2, 3, 1))[0],
    )


def _people(rng: Random, accounts: list[Account], firms: list[int]) -> list[Person]:
    """One person for each index of a firm; names that clash within a firm get a number; numbers for fiction go to Swedes while they last."""
    phones = iter(PHONES)
    people: list[Person] = []
    taken: set[str] = set()
    for index, firm in enumerate(firms):
        phone = next(phones, "") if accounts[firm].market == "SE" and index % 2 == 0 else ""
        person = _person(rng, index, accounts[firm], firm, phone)
        while person.email in taken:
            person = _person(rng, index, accounts[firm], firm, phone)
        taken.add(person.email)
        people.append(person)
    return people


def settle(dice: Dice, size: float) -> Town:
    """2,200 firms and 3,800 people at size 1. The first twelve firms are the small segment."""
    rng, words = dice.numbers("town"), dice.words("town")
    count = max(LEAST_ACCOUNTS, round(2200 * size))
    markets = pick(rng, MARKET_SHARES, count)
    accounts = [_account(words, i, MARKETS[m]) for i, m in enumerate(markets.tolist())]
    extra = rng.integers(SMALL_N, count, round(count * 0.727))
    firms = np.concatenate([np.arange(count), extra]).astype(np.int64)
    segments = [*SEGMENTS, SMALL_SEGMENT]
    return Town(
        accounts=tuple(accounts),
        people=tuple(_people(words, accounts, firms.tolist())),
        account_of=firms,
        market_of=markets[firms],
        segment_of=np.array([segments.index(accounts[f].segment) for f in firms.tolist()], np.int64),
        started=np.array([days.number(a.started) for a in accounts], np.int64),
    )
