"""One voice as pages show it: its text in parts, its scores on their scales, when and where it was said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from gensvar.contracts import Measures
from gensvar.kit.language import phrase
from gensvar.measure.moods import Mood
from gensvar.serve.desks import voices as desk
from gensvar.serve.web.figures import moment
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.words import Words
from gensvar.text.redact import placeholders
from gensvar.text.search import Term, spans
from gensvar.text.stems import stem_spans

MOST_SCORES, CUT = 3, 700
LEFT_OUT = placeholders()
AUDIENCE_NAMES = {
    "customer": phrase("customers"),
    "employee": phrase("employees"), "partner": phrase("partners"), "owner": phrase("owners"), "public": phrase("the public"),
}  # fmt: skip
KIND_NAMES = {
    "survey": phrase("survey answer"), "review": phrase("review"), "complaint": phrase("complaint"), "praise": phrase("praise"),
    "question": phrase("question"), "request": phrase("request"), "return": phrase("return"), "cancellation": phrase("cancellation"),
    "call": phrase("call"), "chat": phrase("chat"), "ticket": phrase("ticket"), "pulse": phrase("pulse answer"), "idea": phrase("idea"),
    "other": phrase("other"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. kind: hit (searched for), left_out (a placeholder for what was not kept), or empty."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """says: the score on its scale, as “2 of 5”. place: 0…100 along the scale, or None where the measure is unknown. href: the measure's page."""

    title: str
    says: str
    place: float | None
    mood: Mood | None
    href: str


@dataclass(frozen=True, slots=True)
class VoiceView:
    """language: BCP-47, empty where it is unknown. pieces: the text in parts; empty where nothing was written. cut: there is more of it.

    like: the address of those near to it in meaning, or empty.
    """

    id: str
    href: str
    text: str
    pieces: tuple[Piece, ...]
    cut: bool
    language: str
    when: str
    at: str
    where: tuple[str, ...]
    kind: str
    source: str
    scores: tuple[ScoreView, ...]
    more_scores: int
    choice: str
    like: str


def voice_view(v: desk.Voice, visit: Visit, measures: Measures, wanted: Sequence[Term] = (), measure: str = "", *, whole: bool = False) -> VoiceView:
    """A voice in the reader's words. measures: all in force, asked for once by the page. measure: the one asked for, whose score comes first.

    whole: nothing of it is cut.
    """
    w, text = visit.words, v.text or ""
    scores = sorted(v.scores, key=lambda s: s.measure.partition("@")[0] != measure.partition("@")[0]) if measure else list(v.scores)
    shown = scores if whole else scores[:MOST_SCORES]
    return VoiceView(
        id=v.id,
        href=f"/voices/{v.id}",
        text=text,
        pieces=tuple(pieces(text if whole or len(text) <= CUT else text[:CUT].rstrip() + "…", wanted, v.language, visit.left_out)),
        cut=not whole and len(text) > CUT,
        language=v.language or "",
        when=moment(v.occurred_at, w.language, visit.reader.zone),
        at=v.occurred_at.isoformat(),
        where=tuple(w.value(d, value) for d, value in v.dims.items()),
        kind=w(KIND_NAMES[v.kind]) if v.kind in KIND_NAMES else v.kind,
        source=v.source,
        scores=tuple(_score(s, measures, w) for s in shown),
        more_scores=len(scores) - len(shown),
        choice=v.choice or "",
        like=f"/voices?like={v.id}&period=all" if v.text and visit.house.settings.encoder != "none" else "",
    )


def _score(s: desk.Score, measures: Measures, w: Words) -> ScoreView:
    value = w.number(s.value, 0 if s.value == round(s.value) else 1)
    if s.low is None or s.high is None or s.measure not in measures:
        return ScoreView(s.measure, value, None, None, "")
    place = min(max((s.value - s.low) / (s.high - s.low), 0.0), 1.0)
    m = measures.get(s.measure)
    said = w("{score} of {most}", score=value, most=w.number(s.high, 0 if s.high == round(s.high) else 1))
    return ScoreView(m.title(w.language), said, round(100 * place, 1), s.mood, f"/measures/{quote(m.id)}")


def pieces(text: str, wanted: Sequence[Term] = (), language: str | None = None, left_out: re.Pattern[str] = LEFT_OUT) -> Iterator[Piece]:
    """The text in parts: what was searched for, and placeholders for what was left out before it was stored."""
    marked = [(a, b, "left_out") for a, b in (m.span() for m in left_out.finditer(text))]
    marked += [(a, b, "hit") for a, b in spans(text, wanted) if not any(a < end and start < b for start, end, _ in marked)]
    marked += [(a, b, "hit") for a, b in stem_spans(text, language, wanted) if not any(a < end and start < b for start, end, _ in marked)]
    at = 0
    for start, end, kind in sorted(marked):
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], kind)
        at = end
    if at < len(text):
        yield Piece(text[at:])
