"""What a journey may be declared of: names and steps that events really hold, kinds of feedback, with how often; and what it would count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import msgspec

from gensvar.explain.journeys import Journey, Step, journey_json
from gensvar.explain.journeys.rows import walker, within_span
from gensvar.explaining import journeys as core
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_journeys import AUDIENCE, MOST_ROWS, Asking, Standing, covered, source

MOST_MARKS: Final = 300
LOOKS: Final = (365, 91, 28)
"""Days that a preview looks over: the first of these that is not too much to wait for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What may tell a step, as `Step` says it. rows: how often it was seen in the last year."""

    event: str = ""
    step: str = ""
    touchpoint: str = ""
    kind: str = ""
    rows: int = 0

    @property
    def text(self) -> str:
        """As it is chosen.

        >>> Mark(event="booking_step", step="choose").text, Mark(kind="call", touchpoint="invoice").text
        ('booking_step: choose', 'feedback: call, invoice')
        """
        parts = ", ".join(p for p in (self.kind, self.touchpoint) if p)
        if self.kind:
            return f"feedback: {parts}"
        return ": ".join(p for p in (self.event, self.step) if p) + (f" at {self.touchpoint}" if self.touchpoint else "")

    @property
    def name(self) -> str:
        """What a step is called that nobody has given a name."""
        return self.step or self.event or self.touchpoint or self.kind

    def of(self, name: str = "") -> Step:
        """The step that it tells."""
        return Step(name=name or self.name, event=self.event, step=self.step, touchpoint=self.touchpoint, kind=self.kind)


@dataclass(frozen=True, slots=True)
class Marks:
    """marks: those seen most come first, at most MOST_MARKS of events and of feedback; more: there are others. touchpoints: that feedback names."""

    marks: tuple[Mark, ...]
    touchpoints: tuple[str, ...]
    more: bool = False


def mark_of(step: Step) -> Mark:
    """What tells a step that was declared."""
    return Mark(step.event, step.step, step.touchpoint, step.kind)


def seen(desk: HouseDesk) -> Marks:
    """Of the last year, within the reader's scope, without protected people and without what fewer people did than she may be shown."""

    def make() -> Marks:
        given, least = source(desk, Asking()), desk.scope.smallest_group(AUDIENCE)
        events, voices = within_span(given.events, given.span), within_span(given.voices, given.span)
        rows = [row for names in (["name"], ["name", "step"]) for row in given.rows(_counted(_stated(events, names), names, least))]
        said = [row for names in (["kind"], ["kind", "touchpoint"]) for row in given.rows(_counted(_stated(voices, names), names, least))]
        did = [Mark(r["name"], r.get("step", ""), rows=r["rows"]) for r in rows]
        told = [Mark("", "", r.get("touchpoint", ""), r["kind"], r["rows"]) for r in said]
        places = sorted({m.touchpoint for m in told if m.touchpoint})
        return Marks((*_most(did), *_most(told)), tuple(places), max(len(did), len(told)) > MOST_MARKS)

    return desk.kept(("journey marks",), make)


def _stated(rows: ir.Table, names: Sequence[str]) -> ir.Table:
    return rows.filter(*(rows[name].notnull() & (rows[name] != "") for name in names))


def _counted(rows: ir.Table, names: Sequence[str], least: int) -> ir.Table:
    """names, rows: the most common, each of so many people at least."""
    found = rows.group_by(list(names)).agg(rows=ibis._.count(), people=walker(rows, "party").nunique())
    return found.filter(found.people >= least).order_by(found.rows.desc(), *names).limit(MOST_MARKS + 1)


def _most(found: list[Mark]) -> list[Mark]:
    return sorted(found, key=lambda m: (-m.rows, m.text))[:MOST_MARKS]


def preview(desk: HouseDesk, journey: Journey, wait_s: float | None = None) -> Standing:
    """What the journey would count in what the reader may see, nothing kept: of the last year, or of fewer days where a year is too much.

    why: too_much where even four weeks are; counting where it takes longer than wait_s: it goes on, and whoever asks again finds it.
    """
    key = ("journey preview", msgspec.json.encode(journey_json(journey)))
    try:
        made = desk.kept(key, lambda: _preview(desk, journey), wait_s)
    except TimeoutError:
        return Standing(why="counting")
    return replace(made, found=made.found and covered(made.found, desk.scope.smallest_group(AUDIENCE)))


def _preview(desk: HouseDesk, journey: Journey) -> Standing:
    rows = 0
    for days in LOOKS:
        given: Any = replace(source(desk, Asking()), span=core.span_of(desk.house, desk.today(), days))
        rows = int(desk.house.engine.run(within_span(given.events, given.span).count()).column(0)[0].as_py())
        if rows <= MOST_ROWS:
            return Standing(core.counted_journeys(given, (journey,)), rows=rows)
    return Standing(why="too_much", rows=rows, most=MOST_ROWS)
