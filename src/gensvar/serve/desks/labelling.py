"""Labelling: texts drawn by chance within a reader's scope, one at a time; what she says of each, without what a model said before her."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Literal, get_args
from uuid import UUID

import ibis

from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound, nearest
from gensvar.kit.scope import Scope
from gensvar.ledger import Label, TextModel
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.voices import protected
from gensvar.text.keys import key_of
from gensvar.text.labels import INTENTS, TONES

Mode = Literal["fair", "unsure"]
DRAW = "draw"
AT_ONCE = 50
SPARE = 3  # times as many are looked at as are drawn, since some say the same
MILD = 0.25  # on −1…1: the strata between which a draw is shared out, not classes that anybody is shown
UNREAD, UNKNOWN = "unread", "?"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of a draw. weight: how many rows of its stratum it stands for; 0 where the draw was not by chance."""

    row: str
    key: bytes
    language: str
    weight: float


@dataclass(frozen=True, slots=True)
class Draw:
    """by: who drew. mode: fair by chance, or the least certain first, which teaches but does not measure."""

    id: int
    mode: Mode
    by: str
    rows: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The text to label now. left, done: of this draw, by this reader; they need not add up to all of it, since texts change and go."""

    draw: Draw
    row: str
    text: str
    language: str
    done: int
    left: int


def must_read_text(scope: Scope) -> None:
    """NotAllowed without the right to read text."""
    if not scope.free_text:
        raise NotAllowed("What people wrote is not yours to read", do="Ask whoever decides over rights for the right to read text.")


def seen_texts(house: House, scope: Scope) -> ibis.Table:
    """The rows with words that may be read one by one. NotAllowed without the right to read text."""
    must_read_text(scope)
    rows = voice_rows.seen(house.engine.table("feedback"), scope, protected(house))
    return rows.filter(rows.text.notnull(), rows.text != "")


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def draw(house: House, scope: Scope, who: str, mode: str, most: int = AT_ONCE) -> Draw:
    """A new draw. NotFound where there are no texts within the scope.

    fair: by chance within strata of language and of what the reader said, more evenly than they are large; each row keeps what it stands for.
    What many wrote word for word is drawn once.
    """
    if mode not in get_args(Mode):
        raise BadInput(f"No way to draw {mode!r}", nearest=nearest(mode, get_args(Mode)), do="Draw “fair” to measure, or “unsure” to teach.")
    texts = seen_texts(house, scope)
    rows = _fair(house, texts, most) if mode == "fair" else _unsure(house, texts, most)
    if not rows:
        raise NotFound("There are no texts to label", do="Import feedback with comments, or ask for a wider scope.")
    kept = [[one.row, one.key.hex(), one.language, one.weight] for one in rows]
    number = house.ledger.text_models.add(DRAW, "open", {"mode": mode, "rows": kept}, b"", who)
    house.ledger.audit.append(who, "draw texts to label", mode, {"draw": number, "texts": len(kept)})
    return _draw(house.ledger.text_models.get(number))


def _fair(house: House, texts: ibis.Table, most: int) -> list[Drawn]:
    parted = texts.select("id", "text", language=texts.language.fill_null(UNKNOWN), said=_said(texts))
    sizes = {(r["language"], r["said"]): r["n"] for r in house.engine.run(parted.group_by("language", "said").agg(n=parted.count())).to_pylist()}
    chance = (parted.id.cast("string") + token_hex(8)).hash()
    placed = parted.mutate(place=ibis.row_number().over(group_by=["language", "said"], order_by=chance))
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in house.engine.run(placed.filter(placed.place < SPARE * most)).to_pylist():
        found[row["language"], row["said"]].append(row)
    chosen: dict[bytes, Drawn] = {}
    for stratum, quota in shared_out(sizes, most).items():
        ordered = sorted(found[stratum], key=lambda r: r["place"])
        taken = [(key, r) for key, r in {key_of(r["text"]): r for r in ordered}.items() if key not in chosen][:quota]
        chosen |= {key: Drawn(str(r["id"]), key, r["language"], sizes[stratum] / len(taken)) for key, r in taken}
    return sorted(chosen.values(), key=lambda one: key_of(one.row))


def _said(texts: ibis.Table) -> Any:
    value = texts.sentiment
    return ibis.cases((value.isnull(), UNREAD), (value < -MILD, "negative"), (value > MILD, "positive"), else_="middle")


def shared_out(sizes: Mapping[tuple[str, str], int], most: int) -> dict[tuple[str, str], int]:
    """How many to draw of each stratum: by the root of its size, at least one of each as far as it goes, never more than there are.

    >>> shared_out({("sv", "positive"): 900, ("sv", "negative"): 100, ("fi", "middle"): 1}, 9)
    {('sv', 'positive'): 6, ('sv', 'negative'): 2, ('fi', 'middle'): 1}
    """
    ordered = sorted(sizes, key=lambda s: (-sizes[s], s))[:most]
    quota = dict.fromkeys(ordered, 1)
    while sum(quota.values()) < min(most, sum(sizes.values())):
        open_ones = [s for s in ordered if quota[s] < sizes[s]]
        quota[max(open_ones, key=lambda s: sizes[s] ** 0.5 / quota[s])] += 1
    return quota


def _unsure(house: House, texts: ibis.Table, most: int) -> list[Drawn]:
    """The least certain of the latest texts that nobody has labelled."""
    known = {one.key for one in house.ledger.labels.all()}
    order = (texts.certainty.asc(nulls_first=False), texts.id.desc())
    found = house.engine.run(texts.order_by(*order).limit(most + len(known)).select("id", "text", "language")).to_pylist()
    once = {key_of(r["text"]): r for r in found}
    new = [(key, r) for key, r in once.items() if key not in known][:most]
    return [Drawn(str(r["id"]), key, r["language"] or UNKNOWN, 0.0) for key, r in new]


def draws(house: House) -> list[Draw]:
    """Every draw, newest first."""
    return [_draw(one) for one in house.ledger.text_models.history(DRAW)]


def _draw(one: TextModel) -> Draw:
    rows = tuple(Drawn(row, bytes.fromhex(key), language, weight) for row, key, language, weight in one.numbers["rows"])
    return Draw(one.id, one.numbers["mode"], one.by, rows)


def draw_of(house: House, number: int) -> Draw:
    """The draw with this number; NotFound where there is none."""
    one = house.ledger.text_models.get(number)
    if one.kind != DRAW:
        raise NotFound(f"No draw {number}", do="The page of text quality leads to those that there are.")
    return _draw(one)


# ── labelling ────────────────────────────────────────────────────────────────────────────────────────────────────────


def turn(house: House, scope: Scope, member: int, draw: Draw, skip: int = 0) -> Turn | None:
    """The next text of the draw that this reader may see, whose words are as they were drawn, and that she has not labelled; None at the end.

    skip: how many of those to leave for later.
    """
    mine = {one.key for one in house.ledger.labels.of(member)}
    there = _there(house, scope, draw.rows)
    left = [one for one in draw.rows if one.key not in mine and one.row in there]
    if not left:
        return None
    done = sum(one.key in mine for one in draw.rows)
    now = left[skip % len(left)]
    return Turn(draw, now.row, there[now.row], now.language, done, len(left))


def _there(house: House, scope: Scope, rows: Iterable[Drawn]) -> dict[str, str]:
    """Row → its text, of those that the reader may see and that say what they said when they were drawn."""
    keys = {one.row: one.key for one in rows}
    if not keys:
        return {}
    found = house.engine.run(voice_rows.by_ids(seen_texts(house, scope), keys).select("id", "text")).to_pylist()
    return {str(r["id"]): r["text"] for r in found if key_of(r["text"]) == keys[str(r["id"])]}


def label(
    house: House, scope: Scope, member: int, who: str, row: str, tone: str, topics: Sequence[str] | None = None, intent: str | None = None
) -> None:  # fmt: skip
    """Keeps what this reader says of a text. BadInput for names that are none, NotFound for a row that is not hers to see."""
    if tone not in TONES:
        raise BadInput(f"No tone {tone!r}", nearest=nearest(tone, TONES), do=f"Tones: {', '.join(TONES)}.")
    if intent is not None and intent not in INTENTS:
        raise BadInput(f"No intent {intent!r}", nearest=nearest(intent, INTENTS), do=f"Intents: {', '.join(INTENTS)}.")
    known = _topics(house)
    for topic in topics or ():
        if topic not in known:
            raise BadInput(f"No topic {topic!r}", nearest=nearest(topic, known), do="The page of topics lists them.")
    found = _row(house, scope, row)
    said = Label(
        key_of(found["text"]), UUID(row).bytes, found["language"] or UNKNOWN, tone, member, who, None if topics is None else tuple(topics), intent
    )
    house.ledger.labels.add(said)
    house.ledger.audit.append(who, "label text", row, {"tone": tone})


def _row(house: House, scope: Scope, row: str) -> Mapping[str, Any]:
    try:
        wanted = str(UUID(row))
    except ValueError:
        wanted = ""
    rows = voice_rows.by_ids(seen_texts(house, scope), [wanted]) if wanted else None
    found = house.engine.run(rows.select("text", "language")).to_pylist() if rows is not None else []
    if not found:
        raise NotFound("There is no such text, or it is not yours to see", do="Load the page again for the next one.")
    one: Mapping[str, Any] = found[0]
    return one


def _topics(house: House) -> frozenset[str]:
    return frozenset(topic.id for topic in house.understanding().taxonomy)


def undo(house: House, member: int, who: str, draw: Draw) -> bool:
    """Takes back the last label that this reader gave in this draw; False where there is none."""
    keys = {one.key for one in draw.rows}
    given = [one for one in house.ledger.labels.of(member) if one.key in keys]
    if not given:
        return False
    house.ledger.labels.remove(member, given[-1].key)
    house.ledger.audit.append(who, "take back label", str(UUID(bytes=given[-1].row)), {})
    return True


def shared_draw(house: House, scope: Scope, member: int) -> Draw | None:
    """The newest fair draw that another has labelled, in which this reader has most left to label: so that agreement can be measured."""
    labels = house.ledger.labels.all()
    mine = {one.key for one in labels if one.member == member}
    others = {one.key for one in labels if one.member != member}
    for one in draws(house):
        open_rows = [r for r in one.rows if r.key in others - mine]
        if one.mode == "fair" and open_rows and _there(house, scope, open_rows):
            return one
    return None


def own_draw(house: House, member: int, who: str, mode: Mode) -> Draw | None:
    """The newest draw of this mode that this reader has begun and not finished."""
    mine = {one.key for one in house.ledger.labels.of(member)}
    hers = (one for one in draws(house) if one.by == who and one.mode == mode)
    return next((one for one in hers if any(r.key not in mine for r in one.rows)), None)


__all__ = ["Draw", "Drawn", "Turn", "draw", "draw_of", "draws", "label", "own_draw", "seen_texts", "shared_draw", "turn", "undo"]
