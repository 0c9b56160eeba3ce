"""Who used which feature in a span, how much they did in all, and what came of them in the next: expressions that reduce rows to sums."""

from dataclasses import dataclass
from typing import Any, Final

import ibis
from ibis import Table

from gensvar.contracts.measures import Measure
from gensvar.explain.moments import seconds

DAY_S: Final = 86_400
BLOCKS: Final = 32
HEX: Final = "0123456789abcdef"
STEPS_OF_USE: Final = (1, 2, 4, 7, 11, 16, 23, 32, 45, 64)  # visits in a span: each begins a level of use
TENURES: Final = (30, 60, 90, 180, 365, 1095)  # days as a customer
HELP: Final = ("complaint", "question", "request", "call", "ticket", "chat")
RENEWED: Final = ("renewal", "renewed")
CONTROLS: Final = ("market", "segment", "product", "tenure", "level", "span")


@dataclass(frozen=True, slots=True)
class Design:
    """ends: of each span of use, in seconds since 1970, the earliest first; use and after: days of use before it, and of what follows it.

    kind: account or person. measure: of the score that counts as satisfaction, or None.
    """

    ends: tuple[int, ...]
    kind: str
    use: int = 90
    after: int = 90
    measure: Measure | None = None


def spans_of(first: int, last: int, use: int, after: int, most: int = 8) -> tuple[int, ...]:
    """Where spans of use end, so that what follows each is known to its end and no two follow-ups overlap. first, last: seconds since 1970.

    >>> [end // DAY_S for end in spans_of(0, 400 * DAY_S, 90, 90)]
    [130, 220, 310]
    """
    ends: list[int] = []
    end = last - after * DAY_S
    while end - use * DAY_S >= first and len(ends) < most:
        ends.append(end)
        end -= after * DAY_S
    return tuple(reversed(ends))


def names(held: Table, events: Table, design: Design, most: int) -> Table:
    """name, step, users: the features, those of most customers first, at most so many. A name with steps is a feature in each step too."""
    acts = _acts(events, design)
    there = held.select("id", at="span")
    rows = acts.inner_join(there, (acts.who == there.id) & (acts.span == there.at))
    return rows.group_by("name", "step").agg(users=ibis._.id.nunique()).order_by(ibis.desc("users"), "name", "step").limit(most)


def _acts(events: Table, design: Design) -> Table:
    """who, name, step ('' for any), span, once for each step and once for any: what customers did in each span of use."""
    rows = _spanned(events, design, 0)
    rows = rows.filter(rows.who.notnull())
    any_step = rows.select("who", "name", "span", step=ibis.literal(""))
    return any_step.union(rows.filter(rows.step.notnull(), rows.step != "").select("who", "name", "span", "step"))


def _spanned(rows: Table, design: Design, shift: int) -> Table:
    """The rows that lie in a span of use (shift 0) or in what follows one (shift 1), with the number of the span. Spans of use may overlap."""
    told = rows.mutate(who=rows.account if design.kind == "account" else rows.party, moment=seconds(rows.occurred_at))
    length = design.use if shift == 0 else design.after
    starts = [end - (design.use * DAY_S if shift == 0 else 0) for end in design.ends]
    if length <= design.after:
        place = told.mutate(span=((told.moment - starts[0]) / (design.after * DAY_S)).floor().cast("int64"))
        inside = (place.moment - starts[0]) - place.span * (design.after * DAY_S) < length * DAY_S
        return place.filter(place.span >= 0, place.span < len(starts), inside)
    parts = [
        told.filter(told.moment >= start, told.moment < start + length * DAY_S).mutate(span=ibis.literal(at, "int64"))
        for at, start in enumerate(starts)
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def customers(parties: Table, events: Table, feedback: Table, design: Design, protected: frozenset[str]) -> Table:
    """One row for each customer and span of use in which she did anything and at whose end she was there.

    id, block, market, segment, product, tenure, level, span, use (logarithm of visits), and what followed: left, renewed (0, 1), help (how often),
    rated (how many answers), scores (their sum).
    """
    rows = parties.filter(parties.kind == design.kind, parties.audience.isnull() | parties.audience.notin(sorted(protected)))
    own = rows.select("id", "market", "segment", "product", block=_block(rows.id), begin=seconds(rows.started_at), over=seconds(rows.ended_at))
    acts = _spanned(events, design, 0)
    visits = acts.mutate(visit=ibis.coalesce(acts.session, acts.occurred_at.date().cast("string")))
    used = visits.filter(visits.who.notnull()).group_by("who", "span").agg(visits=ibis._.visit.nunique())
    both = used.inner_join(own, used.who == own.id)
    ends = ibis.cases(*((both.span == at, end) for at, end in enumerate(design.ends)))
    there = both.mutate(end=ends).filter(lambda t: t.over.isnull() | (t.over >= t.end), lambda t: t.begin.isnull() | (t.begin < t.end))
    held = there.select(
        "id", "block", "market", "segment", "product", "span",
        tenure=_steps(there.end - there.begin, [d * DAY_S for d in TENURES]), level=_steps(there.visits, list(STEPS_OF_USE)),
        use=there.visits.cast("float64").ln(),
        left=(there.over.notnull() & (there.over < there.end + design.after * DAY_S)).ifelse(1, 0),
    )  # fmt: skip
    return _with_later(held, events, feedback, design, protected)


def _steps(value: Any, edges: list[int]) -> Any:
    """How many of the edges a value has reached; −1 where there is none."""
    return ibis.cases((value.isnull(), -1), *((value < edge, at) for at, edge in enumerate(edges)), else_=len(edges))


def _block(identity: Any) -> Any:
    """0…31 by the end of the id, which is a hash; the same on every engine."""
    text = identity.cast("string")
    last, before = text.right(1), text.right(2).left(1)
    digit = ibis.cases(*((last == sign, at) for at, sign in enumerate(HEX)), else_=0)
    return digit * 2 + before.isin(list(HEX[::2])).ifelse(0, 1)


def _with_later(held: Table, events: Table, feedback: Table, design: Design, protected: frozenset[str]) -> Table:
    """The customers with what followed each span of use."""
    said = _spanned(feedback.filter(feedback.audience.notin(sorted(protected))), design, 1)
    satisfied = said.score.notnull() & (said.measure == (design.measure.key if design.measure else ""))
    later = said.filter(said.who.notnull()).group_by("who", "span").agg(
        help=said.kind.isin(list(HELP)).ifelse(1, 0).sum(), rated=satisfied.ifelse(1, 0).sum(), scores=satisfied.ifelse(said.score, 0.0).sum()
    )  # fmt: skip
    both = held.left_join(later, (held.id == later.who) & (held.span == later.span))
    renewals = _spanned(events.filter(events.name.isin(list(RENEWED))), design, 1)
    renewed = renewals.filter(renewals.who.notnull()).select("who", "span").distinct().mutate(renewed=1).rename(whose="who", when="span")
    joined = both.left_join(renewed, (both.id == renewed.whose) & (both.span == renewed.when))
    counts = {name: joined[name].fill_null(0) for name in ("help", "rated", "renewed")}
    return joined.select(*held.columns, **counts, scores=joined.scores.fill_null(0.0))


def _sums(rows: Table) -> dict[str, Any]:
    """Everything that is added up within a cell. score: of each customer's answers the mean; rated: whether she answered."""
    answered = (rows.rated > 0).ifelse(1, 0)
    score = (rows.rated > 0).ifelse(rows.scores / (rows.rated > 0).ifelse(rows.rated, 1), 0.0)
    helped = (rows.help > 0).ifelse(1, 0)
    return {
        "n": rows.count(), "use": rows.use.sum(), "use2": (rows.use * rows.use).sum(),
        "left": rows.left.sum(), "use_left": (rows.use * rows.left).sum(), "renewed": rows.renewed.sum(),
        "use_renewed": (rows.use * rows.renewed).sum(), "help": helped.sum(), "use_help": (rows.use * helped).sum(),
        "rated": answered.sum(), "use_rated": (rows.use * answered).sum(), "use2_rated": (rows.use * rows.use * answered).sum(),
        "score": score.sum(), "use_score": (rows.use * score).sum(),
    }  # fmt: skip


def cells(held: Table) -> Table:
    """Sums over customers alike in everything that is held alike, by block."""
    return held.group_by("block", *CONTROLS).agg(**_sums(held))


def used(held: Table, events: Table, design: Design, features: list[tuple[str, str]]) -> Table:
    """The same sums over those who used each of these features (name, step) in the span."""
    acts = _acts(events, design)
    wanted = ibis.or_(*((acts.name == name) & (acts.step == step) for name, step in features))
    users = acts.filter(wanted).select("who", "name", "step", when="span").distinct()
    rows = held.inner_join(users, (held.id == users.who) & (held.span == users.when))
    return rows.group_by("name", "step", "block", *CONTROLS).agg(**_sums(rows))
