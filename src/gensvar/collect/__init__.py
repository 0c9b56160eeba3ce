"""collect: source files → raw rows. Reads: one file. Writes: nothing. Promises: a broken line is told and its neighbours are read."""

from gensvar.collect.found import Found
from gensvar.collect.reading import look, read

__all__ = ["Found", "look", "read"]
