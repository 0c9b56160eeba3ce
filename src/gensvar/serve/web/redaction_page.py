"""Redaction: what is taken out of texts before they are kept, the house's own patterns, and a box to try it; and one text as it was written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput, Conflict, NotAllowed
from gensvar.ledger import Pattern
from gensvar.redaction import original, redactor_of
from gensvar.serve.desks import voices
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.text.redact import KINDS, PUT, SAID, checked
from gensvar.text.redact.own import LONGEST_NAME, LONGEST_PATTERN, MOST

LONGEST_TRIED = 10_000


@dataclass(frozen=True, slots=True)
class KindRow:
    """put: what stands in a text afterwards, in the reader's language."""

    title: str
    put: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A text that was tried: as it was given, in which language, and as it would be kept."""

    text: str
    language: str
    redacted: str


@dataclass(frozen=True, slots=True)
class RedactionPage:
    """days: how long texts are kept as they were written."""

    kinds: tuple[KindRow, ...]
    patterns: tuple[Pattern, ...]
    languages: tuple[str, ...]
    days: int
    longest_name: int = LONGEST_NAME
    longest_pattern: int = LONGEST_PATTERN
    longest_tried: int = LONGEST_TRIED
    tried: Tried | None = None


def page(visit: Visit) -> View:
    return _view(visit)


def _view(visit: Visit, tried: Tried | None = None) -> View:
    w, ledger = visit.words, visit.house.ledger
    put = PUT.get(w.language, PUT["en"])
    kinds = tuple(KindRow(w(SAID[kind]), put[kind]) for kind in KINDS)
    days = visit.house.settings.originals_days
    return View(
        "redaction.html",
        RedactionPage(kinds, tuple(ledger.patterns.standing()), tuple(PUT), days, tried=tried),
        "redaction",
        asked_for=tried is None,
    )


def try_it(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A text as it would be kept. It is written nowhere."""
    text, language = str(form.get("text", ""))[:LONGEST_TRIED], str(form.get("language", ""))
    if language and language not in PUT:
        raise BadInput(f"No words in language {language[:20]!r}", do=f"Languages: {', '.join(PUT)}.")
    tried = Tried(text, language, redactor_of(visit.house).text(text, language or None))
    return visit.page(_view(visit, tried))


def add_pattern(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """One more pattern, for what comes in from now on."""
    one, ledger = checked(str(form.get("name", "")), str(form.get("pattern", ""))), visit.house.ledger
    standing = ledger.patterns.standing()
    if len(standing) >= MOST:
        raise Conflict(f"There are {MOST} patterns already", do="Remove one that is not needed any more.")
    if any(p.name.casefold() == one.name.casefold() for p in standing):
        raise Conflict(f"A pattern is called {one.name!r} already", do="Remove it first, or choose another name.")
    number = ledger.patterns.add(one.name, one.pattern, visit.caller.who)
    visit.noted("add pattern", one.name, pattern=number)
    return go("/redaction")


def remove_pattern(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """What it took out stays out; from now on it takes out nothing."""
    number = visit.numbered("pattern")
    name = visit.house.ledger.patterns.remove(number)
    visit.noted("remove pattern", name, pattern=number)
    return go("/redaction")


# ── one text as it was written ──


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """text: as it was written; until: when it is forgotten; href: of the voice."""

    text: str
    until: datetime
    href: str


def show_original(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """The text as it was written, to a reader who may take rows along and read text; who asked is written down before it is looked up."""
    if not visit.scope.free_text:
        raise NotAllowed("What people wrote is not yours to read", do="Ask whoever decides over rights for the right to read text.")
    voice = voices.voice(visit.house, visit.scope, visit.named("voice")).voice
    visit.noted("read original", voice.id)
    row = UUID(voice.id).bytes
    text = original(visit.house, row)
    until = visit.house.ledger.originals.there(row) or visit.house.clock.now()
    return visit.page(View("original.html", OriginalPage(text, until, f"/voices/{voice.id}"), "voices", asked_for=False))


PAGES = (Page("/redaction", "sources", page, "/redaction"),)
FORMS = (
    Form("/redaction/try", "sources", try_it),
    Form("/redaction/patterns", "topics.change", add_pattern),
    Form("/redaction/patterns/{pattern:str}/remove", "topics.change", remove_pattern),
    Form("/voices/{voice:str}/original", "rows", show_original),
)
