"""Which words tell two groups apart: log-odds with an informative Dirichlet prior, all words at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gensvar.stats.many import Numbers, adjusted
from gensvar.stats.normal import two_sided

PRIOR = 500.0  # pseudo-words, shared out as all words of both groups are: a word that is rare in both is drawn to no difference


@dataclass(frozen=True, slots=True)
class Odds:
    """One for each word. value: log odds ratio, above 0 where the first group says it more; z: in standard errors; q: over all words."""

    value: Numbers
    z: Numbers
    q: Numbers


def log_odds(first: Sequence[int], second: Sequence[int], prior: float = PRIOR) -> Odds:
    """first, second: how often each group says each word, aligned; words that neither says are not allowed, nor a group that says nothing.

    Source: Monroe, Colaresi & Quinn 2008, Polit. Anal. 16:372, equations 15, 19 and 22 (the prior of section 3.5.1); q by Benjamini–Hochberg.
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    both = a + b
    if len(a) < 2 or not a.sum() > 0 or not b.sum() > 0 or not both.min() > 0:
        raise ValueError("needs two words or more, each said by somebody, and two groups that say something")
    part = prior * both / both.sum()
    ya, yb = a + part, b + part
    value = np.log(ya / (ya.sum() - ya)) - np.log(yb / (yb.sum() - yb))
    z = value / np.sqrt(1 / ya + 1 / yb)
    return Odds(value, z, np.asarray(adjusted([two_sided(float(one)) for one in z])))
