"""change: why a measure changed: who answered, and what they said, in parts that add up. Reads: counts. Writes: nothing.

Promises: the parts add up exactly, whichever side comes first and in whatever order dimensions are named; each has its interval; no cause is named.
"""

from gensvar.explain.change.asking import Wanted, decomposed, wanted
from gensvar.explain.change.found import OTHERS, Alone, CellPart, Decomposed, Part, Spoken, decomposed_json, spoken_json
from gensvar.explain.change.speaking import spoken
from gensvar.explain.change.tell import told
from gensvar.explain.change.topics import NO_TEXT, NO_TOPIC, Said, by_topic

__all__ = [
    "NO_TEXT", "NO_TOPIC", "OTHERS", "Alone", "CellPart", "Decomposed", "Part", "Said", "Spoken", "Wanted", "by_topic", "decomposed",
    "decomposed_json", "spoken", "spoken_json", "told", "wanted",
]  # fmt: skip
