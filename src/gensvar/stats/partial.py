"""A flag among other things: by how much an outcome differs where the flag is set, once what else differs is taken out (least squares)."""

from dataclasses import dataclass

import numpy as np

from gensvar.stats.many import Numbers
from gensvar.stats.normal import t_of

RIDGE = 1e-9  # of a control's own size: controls that say the same as others are left out of the sum instead of breaking it


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over people in blocks, each person's rows in one block. Add exactly over days and blocks.

    controls: block × k × k, Σ z·zᵀ, the first control being 1. outcome: block × k, Σ z·y. flags: block × flag, Σ f. crossed: block × k × flag, Σ z·f.
    met: block × flag, Σ f·y. f is 0 or 1.
    """

    controls: Numbers
    outcome: Numbers
    flags: Numbers
    crossed: Numbers
    met: Numbers

    def only(self, controls: list[int]) -> "Sums":
        """The same with these controls alone; [0] for no control but the mean."""
        picked = np.ix_(range(len(self.controls)), controls, controls)
        return Sums(self.controls[picked], self.outcome[:, controls], self.flags, self.crossed[:, controls], self.met)


@dataclass(frozen=True, slots=True)
class Gaps:
    """One for each flag: the outcome where it is set less where it is not, other things equal, in the outcome's unit. NaN where it is never apart."""

    value: Numbers
    low: Numbers
    high: Numbers
    p: Numbers


def gaps(sums: Sums, level: float = 0.95) -> Gaps:
    """Coefficients of one flag at a time beside all controls, with an interval that holds for people who come several times.

    Least squares by partialling out (Frisch & Waugh 1933, Econometrica 1:387; Lovell 1963, JASA 58:993). Interval: delete-one-block jackknife with
    Student's t on blocks − 1 degrees of freedom (Miller 1974, Biometrika 61:1), so neither equal variances nor independence within blocks is assumed.
    Needs two blocks or more. Linear for outcomes of 0 and 1 too: then it is a difference of shares.
    """
    from scipy.special import stdtr

    blocks = len(sums.flags)
    if blocks < 2:
        raise ValueError("needs two blocks or more")
    whole = [part.sum(axis=0) for part in (sums.controls, sums.outcome, sums.flags, sums.crossed, sums.met)]
    value = coefficient(*whole)
    parts = zip(sums.controls, sums.outcome, sums.flags, sums.crossed, sums.met, strict=True)
    left_out = np.stack([coefficient(*(all_of - part for all_of, part in zip(whole, block, strict=True))) for block in parts])
    error = np.sqrt((blocks - 1) / blocks * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    half = t_of(level, blocks - 1) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(error > 0, 2 * stdtr(blocks - 1, -np.abs(value) / error), 1.0)
    return Gaps(value, value - half, value + half, np.where(np.isnan(value), 1.0, p))


def coefficient(controls: Numbers, outcome: Numbers, flags: Numbers, crossed: Numbers, met: Numbers) -> Numbers:
    """The least-squares coefficient of each flag: its part that the controls do not tell, against the outcome's part that they do not tell."""
    size = np.sqrt(np.maximum(np.diag(controls), 1e-300))
    scaled = controls / size[:, None] / size[None, :] + RIDGE * np.eye(len(size))
    told = np.asarray(np.linalg.solve(scaled, crossed / size[:, None]), np.float64)
    own = flags - (crossed / size[:, None] * told).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(own > RIDGE * 10 * np.maximum(flags, 1), (met - told.T @ (outcome / size)) / own, np.nan)
