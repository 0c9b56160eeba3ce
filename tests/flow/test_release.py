"""What is released of protected audiences on a real house: whole months, whole blocks, and never anything twice."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gensvar import flow
from gensvar.contracts.tone import TONE
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.protected import Protected
from gensvar.kit.scope import whole
from gensvar.kit.settings import Settings, read_settings
from gensvar.ledger import Release
from gensvar.ledger.releases import known_by
from gensvar.measure import Answer, Estimate, Hidden, Question, TooFew, ask
from gensvar.measure.anonymous import ORDER
from gensvar.serve.cli import main
from gensvar.serve.desks.unnamed import unnamed_comments
from gensvar.serve.jobs import Hands
from tests.laws.staff import MONTHS, Said, Staff

PULSE = """
source: pulse
version: 1
owner: anna.berg
purpose: how it is to work here
audience: employee
record: id
created: {column: answered, order: iso, zone: UTC}
at: {column: answered, order: iso, zone: UTC}
kind: {always: pulse}
dimensions: {market: country, unit: team}
answers:
  - {item: mood, measure: mood@1, score: mood, text: words}
measures:
  - {id: mood, version: 1, metric: scale, low: 0, high: 10, owner: anna.berg, name: {en: Mood}}
"""
HEADER = "id,answered,team,country,mood,words\n"
TODAY = At("2026-10-15T12:00:00")


def settings_in(folder: Path, **flags: object) -> Settings:
    return read_settings({"data": str(folder / "house"), "memory_mb": "512", **flags}, env={})


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[House]:
    """A house that knows one source, the pulse of employees."""
    with open_house(settings_in(tmp_path), TODAY) as house:
        flow.add_source(house, PULSE, "test")
        yield house


def send(house: House, folder: Path, *rows: str, name: str = "pulse.csv") -> None:
    """Rows of the pulse, taken in as a file and released as the command line does it."""
    path = folder / name
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    flow.import_file(house, path, "pulse")
    flow.release(house)


def row(number: int, said: Said, words: str = "") -> str:
    return f"{number},{said.month.replace(day=3)},{said.unit or ''},{said.market or ''},{said.score:g},{words}"


def some_staff(count: int) -> list[Said]:
    """Units of 12, 8, 3 and 1, in two markets and two months."""
    units = ["A"] * 12 + ["B"] * 8 + ["C"] * 3 + ["D"]
    return [Said(p, units[p % 24], "SE" if p % 5 else "NO", MONTHS[p % 2], float((p * 7) % 11)) for p in range(count)]


def asked(house: House, question: Question) -> Answer:
    return ask(question, house.engine, house.ledger.measures.all(), whole(), house.today(), "en", flow.released(house))


def shown(house: House) -> list[object]:
    """Everything that a reader sees, but for the epoch."""
    questions = (
        Question("mood"),
        Question("mood", by=("unit",)),
        Question("mood", by=("market", "unit"), grain="month"),
        Question("mood", where={"unit": ("D",)}),
    )
    return [(a.groups, a.sentence, a.notes) for a in (asked(house, q) for q in questions)]


def test_the_flow_releases_what_the_laws_are_proved_of(staffed: House, tmp_path: Path) -> None:
    said = some_staff(60)
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(said)))
    staff = Staff(5, said)
    staff.release()
    there = {known_by(UUID(i).bytes) for i in staffed.engine.run(staffed.engine.table("feedback").select("id"))["id"].to_pylist()}
    stored = sorted((r.month, b.persons, b.counts, sorted(b.dims["unit"], key=str)) for r in _numbers(staffed) for b in r.blocks)
    here = sorted((b.month, b.persons, b.counts, sorted(b.dims["unit"], key=str)) for b, _ in staff.released)
    assert len(there) == 60
    assert stored == here
    assert staffed.ledger.releases.counted("scores") <= there


def _numbers(house: House) -> list[Release]:
    from gensvar.ledger.tables import RELEASES

    return house.ledger.releases._read(RELEASES.c.measure.not_in(["", TONE.key]), ids=True)


def test_nothing_is_shown_of_a_month_before_it_has_ended(staffed: House, tmp_path: Path) -> None:
    october = [Said(p, "A", "SE", date(2026, 10, 1), float(p % 11)) for p in range(40)]
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(october)))
    answer = asked(staffed, Question("mood", where={"audience": ("employee",)}))
    assert answer.groups[0].verdict == TooFew(0, 20)
    assert "Employees' answers are shown by whole months once the month has ended." in answer.notes
    later = replace(staffed, clock=At("2026-11-01T12:00:00"))
    assert flow.release(later) == 40
    assert isinstance(asked(later, Question("mood")).groups[0].verdict, Estimate)


def test_a_late_a_corrected_an_erased_and_a_moved_answer_change_nothing_that_is_shown(staffed: House, tmp_path: Path) -> None:
    said = some_staff(60)
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(said)))
    before, epoch = shown(staffed), staffed.engine.epoch()
    assert any(isinstance(g.verdict, Estimate) for g in before[0][0])  # type: ignore[index]
    for step, late in enumerate([Said(100 + i, "D", "SE", MONTHS[0], 10.0) for i in range(4)]):
        send(staffed, tmp_path, row(100 + step, late), name=f"late{step}.csv")
        assert shown(staffed) == before
    send(staffed, tmp_path, row(3, replace(said[3], score=0.0 if said[3].score else 10.0)), name="corrected.csv")
    assert shown(staffed) == before
    send(staffed, tmp_path, row(5, replace(said[5], unit="D")), name="moved.csv")
    assert shown(staffed) == before
    flow.remove(staffed, "pulse", ["7"])
    flow.recount(staffed)
    flow.release(staffed)
    assert shown(staffed) == before
    assert staffed.engine.epoch() > epoch
    send(staffed, tmp_path, row(104, Said(104, "A", "SE", MONTHS[0], 4.0)), name="fifth.csv")
    assert shown(staffed) != before, "five late answers make a block"


def test_a_row_that_was_counted_is_never_counted_again_wherever_it_goes(staffed: House, tmp_path: Path) -> None:
    said = [Said(p, "A", "SE", MONTHS[0], float(p % 11)) for p in range(20)]
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(said)))
    moved = [replace(s, month=MONTHS[1]) for s in said]
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(moved)), name="moved.csv")
    assert staffed.ledger.releases.counts() == {("employee", "mood@1", MONTHS[0]): 20}


def test_a_rebuild_and_another_least_make_everything_anew(tmp_path: Path) -> None:
    said = some_staff(60)
    with open_house(settings_in(tmp_path), TODAY) as house:
        flow.add_source(house, PULSE, "test")
        send(house, tmp_path, *(row(p, s) for p, s in enumerate(said)))
        flow.remove(house, "pulse", ["0"])
        flow.recount(house)
        assert flow.release(house) == 0
        assert flow.release_anew(house) == 59
        finest = min(b.persons for r in _numbers(house) for b in r.blocks)
        assert finest >= 5
    with open_house(settings_in(tmp_path, anonymous="employee=15"), TODAY) as house:
        assert house.settings.anonymous == Protected((("employee", 15),))
        assert flow.release(house) > 0
        assert min(b.persons for r in _numbers(house) for b in r.blocks) >= 15 > finest
        assert flow.release(house) == 0


def test_small_units_are_hidden_and_the_tiny_never_named(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *(row(p, s) for p, s in enumerate(some_staff(96))))
    answer = asked(staffed, Question("mood", by=("unit",)))
    assert {g.key["unit"] for g in answer.groups} >= {"A", "B"}
    assert "D" not in {g.key["unit"] for g in answer.groups}
    assert "Some answers of small groups are counted only in larger ones." in answer.notes
    alone, nonsense = (asked(staffed, Question("mood", where={"unit": (name,)})).groups[0].verdict for name in ("D", "nonsense"))
    assert alone == nonsense == Hidden("small_group"), "who is there and who is not look the same"


def test_every_dimension_of_the_hub_is_parted_by() -> None:
    from gensvar.contracts.daily import SAID
    from gensvar.measure.resolve import ASKABLE

    assert set(ORDER) == set(ASKABLE) - {"audience", *SAID}


def test_on_every_engine_and_ledger(house: House, tmp_path: Path) -> None:
    """Released, asked, commented, made anew: from one process to the largest."""
    flow.add_source(house, PULSE, "test")
    said = some_staff(96)
    send(house, tmp_path, *(row(p, s, f"words {p}") for p, s in enumerate(said)))
    staff = Staff(5, said)
    staff.release()
    assert sorted(b.counts for r in _numbers(house) for b in r.blocks) == sorted(b.counts for b, _ in staff.released)
    answer = asked(house, Question("mood", by=("unit",), grain="month"))
    assert {g.key["unit"] for g in answer.groups} >= {"A", "B"}
    assert len(unnamed_comments(house, whole(), {}, None, "words", 500)) == 96
    assert flow.release(house) == 0
    assert flow.release_anew(house) == 3 * 96, "scores, texts and their tone"


def test_the_hands_release_once_the_hub_has_moved_and_nothing_else_is_to_be_done(staffed: House, tmp_path: Path) -> None:
    path = tmp_path / "pulse.csv"
    path.write_text(HEADER + "".join(f"{row(p, s)}\n" for p, s in enumerate(some_staff(60))), "utf-8")
    flow.import_file(staffed, path, "pulse")
    hands = Hands(staffed)
    hands.importing = True
    hands._release()
    assert staffed.ledger.releases.counts() == {}, "not while an import runs"
    hands.importing = False
    hands._release()
    assert sum(staffed.ledger.releases.counts().values()) == 60
    staffed.ledger.releases.clear()
    hands._release()
    assert staffed.ledger.releases.counts() == {}, "nothing has moved since"
    hands.released = None
    hands._release()
    assert sum(staffed.ledger.releases.counts().values()) == 60


def test_a_rebuild_by_command_is_written_into_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "house"
    with open_house(settings_in(tmp_path), TODAY) as house:
        flow.add_source(house, PULSE, "test")
        send(house, tmp_path, *(row(p, s) for p, s in enumerate(some_staff(60))))
    (data / "gensvar.toml").write_text('today = "2026-10-15"\n', "utf-8")
    with pytest.raises(SystemExit, match="0"):
        main(["anonymous", "rebuild", "--data", str(data), "--json"])
    assert json.loads(capsys.readouterr().out) == {"released": 60}
    with open_house(settings_in(tmp_path), TODAY) as house:
        assert "release_anew" in [deed.did for deed in house.ledger.audit.rows()]


def test_what_is_due_is_released_when_the_command_line_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A month ends while nobody looks: the next question shows it."""
    data = tmp_path / "house"
    with open_house(settings_in(tmp_path), At("2026-08-20T12:00:00")) as house:
        flow.add_source(house, PULSE, "test")
        send(house, tmp_path, *(row(p, replace(s, month=MONTHS[0])) for p, s in enumerate(some_staff(60))))
        assert house.ledger.releases.counts() == {}
    (data / "gensvar.toml").write_text('today = "2026-10-15"\n', "utf-8")
    with pytest.raises(SystemExit, match="0"):
        main(["ask", "mood", "--data", str(data), "--json"])
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert (group["verdict"], group["n"]) == ("estimate", 60)
