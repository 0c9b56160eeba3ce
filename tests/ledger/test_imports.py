"""Imports that go on where they stood."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger
from tests.ledgers import HandClock

FILE = ("shop", "/in/export.csv", "a" * 64, "shop@1")


def test_an_import_from_its_beginning_to_its_receipt(ledger: Ledger, ledger_clock: HandClock) -> None:
    begun = ledger.imports.start(*FILE)
    assert (begun.position, begun.counts, begun.state, begun.started_at) == (0, {}, "running", ledger_clock.now())
    ledger_clock.forward(9)
    ledger.imports.advance(begun.id, 50_000, {"accepted": 49_000, "set_aside": {"bad_score": 1000}})
    ledger.imports.end(begun.id, "done", {"read": 50_000})
    last = ledger.imports.last("shop")
    assert last is not None
    assert (last.position, last.state, last.receipt, last.ended_at) == (50_000, "done", {"read": 50_000}, ledger_clock.now())
    assert last.counts == {"accepted": 49_000, "set_aside": {"bad_score": 1000}}


@pytest.mark.parametrize("state", ["stopped", "failed", None])
def test_one_that_is_not_done_goes_on(ledger: Ledger, state: str | None) -> None:
    begun = ledger.imports.start(*FILE)
    ledger.imports.advance(begun.id, 10, {"accepted": 10})
    if state is not None:
        ledger.imports.end(begun.id, "stopped" if state == "stopped" else "failed", {})
    again = ledger.imports.start("shop", "/elsewhere/copy.csv", "a" * 64, "shop@1")
    assert (again.id, again.position, again.counts, again.state) == (begun.id, 10, {"accepted": 10}, "running")
    assert (again.path, again.ended_at) == ("/elsewhere/copy.csv", None)


@pytest.mark.parametrize(
    "other", [("app", "/in/export.csv", "a" * 64, "app@1"), ("shop", "f", "b" * 64, "shop@1"), ("shop", "f", "a" * 64, "shop@2")]
)
def test_another_source_content_or_contract_is_another_import(ledger: Ledger, other: tuple[str, str, str, str]) -> None:
    begun = ledger.imports.start(*FILE)
    ledger.imports.advance(begun.id, 10, {})
    assert ledger.imports.start(*other).id != begun.id
    assert ledger.imports.start(*other).position == 0


def test_a_file_that_is_done_can_be_read_once_more(ledger: Ledger) -> None:
    begun = ledger.imports.start(*FILE)
    ledger.imports.end(begun.id, "done", {})
    again = ledger.imports.start(*FILE)
    assert (again.id > begun.id, again.position) == (True, 0)
    assert [i.id for i in ledger.imports.all()] == [again.id, begun.id]
    assert [i.id for i in ledger.imports.all(limit=1)] == [again.id]


def test_what_is_not_there_is_said(ledger: Ledger) -> None:
    assert ledger.imports.last("shop") is None
    for call in (lambda: ledger.imports.get(5), lambda: ledger.imports.advance(5, 1, {})):
        with pytest.raises(NotFound, match="No import 5"):
            call()
