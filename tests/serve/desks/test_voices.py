"""Voices: what is found, in which order, page by page, and nothing outside the reader's scope, on every engine."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gensvar.contracts import CUBES
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound
from gensvar.kit.protected import Protected
from gensvar.kit.scope import Scope, whole
from gensvar.measure import count
from gensvar.serve.desks import voices as desk
from gensvar.serve.desks.voice_query import VoiceQuery, read_voices
from gensvar.serve.desks.voices import VoicePage, voice, voices, voices_table
from tests.serve.desks.spoken import START, name, numbers, rated, said, told

TODAY = date(2026, 10, 15)
NO = Scope({"market": frozenset({"NO"})})
MUTE = Scope(free_text=False)


def asked(house: House, scope: Scope | None = None, **query: Any) -> VoicePage:
    return voices(house, scope or whole(), read_voices(today=TODAY, **query))


def hits(house: House, **query: Any) -> list[int]:
    return numbers(asked(house, **query).voices)


ROWS = [
    said(1, "Leveransen kom för sent", 1, "A", market="NO", language="sv"), rated(2, 1.0, 1, "A", market="NO", touchpoint="delivery"),
    said(3, "Levering: BRØD på døren", 2, "B", market="DK", channel="app"), rated(4, 5.0, 2, "B", market="DK"),
    said(5, "100% a_b nöjd\\", 3, "C", market="SE"), rated(6, 3.0, 3, "C", market="SE", measure="csat.delivery@1"),
    said(7, "Blå, hår", 4, kind="complaint", market=None), said(8, "", 5), said(9, None, 6, choice="price"),
    said(10, "cafe\u0301 <b>&", 7, "D"), said(11, "jag som anställd", 8, audience="employee"),
    rated(12, 2.0, 7, "D", market="NO", audience="employee"),
    said(13, "sagt och satt", 9, measure="csat.delivery@1", score=2.0), said(14, "okänt mått", 9.5, measure="gone@1", score=2.0),
]  # fmt: skip


def test_what_is_found_on_every_engine(house: House) -> None:
    told(house.engine, ROWS)
    assert hits(house) == [14, 13, 10, 7, 5, 3, 1]
    assert hits(house, sort="oldest") == [1, 3, 5, 7, 10, 13, 14]
    assert hits(house, texts=False) == [14, 13, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    for words, found in (
        ("lever", [3, 1]), ("SENT för", [1]), ('"för sent"', [1]), ('"sent för"', []), ("lever -sent", [3]),
        ("-lever", [14, 13, 10, 7, 5]), ("brød", [3]),
        ("brod", []), ("blå", [7]), ("bla", []), ("har", []), ("100%", [5]), ("100_", []), ("a_b", [5]), ("axb", []), ("nöjd\\", [5]), (".", []),
        ("café", [10]), ("<b>", [10]), ("' OR 1=1 --", []), ("anställd", []),
    ):  # fmt: skip
        assert hits(house, words=words) == found, words
    for where, expected in (
        ("market=NO,DK", [3, 1]), ("market=", [14, 13, 10, 7]), ("kind=complaint", [7]), ("channel=app;market=DK", [3]), ("language=sv", [1]),
        ("audience=employee", []), ("source=survey;market=SE", [5]), ("market=NO') OR ('1'='1", []),
    ):  # fmt: skip
        assert hits(house, where=where) == expected, where
    assert hits(house, period="2026-09-03..2026-09-05") == [7, 5, 3]
    assert hits(house, measure="csat.delivery") == [13, 5, 3, 1]
    assert hits(house, measure="csat.delivery@1", where="touchpoint=delivery") == [1]
    assert hits(house, measure="csat.delivery", score="bad") == [13, 1]
    assert hits(house, measure="csat.delivery", score="1..3", words="sent") == [1]
    assert hits(house, measure="csat.delivery", score="5") == [3]
    assert hits(house, score="good") == [3]
    assert hits(house, measure="csat.delivery", sort="lowest") == [1, 13, 5, 3]
    assert hits(house, measure="csat.delivery", sort="highest") == [3, 5, 13, 1]
    assert hits(house, measure="csat.delivery", sort="lowest", texts=False) == [2, 1, 13, 6, 5, 4, 3]
    first = asked(house, measure="csat.delivery").voices
    assert [[(s.measure, s.value, s.mood) for s in v.scores] for v in first[:2]] == [
        [("csat.delivery@1", 2.0, "bad")],
        [("csat.delivery@1", 3.0, "middle")],
    ]
    assert asked(house, words="okänt").voices[0].scores == (desk.Score("gone@1", 2.0),)
    assert asked(house, words="café").voices[0].scores == ()
    _pages_stay(house)
    _table(house)


def _pages_stay(house: House) -> None:
    """Page by page, with rows arriving between pages: each voice of the beginning comes once, in order."""
    queries: tuple[dict[str, Any], ...] = (
        {},
        {"sort": "oldest"},
        {"measure": "csat.delivery", "sort": "lowest"},
        {"measure": "csat.delivery", "sort": "highest"},
    )
    for query in queries:
        at_once, seen, after = hits(house, **query), list[int](), ""
        for turn in range(20):
            page = asked(house, after=after, limit=2, **query)
            seen += [n for n in numbers(page.voices) if n < 100]
            told(house.engine, [said(100 + turn, "nytt", turn, "A"), said(200 + turn, "nytt", 30 + turn)])
            if not (after := page.next):
                break
        assert seen == [n for n in at_once if n < 100]


def _table(house: House) -> None:
    found = voices_table(house, whole(), read_voices(measure="csat.delivery", sort="lowest", period="2026-09", today=TODAY))
    assert [int(i[-12:], 16) for i in found["id"].to_pylist() if int(i[-12:], 16) < 100] == [1, 13, 5, 3]
    assert found["scores"].to_pylist()[-1] == "csat.delivery@1=5"
    assert found.column_names == [*desk.TABLE, "scores"]


def test_a_voice_has_its_story(house: House) -> None:
    told(
        house.engine,
        [
            said(1, "kom sent", 1, "A", party=bytes(15) + b"\x01", attrs={"subject": "<hi>"}, local_kind="problem", market="NO"),
            rated(2, 1.0, 1, "A"),
            said(3, "igen", 5, party=bytes(15) + b"\x01", market="NO"),
            said(4, "utomlands", 6, party=bytes(15) + b"\x01", market="SE"),
            said(5, "som anställd", 7, party=bytes(15) + b"\x01", market="NO", audience="employee"),
            said(6, "någon annan", 8, party=bytes(15) + b"\x02", market="NO"),
        ],
    )
    story = voice(house, whole(), name(1, 1))
    assert (story.voice.text, story.attrs, story.record, story.voice.local_kind) == ("kom sent", {"subject": "<hi>"}, "r1", "problem")
    assert [(p.scores[0].value, p.text) for p in story.parts] == [(1.0, None)]
    assert [v.text for v in story.others] == ["utomlands", "igen"]
    assert story.agreement == desk.Agreement("survey", 1, "anna.berg", "what customers say after a delivery")
    norwegian = voice(house, NO, name(1, 1).upper())
    assert [v.text for v in norwegian.others] == ["igen"]
    assert norwegian.parts == ()
    assert norwegian.voice.scores == ()
    mute = voice(house, MUTE, name(1, 1))
    assert (mute.voice.text, mute.attrs, mute.voice.local_kind, mute.others) == (None, {}, None, ())
    for scope, row in ((NO, name(4, 6)), (whole(), name(5, 7)), (whole(), name(99)), (whole(), "nonsense"), (whole(), ""), (NO, "' OR 1=1")):
        with pytest.raises(NotFound) as refused:
            voice(house, scope, row)
        assert str(refused.value) == "There is no such voice, or it is not yours to see. The Voices page lists those that are."


def test_what_may_not_be_read_is_not_there(small_house: House) -> None:
    told(small_house.engine, ROWS)
    page = asked(small_house, MUTE, texts=False)
    assert all((v.text, v.choice, v.local_kind) == (None, None, None) for v in page.voices)
    assert asked(small_house, MUTE).voices == ()
    assert set(voices_table(small_house, MUTE, VoiceQuery(texts=False))["text"].to_pylist()) == {None}
    for refused in (lambda q: voices(small_house, MUTE, q), lambda q: voices_table(small_house, MUTE, q)):
        with pytest.raises(NotAllowed, match="not yours to search"):
            refused(read_voices(words="sent", today=TODAY))


def test_an_audience_that_is_never_shown_alone(small_house: House) -> None:
    told(
        small_house.engine,
        [said(1, "a", audience="partner"), said(2, "b", 1, audience="employee"), said(3, "c", 2), said(4, "d", 3, audience="alien")],
    )
    assert hits(small_house) == [3, 1]
    assert numbers(asked(small_house, Scope(least={"partner": 2})).voices) == [3]
    guarded = replace(small_house, settings=replace(small_house.settings, anonymous=Protected.read("customer=5")))
    assert hits(guarded) == [1]
    assert numbers(asked(small_house, Scope(least=dict.fromkeys(("customer", "partner", "owner", "public"), 9))).voices) == []


@pytest.mark.parametrize(
    "query",
    [
        {"where": "marknad=NO"}, {"sort": "best"}, {"sort": "lowest"}, {"score": "1..2"}, {"score": "awful"},
        {"measure": "csat.delivery", "score": "3..1"},
        {"measure": "csat.delivery", "score": "1e9"}, {"limit": 0}, {"limit": 501},
        {"after": "xx"}, {"after": "åäö"}, {"after": "fn5-"}, {"period": "soon"},
        {"words": "a" * 300}, {"where": "market"}, {"after": "MX4yMDI2LTA5LTAxfjA"},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(query: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        read_voices(today=TODAY, **query)  # type: ignore[arg-type]


def test_an_unknown_measure_names_the_nearest(small_house: House) -> None:
    with pytest.raises(NotFound) as unknown:
        asked(small_house, measure="csat.delivry")
    assert unknown.value.nearest == "csat.delivery"


def test_a_place_of_one_sort_is_none_of_another(small_house: House) -> None:
    told(small_house.engine, ROWS)
    place = asked(small_house, measure="csat.delivery", sort="lowest", limit=1).next
    with pytest.raises(BadInput, match="no place"):
        asked(small_house, after=place)


def test_more_than_can_be_counted_is_estimated(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """On days spread over the period; a wider look is the exact count."""
    rows = [said(i, f"{'sent' if i % 4 == 0 else 'bra'} {i}", i / 50) for i in range(1, 3001)]
    told(small_house.engine, rows)
    hidden = [said(10_000 + i, "sent", i / 50, market="NO", audience="employee") for i in range(500)]
    told(small_house.engine, hidden)
    for cube in CUBES:
        counted = count(small_house.engine.table("feedback"), cube, small_house.ledger.measures.all())
        small_house.engine.replace_days(cube.name, counted, None)
    small_house.engine.bump()
    assert (asked(small_house, words="sent").total, asked(small_house, words="sent").about) == (750, False)
    monkeypatch.setattr(desk, "EXACT_WORDS", 1000)
    monkeypatch.setattr(desk, "EXACT", 2000)
    words, plain = asked(small_house, words="sent"), asked(small_house)
    assert words.about
    assert abs(words.total - 750) <= 75
    assert plain.about
    assert abs(plain.total - 3000) <= 100
    assert asked(small_house, words='"sent 8"').about is False
    assert asked(small_house, words="sent", period="2026-09-05..2026-09-06").about is False


def test_days_are_spread_evenly() -> None:
    days = {date(2026, 1, 1) + timedelta(days=i): 10 for i in range(300)}
    slices = list(desk._slices(days, 320))
    assert len(slices) == desk.SLICES
    assert all((s.last - s.first).days == 3 for s in slices)
    assert [round((s.first - date(2026, 1, 1)).days / 37.5 - 0.5, 1) for s in slices] == pytest.approx(list(range(8)), abs=0.2)
    assert sum(1 for _ in desk._slices({date(2026, 1, 1): 10**7}, 100)) == 1


def test_scores_of_another_day_are_not_of_that_moment(small_house: House) -> None:
    told(small_house.engine, [said(1, "a", 0, "A"), rated(2, 4.0, 0.5, "A"), rated(3, 1.0, 5, "A")])
    assert [[s.value for s in v.scores] for v in asked(small_house).voices] == [[4.0]]
    assert START.tzinfo is not None
