"""One source as the tests of the hub know it: its contract, and rows that are good until a test breaks them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa

from gensvar.contracts import Contract, Measures
from gensvar.contracts.contract_yaml import read_contract
from gensvar.contracts.rows import Batch, Received
from gensvar.hub import Intake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECRET = b"s" * 32
HELPDESK = """
source: helpdesk
version: 3
owner: anna.berg
purpose: every ticket and its rating
record: ticket
at: {column: created, order: dmy, zone: Europe/Stockholm}
kind: {column: type, words: {problem: complaint, fråga: question, retur: return}}
party: {email: mail, phone: tel, external: customer, name: name, region: SE}
dimensions: {market: country, channel: via}
answers:
  - {item: message, text: said}
  - {item: rating, measure: csat.support@2, score: stars, words: {great: 5, awful: 1}, missing: ["99"]}
  - {item: nps, measure: nps.company@1, score: recommend}
measures:
  - {id: csat.support, version: 2, metric: csat, low: 1, high: 5}
  - {id: nps.company, version: 1, metric: nps, low: 0, high: 10}
"""
GOOD: dict[str, Any] = {
    "ticket": "t0",
    "created": "31/10/2026 10:00",
    "type": "Problem",
    "mail": None,
    "tel": None,
    "customer": None,
    "name": None,
    "country": "SE",
    "via": "app",
    "said": "Tack för hjälpen",
    "stars": "4",
    "recommend": "9",
}


@lru_cache
def contract(changes: str = "", text: str = HELPDESK) -> Contract:
    """The helpdesk's contract, with further lines."""
    return read_contract(text + changes)


def batch(rows: Sequence[Mapping[str, Any]], types: Mapping[str, pa.DataType] | None = None) -> Batch:
    """The rows as a reader hands them on; text unless a type is given."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    kinds = types or {}
    columns = {n: pa.array([row.get(n) for row in rows], kinds.get(n, pa.string())) for n in names}
    return Batch(pa.table(columns), range(2, len(rows) + 2))


def good(number: int, **changes: Any) -> dict[str, Any]:
    """One good row, with changes."""
    return {**GOOD, "ticket": f"t{number}", **changes}


def received(rows: Sequence[Mapping[str, Any]], changes: str = "", types: Mapping[str, pa.DataType] | None = None) -> Received:
    """What the helpdesk's contract makes of the rows."""
    return Intake(contract(changes), Measures(), SECRET).receive(batch(rows, types), NOW)


def answers(got: Received) -> dict[tuple[str, str], dict[str, Any]]:
    """(record, item) → the row."""
    return {(row["record"], row["item"]): row for row in got.table.to_pylist()}


def reasons(got: Received) -> set[str]:
    return {s.reason for s in got.set_aside}
