"""Text quality: how rightly texts are read, as published and by the house's own labels; labelling; and what the house taught its readers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput
from gensvar.kit.language import phrase
from gensvar.ledger import TextModel
from gensvar.serve.desks import labelling, teaching
from gensvar.serve.desks.labelling import Draw
from gensvar.serve.desks.text_quality import Neutral, Own, Published, Quality, Reach, Together, quality
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.figures import moment
from gensvar.serve.web.quality_charts import calibration_chart
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import REASONS, reason_name, topic_name
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words
from gensvar.serve.web.work_views import KIND_NAMES, WorkView, teaching_view
from gensvar.serve.working import ask, latest
from gensvar.stats.normal import Interval
from gensvar.text.labels import TONES
from gensvar.text.teach import LEAST, STUDENT_LEAST, Trial

ROOM = "text-quality"
HERE = "/text-quality"
TONE_NAMES = {"negative": phrase("negative"), "neutral": phrase("neutral"), "positive": phrase("positive"), "mixed": phrase("mixed, good and bad")}
STATES = {"in force": phrase("in force"), "tried": phrase("tried, never used"), "stopped": phrase("stopped")}
WHY = {
    "helps": phrase("It helps."),
    "too few": phrase("Too few labels to teach anything."),
    "one class": phrase("Nearly all labels say the same: there is nothing to tell apart."),
    "no gain": phrase("It cannot be told from chance that it helps."),
    "less right": phrase("Fewer texts would be read rightly."),
}
DONE = {
    "used": phrase("In force. Texts are read again in the background."),
    "stopped": phrase("Stopped. Texts are read again in the background."),
    "finished": phrase("That was the last text of this draw. Thank you."),
    "back": phrase("Your last answer was taken back."),
}
NOT_KNOWN = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table, the first its name."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One head that the house taught. may_use: its trial found that it helps, and it is not in force."""

    id: int
    name: str
    made: str
    by: str
    state: str
    state_name: str
    learned_from: str
    before: str
    after: str
    why: str
    may_use: bool
    kind: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """headline, lead: what is known, and what to do next. tones: of this house. together: how people agree. facts: what reads, and how much.

    teaching: the latest that was asked for.
    """

    headline: str
    lead: str
    missing: int
    labelled: int
    tones: Table
    macro: str
    neutral: str
    calibration: Drawn | None
    together: str
    facts: tuple[Fact, ...]
    readers: Table
    published: Table
    versions: tuple[VersionView, ...]
    next: tuple[str, ...]
    teaching: WorkView | None
    shared: int | None


@dataclass(frozen=True, slots=True)
class LabelPage:
    """One text to label; text is empty at the end of the draw, and before there is one. place: as 3 of 50. share: 0…100, for the bar."""

    draw: int | None
    row: str
    text: str
    language: str
    place: str
    share: int
    skipped: int
    tones: tuple[tuple[str, str], ...]
    topics: tuple[tuple[str, str], ...]
    intents: tuple[tuple[str, str], ...]
    fair: bool
    shared: int | None


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def everything(visit: Visit) -> View:
    found = quality(visit.house, visit.scope)
    shared = labelling.shared_draw(visit.house, visit.scope, member_of(visit)) if visit.may("label") and visit.scope.free_text else None
    return View("text_quality.html", quality_page(found, visit, None if shared is None else shared.id), ROOM, extra={"said": _said(visit)})


def _said(visit: Visit) -> tuple[str, ...]:
    done = visit.query.get("done", "")
    return (visit.words(DONE[done]),) if done in DONE else ()


def quality_page(found: Quality, visit: Visit, shared: int | None) -> QualityPage:
    w, own = visit.words, found.own
    return QualityPage(
        headline=headline(own, w),
        lead=_lead(found, w),
        missing=own.missing,
        labelled=own.n,
        tones=_tones(own, w),
        macro="" if own.macro_f1 is None else w("Macro-F1 over the tones: {value}.", value=w.number(own.macro_f1, 2)),
        neutral=neutral_said(own.neutral, w),
        calibration=_calibration(own, w),
        together=together_said(found.together, w),
        facts=tuple(_facts(found, w)),
        readers=_readers(found.reach, w),
        published=_published(found.published, w),
        versions=tuple(_version(one, visit) for one in found.versions),
        next=tuple(_next(found, w)),
        teaching=teaching_view(latest(visit.house, teaching.TEACHING), visit),
        shared=shared,
    )


def share_said(i: Interval, w: Words) -> str:
    """A share with its interval, as 84 % (76–90)."""
    return f"{w.number(100 * i.value)} % ({w.number(100 * i.low)}–{w.number(100 * i.high)})"


def headline(own: Own, w: Words) -> str:
    """What is known of how rightly texts are read here."""
    if own.accuracy is None:
        return w("How rightly texts are read here is not known yet.")
    return w("{share} of texts are read rightly here.", share=share_said(own.accuracy, w))


def _lead(found: Quality, w: Words) -> str:
    if found.own.accuracy is None:
        return w.many(
            "Label one more text, drawn by chance, to get a figure of your own.",
            "Label {n} more texts, drawn by chance, to get a figure of your own.",
            found.own.missing,
        )
    return w("By {n} texts that were drawn by chance and labelled here, without seeing what the model had said.", n=w.number(found.own.n))


def _tones(own: Own, w: Words) -> Table:
    rows = tuple((w(TONE_NAMES[one.tone]), w.number(one.n), share_said(one.found, w) if one.found else w("too few")) for one in own.tones if one.n)
    return Table(w("By tone"), (w("tone"), w("labelled so"), w("of them read so")), rows)


def neutral_said(neutral: Neutral | None, w: Words) -> str:
    """The share of neutral texts where it is calibrated; else why it is not told."""
    if neutral is None:
        return w("How many texts are neutral is not told: neutral is told only where your own labels show that it is right.")
    both = {"people": share_said(neutral.people, w), "reader": w.number(100 * neutral.reader)}
    if neutral.calibrated:
        return w("People heard {people} of texts as neutral, the reader {reader} %: neutral is calibrated.", **both)
    return w("People heard {people} of texts as neutral, the reader {reader} %: do not go by the reader’s share.", **both)


def _calibration(own: Own, w: Words) -> Drawn | None:
    if not own.bins:
        return None
    title = w("How sure the reader was, and how often it was right")
    rows = tuple((f"{w.number(100 * b.sure)} %", share_said(b.right, w), w.number(b.n)) for b in own.bins)
    table = Table(title, (w("how sure the reader was"), w("how often it was right"), w("texts")), rows)
    return Drawn(title, table, calibration_chart(own.bins, w, title), kind="calibration")


def together_said(found: Together, w: Words) -> str:
    """How far people agree, which is the most that can be asked of a reader."""
    if found.same is None:
        return w("No text has been labelled by two people yet, so how far people agree is not known. No reader can be more right than people agree.")
    said = w.many(
        "Of one text labelled by two people or more, they heard the same in {share}.",
        "Of {n} texts labelled by two people or more, they heard the same in {share}.",
        found.n,
        share=share_said(found.same, w),
    )
    numbers = [f"{name} {w.number(value, 2)}" for name, value in (("Krippendorff’s α", found.alpha), ("Cohen’s κ", found.kappa)) if value is not None]
    return f"{said} {', '.join(numbers)}." if numbers else said


def _facts(found: Quality, w: Words) -> Iterator[Fact]:
    yield Fact(w("The fast reader"), found.reader)
    yield Fact(w("The encoder"), found.encoder or w("none"))
    for kind, number in found.in_force.items():
        yield Fact(w("Taught here, over {kind}", kind=w(KIND_NAMES[kind])), w("none") if number is None else w("version {version}", version=number))
    yield Fact(w("Texts"), w.number(found.reach.texts))
    yield Fact(w("Wait to be read by the latest version"), w.number(found.reach.waiting))
    if found.reach.texts:
        unknown = 100 * found.reach.unknown / found.reach.texts
        yield Fact(w("Language not told"), f"{w.number(unknown, 1)} %")


def _readers(reach: Reach, w: Words) -> Table:
    rows = tuple((version or w("not read yet"), w.number(n)) for version, n in reach.by.items())
    return Table(w("Which version read how many texts"), (w("version"), w("texts")), rows)


def _published(found: Iterable[Published], w: Words) -> Table:
    def shown(value: float | None) -> str:
        return w("not measured") if value is None else w.number(value, 2)

    rows = tuple(
        (f"{w.value('language', one.language)}: {one.set}", shown(one.accuracy), shown(one.macro_f1), shown(one.neutral_recall), w.number(one.n))
        for one in found
    )
    head = (w("language and texts"), w("accuracy"), w("macro-F1"), w("neutral found"), w("texts"))
    return Table(w("As published with this release"), head, rows)


def _version(one: TextModel, visit: Visit) -> VersionView:
    w, trial = visit.words, teaching.trial_of(one.numbers)
    before, after = (w.number(100 * s.accuracy) + " %" if s else NOT_KNOWN for s in (trial.before, trial.after))
    learned = w("{hand} labels, {ratings} ratings", hand=w.number(one.numbers["hand"]), ratings=w.number(one.numbers["ratings"]))
    return VersionView(
        one.id, w(KIND_NAMES[one.kind]), moment(one.made_at, w.language, visit.reader.zone), one.by, one.state, w(STATES[one.state]), learned,
        before, after, why_said(trial, w), trial.helps and one.state != "in force", one.kind,
    )  # fmt: skip


def why_said(trial: Trial, w: Words) -> str:
    """What the trial found, with the gain in loss and its interval."""
    said = w(WHY[trial.why])
    if trial.gain is None:
        return said
    value, low, high = (w.number(x, 3) for x in trial.gain)
    return f"{said} " + w("Loss falls by {value} ({low} to {high}), on {n} labels.", value=value, low=low, high=high, n=w.number(trial.n))


def _next(found: Quality, w: Words) -> Iterator[str]:
    """What would make the most difference now."""
    if found.own.missing:
        yield w.many("Label one more text for a figure of your own.", "Label {n} more texts for a figure of your own.", found.own.missing)
    elif found.together.same is None:
        yield w("Ask a colleague to label the same texts: then it is known how right a reader can be.")
    if not any(found.in_force.values()):
        yield w(
            "Ratings beside comments teach the readers by themselves, from {least} on, the fast one from {student}; it is tried every night.",
            least=w.number(LEAST),
            student=w.number(STUDENT_LEAST),
        )
    if found.reach.waiting:
        yield w.many("One text waits for the latest version.", "{n} texts wait for the latest version.", found.reach.waiting)


# ── labelling ────────────────────────────────────────────────────────────────────────────────────────────────────────


def member_of(visit: Visit) -> int:
    """The reader's number; 0 for who holds the data folder."""
    return visit.caller.member.id if visit.caller.member is not None else 0


def label(visit: Visit) -> View:
    """The next text of the draw that the address names, else of the reader's own, else how to begin."""
    labelling.must_read_text(visit.scope)
    draw = _draw(visit)
    skipped = int(visit.query.get("skip", "0")) if visit.query.get("skip", "0").isdigit() else 0
    found = labelling.turn(visit.house, visit.scope, member_of(visit), draw, skipped) if draw else None
    shared = labelling.shared_draw(visit.house, visit.scope, member_of(visit)) if draw is None or found is None else None
    w = visit.words
    taxonomy = visit.house.understanding().taxonomy
    page = LabelPage(
        draw=draw.id if draw else None,
        row=found.row if found else "",
        text=found.text if found else "",
        language=found.language if found and found.language != labelling.UNKNOWN else "",
        place=w("{place} of {all}", place=w.number(found.done + 1), all=w.number(found.done + found.left)) if found else "",
        share=round(100 * found.done / (found.done + found.left)) if found else 100,
        skipped=skipped,
        tones=tuple((tone, w(TONE_NAMES[tone])) for tone in TONES),
        topics=tuple((t.id, topic_name(taxonomy, t.id, w)) for t in taxonomy if not t.parent),
        intents=tuple((name.removeprefix("intent."), reason_name(name, w)) for name in REASONS if name.startswith("intent.")),
        fair=draw is None or draw.mode == "fair",
        shared=shared.id if shared else None,
    )
    return View("text_label.html", page, ROOM, extra={"said": _said(visit)})


def _draw(visit: Visit) -> Draw | None:
    asked = visit.query.get("draw", "")
    if asked.isdigit():
        return labelling.draw_of(visit.house, int(asked))
    return labelling.own_draw(visit.house, member_of(visit), visit.caller.who, "fair")


def begin(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Goes on with a draw of this mode that is not finished, or draws anew."""
    mode = str(form.get("mode", "fair"))
    open_one = labelling.own_draw(visit.house, member_of(visit), visit.caller.who, "unsure" if mode == "unsure" else "fair")
    draw = open_one or labelling.draw(visit.house, visit.scope, visit.caller.who, mode)
    return go(f"{HERE}/label", draw=draw.id)


def answer(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps one answer and goes to the next text."""
    draw = visit.numbered("draw")
    skipped = str(form.get("skip", "0"))
    skip = int(skipped) if skipped.isdigit() else 0
    if form.get("later"):
        return go(f"{HERE}/label", draw=draw, skip=skip + 1)
    topics = [str(t) for t in form.getall("topic", [])]
    intent = str(form.get("intent", "")) or None
    labelling.label(
        visit.house, visit.scope, member_of(visit), visit.caller.who, str(form.get("row", "")), str(form.get("tone", "")), topics or None, intent
    )  # fmt: skip
    return go(f"{HERE}/label", draw=draw, skip=skip or "")


def back(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Takes back the reader's last answer in this draw."""
    draw = labelling.draw_of(visit.house, visit.numbered("draw"))
    done = labelling.undo(visit.house, member_of(visit), visit.caller.who, draw)
    return go(f"{HERE}/label", draw=draw.id, done="back" if done else "")


# ── own models ───────────────────────────────────────────────────────────────────────────────────────────────────────


def teach(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Has the heads taught anew; the page shows how that is doing, and what came of it."""
    ask(visit.house, visit.caller.who, teaching.TEACHING)
    return go(f"{HERE}#taught")


def use(visit: Visit, _: FormMultiDict) -> Response[Any]:
    teaching.use(visit.house, visit.caller.who, visit.numbered("model"))
    return go(HERE, done="used")


def stop(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Takes a head out of force, back to the reader as it ships."""
    kind = str(form.get("kind", ""))
    if not kind:
        raise BadInput("Which one to stop is not said", do="Load the page again, and press Stop beside it.")
    teaching.stop(visit.house, visit.caller.who, kind)
    return go(HERE, done="stopped")


PAGES = (
    Page(HERE, "answers", everything, HERE),
    Page(f"{HERE}/label", "label", label, f"{HERE}/label", live=False),
)
FORMS = (
    Form(f"{HERE}/draws", "label", begin),
    Form(f"{HERE}/draws/{{draw:str}}/labels", "label", answer),
    Form(f"{HERE}/draws/{{draw:str}}/back", "label", back),
    Form(f"{HERE}/teach", "label", teach),
    Form(f"{HERE}/models/{{model:str}}/use", "topics.change", use),
    Form(f"{HERE}/stop", "topics.change", stop),
)
