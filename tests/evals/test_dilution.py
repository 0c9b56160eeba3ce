"""Misreading draws a ratio towards 1, by as much as can be reckoned."""

import numpy as np
from evals.dilution import Spoken


def test_what_is_misread_is_drawn_towards_one() -> None:
    """Four companies; the evaluation has 100."""
    spoken = Spoken.of_company()
    written, read, reckoned = np.exp(np.log([spoken.ratios(seed) for seed in range(4)]).mean(0)).tolist()
    assert 1.25 < written < 1.5
    assert 1.25 < reckoned < 1.32
    assert read < written
