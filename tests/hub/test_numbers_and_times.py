"""Numbers and times as such: laws over many of them, and each order, zone and kind of clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts.contract import Moment
from gensvar.hub.moments import times
from gensvar.hub.numbers import read_number
from gensvar.hub.sheet import Sheet
from gensvar.hub.zones import to_utc

ZONES = ["Europe/Stockholm", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"]
FORMS = {
    "iso": "%Y-%m-%d %H:%M:%S", "ymd": "%Y/%m/%d %H:%M:%S", "dmy": "%d.%m.%Y %H:%M:%S", "mdy": "%m/%d/%Y %I:%M:%S %p", "ydm": "%Y-%d-%m %H:%M:%S",
}  # fmt: skip
walls = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 1)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001


def read(texts: list[object], moment: Moment, kind: pa.DataType | None = None) -> list[datetime | None]:
    got = times(Sheet(pa.table({"at": pa.array(texts, kind)})), moment)
    return [datetime.fromtimestamp(us / 1e6, UTC) if ok else None for us, ok in zip(got.us.tolist(), got.ok.tolist(), strict=True)]


@pytest.mark.parametrize("order", FORMS)
@settings(max_examples=30, deadline=None)
@given(st.lists(walls, min_size=1, max_size=5))
def test_every_order_reads_what_it_wrote(order: str, moments: list[datetime]) -> None:
    written: list[object] = [m.strftime(FORMS[order]) for m in moments]
    assert read(written, Moment(column="at", order=order)) == [m.replace(tzinfo=UTC) for m in moments]  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=60, deadline=None)
@given(wall=walls)
def test_zones_agree_with_the_standard_library(zone: str, wall: datetime) -> None:
    us, exists = to_utc(np.array([np.datetime64(wall, "us").astype(np.int64)]), zone)
    there = wall.replace(tzinfo=ZoneInfo(zone))
    back = there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert bool(exists[0]) == (back == wall)
    if exists[0]:
        assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(us[0])) == there.astimezone(UTC)


def test_an_hour_that_summer_time_skips_is_no_time_and_one_that_comes_twice_is_its_first() -> None:
    moment = Moment(column="at", zone="Europe/Stockholm")
    assert read(["2026-03-29 01:59:59", "2026-03-29 02:00:00", "2026-03-29 02:59:59", "2026-03-29 03:00:00"], moment) == [
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), None, None, datetime(2026, 3, 29, 1, tzinfo=UTC),
    ]  # fmt: skip
    assert read(["2026-10-25 02:30"], moment) == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_counted_times() -> None:
    noon = datetime(2026, 10, 31, 12, tzinfo=UTC)
    seconds = int(noon.timestamp())
    assert read([str(seconds), "x", "1e30", "-1"], Moment(column="at", order="epoch_s")) == [noon, None, None, None]
    assert read([seconds * 1000, None], Moment(column="at", order="epoch_ms"), pa.int64()) == [noon, None]
    assert read([46326.5, 1.0, float("inf")], Moment(column="at", order="excel"), pa.float64()) == [noon, None, None]


def test_columns_that_are_times_already() -> None:
    noon = datetime(2026, 10, 31, 12, tzinfo=UTC)
    naive = Moment(column="at", zone="Europe/Stockholm")
    assert read([noon], naive, pa.timestamp("ms", tz="Europe/Oslo")) == [noon]
    assert read([noon.replace(tzinfo=None), None], naive, pa.timestamp("ns")) == [noon - timedelta(hours=1), None]
    assert read([noon.date()], naive, pa.date32()) == [datetime(2026, 10, 30, 23, tzinfo=UTC)]


@settings(deadline=None)
@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)))
def test_a_number_written_plainly_is_read_back(number: float) -> None:
    plain = f"{number:.3f}"
    assert read_number(plain) == read_number(plain, ".") == read_number(plain.replace(".", ","), ",")
    assert read_number(plain) == (float(plain), None)


@settings(deadline=None)
@given(st.integers(1_000_000, 10**12), st.sampled_from([" ", "\u00a0", "\u202f", "'", "’"]))
def test_thousands_can_be_set_apart(number: int, space: str) -> None:
    assert read_number(f"{number:,}".replace(",", space)) == (float(number), None)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    for decimal in (".", ",", "auto"):
        found = read_number(text, decimal)
        assert found is None or np.isfinite(found.value)


@pytest.mark.parametrize(
    ("text", "point", "comma"), [("1,234", 1234.0, 1.234), ("1.234", 1.234, 1234.0), ("1.234,5", None, 1234.5), ("1,234.5", 1234.5, None)]
)
def test_a_contract_says_what_a_comma_is(text: str, point: float | None, comma: float | None) -> None:
    for decimal, meant in ((".", point), (",", comma)):
        found = read_number(text, decimal)
        assert (found.value if found else None) == meant
