"""How often the feed is wrong and what it sees, as `python -m evals alarms` measured it on boards whose truth is known."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Stated:
    """Of a board of 50 themes over a year. alpha: how much weeks scatter beyond chance. false: onsets a year of what did not move. power: share of
    themes with 30 % more for 8 weeks that are told within these; large: of those of 50 texts a week or more. delay: weeks until told, median.
    """

    alpha: float
    false: float
    power: float
    large: float
    delay: float


STATED: Final = (Stated(0.0, 9.3, 0.76, 0.99, 2.0), Stated(0.01, 11.8, 0.70, 0.97, 3.0), Stated(0.05, 10.0, 0.44, 0.63, 4.0))
PER_BOARD: Final = 50
PROMISED: Final = 12.0  # false onsets a year
