"""What changed, found each night: every family counted by the house's engine within a scope, watched, and kept as one finding of kind `changed`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
from ibis import Table

from gensvar import flow
from gensvar.contracts.daily import COUNT_COLUMNS
from gensvar.contracts.measures import Measure
from gensvar.contracts.tone import TONE
from gensvar.engine import Engine
from gensvar.explain import changed
from gensvar.explain.changed import WEEK, Feed, Found, Key, Kind, Line
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import protected_sources, seen_events
from gensvar.house import House
from gensvar.hub.moments import times
from gensvar.hub.sheet import Sheet
from gensvar.hub.within import within
from gensvar.kit.errors import GensvarError
from gensvar.kit.scope import Scope, whole
from gensvar.measure.cube import by_scale, once
from gensvar.measure.freshness import silent
from gensvar.measure.plan import smallest_cube
from gensvar.stats.negative_binomial import Numbers

KIND: Final = "changed"
CUTS: Final = ("", "market", "segment", "channel", "touchpoint")
HISTORY: Final = 130  # weeks that are counted
TOLD: Final = 52  # the latest of them, which may tell
COUNTS: Final = tuple(column.name for column in COUNT_COLUMNS)
MOST_ASIDE: Final = 50_000
PAGE: Final = 2_000
MOSTLY: Final = 0.8
NUMBER: Final = ("n",)


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a house is counted: the rows within a scope, none of protected audiences. weeks: Mondays of the whole weeks that are over."""

    house: House
    scope: Scope
    weeks: tuple[date, ...]

    def cube(self, *dims: str) -> tuple[Engine, Table] | None:
        """The smallest cube with these dimensions and the scope's; None where there is none."""
        cube = smallest_cube({"audience", *dims, *self.scope.rows})
        if cube is None:
            return None
        engine = self.house.engine.cubes()
        return engine, self._open(within(engine.table(cube.name), self.scope))

    def rows(self, name: str) -> Table:
        """Rows of feedback or events of the weeks."""
        table = seen_events(self.house, self.scope) if name == "events" else within(self.house.engine.table(name), self.scope)
        table = table.filter(table.occurred_at >= datetime.combine(self.weeks[0], time(), UTC))
        return self._open(table) if "audience" in table.columns else table

    def _open(self, rows: Table) -> Table:
        return changed.open_to_all(rows, sorted(self.house.settings.anonymous.names))

    def counted(self, found: tuple[Engine, Table], *keys: str, columns: Sequence[str] = COUNTS) -> dict[tuple[Any, ...], Numbers]:
        """(measure, keys) → weeks × columns."""
        engine, cube = found
        made = changed.by_week(cube.filter(cube.day >= self.weeks[0]), *keys)
        return changed.cells(engine.run(made), ("measure", *keys), columns, self.weeks)


def feed(house: House, scope: Scope, told: Told | None = None) -> Feed | None:
    """What moved within a scope; None where too few weeks have come in, or where it was told to stop: half a feed would pass for a calm one."""
    weeks = weeks_of(house, scope)
    if len(weeks) < changed.LEAST_WEEKS:
        return None
    sight, first = Sight(house, scope, weeks), max(0, len(weeks) - TOLD)
    found: dict[Kind, Found] = {}
    for kind, make in FAMILIES.items():
        if told is not None and not told({"name": KIND, "family": kind}):
            return None
        found[kind] = make(sight, first)
    lines = changed.gathered(line for one in found.values() for line in one.lines)
    families = tuple(one.family for one in found.values() if one.family)
    quiet = () if scope.rows else tuple(_silent(sight))
    return Feed(
        weeks[first],
        weeks[-1],
        changed.troubled(lines, _source_of(sight)),
        families,
        tuple(s for one in found.values() for s in one.seen),
        quiet,
        tuple(kind for kind in changed.KINDS if kind not in {f.kind for f in families}),
    )


def weeks_of(house: House, scope: Scope) -> tuple[date, ...]:
    """Mondays of the weeks that are over and in which something within the scope had come in, at most the last 130."""
    found = Sight(house, scope, ()).cube()
    if found is None:
        return ()
    engine, cube = found
    days = engine.run(cube.aggregate(first=cube.day.min(), last=cube.day.max())).to_pylist()[0]
    if days["first"] is None:
        return ()
    last = min(house.today() - timedelta(days=house.today().weekday()) - WEEK, days["last"] - timedelta(days=days["last"].weekday()))
    began = days["first"] + timedelta(days=(-days["first"].weekday()) % 7)
    return changed.weeks_between(max(began, last - WEEK * (HISTORY - 1)), last)


# ── the families ──


def _levels(sight: Sight, first: int) -> Found:
    """Every measure, whole and by each dimension; and the tone of each topic."""
    groups = [*_measures(sight), *_tones(sight)]
    return changed.levels(changed.level_board(groups), sight.weeks, first)


def _measures(sight: Sight) -> Iterator[tuple[Key, Measure, Numbers]]:
    known = sight.house.ledger.measures.all()
    for cut in CUTS:
        found = sight.cube(cut) if cut else sight.cube()
        if found is None:
            continue
        for (measure, *value), bins in sorted(sight.counted(found, *([cut] if cut else [])).items(), key=str):
            if measure in known and (not cut or value[0]):
                yield Key("measure", measure, cut, value[0] if cut else ""), known.get(measure), bins


def _tones(sight: Sight) -> Iterator[tuple[Key, Measure, Numbers]]:
    found = sight.cube("topic")
    if found is not None:
        for (_, topic), bins in sorted(sight.counted(found, "topic").items(), key=str):
            yield Key("tone", topic), TONE, bins


def _volumes(sight: Sight, first: int) -> Found:
    """Rows of each source, and texts of each market."""
    series: dict[Key, Numbers] = {}
    market, source = sight.cube("market"), sight.cube("source")
    if market is not None:
        for (measure, place), bins in sorted(sight.counted(market, "market", columns=NUMBER).items(), key=str):
            if measure == TONE.key and place:
                series[Key("texts", "texts", "market", place)] = bins[:, 0]
    if source is not None:
        engine, cube = source
        made = changed.rows_by_week(once(cube).filter(cube.day >= sight.weeks[0]), "source")
        for (name,), bins in sorted(changed.cells(engine.run(made), ("source",), NUMBER, sight.weeks).items()):
            series[Key("source", name)] = bins[:, 0]
    return changed.counts(changed.volume_board(series), sight.weeks, first)


def _topics(sight: Sight, first: int) -> Found:
    """What part of the texts speaks of each topic and theme, for the week's mix of sources."""
    by_source, read = sight.cube("topic", "source"), sight.cube("source")
    if by_source is None or read is None:
        return Found()
    texts = {source: bins[:, 0] for (measure, source), bins in sight.counted(read, "source", columns=NUMBER).items() if measure == TONE.key}
    each: dict[str, dict[str, Numbers]] = defaultdict(dict)
    for (_, topic, source), bins in sight.counted(by_source, "topic", "source", columns=NUMBER).items():
        if source in texts:
            each[topic][source] = bins[:, 0]
    parts = {Key("topic", topic): changed.standardised(counts, np.stack([texts[s] for s in counts])) for topic, counts in sorted(each.items())}
    return changed.counts(changed.part_board("topic", {**parts, **_themes(sight)}), sight.weeks, first)


def _themes(sight: Sight) -> dict[Key, tuple[Numbers, Numbers]]:
    """Texts of each theme among those that were drawn; only for the whole house, since themes are found there."""
    house = sight.house
    run = next((r for r in house.ledger.themes.runs() if "why" not in r.body), None)
    if sight.scope.rows or run is None:
        return {}
    drawn = {date.fromisoformat(week): float(n) for week, n in run.body.get("weeks", ())}
    texts = np.array([drawn.get(week, 0.0) for week in sight.weeks])
    rows = [(t.id, str(i)) for t in house.ledger.themes.all() if t.state != "gone" and not t.body.get("hidden") for i in t.body.get("members", ())]
    if not rows:
        return {}
    members = ibis.memtable(pa.table({"theme": [theme for theme, _ in rows], "text": [text for _, text in rows]}))
    made = house.engine.run(changed.theme_weeks(sight.rows("feedback"), members))
    counted = changed.cells(made, ("theme",), NUMBER, sight.weeks)
    return {Key("theme", theme): (np.minimum(bins[:, 0], texts), texts) for (theme,), bins in sorted(counted.items())}


def _friction(sight: Sight, first: int) -> Found:
    """Of the visits that reached a step, those that were stopped there."""
    table = sight.house.engine.run(changed.friction_by_week(sight.rows("events")))
    counted = changed.cells(table, ("step",), ("n", "stopped"), sight.weeks)
    parts = {Key("step", step): (bins[:, 1], bins[:, 0]) for (step,), bins in sorted(counted.items()) if bins[:, 1].sum() > 0}
    return changed.counts(changed.part_board("friction", parts, each=True), sight.weeks, first)


def _quality(sight: Sight, first: int) -> Found:
    """Of what each source sent: set aside, unread, off its scale."""
    scales = by_scale(sight.house.ledger.measures.all())
    table = sight.house.engine.run(changed.quality_by_week(sight.rows("feedback"), scales))
    counted = changed.cells(table, ("source",), ("n", "texts", "unread", "scored", "off"), sight.weeks)
    parts: dict[Key, tuple[Numbers, Numbers]] = {}
    for (source,), bins in sorted(counted.items()):
        parts[Key("unread", source)] = bins[:, 2], bins[:, 1]
        parts[Key("off", source)] = bins[:, 4], bins[:, 3]
    rows = {source: bins[:, 0] for (source,), bins in counted.items()}
    for source, aside in _aside(sight).items():
        parts[Key("aside", source)] = aside, aside + rows.get(source, np.zeros(len(sight.weeks)))
    kept = {key: part for key, part in parts.items() if part[0].sum() > 0 and part[1].sum() > 0}
    return changed.counts(changed.part_board("quality", kept, each=True), sight.weeks, first)


FAMILIES: Final[Mapping[Kind, Callable[[Sight, int], Found]]] = {
    "level": _levels,
    "volume": _volumes,
    "topic": _topics,
    "friction": _friction,
    "quality": _quality,
}


# ── sources ──


def _aside(sight: Sight) -> dict[str, Numbers]:
    """Source → rows set aside by the week that they are of, by the row's own time where it has one; of none for a reader of a part."""
    if sight.scope.rows:
        return {}
    found: dict[str, list[Any]] = defaultdict(list)
    for kept in _kept(sight.house):
        found[kept.row.source].append(kept)
    place = {week: at for at, week in enumerate(sight.weeks)}
    weekly: dict[str, Numbers] = {}
    for source in sorted(found.keys() - protected_sources(sight.house)):
        rows = found[source]
        counts = Counter(place.get(day - timedelta(days=day.weekday())) for day in _days(sight.house, source, rows))
        weekly[source] = np.array([float(counts[at]) for at in range(len(sight.weeks))])
    return weekly


def _kept(house: House) -> Iterator[Any]:
    after, many = 0, 0
    while many < MOST_ASIDE and (page := house.ledger.set_aside.page(state=None, after=after, limit=PAGE)):
        yield from page
        after, many = page[-1].id, many + len(page)


def _days(house: House, source: str, rows: Sequence[Any]) -> list[date]:
    """The day of each row: by the moment that its contract reads, else the day on which it was set aside."""
    came = [r.added_at.date() for r in rows]
    try:
        at = flow.contract_of(house, source).at
    except GensvarError:
        return came
    if at is None or at.column is None:
        return came
    said = pa.array([_text(flow.raw_of(r.row).get(at.column)) for r in rows], pa.string())
    read = times(Sheet(pa.table({at.column: said})), at)
    us, ok = read.us.astype("datetime64[us]").astype("datetime64[D]").tolist(), read.ok.tolist()
    return [day if good else other for day, good, other in zip(us, ok, came, strict=True)]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _silent(sight: Sight) -> Iterable[str]:
    engine = sight.house.engine.cubes()
    days: dict[str, list[date]] = defaultdict(list)
    for row in engine.run(engine.table("daily_source").select("source", "day").distinct()).to_pylist():
        days[row["source"]].append(row["day"])
    return sorted(name for name, active in days.items() if silent(active, sight.house.today()))


def _source_of(sight: Sight) -> dict[str, str]:
    """Measure → the source that most of its answers come from."""
    found = sight.cube("source")
    if found is None:
        return {}
    by_measure: dict[str, dict[str, float]] = defaultdict(dict)
    for (measure, source), bins in sight.counted(found, "source", columns=NUMBER).items():
        by_measure[measure][source] = float(bins.sum())
    most = {measure: max(each, key=lambda s: each[s]) for measure, each in by_measure.items()}
    return {m: s for m, s in most.items() if by_measure[m][s] >= MOSTLY * sum(by_measure[m].values())}


# ── by night ──


def run(house: House, told: Told) -> Mapping[str, Any]:
    """Watches the whole house and keeps what moved; what is told of it."""
    found = feed(house, whole(), told)
    if found is None:
        return {"why": "too_few"}
    house.ledger.findings.keep(KIND, "", changed.feed_json(found))
    open_: list[Line] = [line for line in found.lines if line.ended is None]
    return {"series": sum(f.series for f in found.families), "tested": sum(f.tested for f in found.families), "open": len(open_)}


NIGHTLY: Final = Nightly(KIND, run)
