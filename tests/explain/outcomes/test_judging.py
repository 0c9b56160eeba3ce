"""What is said of a ratio with its interval and q: sure and large, sure and small, not visible, or not known yet."""

import numpy as np
import pytest

from gensvar.explain.outcomes.found import Verdict
from gensvar.explain.outcomes.judging import Term, judged, kept
from gensvar.explain.outcomes.scan import Scan
from gensvar.stats.hazards import Hazards

RATIOS: list[tuple[float, float, float, float, Verdict]] = [
    (1.08, 1.03, 1.12, 0.001, "slight"),
    (0.93, 0.89, 0.97, 0.001, "slight"),
    (1.30, 1.05, 1.61, 0.01, "slight"),
    (1.08, 0.99, 1.18, 0.001, "none"),
    (1.08, 1.03, 1.12, 0.2, "none"),
    (1.30, 0.90, 1.90, 0.4, "unknown"),
    (1.50, 1.20, 1.90, 0.001, "unconfirmed"),
]


def scan_of(ratio: float, low: float, high: float, q: float) -> Scan:
    """One term in three tones, of which only the first was said."""
    one, time, yes, no = np.ones(3), np.full(3, 900), np.array([True, False, False]), np.zeros(3, np.bool_)
    whole = Hazards(400 * one, 380 * one, one, ratio * one, low * one, high * one, one, q / 10 * one)
    return Scan(
        whole, whole, whole, time, time, np.array([700, 0, 0]), np.zeros(3), np.zeros((3, 6), np.int64), yes, np.where(yes, q, np.nan), None, no, no,
    )  # fmt: skip


@pytest.mark.parametrize(("ratio", "low", "high", "q", "said"), RATIOS)
def test_what_is_sure_is_never_called_invisible_nor_unknown(ratio: float, low: float, high: float, q: float, said: Verdict) -> None:
    [found] = judged(scan_of(ratio, low, high, q), [Term("topic:price", "topic", {})], "left", 6, False, lambda _: {})
    assert found.verdict == said
    assert found.needed == 0 or said == "unknown"


def test_the_small_are_listed_by_p_beside_those_that_are_not_visible() -> None:
    """A word of which all that is sure is that it differs a little is kept before one of which nothing is."""
    made = [judged(scan_of(1.08, 1.03, 1.12, q), [Term(f"word:en:{q}", "word", {}, "en")], "left", 6, False, lambda _: {})[0] for q in (0.2, 0.001)]
    assert [a.verdict for a in kept(made)[0]] == ["slight", "none"]
