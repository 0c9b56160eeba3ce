"""Themes looked for: texts of the last half-year that have a vector → groups → which of them are new or growing → the ledger, under their old ids.

Protected audiences are left out. At most 20,000 texts, drawn by lot and always the same ones, so that shares stay as they are among all.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from hashlib import blake2b
from typing import Any, Final
from zoneinfo import ZoneInfo

from gensvar.contracts import AUDIENCES
from gensvar.enrich import ENCODER
from gensvar.house import House
from gensvar.ledger.themes import Theme, ThemeState
from gensvar.stats import Share, adjusted
from gensvar.text.compact import packed, unpacked
from gensvar.text.heads import Heads
from gensvar.text.keys import key_of
from gensvar.text.themes import LEAST_TEXTS, Found, Known, Search, matched, search
from gensvar.text.themes.cluster import Vectors

WINDOW: Final = timedelta(weeks=26)
RECENT: Final = timedelta(weeks=4)
MOST_TEXTS: Final = 20_000
LEAST_EARLIER: Final = 100  # texts before the last four weeks; with fewer nothing is said of what is new
NEW_SHARE: Final = 0.2  # of what it is now: a theme that was at most so large before is new
SURE: Final = 0.05  # false discoveries among all that is said to have moved
DRAW: Final = 12  # last figures of a row's id: a hash, so that the rows with the lowest are drawn by lot, by the same lot each time
COLUMNS: Final = ("id", "text", "language", "occurred_at", "topics")
NIGHT, AGAIN = timedelta(hours=3), timedelta(minutes=10)
GONE_FOR: Final = timedelta(days=90)  # a theme that nothing has been seen of for so long is forgotten, unless somebody spoke of it

Searcher = Callable[[Sequence[str], Sequence[str], Sequence[bytes]], Search | None]
"""Texts, their languages and packed vectors → what is found; None where it was told to stop."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text that was drawn. key: of its words, which several rows may share."""

    id: str
    key: bytes
    text: str
    language: str
    day: date
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """now, then: its share of the texts of the last four weeks, and of those before. q: after all themes were looked at; None where none is told."""

    now: Share
    then: Share
    q: float | None = None

    @property
    def state(self) -> ThemeState:
        if self.q is None or self.q >= SURE:
            return "steady"
        if self.now.value < self.then.value:
            return "fading"
        return "new" if self.then.value <= NEW_SHARE * self.now.value else "growing"


def run(house: House, find: Searcher = search) -> Mapping[str, Any]:
    """Looks for themes once and keeps what is found; what is told of the run. find: where the grouping is done, a child process in a server.

    Where it cannot be done, `why` is no_encoder, too_few or nothing_read, and the themes that there are stay. Nothing where it was stopped.
    """
    began, encoder = time.monotonic(), house.understanding().encoder
    if not encoder:
        return _refused(house, "no_encoder", 0)
    drawn = _drawn(house)
    vectors = house.ledger.vectors.get([row.key for row in drawn], encoder)
    rows = [row for row in drawn if row.key in vectors]
    texts = list({row.key: row for row in rows}.values())
    if len(texts) < LEAST_TEXTS:
        return _refused(house, "too_few" if len(drawn) < LEAST_TEXTS else "nothing_read", len(texts))
    found = find([r.text for r in texts], [r.language for r in texts], _about([vectors[r.key] for r in texts], encoder))
    if found is None:
        return {}
    themes, told = _kept(house, found, rows, texts)
    body = {
        "texts": len(rows), "drawn": len(drawn), "groups": found.groups, "shown": len(found.themes), "loose": round(found.loose, 4),
        "seconds": round(time.monotonic() - began, 2), "encoder": encoder, "weeks": _weeks(house, rows), **told,
    }  # fmt: skip
    house.ledger.themes.keep(themes, body)
    return body


def _about(vectors: list[bytes], encoder: str) -> list[bytes]:
    """What the texts are about, without how it is felt: the heads that ship know that of the encoder that ships, and of no other."""
    return packed(Heads.load().about(unpacked(vectors))) if encoder.startswith(ENCODER) else vectors


def _refused(house: House, why: str, texts: int) -> Mapping[str, Any]:
    body = {"why": why, "texts": texts, "least": LEAST_TEXTS}
    house.ledger.themes.refuse(body)
    return body


def _drawn(house: House) -> list[Row]:
    feedback = house.engine.table("feedback")
    since = datetime.combine(house.today() - WINDOW, clock_time(), UTC)
    open_to_all = [a for a in AUDIENCES if a not in house.settings.anonymous.names]
    said = feedback.filter(feedback.occurred_at >= since, feedback.text.notnull(), feedback.text != "", feedback.audience.isin(open_to_all))
    lot = said.id.cast("string").right(DRAW)
    found = house.engine.run(said.order_by(lot, said.id).limit(MOST_TEXTS).select(*COLUMNS)).to_pylist()
    return [Row(str(r["id"]), key_of(r["text"]), r["text"], r["language"] or "", r["occurred_at"].date(), tuple(r["topics"] or ())) for r in found]


def _kept(house: House, found: Search, rows: Sequence[Row], texts: Sequence[Row]) -> tuple[list[Theme], Mapping[str, Any]]:
    """The themes as the ledger keeps them, those of before that are gone among them, and what is told of how many kept their identity."""
    by_key: dict[bytes, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    members = [[row for at in one.members for row in by_key[texts[at].key]] for one in found.themes]
    before = house.ledger.themes.all()
    same = _same(before, found.themes, members, rows)
    moved = judged([[row.day for row in one] for one in members], [row.day for row in rows], house.today() - RECENT)
    now = house.clock.now()
    made: list[Theme] = []
    for at, (one, theirs, change) in enumerate(zip(found.themes, members, moved, strict=True)):
        old = before[same[at]] if at in same else None
        quotes = [by_key[texts[place].key][0].id for place in one.quotes]
        body = _body(one, theirs, change, quotes)
        name = old.id if old else _new_id(theirs, now)
        made.append(Theme(name, old.found_at if old else now, now, change.state, old.name if old else "", body, packed(one.centre[None])[0]))
    standing = [t for t in before if t.state != "gone"]
    left = [t for at, t in enumerate(before) if at not in set(same.values())]
    kept = sum(before[at].state != "gone" for at in same.values())
    return [*made, *_gone(left, now)], {"before": len(standing), "kept": kept}


def _same(before: Sequence[Theme], found: Sequence[Found], members: Sequence[Sequence[Row]], rows: Sequence[Row]) -> dict[int, int]:
    """Place among the found → place among those of before."""
    known = [Known(frozenset(t.body.get("members", ())), _centre(t)) for t in before]
    now = [Known(frozenset(r.id for r in theirs), one.centre) for one, theirs in zip(found, members, strict=True)]
    seen_before = frozenset(i for one in known for i in one.texts)
    seen_now = frozenset(r.id for r in rows)
    return matched(known, now, seen_before, seen_now)


def _centre(theme: Theme) -> Vectors:
    made: Vectors = unpacked([theme.centre])[0]
    return made


def _gone(left: Sequence[Theme], now: datetime) -> Iterator[Theme]:
    for theme in left:
        spoken_of = theme.name or theme.body.get("hidden") or theme.body.get("topic")
        if spoken_of or now - theme.seen_at < GONE_FOR:
            yield Theme(theme.id, theme.found_at, theme.seen_at, "gone", theme.name, theme.body, theme.centre)


def _new_id(rows: Sequence[Row], now: datetime) -> str:
    return blake2b(f"{now.isoformat()} {rows[0].id}".encode(), digest_size=6).hexdigest()


def _body(one: Found, rows: Sequence[Row], change: Moved, quotes: Sequence[str]) -> dict[str, Any]:
    topics = Counter(topic for row in rows for topic in row.topics)
    most = max(topics.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return {
        "members": [row.id for row in rows],
        "quotes": list(dict.fromkeys(quotes)),
        "words": {code: list(said) for code, said in one.words.items()},
        "held": round(one.held, 3),
        "now": [change.now.k, change.now.n],
        "then": [change.then.k, change.then.n],
        "q": change.q,
        "outside": round(sum(not row.topics for row in rows) / len(rows), 3),
        "within": [most[0], round(most[1] / len(rows), 3)],
    }


def judged(days: Sequence[Sequence[date]], every: Sequence[date], recent: date) -> list[Moved]:
    """For each theme (the days of its texts) whether its share of all texts has moved since `recent`; q over all themes, Benjamini and Hochberg.

    >>> early, late = date(2026, 1, 1), date(2026, 3, 1)
    >>> every = [early] * 900 + [late] * 300
    >>> [m.state for m in judged([[late] * 40, [early] * 90 + [late] * 30], every, date(2026, 2, 1))]
    ['new', 'steady']
    """
    all_now = sum(day >= recent for day in every)
    all_then = len(every) - all_now
    shares = [(Share(sum(d >= recent for d in one), all_now), Share(sum(d < recent for d in one), all_then)) for one in days]
    if all_then < LEAST_EARLIER or not all_now:
        return [Moved(now, then) for now, then in shares]
    q = adjusted([now.minus(then).p for now, then in shares])
    return [Moved(now, then, value) for (now, then), value in zip(shares, q, strict=True)]


def _weeks(house: House, rows: Sequence[Row]) -> list[list[object]]:
    """[Monday, texts] of every week of the window, as they were drawn."""
    counted = Counter(monday(row.day) for row in rows)
    first, last = monday(house.today() - WINDOW), monday(house.today())
    weeks = [first + timedelta(weeks=i) for i in range((last - first).days // 7 + 1)]
    return [[week.isoformat(), counted[week]] for week in weeks]


def monday(day: date) -> date:
    """The first day of a day's week.

    >>> monday(date(2026, 11, 22)).isoformat()
    '2026-11-16'
    """
    return day - timedelta(days=day.weekday())


def due(house: House) -> bool:
    """Whether it is time by itself: after three in the night of the reader's zone, once a day; ten minutes after a search that could not be made,
    once the encoder has read enough.
    """
    runs = house.ledger.themes.runs(1)
    if not runs:
        return True
    now = house.clock.now()
    if "why" in runs[0].body:
        encoder = house.understanding().encoder
        return now - runs[0].at > AGAIN and bool(encoder) and house.ledger.vectors.count(encoder) >= LEAST_TEXTS
    zone = ZoneInfo(house.settings.zone)
    return (now - NIGHT).astimezone(zone).date() > (runs[0].at - NIGHT).astimezone(zone).date()
