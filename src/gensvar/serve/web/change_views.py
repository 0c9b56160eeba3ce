"""What the page on a change shows, from what was found: steps as a chart with its table, each dimension, what is spoken of, and how we know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gensvar.contracts.topics import Taxonomy
from gensvar.explain.change import NO_TEXT, NO_TOPIC, OTHERS, CellPart, Decomposed, Part, Spoken
from gensvar.explain.change.tell import cell_name
from gensvar.kit.language import phrase, translator
from gensvar.measure.answer import Estimate, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.serve.web.blocks import METHODS, Drawn, Fact, Table
from gensvar.serve.web.charts_change import steps_chart
from gensvar.serve.web.figures import figure, interval, suffix_of, times_of
from gensvar.serve.web.gaps import gap_figure, gap_interval, percent
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.words import Tone, Words

MOST_STEPS, MOST_TOPICS = 12, 10
LEAST_SPAN = 0.05
PLAIN_TOPICS = {
    NO_TEXT: phrase("wrote nothing"), NO_TOPIC: phrase("wrote of no topic"), OTHERS: phrase("rarer topics"),
}  # fmt: skip
TONED = {
    "bad": phrase("{topic}, in a bad tone"), "mixed": phrase("{topic}, neither good nor bad"), "good": phrase("{topic}, in a good tone"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name and its part; tone: whether it is visible and for the better."""

    name: str
    part: Part
    says: str = ""


def tone_of(part: Part, better: str) -> Tone:
    """Better or worse where the part is visible."""
    if not part.visible:
        return "none"
    return "better" if (part.value > 0) == (better == "up") else "worse"


# ── the steps ──


def steps_drawn(d: Decomposed, words: Words) -> Drawn:
    """From before to now, or from one group to the other: who answered, by dimension, then what they said, by value of the leading dimension."""
    title = words("From one group to the other, step by step") if of_groups(d) else words("From before to now, step by step")
    then = d.change.then if d.change else None
    if not isinstance(d.now, Estimate) or not isinstance(then, Estimate):
        return Drawn(title, Table(title, (), ()), why=words("There is nothing to take apart."), kind="steps of change")
    who = [Step(words("who: {dimension}", dimension=words(name)), part) for name, part in d.who.items()]
    said = [Step(cell_name(d.lead, c.name, translator(words.language)), c.level) for c in d.cells]
    rows = list(_rows(d, then, d.now, [*who, *_largest(said, words)], words))
    low, high = metric_of(d.measure).range(d.measure)
    spec = steps_chart(rows, words, title, suffix_of(d.measure), LEAST_SPAN * (high - low) * times_of(d.measure))
    return Drawn(title, cells_table(d, words), spec, kind="steps of change")


def _largest(steps: Sequence[Step], words: Words) -> list[Step]:
    """The largest, and all others as one step, without an interval of its own."""
    if len(steps) <= MOST_STEPS:
        return list(steps)
    kept = sorted(steps, key=lambda s: -abs(s.part.value))[: MOST_STEPS - 1]
    rest = sum(s.part.value for s in steps if s not in kept)
    named = words.many("{n} other", "{n} others", len(steps) - len(kept))
    return [*(s for s in steps if s in kept), Step(named, Part(rest, rest, rest, 1.0))]


def _rows(d: Decomposed, then: Estimate, now: Estimate, steps: Sequence[Step], words: Words) -> Iterator[dict[str, Any]]:
    times = times_of(d.measure)
    first, last = _sides(d, words)
    yield _end(first, then, d, words)
    at = then.value
    for step in steps:
        p, shown = step.part, _gap(step.part, d, words)
        doubt = f" ({gap_interval(d.measure, p.low, p.high, words)})" if p.low < p.high else ""
        says = f"{step.name}: {shown}{doubt}"
        yield {
            "name": step.name, "tone": tone_of(p, d.measure.better), "ends": False, "figure": shown, "says": says,
            "start": round(at * times, 6), "end": round((at + p.value) * times, 6),
            "low": round((at + p.low) * times, 6), "high": round((at + p.high) * times, 6),
        }  # fmt: skip
        at += p.value
    yield _end(last, now, d, words)


def of_groups(d: Decomposed) -> bool:
    """Whether two groups are compared in one period, and not one with itself over time."""
    return d.question.compare is not None and d.question.compare.how == "group"


def _sides(d: Decomposed, words: Words) -> tuple[str, str]:
    """What the two sides are called."""
    return (words("compared with"), words("this group")) if of_groups(d) else (words("before"), words("now"))


def _end(name: str, e: Estimate, d: Decomposed, words: Words) -> dict[str, Any]:
    times, shown = times_of(d.measure), figure(d.measure, e, words.language)
    value, low, high = (round(v * times, 6) for v in (e.value, e.low, e.high))
    says = f"{name}: {shown} ({interval(d.measure, e, words.language)}), n = {words.number(e.n)}"
    return {"name": name, "tone": "none", "ends": True, "figure": shown, "says": says, "start": value, "end": value, "low": low, "high": high}


def _gap(p: Part, d: Decomposed, words: Words) -> str:
    return gap_figure(d.measure, p.value, p.low, p.high, words)


def _cells(p: Part, d: Decomposed, words: Words) -> tuple[str, str]:
    return _gap(p, d, words), gap_interval(d.measure, p.low, p.high, words)


def _number(v: Verdict, d: Decomposed, words: Words) -> str:
    return f"{figure(d.measure, v, words.language)} ({interval(d.measure, v, words.language)})" if isinstance(v, Estimate) else "–"


def _visible(p: Part, words: Words) -> str:
    return words("visible") if p.visible else words("not visible")


# ── tables ──


def cells_table(d: Decomposed, words: Words) -> Table:
    """Each value of the leading dimension: how large a part of the answers it is, what it says, and what of the change goes with it."""
    head = (
        words(d.lead), words("what they said"), words("its part"), words("95 % interval"),
        words("by its share of the answers"), words("95 % interval"), words("share of the answers"), *_sides(d, words),
    )  # fmt: skip
    rows = (
        (
            cell_name(d.lead, c.name, translator(words.language)), _visible(c.level, words), *_cells(c.level, d, words), *_cells(c.mix, d, words),
            f"{percent(c.share_then, words)} → {percent(c.share_now, words)}", _number(c.then, d, words), _number(c.now, d, words),
        )
        for c in d.cells
    )  # fmt: skip
    return Table(words("What of the change goes with each {dimension}", dimension=words(d.lead)), head, tuple(rows), texts=2)


def dimensions_table(d: Decomposed, words: Words) -> Table:
    """Each dimension: its part of who answered, beside the others; and alone."""
    head = (
        words("cut by"), words("who answered"), words("its part, beside the others"), words("95 % interval"),
        words("alone"), words("95 % interval"), words("groups told apart"),
    )  # fmt: skip
    alone = {a.dimension: a for a in d.alone}
    rows = []
    for name in dict.fromkeys((*d.who, *alone)):
        p, own = d.who.get(name), alone.get(name)
        together = (_visible(p, words), *_cells(p, d, words)) if p else ("–", "–", "–")
        by_itself = (*_cells(own.mix, d, words), words.number(own.cells)) if own else ("–", "–", words.number(1))
        rows.append((words(name), *together, *by_itself))
    return Table(words("What of the change goes with who answered, by dimension"), head, tuple(rows), texts=2)


# ── what is spoken of ──


def topic_title(c: CellPart, taxonomy: Taxonomy, words: Words) -> str:
    """A topic in its tone."""
    if c.name in PLAIN_TOPICS:
        return words(PLAIN_TOPICS[c.name])
    return words(TONED[c.tone], topic=topic_name(taxonomy, c.name, words))


def largest_topics(s: Spoken) -> list[CellPart]:
    """Those with the largest parts."""
    return sorted(s.cells, key=lambda c: -max(abs(c.mix.value), abs(c.level.value)))


def topics_table(s: Spoken, d: Decomposed, taxonomy: Taxonomy, words: Words) -> Table:
    """Each topic in each tone: how often, and how those score who speak of it."""
    head = (
        words("what they speak of"), words("what can be told"), words("by how often"), words("95 % interval"), words("by how they score"),
        words("95 % interval"), words("share of what is said"), *_sides(d, words),
    )  # fmt: skip
    rows = (
        (
            topic_title(c, taxonomy, words), _told(c, words), *_cells(c.mix, d, words), *_cells(c.level, d, words),
            f"{percent(c.share_then, words)} → {percent(c.share_now, words)}", _number(c.then, d, words), _number(c.now, d, words),
        )
        for c in largest_topics(s)
    )  # fmt: skip
    return Table(words("What of the change goes with each topic"), head, tuple(rows), texts=2)


def _told(c: CellPart, words: Words) -> str:
    seen = [name for name, p in ((words("how often"), c.mix), (words("how they score"), c.level)) if p.visible]
    return ", ".join(seen) or words("not visible")


def topics_sentence(s: Spoken, d: Decomposed, taxonomy: Taxonomy, words: Words) -> str:
    """What of the change goes with what is spoken of, in a sentence."""
    if s.why == "few":
        return words("Too few of those who answered wrote something on both sides to tell what of it goes with what is spoken of.")
    if s.why or s.mix is None or s.level is None:
        return words("What is spoken of has no part here.")
    seen = [c for c in largest_topics(s) if c.mix.visible or c.level.visible]
    if not seen:
        return words("No topic stands out: neither how often it is spoken of nor how those score who do, beyond chance.")
    c = next((c for c in seen if c.name not in PLAIN_TOPICS), None)
    if c is None:
        return words("What can be seen lies with those who wrote nothing, or of no topic that many speak of.")
    said = c.mix if c.mix.visible else c.level
    shown = f"{_gap(said, d, words)} ({gap_interval(d.measure, said.low, said.high, words)})"
    return words(OFTEN if c.mix.visible else SCORED, gap=shown, topic=topic_title(c, taxonomy, words))


OFTEN = phrase("{topic}: {gap} goes with how often this is said.")
SCORED = phrase("{topic}: {gap} goes with how those score who say this.")


def topics_sums(s: Spoken, d: Decomposed, words: Words) -> tuple[tuple[str, str], ...]:
    """The two parts of the whole that add up to the change."""
    if s.mix is None or s.level is None:
        return ()
    named = ((words("how often each topic is spoken of, in each tone"), s.mix), (words("how those score who speak of each"), s.level))
    return tuple((name, " ".join((_gap(p, d, words), f"({gap_interval(d.measure, p.low, p.high, words)})"))) for name, p in named)


# ── how we know ──


def know(d: Decomposed, words: Words) -> tuple[Fact, ...]:
    """What a careful reader checks."""
    m, metric = d.measure, metric_of(d.measure)
    scale = f"{words.number(m.low)}–{words.number(m.high)}"
    facts = [Fact(words("Definition"), words("{says}, scale {scale}, version {version}", says=words(metric.says), scale=scale, version=m.version))]
    then = d.change.then if d.change else None
    if isinstance(d.now, Estimate) and isinstance(then, Estimate):
        sides = phrase("{now} in this group, {then} in the other") if of_groups(d) else phrase("{now} now, {then} before")
        facts.append(Fact(words("Answers"), words(sides, now=words.number(d.now.n), then=words.number(then.n))))
    if d.dims:
        names = ", ".join(words(name) for name in d.dims)
        facts.append(Fact(words("Taken apart by"), words("{dimensions}: {n} groups told apart", dimensions=names, n=words.number(d.joint))))
    facts += [Fact(term, words(text)) for term, text in ((words("Method"), METHOD), (words("95 % interval"), DOUBT), (words("Limits"), LIMITS))]
    facts.append(Fact(words("Method"), words(METHODS[metric.unit])))
    facts.append(Fact(words("Comparisons"), words("Adjusted for how many were made (Benjamini–Hochberg).")))
    facts.append(Fact(words("Rows"), words("Counted from the table {table}, state {epoch}.", table=d.source or "daily", epoch=d.epoch)))
    facts += [Fact(words("Note"), note) for note in d.notes]
    return tuple(facts)


METHOD = phrase(
    "Kitagawa’s two parts: how large a part of the answers each group is, and what it says, each at the mean of both sides. They add up to the "
    "change exactly. Who answered is shared out over the dimensions by the mean over all their orders (Shapley), so that none comes first."
)
DOUBT = phrase("The delta method, with counts and answers both in doubt, and pseudo-answers for small groups: 19 in 20 hold the true part.")
LIMITS = phrase("The parts say what goes together, not what brought it about. It assumes one answer per person.")
