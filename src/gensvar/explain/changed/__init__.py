"""changed: what moved of late: levels, volumes, topics, friction, the quality of sources. Reads: the cubes, feedback, events. Writes: nothing.

Promises: each thing is told once; a board of 50 series tells no more than one false alarm a month; what could not have been seen is said.
"""

from gensvar.explain.changed.boards import (
    KINDS,
    LEAST_WEEKS,
    WEEK,
    Key,
    Kind,
    cells,
    level_board,
    part_board,
    standardised,
    volume_board,
    weeks_between,
)
from gensvar.explain.changed.counting import by_week, friction_by_week, open_to_all, quality_by_week, rows_by_week, theme_weeks
from gensvar.explain.changed.stated import PROMISED, STATED, Stated
from gensvar.explain.changed.watching import Family, Feed, Found, Line, Seen, Unit, counts, feed_from, feed_json, gathered, levels, troubled

__all__ = [
    "KINDS", "LEAST_WEEKS", "PROMISED", "STATED", "WEEK", "Family", "Feed", "Found", "Key", "Kind", "Line", "Seen", "Stated", "Unit",
    "by_week", "cells", "counts", "feed_from", "feed_json", "friction_by_week", "gathered", "level_board", "levels", "open_to_all", "part_board",
    "quality_by_week", "rows_by_week", "standardised", "theme_weeks", "troubled", "volume_board", "weeks_between",
]  # fmt: skip
