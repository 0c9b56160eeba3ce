"""What many texts say, in their own words: the few sentences that stand for as many texts as can be. Nothing is written that nobody wrote."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from gensvar.text.labels import MILD
from gensvar.text.sentences import sentences
from gensvar.text.stems import ruled
from gensvar.text.wording import PLACEHOLDER, content

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]
LEAST: Final = 8  # texts in one language: of fewer, reading them is quicker than reading about them
SAME_WORDS: Final = 0.35  # cosine of stems from which on two sentences that share two of them say something alike
ONE_WORD: Final = 0.6  # the same where they share one
SAME_SUBJECT: Final = 0.5  # shared part of what both speak of, each with its tone
SAME_SENSE: Final = 0.5  # the same of vectors, where 0 is the likeness of two texts of the selection at random
MOST_SENTENCES, MOST_CANDIDATES = 12, 500
BOTH_TONES: Final = 0.1  # how much a quote of a tone that is not heard yet is worth, beside texts covered
SHORT, LONG, TELLING = 4, 22, 4  # words, words, and stems with one to spare


@dataclass(frozen=True, slots=True)
class Said:
    """One text. tone: −1…1, None where it was not read. about: what it speaks of and in which tone, as delivery.late-.

    vector: of the whole text, unit length, None where there is none.
    """

    text: str
    language: str | None = None
    tone: float | None = None
    about: frozenset[str] = frozenset()
    vector: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """text: which; start, end: the sentence in it. like: the texts that say something like it, itself among them; nearest: those of which it is
    the nearest of all quotes.
    """

    text: int
    start: int
    end: int
    like: tuple[int, ...]
    nearest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of one language. covered: those that some quote stands for. quotes: by how many texts they stand for, most first."""

    language: str
    texts: tuple[int, ...]
    covered: tuple[int, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """parts: one for each language with enough texts, most texts first. left_out: texts in languages with too few, or that say nothing."""

    parts: tuple[Part, ...]
    left_out: int


def summary(texts: Sequence[Said], quotes: int = 6) -> Summary:
    """Quotes that stand for as many of the texts as so few can, language by language.

    A quote stands for a text that shares enough telling stems with it (cosine of tf·idf), or, where it is a whole text, for one whose vector lies as
    near, or that speaks of the same subjects in the same tones. Chosen greedily for coverage (facility location) and for hearing every tone: a
    monotone submodular sum, of which greed reaches at least 1 − 1/e of the best.
    Source: Lin & Bilmes 2011, ACL, p. 510, equations 4–6; Nemhauser, Wolsey & Fisher 1978.
    """
    by_language: dict[str, list[int]] = defaultdict(list)
    for at, said in enumerate(texts):
        by_language[ruled(said.language)].append(at)
    large = sorted((found for found in by_language.values() if len(found) >= LEAST), key=lambda found: (-len(found), found))
    shares = _allotted([len(found) for found in large], quotes)
    parts = [_part(texts, found, n) for found, n in zip(large, shares, strict=True)]
    return Summary(tuple(p for p in parts if p.quotes), len(texts) - sum(len(p.texts) for p in parts if p.quotes))


def _allotted(sizes: Sequence[int], quotes: int) -> list[int]:
    """How many quotes each language has: one, and of the rest its share by the largest remainder."""
    rest = max(quotes - len(sizes), 0)
    exact = [rest * size / sum(sizes) for size in sizes]
    whole = [int(x) for x in exact]
    for at in sorted(range(len(sizes)), key=lambda i: (whole[i] - exact[i], i))[: rest - sum(whole)]:
        whole[at] += 1
    return [1 + n for n in whole]


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Those of one language. text: which text each is of, as a place in the part; rising."""

    text: Places
    spans: tuple[tuple[int, int], ...]
    words: Matrix
    stems: csr_matrix


def _part(texts: Sequence[Said], members: Sequence[int], quotes: int) -> Part:
    found = _sentences([texts[i] for i in members])
    language = ruled(texts[members[0]].language)
    if found is None:
        return Part(language, tuple(members), (), ())
    quality = _quality([texts[members[t]].text[a:b] for t, (a, b) in zip(found.text, found.spans, strict=True)], found)
    candidates = _candidates(found, quality)
    like = _likeness(found, candidates, [texts[i] for i in members])
    chosen = _greedy(like, quality[candidates], [_mood(texts[members[found.text[c]]].tone) for c in candidates], quotes)
    return _told(language, members, found, candidates, like, chosen)


def _sentences(said: Sequence[Said]) -> _Sentences | None:
    """The sentences of the texts with their stems, weighted by how few texts have each (tf·idf, unit length); None where nothing is said."""
    rows: list[tuple[int, tuple[int, int], Counter[str]]] = []
    for at, one in enumerate(said):
        for a, b in sentences(one.text)[:MOST_SENTENCES]:
            stems = Counter(content(one.text[a:b], one.language))
            if stems:
                rows.append((at, (a, b), stems))
    if not rows:
        return None
    heard: dict[str, set[int]] = defaultdict(set)
    for at, _, stems in rows:
        for stem in stems:
            heard[stem].add(at)
    place = {stem: i for i, stem in enumerate(sorted(heard))}
    rarity = {stem: log(1 + len(said) / len(each)) for stem, each in heard.items()}
    values: list[float] = []
    for _, _, stems in rows:
        weights = [rarity[s] if n == 1 else (1 + log(n)) * rarity[s] for s, n in stems.items()]
        length = sqrt(sum(x * x for x in weights))
        values += [x / length for x in weights]
    ends = np.cumsum([0, *(len(stems) for _, _, stems in rows)])
    columns = np.array([place[s] for _, _, stems in rows for s in stems], np.int64)
    matrix = csr_matrix((np.array(values, np.float32), columns, ends), shape=(len(rows), len(place)))
    text = np.array([at for at, _, _ in rows], np.int64)
    counts = np.array([len(said[at].text[a:b].split()) for at, (a, b), _ in rows], np.float32)
    return _Sentences(text, tuple(span for _, span, _ in rows), counts, matrix)


def _quality(shown: Sequence[str], found: _Sentences) -> Matrix:
    """How well a sentence would do as a quote, 0…1: neither a word nor a page, telling, and nothing in it that was left out."""
    words = found.words
    length = np.where(words < SHORT, (words + 1) / (SHORT + 1), np.minimum(1.0, LONG / np.maximum(words, 1)))
    telling = np.minimum(1.0, (np.diff(found.stems.indptr) + 1) / TELLING)
    hidden = np.array([0.5 if PLACEHOLDER.search(text) else 1.0 for text in shown], np.float32)
    made: Matrix = (length * telling * hidden).astype(np.float32)
    return made


def _candidates(found: _Sentences, quality: Matrix) -> Places:
    """The sentences among which is chosen: of very many, those near the middle of what is said and good to read."""
    if len(quality) <= MOST_CANDIDATES:
        return np.arange(len(quality))
    middle = np.asarray(found.stems.mean(axis=0)).ravel()
    near = found.stems @ (middle / np.linalg.norm(middle))
    return np.sort(np.argsort(-(quality * (0.2 + near)), kind="stable")[:MOST_CANDIDATES])


def _likeness(found: _Sentences, candidates: Places, said: Sequence[Said]) -> Matrix:
    """Texts × candidates: 1 is the same, 0 nothing alike; below what counts as alike it is 0."""
    own = found.stems[candidates]
    near = np.asarray((found.stems @ own.T).todense(), np.float32)
    shared = np.asarray(((found.stems > 0).astype(np.float32) @ (own > 0).astype(np.float32).T).todense(), np.float32)
    near[near < np.where(shared >= 2, SAME_WORDS, ONE_WORD)] = 0.0
    starts = np.flatnonzero(np.r_[True, found.text[1:] != found.text[:-1]])
    like = np.zeros((len(said), len(candidates)), np.float32)
    like[found.text[starts]] = np.maximum.reduceat(near, starts, axis=0)
    alone = np.bincount(found.text, minlength=len(said))[found.text[candidates]] == 1
    places = np.flatnonzero(alone)  # candidates that are their whole text: what is known of a text is known of none of its sentences alone
    whole = found.text[candidates[places]]
    for more in (_same_sense(said, whole), _same_subject(said, whole)):
        like[:, places] = np.maximum(like[:, places], more)
    return like


def _same_sense(said: Sequence[Said], whole: Places) -> Matrix:
    """Likeness of all texts to these, by vectors; 0 where either has none."""
    made = np.zeros((len(said), len(whole)), np.float32)
    seen = np.array([i for i, one in enumerate(said) if one.vector is not None], np.int64)
    own = np.array([i for i, t in enumerate(whole) if said[t].vector is not None], np.int64)
    if len(seen) < LEAST or not len(own):
        return made
    vectors = np.stack([v for i in seen if (v := said[i].vector) is not None])
    mean = vectors.mean(axis=0)
    chance = (float(mean @ mean) * len(seen) - 1.0) / (len(seen) - 1)  # mean cosine of two different ones
    near = (vectors @ np.stack([v for t in whole[own] if (v := said[t].vector) is not None]).T - chance) / max(1.0 - chance, 1e-3)
    near[near < SAME_SENSE] = 0.0
    made[np.ix_(seen, own)] = near
    return made


def _same_subject(said: Sequence[Said], whole: Places) -> Matrix:
    """Likeness of all texts to these, by what they speak of and how: the part of all their subjects that both have."""
    subjects = {subject: i for i, subject in enumerate(sorted(set().union(*(one.about for one in said))))}
    if not subjects:
        return np.zeros((len(said), len(whole)), np.float32)
    has = np.zeros((len(said), len(subjects)), np.float32)
    for at, one in enumerate(said):
        has[at, [subjects[subject] for subject in one.about]] = 1.0
    both = has @ has[whole].T
    near: Matrix = both / np.maximum(has.sum(axis=1)[:, None] + has[whole].sum(axis=1)[None, :] - both, 1.0)
    near[near < SAME_SUBJECT] = 0.0
    return near * SAME_SUBJECT


def _mood(tone: float | None) -> int:
    return 0 if tone is None or abs(tone) <= MILD else 1 if tone > 0 else -1


def _greedy(like: Matrix, quality: Matrix, moods: Sequence[int], quotes: int) -> list[int]:
    """The candidates in the order of what each adds. Ends where the next would stand for nobody but who wrote it."""
    weight = like * quality
    worth = weight.sum(axis=0) / max(float(weight.sum()), 1e-9)
    best = np.zeros(len(weight), np.float32)
    heard: dict[int, float] = defaultdict(float)
    mood = np.array(moods)
    chosen: list[int] = []
    for _ in range(quotes):
        adds = np.maximum(weight - best[:, None], 0.0).sum(axis=0) / len(weight)
        tones = np.sqrt([heard[m] + w for m, w in zip(moods, worth, strict=True)]) - np.sqrt([heard[m] for m in moods])
        new = (like > 0) & (like[:, chosen].max(axis=1, initial=0.0) == 0.0)[:, None]
        gain = np.where(new.sum(axis=0) >= 2, adds + BOTH_TONES * tones, -1.0)  # itself, and another
        at = int(np.argmax(gain))
        if gain[at] <= 0:
            break
        chosen.append(at)
        best = np.maximum(best, weight[:, at])
        heard[int(mood[at])] += float(worth[at])
    return chosen


def _told(language: str, members: Sequence[int], found: _Sentences, candidates: Places, like: Matrix, chosen: Sequence[int]) -> Part:
    near = like[:, list(chosen)]
    covered = np.flatnonzero(near.max(axis=1, initial=0.0) > 0).tolist()
    owner = near.argmax(axis=1) if chosen else np.zeros(len(near), np.int64)
    made = []
    for i, c in enumerate(chosen):
        sentence = candidates[c]
        start, end = found.spans[sentence]
        mine = [members[t] for t in covered if owner[t] == i]
        made.append(Quote(members[found.text[sentence]], start, end, tuple(members[t] for t in np.flatnonzero(near[:, i] > 0).tolist()), tuple(mine)))
    return Part(language, tuple(members), tuple(members[t] for t in covered), tuple(sorted(made, key=lambda q: (-len(q.like), q.text))))


def quoted(texts: Sequence[Said], part: Part) -> Iterator[tuple[Quote, str]]:
    """Each quote with its sentence, as it stands in its text."""
    return ((q, texts[q.text].text[q.start : q.end]) for q in part.quotes)


def tones(texts: Sequence[Said], which: Sequence[int]) -> Mapping[str, int]:
    """How many of these texts are of each tone: negative, neither, positive; texts that were not read count nowhere."""
    counted = Counter(_mood(t) for i in which if (t := texts[i].tone) is not None)
    return {"negative": counted[-1], "neither": counted[0], "positive": counted[1]}
