"""Why: the questions that this room answers, each with today's answer in a sentence, and where to go on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.explaining.nightly import KIND
from gensvar.kit.language import phrase
from gensvar.kit.rights import Right
from gensvar.serve.nightly import LOOKING
from gensvar.serve.web import (
    assumptions_page,
    change_page,
    changed_page,
    drivers_page,
    employees_page,
    features_page,
    impact_page,
    journeys_page,
    onboarding_page,
    outcomes_page,
)
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.work_views import WorkView, view_of
from gensvar.serve.working import ask, latest

STATES = {
    "waiting": phrase("Looking for reasons waits for its turn."),
    "running": phrase("Reasons are being looked for."),
    "stopped": phrase("Looking for reasons was stopped; what was found before stays."),
    "failed": phrase("Looking for reasons could not be finished; what was found before stays."),
}
TROUBLE = {
    "refused": phrase("This could not be looked for the last time, and the log says why. What was found before stays."),
    "failed": phrase("Looking for this met something unforeseen the last time, which is our fault and in the log. What was found before stays."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One question that is answered by a page of its own. lead: today's answer in a sentence or two, none where there is none yet; cheap.

    looked: the name of what is looked for by night for it; empty where nothing is.
    """

    address: str
    title: str
    question: str
    lead: Callable[[Visit], tuple[str, ...]]
    looked: str = ""
    right: Right = "answers"


PARTS: tuple[Part, ...] = (
    Part(
        "/why/drivers",
        phrase("What matters most"),
        phrase("Which parts weigh most for how the whole is seen, and for whom?"),
        drivers_page.lead,
        "drivers",
    ),
    Part(
        "/changed",
        phrase("What changed"),
        phrase("What has moved of late that chance does not explain, and since when?"),
        changed_page.lead,
        "changed",
    ),
    Part("/why/change", phrase("Why did it change"), phrase("Who answered, what they said, and where: what goes with a change?"), change_page.lead),
    Part(
        "/why/outcomes",
        phrase("Words and outcomes"),
        phrase("Do those who say something leave, renew or buy more or less often afterwards?"),
        outcomes_page.lead,
        "outcomes",
    ),
    Part(
        "/why/impact",
        phrase("Impact of topics"),
        phrase("What does each topic that people write about go with in a score?"),
        impact_page.lead,
        "impact",
    ),
    Part("/journeys", phrase("Journeys"), phrase("Where do customers get stuck, and what becomes of them?"), journeys_page.lead, "journeys"),
    Part(
        "/why/onboarding",
        phrase("Onboarding success"),
        phrase("Which early signs mark the new customers who succeed?"),
        onboarding_page.lead,
        "onboarding",
    ),
    Part("/why/features", phrase("Feature value"), phrase("Which features go with what follows, beside mere use?"), features_page.lead, "features"),
    Part(
        "/why/employees",
        phrase("Employees and customers"),
        phrase("Do units whose people fare well have customers who do?"),
        employees_page.lead,
        "units",
    ),
    Part(
        "/assumptions",
        phrase("Assumptions"),
        phrase("What do we believe, and does what customers say bear it out?"),
        assumptions_page.lead,
        "assumptions",
    ),
)


@dataclass(frozen=True, slots=True)
class PartView:
    """trouble: that it could not be looked for the last time; empty where it could."""

    href: str
    title: str
    question: str
    lead: tuple[str, ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class WhyPage:
    """looking: the look that is under way or could not be finished; may_ask: for another."""

    parts: tuple[PartView, ...]
    looking: WorkView | None
    may_ask: bool


def page(visit: Visit) -> View:
    """Every question, with what is known today."""
    w = visit.words
    trouble = troubles(visit)
    parts = tuple(PartView(p.address, w(p.title), w(p.question), p.lead(visit), trouble.get(p.looked, "")) for p in PARTS if visit.may(p.right))
    found = latest(visit.house, LOOKING)
    looking = None if found is None or found.state == "done" else view_of(found, STATES, "", None, visit)
    return View("why.html", WhyPage(parts, looking, visit.may("topics.change") and not (looking and looking.under_way)), "why")


def troubles(visit: Visit) -> Mapping[str, str]:
    """What was looked for and met a fault the last time, in words; of nothing to a reader of a part, who is shown nothing that is found by night."""
    if visit.scope.rows:
        return {}
    kept = visit.house.ledger.findings.all(KIND)
    return {name: visit.words(TROUBLE[f.body["why"]]) for name, f in kept.items() if f.body.get("why") in TROUBLE}


def look(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Has reasons looked for now."""
    ask(visit.house, visit.caller.who, LOOKING)
    return go("/why")


PAGES = (Page("/why", "answers", page, "/why"),)
FORMS = (Form("/why/look", "topics.change", look),)
