"""Guidance: what a house has connected and what is missing, in the recommended order; and how the loop does, as far as it can be measured today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ibis import Table

from gensvar import flow
from gensvar.contracts import Contract
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.language import phrase
from gensvar.kit.scope import Scope
from gensvar.measure.cube import once

FEEDBACK = frozenset({"survey", "review", "praise", "idea"})
SUPPORT = frozenset({"ticket", "chat", "call", "complaint", "question", "request"})
OUTSIDE = frozenset({"customer", "public"})
LATELY_DAYS, FEWEST = 30, 30
EDGES_S: Mapping[int, str] = {
    60: phrase("within a minute"), 900: phrase("within a quarter of an hour"), 3600: phrase("within an hour"),
    14_400: phrase("within four hours"), 86_400: phrase("within a day"), 172_800: phrase("within two days"),
    604_800: phrase("within a week"), 2_592_000: phrase("within a month"),
}  # fmt: skip
"""Seconds from said to shown → how a reader says it."""
LATER = phrase("after more than a month")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there. heard: audience and kind of every signal; scored: audiences with scores; sales, usage: rows of those; the rest are counts."""

    heard: frozenset[tuple[str, str]] = frozenset()
    scored: frozenset[str] = frozenset()
    sales: bool = False
    usage: bool = False
    members: int = 0
    unowned: int = 0
    aside: int = 0

    @property
    def any(self) -> bool:
        """Whether anything at all has come in."""
        return bool(self.heard) or self.sales or self.usage


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a step still needs, as a phrase for one and for more; n: how many."""

    one: str
    more: str = ""
    n: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """gives: what it is good for. lacks: what is missing; done where nothing is. href: where to do it."""

    id: str
    title: str
    gives: str
    lacks: tuple[Lack, ...]
    href: str

    @property
    def done(self) -> bool:
        return not self.lacks


def steps(facts: Facts) -> tuple[Step, ...]:
    """The first steps in the recommended order: sources by what they give soonest, then the people who keep them true."""
    return (*_to_connect(facts), *_to_keep_true(facts))


def _to_connect(facts: Facts) -> tuple[Step, ...]:
    feedback = any(audience in OUTSIDE and kind in FEEDBACK for audience, kind in facts.heard)
    support = any(audience in OUTSIDE and kind in SUPPORT for audience, kind in facts.heard)
    employees = any(audience == "employee" for audience, _ in facts.heard)
    return (
        Step(
            "voices",
            phrase("Customer feedback and support"),
            phrase("What customers say and what they need help with, side by side."),
            _lacks((feedback, Lack(phrase("feedback: a survey or reviews"))), (support, Lack(phrase("support: errands, chats or calls")))),
            "/sources",
        ),
        Step(
            "worth",
            phrase("Sales and satisfaction"),
            phrase("Which dissatisfaction costs most, so that you know where to begin."),
            _lacks(
                (facts.sales, Lack(phrase("sales: orders, or accounts with their value"))),
                ("customer" in facts.scored, Lack(phrase("satisfaction: a question with scores"))),
            ),
            "/sources",
        ),
        Step(
            "inside",
            phrase("Product usage and employees"),
            phrase("What people do beside what they say, and whether those who work here meet the same obstacles."),
            _lacks((facts.usage, Lack(phrase("usage: events from the product"))), (employees, Lack(phrase("employees: a pulse or a survey")))),
            "/sources",
        ),
    )


def _to_keep_true(facts: Facts) -> tuple[Step, ...]:
    return (
        Step(
            "colleagues",
            phrase("Colleagues"),
            phrase("Everybody works from the same facts, and sees what is theirs to see."),
            _lacks((facts.members > 1, Lack(phrase("a colleague to invite")))),
            "/people",
        ),
        Step(
            "owners",
            phrase("Owners"),
            phrase("Somebody answers for what each number means."),
            _lacks((not facts.unowned, Lack(phrase("an owner for one measure"), phrase("owners for {n} measures"), facts.unowned))),
            "/definitions",
        ),
        Step(
            "aside",
            phrase("Rows set aside"),
            phrase("What could not be understood is repaired, so that nothing is missing from the numbers."),
            _lacks((not facts.aside, Lack(phrase("one row to repair"), phrase("{n} rows to repair"), facts.aside))),
            "/set-aside",
        ),
    )


def _lacks(*asked: tuple[bool, Lack]) -> tuple[Lack, ...]:
    return tuple(lack for there, lack in asked if not there)


def facts(house: House) -> Facts:
    """What this house has today, from its contracts and the data really present."""
    engine = house.engine.cubes()
    t = once(engine.table("daily_source"))
    heard = engine.run(t.group_by("audience", "kind").agg(n=t.n.sum())).to_pylist()
    scored = engine.run(t.filter(t.measure != "").select("audience").distinct()).to_pylist()
    contracts = list(flow.contracts(house).values())
    measures = house.ledger.measures.all()
    newest = {m.id: m for m in sorted(measures, key=lambda m: m.version)}
    aside = sum(n for reasons in house.ledger.set_aside.counts().values() for n in reasons.values())
    return Facts(
        frozenset((row["audience"], row["kind"]) for row in heard),
        frozenset(row["audience"] for row in scored),
        sales=_sales(house, contracts),
        usage=_usage(house, contracts),
        members=len([m for m in house.ledger.members.all() if m.disabled_at is None]),
        unowned=sum(not m.owner for m in newest.values()),
        aside=aside,
    )


def _sales(house: House, contracts: Iterable[Contract]) -> bool:
    """Whether a party has a value, or events with one come from a source without sessions."""
    parties = house.engine.table("parties")
    if house.engine.run(parties.filter(parties.value.notnull()).select("id").limit(1)).num_rows:
        return True
    names = [c.source for c in contracts if c.event and c.event.value and not c.event.session]
    return _any_event(house, names)


def _usage(house: House, contracts: Iterable[Contract]) -> bool:
    return _any_event(house, [c.source for c in contracts if c.event and (c.event.session or c.event.step)])


def _any_event(house: House, sources: list[str]) -> bool:
    t = house.engine.table("events")
    return bool(sources) and bool(house.engine.run(t.filter(t.source.isin(sources)).select("source").limit(1)).num_rows)


# ── how the loop does ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Lag:
    """How soon half of a source's latest answers were here after they were said. within: a phrase; n: answers of the last 30 days."""

    source: str
    within: str
    n: int


@dataclass(frozen=True, slots=True)
class Loop:
    """What can be measured of the loop today. aside, rows: signals set aside, and all of them. noted: annotations of the last 30 days."""

    lags: tuple[Lag, ...]
    silent: tuple[str, ...]
    aside: int
    rows: int
    unowned: int
    noted: int


def lags(house: House, scope: Scope, today: date) -> tuple[Lag, ...]:
    """Per source with at least 30 answers said in the last 30 days, by name: counted in the engine in steps, never as single times.

    Protected audiences are left out: a count that grows by one tells that somebody answered.
    """
    t = _open(house, within(house.engine.table("feedback"), scope))
    late = t.received_at.epoch_seconds() - t.occurred_at.epoch_seconds()
    recent = t.filter(t.occurred_at.date() > today - timedelta(days=LATELY_DAYS))
    counts = {f"within_{edge}": (late <= edge).sum() for edge in EDGES_S}
    found = house.engine.run(recent.group_by("source").agg(n=recent.count(), **counts).order_by("source")).to_pylist()
    return tuple(Lag(row["source"], half_within(row), row["n"]) for row in found if row["n"] >= FEWEST)


def _open(house: House, rows: Table) -> Table:
    """The rows of audiences that are not protected."""
    return rows.filter(rows.audience.notin(sorted(house.settings.anonymous.names)))


def half_within(row: Mapping[str, int]) -> str:
    """The first step within which half of the answers came."""
    return next((said for edge, said in EDGES_S.items() if 2 * row[f"within_{edge}"] >= row["n"]), LATER)


def loop(house: House, scope: Scope, today: date, silent: Iterable[str], known: Facts) -> Loop:
    """How the loop does, for readers of this scope."""
    engine = house.engine.cubes()
    t = _open(house, once(engine.table("daily_source")))
    rows = engine.run(t.agg(n=t.n.sum())).to_pylist()[0]["n"] or 0
    since = today - timedelta(days=LATELY_DAYS)
    pretends = house.settings.today is not None  # where another day is played, no time from said to shown is true
    noted = sum(a.added_at.date() >= since for a in house.ledger.annotations.standing())
    return Loop(() if pretends else lags(house, scope, today), tuple(silent), known.aside, int(rows) + known.aside, known.unowned, noted)
