"""What moved, as lines: from what to what, told once, with the season, and gathered where it is one thing."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from gensvar.contracts.daily import COUNT_COLUMNS
from gensvar.contracts.measures import Measure
from gensvar.explain.changed import (
    Key,
    Line,
    counts,
    feed_from,
    feed_json,
    gathered,
    level_board,
    levels,
    part_board,
    troubled,
    weeks_between,
)
from gensvar.explain.changed.watching import Feed
from gensvar.measure.answer import Estimate

CSAT = Measure(id="csat", version=1, metric="csat", low=1, high=5, cut=4)
WEEKS = weeks_between(date(2024, 10, 7), date(2026, 9, 28))
TEXTS = np.full(len(WEEKS), 400.0)


def said(rate: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return np.random.default_rng(seed).poisson(TEXTS * rate).astype(np.float64), TEXTS


def board(moved: np.ndarray, others: int = 30) -> dict[Key, tuple[np.ndarray, np.ndarray]]:
    flat = np.full(len(WEEKS), 0.1)
    return {Key("topic", "moved"): said(moved, 1)} | {Key("topic", f"t{i}"): said(flat, 10 + i) for i in range(others)}


def test_a_topic_that_doubles_is_told_with_both_shares_and_what_it_is_times() -> None:
    rate = np.full(len(WEEKS), 0.1)
    rate[95:] = 0.2
    found = counts(part_board("topic", board(rate)), WEEKS, 52)
    line = next(x for x in found.lines if x.key.name == "moved")
    assert line.rose
    assert line.since == WEEKS[95]
    assert line.ended is None
    assert line.was.low < 0.1 < line.was.high
    assert line.now.low < 0.2 < line.now.high
    assert line.change.low < 2 < line.change.high
    assert line.season == "unlike"


def test_a_level_is_held_against_weeks_that_were_as_usual() -> None:
    """Eight weeks of bad answers lie within the year before the last fall: they are not part of what was."""
    weeks = np.arange(len(WEEKS))
    share = np.where(((weeks >= 80) & (weeks < 88)) | (weeks >= 99), 0.4, 0.8)
    bins = np.zeros((len(weeks), len(COUNT_COLUMNS)))
    good, n = np.round(200 * share), 200.0
    bins[:, 0], bins[:, 1], bins[:, 2] = n, 5 * good + (n - good), 25 * good + (n - good)
    bins[:, 3], bins[:, 13] = n - good, good
    found = levels(level_board([(Key("measure", CSAT.key), CSAT, bins)]), WEEKS, 60)
    last = found.lines[-1]
    assert last.since == WEEKS[99]
    assert last.was.value == pytest.approx(0.8, abs=0.03)


def test_what_comes_every_year_is_said_to() -> None:
    rate = np.full(len(WEEKS), 0.1)
    rate[43:49] = rate[95:101] = 0.2
    found = counts(part_board("topic", board(rate)), WEEKS, 60)
    line = next(x for x in found.lines if x.key.name == "moved" and x.since >= WEEKS[90])
    assert line.season == "alike"


def test_a_series_says_how_small_a_change_could_be_seen_and_it_shrinks_with_its_size() -> None:
    small = {Key("topic", "small"): (np.round(TEXTS * 0.01), TEXTS), Key("topic", "large"): (np.round(TEXTS * 0.3), TEXTS)}
    seen = {s.key.name: s for s in counts(part_board("topic", small), WEEKS, 60).seen}
    assert seen["large"].smallest < 0.25 < seen["small"].smallest
    assert seen["large"].weekly == pytest.approx(120)


def line(**changed: object) -> Line:
    e = Estimate(0.7, 0.6, 0.8, 100)
    whole = Line("level", Key("measure", "csat@1"), False, WEEKS[90], WEEKS[91], None, False, 1e-4, 1e-3, "share", e, e, Estimate(-0.1, -0.2, 0, 100))
    return replace(whole, **changed)  # type: ignore[arg-type]


def test_one_thing_that_moves_in_several_places_is_one_line() -> None:
    part = line(key=Key("measure", "csat@1", "market", "NO"), p=1e-9)
    later = line(key=Key("measure", "csat@1", "market", "SE"), since=WEEKS[99], told=WEEKS[100])
    both = gathered([line(), part, later])
    assert [x.key.value for x in both] == ["SE", "NO"]
    assert both[1].also == (Key("measure", "csat@1"),)


def test_a_level_names_the_source_that_was_amiss_at_the_time() -> None:
    amiss = line(kind="quality", key=Key("aside", "terminals"), rose=True, unit="share")
    found = troubled([line(), amiss], {"csat@1": "terminals"})
    assert [x.trouble for x in found] == ["terminals", ""]
    assert troubled([line(), amiss], {"csat@1": "survey"})[0].trouble == ""
    assert troubled([line(), replace(amiss, since=WEEKS[60])], {"csat@1": "terminals"})[0].trouble == ""


def test_a_feed_is_the_same_after_it_was_kept() -> None:
    feed = Feed(WEEKS[52], WEEKS[-1], (line(also=(Key("measure", "csat@1", "market", "NO"),)),), (), (), ("calls",), ("friction",))
    assert feed_from(feed_json(feed)) == feed


def test_nothing_is_found_on_an_empty_board() -> None:
    assert counts(part_board("friction", {}), WEEKS, 52).lines == ()
