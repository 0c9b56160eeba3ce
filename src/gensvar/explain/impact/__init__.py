"""impact: what a score owes to each topic that is spoken of, so that nothing is counted twice and all adds up. Reads: feedback. Writes: nothing.

Promises: baseline and topics add up to the score; each with its limits; says “goes with”, never “causes”.
"""

from gensvar.explain.impact.counting import ADJUST, counted
from gensvar.explain.impact.found import KIND, Effect, Few, Impact, Tone, Toned, Topic, Verdict, found_json, of_json
from gensvar.explain.impact.judging import LEAST, LEAST_ANSWERS, judged
from gensvar.explain.impact.sums import Counted, summed

__all__ = [
    "ADJUST", "KIND", "LEAST", "LEAST_ANSWERS", "Counted", "Effect", "Few", "Impact", "Tone", "Toned", "Topic", "Verdict", "counted", "found_json",
    "judged", "of_json", "summed",
]  # fmt: skip
