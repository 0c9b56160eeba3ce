"""Topics: how often each is spoken of, in what tone, and whether either has moved. Numbers through the one question; protected people by what is
released of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import ibis

from gensvar.contracts import AUDIENCES, Measure
from gensvar.contracts.tone import TONE
from gensvar.contracts.topics import About
from gensvar.hub.within import within
from gensvar.kit.errors import NotAllowed
from gensvar.measure import Answer, Change, Estimate, Group, Hidden, Period, Point, Question, TooFew, Verdict
from gensvar.measure.changes import moved, seen_from
from gensvar.measure.periods import before, year_before
from gensvar.measure.plan import one_of
from gensvar.measure.question import Against, Grain
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import topics_released, voice_rows
from gensvar.serve.desks.topics_released import Read
from gensvar.stats import Difference, Share, adjusted

Said = Literal["topic", "reason"]
LEAST: Final = 30  # texts; below this a share says nothing
MATTERS: Final = 0.25  # of what the share was: a change that is worth a look
LEAST_MATTERS: Final = 0.005
SPEAKERS: Final[Mapping[About, frozenset[str]]] = {
    "customers": frozenset(AUDIENCES) - {"employee"},
    "employees": frozenset({"employee"}),
}
RATE: Final = Measure(id="said", version=1, metric="csat", low=0.0, high=1.0, cut=1.0)
"""Stands for “how large a part of the texts says so”: a share, with a share's interval."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of topics. where: dimension → values; against: as of a question."""

    about: About = "customers"
    where: Mapping[str, tuple[str, ...]] | None = None
    period: Period | None = None
    against: Against | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One topic or reason. rate: the share of the texts that speak of it, with its change and trend; tone: of what is said of it."""

    id: str
    rate: Group
    tone: Group | None


@dataclass(frozen=True, slots=True)
class Overview:
    """spoken: most often first. texts: how many were understood; released: of people who are heard in blocks only. whole: their tone."""

    spoken: tuple[Spoken, ...]
    texts: Verdict
    whole: Group | None
    released: bool = False


def overview(desk: HouseDesk, said: Said, asking: Asking, language: str, grain: Grain | None = None, trend: Period | None = None) -> Overview:
    """Every topic or reason. grain, trend: also a trend over that period. NotAllowed for protected people without the right to read text."""
    audiences = heard(desk, asking.about)
    if asking.about == "employees" and _protected(desk):
        return _of_released(desk, said, asking)
    if not audiences:
        return Overview((), TooFew(0, LEAST), None)
    by = (said,)
    where = {**(asking.where or {}), "audience": audiences}
    questions = [_question(by, where, asking), _question((), where, asking)]
    if grain is not None:
        questions += [Question(TONE.id, by, where, trend, grain), Question(TONE.id, (), where, trend, grain)]
    part, whole, *over_time = _answered(desk, questions, language)
    found = rates(part, whole)
    trends = {_key(g): g.trend for g in rates(*over_time).groups} if over_time else {}
    tones = {_key(g): g for g in part.groups}
    groups = _together([replace(g, trend=trends.get(_key(g), ())) for g in found.groups], tones)
    spoken = tuple(Spoken(name, g, tones.get(_key(g))) for g in groups if (name := g.key.get(said)))
    first = whole.groups[0] if whole.groups else None
    return Overview(spoken, first.verdict if first else TooFew(0, LEAST), first)


def one(
    desk: HouseDesk, said: Said, name: str, by: tuple[str, ...], asking: Asking, language: str, grain: Grain | None = None
) -> tuple[Answer, Answer]:
    """One topic or reason: the share of the texts that speak of it, and its tone, by these dimensions."""
    where = {**(asking.where or {}), "audience": heard(desk, asking.about)}
    mine = {**where, said: (name,)}
    questions = [replace(_question(by, w, asking), grain=grain) for w in (mine, where)]
    part, whole = _answered(desk, questions, language)
    return rates(part, whole), part


def _answered(desk: HouseDesk, questions: Iterable[Question], language: str) -> list[Answer]:
    """Each answer kept by itself, since no two can be counted together: of what all topics are shares is the same for every page of them."""
    return [desk.ask(question, language) for question in questions]


def heard(desk: HouseDesk, about: About) -> tuple[str, ...]:
    """The audiences whose texts were understood and are counted one by one, within the reader's scope."""

    def found() -> tuple[str, ...]:
        engine = desk.house.engine.cubes()
        rows = within(engine.table("topics_channel" if desk.scope.rows else "daily_market"), desk.scope)
        there = engine.run(rows.filter(rows.measure == TONE.key).select("audience").distinct())["audience"].to_pylist()
        return tuple(sorted(a for a in there if a not in desk.house.settings.anonymous.names))

    if not set(desk.scope.rows) <= {"market", "channel"}:
        return tuple(a for a in _spoken_in_feedback(desk) if a in SPEAKERS[about])
    return tuple(a for a in desk.kept(("heard",), found) if a in SPEAKERS[about])


def _spoken_in_feedback(desk: HouseDesk) -> tuple[str, ...]:
    def found() -> tuple[str, ...]:
        rows = within(desk.house.engine.table("feedback"), desk.scope)
        there = desk.house.engine.run(rows.filter(rows.sentiment.notnull()).select("audience").distinct())["audience"].to_pylist()
        return tuple(sorted(a for a in there if a not in desk.house.settings.anonymous.names))

    return desk.kept(("heard in feedback",), found)


def _protected(desk: HouseDesk) -> bool:
    return "employee" in desk.house.settings.anonymous.names


def _question(by: tuple[str, ...], where: Mapping[str, tuple[str, ...]], asking: Asking) -> Question:
    return Question(TONE.id, by, where, asking.period, None, asking.against)


# ── shares ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def rates(part: Answer, whole: Answer) -> Answer:
    """What share of the texts of `whole` is in `part`: the same question, but for the topic or reason. Refuses under 30 texts."""
    named = {name for g in part.groups for name in g.key} - {name for g in whole.groups for name in g.key}
    wholes = {_key(g): g for g in whole.groups}
    groups = list(part.groups) if named else [_found(part, g) for g in whole.groups]
    made = [_rate(g, wholes[key]) for g in groups if (key := tuple(sorted((k, v) for k, v in g.key.items() if k not in named))) in wholes]
    return replace(part, groups=tuple(_adjusted(sorted(made, key=_rank))))


def _key(g: Group) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted(g.key.items()))


def _found(part: Answer, g: Group) -> Group:
    """The group of the part that answers to a group of the whole; none of its texts said so where there is none."""
    nothing = Group(g.key, g.measure, TooFew(0, 1), change=g.change and replace(g.change, then=TooFew(0, 1)))
    return next((one for one in part.groups if _key(one) == _key(g)), nothing)


def _rate(part: Group, whole: Group) -> Group:
    now = _share(part.verdict, whole.verdict)
    change = None
    if whole.change is not None:
        then = _share(part.change.then if part.change else TooFew(0, 1), whole.change.then)
        change = _change(now, then)
    return Group(part.key, RATE, _said(now, part.verdict, whole.verdict), tuple(_trend(part, whole)), change)


def _count(v: Verdict) -> int | None:
    return v.n if isinstance(v, Estimate | TooFew) else None


def _share(part: Verdict, whole: Verdict) -> Share | None:
    """k of n; None where either may not be told, or there are too few texts."""
    k, n = _count(part), _count(whole)
    return Share(min(k, n), n) if k is not None and n is not None and n >= LEAST else None


def _said(share: Share | None, part: Verdict, whole: Verdict) -> Verdict:
    if share is not None:
        found = share.interval()
        return Estimate(found.value, found.low, found.high, share.k)
    hidden = next((v for v in (part, whole) if isinstance(v, Hidden)), None)
    return hidden or TooFew(_count(whole) or 0, LEAST)


def _change(now: Share | None, then: Share | None) -> Change:
    """The move before it is adjusted for how many there are."""
    past = _said(then, TooFew(0, 1), TooFew(0, 1))
    if now is None or then is None:
        return Change("cannot tell", past)
    d = now.minus(then)
    return Change("cannot tell", past, d.value, d.low, d.high, d.p)


def _trend(part: Group, whole: Group) -> Iterator[Point]:
    mine = {p.start: p.verdict for p in part.trend}
    for point in whole.trend:
        there = mine.get(point.start, TooFew(0, 1))
        yield Point(point.start, _said(_share(there, point.verdict), there, point.verdict))


def _adjusted(groups: Sequence[Group], beside: Iterable[float] = ()) -> list[Group]:
    """Rose and fell are said only where they stand over all comparisons that are shown together (Benjamini–Hochberg)."""
    tested = [g.change.p for g in groups if g.change and g.change.p is not None]
    many = [*tested, *beside]
    q = iter(adjusted(many) if many else ())
    reach = seen_from(len(many))
    return [_judged(g, g.change, next(q), reach) if g.change and g.change.p is not None else g for g in groups]


def _judged(g: Group, c: Change, q: float, reach: float) -> Group:
    if c.difference is None or c.low is None or c.high is None or c.p is None:
        return g
    then = c.then.value if isinstance(c.then, Estimate) else 0.0
    move = moved(Difference(c.difference, c.low, c.high, c.p), q, max(LEAST_MATTERS, MATTERS * then), reach)
    return replace(g, change=replace(c, move=move, q=q))


def _together(groups: Sequence[Group], tones: Mapping[tuple[tuple[str, str | None], ...], Group]) -> list[Group]:
    """The shares adjusted once more with the tones that stand beside them on the page."""
    return _adjusted(groups, [g.change.p for g in tones.values() if g.change and g.change.p is not None])


def _rank(g: Group) -> tuple[bool, float, str]:
    return isinstance(g.verdict, Hidden), -(g.verdict.value if isinstance(g.verdict, Estimate) else -1.0), str(_key(g))


def beside(desk: HouseDesk, name: str, asking: Asking) -> list[tuple[str, Share]]:
    """The reasons that stand in the texts of a topic, most often first, each with its share of them; none under 30 texts."""
    where, audiences = asking.where or {}, heard(desk, asking.about)

    def found() -> list[tuple[str, Share]]:
        rows = voice_rows.seen(desk.house.engine.table("feedback"), desk.scope, desk.house.settings.anonymous.names)
        tests = [one_of(rows[d], frozenset(v or None for v in values)) for d, values in sorted(where.items())]
        rows = rows.filter(rows.audience.isin(audiences), rows.topics.contains(name), *tests, *voice_rows.during(rows, asking.period))
        n = int(desk.house.engine.run(rows.count().name("n"))["n"][0].as_py())
        if n < LEAST:
            return []
        said = rows.mutate(reason=rows.reasons.unnest()).group_by("reason").agg(n=ibis._.count())
        counts = {row["reason"]: row["n"] for row in desk.house.engine.run(said).to_pylist()}
        return [(reason, Share(k, n)) for reason, k in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    return desk.kept(("beside", name, audiences, tuple(sorted(where.items())), asking.period), found)


# ── protected people ─────────────────────────────────────────────────────────────────────────────────────────────────


def _of_released(desk: HouseDesk, said: Said, asking: Asking) -> Overview:
    """Counted over the comments that are released, which may all be read without names anyway."""
    if not desk.scope.free_text:
        raise NotAllowed("What employees say is counted from what they wrote, which is not yours to read", do="Ask whoever decides over rights.")
    now = _read(desk, asking, asking.period)
    other = _other(asking)
    then = _read(desk, asking, other) if other else None
    if len(now) < LEAST:
        return Overview((), TooFew(len(now), LEAST), None, released=True)
    names = sorted({name for r in now for name in r.said(said)})
    tested = [_group(said, name, now, then) for name in names]
    groups = sorted(_adjusted(tested), key=_rank)
    tones = {name: topics_released.tone(now, said, name) for name in names}
    spoken = tuple(Spoken(g.key[said] or "", g, tones[g.key[said] or ""]) for g in groups)
    return Overview(spoken, topics_released.texts(now), topics_released.tone(now, None, ""), released=True)


def _group(said: Said, name: str, now: Sequence[Read], then: Sequence[Read] | None) -> Group:
    share = _of(said, name, now)
    change = None if then is None else _change(share, _of(said, name, then))
    return Group({said: name}, RATE, _said(share, TooFew(0, 1), TooFew(len(now), LEAST)), tuple(_months(said, name, now)), change)


def _of(said: Said, name: str, texts: Sequence[Read]) -> Share | None:
    return Share(sum(name in r.said(said) for r in texts), len(texts)) if len(texts) >= LEAST else None


def _months(said: Said, name: str, texts: Sequence[Read]) -> Iterator[Point]:
    for month in sorted({r.month for r in texts}):
        there = [r for r in texts if r.month == month]
        yield Point(month, _said(_of(said, name, there), TooFew(0, 1), TooFew(len(there), LEAST)))


def _read(desk: HouseDesk, asking: Asking, period: Period | None) -> Sequence[Read]:
    """The released comments, read; once for each state of the hub."""
    where = asking.where or {}
    key = ("released", tuple(sorted(where.items())), period, desk.house.understanding().version)
    make: Callable[[], Sequence[Read]] = lambda: topics_released.read(desk, where, period)  # noqa: E731
    return desk.kept(key, make)


def _other(asking: Asking) -> Period | None:
    if asking.period is None or asking.against is None:
        return None
    match asking.against.how:
        case "previous":
            return before(asking.period)
        case "year_before":
            return year_before(asking.period)
        case "period":
            return asking.against.period
        case _:
            return None
