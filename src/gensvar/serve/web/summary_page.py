"""In short: what the voices of a selection say, as quotes that stand for many; where the house has a language model, also in its checked words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.language import phrase, translator
from gensvar.serve.desks import summary as desk
from gensvar.serve.desks.sampled import Part
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.llm import NEXT
from gensvar.serve.seen import told
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit
from gensvar.serve.web.voice_views import AUDIENCE_NAMES, Piece, pieces
from gensvar.serve.web.voices_page import checked_query, voice_query
from gensvar.serve.web.words import Words

LISTING = frozenset({"after", "unnamed", "sort", "said", "by", "like"})
IN_ENGLISH = {"sv": "Swedish", "nb": "Norwegian (bokmål)", "da": "Danish", "fi": "Finnish", "en": "English"}
WHY_DROPPED = {
    "cites nothing": phrase("rest on no voice"),
    "cites what was not sent": phrase("point at voices that were not sent"),
    "rests on one voice": phrase("rest on one voice alone"),
    "number": phrase("hold a number that does not follow from the voices"),
    "quotation": phrase("quote what nobody wrote"),
    "link": phrase("hold a link or code"),
    "too long": phrase("are too long or too many"),
}
TROUBLE = {
    "too few": phrase("There are too few texts for a model to sum up."),
    "no form": phrase("What the model answered was not in the form that was asked for, so nothing of it is shown."),
}


@dataclass(frozen=True, slots=True)
class QuoteView:
    """says: how many say something like it, with the interval; low, high, value: in per cent, for the bar; moods: the tones of those."""

    pieces: tuple[Piece, ...]
    language: str
    says: str
    value: float
    low: float
    high: float
    moods: str
    by: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class LanguageView:
    title: str
    code: str
    says: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class CitedView:
    text: str
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherWords:
    """The model's part of the page. offer: what would be sent, as a sentence; sentences: what it wrote and may stand; dropped: what may not."""

    offer: str = ""
    sentences: tuple[CitedView, ...] = ()
    wrote: str = ""
    dropped: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """why: why there is no summary; empty where there is one. found: the numbers behind, for the twin."""

    headline: str
    lead: str
    why: str
    notes: tuple[str, ...]
    languages: tuple[LanguageView, ...]
    other: OtherWords
    voices: str
    action: str
    released: str
    found: desk.InShort


def page(visit: Visit) -> View:
    """The selection in short."""
    given, query = _asked(visit)
    found = _kept(visit, given, query)
    sent = desk.outgoing(visit.house, visit.scope, query)
    other = OtherWords(_offer(sent, visit.words)) if sent else OtherWords()
    return View("summary.html", _page(visit, given, found, other), "voices")


def told_by_model(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """The same with what the model wrote, asked for by the reader just now."""
    given, query = _asked(visit)

    def note(sent: desk.Outgoing) -> None:
        visit.noted("send voices to a model", "/voices/summary", **told(given), host=sent.host, model=sent.model, texts=sent.texts)

    found = desk.in_other_words(visit.house, visit.scope, query, IN_ENGLISH[visit.words.language], note)
    return visit.page(View("summary.html", _page(visit, given, _kept(visit, given, query), _other(found, visit.words)), "voices"))


def _asked(visit: Visit) -> tuple[dict[str, str], VoiceQuery]:
    given = {name: value for name, value in checked_query(visit.query).items() if name not in LISTING}
    return given, voice_query(given, visit.desk.today(), reads_text=visit.scope.free_text)


def _kept(visit: Visit, given: Mapping[str, str], query: VoiceQuery) -> desk.InShort:
    key = ("in short", tuple(sorted(given.items())))
    return visit.desk.kept(key, lambda: desk.in_short(visit.house, visit.scope, query))


def _page(visit: Visit, given: Mapping[str, str], found: desk.InShort, other: OtherWords) -> SummaryPage:
    w, text = visit.words, urlencode(given)
    rest = f"?{text}" if text else ""
    quotes = sum(len(part.quotes) for part in found.languages)
    return SummaryPage(
        headline=w.many("One text in short", "{n} texts in short", found.total) if not found.about else w("About {n} texts", n=w.number(found.total)),
        lead=_lead(found, quotes, w),
        why="" if quotes else _why(found, w),
        notes=tuple(_notes(found, w)),
        languages=tuple(_language(part, visit) for part in found.languages),
        other=other,
        voices=f"/voices{rest}",
        action=f"/voices/summary{rest}",
        released=f"/voices?audience={found.apart[0]}&period=all" if found.apart else "",
        found=found,
    )


def share_text(part: Part, w: Words) -> str:
    """A share with its interval: 12 % (8–17)."""
    t = translator(w.language)
    digits = 1 if part.high < 0.05 else 0
    low, high = (t.number(100 * x, digits) for x in (part.low, part.high))
    return f"{t.percent(part.share, digits)} ({low}–{high})"


def _lead(found: desk.InShort, quotes: int, w: Words) -> str:
    if not quotes or found.covered is None:
        return ""
    return w.many(
        "One sentence, as it was written, stands for {share} of the texts that were read.",
        "{n} sentences, as they were written, stand for {share} of the texts that were read.",
        quotes,
        share=share_text(found.covered, w),
    )


def _why(found: desk.InShort, w: Words) -> str:
    if not found.total:
        return w("Nobody has written anything here.")
    if found.read < found.least:
        return w("There are too few texts to sum up: it takes {n} in one language. Reading them is quicker.", n=w.number(found.least))
    return w("These texts have too little in common: no sentence stands for more than the one who wrote it.")


def _notes(found: desk.InShort, w: Words) -> list[str]:
    said = []
    if found.read < found.total:
        said.append(w("{n} of them were read, drawn by a lot that falls the same each time.", n=w.number(found.read)))
    if found.left_out and found.languages:
        more = "{n} texts are left out: there are too few in their language, or they say nothing in words."
        said.append(w.many("One text is left out: there are too few in its language, or it says nothing in words.", more, found.left_out))
    if found.apart:
        names = ", ".join(w(AUDIENCE_NAMES[a]) for a in found.apart)
        said.append(w("What these wrote is not among them, since they are protected: {audiences}.", audiences=names))
    return said


def _language(part: desk.InLanguage, visit: Visit) -> LanguageView:
    w = visit.words
    title = w.value("language", part.language) if part.language else w("A language that was not recognised")
    says = w("{n} texts, {share} stood for", n=w.number(part.texts), share=share_text(part.covered, w))
    return LanguageView(title[:1].upper() + title[1:], part.language, says, tuple(_quote(q, visit) for q in part.quotes))


def _quote(q: desk.Quoted, visit: Visit) -> QuoteView:
    w = visit.words
    says = w("{k} of {n} say something like this: {share}", k=w.number(q.like.k), n=w.number(q.like.n), share=share_text(q.like, w))
    by = (w.day(q.day), *(w.value(d, value) for d, value in q.dims.items() if d in {"market", "channel", "touchpoint"}))
    value, low, high = (round(100 * x, 1) for x in (q.like.share, q.like.low, q.like.high))
    parts = tuple(pieces(q.text, left_out=visit.left_out))
    return QuoteView(parts, q.language, says, value, low, high, moods_text(q.tones, w), by, f"/voices/{q.id}")


def moods_text(tones: Mapping[str, int], w: Words) -> str:
    """How many of some texts are of each tone; empty where none was read."""
    said = ((phrase("{n} positive"), "positive"), (phrase("{n} neither"), "neither"), (phrase("{n} negative"), "negative"))
    return ", ".join(w(text, n=w.number(tones[name])) for text, name in said if tones.get(name))


def _offer(sent: desk.Outgoing, w: Words) -> str:
    return w(
        "{n} of these texts, redacted, about {signs} signs together, can be sent to {host}, where the model {model} writes sentences about them.",
        n=w.number(sent.texts), signs=w.number(round(sent.signs, -2)), host=sent.host, model=sent.model,
    )  # fmt: skip


def _other(found: desk.InOtherWords, w: Words) -> OtherWords:
    dropped = tuple(
        w.many("One sentence was left out, of those that {why}.", "{n} sentences were left out: they {why}.", n, why=w(WHY_DROPPED[why]))
        for why, n in found.dropped.items()
    )
    trouble = trouble_said(found, w)
    if not found.sentences and not trouble:
        trouble = w("Nothing that the model wrote follows from the voices, so nothing of it is shown.")
    wrote = w(
        "Written by {model} at {host} from {n} texts. Each sentence cites its voices, and was checked against them.",
        model=found.sent.model, host=found.sent.host, n=w.number(found.sent.texts),
    )  # fmt: skip
    cited = tuple(CitedView(one.text, tuple(f"/voices/{v}" for v in one.voices)) for one in found.sentences)
    return OtherWords("", cited, wrote if cited or dropped else "", dropped, trouble)


def trouble_said(found: desk.InOtherWords, w: Words) -> str:
    """Why there is nothing at all, in the reader's language."""
    if found.trouble in TROUBLE or not found.trouble:
        return w(TROUBLE[found.trouble]) if found.trouble else ""
    return f"{w(found.trouble, **found.values)} ({found.sent.host}). {w(NEXT)}"


PAGES = (Page("/voices/summary", "voices", page, "/voices/summary?market=NO&period=all"),)
FORMS = (Form("/voices/summary", "voices", told_by_model),)
