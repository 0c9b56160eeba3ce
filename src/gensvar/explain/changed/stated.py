"""How often the feed is wrong and what it sees, as `python -m evals alarms` measured it on boards whose truth is known."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Stated:
    """Of a board of 50 themes over a year. alpha: how much weeks scatter beyond chance. false: onsets a year of what did not move; own: the same
    where each series is held to a scatter of its own, as volumes, friction and source quality are. power: share of themes with 30 % more for 8 weeks
    that are told within these; large: of those of 50 texts a week or more. delay: weeks until told, median.
    """

    alpha: float
    false: float
    own: float
    power: float
    large: float
    delay: float


STATED: Final = (Stated(0.0, 9.4, 2.9, 0.79, 0.99, 2.0), Stated(0.01, 11.4, 7.9, 0.72, 0.98, 3.0), Stated(0.05, 10.0, 10.2, 0.46, 0.61, 4.0))
PROMISED: Final = 12.0  # false onsets a year
