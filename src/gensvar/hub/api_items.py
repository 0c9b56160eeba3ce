"""What the API takes: items in the canonical form, or raw rows that the source's contract maps; a bad item never costs its neighbours."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar.hub.answers import LONGEST_TEXT
from gensvar.hub.records import LONGEST_RECORD
from gensvar.kit.errors import BadInput, TooLarge, nearest
from gensvar.kit.ids import record_key, row_ids

MOST_ITEMS = 1_000
DEEPEST = 16
UNKNOWN = re.compile(r"unknown field `(.+?)`")
SOURCE = Annotated[str, Meta(min_length=1, max_length=64)]
ESCAPE = re.compile(rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL)
WORD = Annotated[str, Meta(max_length=4_000)] | None
MOMENT = Annotated[datetime, Meta(tz=True)] | None
Plain = str | int | float | bool | None
DO = "See the reference of the API for each field."


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who said it. Hashed with the hub's secret before anything else; the plain values are kept encrypted.

    email, phone, external: keys that tell people apart; external is your own id of them. name: kept encrypted, never used to tell people apart.
    """

    email: WORD = None
    phone: WORD = None
    external: WORD = None
    name: WORD = None


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """record: the source's own id; occurred_at, created_at: ISO 8601 with an offset or Z. row: raw columns instead, for the contract to map.

    party, account: who said it, and for which organisation.
    """

    source: SOURCE
    record: Annotated[str, Meta(max_length=LONGEST_RECORD)] = ""
    occurred_at: MOMENT = None
    created_at: MOMENT = None
    market: WORD = None
    segment: WORD = None
    channel: WORD = None
    journey: WORD = None
    touchpoint: WORD = None
    product: WORD = None
    unit: WORD = None
    party: Person | None = None
    account: Person | None = None
    attrs: dict[str, Plain] | None = None
    row: dict[str, Any] | None = None


class FeedbackItem(_Item, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One answer or utterance."""

    item: Annotated[str, Meta(max_length=LONGEST_RECORD)] = ""
    audience: Literal["customer", "employee", "partner", "owner", "public"] | None = None
    kind: WORD = None
    measure: WORD = None
    score: float | None = None
    choice: WORD = None
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] | None = None
    language: WORD = None


class EventItem(_Item, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing that happened."""

    name: WORD = None
    value: float | None = None
    session: WORD = None
    step: WORD = None


Item = FeedbackItem | EventItem
KINDS: dict[str, type[FeedbackItem] | type[EventItem]] = {"feedback": FeedbackItem, "events": EventItem}


@dataclass(frozen=True, slots=True)
class Decoded:
    """items: those that can be taken in; problems: (place in the body from 0, what is wrong with it); places: where each item stood."""

    items: Sequence[Item]
    problems: list[tuple[int, str]]
    places: Sequence[int]

    def ids(self) -> list[str]:
        """What each row's id will end with: 20 hexadecimal digits; the first 12 say when. '' where the contract makes the id."""
        return [_tail(item) for item in self.items]

    def refusing(self, why: Callable[[Item], str | None]) -> "Decoded":
        """The same without the items for which there is a reason."""
        reasons = [why(item) for item in self.items]
        refused = [(place, reason) for place, reason in zip(self.places, reasons, strict=True) if reason is not None]
        kept = [i for i, reason in enumerate(reasons) if reason is None]
        return Decoded([self.items[i] for i in kept], sorted([*self.problems, *refused]), [self.places[i] for i in kept])


def _tail(item: Item) -> str:
    if item.row is not None:
        return ""
    return row_ids([record_key(item.source, item.record)], [getattr(item, "item", "")], [0])[0][6:].hex()


def decode(body: bytes, op: str = "feedback") -> Decoded:
    """The items of a body: one object, or a list of up to 1,000. op: feedback or events.

    Raises BadInput when the body is no JSON or holds no object, TooLarge when it holds more than 1,000 items.
    """
    kind = KINDS[op]
    try:
        items = _decoder(kind, body.lstrip()[:1] == b"[").decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return _one_by_one(body, kind)
    found = items if isinstance(items, list) else [items]
    return _checked(found, range(_few(len(found))), [])


@lru_cache(maxsize=8)
def _decoder(kind: Any, many: bool) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[kind] if many else kind)


def _few(count: int) -> int:
    if count > MOST_ITEMS:
        raise TooLarge(f"{count:,} items; {MOST_ITEMS:,} fit in one request", do="Send them in several requests.")
    return count


def _one_by_one(body: bytes, kind: type[Item]) -> Decoded:
    decoder = _decoder(kind, False)
    items, places, problems = [], [], []
    for place, raw in enumerate(_pieces(ESCAPE.sub(_mended, body))):
        try:
            items.append(decoder.decode(raw))
            places.append(place)
        except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
            problems.append((place, _said(wrong, kind)))
    return _checked(items, places, problems)


def _pieces(body: bytes) -> list[msgspec.Raw]:
    try:
        many = body.lstrip()[:1] == b"["
        pieces = msgspec.json.decode(body, type=list[msgspec.Raw]) if many else [msgspec.json.decode(body, type=msgspec.Raw)]
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        raise BadInput("The body is not JSON", faults=[_plainly(wrong)], do=DO) from None
    _few(len(pieces))
    return pieces


def _mended(escape: re.Match[bytes]) -> bytes:
    """Half of a surrogate pair is no character; it becomes U+FFFD, so that it costs neither its text nor its neighbours."""
    return b"\\ufffd" if escape[1] else escape[0]


def _plainly(wrong: Exception) -> str:
    return "it is nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)


def _said(wrong: Exception, kind: type[Item]) -> str:
    message = _plainly(wrong)
    unknown = UNKNOWN.search(message)
    guess = nearest(unknown[1], kind.__struct_fields__) if unknown else None
    return message + (f"; did you mean {guess!r}?" if guess else "")


def _checked(items: Sequence[Item], places: Sequence[int], problems: list[tuple[int, str]]) -> Decoded:
    seen: set[tuple[str, str, str]] = set()
    good: list[int] = []
    for i, item in enumerate(items):
        unit = (item.source, item.record, getattr(item, "item", ""))
        fault = _fault(item) if item.row is None else _row_fault(item)
        if fault is None and item.row is None and unit in seen:
            fault = "the same record and item came earlier in this request"
        if fault is None:
            seen.add(unit)
            good.append(i)
        else:
            problems.append((places[i], fault))
    if len(good) == len(items):
        return Decoded(items, sorted(problems), places)
    return Decoded([items[i] for i in good], sorted(problems), [places[i] for i in good])


def _fault(item: Item) -> str | None:
    if not item.record.strip():
        return "`record` must be given: the source's own id of what is sent"
    if item.occurred_at is None:
        return "`occurred_at` must be given, as 2026-10-31T12:00:00Z"
    return _answer_fault(item) if isinstance(item, FeedbackItem) else _event_fault(item)


def _answer_fault(item: FeedbackItem) -> str | None:
    if not item.item.strip():
        return "`item` must be given: the question or field that is answered"
    if item.text is None and item.score is None and item.choice is None:
        return "give at least one of `text`, `score` and `choice`"
    if item.score is not None and not math.isfinite(item.score):
        return "`score` must be a finite number"
    return "`score` needs a `measure`, as csat.support@2" if item.score is not None and not item.measure else None


def _event_fault(item: EventItem) -> str | None:
    if not (item.name or "").strip():
        return "`name` must be given: what happened"
    return "`value` must be a finite number" if item.value is not None and not math.isfinite(item.value) else None


def _row_fault(item: Item) -> str | None:
    if not item.row:
        return "`row` has no columns"
    stated = [f for f in item.__struct_fields__ if f not in ("source", "row") and getattr(item, f) not in (None, "")]
    if stated:
        return f"`row` is mapped by the contract, so `{stated[0]}` cannot be given beside it"
    return f"`row` is nested more than {DEEPEST} levels deep" if _too_deep(item.row, DEEPEST) else None


def _too_deep(value: object, left: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left < 0 or any(_too_deep(v, left - 1) for v in inner)
