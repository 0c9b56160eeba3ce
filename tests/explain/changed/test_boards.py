"""Boards of weekly counts: what becomes a series, and that a wave of one source is no change of what is said."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from gensvar.contracts.measures import Measure
from gensvar.explain.changed import Key, cells, level_board, standardised, weeks_between
from gensvar.explain.changed.boards import histogram_of, moments_of
from gensvar.measure.histogram import histogram
from gensvar.measure.metrics import metric_of

NPS = Measure(id="nps", version=1, metric="nps", low=0, high=10)
CSAT = Measure(id="csat", version=1, metric="csat", low=1, high=5, cut=4)
EFFORT = Measure(id="ces", version=1, metric="ces5", low=1, high=5, better="down")
SCORES = {NPS.id: [0, 6, 7, 8, 9, 10, 10], CSAT.id: [1, 3, 4, 5, 5], EFFORT.id: [1, 2, 2, 5]}


def columns(scores: list[int], measure: Measure) -> np.ndarray:
    h = histogram(map(float, scores), measure)
    return np.array([[h.n, h.total, h.squares, *h.bins]], dtype=np.float64)


@pytest.mark.parametrize("measure", [NPS, CSAT, EFFORT], ids=lambda m: m.id)
def test_the_mean_of_the_moments_is_the_metrics_own_value(measure: Measure) -> None:
    bins = columns(SCORES[measure.id] * 12, measure)
    n, total, squares, noise = moments_of(bins, measure)
    said = metric_of(measure).verdict(histogram_of(bins), measure)
    assert total[0] / n[0] == pytest.approx(said.value)
    assert squares[0] / n[0] - (total[0] / n[0]) ** 2 >= 0
    assert noise > 0


def test_a_group_that_is_the_whole_is_left_out() -> None:
    bins = columns([4, 5, 5], CSAT)
    some = columns([4], CSAT)
    whole = Key("measure", CSAT.key)
    board = level_board(
        [(whole, CSAT, bins), (Key("measure", CSAT.key, "market", "SE"), CSAT, bins), (Key("measure", CSAT.key, "channel", "app"), CSAT, some)]
    )
    assert [k.value for k in board.keys] == ["", "app"]


def test_cells_add_what_falls_into_one_week_and_leave_other_weeks_out() -> None:
    weeks = weeks_between(date(2026, 10, 5), date(2026, 10, 12))
    table = pa.table({"week": [date(2026, 10, 5), date(2026, 10, 5), date(2026, 10, 19)], "source": ["a", "a", "a"], "n": [2, 3, 9]})
    assert cells(table, ("source",), ("n",), weeks)[("a",)][:, 0].tolist() == [5, 0]


def test_a_wave_of_a_survey_in_which_nobody_speaks_of_invoices_is_no_fall_of_invoices() -> None:
    texts = np.array([[100.0] * 10, [0, 0, 0, 0, 0, 0, 0, 0, 900, 900]])
    said = {"tickets": np.array([10.0] * 10), "survey": np.zeros(10)}
    counts, exposure = standardised(said, texts)
    assert counts.tolist() == [10.0] * 10
    assert exposure == pytest.approx([exposure[0]] * 10)
    assert exposure.sum() == pytest.approx(texts.sum())
