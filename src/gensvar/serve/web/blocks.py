"""The building block of every page with numbers: a sentence, the chart that proves it, the same as a table, and how we know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gensvar.contracts import Measure
from gensvar.measure.answer import Answer, Estimate, Group
from gensvar.measure.metrics import metric_of
from gensvar.serve.web.charts import groups_chart, trend_chart
from gensvar.serve.web.figures import figure, interval
from gensvar.serve.web.noted import Mark as Marked
from gensvar.serve.web.noted import Noted, gathered, in_step
from gensvar.serve.web.words import Mark, Tone, Words


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart in words. texts: how many columns from the left are text; the rest are figures."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and its table. spec: Vega-Lite, or None where there is nothing that may be drawn; then `why` says so. notes: annotations on it.

    save: where it is had as a file, {form} standing for the ending; empty where it is not.
    """

    title: str
    table: Table
    spec: dict[str, Any] | None = None
    why: str = ""
    kind: str = "trend"
    notes: tuple[Noted, ...] = ()
    save: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One group's verdict, ready to be read."""

    mark: Mark
    mark_name: str
    tone: Tone
    sentence: str
    figure: str = ""
    interval: str = ""
    n: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    text: str


def verdict(g: Group, words: Words) -> Verdict:
    """What a group's numbers say, in the reader's language."""
    mark, e = words.mark(g), g.verdict
    said = Verdict(mark, words.mark_name(mark), words.tone(g), g.sentence)
    if not isinstance(e, Estimate):
        return replace(said, why=words.no_number(e))
    return replace(said, figure=figure(g.measure, e, words.language), interval=interval(g.measure, e, words.language), n=words.number(e.n))


def newest(answer: Answer) -> Group | None:
    """The group of the newest version of the measure, where the answer is of the whole."""
    return max(answer.groups, key=lambda g: g.measure.version, default=None)


def trend_view(
    answer: Answer,
    words: Words,
    title: str,
    group: Group | None = None,
    span: tuple[float, float] | None = None,
    notes: Sequence[Noted] = (),
) -> Drawn:
    """The trend of the whole, or of one group of the answer, with what was noted in its time."""
    key = dict(group.key) if group else {}
    groups = [g for g in answer.groups if dict(g.key) == key]
    marks = gathered(notes, [p.start for g in groups for p in g.trend], answer.question.grain)
    shown = tuple(note for mark in marks for note in mark.notes)
    table = _trend_table(title, groups, marks, words)
    if not any(isinstance(p.verdict, Estimate) for g in groups for p in g.trend):
        return Drawn(title, table, why=_why_none(groups, words), notes=shown)
    return Drawn(title, table, trend_chart(answer, words.language, key, span, marks), notes=shown)


def _trend_table(title: str, groups: Sequence[Group], marks: Sequence[Marked], words: Words) -> Table:
    """The steps as rows; with a column for what was noted where anything was."""
    head, rows = (words("from"), words("value"), words("95 % interval"), words("answers")), _trend_rows(groups, words)
    if not marks:
        return Table(title, head, tuple(row for _, row in rows))
    noted = tuple((row[0], in_step(marks, start), *row[1:]) for start, row in rows)
    return Table(title, (head[0], words("what happened"), *head[1:]), noted, texts=2)


def groups_view(answer: Answer, words: Words, title: str) -> Drawn:
    """Every group of the answer beside each other."""
    head = (words("group"), words("change"), words("value"), words("95 % interval"), words("answers"), words("before"))
    table = Table(title, head, tuple(_group_rows(answer.groups, words)), texts=2)
    if not any(isinstance(g.verdict, Estimate) for g in answer.groups):
        return Drawn(title, table, why=_why_none(answer.groups, words), kind="groups")
    return Drawn(title, table, groups_chart(answer, words.language), kind="groups")


def _why_none(groups: Sequence[Group], words: Words) -> str:
    if not groups:
        return words("No answers in this period.")
    if len(groups) == 1 and (why := words.no_number(groups[0].verdict)):
        return why[0].upper() + why[1:] + "."
    return words("Too few answers in each part to say anything.")


def _cells(measure: Measure, v: object, words: Words) -> tuple[str, str, str]:
    if isinstance(v, Estimate):
        return figure(measure, v, words.language), interval(measure, v, words.language), words.number(v.n)
    n = getattr(v, "n", None)
    return "–", "–", words.number(n) if n is not None else "–"


def _trend_rows(groups: Sequence[Group], words: Words) -> Iterable[tuple[date, tuple[str, ...]]]:
    several = len({g.measure.key for g in groups}) > 1
    for g in sorted(groups, key=lambda g: g.measure.version):
        for point in g.trend:
            name = words.day(point.start) + (f" (v{g.measure.version})" if several else "")
            yield point.start, (name, *_cells(g.measure, point.verdict, words))


def _group_rows(groups: Sequence[Group], words: Words) -> Iterable[tuple[str, ...]]:
    several = len({g.measure.key for g in groups}) > 1
    for g in groups:
        then = _cells(g.measure, g.change.then, words)[0] if g.change else "–"
        yield (words.group(g, versioned=several), words.mark_name(words.mark(g)), *_cells(g.measure, g.verdict, words), then)


METHODS = {
    "share": "A share with Wilson’s 95 % interval; a difference with Newcombe’s.",
    "points": "A balance of two shares with an adjusted Wald 95 % interval.",
    "scale": "A mean with a t interval, 95 %, kept inside the scale; a difference with Welch’s.",
}


def how_we_know(answer: Answer, words: Words) -> tuple[Fact, ...]:
    """Question, n, definition and version, method and rows: what a careful reader checks."""
    measures = {g.measure.key: g.measure for g in answer.groups}
    facts = [Fact(words("What was asked"), _wording(m, words)) for m in measures.values() if _wording(m, words)]
    for m in measures.values():
        scale = f"{words.number(m.low)}–{words.number(m.high)}"
        text = words("{says}, scale {scale}, version {version}", says=words(metric_of(m).says), scale=scale, version=m.version)
        facts.append(Fact(words("Definition"), text + (f", {words('owner')} {m.owner}" if m.owner else "")))
    n = sum(n for g in answer.groups if (n := getattr(g.verdict, "n", 0)))
    facts.append(Fact(words("Answers"), words.number(n)))
    facts.extend(Fact(words("Method"), words(METHODS[u])) for u in sorted({metric_of(m).unit for m in measures.values()}))
    if answer.question.compare:
        facts.append(Fact(words("Comparisons"), words("Adjusted for how many were made (Benjamini–Hochberg).")))
    facts.append(Fact(words("Rows"), words("Counted from the table {table}, state {epoch}.", table=answer.source, epoch=answer.epoch)))
    facts.extend(Fact(words("Note"), note) for note in answer.notes)
    return tuple(facts)


def _wording(m: Measure, words: Words) -> str:
    text = m.wording.get(words.language) or m.wording.get("en", "")
    return f"“{text}” (v{m.version})" if text else ""
