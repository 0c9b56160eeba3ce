"""Summaries: laws that hold of any texts, how near greed comes to the best, and that the vectors and labels of texts count."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.text import summary as room
from gensvar.text.summary import LEAST, Said, quoted, summary, tones

LATE = ["Leveransen kom alldeles för sent", "För sen leverans igen, tyvärr", "leveransen blev sen igen", "Sen leverans. Maten var god dock."]
PRICE = ["Priset är alldeles för högt", "Högt pris för lite innehåll", "Priset höjdes igen, för högt", "alldeles för högt pris numera"]
KIND = ["Personalen i butiken är vänlig", "vänlig personal i butiken", "Mycket vänlig personal", "Personalen var vänlig och snabb"]
SAID = ["leverans", "sen", "pris", "hög", "personal", "vänlig", "butik", "maten", "god", "kall", "app", "krånglig", "hjälp", "snabb"]
WORDS = st.sampled_from(SAID)
TEXTS = st.lists(st.lists(WORDS, min_size=0, max_size=8).map(" ".join), min_size=0, max_size=30)


def said(texts: list[str], language: str = "sv", tone: float | None = None) -> list[Said]:
    return [Said(text, language, tone) for text in texts]


def test_three_things_that_are_said_are_found() -> None:
    texts = said(LATE, tone=-0.8) + said(PRICE, tone=-0.6) + said(KIND, tone=0.9)
    found = summary(texts, 3)
    (part,) = found.parts
    assert found.left_out == 0
    assert sorted(q.text // 4 for q in part.quotes) == [0, 1, 2]
    assert len(part.covered) >= 10
    assert all(len({i // 4 for i in q.like}) == 1 for q in part.quotes)
    assert {name: n for q in part.quotes if q.text >= 8 for name, n in tones(texts, q.like).items()}["negative"] == 0


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(1, 6))
def test_nothing_is_said_that_nobody_wrote(texts: list[str], quotes: int) -> None:
    them = said(texts)
    found = summary(them, quotes)
    for part in found.parts:
        assert len(part.quotes) <= quotes
        for q, sentence in quoted(them, part):
            assert sentence
            assert sentence in texts[q.text]
            assert q.text in q.like
            assert len(q.like) >= 2
            assert set(q.nearest) <= set(q.like) <= set(part.covered) <= set(part.texts)
        assert sum(len(q.nearest) for q in part.quotes) == len(part.covered)
    assert found.left_out + sum(len(p.texts) for p in found.parts) == len(texts)


@settings(deadline=None, max_examples=30)
@given(TEXTS)
def test_it_says_the_same_each_time_and_more_quotes_cover_no_less(texts: list[str]) -> None:
    them = said(texts)
    assert summary(them, 4) == summary(them, 4)
    assert sum(len(p.covered) for p in summary(them, 6).parts) >= sum(len(p.covered) for p in summary(them, 2).parts)


@pytest.mark.parametrize("seed", range(8))
def test_greed_comes_near_the_best(seed: int) -> None:
    """Against every choice of three among twelve: at least 1 − 1/e of the best sum (Nemhauser et al. 1978); here it is nearly all of it."""
    rng = np.random.default_rng(seed)
    like = np.where(rng.random((40, 12)) < 0.2, rng.random((40, 12)), 0).astype(np.float32)
    quality, moods = rng.random(12).astype(np.float32), rng.integers(-1, 2, 12).tolist()

    def worth(chosen: tuple[int, ...]) -> float:
        weight = like * quality
        shares = weight.sum(axis=0) / weight.sum()
        heard = sum(np.sqrt(sum(shares[c] for c in chosen if moods[c] == mood)) for mood in (-1, 0, 1))
        return float(weight[:, list(chosen)].max(axis=1).sum() / len(weight) + room.BOTH_TONES * heard)

    best = max(worth(chosen) for chosen in combinations(range(12), 3))
    got = worth(tuple(room._greedy(like, quality, moods, 3)))
    assert got >= (1 - 1 / np.e) * best
    assert got >= 0.9 * best


def test_languages_stand_apart_and_few_texts_are_left_out() -> None:
    texts = said(LATE * 2) + said(["The delivery was too late", "late delivery again"] * 4, "en") + said(["Toimitus myöhässä"] * (LEAST - 1), "fi")
    found = summary(texts, 4)
    assert [(p.language, len(p.texts)) for p in found.parts] == [("sv", 8), ("en", 8)]
    assert found.left_out == LEAST - 1
    assert summary(said(LATE)) == room.Summary((), 4)


def test_texts_without_a_word_in_common_are_like_by_their_vectors() -> None:
    rng = np.random.default_rng(7)
    axes = np.linalg.qr(rng.normal(size=(32, 2)))[0].T
    words = ["alfa beta", "gamma delta", "epsilon zeta", "eta theta", "iota kappa", "lambda my", "ny xi", "omikron pi", "rho sigma", "tau ypsilon"]
    near = [axes[i % 2] + 0.1 * rng.normal(size=32) / 32**0.5 for i in range(10)]
    texts = [Said(w, "sv", vector=(v / np.linalg.norm(v)).astype(np.float32)) for w, v in zip(words, near, strict=True)]
    assert summary([Said(t.text, "sv") for t in texts]).parts == ()
    (part,) = summary(texts, 2).parts
    assert sorted(len(q.like) for q in part.quotes) == [5, 5]
    assert {frozenset(i % 2 for i in q.like) for q in part.quotes} == {frozenset({0}), frozenset({1})}


def test_texts_without_a_word_in_common_are_like_by_what_they_speak_of() -> None:
    words = ["alfa beta", "gamma delta", "epsilon zeta", "eta theta", "iota kappa", "lambda my", "ny xi", "omikron pi"]
    texts = [Said(w, "sv", about=frozenset({"delivery.late-" if i < 4 else "delivery.late+"})) for i, w in enumerate(words)]
    (part,) = summary(texts, 3).parts
    assert sorted(q.like for q in part.quotes) == [(0, 1, 2, 3), (4, 5, 6, 7)]


def test_a_placeholder_is_rather_not_quoted() -> None:
    texts = said(["Leveransen till [address] kom alldeles för sent", "Leveransen hit kom alldeles för sent"] * 4)
    (part,) = summary(texts, 1).parts
    assert [s for _, s in quoted(texts, part)] == ["Leveransen hit kom alldeles för sent"]
