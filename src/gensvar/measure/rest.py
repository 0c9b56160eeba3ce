"""Each group against the rest of the table: higher, lower, no visible difference, or cannot tell."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from gensvar.measure.answer import Group, Hidden
from gensvar.measure.changes import Pair, changes
from gensvar.measure.fetch import Fetched
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import metric_of
from gensvar.measure.resolve import Resolved

Spot = tuple[str, tuple[str | None, ...]]


def with_rest(resolved: Resolved, fetched: Fetched, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups of a question that compares with the rest, each with its difference from all the others of its version; else just the same.

    Nothing is compared where protected people stand behind any of it: from a group and its rest the few between two questions could be told.
    """
    compare = resolved.question.compare
    if compare is None or compare.how != "rest" or not resolved.question.by or _protected(fetched):
        return groups
    places = tuple(fetched.dims.index(name) for name in resolved.question.by)
    seen = fetched.grouped(lambda row: (row.measure, tuple(row.values[i] for i in places)) if row.this else None)
    wholes: dict[str, Histogram] = defaultdict(Histogram)
    for (key, _), counted in seen.items():
        wholes[key] += counted
    pairs = {at: _pair(g, seen, wholes[g.measure.key], resolved.question.by) for at, g in enumerate(groups) if not isinstance(g.verdict, Hidden)}
    found = changes({at: pair for at, pair in pairs.items() if pair.that.n})
    return tuple(replace(g, change=found.get(at)) for at, g in enumerate(groups))


def _protected(fetched: Fetched) -> bool:
    audience = fetched.dims.index("audience")
    return bool(fetched.left) or any(row.values[audience] in fetched.protected for row in fetched.rows)


def _pair(group: Group, seen: Mapping[Spot, Histogram], whole: Histogram, by: tuple[str, ...]) -> Pair:
    own = seen.get((group.measure.key, tuple(group.key[name] for name in by)), Histogram())
    rest = less(whole, own)
    return Pair(group.measure, own, rest, group.verdict, metric_of(group.measure).verdict(rest, group.measure))


def less(whole: Histogram, part: Histogram) -> Histogram:
    """The whole without a part of it."""
    bins = tuple(a - b for a, b in zip(whole.bins, part.bins, strict=True))
    return Histogram(whole.n - part.n, whole.total - part.total, whole.squares - part.squares, bins)
