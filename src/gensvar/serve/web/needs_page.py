"""What people ask for, in their own sentences: suggestions, unmet needs, expectations. For product, sales and marketing."""

from collections.abc import Mapping
from dataclasses import dataclass

from gensvar.contracts import DIMENSIONS
from gensvar.kit.language import phrase
from gensvar.serve.desks import needs as desk
from gensvar.serve.desks.sampled import Part
from gensvar.serve.web.asked import PERIODS, Asked, Choice, fixed_choice, where_choice
from gensvar.serve.web.render import View
from gensvar.serve.web.summary_page import LISTING, share_text
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.voice_views import AUDIENCE_NAMES, Piece, pieces
from gensvar.serve.web.voices_page import checked_query, voice_query
from gensvar.serve.web.wordings_page import tone_text
from gensvar.serve.web.words import Words

PERIOD = "last 12 months"
MARKS = {"suggestion": phrase("suggestions"), "need": phrase("unmet needs"), "expectation": phrase("expectations")}
HEADLINES = {
    "suggestion": (phrase("One text suggests something"), phrase("{n} texts suggest something")),
    "need": (phrase("One text tells of a need that is not met"), phrase("{n} texts tell of needs that are not met")),
    "expectation": (phrase("One text speaks of what was expected"), phrase("{n} texts speak of what was expected")),
}


@dataclass(frozen=True, slots=True)
class AskedView:
    pieces: tuple[Piece, ...]
    language: str
    by: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class SubjectView:
    title: str
    says: str
    tone: str
    asked: tuple[AskedView, ...]


@dataclass(frozen=True, slots=True)
class NeedsPage:
    headline: str
    lead: str
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    subjects: tuple[SubjectView, ...]
    found: desk.Needs


def page(visit: Visit) -> View:
    """What people ask for, by topic."""
    query = dict(visit.query)
    mark = query.pop("mark", "") or "suggestion"
    given = {"period": PERIOD, **{k: v for k, v in checked_query(query).items() if k not in LISTING}}
    asked = voice_query(given, visit.desk.today(), reads_text=visit.scope.free_text)
    key = ("needs", mark, tuple(sorted(given.items())))
    found = visit.desk.kept(key, lambda: desk.needs(visit.house, visit.scope, asked, mark))
    return View("needs.html", _page(visit, given, found), "needs")


def _page(visit: Visit, given: Mapping[str, str], found: desk.Needs) -> NeedsPage:
    w = visit.words
    one, more = HEADLINES[found.mark]
    lead = share_text(Part.of(found.total, found.of), w) if found.of else ""
    asked = Asked({d: given[d] for d in DIMENSIONS if d in given})
    return NeedsPage(
        headline=w.many(one, more, found.total) if found.total else w("Nobody asks for anything like this, as far as texts have been read."),
        lead=w("That is {share} of the texts.", share=lead) if found.total else "",
        notes=tuple(_notes(found, w)),
        choices=(
            fixed_choice("mark", phrase("what is asked for"), MARKS, found.mark, w),
            where_choice("market", visit.desk.dimension_values("market"), asked, w),
            fixed_choice("period", phrase("period"), PERIODS, given["period"], w),
        ),
        subjects=tuple(_subject(s, visit) for s in found.subjects),
        found=found,
    )


def _notes(found: desk.Needs, w: Words) -> list[str]:
    said = []
    if found.read < found.total:
        said.append(w("{n} of them were read, drawn by a lot that falls the same each time.", n=w.number(found.read)))
    if found.apart:
        names = ", ".join(w(AUDIENCE_NAMES[a]) for a in found.apart)
        said.append(w("What these wrote is not among them, since they are protected: {audiences}.", audiences=names))
    return said


def _subject(s: desk.Subject, visit: Visit) -> SubjectView:
    w = visit.words
    title = topic_name(visit.house.ledger.taxonomies.current(), s.topic, w) if s.topic else w("No topic was found")
    says = w("{k} of {n}: {share}", k=w.number(s.part.k), n=w.number(s.part.n), share=share_text(s.part, w))
    return SubjectView(title, says, tone_text(s.tone, w), tuple(_asked(a, visit) for a in s.asked))


def _asked(a: desk.Asked, visit: Visit) -> AskedView:
    w = visit.words
    by = (w.day(a.day), *((w.value("market", a.market),) if a.market else ()), *((w("the whole text"),) if a.whole else ()))
    return AskedView(tuple(pieces(a.text, left_out=visit.left_out)), a.language, by, f"/voices/{a.id}")


PAGES = (Page("/needs", "voices", page, "/needs?period=all"),)
FORMS = ()
