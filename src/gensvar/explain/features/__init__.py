"""features: which features go with what happens afterwards. Reads: events, feedback, parties. Writes: nothing.

Promises: what happens afterwards is measured strictly later than the use; heavy users are compared with heavy users; what is tested is held as many;
too few is an answer; nothing says “causes”.
"""

from gensvar.explain.features.found import Feature, Features, Gap, features_json, features_of
from gensvar.explain.features.judge import judged

__all__ = ["Feature", "Features", "Gap", "features_json", "features_of", "judged"]
