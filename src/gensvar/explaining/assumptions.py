"""Assumptions of a house: each is asked within a scope, by the way of its form, soon after it is written and by night where it is due again."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar import flow
from gensvar.explain.assumptions import (
    FAILED,
    KIND,
    RATIO,
    Claim,
    Evidence,
    claim_from,
    evidence_json,
    of_drivers,
    of_gap,
    of_outcome,
)
from gensvar.explain.drivers import Found
from gensvar.explain.outcomes import KIND as OUTCOMES
from gensvar.explain.outcomes import Looked, of_json
from gensvar.explain.outcomes.registry import registered
from gensvar.explain.outcomes.taken import Taken
from gensvar.explaining import drivers, outcomes
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.part import least_of
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.errors import BadInput, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.ledger import Assumption
from gensvar.ledger.findings import Finding
from gensvar.measure import Against, Answer, Group, Period, Question, ask, metric_of
from gensvar.measure.periods import ONE_DAY, plus_months, step_of

log = logging.getLogger("gensvar.flow")
MONTHS: Final = 12
AHEAD, AGAIN = timedelta(days=1), timedelta(hours=12)
SIDE: Final = timedelta(weeks=26)  # on each side of the day of a change
FRESH: Final = timedelta(days=90)  # after which only answers since the assumption was written are counted
PARTIES: Final = frozenset({"market", "segment", "unit", "product"})


def settled(claim: Claim, house: House) -> Claim:
    """The claim with what would count written down: the change that matters for its measure, or the ratio that is looked for. NotFound, BadInput."""
    if claim.form == "outcome":
        _checked_outcome(claim, house)
        return replace(claim, matters=RATIO)
    measure = house.ledger.measures.all().versions(claim.measure)[-1]
    if claim.driver:
        house.ledger.measures.all().versions(claim.driver)
    return replace(claim, matters=metric_of(measure).change_that_matters(measure))


def _checked_outcome(claim: Claim, house: House) -> None:
    house.ledger.taxonomies.current().get(claim.topic)
    names = [o.name for o in registered(house.settings.outcomes)]
    if claim.outcome not in names:
        raise NotFound(f"No outcome {claim.outcome!r}", do=f"Outcomes: {', '.join(names)}.")
    if not set(claim.where) <= PARTIES:
        raise BadInput("Customers are told apart by market, segment, unit and product alone", do="Leave the other places out.")


def evidence(house: House, scope: Scope, claim: Claim, written: date) -> Evidence:
    """What answers within a scope say of a claim, and nothing of fewer people than it may show.

    written: the day on which it was made; answers since then alone count once there are 90 days.
    """
    found = _evidence(house, scope, claim, written)
    return Evidence("cannot_tell", "hidden") if 0 < found.n < least_of(house, scope) else found


def _evidence(house: House, scope: Scope, claim: Claim, written: date) -> Evidence:
    match claim.form:
        case "level":
            return _level(house, scope, claim, written)
        case "change":
            return _change(house, scope, claim)
        case "first":
            return _first(house, scope, claim, written)
        case _:
            return of_outcome(_outcome(house, scope, claim), claim)


def _asked(house: House, scope: Scope, question: Question) -> Answer:
    return ask(question, house.engine, house.ledger.measures.all(), scope, house.today(), "en", flow.released(house))


def period_of(house: House, written: date) -> tuple[Period, bool]:
    """The days that are counted, and whether they are all since it was written."""
    last = house.today() - ONE_DAY
    fresh = last - written >= FRESH
    first = written if fresh else plus_months(step_of(last, "month"), 1 - MONTHS)
    return Period(first, last), fresh


def _level(house: House, scope: Scope, claim: Claim, written: date) -> Evidence:
    period, fresh = period_of(house, written)
    if claim.other:
        found = _newest(_asked(house, scope, Question(claim.measure, (), claim.where, period, None, Against("group", group=claim.other))))
    else:
        found = _beside_the_rest(house, scope, claim, period)
    return replace(of_gap(found, claim), first=period.first, last=period.last, fresh=fresh)


def _newest(answer: Answer) -> Group | None:
    return max(answer.groups, key=lambda g: g.measure.version, default=None)


def _beside_the_rest(house: House, scope: Scope, claim: Claim, period: Period) -> Group | None:
    """The group beside all others of its first dimension; several values together are one group."""
    dimension, values = next(iter(claim.where.items()))
    others = {d: v for d, v in claim.where.items() if d != dimension}
    answer = _asked(house, scope, Question(claim.measure, (dimension,), others, period, None, Against("rest")))
    if len(values) > 1:
        rest = {g.key.get(dimension) or "" for g in answer.groups} - set(values)
        against = Against("group", group={dimension: tuple(sorted(rest))})
        return _newest(_asked(house, scope, Question(claim.measure, (), claim.where, period, None, against))) if rest else None
    mine = [g for g in answer.groups if g.key.get(dimension) == (values[0] or None)]
    return max(mine, key=lambda g: g.measure.version, default=None)


def _change(house: House, scope: Scope, claim: Claim) -> Evidence:
    """Up to 26 weeks from the day on, against as many before it."""
    day, yesterday = claim.day or house.today(), house.today() - ONE_DAY
    if day > yesterday:
        return Evidence("cannot_tell", "too_few")
    last = min(day + SIDE - ONE_DAY, yesterday)
    period, then = Period(day, last), Period(day - (last - day) - ONE_DAY, day - ONE_DAY)
    found = _newest(_asked(house, scope, Question(claim.measure, (), claim.where, period, None, Against("period", period=then))))
    return replace(of_gap(found, claim), first=then.first, last=last)


def _first(house: House, scope: Scope, claim: Claim, written: date) -> Evidence:
    period, fresh = period_of(house, written)
    sight = drivers.Sight(house, scope)
    found: Found = drivers.find(sight, drivers.study_of(sight, claim.measure, (), claim.where, period, "", 1))
    return replace(of_drivers(found.whole, claim), first=period.first, last=period.last, fresh=fresh)


# ── an outcome, among some customers ──


def _outcome(house: House, scope: Scope, claim: Claim) -> Looked | None:
    """The one topic and outcome alone, among the customers of the places that the claim and the scope name; None where the scope cannot be kept."""
    limits = {**{d: frozenset(v) for d, v in claim.where.items()}}
    for d, values in scope.rows.items():
        limits[d] = limits[d] & values if d in limits else values
    if not set(limits) <= PARTIES:
        return None
    if not limits and (kept := _kept(house, claim)) is not None:
        return kept
    outcome = next((o for o in registered(house.settings.outcomes) if o.name == claim.outcome), None)
    taken = outcomes.take(house, topics_only=True)
    if outcome is None:
        return Looked(claim.outcome, why="no_outcome")
    if isinstance(taken, str):
        return Looked(claim.outcome, why=taken)
    some = _only(taken, claim.topic, _units(house, Scope(limits), taken))
    if some is None:
        return Looked(claim.outcome, why="too_few")
    return outcomes.look(house, outcome, some)


def _kept(house: House, claim: Claim) -> Looked | None:
    """What the night found of the outcome over the whole house, where it tells of the topic."""
    kept = house.ledger.findings.latest(OUTCOMES, claim.outcome)
    found = of_json(kept.body) if kept else None
    return found if found and any(a.term == f"topic:{claim.topic}" and a.tone == "negative" for a in found.associations) else None


def _units(house: House, scope: Scope, taken: Taken) -> pa.Array:
    """Numbers of the units whose party is within the scope."""
    if not scope.rows:
        return pa.array(np.arange(len(taken.names), dtype=np.int32))
    parties = within(house.engine.table("parties"), scope)
    there = house.engine.run(parties.select(id=parties.id.cast("string")))["id"]
    return pc.indices_nonzero(pc.is_in(taken.names, there.combine_chunks())).cast(pa.int32())


def _only(taken: Taken, topic: str, units: pa.Array) -> Taken | None:
    """The same with one topic as its only term, and these units alone; None where nobody speaks of it.

    Mention numbers are 3 × term + tone, those of every text of a tone stand behind those of all terms.
    """
    at = next((i for i, t in enumerate(taken.terms) if t.id == f"topic:{topic}"), None)
    if at is None or not len(units):
        return None
    behind = 3 * len(taken.terms)
    number = taken.mentions["term"].to_numpy()
    own, every = (number >= 3 * at) & (number < 3 * at + 3), number >= behind
    kept = taken.mentions.filter(pa.array(own | every))
    moved = np.where(own, number - 3 * at, number - behind + 3)[own | every].astype(np.int32)
    mentions = kept.set_column(kept.column_names.index("term"), "term", pa.array(moved, pa.int32()))
    some = {name: rows.filter(pc.is_in(rows["unit"], units)) for name, rows in (("m", mentions), ("o", taken.moments), ("l", taken.lives))}
    return replace(taken, terms=(taken.terms[at],), mentions=some["m"], moments=some["o"], lives=some["l"]) if len(some["l"]) else None


# ── asking ──


def asked_next(one: Assumption, last: Finding | None, now: datetime) -> datetime:
    """When it is asked: now where it never was, a quarter (its own time) after the last answer, or a night after it could not be counted.

    An answer from a day to come was given while the clock stood wrong, and is no reason to wait.
    """
    if last is None or last.made_at - now > AHEAD:
        return now
    return last.made_at + (AGAIN if last.body.get("why") == FAILED else timedelta(days=one.every_days))


def waiting(house: House) -> tuple[Assumption, ...]:
    """Those that stand and were never asked."""
    standing = house.ledger.assumptions.standing()
    asked = house.ledger.findings.all(KIND) if standing else {}
    return tuple(one for one in standing if str(one.id) not in asked)


def due(house: House) -> tuple[Assumption, ...]:
    """Those that stand and that it is time to ask, or to ask again."""
    standing, now = house.ledger.assumptions.standing(), house.clock.now()
    asked = house.ledger.findings.all(KIND) if standing else {}
    return tuple(one for one in standing if asked_next(one, asked.get(str(one.id)), now) <= now)


def look(house: House, one: Assumption) -> Evidence:
    """Asks it of the whole house and keeps the answer, unless it was closed meanwhile, or another process has answered it."""
    before = house.ledger.findings.latest(KIND, str(one.id))
    found = _counted(house, one)
    if house.ledger.findings.latest(KIND, str(one.id)) == before and house.ledger.assumptions.get(one.id).removed_at is None:
        house.ledger.findings.keep(KIND, str(one.id), evidence_json(found))
    return found


def _counted(house: House, one: Assumption) -> Evidence:
    """What answers say; a fault hinders none of the others, and is told as why it cannot be told."""
    try:
        return evidence(house, whole(), claim_from(one.test), one.added_at.date())
    except Exception:
        log.exception("assumption %d could not be counted", one.id)
        return Evidence("cannot_tell", FAILED)


def ask_each(house: House, some: Sequence[Assumption], told: Told) -> Mapping[str, Any]:
    """Asks these; how many, and what came of them."""
    says: dict[str, int] = {"asked": 0}
    for one in some:
        if not told({"name": "assumptions", "of": len(some), **says}):
            break
        found = look(house, one)
        says["asked"] += 1
        says[found.says] = says.get(found.says, 0) + 1
    return says


def run(house: House, told: Told) -> Mapping[str, Any]:
    """Asks those that are due."""
    return ask_each(house, due(house), told)


NIGHTLY: Final = Nightly("assumptions", run)
