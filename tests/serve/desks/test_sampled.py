"""Texts drawn from a selection: the same ones however they are asked for, and as many as the list of voices has."""

from datetime import date
from typing import Any

import pytest

from gensvar.contracts import CUBES
from gensvar.house import House
from gensvar.kit.errors import NotAllowed
from gensvar.kit.scope import Scope, whole
from gensvar.measure import count
from gensvar.serve.desks import sampled, voices
from gensvar.serve.desks.voice_query import read_voices
from tests.serve.desks.spoken import rated, said, told

TODAY = date(2026, 10, 15)
TONED = [said(n, f"{n} dagar för sent", n % 25, f"P{n}", market="SE" if n % 3 else "NO", sentiment=round(n / 50 - 0.5, 2)) for n in range(1, 41)]
SCORED = [rated(100 + n, 1.0 + n % 5, n % 25, f"P{n}", market="SE" if n % 3 else "NO") for n in range(1, 41)]
QUERIES: list[dict[str, Any]] = [
    {}, {"where": "market=NO"}, {"words": "dagar -7"}, {"period": "2026-09-03..2026-09-12"}, {"score": "bad"},
    {"measure": "csat.delivery", "score": "1..2"}, {"measure": "csat.delivery", "sort": "lowest"}, {"words": "ingen har sagt"},
]  # fmt: skip


@pytest.mark.parametrize("scope", [whole(), Scope({"market": frozenset({"NO"})})], ids=["all", "one market"])
def test_a_draw_is_of_the_voices_that_are_listed(small_house: House, scope: Scope) -> None:
    told(small_house.engine, [*TONED, *SCORED])
    for asked in QUERIES:
        query = read_voices(today=TODAY, limit=500, **asked)
        listed = voices.voices(small_house, scope, query)
        drawn = sampled.drawn(small_house, scope, query, 500)
        assert {one.id for one in drawn.heard} == {v.id for v in listed.voices}, asked
        assert drawn.total == listed.total == voices.counted(small_house, scope, sampled.of_texts(query))[0], asked
        few = sampled.drawn(small_house, scope, query, 5)
        assert few.heard == drawn.heard[:5] == sampled.heard(small_house, scope, query, 5)
        assert few.total == drawn.total
        assert sampled.tone_drawn(small_house, scope, query, 5) == (drawn.total, sampled.tone_of(few.heard))


def test_what_may_not_be_read_is_not_drawn(small_house: House) -> None:
    with pytest.raises(NotAllowed):
        sampled.drawn(small_house, Scope(free_text=False), read_voices(today=TODAY), 5)


def test_an_estimate_is_never_less_than_what_is_there(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told(small_house.engine, TONED)
    for cube in CUBES:
        small_house.engine.replace_days(cube.name, count(small_house.engine.table("feedback"), cube, small_house.ledger.measures.all()), None)
    monkeypatch.setattr(voices, "EXACT", 8)
    monkeypatch.setattr(voices, "EXACT_WORDS", 8)
    every, one = read_voices(today=TODAY), read_voices('"3 dagar" -13 -23 -33', today=TODAY)
    assert voices.counted(small_house, whole(), every)[1]
    assert voices.counted(small_house, whole(), one) == (1, False)
    assert sampled.drawn(small_house, whole(), every, 10).total >= 10
