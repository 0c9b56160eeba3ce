"""Releases: what has been shown of protected people is kept, batch by batch, on either database."""

from datetime import date

from gensvar.kit.protected import Protected
from gensvar.ledger import Ledger, Release
from gensvar.ledger.releases import TEXT, known_by
from gensvar.measure.anonymous import ORDER, Block

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
FIVE = Protected()


def block(people: int, measure: str = "mood@1", month: date = AUGUST, audience: str = "employee") -> Block:
    dims: dict[str, tuple[str | None, ...]] = {**dict.fromkeys(ORDER, (None,)), "unit": ("A", None)}
    return Block(audience, measure, month, dims, frozenset({"market"}), people, (float(people), 3.5, 12.25, *([0.0] * 10), 1.0))


def release(first: int, people: int, measure: str = "mood@1", month: date = AUGUST, least: int = 5, audience: str = "employee") -> Release:
    ids = tuple((first + i).to_bytes(16, "big") for i in range(people))
    return Release(audience, measure, month, least, ids, (block(people, measure, month, audience),))


def test_what_was_released_comes_back_as_it_was(ledger: Ledger) -> None:
    assert ledger.releases.add(release(0, 6)) == 0
    assert ledger.releases.add(release(6, 5)) == 1
    assert ledger.releases.add(release(20, 7, month=SEPTEMBER)) == 0
    assert ledger.releases.counts() == {("employee", "mood@1", AUGUST): 11, ("employee", "mood@1", SEPTEMBER): 7}
    released = ledger.releases.released(FIVE)
    assert released.blocks["mood@1"][AUGUST] == (block(6), block(5))
    assert released.values("unit") == {"A", None}
    assert len(ledger.releases.counted("scores")) == 18
    assert ledger.releases.counted("text") == set()


def test_it_is_read_once_after_each_change(ledger: Ledger) -> None:
    ledger.releases.add(release(0, 6))
    first = ledger.releases.released(FIVE)
    assert ledger.releases.released(FIVE) is first
    ledger.releases.add(release(6, 5))
    assert len(list(ledger.releases.released(FIVE).of_measure("mood@1"))) == 2
    with ledger.transaction():
        ledger.releases.add(release(30, 5))
    ledger.releases.renew()
    assert len(list(ledger.releases.released(FIVE).of_measure("mood@1"))) == 3


def test_texts_are_kept_apart_with_the_rows_of_each_block(ledger: Ledger) -> None:
    ledger.releases.add(release(0, 6))
    ledger.releases.add(release(100, 12, TEXT, least=10))
    (made,) = ledger.releases.texts("employee")
    assert [(b.persons, len(ids)) for b, ids in made.parts()] == [(12, 12)]
    assert TEXT not in ledger.releases.released(FIVE).blocks
    assert ledger.releases.counted("text") == {known_by((100 + i).to_bytes(16, "big")) for i in range(12)}


def test_only_releases_of_the_setting_in_force_stay(ledger: Ledger) -> None:
    ledger.releases.add(release(0, 6))
    ledger.releases.add(release(10, 9, month=SEPTEMBER, least=8))
    ledger.releases.add(release(100, 12, TEXT, least=10))
    ledger.releases.add(release(200, 6, audience="partner"))
    ledger.releases.looked["employee", "mood@1", AUGUST] = 6
    assert ledger.releases.keep(FIVE) == 2
    assert ledger.releases.looked == {}
    assert ledger.releases.counts() == {("employee", "mood@1", AUGUST): 6, ("employee", TEXT, AUGUST): 12}
    assert ledger.releases.keep(FIVE) == 0
    assert ledger.releases.keep(Protected.read("employee=11")) == 2
    assert ledger.releases.clear() == 0


def test_of_audiences_that_are_not_protected_nothing_is_told(ledger: Ledger) -> None:
    ledger.releases.add(release(0, 6, audience="partner"))
    assert ledger.releases.released(FIVE).blocks == {}
    assert ledger.releases.released(Protected.read("partner=5")).blocks["mood@1"][AUGUST][0].audience == "partner"
    assert ledger.releases.clear() == 1


def test_a_row_is_known_whatever_its_moment(ledger: Ledger) -> None:
    early, late = b"\x00" * 6 + b"r" * 10, b"\xff" * 6 + b"r" * 10
    assert known_by(early) == known_by(late) == b"r" * 10
