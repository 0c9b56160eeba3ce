"""The glossary: the words of the pages, explained in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from gensvar.serve.glossary import SHORT, TERMS, Term, metric_terms, reason_terms, topic_terms
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import ABOUT
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
    """topics: a shelf for each audience, parts behind the topic that they are part of; reasons: what a text wants, feels and points at."""

    words: tuple[Entry, ...]
    metrics: tuple[Entry, ...]
    topics: tuple[tuple[str, tuple[Entry, ...]], ...]
    reasons: tuple[Entry, ...]


def glossary_page(words: Words) -> GlossaryPage:
    """Every term in this language: words of the pages, then metrics, topics and reasons."""
    topics = tuple((words(title), _entries(topic_terms(about), words)) for about, title in ABOUT.items())
    return GlossaryPage(_entries(TERMS, words), _entries(metric_terms(), words), topics, _entries(reason_terms(), words))


def _entries(terms: Iterable[Term], words: Words) -> tuple[Entry, ...]:
    return tuple(_entry(t, words) for t in terms)


def _entry(term: Term, words: Words) -> Entry:
    return Entry(term.id, words(term.title), words(term.says), SHORT.get(term.id, ""))


def page(visit: Visit) -> View:
    return View("glossary.html", glossary_page(visit.words), "glossary")


PAGES = (Page("/glossary", "open", page, "/glossary"),)
FORMS: tuple[Form, ...] = ()
