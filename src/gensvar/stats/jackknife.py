"""Jackknife: how far chance goes, from the same number worked out without each block of parties in turn."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.normal import t_of

Numbers = NDArray[np.float64]
EDGE = 1e-4  # shares nearer to 0 or 1 count as so near
ROUNDING = 1e-12  # of a number: an error below this is none


@dataclass(frozen=True, slots=True, eq=False)
class Replicated:
    """value: (numbers); left_out: (blocks, numbers), the same without each block. What stands on the same blocks subtracts, whatever they share."""

    value: Numbers
    left_out: Numbers

    @classmethod
    def of(cls, rows: Numbers) -> "Replicated":
        """rows: (1 + blocks, numbers), the whole first."""
        return cls(rows[0], rows[1:])

    def __sub__(self, other: Self) -> "Replicated":
        return Replicated(self.value - other.value, self.left_out - other.left_out)

    def at(self, places: list[int]) -> "Replicated":
        return Replicated(self.value[places], self.left_out[:, places])

    @property
    def blocks(self) -> int:
        return len(self.left_out)

    @property
    def covariance(self) -> Numbers:
        """(numbers, numbers). Delete-a-group jackknife: (K − 1)/K · Σ (θ₋ₖ − θ̄)(θ₋ₖ − θ̄)'. Source: Shao & Tu 1995, The Jackknife, section 2.3."""
        away = self.left_out - self.left_out.mean(axis=0)
        covariance: Numbers = (self.blocks - 1) / self.blocks * (away.T @ away)
        return covariance

    @property
    def error(self) -> Numbers:
        """Standard error of each number."""
        away = self.left_out - self.left_out.mean(axis=0)
        error: Numbers = np.sqrt((self.blocks - 1) / self.blocks * (away**2).sum(axis=0))
        return error

    def limits(self, level: float = 0.95, least: float = -np.inf, most: float = np.inf) -> tuple[Numbers, Numbers]:
        """Low and high of each number: Student's t with K − 1 degrees of freedom, cut at least and most."""
        half = t_of(level, self.blocks - 1) * self.error
        return np.clip(self.value - half, least, most), np.clip(self.value + half, least, most)

    def share_limits(self, level: float = 0.95) -> tuple[Numbers, Numbers]:
        """The same for shares, 0…1, worked out on the logit, where a share's doubt is even on both sides: small ones never reach below 0."""
        logit = Replicated(_logit(self.value), _logit(self.left_out))
        low, high = logit.limits(level)
        return 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))

    def p(self) -> Numbers:
        """Two-sided p of each number against 0, from the same t. Where nothing varies it is 0, or 1 where the number is 0, as the limits say."""
        from scipy.special import stdtr

        error, size = self.error, np.abs(self.value)
        varies = error > size * ROUNDING
        t = np.divide(size, error, out=np.zeros_like(size), where=varies)
        found: Numbers = np.where(varies, 2 * stdtr(self.blocks - 1, -t), size == 0)
        return found


def _logit(shares: Numbers) -> Numbers:
    inside = np.clip(shares, EDGE, 1 - EDGE)
    found: Numbers = np.log(inside / (1 - inside))
    return found
