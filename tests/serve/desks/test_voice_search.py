"""Search: the rows that the index finds are those of the slow definition, whatever the index is behind on; nothing outside the scope shows."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from gensvar.house import House, open_house
from gensvar.indexing import catch_up_wholly
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput, NotAllowed, NotFound, Unavailable
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desks import voice_search
from gensvar.serve.desks.voice_query import read_voices
from gensvar.serve.desks.voices import VoicePage, voices, voices_table
from gensvar.text.compact import packed
from gensvar.text.keys import key_of
from gensvar.text.search import terms
from gensvar.text.stems import fits
from tests.engine.rows import Row
from tests.houses import signed_in
from tests.index.test_indexing import moved
from tests.serve.conftest import HERE
from tests.serve.desks.spoken import forgotten, ident, name, numbers, said, told

TODAY = date(2026, 10, 15)
NO = Scope({"market": frozenset({"NO"})})
WORDS = (
    "leverans", "Leveranserna", "hemleveransen", "bil", "bilar", "mobil", "order", "ordern", "delivery", "Deliveries", "delivered", "åka", "aka",
    "äta", "café",
    "cafe", "e-post", "post", "kom", "sent", "för", "42", "42a", "toimituksen", "toimitukset", "Lieferungen", "geliefert", "cafe\u0301",
)  # fmt: skip
LANGUAGES = ("sv", "nb", "no", "en", "en-GB", "fi", "de", "is", None)
ONE = st.sampled_from(WORDS)
PHRASE = st.lists(ONE, min_size=1, max_size=2).map(" ".join).map('"{}"'.format)
SEARCHES = st.lists(st.one_of(ONE, ONE.map("-{}".format), PHRASE, st.sampled_from(["lever", "a", "!", "e-", "ost"])), min_size=1, max_size=3).map(
    " ".join
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
ROWS = st.lists(st.tuples(TEXTS, st.sampled_from(LANGUAGES), st.sampled_from(["NO", "SE"]), st.integers(0, 3)), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("search")
    with open_house(read_settings({"data": folder, "encoder": "none"}), At("2026-10-15T12:00:00")) as one:
        yield one


@pytest.fixture(autouse=True)
def emptied(house: House) -> None:
    forgotten(house.engine)
    house.index.forget()


def asked(house: House, scope: Scope | None = None, **query: Any) -> VoicePage:
    return voices(house, scope or whole(), read_voices(today=TODAY, **query))


def spoken(rows: Sequence[tuple[str, str | None, str, int]], first: int = 1) -> list[Row]:
    return [said(n, text, day, language=language, market=market) for n, (text, language, market, day) in enumerate(rows, first)]


def expected(rows: Sequence[Row], words: str, market: str = "") -> set[int]:
    """By the slow definition."""
    return {int(r["record"][1:]) for r in rows if fits(r["text"], r["language"], terms(words)) and market in ("", r["market"])}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, later=ROWS, words=SEARCHES, most=st.sampled_from([1, 1000]))
def test_the_index_finds_what_the_definition_says(house: House, rows: Any, later: Any, words: str, most: int) -> None:
    forgotten(house.engine)
    house.index.forget()
    first, second = spoken(rows), spoken(later, 100)
    moved(house, first)
    catch_up_wholly(house)
    handed, voice_search.MOST_HANDED = voice_search.MOST_HANDED, most
    try:
        assert set(numbers(asked(house, words=words, limit=100).voices)) == expected(first, words)
        assert set(numbers(asked(house, NO, words=words, limit=100).voices)) == expected(first, words, "NO")
        moved(house, second)
        catch_up_wholly(house)
        page = asked(house, NO, words=words, limit=100)
    finally:
        voice_search.MOST_HANDED = handed
    assert set(numbers(page.voices)) == expected([*first, *second], words, "NO")
    assert (page.total, page.about, page.searched.how) == (len(page.voices), False, "stemmed")
    assert set(numbers(asked(house, words=words, sort="best", limit=100).voices)) == expected([*first, *second], words)


def test_what_the_index_is_behind_on_is_read(house: House) -> None:
    moved(house, [said(1, "leverans", 1, language="sv"), said(2, "leveransen", 2, language="sv")])
    assert (numbers(asked(house, words="leveranser").voices), asked(house, words="leveranser").searched.how) == ([], "written")
    catch_up_wholly(house)
    assert numbers(asked(house, words="leveranser").voices) == [2, 1]
    moved(house, [said(3, "leveransen kom", 3, language="sv"), said(2, "ingenting", 2, language="sv")], [ident(1, 1)])
    assert numbers(asked(house, words="leveranser").voices) == [3]
    told(house.engine, [said(4, "leverans", 9, language="sv")])
    house.ledger.days.mark([date(2026, 9, 10)])
    assert numbers(asked(house, words="leveranser").voices) == [4, 3]


def test_what_was_perhaps_meant_is_only_what_the_reader_may_see(house: House) -> None:
    moved(house, [said(1, "kundtjänsten svarade", 1, language="sv", market="SE"), said(2, "leverans", 1, language="sv", market="NO")])
    catch_up_wholly(house)
    assert asked(house, words="kudntjänsten").searched.nearest == "kundtjänsten"
    assert asked(house, words="svarade kundtjensten").searched.nearest == "svarade kundtjänsten"
    assert asked(house, NO, words="kudntjänsten").searched.nearest == ""
    assert asked(house, NO, words="levrans").searched.nearest == "leverans"
    assert asked(house, words="xyzzy").searched.nearest == ""


def test_the_best_stands_first(house: House) -> None:
    moved(
        house,
        [
            said(1, "leverans", 1, language="sv"), said(2, "min hemleverans", 9, language="sv"), said(3, "leveransens dag", 8, language="sv"),
            said(4, " ".join(["leverans", *["ord"] * 60]), 7, language="sv"),
        ],
    )  # fmt: skip
    catch_up_wholly(house)
    assert numbers(asked(house, words="leverans", sort="best").voices)[0] == 1
    assert numbers(asked(house, words="leverans").voices) == [2, 3, 4, 1]
    page, seen = asked(house, words="leverans", sort="best", limit=3), list[int]()
    while True:
        seen += numbers(page.voices)
        if not page.next:
            break
        page = asked(house, words="leverans", sort="best", limit=3, after=page.next)
    assert sorted(seen) == [1, 2, 3, 4]
    table = voices_table(house, whole(), read_voices(words="leverans", sort="best", today=TODAY))
    assert table["id"].to_pylist() == [v.id for v in asked(house, words="leverans", sort="best").voices]


# ── by meaning: a small encoder that knows what three subjects are about ──

SUBJECTS = {"leverans": 0, "paket": 0, "bud": 0, "pris": 1, "dyrt": 1, "kostar": 1, "personal": 2, "vänlig": 2}


def encode(texts: Sequence[str]) -> list[bytes]:
    """A direction for each subject; the words of a text add up."""
    made = np.full((len(texts), 64), 0.05, np.float32)
    for at, text in enumerate(texts):
        for word in text.lower().split():
            made[at, SUBJECTS.get(word, 3) * 4 + 1] += 1
    return packed(made / np.linalg.norm(made, axis=1, keepdims=True))


@pytest.fixture
def meant(tmp_path: Path) -> Iterator[House]:
    with open_house(read_settings({"data": tmp_path, "encoder": str(tmp_path)}), At("2026-10-15T12:00:00")) as one:
        rows = [
            said(1, "paket bud", 1, market="NO"), said(2, "dyrt", 2, market="NO"), said(3, "leverans paket", 3, market="SE"),
            said(4, "vänlig personal", 4),
            said(5, "bud", 5, audience="employee"), said(6, "leverans dyrt", 6, market="NO"), said(7, "paket bud", 7, market="NO"),
        ]  # fmt: skip
        moved(one, rows)
        texts = sorted({str(r["text"]) for r in rows})
        one.ledger.vectors.put(dict(zip(map(key_of, texts), encode(texts), strict=True)), one.understanding().encoder)
        catch_up_wholly(one)
        yield one


def near(house: House, scope: Scope | None = None, **query: Any) -> VoicePage:
    return voices(house, scope or whole(), read_voices(today=TODAY, **query), encode)


def test_what_is_near_in_meaning_stands_first(meant: House) -> None:
    found = near(meant, words="leverans", by="meaning")
    assert (set(numbers(found.voices)[:3]), found.searched.meant) == ({1, 3, 7}, "whole")
    assert 5 not in numbers(found.voices)
    assert numbers(near(meant, words="leverans", by="both").voices)[0] in {3, 6}
    assert set(numbers(near(meant, NO, words="leverans", by="meaning").voices)) == {1, 2, 6, 7}
    assert numbers(near(meant, words="leverans", by="meaning", where="market=NO", period="2026-09-02..2026-09-03").voices) == [1, 2]
    by_time = [v.occurred_at for v in near(meant, words="leverans", by="meaning", sort="oldest").voices]
    assert by_time == sorted(by_time)


def test_more_like_one_voice(meant: House) -> None:
    found = near(meant, like=name(1, 1))
    assert numbers(found.voices)[:2] == [7, 3]
    assert 1 not in numbers(found.voices)
    with pytest.raises(NotFound):
        near(meant, NO, like=name(3, 3))
    with pytest.raises(NotFound):
        near(meant, like=name(5, 5))
    with pytest.raises(NotAllowed):
        near(meant, Scope(free_text=False), like=name(1, 1))


def test_an_encoder_that_is_late_or_lost_is_told_of_and_words_are_searched(meant: House) -> None:
    def late(_: Sequence[str]) -> list[bytes]:
        raise TimeoutError

    def lost(_: Sequence[str]) -> list[bytes]:
        raise Unavailable("ended")

    for encoder, why in ((late, "starting"), (lost, "failed")):
        for by in ("words", "meaning", "both"):
            found = voices(meant, whole(), read_voices("leverans", by=by, sort="best", today=TODAY), encoder)
            assert (sorted(numbers(found.voices)), found.searched.meant) == ([3, 6], why)


def test_no_file_is_written_of_what_cannot_be_searched_and_the_page_says_so(meant: House) -> None:
    """The folder that should hold the encoder holds none; on a slow machine that is not even known within the patience of a reader."""
    with pytest.raises(Unavailable):
        voices_table(meant, whole(), read_voices("leverans", by="meaning", today=TODAY))
    with TestClient(build_app(meant, Access(meant.settings, meant.ledger)), base_url=HERE) as client:
        page = client.get("/voices.json?q=leverans&by=meaning&period=all&lang=en", headers=signed_in(meant, "contributor")).json()
    assert any("encoder, which reads meaning" in note for note in page["notes"])
    assert "So they were searched by words." in page["notes"]
    assert len(page["voices"]) == 2
    assert bool(page["again"]) == any("is just starting" in note for note in page["notes"])


def test_without_vectors_words_are_searched_and_that_is_said(house: House) -> None:
    moved(house, [said(1, "leverans", 1)])
    catch_up_wholly(house)
    found = near(house, words="leverans", by="meaning")
    assert (numbers(found.voices), found.searched.meant) == ([1], "none")
    assert near(house, like=name(1, 1)).voices == ()


@pytest.mark.parametrize("query", [{"by": "mening"}, {"sort": "best"}, {"like": "x"}, {"words": "a", "by": "both", "sort": "lowest", "measure": "m"}])
def test_what_cannot_be_searched_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        read_voices(today=TODAY, **query)
