"""Themes that are planted are found, said in their words, quoted; where there are none, none is shown."""

from collections import Counter

import numpy as np
import pytest

from gensvar.text.compact import packed
from gensvar.text.themes import HELD, LEAST_OF_LANGUAGE, cluster, from_language, groups, search
from gensvar.text.themes.cluster import likeness
from tests.text.themes.planted import SAID, planted

WORLD = planted()
FOUND = search(WORLD.texts, WORLD.languages, WORLD.vectors)


def test_planted_themes_are_found_whole_and_said_in_the_languages_of_their_texts() -> None:
    found = FOUND
    names = [Counter(WORLD.themes[at] for at in one.members).most_common(1)[0] for one in found.themes]
    assert sorted(name for name, _ in names) == sorted(SAID)
    assert all(n >= 0.95 * len(one.members) and n >= 70 for (_, n), one in zip(names, found.themes, strict=True))
    said = {name: one.words for (name, _), one in zip(names, found.themes, strict=True)}
    assert "paketskåpet" in " ".join(said["lockers"]["sv"])
    assert "locker" in " ".join(said["lockers"]["en"])
    assert "chattroboten" in " ".join(said["chat"]["sv"])
    assert not {"tyvärr", "yesterday"} & {word for words in said.values() for each in words.values() for word in each}
    assert all(one.held >= HELD for one in found.themes)


def test_texts_lie_together_by_what_they_say_and_not_by_their_language() -> None:
    apart = planted(each=120, tongue=1.5)
    found = search(apart.texts, apart.languages, apart.vectors).themes
    assert sorted(Counter(apart.themes[at] for at in one.members).most_common(1)[0][0] for one in found) == sorted(SAID)
    assert all(set(one.words) == {"sv", "en"} and len(one.members) >= 110 for one in found)


def test_words_of_praise_alone_are_no_theme() -> None:
    short = ["super", "bra", "kanon", "helt ok"]
    texts = [short[at % len(short)] if WORLD.themes[at] == "chat" else text for at, text in enumerate(WORLD.texts)]
    found = search(texts, WORLD.languages, WORLD.vectors).themes
    assert len(found) == len(SAID) - 1
    assert not {at for one in found for at in one.members if texts[at] in short}


def test_the_mean_of_few_texts_is_none_of_their_language() -> None:
    few = ["fi"] * (LEAST_OF_LANGUAGE - 1)
    spoken = ["sv"] * (len(WORLD.points) - len(few)) + few
    made, mean = from_language(WORLD.points, spoken), WORLD.points.mean(axis=0)
    assert np.allclose(made[-len(few) :], WORLD.points[-len(few) :] - mean)
    assert np.allclose(made[: -len(few)].mean(axis=0), 0, atol=1e-6)
    assert np.allclose(from_language(WORLD.points, [""] * len(WORLD.points)), WORLD.points - mean)


def test_quotes_are_of_the_theme_readable_and_no_two_of_them_nearly_alike() -> None:
    for one in FOUND.themes:
        assert set(one.quotes) <= set(one.members)
        assert len(set(one.quotes)) == len(one.quotes)
        like = WORLD.points[list(one.quotes[:3])] @ WORLD.points[list(one.quotes[:3])].T
        assert like[np.triu_indices(3, 1)].max() < 0.97


def test_where_nothing_is_said_often_nothing_is_shown() -> None:
    alone = planted(each=0, loose=400)
    found = search(alone.texts, alone.languages, alone.vectors)
    assert found.themes == ()
    assert found.loose == 1.0


def test_the_same_texts_give_the_same_themes_and_in_another_order_the_same_groups() -> None:
    again = search(WORLD.texts, WORLD.languages, WORLD.vectors)
    assert [one.members for one in again.themes] == [one.members for one in FOUND.themes]
    order = np.random.default_rng(3).permutation(len(WORLD.points))
    straight, turned = groups(WORLD.points), groups(WORLD.points[order])
    assert likeness(straight.of[order], turned.of, len(straight.held)).min() == 1.0


def test_more_texts_than_stand_in_the_tree_join_the_group_of_their_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "MOST_AT_ONCE", 200)
    found = groups(WORLD.points)
    main = {name: Counter(found.of[[t == name for t in WORLD.themes]].tolist()).most_common(1)[0] for name in SAID}
    assert len({group for group, _ in main.values()}) == len(SAID)
    assert all(n >= 76 for _, n in main.values())


def test_texts_that_are_all_the_same_are_one_group_and_no_fault() -> None:
    same = np.tile(WORLD.points[:1], (250, 1))
    assert len(groups(same).held) >= 1
    assert search(["samma sak"] * 250, ["sv"] * 250, packed(same)).groups >= 1


def test_likeness_is_one_for_the_same_groups_under_other_numbers() -> None:
    labels = np.array([0, 0, 1, 2, 2, 2])
    assert likeness(labels, np.array([5, 5, 0, 3, 3, 3]), 3).tolist() == [1.0, 1.0, 1.0]
    assert likeness(np.array([0, 0]), np.array([0, 1]), 2).tolist() == [0.5, 0.0]
