"""Themes as a reader may see them: counted and quoted from the rows within her scope, as they stand in the hub now; one without any is not there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import ibis
import pyarrow as pa

from gensvar import theming
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound
from gensvar.kit.scope import Scope
from gensvar.ledger.themes import Theme, ThemeRun, ThemeState
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.taxonomy import Change, put_in_force
from gensvar.serve.desks.voices import protected
from gensvar.serve.working import Asked, Work, latest
from gensvar.serve.working import Told as Telling
from gensvar.stats import Share
from gensvar.text.stems import folded_word
from gensvar.text.themes import Search, search

LOOKING: Final = Work("themes", "look for themes", "Themes are being looked for already")
QUOTES, EXAMPLES, LONGEST_NAME = 3, 15, 60
OUTSIDE: Final = 0.5  # share of a theme's texts without a topic, from which on no topic holds it
PART: Final = 0.6  # share of a theme's texts with the same topic, from which on it is a part of that topic
ORDER: Final[Mapping[ThemeState, int]] = {"new": 0, "growing": 1, "steady": 2, "fading": 3, "gone": 4}
COLUMNS: Final = ("id", "text", "language", "occurred_at", "market", "sentiment")


@dataclass(frozen=True, slots=True)
class Quote:
    """What one person wrote, sign by sign."""

    id: str
    text: str
    language: str
    at: datetime
    market: str


@dataclass(frozen=True, slots=True)
class Told:
    """One theme. name: what a person called it, or empty; words: language → its telling words.

    state, now, then: of the whole house, and only for readers whose scope it is; else None. weeks: Monday → texts. tone: mean, −1…1, of `toned`.
    within: the topic that it is a part of, or empty; outside: whether most of its texts have no topic. topic: the one that it was made.
    """

    id: str
    name: str
    words: Mapping[str, tuple[str, ...]]
    state: ThemeState | None
    now: Share | None
    then: Share | None
    q: float | None
    texts: int
    weeks: Mapping[date, int]
    languages: tuple[tuple[str, int], ...]
    markets: tuple[tuple[str, int], ...]
    tone: float | None
    toned: int
    quotes: tuple[Quote, ...]
    outside: bool
    within: str
    held: float
    found_at: datetime
    seen_at: datetime
    hidden: bool
    topic: str


@dataclass(frozen=True, slots=True)
class Themes:
    """told: those that the reader may see, new and growing first. run: the last search that was made; refused: a later one that could not be.

    whole: whether she sees the whole house. asked: the last search as work. left_out: audiences that no theme is made of.
    """

    told: tuple[Told, ...]
    run: ThemeRun | None
    refused: ThemeRun | None
    whole: bool
    asked: Asked | None
    left_out: tuple[str, ...]


def themes(desk: HouseDesk) -> Themes:
    """Every theme with a row within the reader's scope. NotAllowed without the right to read text, since a theme is made of what people wrote."""
    house, scope = desk.house, desk.scope
    if not scope.free_text:
        raise NotAllowed("Themes are made of what people wrote, which is not yours to read", do="Ask whoever decides over rights.")
    kept, runs = house.ledger.themes.all(), house.ledger.themes.runs()
    made = next((run for run in runs if "why" not in run.body), None)
    rows = desk.kept((LOOKING.kind, made.id if made else 0), lambda: _rows(house, scope, kept))
    told = [_told(theme, rows[theme.id], whole=not scope.rows) for theme in kept if rows.get(theme.id)]
    told.sort(key=lambda t: (ORDER[t.state] if t.state else 2, not t.outside, -t.texts, t.id))
    refused = runs[0] if runs and "why" in runs[0].body else None
    return Themes(tuple(told), made, refused, not scope.rows, asked_last(desk), tuple(sorted(protected(house))))


def one(desk: HouseDesk, name: str) -> Told:
    """NotFound, always in the same words, where there is none or none of its rows is the reader's to see."""
    found = next((told for told in themes(desk).told if told.id == name), None)
    if found is None:
        raise NotFound("There is no such theme, or it is not yours to see", do="The Themes page lists those that are.")
    return found


def _rows(house: House, scope: Scope, kept: Sequence[Theme]) -> dict[str, list[dict[str, Any]]]:
    """Theme → its rows that the reader may see, the most typical first."""
    place = {row: (theme.id, at) for theme in kept for at, row in enumerate(_typical(theme))}
    if not place:
        return {}
    seen = voice_rows.seen(house.engine.table("feedback"), scope, protected(house))
    wanted = ibis.memtable(pa.table({"wanted": sorted(place)}))
    rows = seen.filter(seen.text.notnull(), seen.text != "").semi_join(wanted, seen.id.cast("string") == wanted.wanted)
    by_theme: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(house.engine.run(rows.select(*COLUMNS)).to_pylist(), key=lambda r: place[str(r["id"])]):
        by_theme[place[str(row["id"])][0]].append(row)
    return dict(by_theme)


def _typical(theme: Theme) -> Iterable[str]:
    return dict.fromkeys([*theme.body.get("quotes", ()), *theme.body.get("members", ())])


def _told(theme: Theme, rows: Sequence[Mapping[str, Any]], *, whole: bool) -> Told:
    body = theme.body
    tones = [r["sentiment"] for r in rows if r["sentiment"] is not None]
    most, share = body.get("within", ("", 0.0))
    return Told(
        id=theme.id,
        name=theme.name,
        words={code: tuple(said) for code, said in body["words"].items()} if whole else _heard(body["words"], rows),
        state=theme.state if whole else None,
        now=Share(*body["now"]) if whole else None,
        then=Share(*body["then"]) if whole else None,
        q=body["q"] if whole else None,
        texts=len(rows),
        weeks=dict(sorted(Counter(theming.monday(r["occurred_at"].date()) for r in rows).items())),
        languages=_counted(rows, "language"),
        markets=_counted(rows, "market"),
        tone=sum(tones) / len(tones) if tones else None,
        toned=len(tones),
        quotes=tuple(_quote(r) for r in rows[:EXAMPLES]),
        outside=body["outside"] >= OUTSIDE,
        within=most if share >= PART else "",
        held=body["held"],
        found_at=theme.found_at,
        seen_at=theme.seen_at,
        hidden=bool(body.get("hidden")),
        topic=str(body.get("topic", "")),
    )  # fmt: skip


def _heard(words: Mapping[str, Sequence[str]], rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Only words that stand in texts that the reader may see, so that a name tells nothing of others."""
    spoken = folded_word(" ".join(r["text"] for r in rows))
    heard = {code: tuple(word for word in said if folded_word(word) in spoken) for code, said in words.items()}
    return {code: said for code, said in heard.items() if said}


def _counted(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[tuple[str, int], ...]:
    found = Counter(r[name] or "" for r in rows)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _quote(row: Mapping[str, Any]) -> Quote:
    return Quote(str(row["id"]), row["text"], row["language"] or "", row["occurred_at"], row["market"] or "")


# ── what people do with themes ──


def asked_last(desk: HouseDesk) -> Asked | None:
    """The last search as work; how many texts and themes it saw is for readers of the whole house alone."""
    found = latest(desk.house, LOOKING)
    return found if found is None or not desk.scope.rows else replace(found, progress={}, result={})


def look(house: House, told: Telling, find: theming.Searcher = search) -> Mapping[str, Any]:
    """Looks for themes, and tells of how many texts before they are grouped; what came of it, or why it could not be made."""

    def grouped(texts: Sequence[str], languages: Sequence[str], vectors: Sequence[bytes]) -> Search | None:
        return find(texts, languages, vectors) if told({"texts": len(texts)}) else None

    return {name: value for name, value in theming.run(house, grouped).items() if name != "weeks"}


def rename(desk: HouseDesk, theme: str, name: str) -> None:
    """Calls a theme by the house's own name; by its words again where that is empty."""
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME:
        raise BadInput("A theme's name is a few words", do=f"Write at most {LONGEST_NAME} characters.")
    one(desk, theme)
    desk.house.ledger.themes.rename(theme, said)
    desk.house.ledger.audit.append(desk.who, "rename theme", f"theme {theme}", {"name": said})


def hide(desk: HouseDesk, theme: str, *, hidden: bool) -> None:
    """Puts a theme away, for all, or takes it out again."""
    one(desk, theme)
    desk.house.ledger.themes.mark(theme, hidden=hidden)
    desk.house.ledger.audit.append(desk.who, "hide theme" if hidden else "show theme", f"theme {theme}", {})


def make_topic(desk: HouseDesk, theme: str, name: str, language: str) -> str:
    """The id of a topic of this name, known by the theme's most typical texts that the reader may see; in force at once."""
    told = one(desk, theme)
    known = desk.house.ledger.taxonomies.current().topics
    made = put_in_force(desk.house, desk.who, Change("add", name={language: name}, examples=[q.text for q in told.quotes]))
    topic = next(t for t in made.topics if t not in known)
    desk.house.ledger.themes.mark(theme, topic=topic)
    return topic
