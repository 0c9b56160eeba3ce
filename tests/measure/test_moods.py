"""Good, bad and between: where the scales of each metric are cut."""

import pytest

from gensvar.contracts import Measure
from gensvar.measure.moods import MOODS, bounds, mood_of

SCALES = [
    (Measure(id="m", version=1, metric="nps", low=0, high=10), "bbbbbbbmmgg"),
    (Measure(id="m", version=1, metric="csat", low=1, high=5), "bbmgg"),
    (Measure(id="m", version=1, metric="csat", low=1, high=5, cut=3), "bbggg"),
    (Measure(id="m", version=1, metric="csat", low=1, high=2, cut=2), "bg"),
    (Measure(id="m", version=1, metric="ces5", low=1, high=5, better="down"), "ggmbb"),
    (Measure(id="m", version=1, metric="ces7", low=1, high=7), "bbbmggg"),
    (Measure(id="m", version=1, metric="ces7", low=1, high=7, cut=6), "bbbmmgg"),
    (Measure(id="m", version=1, metric="gcr", low=0, high=2), "bmg"),
    (Measure(id="m", version=1, metric="stars", low=1, high=5), "bbmgg"),
    (Measure(id="m", version=1, metric="scale", low=1, high=4), "bbgg"),
    (Measure(id="m", version=1, metric="csat", low=1, high=5, cut=1), "ggggg"),
]


@pytest.mark.parametrize(("measure", "expected"), SCALES)
def test_each_score_has_one_mood(measure: Measure, expected: str) -> None:
    scores = [measure.low + i * measure.step for i in range(measure.points)]
    assert "".join(mood_of(measure, s)[0] for s in scores) == expected
    for score in scores:
        assert [m for m in MOODS if bounds(measure, m)[0] <= score <= bounds(measure, m)[1]] == [mood_of(measure, score)]
