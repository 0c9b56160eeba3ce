"""Changing topics: what a change would move, put in force, undone; and everything read again under the topics in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from gensvar import flow, reading
from gensvar.contracts import topic_changes as changes
from gensvar.contracts.topics import About, Taxonomy
from gensvar.enrich.keeper import made
from gensvar.enrich.own_topics import recipe_of
from gensvar.enrich.shifts import By, read_shifts, together, written
from gensvar.house import House
from gensvar.kit.errors import BadInput, GensvarError
from gensvar.kit.scope import Scope
from gensvar.ledger import Job
from gensvar.ledger.taxonomies import Step
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.moved import shown
from gensvar.serve.desks.voices import protected
from gensvar.serve.encoding import Encoding
from gensvar.serve.working import Asked, Told, Work, ask, begin, latest, latest_ended, work_here
from gensvar.text.keys import key_of

SAMPLE: Final = 2_000
SHOWN: Final = 10
READING_AGAIN: Final = Work("read_again", "ask for reading again", "The texts are being read again already")
Op = Literal["add", "rename", "teach", "merge", "split", "remove", "undo"]
Text = Annotated[str, Meta(max_length=changes.LONGEST_EXAMPLE)]
Name = Annotated[str, Meta(max_length=200)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the topics that a split makes."""

    name: dict[str, Name]
    examples: list[Text] = []


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """op: add, rename, teach, merge, split, remove or undo. topic: its id. name: language → name. examples: 1…20 texts; terms: words that always
    mean it. parent: of a new topic; about: who speaks of it. into: what it is merged into. parts: of a split; apart: beside it, not under it.
    version: to go back to. base: the version that was changed, where it must still be in force.
    """

    op: Op
    topic: str = ""
    name: dict[str, Name] = {}
    examples: list[Text] = []
    terms: list[Name] = []
    parent: str = ""
    about: About = "customers"
    into: str = ""
    parts: list[Part] = []
    apart: bool = False
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    base: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What one topic gains and loses in the sample: how many texts, and the first ten of each."""

    topic: str
    gained: int
    lost: int
    gained_texts: tuple[str, ...]
    lost_texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """sample: texts looked at; same: how many keep all their topics. by: vectors or words, by which own topics were found.

    alarms: own topic → share of other texts that it is found in by mistake; kept: share of its own examples that it would find.
    """

    sample: int
    same: int
    moved: tuple[Moved, ...]
    by: str
    alarms: Mapping[str, float] = field(default_factory=dict)
    kept: Mapping[str, float] = field(default_factory=dict)


def changed(house: House, change: Change) -> Taxonomy:
    """The topics in force with the change made; nothing is stored."""
    now = house.ledger.taxonomies.current()
    if change.base is not None and change.base != now.version:
        now = Taxonomy(change.base, now.topics)  # refused when it is put in force
    c = change
    match c.op:
        case "add":
            return changes.added(now, c.name, c.examples, parent=c.parent, about=c.about, terms=c.terms)
        case "rename":
            return changes.renamed(now, c.topic, c.name)
        case "teach":
            return changes.taught(now, c.topic, c.examples, c.terms)
        case "merge":
            return changes.merged(now, c.topic, c.into)
        case "split":
            return changes.split(now, c.topic, [(p.name, p.examples) for p in c.parts], apart=c.apart)
        case "remove":
            return changes.removed(now, c.topic)
        case "undo":
            return changes.undone(now, house.ledger.taxonomies.at(c.version))


def did(change: Change, before: Taxonomy, after: Taxonomy) -> str:
    """What was done, in a few words of English, for the history."""
    new = [name for name in after.topics if name not in before.topics]
    match change.op:
        case "add":
            return f"add {new[0]}"
        case "merge":
            return f"merge {change.topic} into {change.into}"
        case "split":
            return f"split {change.topic} into {', '.join(new)}"
        case "undo":
            return f"undo to version {change.version}"
        case op:
            return f"{op} {change.topic}"


def put_in_force(house: House, who: str, change: Change) -> Taxonomy:
    """The next version of the topics; what comes in from now on is read by it, and what is there is read again, with a record of what moved."""
    before = house.ledger.taxonomies.current()
    after = changed(house, change)
    words = did(change, before, after)
    made_now = house.ledger.taxonomies.change(after, words, who)
    house.ledger.audit.append(who, "change topics", words, {"version": made_now.version})
    if made_now.mark != before.mark:
        begin(house, READING_AGAIN)
    return made_now


def history(house: House) -> list[Step]:
    """Every version, newest first."""
    return house.ledger.taxonomies.history()


# ── what would move ──────────────────────────────────────────────────────────────────────────────────────────────────


def preview(desk: HouseDesk, change: Change) -> Preview:
    """What the change would move in a sample of 2,000 texts that the reader may see; nothing is stored but vectors of the examples."""
    house, after = desk.house, changed(desk.house, change)
    texts = _sample(desk)
    now = house.understanding()
    by_vectors = _taught(house, now.encoder, after)
    then = replace(now, taxonomy=after, topics=made(recipe_of(after), now.encoder, house.ledger.vectors) if after.own else type(now.topics)())
    vectors = house.ledger.vectors.get([key_of(text) for text, _ in texts], now.encoder) if now.encoder else {}
    plain, told = [text for text, _ in texts], [language for _, language in texts]
    old, new = (tuple(frozenset(one.topics or ()) for one in models.read(plain, told, vectors)) for models in (now, then))
    few = then.topics.seen if by_vectors else None
    alarms = dict(zip(few.names, few.alarms, strict=True)) if few else {}
    kept = dict(zip(few.names, few.kept, strict=True)) if few else {}
    same = sum(a == b for a, b in zip(old, new, strict=True))
    return Preview(len(texts), same, _moved(plain, old, new), "vectors" if few else "words", alarms, kept)


def _sample(desk: HouseDesk) -> list[tuple[str, str | None]]:
    """Texts that the reader may see one by one, those with the least ids, which says nothing of what they hold."""
    if not desk.scope.free_text:
        return []
    rows = voice_rows.seen(desk.house.engine.table("feedback"), desk.scope, desk.house.settings.anonymous.names)
    rows = rows.filter(rows.text.notnull(), rows.text != "").order_by("id").limit(SAMPLE).select("text", "language")
    return [(row["text"], row["language"]) for row in desk.house.engine.run(rows).to_pylist()]


def _taught(house: House, encoder: str, after: Taxonomy) -> bool:
    """Whether all examples have vectors; those that have none yet get one now, where the encoder can be had."""
    examples = list(dict.fromkeys(text for t in after.own for text in t.examples))
    if not encoder or not examples:
        return False
    there = house.ledger.vectors.get([key_of(text) for text in examples], encoder)
    new = [text for text in examples if key_of(text) not in there]
    if not new:
        return True
    encoding = Encoding(house.settings)
    try:
        house.ledger.vectors.put({key_of(text): vector for text, vector in zip(new, encoding.encode(new), strict=True)}, encoder)
    except GensvarError:
        return False
    finally:
        encoding.close()
    return True


def _moved(texts: Sequence[str], old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> tuple[Moved, ...]:
    gained: dict[str, list[str]] = {}
    lost: dict[str, list[str]] = {}
    for text, before, after in zip(texts, old, new, strict=True):
        for name in after - before:
            gained.setdefault(name, []).append(text)
        for name in before - after:
            lost.setdefault(name, []).append(text)
    found = [
        Moved(name, len(g := gained.get(name, [])), len(m := lost.get(name, [])), tuple(g[:SHOWN]), tuple(m[:SHOWN])) for name in {*gained, *lost}
    ]
    return tuple(sorted(found, key=lambda one: (-(one.gained + one.lost), one.topic)))


# ── read again ───────────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(house: House, scope: Scope) -> int | None:
    """How many texts have not been read under the topics in force yet; None for a scope that does not see them all."""
    return None if scope.rows else reading.unread(house)


def rerun(house: House, encode: reading.Encode | None, told: Told, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Reads everything that waits, to its end: how many texts were read, of how many, and which topics moved.

    before: how far who began it and did not end it had told that it was. The background reads the same; this goes first, and keeps a record.
    """
    began = before or {}
    again, read, moved = reading.Again(house), int(began.get("read", 0)), read_shifts(began.get("moved", {}))
    far = _far(house, read, moved)
    told({**far, "seen": 0})
    while again.step(encode):
        read, moved = read + again.rows, together(moved, again.moved)
        far = _far(house, read, moved)
        if not told({**far, "seen": again.seen}):
            break
    return far


def _far(house: House, read: int, moved: By) -> dict[str, Any]:
    version = house.ledger.taxonomies.current().version
    return {"read": read, "total": read + reading.unread(house), "version": version, "moved": written(moved)}


# ── API and command line ─────────────────────────────────────────────────────────────────────────────────────────────


def standing(desk: HouseDesk, _: Nothing) -> dict[str, Any]:
    """The topics in force, and how they came to be so."""
    taxonomy = desk.house.ledger.taxonomies.current()
    return {"version": taxonomy.version, "topics": list(taxonomy), "history": history(desk.house), "waiting": waiting(desk.house, desk.scope)}


def previewed(desk: HouseDesk, change: Change) -> Preview:
    if not desk.scope.free_text:
        raise BadInput("What a change moves is shown by texts, which are not yours to read", do="Ask whoever decides over rights.")
    return preview(desk, change)


def applied(desk: HouseDesk, change: Change) -> dict[str, Any]:
    made_now = put_in_force(desk.house, desk.who, change)
    return {"version": made_now.version, "did": history(desk.house)[0].did, "waiting": waiting(desk.house, desk.scope)}


def asked_again(desk: HouseDesk, _: Nothing) -> dict[str, int]:
    return {"job": ask(desk.house, desk.who, READING_AGAIN)}


def how_far(desk: HouseDesk, _: Nothing) -> Asked | None:
    """How reading again is doing; how many texts that are, and which topics moved, where the caller sees them all."""
    return _seen_by(desk, latest(desk.house, READING_AGAIN))


def what_moved(desk: HouseDesk, _: Nothing) -> Asked | None:
    """The last reading again that has ended and had something to read."""
    ended = (one for one in latest_ended(desk.house, READING_AGAIN) if one.result.get("read") and "moved" in one.result)
    return None if desk.scope.rows else _seen_by(desk, next(ended, None))


def _seen_by(desk: HouseDesk, found: Asked | None) -> Asked | None:
    if found is None or desk.scope.rows:
        return found and replace(found, progress={}, result={})
    result = dict(found.result)
    if "moved" in result:
        result["moved"] = shown(read_shifts(result["moved"]), desk.scope, protected(desk.house))
    return replace(found, progress={name: value for name, value in found.progress.items() if name != "moved"}, result=result)


def rerun_here(desk: HouseDesk, beside: Told) -> Asked:
    """For a house that no server holds."""
    encoding = Encoding(desk.house.settings)

    def run(job: Job, told: Told) -> dict[str, Any]:
        found = rerun(desk.house, encoding.encode if encoding.available else None, told, job.progress)
        flow.recount(desk.house)
        return found

    try:
        found = work_here(desk.house, desk.who, READING_AGAIN, run, beside)
        return _seen_by(desk, found) or found
    finally:
        encoding.close()
