"""The index of texts kept up with the hub: day by day, as the hub moves; made anew where it is missing, damaged or of another version.

A day is behind from before the hub's epoch moves until after its rows stand in the index. So a crash anywhere leaves it behind, and it is read
again; reading a day twice changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import ibis

from gensvar.house import House
from gensvar.index import Entry, Mark

MOST_ROWS = 50_000  # read in one turn, where no single day has more
PRIME = 1_000_000_007  # so that the marks of ten million texts add up to less than 64 bits
BEGIN = date(1970, 1, 1)
ONE_DAY = timedelta(days=1)
GROWN = 0.02  # share of new vectors from which on the index of meaning is made anew


def catch_up(house: House, most: int = MOST_ROWS) -> int:
    """Reads days that the index is behind on, the latest first, of about so many rows; how many days are left."""
    epoch = house.engine.epoch()
    behind = house.index.behind(epoch)
    if behind is None:
        house.index.surveyed(epoch, marks(house))
        behind = house.index.behind(epoch) or frozenset()
    if not behind:
        return 0
    turn = house.index.turn()
    seen = marks(house, behind)
    days = _some(sorted(behind, reverse=True), seen, most)
    _read_days(house, days)
    house.index.caught_up({day: seen.get(day) for day in days}, turn)
    return len(behind) - len(days)


def catch_up_wholly(house: House) -> None:
    """Until no day is behind, and every vector is there."""
    while catch_up(house):
        pass
    refresh_meaning(house, always=True)


def marks(house: House, days: Iterable[date] | None = None) -> dict[date, Mark]:
    """Of each day that has texts, or of some: how many, and a number that changes when any of them does, or its language."""
    t = _texts(house)
    t = t if days is None else t.filter(_on(t, days))
    said = t.id.cast("string") + "|" + t.language.fill_null("") + "|" + t.text
    counted = t.group_by(day=t.occurred_at.date()).agg(n=t.count(), mark=(said.hash().cast("int64") % PRIME).sum())
    return {r["day"]: (r["n"], r["mark"]) for r in house.engine.run(counted).to_pylist()}


def _texts(house: House) -> ibis.Table:
    feedback = house.engine.table("feedback")
    return feedback.filter(feedback.text.notnull(), feedback.text != "")


def _some(days: Sequence[date], seen: dict[date, Mark], most: int) -> list[date]:
    """The first days that together have no more rows; at least one."""
    found: list[date] = []
    rows = 0
    for day in days:
        rows += seen.get(day, (0, 0))[0]
        if found and rows > most:
            break
        found.append(day)
    return found


def _read_days(house: House, days: Sequence[date]) -> None:
    """What differs on these days between the hub and the index, into the index."""
    words = house.index.words
    gone = {(_number(day), row): check for day in days for row, check in words.of_day(_number(day)).items()}
    t = _texts(house)
    rows = house.engine.run(t.filter(_on(t, days)).select("id", "text", "language", day=t.occurred_at.date()))
    new = []
    for batch in rows.to_batches():
        for row in batch.to_pylist():
            entry = Entry(UUID(row["id"]).bytes, _number(row["day"]), row["text"], row["language"])
            if gone.get((entry.day, entry.id)) == entry.check:
                del gone[entry.day, entry.id]
            else:
                new.append(entry)
    if new or gone:
        words.write(new, gone)


def _on(t: ibis.Table, days: Iterable[date]) -> Any:
    """Whether a row lies on one of the days; runs of days are one test each."""
    return ibis.or_(ibis.literal(False), *((t.occurred_at >= _start(first)) & (t.occurred_at < _start(last + ONE_DAY)) for first, last in runs(days)))


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, as first and last.

    >>> from datetime import date
    >>> runs([date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 9)])[0][1].isoformat()
    '2026-01-03'
    """
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _number(day: date) -> int:
    return (day - BEGIN).days


def refresh_meaning(house: House, *, always: bool = False) -> bool:
    """Makes the index of meaning anew where enough vectors came in, or any went; whether it did."""
    model = house.understanding().encoder
    if not model:
        return False
    meaning, there = house.index.meaning, house.ledger.vectors.count(model)
    same = meaning.model == model and there == meaning.rows
    if same or (not there and not meaning.rows):
        return False
    if always or meaning.model != model or there < meaning.rows or there > meaning.rows * (1 + GROWN):
        meaning.renew(model, house.ledger.vectors.scan(model))
        return True
    return False
