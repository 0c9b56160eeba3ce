"""The set-aside."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.contracts.rows import SetAside
from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger
from tests.ledgers import SECRET, HandClock


def row(line: int = 1, source: str = "shop", reason: str = "off_scale", raw: str = '{"score": "12"}') -> SetAside:
    return SetAside(source, reason, "12 lies off the scale 0…10", raw, record=f"r{line}", item="rating", field="score", line=line)


def test_a_row_comes_back_whole(ledger: Ledger, ledger_clock: HandClock) -> None:
    assert ledger.set_aside.add([row()], "export.csv") == 1
    (kept,) = ledger.set_aside.page()
    assert kept.row == row()
    assert (kept.origin, kept.state, kept.added_at, kept.settled_at) == ("export.csv", "open", ledger_clock.now(), None)
    assert ledger.set_aside.get(kept.id) == kept
    with pytest.raises(NotFound, match="No row 999"):
        ledger.set_aside.get(999)


def test_the_same_row_stands_open_once(ledger: Ledger) -> None:
    assert ledger.set_aside.add([row(), row(2), row()], "a.csv") == 2
    assert ledger.set_aside.add([row(), row(3)], "a.csv") == 1
    (first, *_) = ledger.set_aside.page()
    ledger.set_aside.settle([first.id], "discarded", "anna")
    assert ledger.set_aside.add([row()], "a.csv") == 1
    assert ledger.set_aside.add([], "a.csv") == 0


def test_pages_follow_each_other_and_can_be_narrowed(ledger: Ledger) -> None:
    ledger.set_aside.add([row(n, source="shop" if n % 2 else "app", reason="bad_time" if n % 3 else "off_scale") for n in range(20)], "f")
    first = ledger.set_aside.page(limit=12)
    rest = ledger.set_aside.page(after=first[-1].id, limit=12)
    assert [kept.row.line for kept in first + rest] == list(range(20))
    assert [kept.row.line for kept in ledger.set_aside.page(source="shop", reason="off_scale")] == [3, 9, 15]


def test_counts_are_of_what_stands_open(ledger: Ledger) -> None:
    ledger.set_aside.add([row(1), row(2), row(3, reason="bad_time"), row(4, source="app")], "f")
    assert ledger.set_aside.counts() == {"app": {"off_scale": 1}, "shop": {"off_scale": 2, "bad_time": 1}}
    ids = [kept.id for kept in ledger.set_aside.page()]
    ledger.set_aside.settle(ids[:3], "replayed", "anna")
    assert ledger.set_aside.counts() == {"app": {"off_scale": 1}}


def test_settling_happens_once_and_says_who(ledger: Ledger, ledger_clock: HandClock) -> None:
    ledger.set_aside.add([row(1), row(2)], "f")
    ids = [kept.id for kept in ledger.set_aside.page()]
    ledger_clock.forward(60)
    assert ledger.set_aside.settle(ids, "replayed", "anna") == 2
    assert ledger.set_aside.settle(ids, "discarded", "bo") == 0
    (kept, _) = ledger.set_aside.page(state="replayed")
    assert (kept.settled_by, kept.settled_at) == ("anna", ledger_clock.now())
    assert ledger.set_aside.page() == []
    assert len(ledger.set_aside.page(state=None)) == 2


def test_what_is_old_is_forgotten(ledger: Ledger, ledger_clock: HandClock) -> None:
    ledger.set_aside.add([row(1)], "f")
    ledger_clock.forward(86_400)
    ledger.set_aside.add([row(2)], "f")
    assert ledger.set_aside.purge(ledger_clock.now()) == 1
    assert [kept.row.line for kept in ledger.set_aside.page()] == [2]


def test_what_a_person_wrote_is_not_on_the_disk_in_plain_text(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    opened.set_aside.add([SetAside("shop", "bad_score", "'anna@exempel.se' is not a score", '{"name": "Anna Berg"}')], "export.csv")
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"bad_score" in on_disk
    assert b"anna@exempel" not in on_disk
    assert b"Anna Berg" not in on_disk
    opened.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.text(alphabet=st.characters(), max_size=60), record=st.text(alphabet=st.characters(), max_size=20))
def test_any_text_is_kept_to_the_letter(ledger: Ledger, raw: str, record: str) -> None:
    ledger.set_aside.add([SetAside("shop", "bad", raw, raw, record=record)], "f")
    kept = ledger.set_aside.page(limit=10_000)[-1]
    ledger.set_aside.settle([kept.id], "discarded", "test")
    assert (kept.row.raw, kept.row.message) == (raw, raw)
    assert kept.row.record == record or "\x00" in record or any("\ud800" <= c <= "\udfff" for c in record)
