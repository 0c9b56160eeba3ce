"""Set-aside: what could not be taken in, why, and the way to repair it and send it through again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gensvar.serve.web.desk import Desk, SetAsideRow
from gensvar.serve.web.figures import moment
from gensvar.serve.web.words import Words

PAGE = 50
REASONS = {
    "bad_score": "a score that is not a number",
    "off_scale": "a score outside its scale",
    "unknown_measure": "a measure that is not defined",
    "bad_time": "a time that cannot be read",
    "bad_value": "a value that the contract does not know",
    "bad_email": "an e-mail address that cannot be used",
    "bad_phone": "a phone number that cannot be used",
    "bad_external": "a customer id that cannot be used",
    "missing_record": "no record id",
    "missing_item": "an answer that does not say to which question",
    "missing_name": "an event that does not say what happened",
    "missing_party": "it does not say whom it is about",
    "duplicate_record": "the same record id twice in one file",
    "too_long": "a value that is too long",
    "too_few_cells": "a row with too few cells",
    "too_many_cells": "a row with too many cells",
    "broken_quote": "a quotation mark without its partner",
    "broken_json": "JSON that is broken",
    "not_an_object": "JSON that is not a row with names",
    "bad_encoding": "characters that the file’s encoding does not know",
    "null_byte": "a null byte",
    "corrupt": "a part of the file that is damaged",
    "no_contract": "no contract says what the columns mean",
    "refused": "an item that the API could not understand",
    "unforeseen": "something nobody foresaw, which is our fault",
}
STATES = {"open": "open", "replayed": "replayed", "discarded": "discarded"}


@dataclass(frozen=True, slots=True)
class ReasonRow:
    source: str
    reason: str
    says: str
    rows: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AsideRow:
    id: int
    source: str
    reason: str
    says: str
    message: str
    record: str
    item: str
    field: str
    line: int
    at: str
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class SetAsidePage:
    """source, reason, state: what is shown. ids: of the rows on this page. next_after: where the next page begins, or None."""

    source: str
    reason: str
    state: str
    reasons: tuple[ReasonRow, ...]
    rows: tuple[AsideRow, ...]
    next_after: int | None
    total: int


@dataclass(frozen=True, slots=True)
class RawField:
    """One editable value of the raw row. faulty: it is the one that the message is about. long: needs more than one line."""

    name: str
    value: str
    faulty: bool
    long: bool


@dataclass(frozen=True, slots=True)
class RepairPage:
    row: AsideRow
    fields: tuple[RawField, ...]


def set_aside_page(desk: Desk, source: str, reason: str, state: str, after: int, words: Words, zone: str) -> SetAsidePage:
    """The reasons with their counts, and a page of rows of the chosen source and reason."""
    counts = desk.counts()
    rows = desk.set_aside_page(source or None, reason or None, state, after, PAGE + 1)
    reasons = tuple(
        ReasonRow(c.source, c.reason, says(c.reason, words), words.number(c.rows), (c.source, c.reason) == (source, reason)) for c in counts
    )
    shown = rows[:PAGE]
    next_after = shown[-1].id if len(rows) > PAGE else None
    return SetAsidePage(source, reason, state, reasons, tuple(_row(r, words, zone) for r in shown), next_after, sum(c.rows for c in counts))


def says(reason: str, words: Words) -> str:
    """A reason in words; a reason that is new to the page as its code, spaced."""
    return words(REASONS[reason]) if reason in REASONS else reason.replace("_", " ")


def _row(r: SetAsideRow, words: Words, zone: str) -> AsideRow:
    at = moment(r.at, words.language, zone)
    return AsideRow(r.id, r.source, r.reason, says(r.reason, words), r.message, r.record, r.item, r.field, r.line, at, r.state, f"/set-aside/{r.id}")


def repair_page(desk: Desk, row: int, words: Words, zone: str) -> RepairPage:
    """One row with its raw values as fields, the faulty one first."""
    found = desk.set_aside_row(row)
    fields = [RawField(n, text_of(v), n == found.field, len(text_of(v)) > 60 or "\n" in text_of(v)) for n, v in found.raw.items()]
    return RepairPage(_row(found, words, zone), tuple(sorted(fields, key=lambda f: not f.faulty)))


def text_of(value: object) -> str:
    """A raw value as it can be edited: text as it is, nothing as nothing, anything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def repaired(raw: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """The raw row with the fields that were changed; a field left as it was keeps its type, an emptied one becomes nothing."""
    return {name: _edited(value, form.get(f"raw.{name}")) for name, value in raw.items()}


def _edited(value: object, text: str | None) -> object:
    if text is None or text.replace("\r\n", "\n") == text_of(value).replace("\r\n", "\n"):
        return value
    return text or None
