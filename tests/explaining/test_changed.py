"""What changed, found over a house: what is kept at night, what a reader of a part finds, and what is never said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gensvar.explain.changed import feed_from
from gensvar.explaining.changed import KIND, NIGHTLY, feed
from gensvar.house import House, open_house
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from tests.explaining.weeks import shop
from tests.houses import NOW


def opened(folder: Path) -> House:
    return open_house(read_settings({"data": str(folder), "memory_mb": "512", "port": "0", "today": "2026-10-15"}, env={}), NOW)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("changed")) as made:
        shop(made, tmp_path_factory.mktemp("files"))
        yield made


def test_the_market_that_fell_is_told_with_its_week_and_no_other(house: House) -> None:
    found = feed(house, whole())
    assert found is not None
    (line,) = [x for x in found.lines if x.kind == "level"]
    assert (line.key.name, line.key.value, line.rose) == ("csat.delivery@1", "NO", False)
    assert abs((line.since - found.first).days - 42 * 7) <= 14
    assert line.was.low < 0.8 < line.was.high
    assert line.now.low < 0.45 < line.now.high
    assert line.ended is None


def test_what_is_set_aside_is_told_by_the_week_that_it_is_of(house: House) -> None:
    found = feed(house, whole())
    assert found is not None
    (line,) = [x for x in found.lines if x.key.what == "aside"]
    assert (line.key.name, line.rose) == ("survey", True)
    assert (line.since - found.first).days == 47 * 7
    assert line.now.value == pytest.approx(1 / 6, abs=0.06)


def test_a_reader_of_one_market_is_told_of_that_market_alone(house: House) -> None:
    se, no = (feed(house, Scope({"market": frozenset({m})})) for m in ("SE", "NO"))
    assert se is not None
    assert no is not None
    assert [x for x in se.lines if x.kind in {"level", "quality"}] == []
    assert [x.key.dimension for x in no.lines if x.kind == "level"] == [""]
    assert not [s for s in se.seen if s.key.value not in {"", "SE", "web"}]


def test_the_night_keeps_the_feed_and_tells_how_much_was_watched(house: House) -> None:
    told = NIGHTLY.run(house, lambda _: True)
    kept = house.ledger.findings.latest(KIND)
    assert kept is not None
    assert feed_from(kept.body) == feed(house, whole())
    assert told["open"] == sum(x.ended is None for x in feed_from(kept.body).lines)


def test_a_young_house_is_told_why_nothing_is_said(tmp_path: Path) -> None:
    with opened(tmp_path) as empty:
        assert NIGHTLY.run(empty, lambda _: True) == {"why": "too_few"}
        assert feed(empty, whole()) is None


def test_told_to_stop_it_stops(house: House) -> None:
    told: list[object] = []

    def twice(progress: object) -> bool:
        told.append(progress)
        return len(told) <= 2

    assert feed(house, whole(), twice) is None
    assert len(told) == 3
