"""Times as sources write them → microseconds since 1970, UTC; what is no time between 1970 and 2100 is pointed out, never guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gensvar.contracts.contract import Moment
from gensvar.hub.numbers import amounts
from gensvar.hub.sheet import Mask, Sheet, each_value, filled
from gensvar.hub.zones import SECOND, to_utc

DAY = 86_400 * SECOND
TOP = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp()) * SECOND
EXCEL_EPOCH_DAYS = 25_569
PARTS = {
    "iso": r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})",
    "ymd": r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})",
    "ydm": r"(?P<y>\d{4})[-/. ](?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})",
    "dmy": r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4}|\d{2})",
    "mdy": r"(?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})[-/. ](?P<y>\d{4}|\d{2})",
}
CLOCK = (
    r"(?:(?:[T,]| +kl\.?| +at)? *(?P<H>\d{1,2})[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r" ?(?P<p>[AaPp]\.?[Mm]\.?)?)? ?(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januari januar tammikuu tammikuuta",
            "feb february februari februar helmikuu helmikuuta",
            "mar march mars marts maaliskuu maaliskuuta",
            "apr april huhtikuu huhtikuuta",
            "may maj mai toukokuu toukokuuta",
            "jun june juni kesäkuu kesäkuuta",
            "jul july juli heinäkuu heinäkuuta",
            "aug august augusti elokuu elokuuta",
            "sep sept september syyskuu syyskuuta",
            "oct okt october oktober lokakuu lokakuuta",
            "nov november marraskuu marraskuuta",
            "dec des december desember joulukuu joulukuuta",
        ),
        start=1,
    )
    for word in words.split()
}
SPELLED_DMY = re.compile(r"(?:[^\W\d]+\.?,? )?(\d{1,2})(?:st|nd|rd|th)?\.?[- ]([^\W\d]+)\.?,?[- ](\d{4})(.*)", re.DOTALL)
SPELLED_MDY = re.compile(r"(?:[^\W\d]+\.?,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(.*)", re.DOTALL)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, slots=True)
class Times:
    """us: microseconds since 1970 UTC; given: where the source says something; ok: where it says a time that exists, 1970…2100."""

    us: NDArray[np.int64]
    given: Mask
    ok: Mask


def times(sheet: Sheet, moment: Moment) -> Times:
    """The times of a column, or the one fixed time for all rows."""
    if moment.always is not None:
        return _times(pa.array([moment.always] * min(len(sheet), 1), pa.string()).take(pa.array([0] * len(sheet), pa.int64())), moment)
    column = str(moment.column)
    raw = sheet.raw(column)
    if pa.types.is_timestamp(raw.type) or pa.types.is_date(raw.type):
        return _typed(raw, moment.zone)
    if moment.order in COUNTED:
        return _counted(sheet, column, moment)
    return _times(sheet.text(column), moment)


def _typed(raw: pa.Array, zone: str) -> Times:
    given = filled(raw)
    coarse = raw.cast(pa.timestamp("s")) if pa.types.is_date(raw.type) else raw
    fine = coarse.cast(pa.timestamp("us", tz=getattr(coarse.type, "tz", None)), safe=False)
    wall = pc.fill_null(fine.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return _placed(wall, given, "UTC" if getattr(raw.type, "tz", None) else zone)


COUNTED = {"epoch_s": (SECOND, 0), "epoch_ms": (1_000, 0), "excel": (DAY, EXCEL_EPOCH_DAYS)}


def _counted(sheet: Sheet, column: str, moment: Moment) -> Times:
    unit, start = COUNTED[moment.order]
    count = amounts(sheet, column, "auto") - start
    sane = np.isfinite(count) & (np.abs(count) < TOP / unit + 1)
    wall = np.round(np.where(sane, count, -1.0) * unit).astype(np.int64)
    wall = np.where(sane, (wall + 500) // 1_000 * 1_000 if moment.order == "excel" else wall, -DAY)
    return _placed(wall, filled(sheet.text(column)), moment.zone if moment.order == "excel" else "UTC")


def _placed(wall: NDArray[np.int64], given: Mask, zone: str) -> Times:
    safe = np.where((wall >= -DAY) & (wall < TOP + DAY), wall, -2 * DAY)
    us, exists = to_utc(safe, zone)
    ok = given & exists & (us >= 0) & (us < TOP)
    return Times(np.where(ok, us, 0), given, ok)


def _times(text: pa.Array, moment: Moment) -> Times:
    fast = _iso_cast(text) if moment.order in ("iso", "ymd") else None
    if fast is not None:
        return _typed(fast, moment.zone)
    coded = text.dictionary_encode()
    distinct = _read(coded.dictionary, moment)
    index = pc.fill_null(coded.indices, len(coded.dictionary)).to_numpy(zero_copy_only=False)
    us, ok = np.append(distinct.us, 0)[index], np.append(distinct.ok, False)[index]
    return Times(us, filled(text), ok)


def _iso_cast(text: pa.Array) -> pa.Array | None:
    for kind in (pa.timestamp("us"), pa.timestamp("us", tz="UTC")):
        try:
            return text.cast(kind)
        except pa.ArrowInvalid:
            continue
    return None


@cache
def _pattern(order: str) -> str:
    return f"^{PARTS[order]}{CLOCK}$"


def _read(text: pa.Array, moment: Moment) -> Times:
    found = pc.extract_regex(text, _pattern(moment.order))
    if found.null_count:
        text = pc.coalesce(pc.if_else(found.is_valid(), text, None), each_value(text, lambda t: _respelled(t, moment.order), pa.string()))
        found = pc.extract_regex(text, _pattern(moment.order))
    return _assembled(found, moment.zone)


def _respelled(text: str, order: str) -> str | None:
    """Month names and dates without separators, put in the contract's order; None where it is neither."""
    year_month_day, rest = _spelled(text)
    if year_month_day is None:
        return None
    y, m, d = year_month_day
    date = {"dmy": f"{d}-{m}-{y}", "mdy": f"{m}-{d}-{y}", "ydm": f"{y}-{d}-{m}"}.get(order, f"{y}-{m}-{d}")
    return date + rest


def _spelled(text: str) -> tuple[tuple[str, int, str] | None, str]:
    named = SPELLED_DMY.fullmatch(text)
    if named and named[2].casefold() in MONTHS:
        return (named[3], MONTHS[named[2].casefold()], named[1]), named[4]
    named = SPELLED_MDY.fullmatch(text)
    if named and named[1].casefold() in MONTHS:
        return (named[3], MONTHS[named[1].casefold()], named[2]), named[4]
    compact = COMPACT.fullmatch(text)
    if compact:
        clock = f"T{compact[4]}:{compact[5]}:{compact[6] or '00'}" if compact[4] else ""
        return (compact[1], int(compact[2]), compact[3]), clock + (compact[7] or "")
    return None, ""


def _assembled(found: pa.StructArray, zone: str) -> Times:
    def part(name: str) -> NDArray[np.int64]:
        text = pc.fill_null(pc.struct_field(found, name), "")
        values: NDArray[np.int64] = pc.if_else(pc.equal(text, ""), "0", text).cast(pa.int64()).to_numpy(zero_copy_only=False)
        return values

    given = filled(found)
    y, m, d, hour, minute, second = (part(p) for p in ("y", "m", "d", "H", "M", "S"))
    short = pc.equal(pc.utf8_length(pc.fill_null(pc.struct_field(found, "y"), "")), 2).to_numpy(zero_copy_only=False)
    y = np.where(short, np.where(y < 70, 2000, 1900) + y, y)
    hour, sane_hour = _hours(hour, pc.fill_null(pc.struct_field(found, "p"), ""))
    fits = sane_hour & (m >= 1) & (m <= 12) & (d >= 1) & (minute < 60) & (second < 60) & (y >= 1969) & (y <= 2101)
    days, in_month = _days(np.where(fits, y, 1970), np.where(fits, m, 1), np.where(fits, d, 1))
    wall = days * DAY + ((hour * 60 + minute) * 60 + second) * SECOND + _micros(found)
    ok = given & fits & in_month
    offset, has_offset = _offsets(found)
    local, utc = _placed(wall, ok & ~has_offset, zone), _placed(wall - offset, ok & has_offset, "UTC")
    return Times(np.where(has_offset, utc.us, local.us), given, local.ok | utc.ok)


def _hours(hour: NDArray[np.int64], half: pa.Array) -> tuple[NDArray[np.int64], Mask]:
    letter = np.array([h[:1].lower() for h in half.to_pylist()], dtype="U1")
    twelve = letter != ""
    sane = np.where(twelve, (hour >= 1) & (hour <= 12), hour <= 23)
    return np.where(twelve, hour % 12 + np.where(letter == "p", 12, 0), hour), sane


def _days(y: NDArray[np.int64], m: NDArray[np.int64], d: NDArray[np.int64]) -> tuple[NDArray[np.int64], Mask]:
    months = ((y - 1970) * 12 + m - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[D]").astype(np.int64)
    return first + d - 1, d <= following - first


def _micros(found: pa.StructArray) -> NDArray[np.int64]:
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(pc.fill_null(pc.struct_field(found, "f"), ""), 6, "0"), 0, 6)
    values: NDArray[np.int64] = digits.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return values


def _offsets(found: pa.StructArray) -> tuple[NDArray[np.int64], Mask]:
    said = pc.fill_null(pc.struct_field(found, "z"), "").to_pylist()
    offset = np.array([_offset(z) for z in said], dtype=np.int64) * SECOND
    return offset, np.array([z != "" for z in said], dtype=bool)


def _offset(said: str) -> int:
    if said[:1] not in ("+", "-"):
        return 0
    digits = said[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-60 if said[0] == "-" else 60)
