"""Regressions: they find what is there, hold back where there is little, and fold fairly."""

import numpy as np
import pytest

from gensvar.text.learning import classes, each, folds, one_hot, sigmoid, softmax, standard

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(300, 8)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int) + 2 * (X[:, 1] > 0).astype(int)


def test_classes_are_found() -> None:
    found = classes(X, one_hot(Y, 4), c=10).scores(X).argmax(1)
    assert (found == Y).mean() > 0.97


def test_a_class_that_could_not_be_is_not_spoken_of() -> None:
    open_ = np.tile(np.array([1, 1, 0, 0], np.float32), (300, 1))
    kept = Y < 2
    right = one_hot(np.where(kept, Y, 0), 4)
    said = softmax(classes(X[kept], right[kept], 1, allowed=open_[kept]).scores(X))
    np.testing.assert_allclose(said[:, 2], said[:, 3], atol=1e-4)


def test_weights_count_as_rows() -> None:
    twice = classes(np.concatenate([X, X[:50]]), one_hot(np.concatenate([Y, Y[:50]]), 4), 1, base=standard(X))
    weight = np.where(np.arange(300) < 50, 2, 1).astype(np.float32)
    heavy = classes(X, one_hot(Y, 4), 350 / 300, weight, base=standard(X))
    np.testing.assert_allclose(softmax(twice.scores(X)), softmax(heavy.scores(X)), atol=0.03)


def test_less_freedom_less_certainty() -> None:
    free, held = (softmax(classes(X, one_hot(Y, 4), c).scores(X)).max(1).mean() for c in (10, 0.001))
    assert free > held


def test_several_at_once() -> None:
    yes = np.stack([X[:, 0] > 0, X[:, 2] > 1.5, np.zeros(300, bool)], axis=1).astype(np.float32)
    said = sigmoid(each(X, yes, 10).scores(X))
    assert ((said[:, 0] > 0.5) == yes[:, 0]).mean() > 0.97
    assert said[:, 2].max() < 0.2
    rare, plain = (sigmoid(each(X, yes, 1, b).scores(X))[:, 1].mean() for b in (1.0, 0.0))
    assert rare > plain


def test_folds_are_even_over_classes() -> None:
    labels = np.array([0] * 50 + [1] * 7, np.int64)
    found = folds(labels, 5)
    assert np.bincount(found, minlength=5).max() - np.bincount(found, minlength=5).min() <= 1
    assert set(np.bincount(found[labels == 1], minlength=5)) == {1, 2}
    assert (folds(labels, 5) == found).all()


@pytest.mark.parametrize("scores", [np.zeros((2, 3)), np.array([[1000.0, 0, -1000]])])
def test_shares_sum_to_one(scores: np.ndarray) -> None:
    np.testing.assert_allclose(softmax(scores.astype(np.float32)).sum(1), 1, atol=1e-6)
    assert np.isfinite(sigmoid(scores.astype(np.float32))).all()
