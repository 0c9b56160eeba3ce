"""Rows → `events` and `parties`: one row each."""

import numpy as np
import pyarrow as pa

from gensvar.contracts.contract import EventRule, Moment, PartyRule
from gensvar.contracts.events import EVENTS
from gensvar.contracts.parties import PARTIES
from gensvar.contracts.rows import Keys
from gensvar.hub.aside import Aside, shown
from gensvar.hub.moments import times
from gensvar.hub.numbers import Numbers, amounts
from gensvar.hub.shared import Rows, constant, moment_array, picked, table, value
from gensvar.hub.sheet import Mask, filled


def events(rows: Rows, rule: EventRule, aside: Aside) -> pa.Table:
    """One event for each row; a row without a name, or with an amount that is no number, is set aside."""
    sheet = rows.sheet
    name = value(sheet, rule.name)
    amount, bad = _amounts(rows, rule.value, aside)
    nameless = ~filled(name)
    aside.add(rows.index[nameless & ~bad].tolist(), "missing_name", "The row does not say what happened", rule.name.column or "")
    columns = {
        **rows.columns,
        "name": rows.redacted(name),
        "session": sheet.text(rule.session) if rule.session else pa.nulls(len(rows), pa.string()),
        "step": rows.redacted(value(sheet, rule.step)),
        "value": pa.array(amount, mask=np.isnan(amount)),
    }
    kept = np.flatnonzero(~bad & ~nameless)
    return table(EVENTS, picked(columns, kept, len(rows)), kept)


def _amounts(rows: Rows, column: str | None, aside: Aside) -> tuple[Numbers, Mask]:
    amount = amounts(rows.sheet, column, rows.contract.reading.decimal)
    if column is None:
        return amount, np.zeros(len(rows), dtype=bool)
    text = rows.sheet.text(column)
    bad = filled(text) & np.isnan(amount)
    if rows.contract.surprises.bad_value == "accept":
        return amount, np.zeros(len(rows), dtype=bool)
    for i in np.flatnonzero(bad):
        said = f"{shown(text[int(i)].as_py())} is no number that can be read one way only"
        aside.add([int(rows.index[i])], "bad_value", said, column)
    return amount, bad


def parties(rows: Rows, rule: PartyRule, keys: Keys, aside: Aside) -> pa.Table:
    """One person or account for each row; a row that names nobody is set aside."""
    amount, bad = _amounts(rows, rule.value, aside)
    named = np.array([any(k is not None for k in row) for row in _naming(rule, keys)], dtype=bool)
    aside.add(rows.index[~named & ~bad].tolist(), "missing_party", "The row names nobody: no usable external id, e-mail or phone number")
    started, bad_start = _moments(rows, rule.started, aside, bad | ~named)
    ended, bad_end = _moments(rows, rule.ended, aside, bad | ~named | bad_start)
    columns = {
        **rows.columns,
        "kind": constant(rule.kind, len(rows)),
        "first_seen": rows.columns["occurred_at"],
        "updated_at": rows.columns["received_at"],
        "value": pa.array(amount, mask=np.isnan(amount)),
        "started_at": started,
        "ended_at": ended,
    }
    kept = np.flatnonzero(~bad & named & ~bad_start & ~bad_end)
    return table(PARTIES, picked(columns, kept, len(rows)), kept)


def _naming(rule: PartyRule, keys: Keys) -> list[tuple[bytes | None, ...]]:
    if rule.kind == "account":
        return [(k,) for k in keys.account]
    return list(zip(keys.external, keys.email, keys.phone, strict=True))


def _moments(rows: Rows, moment: Moment | None, aside: Aside, already: Mask) -> tuple[pa.Array, Mask]:
    if moment is None:
        return pa.nulls(len(rows), pa.timestamp("us", tz="UTC")), np.zeros(len(rows), dtype=bool)
    found = times(rows.sheet, moment)
    bad: Mask = found.given & ~found.ok
    aside.add(rows.index[bad & ~already].tolist(), "bad_time", "The time cannot be read as the contract says", moment.column or "")
    return moment_array(found), bad
