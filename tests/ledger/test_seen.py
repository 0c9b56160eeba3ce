"""First-seen moments."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.kit.ids import record_key
from gensvar.ledger import Ledger, seen
from tests.ledgers import SECRET, HandClock

A, B, C = (record_key("shop", name) for name in "abc")


def test_a_record_keeps_the_moment_at_which_it_first_came(ledger: Ledger) -> None:
    assert ledger.seen.moments([A, B], [None, None], 1000) == ([1000, 1000], [False, False])
    assert ledger.seen.moments([B, C, A], [None, None, None], 2000) == ([1000, 2000, 1000], [True, False, True])
    assert ledger.seen.count() == 3


def test_a_record_that_says_when_it_was_made_is_not_remembered(ledger: Ledger) -> None:
    assert ledger.seen.moments([A, B], [5, None], 1000) == ([5, 1000], [True, False])
    assert ledger.seen.count() == 1


def test_a_record_twice_in_a_batch_has_one_moment(ledger: Ledger) -> None:
    assert ledger.seen.moments([A, A], [None, None], 7) == ([7, 7], [False, False])


def test_nothing_is_no_fault(ledger: Ledger) -> None:
    assert ledger.seen.moments([], [], 1) == ([], [])


def test_it_is_remembered_when_the_ledger_opens_again(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    ledger.seen.moments([A], [None], 1000)
    again = Ledger.open(ledger_url, SECRET, ledger_clock)
    assert again.seen.moments([A], [None], 2000) == ([1000], [True])
    again.close()


def test_threads_that_see_the_same_records_agree(ledger: Ledger) -> None:
    keys = [record_key("shop", str(n)) for n in range(300)]
    said: dict[int, list[int]] = {}

    def look(at: int) -> None:
        said[at] = ledger.seen.moments(keys, [None] * len(keys), 1000 + at)[0]

    threads = [threading.Thread(target=look, args=(at,)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(moments == said[0] for moments in said.values())
    assert len(set(said[0])) == 1


def test_folding_moves_no_moment(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "LATELY_ROWS", 50)
    monkeypatch.setattr(seen, "MOST_LATELY_ROWS", 120)
    monkeypatch.setattr(seen, "FOLD_ROWS", 17)
    keys = [record_key("shop", str(n)) for n in range(1000)]
    for at in range(0, 1000, 100):
        ledger.seen.moments(keys[at : at + 100], [None] * 100, at)
        ledger.seen.tidy()
    assert ledger.seen.moments(keys, [None] * 1000, 9999) == ([n // 100 * 100 for n in range(1000)], [True] * 1000)
    assert ledger.seen.count() == 1000


def test_the_small_table_stays_small(tmp_path: Path, ledger_clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST_LATELY_ROWS", 200)
    monkeypatch.setattr(seen, "FOLD_ROWS", 50)
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    for at in range(10):
        opened.seen.moments([record_key("shop", f"{at} {n}") for n in range(100)], [None] * 100, at)
    with opened._db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM seen_lately").scalar_one() <= 200
    assert opened.seen.count() == 1000
    opened.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 99))), max_size=12), max_size=6))
def test_it_says_what_a_dictionary_would(ledger: Ledger, batches: list[list[tuple[int, int | None]]]) -> None:
    with ledger._db.write() as conn:
        conn.exec_driver_sql("DELETE FROM seen")
        conn.exec_driver_sql("DELETE FROM seen_lately")
    first: dict[int, int] = {}
    for now, batch in enumerate(batches, start=1000):
        moments, known = ledger.seen.moments([record_key("s", str(n)) for n, _ in batch], [made for _, made in batch], now)
        assert known == [made is not None or n in first for n, made in batch]
        for n, made in batch:
            if made is None:
                first.setdefault(n, now)
        assert moments == [first[n] if made is None else made for n, made in batch]
