"""The index follows the hub: new, changed, moved and deleted rows; after a crash, damage or a missed epoch it finds its way back, on every engine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.hub import days_of
from gensvar.index import TextIndex
from gensvar.indexing import catch_up, catch_up_wholly, marks
from gensvar.kit.clock import At
from gensvar.kit.settings import read_settings
from gensvar.text.search import terms
from tests.engine.rows import Row, table
from tests.serve.desks.spoken import START, ident, said


def moved(house: House, rows: Iterable[Row], gone: Iterable[bytes] = ()) -> None:
    """As the flow does it: the days are marked, then the rows change, then the days are counted."""
    into = table("feedback", rows)
    house.ledger.days.mark(days_of(into) | house.engine.days_of("feedback", [*gone, *into["id"].to_pylist()]))
    house.engine.merge("feedback", into)
    house.engine.delete("feedback", list(gone))
    flow.recount(house)


def found(house: House, words: str) -> set[int]:
    there = house.index.words.candidates(terms(words), 100)
    return {int.from_bytes(row[6:]) for row in there.ids} if there else set()


def test_it_follows_the_hub(house: House) -> None:
    moved(house, [said(1, "Leveransen kom", 1, language="sv"), said(2, "ingenting", 2), said(3, None, 2)])
    assert house.index.behind(house.engine.epoch()) is None
    catch_up_wholly(house)
    assert (found(house, "leveranser"), found(house, "ingenting"), house.index.words.rows) == ({1}, {2}, 2)
    moved(house, [said(4, "leverans igen", 3, language="sv"), said(2, "något", 2)])
    assert house.index.behind(house.engine.epoch()) == {(START + timedelta(days=d)).date() for d in (2, 3)}
    assert found(house, "leverans") == {1}
    catch_up_wholly(house)
    assert (found(house, "leverans"), found(house, "ingenting"), found(house, "något")) == ({1, 4}, set(), {2})
    moved(house, [], [ident(1, 1)])
    catch_up_wholly(house)
    assert (found(house, "leverans"), house.index.words.rows, catch_up(house)) == ({4}, 2, 0)
    later = {**said(4, "leverans igen", 3, language="sv"), "occurred_at": START + timedelta(days=9)}
    moved(house, [later])
    catch_up_wholly(house)
    assert (found(house, "leverans"), house.index.words.rows) == ({4}, 2)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[House]:
    with open_house(read_settings({"data": tmp_path}), At("2026-10-15T12:00:00")) as house:
        yield house


def test_what_is_lost_is_made_anew(embedded: House) -> None:
    moved(embedded, [said(1, "före", 1), said(2, "sedan", 2)])
    catch_up_wholly(embedded)
    folder = embedded.settings.data / "index"
    state = folder / "state.json"

    def lose_files() -> None:
        for file in (folder / "words-1").iterdir():
            file.unlink()

    def tear_files() -> None:
        for file in (folder / "words-1").iterdir():
            file.write_bytes(b"x")

    def miss_an_epoch() -> None:
        embedded.engine.merge("feedback", table("feedback", [said(3, "obemärkt", 2)]))
        embedded.engine.bump()

    harms: Sequence[Callable[[], object]] = (
        lambda: state.write_text('{"version": 1, "epo'),
        state.unlink, lambda: state.write_text('{"version": 0}'), lose_files, tear_files, miss_an_epoch,
    )  # fmt: skip
    for harm in harms:
        harm()
        again = replace(embedded, index=TextIndex(folder))
        catch_up_wholly(again)
        assert (found(again, "före"), found(again, "sedan")) == ({1}, {2}), harm
    assert found(again, "obemärkt") == {3}


def test_a_day_that_changes_while_it_is_read_stays_behind(embedded: House) -> None:
    moved(embedded, [said(1, "före", 1)])
    catch_up_wholly(embedded)
    turn, day = embedded.index.turn(), (START + timedelta(days=1)).date()
    moved(embedded, [said(2, "under tiden", 1)])
    embedded.index.caught_up({day: (1, 1)}, turn)
    assert embedded.index.behind(embedded.engine.epoch()) == {day}
    catch_up_wholly(embedded)
    assert found(embedded, "under") == {2}


def test_a_day_has_another_mark_when_anything_in_it_changes(embedded: House) -> None:
    seen = set()
    for rows in ([said(1, "ett", 1)], [said(1, "två", 1)], [said(1, "två", 1, language="sv")], [said(2, "två", 1)]):
        moved(embedded, rows)
        (mark,) = marks(embedded).values()
        seen.add(mark)
    assert len(seen) == 4
