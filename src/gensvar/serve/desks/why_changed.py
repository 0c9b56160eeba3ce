"""What changed, as a reader may see it: the whole house's of last night for who sees all of it, else counted anew within her scope."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from gensvar.contracts import AUDIENCES
from gensvar.explain import changed
from gensvar.explain.changed import Feed, Key, Line, Seen
from gensvar.explaining.changed import KIND, feed
from gensvar.kit.scope import Scope
from gensvar.serve.desk import HouseDesk
from gensvar.stats.alarms import LEAST_BASE

FROM_TEXTS = frozenset({"theme"})
OF_PEOPLE = frozenset({"level", "topic", "friction"})
PATIENCE_S = 4.0


@dataclass(frozen=True, slots=True)
class Told:
    """feed: None where nothing has been looked at yet, or too few weeks have come in, or it is being counted. at: when that was; None where just now.

    whole: of all.
    """

    feed: Feed | None
    at: datetime | None
    whole: bool
    counting: bool = False


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


def told(desk: HouseDesk, wait_s: float | None = None) -> Told:
    """What moved in what this reader may see; nothing about groups that are too small to be shown to her.

    wait_s: no longer than that; the counting of her part goes on, and whoever asks again finds it.
    """
    protected = desk.house.settings.anonymous.names
    if desk.scope.rows:
        try:
            made = desk.kept((KIND,), lambda: feed(desk.house, desk.scope), wait_s)
        except TimeoutError:
            return Told(None, None, whole=False, counting=True)
        return Told(made and visible(made, desk.scope, protected), None, whole=False)
    kept = desk.house.ledger.findings.latest(KIND)
    if kept is None:
        return Told(None, None, whole=True)
    return Told(visible(changed.feed_from(kept.body), desk.scope, protected), kept.made_at, whole=True)


def asked(desk: HouseDesk, _: Nothing) -> Told:
    """The same, for the API and the command line."""
    return told(desk)


def visible(found: Feed, scope: Scope, protected: Iterable[str]) -> Feed:
    """Without lines whose counts are too small for the scope, and without themes where text may not be read."""
    floor = floor_of(scope, protected)
    lines = tuple(_shown(x, floor, scope) for x in found.lines if _may(x, floor, scope))
    return replace(found, lines=lines, seen=tuple(s for s in found.seen if _may_watch(s, floor, scope)))


def floor_of(scope: Scope, protected: Iterable[str]) -> int:
    """The smallest group that may be shown of any audience that is counted."""
    return max(scope.smallest_group(a) for a in AUDIENCES if a not in set(protected))


def _may(line: Line, floor: int, scope: Scope) -> bool:
    enough = floor <= 1 or line.kind not in OF_PEOPLE or min(line.now.n, line.was.n) >= floor
    return enough and _known(line.key, scope)


def _may_watch(seen: Seen, floor: int, scope: Scope) -> bool:
    """By what came in the fewest weeks that a series is held against."""
    enough = floor <= 1 or seen.kind not in OF_PEOPLE or seen.weekly * LEAST_BASE >= floor
    return enough and _known(seen.key, scope)


def _shown(line: Line, floor: int, scope: Scope) -> Line:
    return replace(line, also=tuple(k for k in line.also if _known(k, scope)), trace=line.trace if floor <= 1 else ())


def _known(key: Key, scope: Scope) -> bool:
    return scope.free_text or key.what not in FROM_TEXTS


def open_lines(found: Feed) -> tuple[Line, ...]:
    """What stands now: neither ended nor as every year, the latest told first."""
    return tuple(x for x in found.lines if x.ended is None and x.season != "alike")
