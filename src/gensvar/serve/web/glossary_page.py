"""The glossary: the words of the pages, explained in the reader's language."""

from dataclasses import dataclass

from gensvar.serve.glossary import SHORT, TERMS, Term, metric_terms
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit
from gensvar.serve.web.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """short: how it is written for short, where it is."""

    id: str
    title: str
    says: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class GlossaryPage:
    words: tuple[Entry, ...]
    metrics: tuple[Entry, ...]


def glossary_page(words: Words) -> GlossaryPage:
    """Every term in this language: words of the pages, then metrics."""
    return GlossaryPage(tuple(_entry(t, words) for t in TERMS), tuple(_entry(t, words) for t in metric_terms()))


def _entry(term: Term, words: Words) -> Entry:
    return Entry(term.id, words(term.title), words(term.says), SHORT.get(term.id, ""))


def page(visit: Visit) -> View:
    return View("glossary.html", glossary_page(visit.words), "glossary")


PAGES = (Page("/glossary", "open", page, "/glossary"),)
FORMS: tuple[Form, ...] = ()
