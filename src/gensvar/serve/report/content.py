"""A report as a value: every sentence and figure on it, ready to be set. Pure: from answers to words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gensvar.contracts import Measure
from gensvar.kit.scope import Scope
from gensvar.measure.answer import Answer, Change, Estimate, Group, TooFew
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import digits_of
from gensvar.serve.export.question import against_in_words, filters, period_in_words
from gensvar.serve.report.asking import MOST_MEASURES, Reported, Wanted
from gensvar.serve.web.blocks import METHODS, Drawn, groups_view, newest, trend_view
from gensvar.serve.web.charts import Spec
from gensvar.serve.web.figures import figure, interval
from gensvar.serve.web.standing import comparisons
from gensvar.serve.web.words import Words

MOST_DRAWN, MOST_BESIDE, MOST_CUT = 6, 3, 8
NONE = "–"
NOT_ZERO = frozenset("123456789")
READING = (
    "A number is given with its 95 % interval in brackets: the truth most likely lies inside it. A change is named only where it is larger than"
    " chance explains. That something cannot be told yet means that more answers are needed, not that nothing has happened."
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence with its mark. tone: better, worse or none."""

    mark: str
    mark_name: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that changed: the sentence, its figures in short, what else changed in the same measure, and the chart that shows it.

    drawn: among the first, which get room for it.
    """

    said: Said
    figures: str
    beside: tuple[Said, ...]
    chart: Spec | None
    chart_title: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of every number; cells as they are printed."""

    measure: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    title: str
    text: str
    asked: str


@dataclass(frozen=True, slots=True)
class Report:
    """language: of every word. scope: what is counted; changed, same, unknown, standing: the findings by what may be said of them."""

    language: str
    title: str
    subtitle: str
    scope: str
    made: date
    made_text: str
    headline: str
    comment: tuple[str, ...]
    changed: tuple[Finding, ...]
    same: tuple[Said, ...]
    unknown: tuple[Said, ...]
    standing: tuple[Said, ...]
    quiet: str
    compared: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    definitions: tuple[Definition, ...]
    methods: tuple[str, ...]
    notes: tuple[str, ...]
    labels: Mapping[str, str]


def report_of(found: Sequence[Reported], wanted: Wanted, scope: Scope, today: date, words: Words) -> Report:
    """The report that these answers make. Of more measures than it holds, those with the fewest answers are left out, and counted."""
    found, left_out = list(found), max(0, len(found) - MOST_MEASURES)
    if left_out:
        kept = sorted(found, key=lambda r: -sum(map(_answers, r.whole.groups)))[:MOST_MEASURES]
        found = [r for r in found if r in kept]
    heard = [r for r in found if any(_answers(g) for g in r.whole.groups)]
    silent = [r.measure.title(words.language) for r in found if r not in heard]
    changed = [(r, moved) for r in heard if (moved := _moved(r))]
    still = [g for r in heard if not _moved(r) and (g := newest(r.whole))]
    compared = comparisons([a for r in heard for a in (r.whole, *r.cuts.values())])
    first = found[0].whole if found else None
    return Report(
        language=words.language,
        title=wanted.title.strip() or words("What changed, and what did not"),
        subtitle=_subtitle(first, words),
        scope=scope_in_words(scope, first, words),
        made=today,
        made_text=words.day(today),
        headline=_headline(sum(len(moved) for _, moved in changed), compared, heard, words),
        comment=tuple(" ".join(p.split()) for p in wanted.comment.split("\n\n") if p.strip()),
        changed=tuple(_finding(r, moved, i < MOST_DRAWN, words) for i, (r, moved) in enumerate(sorted(changed, key=lambda c: _surest(c[1])))),
        same=tuple(_said(g, words) for g in still if g.change and g.change.move == "no visible change"),
        unknown=tuple(
            _said(g, words) for g in sorted(still, key=_wanting) if (g.change is None and not isinstance(g.verdict, Estimate)) or _untold(g)
        ),
        standing=tuple(_said(g, words) for g in still if g.change is None and isinstance(g.verdict, Estimate)),
        quiet=words("No answers in this period: {names}.", names=", ".join(silent)) if silent and heard else "",
        compared=_comparisons(compared, words),
        head=_head(words),
        lines=tuple(_line(g, words) for r in heard if (g := newest(r.whole))),
        definitions=tuple(definition(r.measure, words) for r in found),
        methods=tuple(words(METHODS[unit]) for unit in sorted({metric_of(r.measure).unit for r in found})),
        notes=(*_left_out(left_out, words), *dict.fromkeys(note for r in heard for note in r.whole.notes)),
        labels=labels(words),
    )


def _left_out(n: int, words: Words) -> Iterator[str]:
    if n:
        yield words.many("One measure with fewer answers is left out.", "{n} measures with fewer answers are left out.", n)


def labels(words: Words) -> dict[str, str]:
    """The headings that the template sets."""
    return {
        "changed": words("What changed"), "same": words("What did not change"), "unknown": words("What cannot be told yet"),
        "standing": words("How things stand"), "numbers": words("Every number"), "method": words("Definitions and method"),
        "read": words("How to read the report"), "reading": words(READING),
        "asked": words("What was asked"), "page": words("page {page} of {pages}", page="{page}", pages="{pages}"),
    }  # fmt: skip


def _answers(g: Group) -> int:
    return getattr(g.verdict, "n", 1)


def _moved(r: Reported) -> list[Group]:
    """What changed in one measure: the whole first, then its parts, surest first."""
    parts = [g for a in r.cuts.values() for g in a.groups if g.change and g.change.move in {"rose", "fell"}]
    whole = [g for g in r.whole.groups if g.change and g.change.move in {"rose", "fell"}]
    return [*whole, *sorted(parts, key=_q)]


def _q(g: Group) -> float:
    return g.change.q or 0.0 if g.change else 1.0


def _surest(moved: Sequence[Group]) -> tuple[bool, float]:
    return bool(moved[0].key), _q(moved[0])


def _wanting(g: Group) -> tuple[bool, int]:
    """What order things that cannot be told stand in: first those with a number, then those without; among each, the nearest to being known."""
    short = g.verdict.least - g.verdict.n if isinstance(g.verdict, TooFew) else 0
    return not isinstance(g.verdict, Estimate), short or (g.change.more if g.change else 0)


def _untold(g: Group) -> bool:
    return g.change is not None and g.change.move == "cannot tell"


def _said(g: Group, words: Words) -> Said:
    mark = words.mark(g)
    return Said(mark, words.mark_name(mark), words.tone(g), g.sentence)


def _finding(r: Reported, moved: Sequence[Group], drawn: bool, words: Words) -> Finding:
    """The surest change of a measure leads; the whole stands beside where it did not move itself."""
    lead = moved[0]
    whole = newest(r.whole)
    beside = [*([whole] if whole and lead.key else []), *moved[1:]][: MOST_BESIDE if drawn else 0]
    view = _chart(r, lead, words) if drawn else None
    return Finding(
        _said(lead, words), difference_in_words(lead, words), tuple(_said(g, words) for g in beside), view.spec if view else None,
        view.title if view else "", drawn,
    )  # fmt: skip


def _chart(r: Reported, lead: Group, words: Words) -> Drawn:
    """The last year of the whole; where only a part moved, the parts beside each other."""
    if not lead.key:
        return trend_view(r.trend, words, words("Last 12 months, by month"))
    dimension = next(iter(lead.key))
    cut = r.cuts[dimension]
    current = [g for g in cut.groups if g.measure.version == lead.measure.version]
    kept = [lead, *(g for g in current if g != lead)][:MOST_CUT]
    shown = Answer(cut.question, tuple(g for g in current if g in kept), cut.sentence, cut.language)
    return groups_view(shown, words, words.by(dimension))


def difference_in_words(g: Group, words: Words) -> str:
    """As: Difference −7 percentage points (−10…−4); empty where nothing was compared."""
    found = _difference(g.change, g.measure, words) if g.change else None
    if found is None:
        return ""
    unit = metric_of(g.measure).unit
    value, span = found
    named = {"share": words("{value} percentage points", value=value), "points": words("{value} points", value=value), "scale": value}[unit]
    return words("Difference {value} ({interval}).", value=named, interval=span)


def _difference(change: Change, measure: Measure, words: Words) -> tuple[str, str] | None:
    if change.difference is None or change.low is None or change.high is None:
        return None
    unit = metric_of(measure).unit
    times, digits = 100 if unit == "share" else 1, digits_of(Estimate(change.difference, change.low, change.high, 0), unit)
    value, low, high = (words.number(times * x, digits) for x in (change.difference, change.low, change.high))
    return (f"+{value}" if change.difference > 0 and set(value) & NOT_ZERO else value), f"{low}…{high}"


def _head(words: Words) -> tuple[str, ...]:
    return tuple(words(name) for name in ("measure", "value", "answers", "before", "difference", "verdict"))


def _line(g: Group, words: Words) -> Line:
    """A measure's row: every number with its interval."""
    change = g.change
    found = _difference(change, g.measure, words) if change else None
    n = getattr(g.verdict, "n", None)
    cells = (
        _number(g.measure, g.verdict, words),
        NONE if n is None else words.number(n),
        _number(g.measure, change.then, words) if change else NONE,
        f"{found[0]} ({found[1]})" if found else NONE,
        words.mark_name(words.mark(g)) if isinstance(g.verdict, Estimate) else words.no_number(g.verdict),
    )
    return Line(g.measure.title(words.language), cells)


def _number(measure: Measure, v: object, words: Words) -> str:
    return f"{figure(measure, v, words.language)} ({interval(measure, v, words.language)})" if isinstance(v, Estimate) else NONE


def definition(m: Measure, words: Words) -> Definition:
    """What a measure is, on which scale, whose, and how it is asked."""
    scale = f"{words.number(m.low)}–{words.number(m.high)}"
    text = words("{says}, scale {scale}, version {version}", says=words(metric_of(m).says), scale=scale, version=m.version)
    asked = m.wording.get(words.language) or m.wording.get("en", "")
    return Definition(m.title(words.language), text + (f", {words('owner')} {m.owner}" if m.owner else ""), asked)


def _subtitle(answer: Answer | None, words: Words) -> str:
    if answer is None:
        return ""
    period, compare = period_in_words(answer.question.period, words), answer.question.compare
    said = words("{period}, against {other}", period=period, other=against_in_words(compare, words)) if compare else period
    return said[:1].upper() + said[1:]


def scope_in_words(scope: Scope, answer: Answer | None, words: Words) -> str:
    """What is counted, where that is not everything: the reader's scope and the filters chosen."""
    of_reader = [f"{words(d)}: {', '.join(words.value(d, v) for v in sorted(values))}" for d, values in sorted(scope.rows.items())]
    chosen = [text for text in (filters(answer.question, words) if answer else ()) if text not in of_reader]
    return words("Only this is counted: {what}.", what="; ".join([*of_reader, *chosen])) if of_reader or chosen else ""


def _comparisons(compared: int, words: Words) -> str:
    if not compared:
        return ""
    one, many = "One comparison was made.", "{n} comparisons were made; only changes that stand after adjusting for all of them are named here."
    return words.many(one, many, compared)


def _headline(changed: int, compared: int, heard: Sequence[Reported], words: Words) -> str:
    if not heard:
        return words("No answers yet.")
    if not compared:
        return words("Here is how things stand.")
    if not changed:
        return words("Nothing has changed that can be told from chance.")
    return words.many("One thing has changed.", "{n} things have changed.", changed)


def charts_of(report: Report) -> Iterator[Spec]:
    """The charts on it, in order."""
    yield from (f.chart for f in report.changed if f.chart)
