"""The audit as an auditor reads it: who did what and who saw what, newest first, and whether the chain is whole. Checks are written down."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from gensvar.house import House
from gensvar.kit.errors import BadInput, TooLarge
from gensvar.ledger import Deed
from gensvar.ledger.audit import Checked, Wanted
from gensvar.measure.periods import read_day

MOST, MOST_TABLE, AT_ONCE = 500, 200_000, 5_000
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("at", pa.timestamp("ms", tz="UTC")),
        ("who", pa.string()),
        ("did", pa.string()),
        ("what", pa.string()),
        ("detail", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """next: the number below which the next page begins, or None."""

    rows: tuple[Deed, ...]
    next: int | None


def wanted(who: str = "", did: str = "", since: str = "", until: str = "", text: str = "", *, zone: str) -> Wanted:
    """From text. since, until: days of this zone, both included. BadInput for a day that cannot be."""
    after = read_day(until) + timedelta(days=1) if until else None
    return Wanted(who, did, _start(read_day(since), zone) if since else None, _start(after, zone) if after else None, text)


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def page(house: House, what: Wanted, before: int | None = None, limit: int = 50) -> AuditPage:
    """The rows that are wanted, newest first."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"A page has 1 to {MOST} rows, not {limit}")
    rows = house.ledger.audit.page(what, before, limit + 1)
    return AuditPage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def check(house: House, who: str) -> Checked:
    """Walks the whole chain, and writes down that it was walked and what was found."""
    found = house.ledger.audit.check()
    house.ledger.audit.append(who, "verify audit", "/audit", {"rows": found.rows, "broken": found.broken})
    return found


def table(house: House, who: str, what: Wanted, *, told: Mapping[str, Any]) -> pa.Table:
    """Every row that is wanted, newest first, detail as JSON. TooLarge above 200,000 rows. who, told: who takes it along, and which filters."""
    house.ledger.audit.append(who, "export audit", "/audit", told)
    rows = list(_all(house, what))
    if len(rows) > MOST_TABLE:
        raise TooLarge(f"More than {MOST_TABLE:,} rows are too many for one file", do="Choose fewer days.")
    plain = [(r.id, r.at, r.who, r.did, r.what, json.dumps(r.detail, ensure_ascii=False, sort_keys=True)) for r in rows]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in plain], schema=SCHEMA)


def _all(house: House, what: Wanted) -> Iterator[Deed]:
    before, read = None, 0
    while read <= MOST_TABLE:
        rows = house.ledger.audit.page(what, before, AT_ONCE)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        before, read = rows[-1].id, read + len(rows)
