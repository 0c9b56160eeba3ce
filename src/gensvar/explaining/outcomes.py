"""Words × tone × outcome over a whole house: what was said is taken out of the hub once, then counted for each outcome; kept as findings.

Protected audiences are left out. What is taken out is three small numbers for each mention (unit, month, term), so that every outcome is counted from
the same rows, whatever comes in meanwhile.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import Table
from ibis import _ as row

from gensvar.explain.outcomes import KIND, Looked, found_json, lives, looking, said
from gensvar.explain.outcomes.judging import Term
from gensvar.explain.outcomes.looking import Run, looked
from gensvar.explain.outcomes.registry import OUTCOMES, Outcome, registered
from gensvar.explain.outcomes.taken import Taken, month_day, month_number, numbered, unit_of
from gensvar.explain.outcomes.terms import LEAST_TEXTS, MOST_FORMS, MOST_PHRASES, MOST_WORDS, Lexicon, lexicon
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import open_events
from gensvar.house import House

NO_WORDS: Final = lexicon((), "word", 0)
MOST_CURRENCY, MOST_CURRENCIES = 12, 10
MOST_MONTHS: Final = 36  # that are looked at; what was said earlier says little of today


def run(house: House, told: Told) -> Mapping[str, Any]:
    """Looks at every outcome and keeps what is found of each; how many associations were reported of it. `why` where nothing could be looked at."""
    outcomes = registered(house.settings.outcomes)
    taken = take(house)
    found: dict[str, Any] = {}
    for at, outcome in enumerate(outcomes):
        if not told({"outcome": outcome.name, "done": at, "of": len(outcomes)}):
            break
        result = look(house, outcome, taken)
        house.ledger.findings.keep(KIND, outcome.name, found_json(result))
        found[outcome.name] = result.why or len(result.reported)
    return {"why": taken} if isinstance(taken, str) else found


NIGHTLY: Final = Nightly("outcomes", run)


def look(house: House, outcome: Outcome, taken: Taken | str) -> Looked:
    """One outcome, from what was taken; a word where nothing could be."""
    if isinstance(taken, str):
        return Looked(outcome.name, why=taken, made_of=outcome.made_of)
    began = time.monotonic()
    came = _came(house, outcome, taken)
    found = looked(outcome, taken, came, _counting(house))
    return replace(found, seconds=round(time.monotonic() - began, 2), currencies=taken.currencies)


def take(house: House, *, topics_only: bool = False) -> Taken | str:
    """What is counted, out of the hub; no_texts or one_party where there is nothing to count. topics_only: neither words nor phrases nor themes."""
    span = _span(house)
    if span is None:
        return "no_texts"
    first, last = span
    engine, closed = house.engine, _closed(house)
    parties = engine.table("parties").filter(row.audience.isnull() | row.audience.notin(closed))
    wrote = said.texts(engine.table("feedback"), parties, closed, first, last)
    gone = lives.happened(_leaving(house), open_events(house), engine.table("feedback"), parties, closed, first)
    units = engine.run(lives.units(wrote, parties, gone, first, last))
    if len(units) < 2:
        return "one_party" if len(units) else "no_texts"
    currencies = _currencies(house, parties)
    if len(currencies) > 1:  # kronor and euros have no sum
        units = units.set_column(units.column_names.index("value"), "value", pa.nulls(len(units), pa.float64()))
    spent, names, held, faulty = numbered(units)
    numbers = _numbers(names)
    words, phrases = (NO_WORDS, NO_WORDS) if topics_only else _lexicons(house, wrote)
    topics = _topics(house, wrote, len(words.terms) + len(phrases.terms))
    themes, members = _themes(house, len(words.terms) + len(phrases.terms) + len(topics.terms), none=topics_only)
    terms = (*words.terms, *phrases.terms, *topics.terms, *themes)
    in_words = [(said.tokens(wrote), words), (said.pairs(wrote), phrases)]
    every = ibis.union(
        *(said.mentions(pieces, ibis.memtable(known.forms)) for pieces, known in in_words if known.terms),
        said.of_topics(said.topics_said(wrote), ibis.memtable(topics.forms)),
        said.of_rows(wrote, ibis.memtable(members)),
        said.of_any(wrote, said.topics_said(wrote), 3 * len(terms)),
    )
    mentions = engine.run(_in_numbers(every, numbers).distinct())
    moments = engine.run(_in_numbers(wrote.select("unit", "month"), numbers).distinct())
    accounts = pc.sum(units["account"].cast(pa.int64())).as_py()
    aside = {"ends_before_start": faulty, **_aside(house, closed), **looking.too_late(moments, spent)}
    kept = {why: n for why, n in aside.items() if n}
    return Taken(first, last, terms, mentions, moments, spent, names, held, unit_of(accounts, len(units)), kept, currencies)


def _currencies(house: House, parties: Table) -> tuple[str, ...]:
    """In which currencies customers' values are told, as their attribute `currency` says; '' for those that do not say."""
    valued = parties.filter(parties.value.notnull())
    told = valued.select(currency=ibis.coalesce(valued.attrs.get("currency"), "").strip().upper().left(MOST_CURRENCY)).distinct()
    return tuple(sorted(house.engine.run(told.limit(MOST_CURRENCIES))["currency"].to_pylist()))


def _closed(house: House) -> list[str]:
    return sorted(house.settings.anonymous.names)


def _leaving(house: House) -> Outcome:
    return next(o for o in registered(house.settings.outcomes) if o.once)


def _span(house: House) -> tuple[date, int] | None:
    """The first month that is looked at, and the number of the last: that of the latest row of the hub that is not in the future."""
    tomorrow = datetime.combine(house.today() + timedelta(days=1), clock_time(), UTC)
    feedback, events = (rows.filter(row.occurred_at < tomorrow) for rows in (house.engine.table("feedback"), open_events(house)))
    written = feedback.filter(row.text.notnull(), row.audience.notin(_closed(house)))
    ends = {"low": row.occurred_at.min(), "high": row.occurred_at.max()}
    (texts,), (things,) = (house.engine.run(rows.aggregate(**ends)).to_pylist() for rows in (written, events))
    if texts["low"] is None:
        return None
    latest = max(texts["high"], things["high"] or texts["high"]).date()
    first = texts["low"].date().replace(day=1)
    start = max(first, month_day(latest.replace(day=1), 1 - MOST_MONTHS))
    return start, month_number(start, latest)


def _numbers(names: pa.Array) -> Table:
    return ibis.memtable(pa.table({"name": names, "number": pa.array(np.arange(len(names), dtype=np.int32))}))


def _in_numbers(rows: Table, numbers: Table) -> Table:
    """The rows with their units as numbers; rows of units that were set aside are not there."""
    typed = numbers.mutate(name=numbers.name.cast(rows.unit.type()))
    joined = rows.join(typed, rows.unit == typed.name).drop("unit", "name")
    return joined.rename(unit="number")


def _lexicons(house: House, wrote: Table) -> tuple[Lexicon, Lexicon]:
    """Words and phrases that are said often enough."""

    def rows(words: Table, least: int) -> list[tuple[str | None, str, int]]:
        found = house.engine.run(said.vocabulary(words, least, MOST_FORMS))
        return list(zip(*(found[name].to_pylist() for name in ("language", "token", "n")), strict=True))

    words = lexicon(rows(said.tokens(wrote), 2), "word", MOST_WORDS)
    return words, lexicon(rows(said.pairs(wrote), LEAST_TEXTS // 3), "phrase", MOST_PHRASES, len(words.terms))


def _topics(house: House, wrote: Table, first: int) -> Lexicon:
    """The topics in force that somebody spoke of; forms: language is empty, token the topic."""
    here = said.topics_said(wrote)
    found = house.engine.run(here.group_by("topic").aggregate(n=row.count()).order_by("topic"))
    taxonomy = house.ledger.taxonomies.current()
    counted = {topic: n for topic, n in zip(found["topic"].to_pylist(), found["n"].to_pylist(), strict=True) if taxonomy.now(topic) == topic}
    made = tuple(Term(f"topic:{t}", "topic", dict(taxonomy.topics[t].name), texts=n) for t, n in counted.items())
    return Lexicon(made, pa.table({"topic": pa.array(list(counted), pa.string()), "term": pa.array(range(first, first + len(made)), pa.int32())}))


def _themes(house: House, first: int, *, none: bool = False) -> tuple[tuple[Term, ...], pa.Table]:
    """Themes that are there and not hidden, and id → term of their texts."""
    there = [] if none else [t for t in house.ledger.themes.all() if t.state != "gone" and not t.body.get("hidden")]
    made = tuple(Term(f"theme:{t.id}", "theme", _theme_name(t.name, t.body), texts=len(t.body.get("members", ()))) for t in there)
    rows = [(member, first + at) for at, t in enumerate(there) for member in t.body.get("members", ())]
    ids, numbers = zip(*rows, strict=True) if rows else ((), ())
    return made, pa.table({"row": pa.array(ids, pa.string()), "term": pa.array(numbers, pa.int32())})


def _theme_name(given: str, body: Mapping[str, Any]) -> dict[str, str]:
    return {"": given} if given else {code: ", ".join(words[:3]) for code, words in body.get("words", {}).items()}


def _aside(house: House, closed: Sequence[str]) -> dict[str, int]:
    """What cannot count, by why: texts of nobody; texts and events of days to come."""
    tomorrow = datetime.combine(house.today() + timedelta(days=1), clock_time(), UTC)
    rows = house.engine.table("feedback").filter(row.text.notnull(), row.text != "", row.audience.notin(list(closed)))
    nobody, future = rows.party.isnull() & rows.account.isnull(), rows.occurred_at >= tomorrow
    (texts,) = house.engine.run(rows.aggregate(nobody=nobody.cast("int64").sum(), future=future.cast("int64").sum())).to_pylist()
    coming = open_events(house).filter(row.occurred_at >= tomorrow)
    (events,) = house.engine.run(coming.aggregate(n=row.count())).to_pylist()
    return {"nobody": texts["nobody"] or 0, "future": (texts["future"] or 0) + events["n"]}


def _came(house: House, outcome: Outcome, taken: Taken) -> pa.Table:
    """unit, month: when the outcome came, in numbers."""
    closed = _closed(house)
    parties = house.engine.table("parties").filter(row.audience.isnull() | row.audience.notin(closed))
    came = lives.happened(outcome, open_events(house), house.engine.table("feedback"), parties, closed, taken.first)
    return house.engine.run(_in_numbers(came, _numbers(taken.names)))


def _counting(house: House) -> Run:
    """Where what was taken is counted: beside the hub, in the engine of the pages' cubes, so that nothing travels back."""
    return house.engine.cubes().run


__all__ = ["NIGHTLY", "OUTCOMES", "look", "run", "take"]
