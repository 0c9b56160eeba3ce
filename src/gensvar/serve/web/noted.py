"""Annotations as a chart shows them: gathered by the step of the trend that holds their day, each step with one label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gensvar.measure.periods import step_of
from gensvar.measure.question import Grain

LABELLED, LONGEST = 3, 26


@dataclass(frozen=True, slots=True)
class Noted:
    """place: where it holds, in the reader's words; empty where it holds for all that the chart shows. mine: whether the reader may remove it."""

    id: int
    day: date
    text: str
    place: str = ""
    by: str = ""
    mine: bool = False

    @property
    def says(self) -> str:
        """Its text, with the place before it where it holds for a part of the chart only."""
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass(frozen=True, slots=True)
class Mark:
    """One step with what was noted there, oldest first. row: of its label above the chart, from 0; None where it has none."""

    start: date
    notes: tuple[Noted, ...]
    row: int | None

    @property
    def label(self) -> str:
        """The first of its notes, cut to what a narrow chart can hold, and how many more there are."""
        more = f" +{len(self.notes) - 1}" if len(self.notes) > 1 else ""
        text = self.notes[0].says
        return (text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…") + more


def gathered(notes: Iterable[Noted], starts: Sequence[date], grain: Grain | None) -> tuple[Mark, ...]:
    """A mark for each step that has notes, by time; the latest three bear labels. Notes outside the chart's time are left out."""
    steps: dict[date, list[Noted]] = {}
    for note in sorted(notes, key=lambda n: (n.day, n.id)):
        step = step_of(note.day, grain or "month")
        if starts and min(starts) <= step <= max(starts):
            steps.setdefault(step, []).append(note)
    marked = sorted(steps)
    rows = {start: row for row, start in enumerate(reversed(marked[-LABELLED:]))}
    return tuple(Mark(start, tuple(steps[start]), rows.get(start)) for start in marked)


def in_step(marks: Sequence[Mark], start: date) -> str:
    """What was noted in the step that begins here, for a table's cell."""
    return "; ".join(_told(marks, start))


def _told(marks: Sequence[Mark], start: date) -> Iterator[str]:
    for mark in marks:
        if mark.start == start:
            yield from (note.says for note in mark.notes)
