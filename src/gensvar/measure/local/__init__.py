"""local: patterns that the total hides. Reads: the cubes. Writes: nothing. Promises: what is named stands against chance, at its broadest place."""

from gensvar.measure.local.found import Gap, Pattern, Patterns, pattern_json, patterns_json
from gensvar.measure.local.grid import Cell, Grid
from gensvar.measure.local.looking import find_patterns
from gensvar.measure.local.search import Named, Search, search

__all__ = ["Cell", "Gap", "Grid", "Named", "Pattern", "Patterns", "Search", "find_patterns", "pattern_json", "patterns_json", "search"]
