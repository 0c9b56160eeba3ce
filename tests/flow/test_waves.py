"""The same question in two waves, on another scale or with another meaning: suggested, agreed and imported, each with its own measure."""

from pathlib import Path

import pytest

from gensvar import flow
from gensvar.contracts.tone import TONE
from gensvar.house import House, open_house
from gensvar.kit.errors import BadInput, Conflict
from gensvar.kit.settings import read_settings
from tests.collect.files import csv_of, put

ASKED = "How willing would you be to tell a friend?"


def wave(folder: Path, year: int, highest: int) -> Path:
    return put(
        folder, f"wave_{year}.csv", csv_of(["id", "answered_at", ASKED], [[i, f"{year}-03-31 10:00:00", i % (highest + 1)] for i in range(66)])
    )


def agreed(house: House, path: Path) -> flow.Receipt:
    yaml, _ = flow.suggested(path, path.stem, "anna", "UTC", house.ledger.measures.all())
    flow.add_source(house, yaml, "anna")
    return flow.import_file(house, path, path.stem)


def test_two_waves_with_other_scales_are_both_taken_in(tmp_path: Path) -> None:
    with open_house(read_settings({"data": tmp_path / "data"})) as house:
        assert [agreed(house, wave(tmp_path, year, high)).accepted for year, high in ((2017, 10), (2019, 5), (2021, 10))] == [66, 66, 66]
        measures = {m.id: m.high for m in house.ledger.measures.all() if m.id != TONE.id}
        assert sorted(measures.values()) == [5, 10]
        again = flow.import_file(house, wave(tmp_path, 2019, 5), "wave_2019")
        assert (again.accepted, again.unchanged, again.set_aside.total()) == (0, 66, 0)


def test_a_contract_made_without_looking_says_the_way_out(tmp_path: Path) -> None:
    with open_house(read_settings({"data": tmp_path / "data"})) as house:
        agreed(house, wave(tmp_path, 2017, 10))
        blind, _ = flow.suggested(wave(tmp_path, 2019, 5), "wave_2019", "anna", "UTC")
        with pytest.raises(Conflict, match="Another question gets another id"):
            flow.add_source(house, blind, "anna")


def test_a_file_of_another_kind_under_a_known_name_says_the_way_out(tmp_path: Path) -> None:
    with open_house(read_settings({"data": tmp_path / "data"})) as house:
        agreed(house, wave(tmp_path, 2017, 10))
        other = put(tmp_path, "other.csv", csv_of(["ID", "when"], [[1, "2026-03-31"]]))
        with pytest.raises(BadInput, match="--source NAME"):
            flow.import_file(house, other, "wave_2017")
