"""Voices: what people wrote, as a list that can be searched and filtered, and the whole story of one of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa
from litestar import Response

from gensvar.contracts import AUDIENCES, DIMENSIONS, KINDS, Measures
from gensvar.hub.within import within
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.language import phrase, translator
from gensvar.measure.resolve import ASKABLE
from gensvar.serve.desks import voices as desk
from gensvar.serve.desks.unnamed import unnamed_comments
from gensvar.serve.desks.voice_nearness import MOST_RANKED
from gensvar.serve.desks.voice_query import BY_SCORE, VoiceQuery, read_voices
from gensvar.serve.desks.voice_rows import shown_audiences
from gensvar.serve.export import FORMS as ANSWER_FORMS
from gensvar.serve.export import File, as_csv, as_parquet, as_xlsx, file_name
from gensvar.serve.seen import told
from gensvar.serve.web import guard
from gensvar.serve.web.asked import PERIODS, Asked, Choice, Option, fixed_choice, where_choice
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import REASONS, reason_name, topic_names
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.voice_views import AUDIENCE_NAMES, KIND_NAMES, Piece, VoiceView, pieces, voice_view
from gensvar.serve.web.words import Words
from gensvar.text.search import Term
from gensvar.text.stems import fits

KNOWN = frozenset({*ASKABLE, "q", "measure", "score", "period", "sort", "said", "after", "unnamed", "lang", "by", "like"})
PAGE, UNNAMED, MOST_UNNAMED = 25, 20, 10_000
FIRST = ("market", "channel")
MOODS = {
    "": phrase("all voices"),
    "bad": phrase("voices with bad scores"),
    "middle": phrase("voices with middling scores"),
    "good": phrase("voices with good scores"),
}
SORTS = {
    "best": phrase("the best match first"),
    "newest": phrase("newest first"),
    "oldest": phrase("oldest first"),
    "lowest": phrase("lowest score first"),
    "highest": phrase("highest score first"),
}
BYS = {"": phrase("by words"), "meaning": phrase("by meaning"), "both": phrase("by words and meaning")}
SAID = {"": phrase("only what was written"), "all": phrase("also answers without words")}
UNREAD = {
    "starting": phrase("The encoder, which reads meaning, is just starting."),
    "failed": phrase("The encoder, which reads meaning, cannot be had just now."),
}
LANGUAGE_OPTIONS = ("sv", "nb", "da", "fi", "en")


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class UnnamedView:
    text: str
    pieces: tuple[Piece, ...]
    language: str
    month: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnnamedGroup:
    """Comments of one protected audience. next: the address of the following ones, or empty."""

    audience: str
    title: str
    voices: tuple[UnnamedView, ...]
    next: str


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """headline: how many. instead: where a protected audience is heard unnamed. reads_text: whether words may be read. wider: over all time.

    by: how words are found, where there is a choice. like: the voice that these are near to. meant_otherwise: the same search with a nearer word.
    again: this page, where it will find more in a moment. estimated: the total was counted on some days only.
    """

    headline: str
    instead: str
    total: int
    about: bool
    estimated: bool
    q: str
    reads_text: bool
    searches_long: bool
    voices: tuple[VoiceView, ...]
    unnamed: tuple[UnnamedGroup, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    next: str
    first: str
    wider: str
    filtered: bool
    address: str
    table: Mapping[str, str]
    by: Choice | None
    like: str
    meant_otherwise: Item | None
    notes: tuple[str, ...]
    again: str


# ── the list ──


def voices(visit: Visit) -> View:
    given = checked_query(visit.query)
    query = voice_query(given, visit.desk.today(), reads_text=visit.scope.free_text)
    found = desk.voices(visit.house, visit.scope, query)
    return View("voices.html", _page(visit, given, query, found), "voices")


def checked_query(query: Mapping[str, str]) -> dict[str, str]:
    """What the address asks for, without what is empty. BadInput for a name that the page does not know, with the nearest."""
    unknown = [name for name in query if name not in KNOWN]
    if unknown:
        raise BadInput(
            f"No filter {unknown[0]!r}", where="in the address", nearest=nearest(unknown[0], KNOWN), do=f"Filters: {', '.join(sorted(KNOWN))}."
        )
    return {name: value for name, value in query.items() if value and name != "lang"}


def voice_query(given: Mapping[str, str], today: date, *, reads_text: bool) -> VoiceQuery:
    """The address's question. Who may not read text sees answers without words."""
    period = given.get("period") or Asked().period
    return read_voices(
        given.get("q", ""),
        ";".join(f"{name}={given[name]}" for name in ASKABLE if name in given),
        given.get("measure", ""),
        given.get("score", ""),
        "" if period == "all" else period,
        texts=reads_text and given.get("said") != "all",
        sort=given.get("sort", ""),
        by=given.get("by", ""),
        like=given.get("like", ""),
        after=given.get("after", ""),
        limit=PAGE,
        today=today,
    )


def _page(visit: Visit, given: Mapping[str, str], query: VoiceQuery, found: desk.VoicePage) -> VoicesPage:
    w, measures = visit.words, visit.desk.measures()
    here = {name: value for name, value in given.items() if name not in {"after", "unnamed"}}
    choices = tuple(_choices(visit, measures, here, query))
    unnamed = tuple(_unnamed(visit, here, query, given.get("unnamed", "0"))) if query.after is None else ()
    speaker = visit.desk.audiences().get(query.measure.partition("@")[0], "")
    instead = f"/voices?audience={speaker}&period=all" if not found.total and speaker in desk.protected(visit.house) else ""
    return VoicesPage(
        headline=_headline(found, query, w, unnamed=bool(unnamed or instead)),
        instead=instead,
        total=found.total,
        about=found.about,
        estimated=found.about and not found.searched.cut,
        q=given.get("q", ""),
        reads_text=visit.scope.free_text,
        searches_long=bool(query.terms) and query.period is None,
        voices=tuple(voice_view(v, visit, measures, query.terms, query.measure) for v in found.voices),
        unnamed=unnamed,
        choices=choices[:6],
        more_choices=choices[6:],
        more_chosen=any(name in given for name in (*ASKABLE, "said") if name not in FIRST),
        next=_address(here, after=found.next) if found.next else "",
        first=_address(here) if query.after is not None else "",
        wider=_address(here, period="all") if query.period is not None else "",
        filtered=bool({k for k in here if k not in {"period", "sort"}}),
        address=_address(here),
        by=fixed_choice("by", phrase("how words are found"), BYS, given.get("by", ""), w) if visit.house.settings.encoder != "none" else None,
        like=query.like,
        meant_otherwise=_meant_otherwise(here, found.searched.nearest),
        notes=tuple(_notes(visit, query, found.searched)),
        again=_address(given) if found.searched.meant == "starting" else "",
        table={form: f"/voices-as/{form}{_address(here).removeprefix('/voices')}" for form in WRITERS} if visit.may("rows") else {},
    )


def _meant_otherwise(given: Mapping[str, str], nearest: str) -> Item | None:
    return Item(nearest, _address({**given, "q": nearest})) if nearest else None


def _notes(visit: Visit, query: VoiceQuery, searched: desk.Searched) -> Iterator[str]:
    """How it was searched, where that is not as one would think. How many texts are read is told to those who may see them all."""
    w = visit.words
    if searched.how == "written":
        yield w("The index of words is being made: words are found as they are written, in no other form.")
    if query.by_meaning and searched.meant == "none":
        if visit.scope.rows:
            yield w("Search by meaning needs texts that the encoder has read, and it has read none yet.")
        else:
            read, texts = desk.read_by_encoder(visit.house)
            yield w("Search by meaning needs texts that the encoder has read: {n} of {m} so far.", n=w.number(read), m=w.number(texts))
    if searched.meant in UNREAD:
        yield w(UNREAD[searched.meant])
    if searched.meant in {"none", *UNREAD} and query.terms:
        if query.by_meaning:
            yield w("So they were searched by words.")
        elif searched.meant in UNREAD:
            yield w("So they are in the order in which their words fit.")
    if query.by_meaning and searched.meant == "partly":
        yield w("The encoder has not read every text yet: some that are near in meaning may be missing.")
    if searched.cut:
        yield w("Only the best are listed: {n} of those that were looked at.", n=w.number(MOST_RANKED))


def _address(given: Mapping[str, str], **more: str) -> str:
    text = urlencode({**given, **more})
    return "/voices" + (f"?{text}" if text else "")


def _headline(found: desk.VoicePage, query: VoiceQuery, w: Words, *, unnamed: bool) -> str:
    if not found.total and unnamed:
        return w("Only voices without names")
    if not found.total:
        return w("Nobody has said anything like this.") if query.terms or query.like else w("There are no voices here.")
    if found.about:
        return w("About {n} voices", n=w.number(found.total))
    return w.many("One voice", "{n} voices", found.total)


def _choices(visit: Visit, measures: Measures, given: Mapping[str, str], query: VoiceQuery) -> Iterator[Choice]:
    """The words of the sentence, then the further filters."""
    w = visit.words
    yield fixed_choice("score", phrase("score"), MOODS, given.get("score", ""), w)
    yield _measure_choice(measures, given.get("measure", ""), w)
    asked = Asked({d: given[d] for d in DIMENSIONS if d in given})
    for d in FIRST:
        yield where_choice(d, visit.desk.dimension_values(d), asked, w)
    yield fixed_choice("period", phrase("period"), PERIODS, given.get("period") or Asked().period, w)
    yield fixed_choice("sort", phrase("order"), _sorts(query), query.sort, w)
    if visit.scope.free_text:
        yield fixed_choice("said", phrase("what is shown"), SAID, given.get("said", ""), w)
    for d in DIMENSIONS:
        if d not in FIRST:
            yield where_choice(d, visit.desk.dimension_values(d), asked, w)
    yield from _other_choices(visit, given)


def _sorts(query: VoiceQuery) -> dict[str, str]:
    """The orders that there are for what is asked; the best match only where words or a voice say what fits."""
    return {
        k: t
        for k, t in SORTS.items()
        if not (k in BY_SCORE and (not query.measure or query.by_meaning)) and not (k == "best" and not query.terms and not query.by_meaning)
    }


def _measure_choice(measures: Measures, now: str, w: Words) -> Choice:
    newest = {m.id: m for m in sorted(measures, key=lambda m: m.version)}
    named = sorted(((key, m.title(w.language)) for key, m in newest.items()), key=lambda pair: pair[1].casefold())
    if now and now not in newest:
        named.append((now, now))
    options = (Option("", w("every subject"), not now), *(Option(key, title, key == now) for key, title in named))
    return Choice("measure", w("measure"), options)


def _other_choices(visit: Visit, given: Mapping[str, str]) -> Iterator[Choice]:
    w = visit.words
    lists = {
        "kind": (phrase("kind"), phrase("every kind"), {k: w(KIND_NAMES[k]) for k in KINDS}),
        "audience": (phrase("audience"), phrase("everybody"), {a: w(AUDIENCE_NAMES[a]) for a in AUDIENCES}),
        "language": (phrase("language"), phrase("every language"), {c: w.value("language", c) for c in LANGUAGE_OPTIONS}),
        "source": (phrase("source"), phrase("every source"), {s: s for s in _sources(visit)}),
        "topic": (phrase("topic"), phrase("every topic"), topic_names(visit.house.ledger.taxonomies.current(), w)),
        "reason": (phrase("reason"), phrase("every reason"), {name: reason_name(name, w) for name in REASONS}),
    }
    for name, (label, everything, named) in lists.items():
        now = given.get(name, "")
        kept = {**named, **({now: now} if now and now not in named else {})}
        yield Choice(
            name, w(label), (Option("", w(everything), not now), *(Option(quote(v) if name == "source" else v, t, v == now) for v, t in kept.items()))
        )


def _sources(visit: Visit) -> list[str]:
    """The sources whose rows the reader may see, where a cube tells it; none otherwise."""
    engine = visit.house.engine.cubes()
    cube = engine.table("daily_source")
    if not set(visit.scope.rows) <= set(cube.columns):
        return []
    rows = within(cube, visit.scope)
    shown = rows.filter(rows.audience.isin(shown_audiences(visit.scope, desk.protected(visit.house))))
    return sorted(engine.run(shown.select("source").distinct())["source"].to_pylist())


# ── protected audiences ──


def _unnamed(visit: Visit, given: Mapping[str, str], query: VoiceQuery, start: str) -> Iterator[UnnamedGroup]:
    """What protected audiences wrote, without names. Not where the question is of a measure, a source or a kind: these say more than may be told."""
    where = {name: values for name, values in query.where.items() if name != "audience"}
    if query.by_meaning or query.measure or query.score is not None or any(name not in DIMENSIONS for name in where):
        return
    began = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    found = unnamed_comments(visit.house, visit.scope, where, query.period, "", MOST_UNNAMED)
    asked = query.where.get("audience", ())
    for audience in sorted({u.audience for u in found} & (set(asked) or {u.audience for u in found})):
        theirs = [u for u in found if u.audience == audience and fits(u.text, u.language, query.terms)]
        if shown := theirs[began : began + UNNAMED]:
            following = _address(given, unnamed=str(began + UNNAMED)) if len(theirs) > began + UNNAMED else ""
            title = visit.words("Written by {audience}, unnamed", audience=visit.words(AUDIENCE_NAMES.get(audience, audience)))
            yield UnnamedGroup(
                audience, title, tuple(_unnamed_view(u.text, u.language, u.month, u.dims, visit, query.terms) for u in shown), following
            )


def _unnamed_view(text: str, language: str, month: date, dims: Mapping[str, str], visit: Visit, wanted: Sequence[Term]) -> UnnamedView:
    where = tuple(visit.words.value(d, v) for d, v in dims.items() if d in DIMENSIONS)
    parts = tuple(pieces(text, wanted, language, visit.left_out))
    return UnnamedView(text, parts, language, translator(visit.words.language).month(month), where)


# ── a file to take along ──


def taken_along(visit: Visit) -> Response[Any]:
    """Every voice that the address asks for, as a file of this form."""
    form = visit.named("form")
    if form not in WRITERS:
        raise NotFound(f"No form {form!r}", nearest=nearest(form, WRITERS), do=f"Forms: {', '.join(WRITERS)}.")
    given = checked_query(visit.query)
    kind, write = WRITERS[form]
    query = voice_query(given, visit.desk.today(), reads_text=visit.scope.free_text)
    visit.noted("export voices", visit.request.url.path, **told(given))
    file = File(
        file_name(["voices", given.get("measure", ""), given.get("period", "")], form),
        kind,
        write(desk.voices_table(visit.house, visit.scope, query)),
    )
    return Response(file.body, media_type=file.type, headers=guard.HEADERS | file.headers())


WRITERS: Mapping[str, tuple[str, Callable[[pa.Table], bytes]]] = {
    "csv": (ANSWER_FORMS["csv"].type, as_csv),
    "xlsx": (ANSWER_FORMS["xlsx"].type, lambda table: as_xlsx({"voices": table})),
    "parquet": (ANSWER_FORMS["parquet"].type, lambda table: as_parquet(table, {"about": "voices"})),
}
PAGES = (
    Page("/voices", "voices", voices, "/voices?market=NO&period=all"),
    Page("/voices-as/{form:str}", "rows", taken_along),
)
FORMS = ()
