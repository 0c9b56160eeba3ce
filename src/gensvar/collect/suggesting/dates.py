"""In which order a column writes its dates, from values above 12, separators and names; unsure where nothing tells them apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import available_timezones

from gensvar.collect.suggesting.profile import Profile
from gensvar.contracts.contract import Order

CLOCK = r"(?:[T, ].*)?"
YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})" + CLOCK)
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})" + CLOCK)
SPELLED = re.compile(r"(?:[^\W\d]+\.?,? )?(\d{1,2}(?:st|nd|rd|th)?\.?[- ][^\W\d]{3,}|[^\W\d]{3,}\.? \d{1,2}(?:st|nd|rd|th)?,?)[,-]? ?\d{4}.*")
COMPACT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T?\d{4,6})?Z?")
OFFSET = re.compile(r".*\d(Z|[+-]\d{2}:?\d{2})")
NAMED = re.compile(
    r"date|time|created|updated|(?<![a-z])at$|_at\b|timestamp|stamp|datum|dato|\btid(punkt)?\b|päivä|pvm|aika|\bday\b|submitted|recorded|skapad|opprettet|oprettet|luotu|erstellt",
    re.IGNORECASE,
)
PREFERRED = (
    (re.compile(r"record(ed)? ?date|submit|completed|svarad|besvarad|answered|responded|abgeschickt|besvart|vastattu", re.IGNORECASE), 6),
    (re.compile(r"created|opened|skapad|opprettet|oprettet|luotu|erstellt|posted|published|review.?date", re.IGNORECASE), 5),
    (re.compile(r"end ?date|ended|finished", re.IGNORECASE), 4),
    (re.compile(r"^(date|datum|dato|time|timestamp|when|occurred.*|pvm|päivä.*|day)$", re.IGNORECASE), 4),
    (re.compile(r"start", re.IGNORECASE), 3),
    (re.compile(r"updated|modified|synced|birth|due|seen|last|expire|ändrad|muokattu|geändert|född", re.IGNORECASE), -3),
)
IMMUTABLE = re.compile(r"record(ed)? ?date|submit|created|opened|skapad|opprettet|oprettet|luotu|erstellt|posted|completed", re.IGNORECASE)
LOADED = re.compile(r"_synced$|^_?fivetran_|^_airbyte_|^_sdc_|^_dlt_|_loaded_at$|_extracted_at$|^_?etl_", re.IGNORECASE)
NEVER = re.compile(rf"{LOADED.pattern}|birth|född|født|syntym|geburt", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(([A-Za-z_]+(?:/[A-Za-z_]+)*)\)")


@dataclass(frozen=True, slots=True)
class Dates:
    order: Order
    sure: float
    because: str


def dates_of(p: Profile) -> Dates | None:
    """How the column writes its times, or None where it holds none."""
    if p.timed:
        return Dates("iso", 0.99, "the file stores it as a time")
    values = list(p.values)
    if not values:
        return None
    named = bool(NAMED.search(p.said))
    for attempt in (_year_first(values), _year_last(values), _spelled(values), _compact(values, named), _counted(p, named)):
        if attempt:
            return attempt
    return None


def _share(values: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(v)) for v in values) / len(values)


def _year_first(values: list[str]) -> Dates | None:
    if _share(values, YEAR_FIRST) < 0.9:
        return None
    parts = [m for v in values if (m := YEAR_FIRST.fullmatch(v))]
    middle, last = max(int(m[3]) for m in parts), max(int(m[4]) for m in parts)
    if middle > 12 and last <= 12:
        return Dates("ydm", 0.9, f"the year comes first and the middle part goes to {middle}")
    return Dates("iso", 0.98, "the year comes first, as 2026-03-31") if middle <= 12 else Dates("iso", 0.3, "some months are above 12")


def _year_last(values: list[str]) -> Dates | None:
    if _share(values, YEAR_LAST) < 0.9:
        return None
    parts = [m for v in values if (m := YEAR_LAST.fullmatch(v))]
    first, second, mark = max(int(m[1]) for m in parts), max(int(m[3]) for m in parts), parts[0][2]
    if first > 31 or second > 31:
        return None
    if first > 12 >= second:
        return Dates("dmy", 0.97, f"the first part goes to {first}, the second to {second}")
    if second > 12 >= first:
        return Dates("mdy", 0.97, f"the second part goes to {second}, the first to {first}")
    if first > 12:
        return Dates("dmy", 0.2, "days and months stand in both orders: some will be set aside")
    return _ambiguous(mark, any("m" in v[-2:].lower() for v in values))


def _ambiguous(mark: str, half_days: bool) -> Dates:
    unsure = "no part is above 12, so nothing tells day from month"
    if mark == "/" and half_days:
        return Dates("mdy", 0.6, f"{unsure}; slashes with AM and PM are American")
    return Dates("dmy", 0.7, f"{unsure}; points are European") if mark == "." else Dates("dmy", 0.4, f"{unsure}; taken as day first")


def _spelled(values: list[str]) -> Dates | None:
    if _share(values, SPELLED) < 0.9:
        return None
    return Dates("dmy" if values[0].lstrip()[:1].isdigit() else "mdy", 0.9, "months are written as words")


def _compact(values: list[str], named: bool) -> Dates | None:
    return Dates("iso", 0.85, "eight digits, as 20260331") if named and _share(values, COMPACT) >= 0.95 else None


def _counted(p: Profile, named: bool) -> Dates | None:
    numbers = list(p.numbers.values())
    if not numbers or not named or p.numeric < 0.95:
        return None
    for order, low, high, unit in (
        ("epoch_s", 9e8, 4e9, "seconds since 1970"),
        ("epoch_ms", 9e11, 4e12, "milliseconds since 1970"),
        ("excel", 2.5e4, 7.3e4, "Excel's count of days"),
    ):
        if all(low <= n <= high for n in numbers):
            return Dates(order, 0.85, f"the name speaks of a time and all values fit {unit}")  # type: ignore[arg-type]
    return None


def zone_of(p: Profile, default: str, loaded: bool = False) -> tuple[str, float, str]:
    """The zone, how sure, and why. loaded: whether a warehouse connector wrote the file."""
    if getattr(p.kind, "tz", None):
        return "UTC", 0.99, "the file stores times with their zone"
    if p.values and _share(list(p.values), OFFSET) > 0.9 and not p.timed:
        return "UTC", 0.95, "the values carry their own offset"
    named = [z for z in IN_BRACKETS.findall(p.said) if z in available_timezones()]
    if named:
        return named[0], 0.95, "the header names the zone"
    if loaded:
        return "UTC", 0.8, "a warehouse connector wrote the file, and these write UTC"
    return default, 0.5, "nothing tells the zone; the usual one is taken"


def best_time(times: Iterable[tuple[Profile, Dates]]) -> tuple[Profile, Dates] | None:
    """The column that most likely says when the answer was given."""
    ranked = [(_rank(p), p.filled, -i, p, d) for i, (p, d) in enumerate(times) if not NEVER.search(p.name)]
    return max(ranked, key=lambda r: r[:3])[3:] if ranked else None


def _rank(p: Profile) -> int:
    return max((weight for pattern, weight in PREFERRED if weight > 0 and pattern.search(p.said)), default=1) + min(
        (weight for pattern, weight in PREFERRED if weight < 0 and pattern.search(p.said)), default=0
    )
