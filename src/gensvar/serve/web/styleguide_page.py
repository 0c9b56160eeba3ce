"""The style guide: every part that pages are made of, in each of its states, drawn by the pages’ own templates. Its numbers are invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gensvar.contracts import Measure
from gensvar.kit.errors import NotFound
from gensvar.measure.answer import Answer, Change, Estimate, Group, Hidden, NotComparable, Point, TooFew
from gensvar.measure.question import Question
from gensvar.serve.web.asked import Asked, Choice, period_choices
from gensvar.serve.web.blocks import Drawn, Fact, Verdict, groups_view, how_we_know, trend_view, verdict
from gensvar.serve.web.palette import LIGHT, SEGMENTS_LIGHT
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import MARK_NAMES, Words

MEASURE = Measure(
    id="csat.delivery",
    version=1,
    metric="csat",
    low=1,
    high=5,
    owner="Anna Berg",
    name={"en": "Delivery", "sv": "Leverans", "nb": "Levering", "da": "Levering", "fi": "Toimitus"},
)
SHARES = (0.78, 0.79, 0.77, 0.8, None, 0.79, 0.76, 0.74, 0.71, 0.7, 0.71, 0.72)
HALF, ANSWERS = 0.04, 412


@dataclass(frozen=True, slots=True)
class StyleGuide:
    """colours: every custom property that holds one; figures: a number, and each reason why there may be none."""

    colours: tuple[str, ...]
    marks: Mapping[str, str]
    choices: tuple[Choice, ...]
    figures: tuple[Verdict, ...]
    trend: Drawn
    groups: Drawn
    nothing: Drawn
    know: tuple[Fact, ...]
    problem: NotFound


def styleguide(visit: Visit) -> View:
    w = visit.words
    answer = sample(w)
    missing = Answer(answer.question, (Group({}, MEASURE, TooFew(9, 30)),), "", w.language)
    guide = StyleGuide(
        colours=(*LIGHT, *(f"segment-{i}" for i, _ in enumerate(SEGMENTS_LIGHT, 1))),
        marks={mark: w(name) for mark, name in MARK_NAMES.items()},
        choices=period_choices(Asked(), w),
        figures=tuple(verdict(g, w) for g in answer.groups),
        trend=trend_view(_whole(w), w, w("Last 12 months, by month")),
        groups=groups_view(answer, w, w.by("market")),
        nothing=trend_view(missing, w, w("Last 12 months, by month")),
        know=how_we_know(_whole(w), w),
        problem=NotFound("No measure 'csat.delivry'", nearest="csat.delivery", do="`gensvar measures` lists them."),
    )
    return View("styleguide.html", guide, "styleguide")


def sample(w: Words) -> Answer:
    """One answer with a group for each verdict and each mark."""
    fell = Change("fell", Estimate(0.78, 0.75, 0.81, 380), -0.07, -0.11, -0.03, 0.001, 0.004)
    rose = Change("rose", Estimate(0.66, 0.61, 0.7, 300), 0.08, 0.02, 0.13, 0.006, 0.012)
    same = Change("no visible change", Estimate(0.74, 0.7, 0.78, 402), 0.01, -0.04, 0.05, 0.7, 0.8)
    groups = (
        Group({"market": "NO"}, MEASURE, Estimate(0.71, 0.68, 0.74, ANSWERS), change=fell, sentence=w("fell")),
        Group({"market": "SE"}, MEASURE, Estimate(0.74, 0.7, 0.78, 390), change=rose, sentence=w("rose")),
        Group({"market": "DK"}, MEASURE, Estimate(0.75, 0.71, 0.79, 401), change=same, sentence=w("no visible change")),
        Group({"market": "FI"}, MEASURE, TooFew(9, 30)),
        Group({"market": "IS"}, MEASURE, Hidden("small_group")),
        Group({"market": "DE"}, MEASURE, NotComparable("another_version")),
    )
    return Answer(Question(MEASURE.id, by=("market",)), groups, MEASURE.title(w.language), w.language)


def _whole(w: Words) -> Answer:
    """A trend with a step that has too few answers."""
    points = tuple(
        Point(date(2025 + (m > 1), (m + 10) % 12 + 1, 1), TooFew(9, 30) if v is None else Estimate(v, v - HALF, v + HALF, ANSWERS))
        for m, v in enumerate(SHARES)
    )
    group = Group({}, MEASURE, Estimate(0.71, 0.68, 0.74, ANSWERS), trend=points)
    return Answer(Question(MEASURE.id), (group,), MEASURE.title(w.language), w.language)


PAGES = (Page("/styleguide", "member", styleguide, "/styleguide"),)
FORMS = ()
