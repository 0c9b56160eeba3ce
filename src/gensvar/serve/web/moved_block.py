"""What moved week by week, as Home tells it: the three lines of the last look that matter most, each with its proof; nothing is counted for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from gensvar.explain.changed import Feed, Kind, Line, feed_from
from gensvar.explaining.changed import KIND
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.desks import why_changed as desk
from gensvar.serve.web.changed_page import LineView, Teller, line_view

MOST: Final = 3
State = Literal["told", "part", "waiting"]
SAID_FIRST: Final[tuple[Kind, ...]] = ("level", "topic", "friction", "volume", "quality")
"""What customers say and do comes before how much comes in, and that before how well it came in."""


@dataclass(frozen=True, slots=True)
class Moved:
    """state: told; part, where the reader sees a part only, which is counted when she asks for it; waiting, where nobody has looked yet.

    lines: those that matter most; standing: how many there are.
    """

    state: State
    lines: tuple[Line, ...] = ()
    standing: int = 0


@dataclass(frozen=True, slots=True)
class MovedBlock:
    headline: str
    lines: tuple[LineView, ...]
    more: str


def last_feed(house: House) -> Feed | None:
    """The feed of the last look over the whole house."""
    kept = house.ledger.findings.latest(KIND)
    return feed_from(kept.body) if kept else None


def moved(feed: Callable[[], Feed | None], scope: Scope, house: House) -> Moved:
    """What this reader's Home tells of it."""
    if scope.rows:
        return Moved("part")
    found = feed()
    if found is None:
        return Moved("waiting")
    lines = desk.open_lines(desk.visible(found, scope, house.settings.anonymous.names))
    return Moved("told", tuple(sorted(lines, key=_matters)[:MOST]), len(lines))


def _matters(x: Line) -> tuple[bool, int, float]:
    """What may be a source's trouble last; then by kind; the surest first."""
    return bool(x.trouble), SAID_FIRST.index(x.kind), x.p


def moved_block(found: Moved, teller: Teller) -> MovedBlock:
    """The same in words."""
    w = teller.words
    if found.state == "part":
        return MovedBlock(w("What moved from week to week in your own part is counted when you open it."), (), w("See what moved"))
    more = w("All that moved, and what could not have been seen")
    if found.state == "waiting":
        return MovedBlock(w("What moves from week to week has not been looked at yet; that is done each night."), (), more)
    if not found.standing:
        return MovedBlock(w("Week by week, nothing moves beyond chance."), (), more)
    headline = w.many("Week by week, one change still stands.", "Week by week, {n} changes still stand.", found.standing)
    return MovedBlock(headline, tuple(line_view(x, teller) for x in found.lines), more)
