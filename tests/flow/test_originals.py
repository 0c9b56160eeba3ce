"""Originals on their way: kept sealed beside the row for the days of the settings, gone with the row, never of protected audiences."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gensvar import flow, redaction
from gensvar.house import House
from gensvar.hub import ids_of
from gensvar.kit.errors import NotFound
from gensvar.kit.protected import Protected
from tests.houses import csv

SAID = "Ring 070-174 06 05. Mvh Gunilla Lind, M-123456"
ROW = f'1,2026-09-01T10:00,a@example.org,SE,5,"{SAID}"'
CLEAN = "2,2026-09-01T11:00,b@example.org,NO,2,sent och dyrt"


def written(house: House) -> dict[str, bytes]:
    """Each text of the hub and the id of its row."""
    feedback = house.engine.table("feedback")
    rows = house.engine.run(feedback.filter(feedback.text.notnull()).select("id", "text"))
    return dict(zip(rows["text"].to_pylist(), ids_of(rows), strict=True))


def test_what_was_written_is_kept_sealed_beside_the_row(house: House, tmp_path: Path) -> None:
    house.ledger.patterns.add("member number", r"\bM-\d{6}\b", "anna")
    flow.import_file(house, csv(tmp_path, ROW, CLEAN), "survey")
    rows = written(house)
    assert set(rows) == {"Ring [telefon]. Mvh [namn], [member number]", "sent och dyrt"}
    redacted = rows["Ring [telefon]. Mvh [namn], [member number]"]
    assert house.ledger.originals.count() == 1
    assert redaction.original(house, redacted) == SAID
    with pytest.raises(NotFound, match="not kept"):
        redaction.original(house, rows["sent och dyrt"])
    assert house.ledger.originals.there(redacted) == house.clock.now() + timedelta(days=30)
    flow.import_file(house, csv(tmp_path, ROW.replace(SAID, "inget att se"), name="again.csv"), "survey")
    assert house.ledger.originals.count() == 0


def test_an_original_goes_with_its_record(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, ROW), "survey")
    assert flow.remove(house, "survey", ["1"])
    assert house.ledger.originals.count() == 0


def test_no_days_keep_nothing_and_take_out_what_was_kept(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, ROW), "survey")
    never = replace(house, settings=replace(house.settings, originals_days=0))
    assert redaction.purge_originals(never) == 1
    flow.import_file(never, csv(tmp_path, ROW.replace("1,", "3,", 1), name="more.csv"), "survey")
    assert never.ledger.originals.count() == 0


def test_of_protected_audiences_nothing_is_kept(house: House, tmp_path: Path) -> None:
    guarded = replace(house, settings=replace(house.settings, anonymous=Protected.read("customer=5")))
    flow.import_file(guarded, csv(tmp_path, ROW), "survey")
    assert guarded.ledger.originals.count() == 0
