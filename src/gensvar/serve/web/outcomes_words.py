"""The sentences of words and outcomes: who said what and what became of them, as association and never as cause."""

from collections.abc import Mapping
from math import ceil, log10

from gensvar.contracts.topics import Taxonomy
from gensvar.explain.outcomes import Association, Looked, Ratio, Tone, Verdict
from gensvar.explain.outcomes.judging import MATTERS, within
from gensvar.kit.language import phrase
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.words import Mark, Words

OUTCOMES: Mapping[str, str] = {
    "left": phrase("leave"), "renewed": phrase("renew"), "bought": phrase("buy"), "contacted_support": phrase("contact support"),
    "completed_goal": phrase("complete their goal"),
}  # fmt: skip
"""Outcome → what customers do, as a word of a question."""
DID: Mapping[str, str] = {
    "left": phrase("left us"), "renewed": phrase("renewed"), "bought": phrase("bought"), "contacted_support": phrase("contacted support"),
    "completed_goal": phrase("completed their goal"),
}  # fmt: skip
ABOUT: Mapping[Tone, str] = {
    "negative": phrase("Those who spoke ill of “{term}”"), "neutral": phrase("Those who spoke of “{term}” without judging"),
    "positive": phrase("Those who spoke well of “{term}”"),
}  # fmt: skip
WROTE: Mapping[Tone, str] = {
    "negative": phrase("Those who wrote “{term}” in a complaint"), "neutral": phrase("Those who wrote “{term}” without judging"),
    "positive": phrase("Those who wrote “{term}” in praise"),
}  # fmt: skip
OTHERS: Mapping[Tone, str] = {
    "negative": phrase("others who complained"), "neutral": phrase("others who wrote without judging"), "positive": phrase("others who praised"),
}  # fmt: skip
KINDS: Mapping[str, str] = {"topic": phrase("topics"), "theme": phrase("themes"), "phrase": phrase("phrases"), "word": phrase("words")}
TONES: Mapping[str, str] = {"negative": phrase("in ill tones"), "neutral": phrase("without judging"), "positive": phrase("in good tones")}
VERDICTS: Mapping[Verdict, str] = {
    "more": phrase("more often"), "less": phrase("less often"), "unconfirmed": phrase("seen, not confirmed"),
    "slight": phrase("seen, perhaps small"), "none": phrase("no visible difference"), "unknown": phrase("cannot be known yet"),
}  # fmt: skip
_MARKS: Mapping[str, Mark] = {"more": "rose", "less": "fell", "none": "same"}
STANDS = phrase("{who} {did} {times} times as often ({low}–{high}) within {n} months as {others}; this is an association.")
NOT_AGAIN = phrase(
    "{who} {did} {times} times as often ({low}–{high}) within {n} months as {others}, but this was not seen again in the other half of the customers."
)
WRITES = phrase(
    "{who} {did} {times} times as often ({low}–{high}) within {n} months as {others}, but among those who write as often this is not for certain."
)
SMALL = phrase(
    "{who} {did} {times} times as often ({low}–{high}) within {n} months as {others}: a small difference, sure among all that was tested, but not "
    "surely beyond {least} times, as what is reported must be; this is an association."
)
PERHAPS = phrase(
    "{who} {did} {times} times as often ({low}–{high}) within {n} months as {others}: sure among all that was tested, but not surely beyond {least} "
    "times, as what is reported must be; this is an association."
)
ALIKE = phrase("{who} {did} about as often within {n} months as {others}: {times} times as often ({low}–{high}).")
YET = (
    phrase("{who}: whether they {did} more or less often than {others} cannot be known yet; about {n} more customer would have to say so."),
    phrase("{who}: whether they {did} more or less often than {others} cannot be known yet; about {n} more customers would have to say so."),
)
UNSURE = phrase("{who}: whether they {did} more or less often than {others} cannot be known yet.")
NOTHING = phrase("Nothing that is said is seen to go with customers who {did} more or less often")
WHY: Mapping[str, str] = {
    "no_outcome": phrase("No event of this kind has come in: {events}. Send them, or name them in the setting “outcomes”."),
    "no_texts": phrase("No text of a known customer has come in, so there is nothing to look at."),
    "one_party": phrase("All texts are of one customer, so there is nobody to compare with."),
    "too_few": phrase("Too few customers have met this outcome to tell anything apart."),
    "all_censored": phrase("The texts are so recent that what came after them cannot be seen yet."),
}
HELD: Mapping[str, str] = {
    "segment": phrase("segment"), "plan": phrase("plan"), "tenure": phrase("how long they have been customers"),
    "earlier": phrase("how often the outcome came before"), "market": phrase("market"),
}  # fmt: skip


def term_name(a: Association, taxonomy: Taxonomy, w: Words) -> str:
    """What a term is called: a topic by its name, the others in the reader's language where they are, else as they are written."""
    if a.kind == "topic":
        return topic_name(taxonomy, a.term.partition(":")[2], w)
    return a.name.get("") or a.name.get(w.language) or next(iter(a.name.values()), a.term.partition(":")[2])


def who(a: Association, taxonomy: Taxonomy, w: Words) -> str:
    """Those whom an association is about."""
    return w((WROTE if a.kind in {"word", "phrase"} else ABOUT)[a.tone], term=term_name(a, taxonomy, w))


def sentence(a: Association, taxonomy: Taxonomy, w: Words) -> str:
    """What was found of one association, with its interval; or what it would take to know."""
    said = {"who": who(a, taxonomy, w), "did": w(DID[a.outcome]), "others": w(OTHERS[a.tone])}
    if a.verdict == "unknown" or a.ratio is None:
        more = more_needed(a)
        return w.many(*YET, more, **said) if more else w(UNSURE, **said)
    least = w.number(MATTERS, 1) if a.ratio.value > 1 else w.number(1 / MATTERS, 2)
    return w(_shape(a, a.ratio), **said, **times(a.ratio, w), n=w.number(a.window), least=least)


def more_needed(a: Association) -> int:
    """About how many more customers would have to say it for a difference to be seen; 0 where it is known, or where so many have said it."""
    more = a.needed - a.parties if a.verdict == "unknown" else 0
    return round_up(more) if more > 0 else 0


def _shape(a: Association, ratio: Ratio) -> str:
    """The sentence of one whose ratio is told."""
    if a.verdict == "unconfirmed":
        return WRITES if a.replicated else NOT_AGAIN
    if a.verdict == "slight":
        return SMALL if within(ratio) else PERHAPS
    return STANDS if a.verdict in {"more", "less"} else ALIKE


def mark_of(a: Association) -> Mark:
    """An arrow where it is sure which way it goes, if only a little."""
    return _MARKS.get(a.direction if a.verdict == "slight" else a.verdict, "unknown")


def times(ratio: Ratio, w: Words) -> dict[str, str]:
    """times, low, high: with the decimals that the interval deserves."""
    digits = digits_of(ratio)
    return {name: w.number(value, digits) for name, value in (("times", ratio.value), ("low", ratio.low), ("high", ratio.high))}


def digits_of(ratio: Ratio) -> int:
    """One decimal, or two where the interval is narrow.

    >>> digits_of(Ratio(1.4, 1.2, 1.7, 0.01)), digits_of(Ratio(1.02, 1.0, 1.03, 0.5))
    (1, 2)
    """
    half = (ratio.high - ratio.low) / 2
    return max(1, min(2, ceil(-log10(half)))) if half > 0 else 2


def round_up(n: int) -> int:
    """“About” so many: two figures, upwards.

    >>> round_up(7), round_up(94), round_up(634)
    (7, 94, 640)
    """
    step: int = 10 ** max(0, len(str(n)) - 2)
    return -(-n // step) * step


def headline(looked: Looked, taxonomy: Taxonomy, w: Words) -> str:
    """The surest of what was reported, else that nothing is seen."""
    if looked.reported:
        return sentence(looked.reported[0], taxonomy, w)
    return w(NOTHING, did=w(DID[looked.outcome])) + "."
