"""onboarding: which early behaviours and voices mark new customers who succeed. Reads: parties, events, feedback. Writes: nothing.

Promises: only what came before the landmark counts, and only those still there and not done by then; strata hold market, segment and plan alike;
what is tested is held as many; too few is an answer; nothing says “causes”.
"""

from gensvar.explain.onboarding.found import Mark, Onboarding, Out, marks_json, onboarding_of
from gensvar.explain.onboarding.judge import judged
from gensvar.explain.onboarding.success import declared, successes

__all__ = ["Mark", "Onboarding", "Out", "declared", "judged", "marks_json", "onboarding_of", "successes"]
