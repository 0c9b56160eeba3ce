"""Search: pages, measures, places and other values, saved views, people, and the way to what people wrote. Finds only what the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.kit.language import phrase
from gensvar.serve.web.nav import NAV
from gensvar.serve.web.ranking import best
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit

LONGEST, MOST_OF_A_KIND = 200, 6
OTHER_PAGES = (
    ("/account", phrase("Account")),
    ("/shortcuts", phrase("Keys")),
    ("/glossary", phrase("Glossary")),
    ("/styleguide", phrase("Style guide")),
)
DIMENSION_NAMES = {
    "market": phrase("market"), "segment": phrase("segment"), "channel": phrase("channel"), "journey": phrase("journey"),
    "touchpoint": phrase("touchpoint"), "product": phrase("product"), "unit": phrase("unit"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """title: what it is called; says: what kind of thing it is, or what choosing it does."""

    title: str
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """said: how much was found, in a sentence; empty where nothing was asked for."""

    q: str
    said: str
    groups: tuple[Found, ...]


def search(visit: Visit) -> View:
    q = " ".join(visit.query.get("q", "").split())[:LONGEST]
    return View("search.html", search_page(visit, q), "search")


def search_page(visit: Visit, q: str) -> SearchPage:
    """What is found, by kind; every room where nothing is asked for."""
    w = visit.words
    if not q:
        return SearchPage("", "", (Found(w("Pages"), tuple(_pages(visit))),))
    kinds = [(w("Pages"), _pages(visit)), (w("People"), _people(visit))]
    if visit.may("answers"):
        kinds[1:1] = [(w("Measures"), _measures(visit)), (w("Places, channels and groups"), _values(visit)), (w("Saved views"), _views(visit))]
    groups = [Found(title, tuple(best(q, items, lambda one: one.title, MOST_OF_A_KIND))) for title, items in kinds]
    found = sum(len(g.items) for g in groups)
    said = w.many("One thing was found.", "{n} things were found.", found) if found else w("Nothing was found.")
    return SearchPage(q, said, (*(g for g in groups if g.items), *_written(visit, q)))


def _pages(visit: Visit) -> Iterable[Item]:
    w = visit.words
    yield from (Item(w(e.title), w("page"), e.address) for e in NAV if visit.may(e.right))
    yield from (Item(w(title), w("page"), address) for address, title in OTHER_PAGES)


def _measures(visit: Visit) -> Iterable[Item]:
    newest = {m.id: m for m in sorted(visit.desk.measures(), key=lambda m: m.version)}
    yield from (Item(m.title(visit.words.language), m.id, f"/measures/{m.id}") for m in newest.values())


def _values(visit: Visit) -> Iterable[Item]:
    w = visit.words
    for dimension in DIMENSIONS:
        for value in visit.desk.dimension_values(dimension):
            yield Item(
                w.value(dimension, value),
                w("everything in this {dimension}", dimension=w(DIMENSION_NAMES[dimension])),
                f"/?{urlencode({dimension: value})}",
            )


def _views(visit: Visit) -> Iterable[Item]:
    member = visit.caller.member
    if member is not None:
        yield from (Item(v.name, visit.words("saved view"), v.address) for v in visit.house.ledger.views.seen_by(member.id))


def _people(visit: Visit) -> Iterable[Item]:
    if visit.may("people"):
        yield from (Item(m.name or m.email, m.email, f"/people/{m.id}") for m in visit.house.ledger.members.all())


def _written(visit: Visit, q: str) -> tuple[Found, ...]:
    """The way to what people wrote, for those who may read it."""
    if not visit.may("voices"):
        return ()
    w = visit.words
    return (Found(w("What people wrote"), (Item(f"“{q}”", w("search in Voices"), f"/voices?{urlencode({'q': q})}"),)),)


PAGES = (Page("/search", "member", search, "/search?q=norway"),)
FORMS = ()
