"""Counts of moves → the touchpoint map. Pure; the counts add over days and hubs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from gensvar.explain.journeys.counts import bin_seconds
from gensvar.explain.journeys.errands import SEVERAL
from gensvar.explain.journeys.found import Counted, Fates, Link, Node, Refused, TouchpointMap, Voice
from gensvar.explain.journeys.infer import Heard, day_of
from gensvar.explain.journeys.touchpoints import CONTACT, POOLED, SUMS, THOUSAND, TOLD, Place, Plan
from gensvar.explain.journeys.voices import share_of, voice_of

LEAST: Final = 30
Row = Mapping[str, Any]


def map_found(plan: Plan, rows: Iterable[Row], named: Sequence[Row], heard: Heard, stray: Row) -> TouchpointMap:
    """rows: of `moves` and `sittings`; named: of `named_events` and `named_feedback`, for channels; stray: of `everybody`."""
    kept = list(rows)
    came = {int(r["i"]): r for r in kept if r["what"] == "node"}
    going, coming = defaultdict[int, list[Row]](list), defaultdict[int, list[Row]](list)
    for r in kept:
        if r["what"] == "move":
            going[int(r["i"])].append(r)
            coming[int(r["j"])].append(r)
    known, parties = plan.by_code, sum(int(r["n3"]) for r in came.values())
    told = _counted(stray, plan.pooled, parties)
    sat = {int(r["i"]): int(r["n0"]) for r in kept if r["what"] == "sitting"}
    marks = {c: _Marks(sat.get(c, 0), _channel(known[c], named)) for c in came}
    nodes = [_node(known[c], came[c], going[c], coming[c], parties, heard, marks[c]) for c in sorted(came)]
    links = [_link(known, r) for r in kept if r["what"] == "move" and r["j"] and r["i"] != r["j"]]
    refused = () if came else (Refused("map", "no_events" if not told.rows else "no_parties", told.nobody),)
    return TouchpointMap(
        tuple(sorted(nodes, key=lambda n: (n.order, n.key))), tuple(sorted(links, key=lambda k: (-k.moves, k.source, k.target))), told, refused
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Marks:
    """Sessions at a node; channel: the one it is met in, or SEVERAL."""

    sessions: int
    channel: str


def _channel(place: Place, named: Sequence[Row]) -> str:
    names = set(place.names)
    mine = [r for r in named if (r["touchpoint"], r.get("name") or r.get("kind"), r.get("step") or "") in names]
    channels = {c for r in mine for c in (r["low"], r["high"]) if c}
    return SEVERAL if len(channels) > 1 else "".join(channels)


def _counted(stray: Row, pooled: int, parties: int) -> Counted:
    """Doubles are left out of the map and not told apart from several answers of one moment."""
    return Counted(
        rows=int(stray["rows"] or 0), parties=parties, errands=0, since=day_of(stray["first"]), until=day_of(stray["last"]),
        nobody=int(stray["nobody"] or 0), future=int(stray["future"] or 0), ancient=int(stray["ancient"] or 0), pooled=pooled,
    )  # fmt: skip


def _sum(rows: Iterable[Row], name: str) -> int:
    at = {"n": 0, "parties": 1, **{s: i for i, s in enumerate(SUMS, 2)}}[name]
    return sum(int(r[f"n{at}"] or 0) for r in rows)


def typical(moves: Sequence[Row]) -> float | None:
    """The geometric mean of the times between, in seconds: near the median of times that are skewed."""
    n = _sum(moves, "n")
    return bin_seconds(_sum(moves, "bins") / n + 0.5) if n else None


def _node(place: Place, row: Row, going: Sequence[Row], coming: Sequence[Row], parties: int, heard: Heard, mark: _Marks) -> Node:
    visits, people = _sum(going, "n"), int(row["n1"])
    gone, stayed = [r for r in going if r["j"]], [r for r in going if not r["j"]]
    again = [r for r in gone if r["j"] == row["i"]]
    known = _sum(gone, "n") + _sum(stayed, "ripe")
    return Node(
        key=place.key, name=place.key.removeprefix("~"), source=_source(place.code), channel=mark.channel, visits=visits, parties=people,
        sessions=mark.sessions, reach=share_of(people, parties, LEAST), order=int(row["n2"]) / people / THOUSAND,
        goes_on=share_of(_sum(gone, "n") - _sum(again, "n"), known, LEAST), before_s=typical([r for r in coming if r["i"] != r["j"]]),
        after_s=typical([r for r in gone if r["i"] != r["j"]]), repeats=share_of(_sum(again, "n") - _sum(again, "pauses"), visits, LEAST),
        fates=_fates(gone, stayed), support=share_of(_sum(going, "supported"), visits, LEAST), voice=_voice(place, heard),
    )  # fmt: skip


def _source(code: int) -> Literal["events", "feedback", "pooled"]:
    return "pooled" if code == POOLED else "events" if code < TOLD else "feedback"


def _fates(gone: Sequence[Row], stayed: Sequence[Row]) -> Fates:
    """Of the visits that a contact or a pause followed. A contact later than soon is one of another channel."""
    calls, others = [r for r in gone if r["j"] >= CONTACT], [r for r in gone if r["j"] < CONTACT]
    ripe, soon = _sum(stayed, "ripe"), _sum(calls, "supported")
    return Fates(
        returned=_sum(others, "pauses") - _sum(others, "apart"), channel=_sum(others, "apart") + _sum(calls, "n") - soon, support=soon, left=ripe,
        unknown=_sum(stayed, "n") - ripe,
    )  # fmt: skip


def _voice(place: Place, heard: Heard) -> Voice:
    return next((v for v in (heard.voice(t) for t in dict.fromkeys((place.touchpoint, place.key)) if t) if v), voice_of({}, 0))


def _link(known: Mapping[int, Place], r: Row) -> Link:
    one = [r]
    return Link(
        known[r["i"]].key, known[r["j"]].key, moves=_sum(one, "n"), parties=_sum(one, "parties"), pauses=_sum(one, "pauses"),
        across=_sum(one, "across"), returns=_sum(one, "back"), seconds=typical(one),
    )  # fmt: skip
