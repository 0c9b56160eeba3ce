"""Shortcuts: which single keys do what on these pages, and how to switch them off."""

from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.serve.web.nav import NAV
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit

ANYWHERE = (("/", phrase("search")), ("?", phrase("show these keys")), ("j", phrase("to the next block")), ("k", phrase("to the block before")))


@dataclass(frozen=True, slots=True)
class Shortcut:
    """pressed: keys, one after the other."""

    pressed: tuple[str, ...]
    does: str


def shortcuts(visit: Visit) -> View:
    """Every shortcut, and a room's only for those who may enter the room."""
    w = visit.words
    rooms = (Shortcut(("g", e.key), w("go to {room}", room=w(e.title))) for e in NAV if e.key and visit.may(e.right))
    return View("shortcuts.html", (*(Shortcut((key,), w(does)) for key, does in ANYWHERE), *rooms), "shortcuts")


PAGES = (Page("/shortcuts", "member", shortcuts, "/shortcuts"),)
FORMS = ()
