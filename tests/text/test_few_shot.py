"""Few-shot over vectors: what is shown is found, what is not is not, and the false alarms are those that were told."""

import numpy as np
import pytest

from gensvar.text.few_shot import MOST_ALARM, few_shot, likeliest, space_of

Floats = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def cloud(seed: int, count: int, towards: int, width: int = 32) -> Floats:
    """Texts about one thing: a direction of its own, and much chance beside it."""
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(count, width)) * 0.35
    if towards >= 0:
        made[:, towards] += 3
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_a_topic_is_found_by_its_examples_and_rarely_where_it_is_not(count: int) -> None:
    """A second, unseen background tells whether the alarm that is told is the one that is met: 2,000 texts, so ±0.6 points."""
    background = cloud(1, 2000, -1)
    model = few_shot({"a": cloud(2, count, 3), "b": cloud(3, count, 7)}, background, space_of(background, draw=False))
    unseen = model.probabilities(cloud(4, 2000, -1)) >= 0.5
    assert unseen.mean(axis=0) == pytest.approx(np.array(model.alarms), abs=0.01)
    assert max(model.alarms) <= MOST_ALARM + 1e-9
    found = model.probabilities(cloud(5, 200, 3)) >= 0.5
    assert found[:, 0].mean() > (0.4 if count == 1 else 0.85)
    assert found[:, 1].mean() < 0.1


def test_the_order_of_topics_and_texts_changes_nothing() -> None:
    background, a, b = cloud(1, 800, -1), cloud(2, 5, 3), cloud(3, 5, 7)
    space, texts = space_of(background, draw=False), cloud(4, 50, 3)
    one, other = few_shot({"a": a, "b": b}, background, space), few_shot({"b": b, "a": a}, background, space)
    assert one.probabilities(texts)[:, 0] == pytest.approx(other.probabilities(texts)[:, 1], abs=0.02)
    assert one.probabilities(texts[::-1])[::-1] == pytest.approx(one.probabilities(texts), abs=1e-5)


def test_where_every_text_is_of_one_topic_the_likeliest_is_told() -> None:
    background = cloud(1, 800, -1)
    shown = {str(k): cloud(10 + k, 5, k) for k in range(4)}
    texts = np.vstack([cloud(20 + k, 20, k) for k in range(4)])
    assert (likeliest(shown, texts, space_of(background, draw=False)) == np.repeat(np.arange(4), 20)).mean() > 0.95
