"""Which of today's groups is which of yesterday's: by the texts that both have seen, else by where their centres lie; each to one at most."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from gensvar.text.themes.cluster import Vectors

LEAST_LIKE: Final = 0.3  # Jaccard's likeness over texts that both runs saw: two groups that share as much are one theme
LEAST_NEAR: Final = 0.85  # cosine of the centres, each from the mean of its run
LEAST_COMMON: Final = 5


@dataclass(frozen=True, slots=True)
class Known:
    """One group. texts: what its texts are known by; centre: unit length, from the mean of its run."""

    texts: Set[str]
    centre: Vectors


def matched(before: Sequence[Known], now: Sequence[Known], seen_before: Set[str], seen_now: Set[str]) -> dict[int, int]:
    """Place among `now` → place among `before`, as many and as alike as can be (Kuhn 1955). seen: all texts of each run."""
    if not before or not now:
        return {}
    both = seen_before & seen_now
    scores = np.array([[_score(old, new, both) for old in before] for new in now])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return {int(new): int(old) for new, old in zip(rows, columns, strict=True) if scores[new, old] > 0}


def _score(old: Known, new: Known, both: Set[str]) -> float:
    """0 where the two are not the same theme; 1 … 2 by shared texts; less by their centres alone."""
    theirs, mine = old.texts & both, new.texts & both
    near = float(old.centre @ new.centre) if old.centre.shape == new.centre.shape else 0.0
    if min(len(theirs), len(mine)) >= LEAST_COMMON:
        like = len(theirs & mine) / len(theirs | mine)
        return 1 + like if like >= LEAST_LIKE else 0.0
    return near if near >= LEAST_NEAR else 0.0
