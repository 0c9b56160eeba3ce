"""The topics as their owner changes them: add, rename, teach, merge, split, remove, undo; each shown on a sample before it is put in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.contracts.topic_changes import MOST_EXAMPLES
from gensvar.contracts.topics import Taxonomy, Topic
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.serve.desks import taxonomy as desk
from gensvar.serve.desks.taxonomy import Change, Moved
from gensvar.serve.web.figures import moment
from gensvar.serve.web.gaps import percent
from gensvar.serve.web.moved_views import MovedView, moved_view
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_meanings import topic_meaning
from gensvar.serve.web.topic_words import ABOUT, topic_name
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words
from gensvar.serve.web.work_views import WorkView, reading_view
from gensvar.serve.working import ask

PARTS: Final = 3  # of a split, in one form
OPS: Mapping[str, str] = {
    "add": phrase("Add a topic"),
    "teach": phrase("Teach it by examples"),
    "merge": phrase("Merge it into another"),
    "split": phrase("Split it"),
    "remove": phrase("Remove it"),
    "undo": phrase("Go back to an earlier version"),
    "rename": phrase("Rename it"),
}
DID: Mapping[str, str] = {
    "add": phrase("added {topic}"),
    "teach": phrase("taught {topic}"),
    "merge": phrase("merged {topic}"),
    "split": phrase("split {topic}"),
    "remove": phrase("removed {topic}"),
    "undo": phrase("went back: {topic}"),
    "rename": phrase("renamed {topic}"),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One topic in the tree. says: what it means. own: by how many examples and words given here it is known.

    shipped: whether the models know it by themselves.
    """

    id: str
    name: str
    says: str
    part: bool
    shipped: bool
    own: int
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    version: int
    did: str
    by: str
    at: str
    back: int


@dataclass(frozen=True, slots=True)
class TaxonomyPage:
    """waiting: texts that are still to be read under the topics in force. again: the latest reading again that was asked for, may_ask: or may be.

    moved: which topics moved when texts were last read again.
    """

    version: int
    shelves: tuple[tuple[str, tuple[Branch, ...]], ...]
    history: tuple[Step, ...]
    waiting: str
    again: WorkView | None
    may_ask: bool
    moved: MovedView | None
    most: int


@dataclass(frozen=True, slots=True)
class TopicForm:
    """One topic as its owner changes it. others: what it may be merged into."""

    id: str
    name: str
    says: str
    own_name: str
    shipped: bool
    about: str
    part: bool
    examples: tuple[str, ...]
    terms: tuple[str, ...]
    parts: tuple[Branch, ...]
    others: tuple[tuple[str, str], ...]
    version: int
    most: int
    splits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MovedLine:
    """What one topic gains and loses in the sample."""

    name: str
    gained: str
    lost: str
    gained_texts: tuple[str, ...]
    lost_texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """fields: the form again, to be sent once more to put it in force."""

    title: str
    sentence: str
    sample: str
    method: str
    moved: tuple[MovedLine, ...]
    alarms: tuple[tuple[str, str, str], ...]
    fields: tuple[tuple[str, str], ...]
    back: str


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def tree(visit: Visit) -> View:
    """Every topic in force, how they came to be so, and a form for a new one."""
    taxonomy, w = visit.house.ledger.taxonomies.current(), visit.words
    shelves = tuple((w(title), tuple(_branches(taxonomy, about, w))) for about, title in ABOUT.items())
    waiting = desk.waiting(visit.house, visit.scope)
    last, moved = (tell(visit.desk, desk.Nothing()) for tell in (desk.how_far, desk.what_moved))  # type: ignore[arg-type]
    again = reading_view(last, visit)
    page = TaxonomyPage(
        taxonomy.version,
        shelves,
        tuple(_steps(visit)),
        w.many("One text is still to be read again.", "{n} texts are still to be read again.", waiting) if waiting else "",
        again,
        waiting != 0 and not (again and again.under_way),
        moved_view(moved, last, visit),
        MOST_EXAMPLES,
    )
    return View("taxonomy.html", page, "topics")


def _branches(taxonomy: Taxonomy, about: str, w: Words) -> Iterator[Branch]:
    for whole in sorted((t for t in taxonomy if not t.parent and t.about == about), key=lambda t: topic_name(taxonomy, t.id, w).casefold()):
        yield _branch(taxonomy, whole, w)
        yield from (_branch(taxonomy, part, w) for part in taxonomy.parts(whole.id))


def _branch(taxonomy: Taxonomy, t: Topic, w: Words) -> Branch:
    says = topic_meaning(taxonomy, t.id, w) if t.shipped else ""
    return Branch(t.id, topic_name(taxonomy, t.id, w), says, bool(t.parent), t.shipped, len(t.examples) + len(t.terms), f"/taxonomy/{t.id}")


def _steps(visit: Visit) -> Iterator[Step]:
    for s in desk.history(visit.house):
        op, _, what = s.did.partition(" ")
        said = visit.words(DID[op], topic=what) if op in DID else s.did
        yield Step(s.version, said, s.by, moment(s.at, visit.words.language, visit.reader.zone), s.version - 1)


def one(visit: Visit) -> View:
    """The forms of one topic."""
    taxonomy, w, name = visit.house.ledger.taxonomies.current(), visit.words, visit.named("topic")
    topic = taxonomy.get(name)
    others = [(t.id, topic_name(taxonomy, t.id, w)) for t in taxonomy if t.about == topic.about and t.id != name and t.parent != name]
    page = TopicForm(
        id=name,
        name=topic_name(taxonomy, name, w),
        says=topic_meaning(taxonomy, name, w) if topic.shipped else "",
        own_name=topic.name.get(w.language, ""),
        shipped=topic.shipped,
        about=topic.about,
        part=bool(topic.parent),
        examples=topic.examples,
        terms=topic.terms,
        parts=tuple(_branch(taxonomy, t, w) for t in taxonomy.parts(name)),
        others=tuple(sorted(others, key=lambda pair: pair[1].casefold())),
        version=taxonomy.version,
        most=MOST_EXAMPLES,
        splits=tuple(range(1, PARTS + 1)),
    )
    return View("taxonomy_topic.html", page, "topics")


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def change_of(form: Mapping[str, Any], language: str) -> Change:
    """What a form asks for. Examples stand on a line each, words with commas or lines between. BadInput where it cannot be read."""
    given = {name: str(value) for name, value in form.items()}
    if given.get("op") not in OPS:
        raise BadInput(f"No change {given.get('op', '')!r}", nearest=nearest(given.get("op", ""), OPS), do=f"Changes: {', '.join(OPS)}.")
    parts = [
        {"name": {language: name}, "examples": _lines(given.get(f"examples{n}", ""))}
        for n in range(1, PARTS + 1)
        if (name := given.get(f"name{n}", "").strip())
    ]
    found = {
        "op": given["op"],
        "name": {language: given["name"]} if "name" in given else {},
        "examples": _lines(given.get("examples", "")),
        "terms": _lines(given.get("terms", "").replace(",", "\n")),
        "parts": parts,
        "apart": bool(given.get("apart")),
    }
    plain = {name: given[name] for name in ("topic", "parent", "about", "into", "version", "base") if given.get(name)}
    try:
        return msgspec.convert(found | plain, Change, strict=False)
    except msgspec.ValidationError as wrong:
        raise BadInput(str(wrong), do="Load the page again.") from wrong


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def change(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A rename is put in force; anything else is shown on a sample first, and put in force where the form says so."""
    asked = change_of(form, visit.words.language)
    if asked.op == "rename" or form.get("do") == "apply":
        desk.put_in_force(visit.house, visit.caller.who, asked)
        return go("/taxonomy" if asked.op != "rename" else f"/taxonomy/{asked.topic}")
    return visit.page(View("taxonomy_preview.html", previewed(visit, asked, form), "topics", asked_for=False))


def previewed(visit: Visit, asked: Change, form: Mapping[str, Any]) -> PreviewPage:
    """What the change would move in a sample."""
    w, after = visit.words, desk.changed(visit.house, asked)
    found = desk.preview(visit.desk, asked)  # type: ignore[arg-type]
    fields = tuple((name, str(value)) for name, value in form.items() if name not in {"token", "do"})
    now = visit.house.ledger.taxonomies.current()
    both = Taxonomy(0, {**now.topics, **after.topics})
    return PreviewPage(
        title=w(OPS[asked.op]),
        sentence=w.many("One of {all} texts would move.", "{n} of {all} texts would move.", found.sample - found.same, all=w.number(found.sample)),
        sample=w.number(found.sample),
        method=w("Found by what the encoder saw of the texts.") if found.by == "vectors" else w("Found by the words of the examples."),
        moved=tuple(_moved(m, both, w) for m in found.moved),
        alarms=tuple((topic_name(both, name, w), _share(share, w), percent(found.kept[name], w)) for name, share in found.alarms.items()),
        fields=fields if any(name == "base" for name, _ in fields) else (*fields, ("base", str(now.version))),
        back=f"/taxonomy/{asked.topic}" if asked.topic else "/taxonomy",
    )


def _moved(m: Moved, taxonomy: Taxonomy, w: Words) -> MovedLine:
    return MovedLine(topic_name(taxonomy, m.topic, w), w.number(m.gained), w.number(m.lost), m.gained_texts, m.lost_texts)


def _share(share: float, w: Words) -> str:
    """A small share with one decimal."""
    return f"{w.number(100 * share, 1)}\N{NO-BREAK SPACE}%"


def read_again(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Has everything read again that waits; the page shows how far that is."""
    ask(visit.house, visit.caller.who, desk.READING_AGAIN)
    return go("/taxonomy")


PAGES = (
    Page("/taxonomy", "topics.change", tree, "/taxonomy", live=False),
    Page("/taxonomy/{topic:str}", "topics.change", one, "/taxonomy/delivery", live=False),
)
FORMS = (Form("/taxonomy/change", "topics.change", change), Form("/taxonomy/read-again", "topics.change", read_again))
