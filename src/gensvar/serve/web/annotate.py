"""Annotations on the pages: which of them a chart shows and how, and the forms that write and remove them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.ledger import Annotation
from gensvar.measure.parse import parse_where
from gensvar.serve.desks import annotations, views
from gensvar.serve.web.asked import Asked
from gensvar.serve.web.noted import Noted
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words


@dataclass(frozen=True, slots=True)
class Notes:
    """The annotations that a reader may see. who: the reader, who may remove her own; anybodys: whether she may remove all."""

    standing: tuple[Annotation, ...] = ()
    who: str = ""
    anybodys: bool = False

    def on(self, measure: str, asked: Asked, words: Words, key: Mapping[str, str | None] | None = None) -> tuple[Noted, ...]:
        """Those that fit a chart of this measure under these filters, or of the group with this key."""
        shown = parse_where(asked.where_text) | {d: (v or "",) for d, v in (key or {}).items()}
        return tuple(self._noted(a, annotations.partly(a, shown), words) for a in self.standing if annotations.fits(a, measure, shown))

    def _noted(self, a: Annotation, where: annotations.Where, words: Words) -> Noted:
        names = [words.value(dimension, value) for dimension, values in where.items() for value in values]
        place = format_list(names, locale=words.language)
        return Noted(a.id, a.day, a.text, place, a.by, mine=self.anybodys or a.by == self.who)


NO_NOTES = Notes()


def notes_for(visit: Visit) -> Notes:
    """The annotations that this reader may see; none where the pages stand without a house."""
    if visit.pages.house is None:
        return NO_NOTES
    return Notes(annotations.standing(visit.house, visit.scope), visit.caller.who, visit.may("people.change"))


def back_of(form: FormMultiDict) -> str:
    """The page that the form stood on; BadInput where that is none of ours."""
    return views.checked_address(str(form.get("back", "/")))


def annotate(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Writes one, for this measure or for all, here or everywhere."""
    back = back_of(form)
    measure = "" if form.get("all_measures") else str(form.get("measure", ""))
    where = parse_where(str(form.get("where", ""))) if form.get("here_only") else {}
    annotations.add(visit.house, visit.scope, visit.caller.who, str(form.get("day", "")), str(form.get("text", "")), measure, where)
    return go(back)


def remove(visit: Visit, form: FormMultiDict) -> Response[Any]:
    back = back_of(form)
    annotations.remove(visit.house, visit.scope, visit.caller.who, visit.numbered("note"), anybodys=visit.may("people.change"))
    return go(back)


PAGES: tuple[Page, ...] = ()
FORMS = (
    Form("/annotations", "note", annotate),
    Form("/annotations/{note:str}/remove", "note", remove),
)
