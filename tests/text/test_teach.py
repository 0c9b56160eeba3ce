"""Teaching: a head is the reader itself until labels say otherwise, and helps only where a trial says so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gensvar.text.learning import Floats, Ints, softmax
from gensvar.text.teach import (
    LEAST,
    MIXED,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    Head,
    Lessons,
    among,
    chosen_among,
    compared,
    fit,
    scores,
    taught,
    words_of,
)

SAID = arrays(np.float32, (5, 4), elements=st.floats(0.0625, 1, width=32)).map(lambda rows: rows / rows.sum(1, keepdims=True))


def lessons(said: Floats, right: Ints, inputs: Floats | None = None, *, rating: bool = False, weight: Floats | None = None) -> Lessons:
    n = len(right)
    x = np.zeros((n, 3), np.float32) if inputs is None else inputs
    return Lessons(x, said, right, chosen_among(right, rating=rating), np.ones(n, np.float32) if weight is None else weight, np.ones(n, bool))


def world(n: int, shift: float, seed: int = 3) -> Lessons:
    """Texts whose first input decides between negative and positive; a reader that sees it, but cuts `shift` away from where it should."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, 6)).astype(np.float32)
    right = np.where(x[:, 0] + random.normal(size=n) * 0.3 > 0, POSITIVE, NEGATIVE).astype(np.int64)
    scores = np.stack([-2 * x[:, 0] - shift, np.full(n, -2.0), 2 * x[:, 0] + shift, np.full(n, -3.0)], 1)
    return lessons(softmax(scores.astype(np.float32)), right, x)


@given(SAID)
def test_a_head_that_learned_nothing_is_the_reader(said: Floats) -> None:
    plain = Head(np.zeros(3, np.float32), np.ones(3, np.float32), np.zeros((3, 4), np.float32), np.eye(4, dtype=np.float32),
                 np.zeros(4, np.float32), np.ones(4, np.float32))  # fmt: skip
    assert np.allclose(plain.tones(np.ones((5, 3), np.float32), said), said, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(SAID, st.integers(0, 2**32 - 1))
def test_ratings_leave_neutral_and_mixed_as_they_were(said: Floats, seed: int) -> None:
    random = np.random.default_rng(seed)
    right = random.choice([NEGATIVE, POSITIVE], 5)
    x = random.normal(size=(5, 3)).astype(np.float32)
    found = fit(lessons(said, right, x, rating=True), 0.5).tones(x, said)
    assert np.allclose(found.sum(1), 1, atol=1e-5)
    assert np.allclose(found[:, [NEUTRAL, MIXED]], said[:, [NEUTRAL, MIXED]], atol=1e-6)


def test_a_wrong_cut_is_put_right_and_the_trial_says_so() -> None:
    head, trial = taught(world(160, shift=2.5))
    assert trial.helps
    assert trial.before is not None
    assert trial.after is not None
    assert trial.gain is not None
    assert trial.after.accuracy > trial.before.accuracy + 0.05
    assert trial.gain[0] > trial.gain[1] > 0
    fresh = world(2000, shift=2.5, seed=4)
    assert head is not None
    assert scores(fresh, head.tones(fresh.inputs, fresh.said)).accuracy > scores(fresh, fresh.said).accuracy + 0.05


def test_labels_of_chance_teach_nothing() -> None:
    """Labels that have to do with neither the words nor the reader: whatever is learned from them must not go into force."""
    for seed in range(2):
        random = np.random.default_rng(seed)
        said = np.tile(np.array([0.25, 0.25, 0.25, 0.25], np.float32), (120, 1))
        labels = np.tile([NEGATIVE, NEUTRAL, POSITIVE, MIXED], 30).astype(np.int64)
        found = taught(lessons(said, labels, random.normal(size=(120, 20)).astype(np.float32)))[1]
        assert found.why == "no gain", seed


@pytest.mark.parametrize("n", [0, 1, LEAST - 1])
def test_below_fifty_nothing_is_taught(n: int) -> None:
    head, trial = taught(world(60, shift=2.5).at(np.arange(n)))
    assert (head, trial.why, trial.n) == (None, "too few", n)


def test_labels_that_all_say_the_same_teach_nothing() -> None:
    alike = world(80, shift=0)
    same = Lessons(alike.inputs, alike.said, np.full(80, POSITIVE, np.int64), alike.allowed, alike.weight, alike.counts)
    assert taught(same)[1].why == "one class"


def test_what_reads_fewer_rightly_is_not_used_however_calibrated() -> None:
    """A reader that is right but far too sure, against one that hedges and is wrong thrice more: the loss falls, and so do the hits."""
    right = np.array([NEGATIVE, POSITIVE] * 200, np.int64)
    sure, hedged = np.full((400, 4), 1e-4, np.float32), np.full((400, 4), 0.1 / 3, np.float32)
    sure[np.arange(400), right], hedged[np.arange(400), right] = 1 - 3e-4, 0.9
    sure[:30], hedged[:33] = np.roll(sure[:30], 2, axis=1), np.roll(hedged[:33], 2, axis=1)
    assert compared(lessons(sure, right), hedged).why == "less right"


@given(st.lists(st.sampled_from([NEGATIVE, NEUTRAL, POSITIVE]), min_size=2, max_size=12), st.integers(1, 4))
def test_a_weight_is_a_text_so_many_times(labels: list[int], times: int) -> None:
    right = np.array(labels, np.int64)
    said = softmax(np.random.default_rng(5).normal(size=(len(right), 4)).astype(np.float32))
    weight = np.ones(len(right), np.float32)
    weight[0] = times
    many = np.concatenate([np.zeros(times - 1, np.int64), np.arange(len(right))])
    once, again = scores(lessons(said, right, weight=weight), said), scores(lessons(said[many], right[many]), said[many])
    assert once.accuracy == pytest.approx(again.accuracy)
    assert once.macro_f1 == pytest.approx(again.macro_f1)
    assert once.loss == pytest.approx(again.loss, rel=1e-5)


def test_a_rating_judges_only_between_good_and_bad() -> None:
    said = np.array([[0.1, 0.7, 0.2, 0.0]], np.float32)
    found = among(lessons(said, np.array([POSITIVE]), rating=True), said)
    assert found.argmax(1).tolist() == [POSITIVE]
    assert found[0, NEUTRAL] == 0


def test_words_teach_without_vectors() -> None:
    """A house whose “sick” is praise, which the reader hears as blame: fifty ratings put it right."""
    texts = [f"{a} {b} {i}" for i in range(40) for a, b in (("sick", "skateboard"), ("broken", "wheel"))]
    right = np.array([POSITIVE, NEGATIVE] * 40, np.int64)
    said = np.tile(np.array([0.8, 0.1, 0.05, 0.05], np.float32), (80, 1))
    words = words_of(texts)
    learned = Lessons(words, said, right, chosen_among(right, rating=True), np.ones(80, np.float32), np.ones(80, bool))
    head, trial = taught(learned)
    assert trial.helps
    assert head is not None
    assert head.tones(words_of(["such a sick board", "the wheel is broken"]), said[:2]).argmax(1).tolist() == [POSITIVE, NEGATIVE]
