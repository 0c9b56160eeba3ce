"""Words: what the organisation wants to be known by against what people say, and what was expected against what was delivered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.contracts import DIMENSIONS
from gensvar.kit.language import phrase, translator
from gensvar.measure.wordings import MATTERS
from gensvar.serve.desks import needs as needs_desk
from gensvar.serve.desks import wordings as desk
from gensvar.serve.desks.sampled import Tone
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.wordings import Gained, Told, Use
from gensvar.serve.web.asked import PERIODS, Asked, Choice, fixed_choice, where_choice
from gensvar.serve.web.render import View
from gensvar.serve.web.summary_page import LISTING, share_text
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.voice_views import AUDIENCE_NAMES
from gensvar.serve.web.voices_page import checked_query, voice_query
from gensvar.serve.web.words import MARK_NAMES, MARKS, Mark, Words
from gensvar.text.stems import ALGORITHMS

PERIOD = "last 12 months"
CUTS = {
    "market": phrase("by market"), "segment": phrase("by segment"), "channel": phrase("by channel"), "product": phrase("by product"),
    "period": phrase("against the period before"),
}  # fmt: skip
MOST_MARKETS, MOST_TOLD = 8, 8
SPARK_WIDTH, SPARK_HEIGHT = 96, 18


@dataclass(frozen=True, slots=True)
class UseView:
    """One word. value, low, high: per cent of the length of the longest bar. spark: its months as points of a line, or empty. tone: in words."""

    id: int
    word: str
    also: str
    says: str
    value: float
    low: float
    high: float
    mark: Mark
    mark_name: str
    moved: str
    tone: str
    spark: str
    markets: str
    voices: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """title: the group; why: why nothing is said of it, or empty."""

    title: str
    words: tuple[UseView, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LanguageView:
    title: str
    code: str
    sentence: str
    wanted: tuple[UseView, ...]
    used: tuple[UseView, ...]
    told: tuple[ToldView, ...]


@dataclass(frozen=True, slots=True)
class GainedView:
    group: str
    says: str
    visible: bool


@dataclass(frozen=True, slots=True)
class AgainstView:
    title: str
    sentence: str
    groups: tuple[GainedView, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted word as it may be removed."""

    id: int
    language: str
    word: str
    also: str


@dataclass(frozen=True, slots=True)
class WordsPage:
    """why: why there is no picture. against: pairs that were asked; told: what was written of expectations where none was."""

    headline: str
    why: str
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    languages: tuple[LanguageView, ...]
    against: tuple[AgainstView, ...]
    told: str
    told_href: str
    wanted: tuple[Wanted, ...]
    codes: tuple[tuple[str, str], ...]
    found: desk.Gap


def page(visit: Visit) -> View:
    """What is wanted against what is said."""
    query = dict(visit.query)
    by = query.pop("by", "") or "market"
    given = {"period": PERIOD, **{k: v for k, v in checked_query(query).items() if k not in LISTING}}
    asked = voice_query(given, visit.desk.today(), reads_text=visit.scope.free_text)
    wanted = visit.house.ledger.wanted_words.standing()
    key = ("words", by, tuple(sorted(given.items())), tuple((w.id, w.language, w.phrases) for w in wanted))
    found = visit.desk.kept(key, lambda: desk.gap(visit.house, visit.scope, asked, by, wanted))
    return View("wordings.html", _page(visit, given, asked, found), "words")


def _page(visit: Visit, given: Mapping[str, str], asked: VoiceQuery, found: desk.Gap) -> WordsPage:
    w = visit.words
    languages = tuple(_language(part, found, given, w) for part in found.languages)
    wanted = tuple(Wanted(x.id, x.language, x.word, ", ".join(x.also)) for x in visit.house.ledger.wanted_words.standing())
    told, href = _expectations(visit, given, asked)
    return WordsPage(
        headline=_headline(found, w),
        why=_why(found, w),
        notes=tuple(_notes(found, w)),
        choices=tuple(_choices(visit, given, found.by)),
        languages=languages,
        against=tuple(_against(one, w) for one in _pairs(visit, asked) if one.whole.n),
        told=told,
        told_href=href,
        wanted=wanted,
        codes=tuple((code, _title(code, w)) for code in ALGORITHMS),
        found=found,
    )


def _pairs(visit: Visit, asked: VoiceQuery) -> Iterator[desk.Against]:
    return (desk.against(visit.house, visit.scope, asked, *pair) for pair in desk.askable(visit.desk.measures()))


def _headline(found: desk.Gap, w: Words) -> str:
    if not found.unread and not any(part.wanted for part in found.languages):
        return w("What people say of us, word by word")
    uses = [u for part in found.languages for u in part.wanted]
    heard = sum(u.part.share >= MATTERS for u in uses)
    return w("{n} of {m} words that we want to be known by are heard", n=w.number(heard), m=w.number(len(uses) + len(found.unread)))


def _why(found: desk.Gap, w: Words) -> str:
    if found.languages:
        return ""
    return w.many(
        "There is one text here; it takes {least} in one language.", "There are {n} texts here; it takes {least} in one language.", found.total,
        least=w.number(found.least),
    )  # fmt: skip


def _notes(found: desk.Gap, w: Words) -> Iterator[str]:
    if found.read < found.total:
        yield w("{n} of {m} texts were read, drawn by a lot that falls the same each time.", n=w.number(found.read), m=w.number(found.total))
    if found.unread:
        words = ", ".join(x.word for x in found.unread)
        yield w("Too little is written in their language to say anything of: {words}.", words=words)
    if found.apart:
        names = ", ".join(w(AUDIENCE_NAMES[a]) for a in found.apart)
        yield w("What these wrote is not among them, since they are protected: {audiences}.", audiences=names)


def _choices(visit: Visit, given: Mapping[str, str], by: str) -> Iterator[Choice]:
    w = visit.words
    asked = Asked({d: given[d] for d in DIMENSIONS if d in given})
    yield where_choice("market", visit.desk.dimension_values("market"), asked, w)
    yield fixed_choice("period", phrase("period"), PERIODS, given["period"], w)
    yield fixed_choice("by", phrase("cut by"), CUTS, by, w)


def _title(code: str, w: Words) -> str:
    title = w.value("language", code)
    return title[:1].upper() + title[1:]


def _language(part: desk.InLanguage, found: desk.Gap, given: Mapping[str, str], w: Words) -> LanguageView:
    longest = max((u.part.high for u in (*part.wanted, *part.used)), default=1.0) or 1.0
    seen = [_use(u, part.language, longest, given, w) for u in (*part.wanted, *part.used)]
    told = tuple(_told(t, part.language, found, given, w) for t in part.told[:MOST_TOLD])
    n = len(part.wanted)
    return LanguageView(_title(part.language, w), part.language, _sentence(part, w), tuple(seen[:n]), tuple(seen[n:]), told)


def _sentence(part: desk.InLanguage, w: Words) -> str:
    most = part.used[0] if part.used else None
    if part.wanted and most:
        best = part.wanted[0]
        return w(
            "Of {n} texts, {share} say “{word}”; what is said most is “{other}”, in {more}.",
            n=w.number(part.texts), word=best.word, share=share_text(best.part, w), other=most.word, more=share_text(most.part, w),
        )  # fmt: skip
    return w("{n} texts in this language", n=w.number(part.texts))


def _use(u: Use, language: str, longest: float, given: Mapping[str, str], w: Words) -> UseView:
    value, low, high = (round(100 * x / longest, 1) for x in (u.part.share, u.part.low, u.part.high))
    mark = MARKS[u.moved.move] if u.then else "none"
    moved = w("was {share}", share=share_text(u.then, w)) if u.then else ""
    top = sorted(u.markets.items(), key=lambda pair: (-pair[1].share, pair[0]))[:MOST_MARKETS]
    markets = "; ".join(f"{w.value('market', m)} {share_text(p, w)}" for m, p in top) if len(top) > 1 else ""
    address = urlencode({**given, "q": u.word, "language": language})
    return UseView(
        u.id, u.word, ", ".join(u.also), share_text(u.part, w), value, low, high, mark, w(MARK_NAMES[mark]), moved, tone_text(u.tone, w),
        _spark([p.share for p in u.months.values()]), markets, f"/voices?{address}",
    )  # fmt: skip


def tone_text(tone: Tone | None, w: Words) -> str:
    """The tone of some texts: tone −0.42 (−0.51 to −0.33)."""
    if tone is None:
        return ""
    t = translator(w.language)
    value, low, high = (t.number(x, 2) for x in (tone.value, tone.low, tone.high))
    return w("tone {value} ({low} to {high})", value=value, low=low, high=high)


def _spark(shares: Sequence[float]) -> str:
    """The months as the points of an SVG line; empty for fewer than three."""
    if len(shares) < 3:
        return ""
    top = max(shares) or 1.0
    step = SPARK_WIDTH / (len(shares) - 1)
    return " ".join(f"{i * step:.1f},{SPARK_HEIGHT - 2 - share / top * (SPARK_HEIGHT - 4):.1f}" for i, share in enumerate(shares))


def _told(t: Told, language: str, found: desk.Gap, given: Mapping[str, str], w: Words) -> ToldView:
    title = w("this period") if found.by == "period" else w.value(found.by, t.group)
    narrower = given if found.by == "period" else {**given, found.by: t.group}
    if t.words is None:
        why = w("Too few texts here, or elsewhere in this language: it takes {n} on each side.", n=w.number(found.least_group))
        return ToldView(title, (), why)
    views = tuple(_use(replace(u, months={}), language, 1.0, narrower, w) for u in t.words)
    return ToldView(title, views, "" if views else w("No word tells these texts from the rest."))


def _against(found: desk.Against, w: Words) -> AgainstView:
    title = w("{delivered} against {expected}", delivered=found.delivered.title(w.language), expected=found.expected.title(w.language))
    return AgainstView(
        title, _gain_sentence(found, w), tuple(GainedView(w.value("market", g.group), _gain(g, w), _visible(g)) for g in found.markets)
    )


def _visible(g: Gained) -> bool:
    return g.low is not None and g.high is not None and (g.low > 0 or g.high < 0)


def _gain_sentence(found: desk.Against, w: Words) -> str:
    g = found.whole
    if g.value is None:
        return w("{n} people answered both; {least} are needed.", n=w.number(g.n), least=w.number(found.least))
    if not _visible(g):
        return w("What was delivered was about what was expected: {gain}.", gain=_gain(g, w))
    more = (g.value > 0) == (found.delivered.better == "up")
    text = phrase("More was delivered than expected: {gain}.") if more else phrase("Less was delivered than expected: {gain}.")
    return w(text, gain=_gain(g, w))


def _gain(g: Gained, w: Words) -> str:
    if g.value is None or g.low is None or g.high is None:
        return w.many("{n} pair: too few", "{n} pairs: too few", g.n)
    t = translator(w.language)
    value, low, high = (f"{'+' if x > 0 else ''}{t.number(x, 2)}" for x in (g.value, g.low, g.high))
    return w("{value} ({low} to {high}, {n} pairs)", value=value, low=low, high=high, n=w.number(g.n))


def _expectations(visit: Visit, given: Mapping[str, str], asked: VoiceQuery) -> tuple[str, str]:
    """What was written of expectations: how many, in which tone, and where to read it."""
    w = visit.words
    key = ("expectations", tuple(sorted(given.items())))
    part, tone = visit.desk.kept(key, lambda: needs_desk.marked(visit.house, visit.scope, asked, "expectation"))
    if part is None or not part.k:
        return w("Nobody writes of what they had expected, as far as texts have been read."), ""
    text = w("{k} of {n} texts speak of what was expected: {share}.", k=w.number(part.k), n=w.number(part.n), share=share_text(part, w))
    address = urlencode({**given, "mark": "expectation"})
    return " · ".join(part for part in (text, tone_text(tone, w)) if part), f"/needs?{address}"


# ── forms ──


def add(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps a wanted word."""
    word = desk.add_word(visit.house, str(form.get("language", "")), str(form.get("word", "")), str(form.get("also", "")), visit.caller.who)
    visit.noted("add wanted word", word)
    return go("/words")


def remove(visit: Visit, _: FormMultiDict) -> Response[Any]:
    visit.noted("remove wanted word", visit.house.ledger.wanted_words.remove(visit.numbered("word")))
    return go("/words")


PAGES = (Page("/words", "voices", page, "/words?period=all"),)
FORMS = (Form("/words", "topics.change", add), Form("/words/{word:str}/remove", "topics.change", remove))
