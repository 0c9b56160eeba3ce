"""units: whether units whose people fare better have customers who fare better, month by month. Reads: answers of released blocks. Writes: nothing.

Promises: employees only as the numbers that anybody may see; units are held against themselves and months against each other; lags are held as many;
too few units is an answer; it is said that units are not people, and nothing says “causes”.
"""

from gensvar.explain.units.found import ECOLOGICAL, Lagged, Units, units_json, units_of
from gensvar.explain.units.judge import Series, judged

__all__ = ["ECOLOGICAL", "Lagged", "Series", "Units", "judged", "units_json", "units_of"]
