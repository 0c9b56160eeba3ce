"""Rows → `feedback`: one row for each answer, with scores checked against their measure's scale."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.contract import AnswerRule
from gensvar.contracts.feedback import FEEDBACK
from gensvar.contracts.measures import Measure, Measures
from gensvar.contracts.table import TEXT
from gensvar.hub.aside import Aside, shown
from gensvar.hub.numbers import Numbers, numbers, score_reader
from gensvar.hub.shared import ORIGINAL, Rows, kinds, maps, no_rows, picked, table, value
from gensvar.hub.sheet import Mask, Sheet, each_value, filled

LONGEST_TEXT = 100_000
LONGEST_WORD = 4_000
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Scores:
    """value: NaN where there is none; given: where the source says something; raw: what it says, as text, for messages."""

    value: Numbers
    given: Mask
    raw: Callable[[int], str | None]


@dataclass(slots=True)
class Door:
    """The answers of one rule on their way in: which of them are there, and which stay out."""

    rows: Rows
    rule: AnswerRule
    aside: Aside
    items: pa.Array
    bad: Mask

    def item(self, row: int) -> str:
        return str(self.items[row].as_py() or "")

    def stop(self, wrong: Mask, reason: str, column: str, message: Callable[[int], str]) -> None:
        """Sets these answers aside; an answer has one reason only, its first."""
        for row in np.flatnonzero(wrong & ~self.bad):
            at = int(row)
            self.aside.add([int(self.rows.index[at])], reason, message(at), column, self.item(at))
        self.bad |= wrong


def answers(rows: Rows, measures: Measures, aside: Aside) -> pa.Table:
    """All answers of the rows, `_row` the index into them."""
    parts = [_answers(rows, rule, measures, aside) for rule in rows.contract.answers]
    filled_parts = [p for p in parts if p.num_rows]
    return pa.concat_tables(filled_parts) if filled_parts else no_rows(FEEDBACK)


def _answers(rows: Rows, rule: AnswerRule, measures: Measures, aside: Aside) -> pa.Table:
    sheet, count = rows.sheet, len(rows)
    text, choice, scores = _said(sheet, rule.text, rule), _coded(sheet, rule), _scores(sheet, rule, measures, rows.contract.reading.decimal)
    there = filled(text) | filled(choice) | scores.given
    door = Door(rows, rule, aside, value(sheet, rule.item), np.zeros(count, dtype=bool))
    _check_words(door, there, text, choice)
    keys = value(sheet, rule.measure)
    wrong = _check_scores(door, scores, keys, measures)
    score = pa.array(scores.value, mask=~(scores.given & ~wrong))
    rated = filled(score) | filled(choice)
    language = rows.redactor.spoken(text, rows.columns["language"], rows.columns["market"])
    columns = {
        "item": door.items,
        "measure": pc.if_else(pa.array(rated), keys, pa.scalar(None, TEXT)),
        "score": score,
        "choice": rows.redacted(choice, language),
        "text": rows.redacted(text, language),
        "language": language,
    }
    columns |= _overrides(sheet, rule, rows)
    columns[ORIGINAL] = changed_from(text, columns["text"])
    if wrong.any() and not door.bad[wrong].all():
        columns["attrs"] = _with_unread(rows, scores, wrong & ~door.bad, door)
    return _table(rows, columns, np.flatnonzero(there & ~door.bad))


def _table(rows: Rows, columns: dict[str, pa.Array], kept: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Table:
    found = picked({**rows.columns, **columns}, kept, len(rows))
    return table(FEEDBACK, found, kept).append_column(ORIGINAL, found[ORIGINAL])


def changed_from(said: pa.Array, redacted: pa.Array) -> pa.Array:
    """The texts as they were written, where redaction took something out of them; null elsewhere."""
    return pc.if_else(pc.fill_null(pc.not_equal(said, redacted), False), said, pa.scalar(None, TEXT))


def _missing(text: pa.Array, rule: AnswerRule) -> pa.Array:
    if not rule.missing:
        return text
    codes = {code.strip().casefold() for code in rule.missing}
    return each_value(text, lambda t: None if t.casefold() in codes else t, TEXT)


def _said(sheet: Sheet, column: str | None, rule: AnswerRule) -> pa.Array:
    return pa.nulls(len(sheet), TEXT) if column is None else _missing(sheet.text(column), rule)


def _coded(sheet: Sheet, rule: AnswerRule) -> pa.Array:
    if rule.choice is None or rule.choice.column is None:
        return value(sheet, rule.choice)
    local = _missing(sheet.text(rule.choice.column), rule)
    agreed = value(sheet, rule.choice)
    return pc.if_else(local.is_valid(), agreed, pa.scalar(None, TEXT))


def _scores(sheet: Sheet, rule: AnswerRule, measures: Measures, decimal: str) -> Scores:
    if rule.score is None:
        return Scores(np.full(len(sheet), np.nan), np.zeros(len(sheet), dtype=bool), lambda _: None)
    raw = sheet.raw(rule.score)
    numeric = pa.types.is_integer(raw.type) or pa.types.is_floating(raw.type)
    if numeric and not rule.words and not rule.missing:
        given = filled(pc.if_else(pc.is_nan(raw), None, raw) if pa.types.is_floating(raw.type) else raw)
        return Scores(numbers(sheet, rule.score, lambda _: None), given, lambda i: str(raw[i].as_py()))
    text = _missing(sheet.text(rule.score), rule)
    key = (rule.measure.always if rule.measure else None) or ""
    most = measures.by_key[key].high if key in measures.by_key else None
    read = score_reader(rule.words, decimal, most)
    values = pc.fill_null(each_value(text, read, pa.float64()), np.nan).to_numpy(zero_copy_only=False)
    return Scores(values, filled(text), lambda i: text[i].as_py())


def _check_words(door: Door, there: Mask, text: pa.Array, choice: pa.Array) -> None:
    rule = door.rule
    nameless = there & ~filled(door.items)
    door.stop(nameless, "missing_item", rule.item.column or "", lambda _: "The answer does not say which question it answers")
    for words, column, most in ((text, rule.text, LONGEST_TEXT), (choice, "", LONGEST_WORD), (door.items, rule.item.column, LONGEST_WORD)):
        door.stop(_longer(words, most), "too_long", column or "", lambda _, most=most: f"The text is longer than {most:,} characters")  # type: ignore[misc]


def _longer(text: pa.Array, most: int) -> Mask:
    mask: Mask = pc.fill_null(pc.greater(pc.utf8_length(text), most), False).to_numpy(zero_copy_only=False)
    return mask


def _check_scores(door: Door, scores: Scores, keys: pa.Array, measures: Measures) -> Mask:
    """Where the score cannot be used. Those answers are set aside, unless the contract accepts bad values."""
    column = door.rule.score or ""
    unknown, off = _against_scales(scores, keys, measures)
    unread = scores.given & np.isnan(scores.value)
    stop = door.stop if door.rows.contract.surprises.bad_value != "accept" else _pass
    door.stop(unknown, "unknown_measure", column, lambda i: f"No measure {shown(keys[i].as_py())} is defined, so its score cannot be read")
    stop(unread, "bad_score", column, lambda i: f"{shown(scores.raw(i))} is no number that can be read one way only")
    stop(off, "off_scale", column, lambda i: f"{shown(scores.raw(i))} is not on the scale of {keys[i].as_py()}{_scale(keys[i].as_py(), measures)}")
    return unread | off | unknown


def _pass(wrong: Mask, reason: str, column: str, message: Callable[[int], str]) -> None:
    """Accepts: the answer goes in without its score, which is noted in attrs."""


def _scale(key: str, measures: Measures) -> str:
    m = measures.by_key[key]
    return f": {m.low:g} to {m.high:g}" + (f" in steps of {m.step:g}" if m.step != 1 else "")


def _against_scales(scores: Scores, keys: pa.Array, measures: Measures) -> tuple[Mask, Mask]:
    unknown, off = np.zeros(len(keys), dtype=bool), np.zeros(len(keys), dtype=bool)
    if not scores.given.any():
        return unknown, off
    coded = keys.dictionary_encode()
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    unknown |= scores.given & (codes == -1)
    for code, key in enumerate(coded.dictionary.to_pylist()):
        here = scores.given & (codes == code)
        if key in measures:
            off |= here & off_scale(scores.value, measures.get(key))
        else:
            unknown |= here
    return unknown, off


def off_scale(score: Numbers, measure: Measure) -> Mask:
    """Where a number lies outside the measure's scale or between two of its points."""
    steps = (score - measure.low) / measure.step
    with np.errstate(invalid="ignore"):
        mask: Mask = (score < measure.low) | (score > measure.high) | (np.abs(steps - np.round(steps)) > SLACK)
    return mask


def _overrides(sheet: Sheet, rule: AnswerRule, rows: Rows) -> dict[str, pa.Array]:
    found: dict[str, pa.Array] = {}
    if rule.kind:
        found["kind"], found["local_kind"] = kinds(sheet, rule.kind, rows.redactor)
    if rule.touchpoint:
        found["touchpoint"] = pc.coalesce(value(sheet, rule.touchpoint), rows.columns["touchpoint"])
    return found


def _with_unread(rows: Rows, scores: Scores, wrong: Mask, door: Door) -> pa.Array:
    noted = rows.redacted(pa.array([scores.raw(i) if wrong[i] else None for i in range(len(rows))], TEXT))
    return maps({**rows.attrs, "unread." + (door.rule.score or ""): noted}, len(rows))
