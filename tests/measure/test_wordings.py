"""Words as numbers: what is said of how they moved, and which tell groups apart."""

from hypothesis import given
from hypothesis import strategies as st

from gensvar.measure.wordings import LEAST_GROUP, moves, telling
from gensvar.stats import Share

SHARES = st.integers(30, 2_000).flatmap(lambda n: st.integers(0, n).map(lambda k: Share(k, n)))


def test_a_word_rose_fell_stayed_or_cannot_be_told() -> None:
    found = moves(
        [
            (Share(200, 1_000), Share(100, 1_000)),
            (Share(10, 1_000), Share(90, 1_000)),
            (Share(5, 9_000), Share(6, 9_000)),
            (Share(3, 10), Share(1, 9)),
        ]
    )
    assert [one.move for one in found] == ["rose", "fell", "no visible change", "cannot tell"]
    assert found[3].difference is None, "too few texts"


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=6))
def test_the_other_way_round_the_verdicts_are_the_opposite(pairs: list[tuple[Share, Share]]) -> None:
    opposite = {"rose": "fell", "fell": "rose"}
    back = moves([(then, now) for now, then in pairs])
    assert [opposite.get(one.move, one.move) for one in moves(pairs)] == [one.move for one in back]


def test_a_group_is_told_apart_by_what_it_says_more() -> None:
    late, kind = frozenset({"sen", "leverans"}), frozenset({"vänlig", "butik"})
    found = telling({"SE": [late] * 60 + [kind] * 20, "FI": [kind] * 60 + [late] * 20})
    assert {t.stem for t in found["SE"] or ()} == {"sen", "leverans"}
    assert {t.stem for t in found["FI"] or ()} == {"vänlig", "butik"}
    assert all(t.q < 0.05 and t.k / t.n > t.other_k / t.other_n for each in found.values() for t in each or ())


def test_a_group_alone_or_with_few_texts_is_not_told_apart() -> None:
    texts = [frozenset({"sen", "leverans"})] * LEAST_GROUP
    assert telling({"SE": texts}) == {"SE": None}
    assert telling({"SE": texts, "FI": texts[:-1]}) == {"SE": None, "FI": None}
    assert telling({"SE": texts, "FI": texts}) == {"SE": (), "FI": ()}
    assert telling({}) == {}
