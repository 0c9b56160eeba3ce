"""How to read this: one line for each kind of chart and figure, shown beside it in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gensvar.kit.language import phrase

READING: Mapping[str, str] = {
    "trend": phrase(
        "The line is the value, the band its uncertainty: of bands made this way, 19 in 20 hold the true value. "
        "Wiggles that stay inside the bands need not mean anything."
    ),
    "groups": phrase(
        "The dot is the value, the line through it its uncertainty, the ring where it stood before. "
        "Where two lines overlap a lot, do not read a difference; the mark says what can be told."
    ),
    "bearing": phrase(
        "The dot is how much higher or lower the whole is with a group than without it, the line through it its uncertainty. "
        "Where the line crosses the dashed one, it cannot be seen that the group moves the whole."
    ),
    "impact": phrase(
        "The dot is how much higher or lower the whole score is than where nobody spoke of the topic, the line through it its uncertainty. "
        "Where the line crosses the dashed one, nothing can be told."
    ),
    "apart": phrase(
        "The dot is by how much those with it differ from the others, the line through it its uncertainty. "
        "Where the line crosses the dashed one, no difference can be told."
    ),
    "ratio": phrase(
        "At the dashed line they do so as often as the others; at 2, twice as often. The line through the dot is its uncertainty. "
        "Where it crosses the dashed one, nothing can be told."
    ),
    "calibration": phrase(
        "The dashed line is where a reader that is sure of 80 % is right 80 % of the time. A dot below it: the reader was surer than it should be."
    ),
    "steps of change": phrase(
        "Each bar begins where the one above it ended, so that they lead from the first dot to the last; the line at its end is its uncertainty. "
        "Grey bars cannot be told from nothing."
    ),
    "ribbons": phrase("Each ribbon is as wide as what flows. Orange is what was not finished, grey what is not yet known."),
    "steps": phrase("The bar is how many come, orange how many of them do not come further, and the line at its end the uncertainty."),
    "dots": phrase("The dot is the value, the line through it its uncertainty."),
    "weights": phrase("The dot is the weight, the line through it its uncertainty. Where two lines overlap a lot, either may be the worse."),
    "drivers": phrase(
        "The dot is how much the driver weighs, the line through it its uncertainty, the ring the same by another method. "
        "The dashed line is an even share. Where two lines overlap a lot, do not read an order."
    ),
    "priority": phrase(
        "Up is what weighs more, right is what does better; the lines through each dot are its uncertainty both ways. "
        "A dot has a colour only where both lines keep clear of the dashed ones."
    ),
    "figure": phrase(
        "The range in brackets is the 95 % interval: of intervals made this way, 19 in 20 hold the true value. The wider it is, the less is known."
    ),
}
"""Kind of chart (`Drawn.kind`), or “figure” for a single number → its line. A new kind of chart brings its line with it."""


@dataclass(slots=True)
class Readings:
    """The lines of one page: each is shown in full at the first chart of its kind, and kept beside the table at the others."""

    shown: set[str] = field(default_factory=set)

    def first(self, kind: str) -> bool:
        """Whether this is the first of its kind on the page; asking makes it so."""
        new = kind not in self.shown
        self.shown.add(kind)
        return new

    def line(self, kind: str) -> str:
        """The line, untranslated; empty for a kind that explains itself."""
        return READING.get(kind, "")
