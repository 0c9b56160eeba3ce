"""The company's files: the same each time, of the size that is promised, and readable by the very same import as a customer's."""

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from gensvar.collect import read
from gensvar.contracts import Measures
from gensvar.contracts.contract_yaml import read_contract
from gensvar.demo import Company, planted, write
from gensvar.hub import receive
from tests.demo.exports import Exports
from tests.world import WORLD, source

NAMES = [f.name for f in WORLD.files]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def digests(company: Company) -> dict[str, str]:
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(company.folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert digests(write(tmp_path / "again", size=0.05)) == digests(WORLD)


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    other = digests(write(tmp_path / "other", seed=8, size=0.05))
    same = {name for name, digest in digests(WORLD).items() if other[name] == digest}
    assert all(name.endswith(".contract.yaml") for name in same)
    assert len(same) == len(NAMES)


def test_the_truth_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    assert write(tmp_path / "again", size=0.05).truth == WORLD.truth


@pytest.mark.parametrize("name", NAMES)
def test_each_contract_reads_back_as_it_was_meant(name: str) -> None:
    written = source(name)
    assert read_contract(written.contract_path.read_text("utf-8")) == written.contract


@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_every_column_that_its_contract_reads(name: str) -> None:
    written = source(name)
    for batch in read(written.path, written.contract.reading):
        assert written.contract.columns() <= set(batch.rows.column_names)
        assert batch.faults == ()


@pytest.mark.parametrize("name", [n for n in NAMES if n != "terminals"])
def test_each_file_is_taken_in_whole(name: str) -> None:
    written, accepted = source(name), 0
    for batch in read(written.path, written.contract.reading):
        received = receive(batch, written.contract, Measures.of(WORLD.measures), b"s" * 32, NOW)
        assert received.set_aside == ()
        accepted += received.table.num_rows
    assert accepted > 0


def test_only_scores_off_the_scale_are_set_aside_from_the_terminals() -> None:
    written = source("terminals")
    (batch,) = read(written.path, written.contract.reading)
    received = receive(batch, written.contract, Measures.of(WORLD.measures), b"s" * 32, NOW)
    assert {s.reason for s in received.set_aside} == {"off_scale"}
    off = [r for r in Exports(WORLD).table("terminals") if not 1 <= int(r["score"]) <= 5]
    assert len(received.set_aside) == len(off) > 0


def test_every_measure_that_a_contract_uses_is_defined_and_owned() -> None:
    known = {m.key: m for m in WORLD.measures}
    for file in WORLD.files:
        for rule in file.contract.answers:
            used = ({rule.measure.always} if rule.measure.always else set(rule.measure.words.values())) if rule.measure else set()
            assert used <= known.keys()
            assert used <= {m.key for m in file.contract.measures}
    assert all(m.owner for m in WORLD.measures)


def test_registers_come_before_what_names_people() -> None:
    assert NAMES[:2] == ["crm_accounts", "crm_contacts"]


def test_every_contract_has_an_owner_and_a_purpose() -> None:
    assert all(f.contract.owner and f.contract.purpose.endswith(".") for f in WORLD.files)


def test_the_company_has_the_size_it_promises(full: Company, exports: Exports) -> None:
    answers = sum(_answers(full, exports, f.name) for f in full.files if f.contract.target == "feedback")
    parties = len(exports.table("crm_accounts")) + len(exports.table("crm_contacts"))
    assert 55_000 <= answers <= 68_000
    assert 380_000 <= exports.events().num_rows <= 420_000
    assert 5_900 <= parties <= 6_100


def _answers(company: Company, exports: Exports, name: str) -> int:
    """Feedback rows that a source makes: one for each rule of which text, score or choice is there."""
    rules = [(r.text, r.score, r.choice.column if r.choice else None) for r in company.file(name).contract.answers]
    return sum(any(c and row[c] not in ("", None) for c in columns) for row in exports.rows(name) for columns in rules)


def test_every_day_lies_within_the_eighteen_months(exports: Exports) -> None:
    plan = planted()["company"]
    for name, column in (("relationship", "StartDate"), ("delivery", "answered_at"), ("calls", "Tid")):
        seen = [r[column][:10] for r in exports.table(name)]
        assert plan["first_day"].isoformat() <= min(seen) <= "2025-05-15"
        assert "2026-10-20" <= max(seen) <= plan["last_day"].isoformat()


def test_record_ids_are_unique_and_in_time_order(exports: Exports) -> None:
    for name, record, at in (("delivery", "answer_id", "answered_at"), ("calls", "Samtal", "Tid"), ("relationship", "ResponseId", "StartDate")):
        rows = exports.table(name)
        assert len({r[record] for r in rows}) == len(rows)
        assert [r[at] for r in rows] == sorted(r[at] for r in rows)


def test_nobody_speaks_after_their_firm_has_left(full: Company, exports: Exports) -> None:
    last = {s.account: s.last.isoformat() for s in full.truth.spells if s.left}
    for name, account, at in (("delivery", "customer_no", "answered_at"), ("relationship", "Customer", "StartDate"), ("calls", "Kundnr", "Tid")):
        assert all(r[at][:10] < last[r[account]] for r in exports.table(name) if r[account] in last)


def test_office_sources_are_quiet_at_weekends(exports: Exports) -> None:
    days = Counter(datetime.fromisoformat(r["Tid"]).weekday() for r in exports.table("calls"))
    assert days[5] + days[6] < 0.1 * days.total()


def test_most_of_those_asked_do_not_answer_and_are_there_all_the_same(exports: Exports) -> None:
    asked = exports.table("relationship")
    assert 0.3 < len(exports.answered()) / len(asked) < 0.4
    assert all(not r["NPS_WHY"] for r in asked if not r["NPS"])
