"""The touchpoint map: every event and every contact in one stream by account, from one to the next. Engine expressions, and the nodes they count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.counts import PER_OCTAVE, SHIFT, stray_counts
from gensvar.explain.journeys.definition import CONTACT_KINDS, Who
from gensvar.explain.journeys.found import OTHER
from gensvar.explain.journeys.rows import ASKED_KINDS, HOUR_MS, TICK_BITS, Span, code_at, milliseconds, moment, walker, within_span
from gensvar.explain.journeys.suggest import stem

MOST_NODES: Final = 40
MOST_VOICES: Final = 20
POOLED, TOLD, CONTACT = 200, 256, 512
"""Codes: touchpoints of events from 1, what is rare in one; told in feedback from 256; contacts with support from 512."""
MOST_KINDS: Final = 20_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A node before it is counted: its code in the stream and the rows that are it. touchpoint: what feedback calls it, or ''."""

    key: str
    code: int
    names: tuple[tuple[str, str, str], ...]
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The nodes; pooled: how many names share OTHER. who: by account where there are accounts. Times as in a journey.

    passing: sources of questions whose answers each are about one touchpoint, so that an answer says that they had been there.
    """

    places: tuple[Place, ...]
    pooled: int
    passing: tuple[str, ...] = ()
    who: Who = "account"
    window_hours: float = 24.0 * 30
    pause_minutes: float = 30.0
    support_hours: float = 24.0

    @property
    def by_code(self) -> Mapping[int, Place]:
        return {p.code: p for p in self.places}


def named_events(events: ir.Table, span: Span) -> ir.Table:
    """touchpoint, name, step, rows: what happens, the most common first. low, high: the first and the last of its channels."""
    rows = within_span(events, span)
    found = rows.group_by("touchpoint", "name", "step").agg(rows=rows.name.count().cast("int64"), low=rows.channel.min(), high=rows.channel.max())
    found = found.mutate(touchpoint=ibis.coalesce(found.touchpoint, ""), step=ibis.coalesce(found.step, ""))
    return found.order_by(found.rows.desc(), found.touchpoint, found.name, found.step).limit(MOST_KINDS)


def named_feedback(voices: ir.Table, span: Span) -> ir.Table:
    """source, touchpoint, kind, rows: what is said where. abreast: answers given at one moment about several touchpoints."""
    rows = within_span(voices, span)
    asked = rows.filter(rows.kind.isin(ASKED_KINDS), rows.touchpoint.notnull(), rows.response.notnull())
    several = asked.group_by("source", "response").agg(many=(asked.touchpoint.min() != asked.touchpoint.max()).ifelse(1, 0))
    abreast = several.group_by("source").agg(abreast=several.many.sum().cast("int64"))
    found = rows.group_by("source", "touchpoint", "kind").agg(rows=rows.kind.count().cast("int64"), low=rows.channel.min(), high=rows.channel.max())
    joined = found.left_join(abreast, "source")
    told = joined.select(
        "source", "kind", "rows", "low", "high", touchpoint=ibis.coalesce(joined.touchpoint, ""), abreast=ibis.coalesce(joined.abreast, 0)
    )
    return told.order_by(told.rows.desc(), told.source, told.touchpoint, told.kind).limit(MOST_KINDS)


def planned(happened: Iterable[Row], said: Sequence[Row], who: Who = "account") -> Plan:
    """The nodes of the map from the rows of `named_events` and `named_feedback`.

    A touchpoint is what the row says it is, else the event's name and step. Contacts are nodes, and so is what only feedback tells of; an answer
    about a touchpoint that events or contacts tell of is its voice and no node, and so is one of several answers given at one moment.
    """
    names: dict[str, list[tuple[str, str, str]]] = {}
    for r in happened:
        key = r["touchpoint"] or (f"{r['name']}:{r['step']}" if r["step"] else r["name"])
        names.setdefault(key, []).append((r["touchpoint"], r["name"], r["step"]))
    kept = list(names)[:MOST_NODES]
    events = [Place(key, code, tuple(names[key]), _about(names[key][0])) for code, key in enumerate(kept, 1)]
    heard = {t for n in names.values() for one in n for t in _touchpoints(one)}
    rest = [Place(OTHER, POOLED, ())] if len(names) > len(kept) else []
    passing = {r["source"] for r in said if not r["abreast"]}
    told = _told([r for r in said if r["kind"] not in ASKED_KINDS or r["source"] in passing], heard)
    return Plan((*events, *rest, *told), len(names) - len(kept), tuple(sorted(passing)), who)


def _touchpoints(name: tuple[str, str, str]) -> tuple[str, ...]:
    """What feedback may call the touchpoint of an event."""
    return tuple(t for t in (name[0], name[2], name[1], stem(name[1]), name[1].split("_")[0]) if t)


def _about(name: tuple[str, str, str]) -> str:
    return name[0] or name[2] or name[1]


def _told(said: Sequence[Row], heard: set[str]) -> list[Place]:
    contacts = {r["touchpoint"] or r["kind"] for r in said if r["kind"] in CONTACT_KINDS}
    found: dict[str, dict[tuple[str, str, str], None]] = {}
    for r in said:
        contact = r["kind"] in CONTACT_KINDS
        named = r["touchpoint"] or ("" if r["kind"] in ASKED_KINDS else r["kind"])
        if named and (contact or named not in heard | contacts):
            found.setdefault(named, {})[r["touchpoint"], r["kind"], ""] = None
    return [
        Place(f"~{named}", (CONTACT if named in contacts else TOLD) + at, tuple(names), named)
        for at, (named, names) in enumerate(list(found.items())[:MOST_VOICES])
    ]


def everybody(events: ir.Table, voices: ir.Table, plan: Plan, span: Span) -> ir.Table:
    """rows, nobody, parties …: what of all events and contacts is on the map and what is not; one row."""
    told = _coded(_passing(voices, plan), plan, lambda p: p.code >= TOLD, ("touchpoint", "kind", ""), None)
    rows = ibis.union(*(t.select(who=walker(t, plan.who), at=t.occurred_at) for t in (events, told)))
    return stray_counts(rows, span)


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def bit_or(bits: int) -> int:  # type: ignore[empty-body]
    """Which bits are set in any of the rows; every engine knows it by this name."""


def sittings(events: ir.Table, plan: Plan, span: Span) -> ir.Table:
    """what, i, n0: in how many sessions each node of events was. One pass over them: a session is a set of nodes, held in the bits of a number."""
    seen = within_span(events, span)
    coded = _coded(seen.filter(seen.session.notnull()), plan, lambda p: p.code < TOLD, ("touchpoint", "name", "step"), POOLED)
    sets = coded.group_by("session").agg(nodes=bit_or(coded.bit))
    alike = sets.group_by("nodes").agg(n=sets.nodes.count())
    codes = [p.code for p in plan.places if p.code < TOLD]
    nodes = ibis.memtable({"i": codes, "bit": [_bit(c) for c in codes]}, schema={"i": "int64", "bit": "int64"})
    each = alike.cross_join(nodes)
    found = each.filter((each.nodes & each.bit) != 0).group_by("i").agg(n0=ibis._.n.sum().cast("int64"))
    return found.mutate(what=ibis.literal("sitting"))


def _bit(code: int) -> int:
    """A place of its own for each node of events among the bits of a number; what is rare has the lowest. Others have none."""
    return 1 << code % POOLED if code < TOLD else 0


def moves(events: ir.Table, voices: ir.Table, plan: Plan, span: Span) -> ir.Table:
    """what, i, j, n0 …: of each node and each move the counts that add; `map_found` reads them."""
    walked = _walked(_stream(events, voices, plan, span), plan, span)
    each = walked.group_by("who", "move").agg(first=walked.p.min())
    people = each.group_by("move").agg(people=each.who.count())
    alike = walked.group_by("move", "marks").agg(n=walked.move.count(), bins=walked.bins.sum())
    marked = {name: ((alike.marks & bits) == bits).ifelse(alike.n, 0).sum() for name, bits in MARKS.items()}
    summed = alike.group_by("move").agg(n=alike.n.sum(), **marked, bins=alike.bins.sum()).inner_join(people, "move")
    numbers = {f"n{at}": name for at, name in enumerate(("n", "people", *SUMS))}
    linked = summed.select(i=moment(summed.move), j=code_at(summed.move), what=ibis.literal("move"), **numbers)
    came = each.group_by("who", code=moment(each.move)).agg(first=each["first"].min())
    whose = ibis.window(group_by="who", order_by="first")
    placed = came.mutate(place=ibis.row_number().over(whose), of=came.code.count().over(ibis.window(group_by="who")))
    share = ibis.ifelse(placed.of > 1, placed.place * THOUSAND // (placed.of - 1), THOUSAND // 2)
    nodes = placed.mutate(share=share).group_by(i="code").agg(
        what=ibis.literal("node"), j=ibis.null("int64"), n0=ibis.null("int64"), n1=placed.who.count(), n2=ibis._.share.sum(),
        n3=(placed.place == 0).sum(), **{f"n{at}": ibis.null("int64") for at in range(4, len(SUMS) + 2)},
    )  # fmt: skip
    columns = ["what", "i", "j", *(f"n{at}" for at in range(len(SUMS) + 2))]
    return ibis.union(*(part.select(**{c: part[c] if c == "what" else part[c].cast("int64") for c in columns}) for part in (linked, nodes)))


THOUSAND: Final = 1000
MARKS: Final[Mapping[str, int]] = {"pauses": 1, "across": 2, "apart": 3, "back": 4, "ripe": 8, "supported": 16}
SUMS: Final = (*MARKS, "bins")
"""Of moves: after a pause; to another channel; both; back to where it came from; of no move: the window is over; contact soon; quarter octaves."""


def _stream(events: ir.Table, voices: ir.Table, plan: Plan, span: Span) -> ir.Table:
    seen, said = within_span(events, span), within_span(_passing(voices, plan), span)
    happened = _coded(seen, plan, lambda p: p.code < TOLD, ("touchpoint", "name", "step"), POOLED)
    told = _coded(said, plan, lambda p: p.code >= TOLD, ("touchpoint", "kind", ""), None)
    rows = ibis.union(*(_slim(part, plan.who) for part in (happened, told)))
    return rows.filter(rows.who.notnull())


def _passing(voices: ir.Table, plan: Plan) -> ir.Table:
    return voices.filter(voices.kind.notin(ASKED_KINDS) | voices.source.isin(plan.passing or ("",)))


def _slim(rows: ir.Table, who: Who) -> ir.Table:
    return rows.select(who=walker(rows, who), p=(milliseconds(rows.occurred_at) << TICK_BITS) + rows.code, channel=rows.channel)


def _coded(rows: ir.Table, plan: Plan, mine: Callable[[Place], bool], columns: Sequence[str], other: int | None) -> ir.Table:
    """The rows with the code of their node; those of none have `other`, or are not there where it is None."""
    named = [(name, p.code) for p in plan.places if mine(p) for name in p.names]
    wanted = ibis.memtable(
        {f"c{at}": [n[at] for n, _ in named] for at in range(3)} | {"coded": [c for _, c in named], "bit": [_bit(c) for _, c in named]},
        schema={"c0": "string", "c1": "string", "c2": "string", "coded": "int64", "bit": "int64"},
    )
    tests = [ibis.coalesce(rows[c], "") == wanted[f"c{at}"] for at, c in enumerate(columns) if c]
    joined = rows.join(wanted, tests, how="inner" if other is None else "left")
    if other is None:
        return joined.mutate(code=joined.coded)
    return joined.mutate(code=ibis.coalesce(joined.coded, other), bit=ibis.coalesce(joined.bit, _bit(other)))


def _walked(rows: ir.Table, plan: Plan, span: Span) -> ir.Table:
    """Each row with what came next: its code, 0 where nothing did within the window; and what the sums are made of. Doubles are left out."""
    whose = ibis.window(group_by="who", order_by="p")
    later = ibis.range_window(group_by="who", order_by="p", preceding=0, following=None)
    sooner = ibis.range_window(group_by="who", order_by="p", preceding=(None, 1))
    contact = ibis.cases((code_at(rows.p) >= CONTACT, rows.p))
    seen = rows.mutate(
        before=rows.p.last().over(sooner), then=rows.p.lead().over(whose), there=rows.channel.lead().over(whose), called=contact.min().over(later)
    )
    seen = seen.filter(seen.then.isnull() | (seen.then != seen.p))  # of doubles the last: what comes after it is something else
    at, window_ms, pause_ms = moment(seen.p), round(plan.window_hours * HOUR_MS), round(plan.pause_minutes * 60_000)
    gap = moment(seen.then) - at
    went = (gap <= window_ms).fill_null(False)
    following = went.ifelse(code_at(seen.then), 0)
    soon = (moment(seen.called) - at <= round(plan.support_hours * HOUR_MS)) & (code_at(seen.p) < CONTACT)
    tests = {
        "pauses": went & (gap > pause_ms), "across": went & (seen.channel != seen.there), "back": went & (following == code_at(seen.before)),
        "ripe": at <= span.known_ms - window_ms, "supported": soon,
    }  # fmt: skip
    marks = reduce(or_, (test.ifelse(MARKS[name], 0) for name, test in tests.items()))
    bins = ((gap + 1).cast("float64").ln() / ibis.literal(2.0).ln() * PER_OCTAVE + SHIFT).floor().cast("int64")
    return seen.select("who", "p", move=(code_at(seen.p) << TICK_BITS) + following, bins=went.ifelse(bins, 0), marks=marks)
