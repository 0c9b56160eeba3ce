"""Who saw what: gathered, written together, never lost but in a crash, and never with what was searched for."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.errors import StorageFull
from gensvar.ledger import Ledger
from gensvar.ledger.audit import Audit, Done
from gensvar.serve import seen
from gensvar.serve.seen import Seen, told, without_secrets
from tests.ledgers import HandClock


@pytest.fixture
def watch(ledger: Ledger, ledger_clock: HandClock) -> Seen:
    return Seen(ledger.audit, ledger_clock.now)


def written(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(d.who, d.did, d.what) for d in ledger.audit.rows(limit=100_000)]


def test_pages_wait_for_the_flush_and_all_else_is_written_at_once(ledger: Ledger, watch: Seen, ledger_clock: HandClock) -> None:
    watch.note("anna", "see", "/measures", {"market": "NO"})
    watch.note("anna", "ask", "/v1/answers")
    assert written(ledger) == []
    watch.note("anna", "read voices", "/voices")
    assert written(ledger) == [("anna", "read voices", "/voices")]
    moment = ledger_clock.now()
    ledger_clock.forward(1)
    assert watch.flush() == 2
    assert written(ledger)[1:] == [("anna", "see", "/measures"), ("anna", "ask", "/v1/answers")]
    assert ledger.audit.rows()[1].at == moment
    assert watch.flush() == 0
    assert ledger.audit.verify() is None


def test_the_same_in_the_same_minute_is_written_once(watch: Seen, ledger: Ledger, ledger_clock: HandClock) -> None:
    for _ in range(3):
        watch.note("anna", "see", "/")
        watch.note("bo", "see", "/")
        watch.note("anna", "see", "/", {"market": "NO"})
        watch.flush()
    assert len(written(ledger)) == 3
    ledger_clock.forward(60)
    watch.note("anna", "see", "/")
    assert watch.flush() == 1


def test_an_open_page_that_reads_itself_again_is_written_once_a_minute(watch: Seen, ledger: Ledger, ledger_clock: HandClock) -> None:
    for _ in range(5):
        watch.note("anna", "read", "/voices", {"market": "NO"})
        watch.note("anna", "export voices", "/voices-as/csv")
    watch.note("anna", "read", "/voices", {"market": "SE"})
    assert [d for _, d, _ in written(ledger)].count("read") == 2
    assert [d for _, d, _ in written(ledger)].count("export voices") == 5
    ledger_clock.forward(60)
    watch.note("anna", "read", "/voices", {"market": "NO"})
    assert [d for _, d, _ in written(ledger)].count("read") == 3


def test_what_waits_has_a_limit(watch: Seen, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST", 10)
    monkeypatch.setattr(seen, "REMEMBERED", 4)
    for n in range(25):
        watch.note("anna", "see", f"/{n}")
    assert len(written(ledger)) == 20
    assert watch.flush() == 5
    assert len(watch._known) <= 4


class FullDisk(Audit):
    """An audit whose disk is full until it is told otherwise."""

    full = True

    def append_many(self, deeds: object) -> int:
        if self.full:
            raise StorageFull("No room left to write")
        return super().append_many(deeds)  # type: ignore[arg-type]


def test_what_cannot_be_written_goes_on_waiting(ledger: Ledger, ledger_clock: HandClock) -> None:
    audit = FullDisk(ledger._db, ledger_clock.now, b"s" * 32)
    watch = Seen(audit, ledger_clock.now)
    watch.note("anna", "see", "/1")
    with pytest.raises(StorageFull):
        watch.flush()
    watch.note("anna", "see", "/2")
    for did in ("read", "export voices"):
        with pytest.raises(StorageFull):
            watch.note("anna", did, "/voices")
    audit.full = False
    watch.note("anna", "read", "/voices")
    assert [d.did for d in ledger.audit.rows()] == ["read"], "what could not be written was not noted either"
    assert watch.flush() == 2
    assert [d.what for d in ledger.audit.rows()] == ["/voices", "/1", "/2"]


def test_many_readers_at_once(watch: Seen, ledger: Ledger) -> None:
    def reading(who: int) -> None:
        for n in range(50):
            watch.note(f"reader {who}", "see", f"/{n}")
            if n % 10 == 0:
                watch.flush()

    threads = [threading.Thread(target=reading, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch.flush()
    assert len(set(written(ledger))) == len(written(ledger)) == 200
    assert ledger.audit.verify() is None


@given(words=st.text(min_size=1, max_size=30), query=st.dictionaries(st.sampled_from(["words", "q", "text", "token", "after"]), st.just("PRIVATE")))
def test_what_was_searched_for_is_never_written(words: str, query: dict[str, str]) -> None:
    kept = told({**query, "market": "NO", "words": "PRIVATE " + words})
    assert "PRIVATE" not in str(kept)
    assert kept["market"] == "NO"
    assert set(kept) == {*query, "market", "words"}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/voices/01a192f3-4960-0917-22d1-1d6bed01dbff", "/voices/01a192f3-4960-0917-22d1-1d6bed01dbff"),
        ("/voices/01a192f3-4960-0917-22d1-1d6bed01dbff.json", "/voices/01a192f3-4960-0917-22d1-1d6bed01dbff.json"),
        ("/welcome/Zm9vYmFyYmF6cXV1eGZvb2Jhcg", "/welcome/…"),
        ("/measures/csat.delivery", "/measures/csat.delivery"),
        ("/sources/" + "å" * 300, "/sources/" + "å" * 200),
    ],
)
def test_secrets_of_links_are_not_written(path: str, kept: str) -> None:
    assert without_secrets(path) == kept


CRASH = """
import sys
from gensvar.kit.clock import SystemClock
from gensvar.ledger import Ledger
from gensvar.serve.seen import Seen
ledger = Ledger.open(sys.argv[1], b"the secret of the invented company, 32 bytes or more", SystemClock())
watch = Seen(ledger.audit, SystemClock().now)
n = 0
while True:
    n += 1
    watch.note("anna", "see", f"/{n}")
    if n % 7 == 0:
        watch.note("anna", "read voices", f"/voices/{n}")
        print(n, flush=True)
    if n % 10 == 0:
        watch.flush()
"""


@pytest.mark.faults
def test_a_crash_loses_no_reading_of_voices_and_breaks_nothing(tmp_path: Path) -> None:
    """Killed between and within batches: what was said to be written is there, and the chain is whole."""
    from gensvar.kit.clock import SystemClock
    from tests.ledgers import SECRET

    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    for lines in (1, 5, 20):
        child = subprocess.Popen([sys.executable, "-c", CRASH, url], stdout=subprocess.PIPE, text=True, env={**os.environ})
        assert child.stdout is not None
        said = [child.stdout.readline().strip() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        ledger = Ledger.open(url, SECRET, SystemClock())
        assert ledger.audit.check().broken is None
        read = {d.what for d in ledger.audit.rows(limit=100_000) if d.did == "read voices"}
        assert {f"/voices/{n}" for n in said} <= read
        assert ledger.audit.append_many([Done("bo", "see", "/")]) > 0
        assert ledger.audit.verify() is None
        ledger.close()
