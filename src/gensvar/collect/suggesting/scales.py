"""Whether a column is a score, on which scale, and by which metric; answers in words find their place on a scale here too."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gensvar.collect.suggesting import lexicon as lex
from gensvar.collect.suggesting.profile import Profile

RARE_ZERO, FEW, FEWEST_POINTS, LONG_QUESTION = 0.12, 30, 11, 20
LIKED = re.compile(
    r"(is |was )?(liked?|satisfied|happy|helpful|thumbs ?up|nöjd|gillar|fornøyd|tilfreds|tyytyväinen|zufrieden)",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(.+?)[_. ]?\d{1,3}")
NO_ANSWER_CODES = frozenset({-99.0, -98.0, -97.0, -9.0, -8.0, -7.0, 77.0, 88.0, 96.0, 97.0, 98.0, 99.0, 998.0, 999.0})


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure in the making. words: words → score; missing: codes that mean no answer."""

    metric: str
    low: float
    high: float
    sure: float
    because: str
    step: float = 1.0
    better: str = "up"
    cut: float | None = None
    words: Mapping[str, float] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


def scale_of(p: Profile, context: str = "") -> Scale | None:
    """The scale of the column, or None where it is no score. context: every header of the file, for what the column itself leaves open."""
    if p.distinct > 250 or p.filled == 0:
        return None
    if p.header.labels and sum(v in p.header.labels for v in p.values) >= 0.8 * len(p.values):
        return _coded(p)
    return _numeric(p, context) if p.numeric >= 0.97 else _worded(p)


def _coded(p: Profile) -> Scale | None:
    """Codes that all have words: a scale only where the words are one; the words then give each code its score."""
    scale = _worded(p)
    if scale is None:
        return None
    said = {" ".join(word.casefold().split()): code for code, word in p.header.labels.items()}
    return replace(scale, words={said[w]: score for w, score in scale.words.items() if w in said})


def _numeric(p: Profile, context: str) -> Scale | None:
    codes = _no_answer_codes(p)
    values = {n for v, n in p.numbers.items() if v not in codes}
    if not values or any(n != round(n, 1) for n in values):
        return None
    low, high = min(values), max(values)
    if lex.NUMBERS.search(p.name.replace("_", " ")) and not lex.RECOMMEND.search(p.said):
        return None
    scale = _liked(p) or _by_wording(p, low, high) or _by_range(p, values, context)
    if scale is None:
        return None
    half = 0.5 if any(not n.is_integer() for n in values) else 1.0
    return replace(
        scale, step=half if half == 0.5 and scale.metric in {"stars", "scale", "csat"} else 1.0, missing=scale.missing | codes | p.header.missing
    )


def _no_answer_codes(p: Profile) -> frozenset[str]:
    """Codes such as 99 and −9, where they lie far from all other values."""
    codes = {v: n for v, n in p.numbers.items() if n in NO_ANSWER_CODES}
    rest = [n for v, n in p.numbers.items() if v not in codes]
    apart = bool(rest) and (max(rest) <= FEWEST_POINTS if max(codes.values(), default=0) > 0 else min(rest) >= 0)
    return frozenset(codes) if apart else frozenset()


def _by_wording(p: Profile, low: float, high: float) -> Scale | None:
    """Scales that the question itself tells."""
    if lex.RECOMMEND.search(p.said) and low >= 0 and 5 < high <= 10:
        employer = bool(lex.EMPLOYER.search(p.said))
        return Scale(
            "enps" if employer else "nps",
            0,
            10,
            0.95,
            f"asks whether one would recommend{' the employer' if employer else ''}; values {low:g}…{high:g}",
        )
    if lex.EFFORT.search(p.said) and low >= 1 and 5 < high <= 7:
        return Scale("ces7", 1, 7, 0.85, f"asks about ease or effort; values {low:g}…{high:g}, high taken as easy")
    if lex.RANK.search(p.said) and low == 1 and 2 < high <= 20:
        return Scale("scale", 1, high, 0.6, f"asks for a ranking; values 1…{high:g}, low taken as good", better="down")
    if lex.BURDEN.search(p.said) and low >= 1 and 2 < high <= 5:
        return Scale("ces5", 1, 5, 0.75, f"asks how much effort it took; values {low:g}…{high:g}, low taken as easy", better="down")
    return None


def _by_range(p: Profile, values: set[float], context: str) -> Scale | None:
    low, high = min(values), max(values)
    hint = bool(lex.SATISFIED.search(p.said) or lex.STARS.search(p.said) or lex.SCORE.search(p.said) or p.header.label not in {"", p.name})
    few = len(values) < 3
    if low >= 0 and high == 5 and (len(values) >= 4 or (hint and not few)) and not (p.members == 1 and _nominal(p)):
        return _five(p, context)
    if low >= 1 and 3 <= high <= 4 and len(values) >= 3 and (lex.STARS.search(p.said) or lex.SATISFIED.search(p.said)):
        return _five(p, context)
    if low >= 1 and high in {3, 4, 6} and len(values) >= 3 and p.members >= 3:
        return Scale("scale", 1, high, 0.6, f"values 1…{high:g} in {p.members} columns alike")
    if low >= 0 and high == 10 and (len(values) >= 6 or hint):
        bottom = 0.0 if low == 0 else 1.0
        return Scale("scale", bottom, 10, 0.7 if low == 0 else 0.5, f"values {low:g}…10, and no question about recommending")
    if low >= 1 and high == 7 and (len(values) >= 4 or hint):
        return Scale("scale", 1, high, 0.7, f"values {low:g}…{high:g}")
    if low < 0 and low == -high and high <= 5 and len(values) >= 4:
        return Scale("scale", low, high, 0.75, f"values {low:g}…{high:g}, the same on both sides of 0")
    if -5 <= low < 0 < high <= 5 and p.members >= 3 and len(values) >= 4:
        end = max(-low, high)
        return Scale("scale", -end, end, 0.5, f"values {low:g}…{high:g} in {p.members} columns alike")
    named = lex.SATISFIED.search(p.said) or lex.SCORE.search(p.said)
    return Scale("scale", 0, 100, 0.5, f"values {low:g}…{high:g} in a column named a score") if named and low >= 0 and 10 < high <= 100 else None


def _nominal(p: Profile) -> bool:
    """Whether the question asks which one, not how much."""
    return bool(lex.WHICH.search(p.header.label)) and not lex.SATISFIED.search(p.said)


def _five(p: Profile, context: str) -> Scale:
    """One to five; a rare 0 beside it means no answer."""
    zeros = sum(n for v, n in p.values.items() if p.numbers.get(v) == 0)
    share = zeros / max(1, p.answered)
    trap = f"; 0 stands in {share:.1%} of the rows, so it means no answer" if zeros else ""
    if share > RARE_ZERO:
        return Scale("scale", 0, 5, 0.5, f"values 0…5; 0 stands in {share:.0%} of the rows, so it is taken as a score")
    missing = frozenset({"0"}) if zeros else frozenset[str]()
    if lex.SATISFIED.search(p.said):
        return Scale("csat", 1, 5, 0.9, f"asks about satisfaction; values 1…5{trap}", cut=4, missing=missing)
    if lex.STARS.search(p.said):
        return Scale("stars", 1, 5, 0.85, f"named a rating; values 1…5{trap}", missing=missing)
    if lex.SATISFIED.search(context):
        return Scale("csat", 1, 5, 0.65, f"values 1…5 in a file about satisfaction{trap}", cut=4, missing=missing)
    return Scale("scale", 1, 5, 0.6, f"values 1…5{trap}", missing=missing)


def pooled(columns: Sequence[Profile], context: str) -> dict[str, Scale]:
    """Columns that ask one question of several things share one scale, found from all their values together."""
    groups: dict[tuple[object, ...], list[Profile]] = {}
    for p in columns:
        if (stem := _stem(p)) and (p.distinct <= 12 or p.numeric >= 0.97):
            groups.setdefault((stem, p.numeric >= 0.97, frozenset(p.header.labels.items())), []).append(p)
    out: dict[str, Scale] = {}
    for members in groups.values():
        together = _together(members) if len(members) >= 2 else None
        scale = scale_of(together, context) if together and together.filled else None
        out.update({p.name: scale for p in members} if scale else {})
    return out


def _stem(p: Profile) -> str:
    """What a column shares with those beside it: the question before its [part], or its name before the number."""
    label = p.header.label if p.header.label.endswith("]") else p.name
    if label.endswith("]") and " [" in label:
        return label.partition(" [")[0]
    if len(asked := p.header.label.rpartition(" - ")[0]) > LONG_QUESTION:
        return asked
    found = NUMBERED.fullmatch(p.name)
    return found[1] if found and found[1].casefold() not in {"q", "v", "var", "question", "column", "qid", "field"} else ""


def _together(members: Sequence[Profile]) -> Profile:
    values: Counter[str] = Counter()
    for p in members:
        values.update(p.values)
    first = members[0]
    header = replace(first.header, missing=frozenset[str]().union(*(p.header.missing for p in members)))
    filled = sum(p.filled for p in members)
    return Profile(header, first.kind, sum(p.rows for p in members), filled, len(values), values, len(members))


def neighbours(open_: Sequence[Profile], scored: Sequence[tuple[Profile, Scale | None]]) -> Iterable[tuple[Profile, Scale]]:
    """Columns too thin to show their scale, asked in the words of one that does: they take its scale."""
    for p in open_:
        if p.numeric < 1 or p.header.labels:
            continue
        if two := _below_and_above(p, [s for _, s in scored if s]):
            yield p, two
            continue
        if len(p.name) < LONG_QUESTION:
            continue
        for other, s in scored:
            begins = next((i for i, (a, b) in enumerate(zip(p.name, other.name, strict=False)) if a != b), 0)
            if s and begins >= 0.6 * len(p.name) and not s.words and all(s.low <= n <= s.high for n in p.numbers.values()):
                yield p, replace(s, sure=min(s.sure, 0.6), because=f"asked as {other.name[:40]!r} is, and within its scale")
                break


def _below_and_above(p: Profile, scales: Sequence[Scale]) -> Scale | None:
    """Whole numbers on both sides of 0, in a file where several columns go as far below 0 as above it."""
    likely = next((s for s in scales if s.low == -s.high and min(p.numbers.values()) < 0 and scales.count(s) >= 3), None)
    if likely is None or len(p.numbers) < 4 or any(not (likely.low <= n <= likely.high and n.is_integer()) for n in p.numbers.values()):
        return None
    return replace(likely, sure=0.5, because=f"values on both sides of 0, and other columns go from {likely.low:g} to {likely.high:g}")


def rows_of_one(columns: Sequence[Profile]) -> list[Profile]:
    """Numbered columns with the same few values, three or more: parts of one question."""
    groups: dict[str, list[Profile]] = {}
    for p in columns:
        if p.distinct <= 7 and (stem := _stem(p)):
            groups.setdefault(stem, []).append(p)
    return [p for g in groups.values() if len(g) >= 3 and len({frozenset(p.values) for p in g}) == 1 for p in g]


def alike(scales: Mapping[str, Scale]) -> dict[str, Scale]:
    """Where one of several 1…5 ratings has 0 for no answer, its neighbours have too."""
    trapped = [s for s in scales.values() if "0" in s.missing and (s.low, s.high) == (1, 5)]
    if not trapped:
        return dict(scales)
    return {
        name: replace(s, missing=s.missing | {"0"}, because=s.because + ("" if "0" in s.missing else "; 0 means no answer in the columns beside it"))
        if (s.low, s.high) == (1, 5) and not s.words
        else s
        for name, s in scales.items()
    }


def _worded(p: Profile) -> Scale | None:
    answers = _answers(p)
    if not answers or len(answers) > 12:
        return None
    return _goal(p, answers) or _family(p, answers) or _two_sided(p, answers)


def _answers(p: Profile) -> dict[str, int]:
    """Each answer in small letters, without those that say nothing."""
    out: Counter[str] = Counter()
    for value, n in p.values.items():
        text = p.header.labels.get(value, value)
        if value not in p.header.missing and not lex.NO_ANSWER.fullmatch(text.strip()):
            out[" ".join(text.casefold().split())] += n
    return dict(out)


def _no_answer(p: Profile) -> frozenset[str]:
    return p.header.missing | {v for v in p.values if lex.NO_ANSWER.fullmatch(v.strip())}


def _goal(p: Profile, answers: Mapping[str, int]) -> Scale | None:
    """Stated goal completion: yes, partly, no."""
    if not (lex.GOAL.search(p.said) and set(answers) <= lex.YES | lex.NO | lex.PARTLY and set(answers) & lex.YES):
        return None
    words = {a: 2.0 if a in lex.YES else 0.0 if a in lex.NO else 1.0 for a in answers}
    return Scale("gcr", 0, 2, 0.8, "asks whether the goal was reached; answers yes, partly, no", words=words, missing=_no_answer(p))


def _liked(p: Profile) -> Scale | None:
    """0 and 1 in a column that says whether it was liked or recommended."""
    if set(p.numbers.values()) != {0.0, 1.0} or not LIKED.fullmatch(p.name.replace("_", " ").strip()):
        return None
    return Scale("csat", 0, 1, 0.6, "0 and 1 in a column named after liking", cut=1)


def _two_sided(p: Profile, answers: Mapping[str, int]) -> Scale | None:
    """Two answers about satisfaction, of which one says that it was not there."""
    sour = [a for a in answers if lex.SATISFIED.search(a) and ("dis" in a or "unsat" in a or "not " in a or "neutral" in a)]
    sweet = [a for a in answers if lex.SATISFIED.search(a) and a not in sour]
    if len(answers) != 2 or len(sour) != 1 or len(sweet) != 1:
        return None
    return Scale("csat", 0, 1, 0.8, "two answers: satisfied or not", cut=1, words={sweet[0]: 1.0, sour[0]: 0.0}, missing=_no_answer(p))


def _family(p: Profile, answers: Mapping[str, int]) -> Scale | None:
    """Answers that all belong to one known scale of five (or four, where the middle is left out)."""
    found = [(covered, name, language) for name, language, levels in _families() if (covered := _covered(answers, levels))]
    whole = [f for f in found if len(f[0]) == len(answers)]
    if not whole or len(answers) < 2:
        return None
    places, name, language = max(whole, key=lambda f: sum(f[0].values()) * 0 + len(set(f[0].values())))
    if len(set(places.values())) < 2:
        return None
    return _placed(p, name, places, _levels(name, language))


def _families() -> Iterable[tuple[str, str, list[list[str]]]]:
    for name, languages in lex.FAMILIES.items():
        for language in languages:
            yield name, language, _levels(name, language)


def _levels(name: str, language: str) -> list[list[str]]:
    return [forms.casefold().split("|") for forms in lex.FAMILIES[name][language]]


def _covered(answers: Iterable[str], levels: list[list[str]]) -> dict[str, int]:
    place = {form: i for i, forms in enumerate(levels) for form in forms}
    return {a: place[a] for a in answers if a in place}


def _placed(p: Profile, name: str, places: Mapping[str, int], levels: list[list[str]]) -> Scale:
    """Scores from 1; words of levels that nobody chose yet are listed too, so that they are known when they come."""
    four = 2 not in places.values() and p.answered >= FEW
    kept = [i for i in range(5) if not (four and i == 2)]
    score = {level: float(at) for at, level in enumerate(kept, start=1)}
    words = {a: score[i] for a, i in places.items()} | {levels[i][0]: score[i] for i in kept if i not in places.values()}
    words = dict(sorted(words.items(), key=lambda w: w[1]))
    metric, cut = ("csat", score[3]) if name == "satisfaction" else ("scale", None)
    because = f"answers are words of {name}, {len(kept)} steps" + (", without a middle" if four else "")
    return Scale(metric, 1, len(kept), 0.85 if len(set(places.values())) > 2 else 0.6, because, cut=cut, words=words, missing=_no_answer(p))
