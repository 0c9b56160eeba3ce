"""What the list of journeys and the page of one share: the question in the address, what is known, places where people get stuck, how we know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, cast
from urllib.parse import urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.explain.journeys import Counted, Friction, Journey, JourneysFound
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.measure.parse import parse_period, parse_where
from gensvar.measure.periods import read_day
from gensvar.serve.desks import why_journeys as desk
from gensvar.serve.desks.why_journeys import Asking, Standing
from gensvar.serve.web.asked import KNOWN, PERIODS, Asked, Choice, Option, fixed_choice, read_asked, where_choice
from gensvar.serve.web.blocks import Fact
from gensvar.serve.web.figures import moment
from gensvar.serve.web.journey_views import where
from gensvar.serve.web.journey_words import SIDES, chafes, hardness, lasting, readable, readable_map
from gensvar.serve.web.journey_words import standing as place_of
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.words import Words

OWN: Final = ("compare", "feature", "day")
FIRST, MORE = ("market", "channel"), ("segment", "product", "unit")
SPANS = {"all": phrase("the last year"), **{name: said for name, said in PERIODS.items() if name not in {"all", "last 12 months"}}}
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


def standing(visit: Visit, want: Wanted, *, drawn: bool = False) -> Standing:
    """What is shown, with names as a reader says them."""
    seen = desk.standing(cast("Any", visit.desk), asking(visit, want), desk.PATIENCE_S, drawn=drawn)
    return replace(seen, found=seen.found and readable(seen.found), map=seen.map and readable_map(seen.map))


def why_of(seen: Standing, w: Words) -> str:
    """Why there is nothing to show; empty where there is."""
    return w(NOTHING[seen.why], rows=w.number(seen.rows), most=w.number(seen.most)) if seen.why else ""


def made_of(seen: Standing, visit: Visit) -> str:
    """When what is shown was found."""
    w = visit.words
    if seen.made_at is None:
        return "" if seen.why else w("Counted now, for this question.")
    return w("Last looked at: {when}.", when=moment(seen.made_at, w.language, visit.reader.zone))


def stuck_of(f: Friction, names: Mapping[str, str], found: JourneysFound, visit: Visit, want: Wanted) -> Stuck:
    """A place of friction in words. names: of the journeys, by key."""
    w = visit.words
    journey = next((j.journey for j in found.journeys if j.journey.key == f.journey), None)
    return Stuck(
        sentence=chafes(f, names.get(f.journey, f.journey), w),
        standing=place_of(f, w),
        effort=hardness(f, w),
        href=want.href(f"/journeys/{f.journey}"),
        voices=voices_of(journey, f.step, visit, want) if journey else "",
        journey=names.get(f.journey, f.journey),
        step=where(f, names, one=True),
    )


def choices(visit: Visit, want: Wanted, *, one: bool = False) -> Iterator[Choice]:
    """The words of the sentence on top. one: on the page of one journey."""
    w = visit.words
    for d in FIRST:
        yield where_choice(d, visit.desk.dimension_values(d), want.asked, w)
    yield fixed_choice("period", phrase("period"), SPANS, want.asked.period, w)
    if one:
        yield fixed_choice("compare", phrase("set side by side"), {"": phrase("nobody"), **SIDES}, want.compare, w)
        if want.compare == "feature":
            yield _feature_choice(visit, want)


def more_choices(visit: Visit, want: Wanted) -> tuple[Choice, ...]:
    """The filters that stand behind “More filters”."""
    return tuple(where_choice(d, visit.desk.dimension_values(d), want.asked, visit.words) for d in MORE)


def _feature_choice(visit: Visit, want: Wanted) -> Choice:
    """What people do that may be a feature; what the address holds is kept."""
    w, known = visit.words, desk.features(cast("Any", visit.desk))
    named = dict.fromkeys([*known, *([want.feature] if want.feature else [])])
    return Choice("feature", w("feature"), (Option("", w("no feature"), not want.feature), *(Option(n, n, n == want.feature) for n in named)))


def voices_of(journey: Journey, step: str, visit: Visit, want: Wanted) -> str:
    """Where the voices of a step are; empty for those who may not read them."""
    if not visit.may("voices"):
        return ""
    found = next((s for s in journey.steps if s.name == step), None)
    touchpoint = journey.touchpoints.get(step) or (found.touchpoint or found.step if found else "") or step
    where = {d: v for d, v in want.asked.where.items() if d in DIMENSIONS and d != "touchpoint"}
    return "/voices?" + urlencode(
        {"touchpoint": touchpoint, **where, "period": "last 12 months" if want.asked.period == "all" else want.asked.period}
    )


def know(counted: Counted | None, j: Journey | None, w: Words) -> Iterator[Fact]:
    """How we know: the rows, the definition, and what each number is."""
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
