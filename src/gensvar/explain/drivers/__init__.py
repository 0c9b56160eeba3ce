"""drivers: what goes most with an outcome, among whom, and how surely. Reads: feedback, events. Writes: nothing.

Promises: whole numbers counted in the engine, the same on every engine; every weight and rank has its interval; too little is said to be too little;
what is tested together is adjusted together; weights are shares of what goes together, never effects.
"""

from gensvar.explain.drivers.counted import Counted, counted, moments, summed, whole
from gensvar.explain.drivers.found import KIND, Drivers, Found, Left, Moved, Range, Refused, Weight, found_json, of_json
from gensvar.explain.drivers.infer import judged, least_of, moved, moved_between, parted, rare, tangle, weighed
from gensvar.explain.drivers.study import MOST_DRIVERS, Driver, Event, Kind, Rated, Study
from gensvar.explain.drivers.tell import Names, told
from gensvar.explain.drivers.together import Together, done, pointed, spoken_of, together
from gensvar.explain.drivers.wide import BLOCKS, asked, wide

__all__ = [
    "BLOCKS", "KIND", "MOST_DRIVERS", "Counted", "Driver", "Drivers", "Event", "Found", "Kind", "Left", "Moved", "Names", "Range", "Rated",
    "Refused", "Study", "Together", "Weight", "asked", "counted", "done", "found_json", "judged", "least_of", "moments", "moved", "moved_between",
    "of_json", "parted", "pointed", "rare", "spoken_of", "summed", "tangle", "together", "told", "weighed", "whole", "wide",
]  # fmt: skip
