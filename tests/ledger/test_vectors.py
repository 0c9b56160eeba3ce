"""Vectors are kept by text and model, once each, and read back in the order of their keys."""

from gensvar.ledger import Ledger


def test_what_is_put_is_found_by_its_model_alone(ledger: Ledger) -> None:
    ledger.vectors.put({b"a" * 16: b"one", b"b" * 16: b"two"}, "e5-1")
    ledger.vectors.put({b"a" * 16: b"other"}, "e5-2")
    assert ledger.vectors.get([b"a" * 16, b"b" * 16, b"c" * 16], "e5-1") == {b"a" * 16: b"one", b"b" * 16: b"two"}
    assert ledger.vectors.get([b"a" * 16], "e5-2") == {b"a" * 16: b"other"}
    assert ledger.vectors.get([], "e5-1") == {}
    assert (ledger.vectors.count("e5-1"), ledger.vectors.count("none")) == (2, 0)


def test_what_is_there_stays(ledger: Ledger) -> None:
    ledger.vectors.put({b"a" * 16: b"first"}, "m")
    ledger.vectors.put({b"a" * 16: b"second", b"b" * 16: b"new"}, "m")
    ledger.vectors.put({}, "m")
    assert ledger.vectors.get([b"a" * 16, b"b" * 16], "m") == {b"a" * 16: b"first", b"b" * 16: b"new"}


def test_all_are_read_in_order_and_from_where_one_was(ledger: Ledger) -> None:
    given = {bytes([i]) * 16: bytes([i]) for i in range(25, 0, -1)}
    ledger.vectors.put(given, "m")
    assert [pair for part in ledger.vectors.scan("m") for pair in part] == sorted(given.items())
    assert [key for part in ledger.vectors.scan("m", after=bytes([20]) * 16) for key, _ in part] == [bytes([i]) * 16 for i in range(21, 26)]


def test_forgetting_takes_every_model(ledger: Ledger) -> None:
    ledger.vectors.put({b"a" * 16: b"x", b"b" * 16: b"y"}, "m")
    ledger.vectors.put({b"a" * 16: b"z"}, "n")
    assert ledger.vectors.forget([b"a" * 16, b"q" * 16]) == 2
    assert ledger.vectors.get([b"a" * 16, b"b" * 16], "m") == {b"b" * 16: b"y"}
