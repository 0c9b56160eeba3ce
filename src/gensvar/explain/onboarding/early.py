"""What new customers did and said before the landmark, and whether they succeeded after it: expressions that reduce rows to counts on any engine."""

from dataclasses import dataclass
from typing import Any, Final

import ibis
from ibis import Table

from gensvar.contracts.measures import Measure
from gensvar.explain.moments import seconds
from gensvar.measure.moods import edges
from gensvar.text.labels import MILD

DAY_S: Final = 86_400
STRATA: Final = ("market", "segment", "product")
OFTEN: Final = 3
HARD: Final = 0.5
ENDS: Final = frozenset({"churn", "cancellation", "cancelled", "ended", "signup", "renewal"})
"""Events that tell how a relation stands, not what somebody did early on."""


@dataclass(frozen=True, slots=True)
class Design:
    """success: the event that is success; empty: the customer is still there. Days: window until the landmark; soon: within it; within: until which
    success counts. since, until: seconds since 1970 between which everything is known.
    """

    success: str
    since: int
    until: int
    window: int = 30
    soon: int = 14
    within: int = 120


def kinds_of_customers(parties: Table) -> Table:
    """How many accounts and how many persons tell when their relation began: kind, n."""
    return parties.filter(parties.started_at.notnull()).group_by("kind").agg(n=ibis._.count())


def cohort(parties: Table, events: Table, design: Design, kind: str, protected: frozenset[str]) -> Table:
    """One row for each customer with a start: id, strata, half (0, 1), begin and mark (s), state, hit (0, 1).

    state: early (began before anything is known), young (not followed long enough), ended (before the landmark), done (succeeded before it), in.
    Nobody is counted by what happened to her after she had to have lived to see it: that is the landmark (Anderson, Cain & Gelber 1983, JCO 1:710).
    """
    own = parties.filter(parties.kind == kind, parties.started_at.notnull(), parties.audience.isnull() | parties.audience.notin(sorted(protected)))
    rows = own.select("id", *STRATA, half=_half(own.id), begin=seconds(own.started_at), over=seconds(own.ended_at)).mutate(
        mark=lambda t: t.begin + design.window * DAY_S, late=lambda t: t.begin + design.within * DAY_S
    )
    if design.success:
        first = reached(events, design.success, kind)
        both = rows.left_join(first, rows.id == first.who).drop("who")
        came = both.mutate(hit=(both["at"].notnull() & (both["at"] < both.late)).ifelse(1, 0))
    else:
        came = rows.mutate(at=ibis.null("int64"), hit=(rows.over.isnull() | (rows.over >= rows.late)).ifelse(1, 0))
    state = ibis.cases(
        (came.begin < design.since, "early"),
        (came.late > design.until, "young"),
        (came.over.notnull() & (came.over < came.mark), "ended"),
        (came.at.notnull() & (came.at < came.mark), "done"),
        else_="in",
    )
    return came.select("id", *STRATA, "half", "begin", "mark", "hit", state=state)


def reached(events: Table, name: str, kind: str) -> Table:
    """who, at: when each customer first had this event, in seconds."""
    rows = events.filter(events.name == name)
    return rows.select(who=_customer(rows, kind), moment=seconds(rows.occurred_at)).group_by("who").agg(at=ibis._.moment.min())


def _customer(rows: Table, kind: str) -> Any:
    """Whose a row is."""
    return rows.account if kind == "account" else rows.party


def _half(identity: Any) -> Any:
    """Two halves by the last digit of the id, which is a hash; the same on every engine."""
    return identity.cast("string").right(1).isin(list("02468ace")).ifelse(0, 1)


def standing(customers: Table) -> Table:
    """state, n."""
    return customers.group_by("state").agg(n=ibis._.count())


def totals(customers: Table) -> Table:
    """Strata, half, n, hits of those who are in."""
    return _counted(customers.filter(customers.state == "in"))


def _counted(rows: Table, *by: str) -> Table:
    return rows.group_by(*by, *STRATA, "half").agg(n=ibis._.count(), hits=ibis._.hit.sum())


def behaviours(customers: Table, events: Table, design: Design, kind: str) -> Table:
    """name, step ('' for any), form (did, often, soon), strata, half, n, hits: of those who did it before the landmark.

    often: three times or more; soon: within the first days of the window.
    """
    acts = _before(events, customers.filter(customers.state == "in"), kind, "name", "step")
    acts = acts.filter(acts.name.notin(sorted({design.success, *ENDS} - {""})))
    each = acts.select("id", *STRATA, "half", "hit", "name", "after", step=ibis.literal(""))
    steps = acts.filter(acts.step.notnull(), acts.step != "").select("id", *STRATA, "half", "hit", "name", "after", "step")
    done = each.union(steps).group_by("id", *STRATA, "half", "hit", "name", "step").agg(times=ibis._.count(), first=ibis._.after.min())
    did = done.mutate(form=ibis.literal("did"))
    often = done.filter(done.times >= OFTEN).mutate(form=ibis.literal("often"))
    soon = done.filter(done.first < design.soon * DAY_S).mutate(form=ibis.literal("soon"))
    return _counted(did.union(often, soon), "name", "step", "form")


def _before(rows: Table, customers: Table, kind: str, *columns: str) -> Table:
    """The rows of customers between their start and their landmark, beside the customer; after: seconds since the start."""
    told = rows.select(*columns, who=_customer(rows, kind), moment=seconds(rows.occurred_at))
    both = told.inner_join(customers, told.who == customers.id)
    return both.filter(both.moment >= both.begin, both.moment < both.mark).mutate(after=lambda t: t.moment - t.begin)


def opinions(customers: Table, feedback: Table, measures: list[Measure], kind: str, protected: frozenset[str]) -> Table:
    """name, form, strata, half, n, hits: of those who said it before the landmark.

    form: bad or good (name: a topic, or empty for any), effort, wrote, low (name: a measure's version), answered. Who did not say it is compared
    within those who spoke in the same tone, wrote anything, or answered the measure: whoever complains differs from whoever keeps silent.
    """
    heard = feedback.filter(feedback.audience.notin(sorted(protected)))
    columns = ("sentiment", "tones", "effort", "measure", "score")
    said = _before(heard, customers.filter(customers.state == "in"), kind, *columns)
    who = ("id", *STRATA, "half", "hit")
    toned = said.filter(said.sentiment.notnull())
    whole = toned.select(*who, name=ibis.literal(""), tone=toned.sentiment)
    parted = toned.select(*who, topic=toned.tones.unnest())
    topics = parted.select(*who, name=parted.topic.split("=")[0], tone=parted.topic.split("=")[1].cast("float64"))
    spoken = whole.union(topics)
    marks = [
        spoken.filter(spoken.tone < -MILD).select(*who, "name", form=ibis.literal("bad")),
        spoken.filter(spoken.tone > MILD).select(*who, "name", form=ibis.literal("good")),
        toned.select(*who, name=ibis.literal(""), form=ibis.literal("wrote")),
        toned.filter(toned.effort >= HARD).select(*who, name=ibis.literal(""), form=ibis.literal("effort")),
        *_scores(said, measures, who),
    ]
    return _counted(ibis.union(*marks).distinct(), "name", "form")


def _scores(said: Table, measures: list[Measure], who: tuple[str, ...]) -> list[Table]:
    """Who answered a measure, and who answered it badly."""
    known = {m.key: m for m in measures}
    if not known:
        return []
    rated = said.filter(said.score.notnull(), said.measure.isin(sorted(known)))
    branches = [(rated.measure == key, _is_low(rated.score, m)) for key, m in sorted(known.items())]
    bad = rated.filter(ibis.cases(*branches, else_=False))
    return [
        rated.select(*who, name=rated.measure, form=ibis.literal("answered")),
        bad.select(*who, name=bad.measure, form=ibis.literal("low")),
    ]


def _is_low(score: Any, measure: Measure) -> Any:
    """Whether a score lies at the bad end of its scale."""
    low, high = edges(measure)
    return score <= low if measure.better == "up" else score >= high
