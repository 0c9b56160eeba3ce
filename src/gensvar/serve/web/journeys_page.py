"""Journeys: what people do from the first contact to loyalty, where they get stuck, and what becomes of them; and one journey step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any, Final, cast
from urllib.parse import urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.explain.journeys import Compared, Counted, Friction, Journey, JourneyFound, JourneysFound, Refused, Voice
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.measure.parse import parse_period, parse_where
from gensvar.measure.periods import read_day
from gensvar.serve.desks import why_journeys as desk
from gensvar.serve.desks.why_journeys import Asking, Standing
from gensvar.serve.web.asked import KNOWN, PERIODS, Asked, Choice, Option, fixed_choice, read_asked, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.figures import moment
from gensvar.serve.web.journey_views import (
    compared_drawn,
    fates_drawn,
    friction_drawn,
    journey_flow,
    journey_steps,
    map_bars,
    map_flow,
    map_tones,
    paths_table,
    where,
)
from gensvar.serve.web.journey_words import (
    MARKS,
    SIDES,
    became,
    chafes,
    difference,
    hardness,
    headline,
    helped,
    lasting,
    readable,
    readable_map,
    refusal,
    standing,
    stated,
    sure,
    temporary,
)
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Words

OWN: Final = ("compare", "feature", "day")
FIRST, MORE = ("market", "channel"), ("segment", "product", "unit")
SPANS = {"all": phrase("the last year"), **{name: said for name, said in PERIODS.items() if name not in {"all", "last 12 months"}}}
WORST, MOST_PATHS, MOST_SAID, MOST_TELLING = 8, 10, 12, 4
NOTHING: Mapping[str, str] = {
    "counting": phrase("This is being counted, and will stand here in a moment."),
    "never": phrase("Journeys have not been looked for yet. Gensvar does so by itself each night, and whenever somebody asks on the page Why."),
    "too_much": phrase("This is too much to count while you wait ({rows} rows, at most {most}). Choose a shorter period or fewer customers."),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The address of these pages, read. compare: whom to set side by side."""

    asked: Asked
    compare: str = ""
    feature: str = ""
    day: str = ""

    def href(self, path: str) -> str:
        """Another of these pages with the same question."""
        mine = {"compare": self.compare, "feature": self.feature, "day": self.day}
        period = {} if self.asked.period == "all" else {"period": self.asked.period}
        query = {**self.asked.where, **period, **{name: value for name, value in mine.items() if value}}
        return path + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Stuck:
    """One place of friction, ready to be read."""

    sentence: str
    standing: str
    effort: str
    href: str
    voices: str
    journey: str
    step: str


@dataclass(frozen=True, slots=True)
class Card:
    """One journey on the list. facts: what is told beside the chart."""

    key: str
    title: str
    sentence: str
    href: str
    facts: tuple[str, ...]
    steps: Drawn


@dataclass(frozen=True, slots=True)
class Said:
    """One comparison in a sentence."""

    sentence: str
    mark: Mark
    mark_name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step beside its charts: what became of those who stood still, what is spoken of, and where to read it."""

    name: str
    became: str
    topics: tuple[str, ...]
    voices: str
    voices_name: str


@dataclass(frozen=True, slots=True)
class JourneysPage:
    """why: a sentence where there is nothing to show. flow, bars, tones: the map; stuck: where it chafes most, over all journeys."""

    sentence: str
    lead: str
    why: str
    under_way: bool
    made: str
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    friction: Drawn | None
    stuck: tuple[Stuck, ...]
    flow: Drawn | None
    bars: Drawn | None
    tones: Drawn | None
    cards: tuple[Card, ...]
    refused: tuple[str, ...]
    know: tuple[Fact, ...]
    address: str


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """One journey. flow: the ribbons; steps: the funnel; fates: of all that stood still; compared: groups side by side, as asked.

    spoken: what is said of the whole journey, where feedback is laid to that and to none of its steps.
    """

    key: str
    title: str
    sentence: str
    lead: tuple[str, ...]
    why: str
    made: str
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    asks_day: bool
    day: str
    flow: Drawn | None
    steps: Drawn | None
    told: tuple[Step, ...]
    spoken: Step | None
    friction: Drawn | None
    stuck: tuple[Stuck, ...]
    fates: Drawn | None
    fates_says: str
    support_says: str
    stated_says: str
    compared: Drawn | None
    asked_to_compare: str
    differences: tuple[Said, ...]
    paths: Table | None
    refused: tuple[str, ...]
    know: tuple[Fact, ...]
    address: str
    back: str


def wanted(query: Mapping[str, str]) -> Wanted:
    """BadInput for a name that these pages do not know, with the nearest, and for a day that is none."""
    for name in query:
        if name not in {*KNOWN, *OWN}:
            known = sorted({*KNOWN, *OWN})
            raise BadInput(f"No filter {name!r}", where="in the address", nearest=nearest(name, known), do=f"Filters: {', '.join(known)}.")
    compare = query.get("compare", "")
    if compare and compare not in SIDES:
        raise BadInput(f"No comparison {compare!r}", where="in the address", nearest=nearest(compare, SIDES), do=f"There are: {', '.join(SIDES)}.")
    asked = read_asked({"period": "all", **{name: value for name, value in query.items() if name not in OWN and value}})
    day = read_day(query["day"]).isoformat() if query.get("day") else ""
    return Wanted(asked, compare, query.get("feature", ""), day)


def asking(visit: Visit, want: Wanted) -> Asking:
    """The question within the address. A feature or a day asks for something only where it is compared by."""
    a = want.asked
    period = parse_period(a.period_text, visit.desk.today()) if a.period_text else None
    feature = want.feature if want.compare == "feature" else ""
    day = date.fromisoformat(want.day) if want.day and want.compare == "before_after" else None
    return Asking(parse_where(a.where_text), period, feature, day)


# ── the list ──


def journeys(visit: Visit) -> View:
    """The map and every journey."""
    want = wanted(visit.query)
    seen = _seen(visit, want, drawn=True)
    return View("journeys.html", _list(visit, want, seen), "journeys")


def _list(visit: Visit, want: Wanted, seen: Standing) -> JourneysPage:
    w, found = visit.words, seen.found or JourneysFound((), ())
    names = {j.journey.key: j.journey.name for j in found.journeys}
    worst = [f for f in found.friction if f.customers][:WORST]
    return JourneysPage(
        sentence=_list_sentence(found, worst, names, w) if seen.found else w("What people do, from the first contact to loyalty"),
        lead=_list_lead(found, w),
        why=_why(seen, w),
        under_way=seen.why == "counting",
        made=_made(seen, visit),
        choices=tuple(_choices(visit, want)),
        more_choices=tuple(where_choice(d, visit.desk.dimension_values(d), want.asked, w) for d in MORE),
        more_chosen=any(d in want.asked.where for d in MORE),
        friction=friction_drawn(worst, names, w("Where it chafes most: customers lost × how hard it is"), w, one=False) if worst else None,
        stuck=tuple(_stuck(f, names, found, visit, want) for f in worst[:3]),
        flow=map_flow(seen.map, w) if seen.map else None,
        bars=map_bars(seen.map, w) if seen.map else None,
        tones=map_tones(seen.map, w) if seen.map else None,
        cards=tuple(_card(j, found.friction, visit, want) for j in found.journeys),
        refused=tuple(refusal(r, w) for r in _refusals(seen)),
        know=tuple(_know(seen.map.counted if seen.map else _first(found), None, w)),
        address=want.href("/journeys"),
    )


def _seen(visit: Visit, want: Wanted, *, drawn: bool = False) -> Standing:
    """What is shown, with names as a reader says them."""
    seen = desk.standing(cast("Any", visit.desk), asking(visit, want), desk.PATIENCE_S, drawn=drawn)
    return replace(seen, found=seen.found and readable(seen.found), map=seen.map and readable_map(seen.map))


def _refusals(seen: Standing) -> Iterator[Refused]:
    return chain(seen.map.refused if seen.map else (), seen.found.refused if seen.found else ())


def _first(found: JourneysFound) -> Counted | None:
    return found.journeys[0].counted if found.journeys else None


def _list_sentence(found: JourneysFound, worst: Sequence[Friction], names: Mapping[str, str], w: Words) -> str:
    if not found.journeys:
        return w("No journey is seen in what people do")
    if not worst:
        return w("Nobody is seen to get stuck anywhere more than elsewhere")
    f = worst[0]
    if f.rank_low == f.rank_high:
        return w("Customers get stuck most at {step} in {journey}", step=f.step, journey=names.get(f.journey, f.journey))
    return w("Customers seem to get stuck most at {step} in {journey}", step=f.step, journey=names.get(f.journey, f.journey))


def _list_lead(found: JourneysFound, w: Words) -> str:
    n = sum(j.counted.errands for j in found.journeys)
    if not n:
        return ""
    lost = sum(j.fates.lost for j in found.journeys)
    return w("{n} errands were followed; {lost} of those that are over were not finished.", n=w.number(n), lost=w.number(lost))


def _why(seen: Standing, w: Words) -> str:
    return w(NOTHING[seen.why], rows=w.number(seen.rows), most=w.number(seen.most)) if seen.why else ""


def _made(seen: Standing, visit: Visit) -> str:
    w = visit.words
    if seen.made_at is None:
        return "" if seen.why else w("Counted now, for this question.")
    return w("Last looked at: {when}.", when=_when(seen.made_at, visit))


def _when(at: datetime, visit: Visit) -> str:
    return moment(at, visit.words.language, visit.reader.zone)


def _stuck(f: Friction, names: Mapping[str, str], found: JourneysFound, visit: Visit, want: Wanted) -> Stuck:
    w = visit.words
    journey = next((j.journey for j in found.journeys if j.journey.key == f.journey), None)
    return Stuck(
        sentence=chafes(f, names.get(f.journey, f.journey), w),
        standing=standing(f, w),
        effort=hardness(f, w),
        href=want.href(f"/journeys/{f.journey}"),
        voices=_voices(journey, f.step, visit, want) if journey else "",
        journey=names.get(f.journey, f.journey),
        step=where(f, names, one=True),
    )


def _card(j: JourneyFound, friction: Sequence[Friction], visit: Visit, want: Wanted) -> Card:
    w = visit.words
    facts = (
        w.many("one errand", "{n} errands", j.counted.errands),
        w.many("one customer", "{n} customers", j.counted.parties),
        w("half are done within {time}", time=lasting(j.seconds, w)) if j.seconds is not None else "",
        w("{share} over more than one channel", share=sure(j.channels, w)) if j.channels.value is not None else "",
        w("{share} with a pause", share=sure(j.pauses, w)) if j.pauses.value is not None else "",
    )
    return Card(
        j.journey.key,
        j.journey.name,
        headline(j, _worst(j, friction), w),
        want.href(f"/journeys/{j.journey.key}"),
        tuple(f for f in facts if f),
        journey_steps(j, w),
    )


def _worst(j: JourneyFound, friction: Sequence[Friction]) -> Friction | None:
    return next((f for f in friction if f.journey == j.journey.key), None)


# ── one of them ──


def journey(visit: Visit) -> View:
    """One journey. NotFound with the nearest where there is none."""
    want, key = wanted(visit.query), visit.named("journey")
    seen = _seen(visit, want)
    if seen.found is None and seen.why in {"counting", "too_much"}:
        return View("journeys.html", _list(visit, want, seen), "journeys")
    found = desk.one(seen.found or JourneysFound((), ()), key)
    return View("journey.html", _one(visit, want, seen, _topics_named(found, visit)), "journeys")


def _topics_named(j: JourneyFound, visit: Visit) -> JourneyFound:
    taxonomy, w = visit.house.ledger.taxonomies.current(), visit.words

    def named(v: Voice) -> Voice:
        return replace(v, topics=tuple(replace(t, topic=topic_name(taxonomy, t.topic, w)) for t in v.topics))

    return replace(j, steps=tuple(replace(s, voice=named(s.voice)) for s in j.steps))


def _one(visit: Visit, want: Wanted, seen: Standing, j: JourneyFound) -> JourneyPage:
    w, all_friction = visit.words, seen.found.friction if seen.found else ()
    names = {j.journey.key: j.journey.name}
    mine = [f for f in all_friction if f.journey == j.journey.key and f.customers]
    pairs = [replace(c, group=want.feature or c.group) if c.by == "feature" else c for c in j.compared if c.by == want.compare]
    return JourneyPage(
        key=j.journey.key,
        title=j.journey.name,
        sentence=headline(j, mine[0] if mine else None, w),
        lead=tuple(line for line in (temporary(j.fates, w),) if line),
        why=_why(seen, w),
        made=_made(seen, visit),
        choices=tuple(_choices(visit, want, one=True)),
        more_choices=tuple(where_choice(d, visit.desk.dimension_values(d), want.asked, w) for d in MORE),
        more_chosen=any(d in want.asked.where for d in MORE),
        asks_day=want.compare == "before_after",
        day=want.day,
        flow=journey_flow(j, w),
        steps=journey_steps(j, w),
        told=tuple(_steps(j, visit, want)),
        spoken=_spoken(j, visit, want),
        friction=friction_drawn(mine, names, w("Where it chafes most: customers lost × how hard it is"), w, one=True) if mine else None,
        stuck=tuple(_stuck(f, names, seen.found or JourneysFound((), ()), visit, want) for f in mine[:3]),
        fates=fates_drawn(j.fates, w("What became of those who stood still"), w),
        fates_says=temporary(j.fates, w),
        support_says=helped(j.support, j.journey, w),
        stated_says=stated(j.stated, w),
        compared=compared_drawn(pairs, w("How many finish"), w) if pairs else None,
        asked_to_compare="" if pairs else _nobody(want, w),
        differences=tuple(_differences(pairs or _telling(j, want), w)),
        paths=paths_table(j.paths[:MOST_PATHS], w("The most common ways"), w) if j.paths else None,
        refused=tuple(refusal(r, w) for r in j.refused),
        know=tuple(_know(j.counted, j.journey, w)),
        address=want.href(f"/journeys/{j.journey.key}"),
        back=want.href("/journeys"),
    )


def _nobody(want: Wanted, w: Words) -> str:
    """Why nothing stands side by side although it was asked for."""
    if want.compare == "before_after" and not want.day:
        return w("Choose the day that parts before from after.")
    if want.compare == "feature" and not want.feature:
        return w("Choose the feature whose users are set beside the others.")
    return w("There are no two groups with enough errands to set side by side.") if want.compare else ""


def _steps(j: JourneyFound, visit: Visit, want: Wanted) -> Iterator[Step]:
    w, once = visit.words, _of_the_whole(j)
    for s in j.steps:
        heard = s.voice.rows and s.voice != once
        voices = _voices(j.journey, s.name, visit, want) if heard else ""
        yield Step(s.name, became(s, w), _topics(s.voice, w) if heard else (), voices, w("What people wrote at {step}", step=s.name))


def _topics(v: Voice, w: Words) -> tuple[str, ...]:
    return tuple(f"{t.topic} ({w.number(t.n)})" for t in v.topics[:4])


def _of_the_whole(j: JourneyFound) -> Voice | None:
    """What is said alike at every step at which something is said: the same feedback, laid to one touchpoint that they share."""
    heard = [s.voice for s in j.steps if s.voice.rows]
    return heard[0] if len(heard) > 1 and len(set(heard)) == 1 else None


def _spoken(j: JourneyFound, visit: Visit, want: Wanted) -> Step | None:
    w, said = visit.words, _of_the_whole(j)
    if said is None:
        return None
    step = next((s.name for s in j.steps if s.name in j.journey.touchpoints), j.steps[0].name)
    return Step(
        j.journey.name, "", _topics(said, w), _voices(j.journey, step, visit, want), w("What people wrote of {journey}", journey=j.journey.name)
    )


def _telling(j: JourneyFound, want: Wanted) -> list[Compared]:
    """Where nothing is asked to stand side by side: the groups of which surely more or fewer finish."""
    return [] if want.compare else [c for c in j.compared if c.step == "" and c.move in {"higher", "lower"}][:MOST_TELLING]


def _differences(pairs: Sequence[Compared], w: Words) -> Iterator[Said]:
    """Those that are seen first; then how many finish in each group."""
    order = {"higher": 0, "lower": 0, "no visible difference": 1, "cannot tell": 2}
    told = [c for c in pairs if c.step == "" or c.move in {"higher", "lower"}]
    for c in sorted(told, key=lambda c: (order[c.move], c.q if c.q is not None else 1.0))[:MOST_SAID]:
        mark = cast("Mark", MARKS[c.move])
        name = w("no visible difference") if mark == "same" else w.mark_name(mark)
        yield Said(difference(c, w), mark, name)


# ── what both share ──


def _choices(visit: Visit, want: Wanted, *, one: bool = False) -> Iterator[Choice]:
    w = visit.words
    for d in FIRST:
        yield where_choice(d, visit.desk.dimension_values(d), want.asked, w)
    yield fixed_choice("period", phrase("period"), SPANS, want.asked.period, w)
    if one:
        yield fixed_choice("compare", phrase("set side by side"), {"": phrase("nobody"), **SIDES}, want.compare, w)
        if want.compare == "feature":
            yield _feature_choice(visit, want)


def _feature_choice(visit: Visit, want: Wanted) -> Choice:
    """What people do that may be a feature; what the address holds is kept."""
    w, known = visit.words, desk.features(cast("Any", visit.desk))
    named = dict.fromkeys([*known, *([want.feature] if want.feature else [])])
    return Choice("feature", w("feature"), (Option("", w("no feature"), not want.feature), *(Option(n, n, n == want.feature) for n in named)))


def _voices(journey: Journey, step: str, visit: Visit, want: Wanted) -> str:
    """Where the voices of a step are; empty for those who may not read them."""
    if not visit.may("voices"):
        return ""
    found = next((s for s in journey.steps if s.name == step), None)
    touchpoint = journey.touchpoints.get(step) or (found.touchpoint or found.step if found else "") or step
    where = {d: v for d, v in want.asked.where.items() if d in DIMENSIONS and d != "touchpoint"}
    return "/voices?" + urlencode(
        {"touchpoint": touchpoint, **where, "period": "last 12 months" if want.asked.period == "all" else want.asked.period}
    )


def _know(counted: Counted | None, j: Journey | None, w: Words) -> Iterator[Fact]:
    if counted is not None:
        yield from _counted(counted, w)
    if j is not None:
        yield from _defined(j, w)
    yield Fact(w("Finished"), w("Seen in the events, whatever anybody says; an errand whose time is not over is not counted as lost."))
    yield Fact(
        w("Friction"), w("Customers lost × the share lost beyond the step that loses least × effort told of; the interval from those of the three.")
    )
    yield Fact(
        w("Intervals"),
        w("95 %; of how many come, go on and finish by people, since one person’s errands are alike. Other shares take each errand as one."),
    )
    yield Fact(w("Times"), w("Medians; between places of the map and of whole ways geometric means, which lie near them."))
    yield Fact(w("Comparisons"), w("Adjusted for how many were made (Benjamini–Hochberg)."))
    yield Fact(w("Limits"), w("What is found here is association: that people stop after a step does not prove that the step made them stop."))


def _counted(c: Counted, w: Words) -> Iterator[Fact]:
    yield Fact(w("Rows"), w("{n} events and voices of {people} people", n=w.number(c.rows), people=w.number(c.parties)))
    if c.since and c.until:
        yield Fact(w("Days"), f"{w.day(c.since)} – {w.day(c.until)}")
    left = [
        w.many("one of nobody known", "{n} of nobody known", c.nobody) if c.nobody else "",
        w.many("one in the future", "{n} in the future", c.future) if c.future else "",
        w.many("one before 2000, from a clock that was never set", "{n} before 2000, from clocks that were never set", c.ancient)
        if c.ancient
        else "",
        w.many("one that came twice", "{n} that came twice", c.doubles) if c.doubles else "",
    ]
    if any(left):
        yield Fact(w("Left out"), "; ".join(part for part in left if part))


def _defined(j: Journey, w: Words) -> Iterator[Fact]:
    yield Fact(w("Steps"), " → ".join(s.name for s in j.steps))
    hours, pause = lasting(j.window_hours * 3600, w), lasting(j.pause_minutes * 60, w)
    yield Fact(w("An errand"), w("is over after {window} without a sign; a silence of {pause} is a pause", window=hours, pause=pause))
    if j.declared:
        yield Fact(w("Declared"), w("by {owner}", owner=j.owner) if j.owner else w("by a person"))
    else:
        yield Fact(w("Found"), w("in the events themselves; somebody who knows better may declare it otherwise"))


def lead(visit: Visit) -> tuple[str, ...]:
    """Today’s answer, from what was last found."""
    seen = desk.last(cast("Any", visit.desk))
    if seen.found is None or not seen.found.journeys:
        return ()
    names = {j.journey.key: j.journey.name for j in seen.found.journeys}
    worst = [f for f in seen.found.friction if f.customers]
    return (
        _list_sentence(seen.found, worst, names, visit.words) + ".",
        *(chafes(f, names.get(f.journey, f.journey), visit.words) for f in worst[:1]),
    )


PAGES = (
    Page("/journeys", "answers", journeys, "/journeys"),
    Page("/journeys/{journey:str}", "answers", journey),
)
FORMS = ()
