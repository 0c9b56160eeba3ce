"""The parts of a change by what is spoken of: how often each topic is, in each tone, and how those score who speak of it. No answer counts twice."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from gensvar.contracts.measures import Measure
from gensvar.contracts.topics import parent_of
from gensvar.explain.change.found import OTHERS, CellPart, Part, Spoken
from gensvar.explain.change.parts import parts_of
from gensvar.explain.change.speaking import BARE, BETWEEN, SILENT
from gensvar.measure.local import Grid
from gensvar.measure.metrics import metric_of
from gensvar.measure.plan import COUNTED
from gensvar.stats.decompose import Belongs, Numbers, Tally, TwoFold

LEAST_TOPIC = 15  # answers on each side that speak of a topic in a tone; an answer that speaks of two is half in each
NO_TEXT, NO_TOPIC = "\0silent", "\0bare"
MOODS: Mapping[str, str] = {"-": "bad", "0": "mixed", "+": "good"}
PLAIN = frozenset({OTHERS, NO_TEXT, NO_TOPIC})


@dataclass(frozen=True)
class Said:
    """What is said, each once (patterns), and the answers of both sides that say so: patterns × 2 × 14; this side first."""

    measure: Measure
    patterns: tuple[str, ...]
    counts: Numbers

    @classmethod
    def of(cls, table: pa.Table, measure: Measure, left_out: Container[str] = ()) -> "Said":
        """From what was counted; the same topics in another order are the same. left_out: topics that count as if nothing were said of them."""
        names = [_plain(said, left_out) for said in table["said"].to_pylist()]
        patterns = sorted(set(names))
        place = {name: at for at, name in enumerate(patterns)}
        counts = np.zeros((len(patterns), 2, len(COUNTED)))
        lines = zip(names, table["this"].to_pylist(), zip(*(table[name].to_pylist() for name in COUNTED), strict=True), strict=True)
        for name, this, numbers in lines:
            counts[place[name], 0 if this else 1] += [float(number or 0) for number in numbers]
        return cls(measure, tuple(patterns), counts)

    @cached_property
    def grid(self) -> Grid:
        """As a grid of two stretches of time, so that answers are worth what they are in the metric."""
        return Grid(self.measure, (), (), np.zeros((len(self.patterns), 0), np.int64), self.counts, np.array([True, False]))

    def side(self, at: int) -> Tally:
        return Tally(*(part[:, at] for part in (self.grid.sums.n, self.grid.sums.total, self.grid.sums.squares)))


def _plain(said: str, left_out: Container[str]) -> str:
    """What a response says, in order and without what is left out."""
    if said in {SILENT, BARE}:
        return said
    return BETWEEN.join(sorted(term for term in said.split(BETWEEN) if term[:-1] not in left_out)) or BARE


def by_topic(said: Said, least: int) -> Spoken:
    """The parts by topic and tone; refused where a side has too few answers, or too few whose response holds a text that was read."""
    n = tuple(round(float(said.side(at).n.sum())) for at in (0, 1))
    silent = np.array([p == SILENT for p in said.patterns], np.bool_)
    read = tuple(n[at] - round(float(said.side(at).n[silent].sum())) for at in (0, 1))
    about = Spoken(n=(n[0], n[1]), read=(read[0], read[1]))
    if min(*n, *read) < max(least, metric_of(said.measure).least):
        return Spoken(why="few", n=about.n, read=about.read)
    items = told_apart(said, max(least, LEAST_TOPIC))
    names = sorted({item for each in items for item in each})
    fold = TwoFold(said.side(0), said.side(1), belonging(items, names), said.grid.prior)
    whole, mix, level = parts_of(fold, [fold.whole(), fold.mix(), fold.level()])
    cells = tuple(_cell(said, fold, items, name, at, mix[at], level[at]) for at, name in enumerate(names))
    return Spoken(whole[0], whole[1], cells, "", about.n, about.read)


def told_apart(said: Said, least: int) -> list[tuple[str, ...]]:
    """What each pattern is counted under: its narrowest topics with their tone; where too few say so, the topic that it is part of, or others."""
    items = [_narrowest(p) for p in said.patterns]
    for wider in (_parent, _other):
        few = _few(said, items, least)
        items = [tuple(dict.fromkeys(wider(i) if i in few else i for i in each)) for each in items]
    return _with_enough_others(said, items, least)


def _narrowest(pattern: str) -> tuple[str, ...]:
    """Topics with the sign of their tone; a topic gives way to its own parts."""
    if pattern == SILENT:
        return (NO_TEXT,)
    if pattern == BARE:
        return (NO_TOPIC,)
    terms = pattern.split(BETWEEN)
    return tuple(t for t in terms if not any(other[:-1].startswith(f"{t[:-1]}.") for other in terms))


def _parent(item: str) -> str:
    return item if item in {NO_TEXT, NO_TOPIC} else (parent_of(item[:-1]) or item[:-1]) + item[-1]


def _other(_: str) -> str:
    return OTHERS


def _few(said: Said, items: Sequence[tuple[str, ...]], least: int) -> set[str]:
    """The items with answers on a side, but with fewer than `least`, each answer shared out over what it says."""
    sides = _shared_out(said, items)
    return {item for item, (a, b) in sides.items() if min(a, b) < least}


def _shared_out(said: Said, items: Sequence[tuple[str, ...]]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for each, (a, b) in zip(items, said.grid.sums.n.tolist(), strict=True):
        for item in each:
            x, y = found.get(item, (0.0, 0.0))
            found[item] = x + a / len(each), y + b / len(each)
    return found


def _with_enough_others(said: Said, items: list[tuple[str, ...]], least: int) -> list[tuple[str, ...]]:
    """The same, with the smallest items made a part of the others until those are enough."""
    sides = _shared_out(said, items)
    while OTHERS in sides and min(sides[OTHERS]) < least and len(sides) > 1:
        smallest = min((i for i in sides if i != OTHERS), key=lambda i: (min(sides[i]), i))
        items = [tuple(dict.fromkeys(OTHERS if i == smallest else i for i in each)) for each in items]
        sides = _shared_out(said, items)
    return items


def belonging(items: Sequence[tuple[str, ...]], names: Sequence[str]) -> Belongs:
    """Each pattern shared out evenly over what it says."""
    place = {name: at for at, name in enumerate(names)}
    cells = np.array([place[i] for each in items for i in each], np.int64)
    weights = np.array([1 / len(each) for each in items for _ in each])
    starts = np.cumsum([0, *(len(each) for each in items)])[:-1].astype(np.int64)
    return Belongs(cells, weights, starts, len(names))


def _cell(said: Said, fold: TwoFold, items: Sequence[tuple[str, ...]], name: str, at: int, mix: Part, level: Part) -> CellPart:
    mask = np.array([name in each for each in items], np.bool_)
    now, then = (said.grid.histogram(mask, this=this) for this in (True, False))
    verdicts = [metric_of(said.measure).verdict(seen, said.measure) for seen in (now, then)]
    shares = [float(side[at]) for side in fold.shares]
    topic, tone = (name, "") if name in PLAIN else (name[:-1], MOODS[name[-1]])
    return CellPart(topic, verdicts[0], verdicts[1], shares[0], shares[1], mix, level, "", tone)
