"""Journeys that the data itself shows, nobody having declared them: an event that has steps, or an event that says done and what leads to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.definition import MOST_STEPS, Journey, Step
from gensvar.explain.journeys.found import Refused
from gensvar.explain.journeys.rows import Span, milliseconds, walker, within_span

MOST_NAMES: Final = 2000
LEAST_ROWS: Final = 100
STEP_WORDS: Final = ("_step", ".step", " step", "-step", "_stage", ".stage")
DONE_WORDS: Final = ("done", "completed", "complete", "finished", "success", "succeeded", "confirmed", "paid", "submitted")
BLOCKED_WORDS: Final = ("blocked", "failed", "error", "declined", "rejected", "denied", "aborted")
OFTEN: Final = 0.5
"""Of those who were done, the share that must have come by an event before it is taken for a step on the way."""
MOST_ENDS: Final = 3
SUGGESTED_STEPS: Final = 6
Row = Mapping[str, Any]


def names(events: ir.Table, span: Span) -> ir.Table:
    """name, step, rows: the most common pairs."""
    rows = within_span(events, span)
    found = rows.group_by("name", "step").agg(rows=rows.name.count().cast("int64"))
    return found.order_by(found.rows.desc(), found.name, found.step).limit(MOST_NAMES)


def order(events: ir.Table, name: str, steps: Sequence[str], span: Span) -> ir.Table:
    """step, place: the mean rank of a step's first time among the steps of the same party and hour. steps: at most MOST_STEPS."""
    rows = within_span(events.filter(events.name == name, events.step.isin(sorted(steps))), span)
    who = ibis.coalesce(rows.session, walker(rows, "party").cast("string"))
    first = rows.select("step", who=who, at=milliseconds(rows.occurred_at)).group_by("who", "step").agg(at=ibis._.at.min())
    placed = first.mutate(place=ibis.row_number().over(ibis.window(group_by="who", order_by=["at", "step"])))
    found = placed.group_by("step").agg(n=placed.place.count().cast("int64"), places=placed.place.sum().cast("int64"))
    return found.order_by("step")


def with_steps(rows: Iterable[Row]) -> Mapping[str, tuple[str, ...]]:
    """The event names that have steps, and a sign of an end: name → its steps, the most common first."""
    steps, plain = defaultdict[str, list[str]](list), set[str]()
    for row in rows:
        plain.add(row["name"])
        if row["step"] and row["rows"] >= LEAST_ROWS and row["name"].endswith(STEP_WORDS):
            steps[row["name"]].append(row["step"])
    return {name: tuple(found) for name, found in steps.items() if len(found) > 1 or _ends(name, plain, DONE_WORDS)}


def stem(name: str) -> str:
    """What the step's event is about: payment_step → payment.

    >>> stem("payment_step")
    'payment'
    """
    return next((name.removesuffix(word) for word in STEP_WORDS if name.endswith(word)), name)


def _ends(name: str, known: Iterable[str], words: tuple[str, ...]) -> list[str]:
    """Other events of the same stem that say how it ended."""
    return sorted(k for k in known if k != name and k.startswith(stem(name)) and k.endswith(words))


def ends(rows: Sequence[Row]) -> tuple[str, ...]:
    """Events that say done and are not the end of an event with steps, the most common first: what leads to them may be a journey."""
    taken = {stem(name) for name in with_steps(rows)}
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        total[row["name"]] += row["rows"]
    found = [n for n in total if n.endswith(DONE_WORDS) and total[n] >= LEAST_ROWS and not any(n.startswith(t) for t in taken)]
    return tuple(sorted(found, key=lambda n: (-total[n], n))[:MOST_ENDS])


def leading(events: ir.Table, end: str, span: Span) -> ir.Table:
    """name, n, places: of parties that were done, how many had come by each event before their first end, and the sum of its place among them."""
    rows = within_span(events, span)
    first = rows.select("name", who=walker(rows, "party"), at=milliseconds(rows.occurred_at)).group_by("who", "name").agg(at=ibis._.at.min())
    done = first.filter(first.name == end).select(walked="who", ended="at")
    before = first.inner_join(done, first.who == done.walked)
    before = before.filter((before.at < before.ended) | (before.name == end))
    placed = before.mutate(place=ibis.row_number().over(ibis.window(group_by="who", order_by=["at", "name"])))
    found = placed.group_by("name").agg(n=placed.place.count().cast("int64"), places=placed.place.sum().cast("int64"))
    return found.order_by(found.n.desc(), found.name).limit(MOST_NAMES)


def found_journeys(
    rows: Sequence[Row], places: Mapping[str, Sequence[Row]], leads: Mapping[str, Sequence[Row]], touchpoints: Iterable[str]
) -> tuple[list[Journey], list[Refused]]:
    """rows: of `names`; places: event name → rows of `order`; leads: end → rows of `leading`; touchpoints: those that feedback names.

    With what cannot be a journey, and why.
    """
    known, heard = {row["name"] for row in rows}, set(touchpoints)
    made, refused = list[Journey](), list[Refused]()
    for name, steps in with_steps(rows).items():
        if len(steps) > MOST_STEPS - 1:
            refused.append(Refused(name, "too_many_steps", len(steps), MOST_STEPS - 1))
            continue
        made += _stepped(name, places.get(name, ()), known, heard)
    made += [j for end, before in leads.items() for j in _led(end, before, known, heard)]
    return made, refused


def _stepped(name: str, places: Iterable[Row], known: set[str], heard: set[str]) -> list[Journey]:
    ordered = sorted(places, key=lambda r: (r["places"] / r["n"], r["step"]))
    steps = [Step(name=row["step"], event=name, step=row["step"]) for row in ordered]
    done = _ends(name, known, DONE_WORDS)[:1]
    steps += [Step(name="done" if "done" not in {s.name for s in steps} else d, event=d) for d in done]
    return _journey(stem(name), steps, _ends(name, known, BLOCKED_WORDS), heard)


def _led(end: str, before: Sequence[Row], known: set[str], heard: set[str]) -> list[Journey]:
    """The events that most of those who were done had come by, in the order in which they first did."""
    done = next((row["n"] for row in before if row["name"] == end), 0)
    often = [row for row in before if row["name"] != end and row["n"] >= OFTEN * done and not row["name"].endswith(BLOCKED_WORDS)]
    ordered = sorted(often[:SUGGESTED_STEPS], key=lambda r: (r["places"] / r["n"], r["name"]))
    steps = [*(Step(name=row["name"], event=row["name"]) for row in ordered), Step(name=end, event=end)]
    about = next((end.removesuffix(word).rstrip("_-. ") for word in DONE_WORDS if end.endswith(word)), end)
    return _journey(about or end, steps, [k for k in sorted(known) if about and k.startswith(about) and k.endswith(BLOCKED_WORDS)], heard)


def _journey(about: str, steps: Sequence[Step], stops: Iterable[str], heard: set[str]) -> list[Journey]:
    if len(steps) < 2:
        return []
    said = {s.name: t for s in reversed(steps) for t in (about, s.event, s.step) if t and t in heard}
    return [Journey(key=about, name=about, steps=tuple(steps), blocked=tuple(Step(name=b, event=b) for b in stops), touchpoints=said)]
