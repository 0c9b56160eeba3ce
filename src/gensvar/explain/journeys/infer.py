"""Counts → what is found of a journey: shares with intervals, fates, comparisons, friction. Pure; the counts add over days and hubs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from gensvar.explain.journeys.compare import compared
from gensvar.explain.journeys.definition import Journey
from gensvar.explain.journeys.errands import CHANNEL, CONTACTED, LEFT, LONGEST, RETURNED, STRAIGHT, UNKNOWN
from gensvar.explain.journeys.found import Counted, Fates, JourneyFound, Number, Path, Refused, Stated, StepFound, SupportAfter, TopicSaid, Voice
from gensvar.explain.journeys.histogram import median_seconds
from gensvar.explain.journeys.moments import LEAST, clustered, share
from gensvar.explain.journeys.rows import BLOCKED
from gensvar.explain.journeys.voices import SUMS, share_of, voice_of
from gensvar.stats import Share
from gensvar.stats.clustered import Clustered

MOST_PATHS: Final = 12
STOPPED: Final = "!"
LONG: Final = "…"
NOBODY: Final = Clustered(0, 0, 0, 0, 0)
Row = Mapping[str, Any]
FATES: Final = {STRAIGHT: "straight", RETURNED: "returned", CHANNEL: "channel", CONTACTED: "support", LEFT: "left", UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said at touchpoints: touchpoint → parties and sums; touchpoint → topics."""

    sums: Mapping[str, Row] = field(default_factory=dict)
    topics: Mapping[str, tuple[TopicSaid, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, sums: Iterable[Row], topics: Iterable[Row]) -> "Heard":
        """From the rows of `by_touchpoint` and `topics_at`."""
        named: dict[str, list[TopicSaid]] = defaultdict(list)
        for row in topics:
            named[row["touchpoint"]].append(TopicSaid(row["topic"], row["n"], row["tone"] / row["n"] / 1000 if row["tone"] is not None else None))
        return cls({row["touchpoint"]: row for row in sums}, {name: tuple(said) for name, said in named.items()})

    def voice(self, touchpoint: str) -> Voice | None:
        row = self.sums.get(touchpoint)
        return voice_of(row, int(row["parties"]), self.topics.get(touchpoint, ())) if row else None


@dataclass(frozen=True, slots=True)
class Counts:
    """The rows of `counted`, by what they count."""

    rows: Mapping[str, tuple[Row, ...]]
    steps: int

    @classmethod
    def of(cls, rows: Iterable[Row], journey: Journey) -> "Counts":
        parted: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            parted[row["what"]].append(row)
        return cls({what: tuple(found) for what, found in parted.items()}, len(journey.steps))

    def numbers(self, what: str, count: int) -> list[int]:
        """n0 … of the one row of this kind."""
        return [int(self.rows[what][0].get(f"n{i}") or 0) for i in range(count)] if self.rows.get(what) else [0] * count

    def fates(self, keep: Mapping[str, Sequence[int]] | None = None) -> Fates:
        """Of the errands whose furthest step, or whose stopping and contact, is among these."""
        total: dict[str, int] = defaultdict(int)
        for row in self.rows.get("fate", ()):
            if all(row[name] in values for name, values in (keep or {}).items()):
                total[FATES[row["j"]]] += int(row["n0"])
        return Fates(**total)

    def errands(self, at: int) -> int:
        """A sum over all errands: 0 how many, 1 with a pause, 2 several sessions, 3 several channels, 4 their rows."""
        return sum(int(row[f"n{at}"] or 0) for row in self.rows.get("fate", ()))

    def moments(self) -> list[Clustered]:
        """Of the whole and of each step: errands that came, and those that went on, by party."""
        return clustered(self.rows["moments"][0], self.steps) if self.rows.get("moments") else []

    def lost(self) -> list[int]:
        """Of each step, how many parties an errand of which ended there unfinished."""
        return self.numbers("parties", 2 * self.steps + 1)[self.steps + 1 :]

    def reach(self) -> list[Clustered]:
        """Of each step: of all errands, those that came to it, by party."""
        if not (moments := self.moments()):
            return []
        whole, both = moments[0], self.numbers("parties", 3 * self.steps + 1)[2 * self.steps + 1 :]
        return [Clustered(whole.x, own.x, whole.xx, xy, own.xx) for own, xy in zip(moments[1:], both, strict=True)]

    def times(self, step: int) -> dict[int, int]:
        return {int(r["b"]): int(r["n0"]) for r in self.rows.get("time", ()) if r["i"] == step}


def journey_found(journey: Journey, rows: Iterable[Row], stray: Row, heard: Heard, days: int) -> JourneyFound:
    """All that is told of a journey. rows: of `counted`; stray: of `strays`; days: of the period."""
    counts = Counts.of(rows, journey)
    moments = counts.moments()
    told = _counted(counts, stray)
    fates, errands = counts.fates(), counts.errands(0)
    return JourneyFound(
        journey=journey, counted=told, steps=_steps(journey, counts, moments, heard), fates=fates,
        finished=share(moments[0]) if moments else Number(None, None, None, 0, "nothing", LEAST),
        seconds=median_seconds(counts.times(0)), sessions=share_of(counts.errands(2), errands, LEAST),
        channels=share_of(counts.errands(3), errands, LEAST), pauses=share_of(counts.errands(1), errands, LEAST),
        paths=_paths(journey, counts), support=_support(counts), stated=_stated(counts),
        compared=compared(journey, counts.rows) if errands >= LEAST else (), days=days, refused=tuple(_refused(journey, told, fates)),
    )  # fmt: skip


def _refused(journey: Journey, told: Counted, fates: Fates) -> Iterable[Refused]:
    if not told.rows:
        yield Refused(journey.key, "no_events")
    elif not told.parties:
        yield Refused(journey.key, "no_parties", told.nobody)
    elif fates.known < LEAST:
        yield Refused(journey.key, "too_few", fates.known, LEAST)
    elif not fates.finished:
        yield Refused(journey.key, "no_end", fates.known)


def _counted(counts: Counts, stray: Row) -> Counted:
    rows, nobody, errand_rows = int(stray["rows"] or 0), int(stray["nobody"] or 0), counts.errands(4)
    return Counted(
        rows=rows, parties=counts.numbers("parties", 1)[0], errands=counts.errands(0), since=day_of(stray["first"]), until=day_of(stray["last"]),
        nobody=nobody, future=int(stray["future"] or 0), ancient=int(stray["ancient"] or 0), doubles=max(0, rows - nobody - errand_rows),
        open=counts.fates().unknown,
    )  # fmt: skip


def day_of(ms: int | None) -> date | None:
    """The UTC day of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC).date() if ms is not None else None


def _steps(journey: Journey, counts: Counts, moments: Sequence[Clustered], heard: Heard) -> tuple[StepFound, ...]:
    k = counts.steps
    had, twice, ordered, helped = (counts.numbers(what, k) for what in ("had", "twice", "ordered", "helped"))
    parties, reach = counts.numbers("parties", k + 1)[1:], counts.reach()
    after = {int(r["i"]): r for r in counts.rows.get("voice", ())}
    found = []
    for i, step in enumerate(journey.steps, 1):
        found.append(StepFound(
            name=step.name, came=_all(counts.fates({"i": range(i, k + 1)})), had=had[i - 1], in_order=ordered[i - 1], parties=parties[i - 1],
            goes_on=share(moments[i] if moments else NOBODY), of_all=share(reach[i - 1] if reach else NOBODY),
            to_next_s=median_seconds(counts.times(i)) if i < k else None, repeats=share_of(twice[i - 1], had[i - 1], LEAST),
            stopped=_all(counts.fates({"i": [i], "b": (2, 3)})) if i < k else 0, ended=counts.fates({"i": [i]}),
            support=share_of(helped[i - 1], had[i - 1], LEAST),
            voice=heard.voice(journey.touchpoints.get(step.name, "")) or _after(after.get(i)),
        ))  # fmt: skip
    return tuple(found)


def _all(fates: Fates) -> int:
    return fates.known + fates.unknown


def _after(row: Row | None) -> Voice:
    if row is None:
        return voice_of({}, 0)
    return voice_of({name: row[f"n{at}"] for at, name in enumerate(SUMS, 1)}, int(row["n0"] or 0))


def _paths(journey: Journey, counts: Counts) -> tuple[Path, ...]:
    """The most common variants. seconds: the geometric mean of those finished, which times that are skewed have near their median."""
    errands, found = counts.errands(0), []
    for row in counts.rows.get("path", ())[:MOST_PATHS]:
        n, known, done, bins, timed = (int(row[f"n{i}"] or 0) for i in range(5))
        seconds = median_seconds({round(bins / timed): 1}) if timed else None
        found.append(Path(path_steps(int(row["b"]), journey), n, share_of(n, errands, LEAST), share_of(done, known, LEAST), seconds))
    return tuple(sorted(found, key=lambda p: (-p.errands, p.steps)))


def path_steps(code: int, journey: Journey) -> tuple[str, ...]:
    """The names of the steps that a path's number stands for."""
    if code < 0:
        return (LONG,)
    turns = [(code >> (4 * at)) & 15 for at in range(LONGEST)]
    return tuple(STOPPED if t == BLOCKED else journey.steps[t - 1].name for t in turns if t)


def _support(counts: Counts) -> SupportAfter:
    """b: 2 for stopped, 1 for contact. Only of errands whose window is over."""
    finished, lost = (STRAIGHT, RETURNED), (CHANNEL, CONTACTED, LEFT)

    def asked(stopped: int, fates: Sequence[int]) -> Share:
        helped = _all(counts.fates({"j": fates, "b": (2 * stopped + 1,)}))
        return Share(helped, helped + _all(counts.fates({"j": fates, "b": (2 * stopped,)})))

    stopped, broken, done = asked(1, (*finished, *lost)), asked(0, lost), asked(0, finished)
    worse = stopped if stopped.n >= LEAST else broken
    after = [share_of(s.k, s.n, LEAST) for s in (stopped, broken, done)]
    return SupportAfter(after[0], after[1], after[2], _gap(worse, done))


def _gap(a: Share, b: Share) -> Number:
    least = min(a.n, b.n)
    if least < LEAST:
        return Number(None, None, None, least, "too_few" if least else "nothing", LEAST)
    found = a.minus(b)
    return Number(found.value, found.low, found.high, least)


def _stated(counts: Counts) -> Stated:
    both = {(int(r["i"]), int(r["j"])): int(r["n0"]) for r in counts.rows.get("goal", ())}
    four = (both.get((1, 1), 0), both.get((1, 0), 0), both.get((0, 1), 0), both.get((0, 0), 0))
    fates = counts.fates()
    said, did = Share(four[0] + four[1], sum(four)), Share(fates.finished, fates.known)
    return Stated(share_of(said.k, said.n, LEAST), share_of(did.k, did.n, LEAST), four, _gap(said, did))
