"""Impact of topics on a score: counted by the house's engine within a scope, judged, and kept each night for every measure that is commented on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Final

import ibis

from gensvar.contracts import AUDIENCES, Measure
from gensvar.contracts.tone import TONE
from gensvar.contracts.topics import About
from gensvar.explain.impact import ADJUST, KIND, Impact, counted, found_json, judged, summed
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Hidden, Period, TooFew, parse_period
from gensvar.measure.periods import ONE_DAY
from gensvar.measure.plan import one_of

PERIOD: Final = "last 12 months"
Answered = Impact | TooFew | Hidden


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose score, of which version; where: dimension → values ('' missing); period: None is everything. adjust: dimensions held equal."""

    measure: Measure
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Period | None = None
    adjust: tuple[str, ...] = ADJUST


def impact(house: House, scope: Scope, asked: Asked) -> Answered:
    """The score as a baseline and what each topic goes with, among the answers that the scope allows.

    Protected people are never counted from rows: Hidden("protected") where nobody else answers. TooFew under 100 answers with a read comment.
    Topics about employees are told of only where employees answer.
    """
    seen = _seen(house, scope, asked.period)
    scored = seen.filter(seen.measure == asked.measure.key, seen.score.notnull(), *(one_of(seen[d], _or_none(v)) for d, v in asked.where.items()))
    heard = house.engine.run(scored.group_by("audience").agg(n=scored.response.nunique())).to_pylist()
    answers = sum(r["n"] for r in heard)
    about: About = "employees" if any(r["audience"] == "employee" for r in heard) else "customers"
    if not answers and _of_protected(house, scope, asked.measure):
        return Hidden("protected")
    rows = house.engine.run(counted(scored, seen.filter(seen.sentiment.notnull()), asked.measure, _topics(house, about), asked.adjust))
    sums = summed(rows, asked.adjust)
    floor = max(scope.smallest_group(a) for a in AUDIENCES if a not in house.settings.anonymous.names)
    return judged(sums, asked.measure, max(0, answers - int(sums.sums.n.sum())), asked.adjust, floor)


def _topics(house: House, about: About) -> list[str]:
    """The topics in force that are part of no other and suit those who answer."""
    taxonomy = house.ledger.taxonomies.current()
    return [t.id for t in taxonomy if not t.parent and taxonomy.suits(t.id, about)]


def _or_none(values: tuple[str, ...]) -> frozenset[str | None]:
    return frozenset(v or None for v in values)


def _seen(house: House, scope: Scope, period: Period | None) -> ibis.Table:
    """The rows of these days that may be counted for this reader, none of protected people."""
    rows = within(house.engine.table("feedback"), scope)
    rows = rows.filter(rows.audience.notin(sorted(house.settings.anonymous.names)))
    if period is None:
        return rows
    first, last = (datetime.combine(day, time(), UTC) for day in (period.first, period.last + ONE_DAY))
    return rows.filter(rows.occurred_at >= first, rows.occurred_at < last)


def _of_protected(house: House, scope: Scope, measure: Measure) -> bool:
    """Whether protected people answer this measure; that they do is no secret, since it is asked of them."""
    names = sorted(house.settings.anonymous.names)
    rows = within(house.engine.table("feedback"), scope)
    there = rows.filter(rows.measure == measure.key, rows.audience.isin(names)).limit(1).select("measure")
    return bool(names) and bool(house.engine.run(there).num_rows)


# ── each night ──


def run(house: House, told: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
    """Keeps the impact of topics on every measure over the last 12 months; how many could be told. why: no_comments where none could."""
    period, done, few = parse_period(PERIOD, house.today()), 0, 0
    measures = house.ledger.measures.all()
    for name in sorted({m.id for m in measures} - {TONE.id}):
        if not told({"measure": name, "told": done}):
            break
        found = impact(house, whole(), Asked(measures.versions(name)[-1], period=period))
        if isinstance(found, Impact):
            house.ledger.findings.keep(KIND, name, {"impact": found_json(found), "period": [period.first.isoformat(), period.last.isoformat()]})
            done += 1
        else:
            few += 1
    return {"measures": done, "too_few": few} | ({"why": "no_comments"} if few and not done else {})
