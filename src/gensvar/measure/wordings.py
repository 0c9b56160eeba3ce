"""Words as numbers: how many texts use each, how that moved, and which words tell one group of texts from the rest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gensvar.measure.answer import Move
from gensvar.measure.changes import moved, seen_from
from gensvar.stats import Share, adjusted, log_odds

MATTERS = 0.02  # of the texts: a word that this many more use is heard
LEAST, LEAST_GROUP = 30, 50  # texts, before a share means something; texts of a group, before its words do
LEAST_SAID, FALSE_RATE, MOST_TELLING = 5, 0.05, 8


@dataclass(frozen=True, slots=True)
class Moved:
    """One word's share now and before. low, high: of the difference; q: over all words of the question; None where a side has too few texts."""

    move: Move
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A word by which a group is told apart. k of n texts of the group have it, other_k of other_n of the rest. z: in standard errors."""

    stem: str
    k: int
    n: int
    other_k: int
    other_n: int
    z: float
    q: float


def moves(pairs: Sequence[tuple[Share, Share]]) -> tuple[Moved, ...]:
    """How each share moved from its second to its first. Rose and fell are said only where q < 0.05 over all of them (Benjamini–Hochberg)."""
    found = [now.minus(then) if min(now.n, then.n) >= LEAST else None for now, then in pairs]
    tested = [one for one in found if one is not None]
    q, reach = iter(adjusted([one.p for one in tested])), seen_from(len(tested))
    made = []
    for one in found:
        if one is None:
            made.append(Moved("cannot tell"))
        else:
            least = next(q)
            made.append(Moved(moved(one, least, MATTERS, reach), one.value, one.low, one.high, least))
    return tuple(made)


def telling(groups: Mapping[str, Sequence[frozenset[str]]]) -> dict[str, tuple[Telling, ...] | None]:
    """For each group of texts, as their stems, the words that it says more than all the others; None where either side has too few texts.

    Log-odds with an informative Dirichlet prior; q over all words of the group. A word counts where five texts of the group have it.
    """
    counts = {name: Counter(stem for one in texts for stem in one) for name, texts in groups.items()}
    sizes = {name: len(texts) for name, texts in groups.items()}
    all_counts, all_texts = sum(counts.values(), Counter[str]()), sum(sizes.values())
    tested: dict[str, list[Telling]] = {}
    for name, own in counts.items():
        rest, n = all_counts - own, all_texts - sizes[name]
        if min(sizes[name], n) < LEAST_GROUP or not own or not rest:
            continue
        words = sorted(all_counts)
        odds = log_odds([own[w] for w in words], [rest[w] for w in words]) if len(words) > 1 else None
        if odds is not None:
            tested[name] = [
                Telling(w, own[w], sizes[name], rest[w], n, float(z), float(q))
                for w, z, q in zip(words, odds.z, odds.q, strict=True)
                if own[w] >= LEAST_SAID and z > 0
            ]
    return {name: _named(tested[name]) if name in tested else None for name in groups}


def _named(found: Iterable[Telling]) -> tuple[Telling, ...]:
    """The surest of them."""
    return tuple(sorted((t for t in found if t.q < FALSE_RATE), key=lambda t: (-t.z, t.stem))[:MOST_TELLING])
