"""collect: source files → raw rows. Reads: one file. Writes: nothing. Promises: a broken line is told and its neighbours are read."""

from gensvar.collect.found import Found
from gensvar.collect.reading import look, read
from gensvar.collect.suggesting.suggestion import Line, Suggestion, suggest

__all__ = ["Found", "Line", "Suggestion", "look", "read", "suggest"]
