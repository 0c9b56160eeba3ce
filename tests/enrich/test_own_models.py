"""What a house taught: bytes and back, at work on readings, and part of the version that rows are read by."""

import pickle
from dataclasses import fields
from io import BytesIO

import numpy as np
import pytest

from gensvar.enrich.own_models import OwnModel, OwnModels, head_of, tones_of, written
from gensvar.enrich.understanding import Understanding
from gensvar.text.compact import packed
from gensvar.text.keys import key_of
from gensvar.text.teach import NEGATIVE, POSITIVE, WORD_PLACES, Head

TEXTS = ["The parcel came late again", "", "ok"]
LANGUAGES = ("sv", "en")


def head(width: int, toward: int, size: float = 12.0) -> Head:
    """One that hears the same in every text."""
    bias = np.zeros(4, np.float32)
    bias[toward] = size
    return Head(np.zeros(width, np.float32), np.ones(width, np.float32), np.zeros((width, 4), np.float32), np.eye(4, dtype=np.float32), bias,
                np.ones(4, np.float32))  # fmt: skip


SLIGHTLY = OwnModels(words=OwnModel(7, head(WORD_PLACES, NEGATIVE, 1.0)))


def test_a_head_comes_back_from_its_bytes() -> None:
    made = head(384, POSITIVE)
    back = head_of(written(made))
    for field in fields(Head):
        assert np.array_equal(getattr(made, field.name), getattr(back, field.name)), field.name
    assert len(written(made)) < 10_000


def test_bytes_that_would_run_something_are_refused() -> None:
    body = BytesIO()
    np.savez(body, mean=np.array([print], dtype=object))
    for wrong in (body.getvalue(), pickle.dumps(print)):
        with pytest.raises(ValueError, match="allow_pickle"):
            head_of(wrong)


def test_the_fast_path_and_the_encoder_have_their_own_heads() -> None:
    own = OwnModels(OwnModel(8, head(384, POSITIVE), "e5-small-1"), OwnModel(7, head(WORD_PLACES, NEGATIVE)))
    reading = Understanding(LANGUAGES, encoder="e5-small-1", own=own)
    vector = np.zeros((1, 384), np.float32)
    vector[0, 0] = 1
    readings, seen = reading.readings(TEXTS, [None] * 3, {key_of("ok"): packed(vector)[0]})
    assert seen == {2}
    assert [r.whole.tone for r in readings if r.said] == ["negative", "positive"]
    assert all(r.whole.value * sign > 0.5 for r, sign in ((readings[0], -1), (readings[2], 1)))
    assert np.allclose(tones_of(readings).sum(1)[[0, 2]], 1, atol=1e-5)


def test_topics_move_as_their_text_does_and_stay_apart() -> None:
    texts = ["The parcel came late, but the staff were wonderful and kind"]
    plain, taught = (Understanding(LANGUAGES, own=own).readings(texts, ["en"], {})[0][0].whole for own in (OwnModels(), SLIGHTLY))
    assert taught.value < plain.value - 0.1
    before, after = ({t.topic: t.value for t in one.topics} for one in (plain, taught))
    assert before.keys() == after.keys() != set()
    assert all(after[topic] < value for topic, value in before.items())
    assert sorted(after, key=after.__getitem__) == sorted(before, key=before.__getitem__)


def test_the_version_names_what_was_taught_and_other_vectors_are_left_alone() -> None:
    own = OwnModels(OwnModel(8, head(384, POSITIVE), "e5-small-1"), OwnModel(7, head(WORD_PLACES, NEGATIVE)))
    assert (OwnModels().version, own.version, own.for_encoder("other-1").version) == ("", "+own-7+own-8", "+own-7")
    plain, ours = Understanding(LANGUAGES), Understanding(LANGUAGES, own=own)
    assert ours.version == f"{plain.version}+own-7+own-8"
    assert pickle.loads(pickle.dumps(own)).version == own.version  # noqa: S301 our own bytes
