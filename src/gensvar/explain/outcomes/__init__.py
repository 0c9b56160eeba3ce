"""outcomes: whether those who say something, in a tone, leave, renew or buy more or less afterwards. Reads: feedback, events, parties.

Writes: nothing. Promises: says association, never cause; texts after the outcome never count; compared with those who wrote in the same tone then.
"""

from gensvar.explain.outcomes.found import KIND, Association, Half, Looked, Ratio, TermKind, Tone, Verdict, found_json, of_json

__all__ = ["KIND", "Association", "Half", "Looked", "Ratio", "TermKind", "Tone", "Verdict", "found_json", "of_json"]
