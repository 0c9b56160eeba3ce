"""What is found of journeys: the map, the funnels, the friction and the comparisons, as values that the ledger keeps and the pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import msgspec

from gensvar.explain.journeys.definition import Journey

KIND: Final = "journeys"
MAP, LIST = "map", "journeys"
"""Keys of the findings: the map; the journeys, one body for all of them."""
OTHER: Final = "…"
"""The key of the node that pools what is too rare to be a node of its own."""
Move = Literal["higher", "lower", "no visible difference", "cannot tell"]
Side = Literal["segment", "market", "channel", "feature", "before_after"]


@dataclass(frozen=True, slots=True)
class Number:
    """value with its 95 % interval low…high; n behind it. Where value is None, why: too_few (then least), nothing, one_kind or not_known."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """What is not told, and why, in a code: no_events, no_parties, too_few, too_many_steps, one_group, no_end, not_seen. n of least."""

    what: str
    why: str
    n: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted. rows: events and feedback with a time in the period; the rest was left out, each row for one reason.

    nobody: with neither party nor account (or session). future: after now. ancient: before 2000, which is a clock that was never set.
    doubles: the same step by the same party in the same millisecond. after a map's most common steps, pooled: how many names share one node.
    parties: who walk; errands: how often. since, until: first and last day counted. open: errands whose window is not over.
    """

    rows: int
    parties: int
    errands: int
    since: date | None
    until: date | None
    nobody: int = 0
    future: int = 0
    ancient: int = 0
    doubles: int = 0
    open: int = 0
    pooled: int = 0


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the errands that came to a step: each is one of these, and they add to all.

    straight: finished without standing still or being stopped. returned: finished after a pause or after being stopped, so the drop-off was
    temporary. channel: not finished; the next thing they did was in another channel. support: not finished; they called, wrote or chatted soon
    after. left: not finished, and nothing more. unknown: the window is not over yet, so nothing is said; they are not counted as lost.
    """

    straight: int = 0
    returned: int = 0
    channel: int = 0
    support: int = 0
    left: int = 0
    unknown: int = 0

    @property
    def finished(self) -> int:
        return self.straight + self.returned

    @property
    def lost(self) -> int:
        return self.channel + self.support + self.left

    @property
    def known(self) -> int:
        return self.finished + self.lost


@dataclass(frozen=True, slots=True)
class TopicSaid:
    """A topic of the feedback at a touchpoint: how many rows name it, and the mean tone they name it in (−1…1)."""

    topic: str
    n: int
    tone: float | None


@dataclass(frozen=True, slots=True)
class Voice:
    """What is said at a step or within the time after it. rows, parties: how much.

    sentiment −1…1; effort 0…1, where 1 is the most, from texts; ease: answers to effort questions, as effort 0…1 too. negative: share of texts
    below −0.2. stated: share of answers that say the goal was reached (gcr).
    """

    rows: int
    parties: int
    sentiment: Number
    effort: Number
    ease: Number
    negative: Number
    stated: Number
    topics: tuple[TopicSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One touchpoint of the map. key: `event`, `event:step`, or `~touchpoint` where it is known from feedback alone; OTHER pools rare ones.

    source: events, feedback. visits: rows; parties, sessions: who came, and in how many sessions; reach: share of all parties. order: mean place
    of the first visit among the party's touchpoints, 0 (first) to 1 (last). goes_on: share of visits after which the party came to another
    touchpoint within the window, of those whose window is over or that did. before_s, after_s: seconds since the touchpoint before and to the
    next, typically (geometric mean). repeats: share of visits that the same touchpoint follows straight, without a pause. fates: of visits that
    a contact or a pause followed: returned (to any touchpoint, within the window), channel (in another one), support (contact soon, as the
    next thing), left, unknown. support: share of visits with a call, ticket or chat within the time. voice: feedback at the touchpoint.
    """

    key: str
    name: str
    source: Literal["events", "feedback", "pooled"]
    channel: str
    visits: int
    parties: int
    sessions: int
    reach: Number
    order: float
    goes_on: Number
    before_s: float | None
    after_s: float | None
    repeats: Number
    fates: Fates
    support: Number
    voice: Voice


@dataclass(frozen=True, slots=True)
class Link:
    """Moves from one touchpoint to the next within the window. moves: times; parties: who; pauses: of moves, after a silence; seconds: typical.

    across: of moves, from one channel to another. returns: of moves, back to a touchpoint that the party had been to in the same errand.
    """

    source: str
    target: str
    moves: int
    parties: int
    pauses: int
    across: int
    returns: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class TouchpointMap:
    """From the first contact to loyalty: nodes by order, links by moves falling."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    counted: Counted
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFound:
    """One step of a journey. came: errands that came to it or further; had: errands that have it; in_order: had it and all before it, in order.

    goes_on: of errands that came this far and are known, the share that went further (of the last step: 1). of_all: of all errands known.
    to_next_s: median seconds from the first time here to the first time at the next step. repeats: share of errands with it that have it twice
    or more. stopped: errands that were blocked having come just this far (of the last step none: those went on to finish). ended: fates of the
    errands that came no further than here; a finished errand ended at the last step. support: of errands that had this step, the share with
    contact within support_hours of their last sign. voice: feedback at its touchpoint; where it has none, of the same parties within
    support_hours after an errand that came no further than here.
    """

    name: str
    came: int
    had: int
    in_order: int
    parties: int
    goes_on: Number
    of_all: Number
    to_next_s: float | None
    repeats: Number
    stopped: int
    ended: Fates
    support: Number
    voice: Voice


@dataclass(frozen=True, slots=True)
class Path:
    """A variant: the steps as they were taken, doubles in a row once; “!” where it was stopped. share: of all errands; finished: of those known."""

    steps: tuple[str, ...]
    errands: int
    share: Number
    finished: Number
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Friction:
    """Where it chafes: customers × lost completions × effort. customers: parties that an errand of ended here unfinished. come: errands that came.

    lost: the share of them that ended here unfinished, beyond that at the step of the journey that loses least. effort: 0…1, of those who were
    there, by effort questions or else by texts; where too few said so, that of the whole journey (effort_from: here, journey, nothing = 1).
    score: customers that come in a year × lost × effort; rank: 1 is the worst, with its interval; share: of all the scores together.
    """

    journey: str
    step: str
    customers: int
    come: int
    lost: Number
    effort: Number
    effort_from: Literal["here", "journey", "nothing"]
    score: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int
    share: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One group beside the rest, or after a day beside before: of errands that came to the step and are known, the share that went on.

    step: '' is the whole journey, finished or not. group: the value, or the feature's event, or after; here and there: the shares, with errands.
    difference in share with limits; p two-sided, from parties and not errands; q adjusted over all comparisons of the journey.
    """

    journey: str
    step: str
    by: Side
    group: str
    against: str
    here: Number
    there: Number
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    q: float | None
    move: Move


@dataclass(frozen=True, slots=True)
class Stated:
    """What they say of the goal beside what they did: stated: share of answers that say it was reached; observed: finished errands of those known.

    both: of errands of which both are known, counts [said yes & did, said yes & did not, said no & did, said no & did not].
    """

    stated: Number
    observed: Number
    both: tuple[int, int, int, int]
    gap: Number


@dataclass(frozen=True, slots=True)
class SupportAfter:
    """Contact with support within support_hours of their last sign: after being stopped, after breaking off, after finishing (what is usual)."""

    stopped: Number
    broken_off: Number
    finished: Number
    excess: Number


@dataclass(frozen=True, slots=True)
class JourneyFound:
    """One journey, counted. fates: of all its errands. seconds: median from the first sign to the last of finished errands.

    sessions, channels: share of errands with more than one; pauses: share with a pause. days: how many were counted.
    """

    journey: Journey
    counted: Counted
    steps: tuple[StepFound, ...]
    fates: Fates
    finished: Number
    seconds: float | None
    sessions: Number
    channels: Number
    pauses: Number
    paths: tuple[Path, ...]
    support: SupportAfter
    stated: Stated
    compared: tuple[Compared, ...]
    days: int = 365
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class JourneysFound:
    """All journeys, and where in them it chafes most, worst first. refused: journeys that are not told of."""

    journeys: tuple[JourneyFound, ...]
    friction: tuple[Friction, ...]
    refused: tuple[Refused, ...] = ()


def found_json(found: TouchpointMap | JourneysFound | JourneyFound) -> dict[str, Any]:
    """Plain types, for the ledger's findings and for JSON."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def map_from(plain: Mapping[str, Any]) -> TouchpointMap:
    """The map that `found_json` wrote."""
    return msgspec.convert(dict(plain), TouchpointMap)


def journeys_from(plain: Mapping[str, Any]) -> JourneysFound:
    """The journeys that `found_json` wrote."""
    return msgspec.convert(dict(plain), JourneysFound)
