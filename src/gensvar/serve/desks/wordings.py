"""Words: those that the organisation wants to be known by, those that people use instead, and what was expected against what was delivered."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from typing import TypeVar

from gensvar.contracts import Measure, Measures
from gensvar.house import House
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope
from gensvar.ledger import WantedWord
from gensvar.measure.periods import before, step_of
from gensvar.measure.wordings import LEAST, LEAST_GROUP, Moved, moves, telling
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.sampled import Drawn, Heard, Part, Tone, drawn, heard, tone_of
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.voices import protected
from gensvar.stats import Pairs, Scale, Share
from gensvar.text.stems import ALGORITHMS, ruled
from gensvar.text.wording import Wording, spoken, uses, wording

MOST, MOST_USED, LEAST_PAIRS = 4_000, 8, 20  # of each period
MOST_WORDS, MOST_VARIANTS, LONGEST = 100, 20, 60
BY = ("market", "segment", "channel", "product", "period")
K = TypeVar("K", str, date)
EXPECTED = ("expected", "expectation", "expect")


@dataclass(frozen=True, slots=True)
class Use:
    """How many texts of one language use a word. id: of the wanted word, 0 for one that people use unasked. months: first day → share."""

    id: int
    word: str
    also: tuple[str, ...]
    part: Part
    then: Part | None
    moved: Moved
    tone: Tone | None
    markets: Mapping[str, Part] = field(default_factory=dict)
    months: Mapping[date, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A group's telling words; None where it, or the rest in its language, has too few texts."""

    group: str
    texts: int
    words: tuple[Use, ...] | None


@dataclass(frozen=True, slots=True)
class InLanguage:
    """wanted: by share falling; used: the most used words that are not wanted; told: by group. texts: of the period."""

    language: str
    texts: int
    wanted: tuple[Use, ...]
    used: tuple[Use, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """languages: those with enough texts, or for which words are wanted. unread: wanted words in languages with too few texts."""

    total: int
    read: int
    least: int
    least_group: int
    by: str
    languages: tuple[InLanguage, ...]
    unread: tuple[WantedWord, ...]
    apart: tuple[str, ...]


def add_word(house: House, language: str, word: str, also: str, who: str) -> str:
    """The word, kept. BadInput for a language without rules, and for what is no word. also: variants, comma between."""
    plain, variants = _clean(word), tuple(dict.fromkeys(v for part in also.split(",") if (v := _clean(part))))
    if language not in ALGORITHMS:
        raise BadInput(f"No language {language!r}", nearest=nearest(language, ALGORITHMS), do=f"Languages: {', '.join(ALGORITHMS)}.")
    if not spoken(plain, language) or not all(spoken(v, language) for v in variants):
        raise BadInput(f"{word!r} is no word", do="Write a word, or several with blanks between; variants with a comma between.")
    if len(variants) > MOST_VARIANTS or any(len(one) > LONGEST for one in (plain, *variants)):
        raise BadInput(f"A wanted word has at most {MOST_VARIANTS} variants of {LONGEST} letters")
    if len(house.ledger.wanted_words.standing()) >= MOST_WORDS:
        raise BadInput(f"More than {MOST_WORDS} words cannot be wanted", do="Remove some first.")
    house.ledger.wanted_words.add(language, plain, variants, who)
    return plain


def _clean(text: str) -> str:
    return " ".join(text.split())


def gap(house: House, scope: Scope, query: VoiceQuery, by: str, wanted: Sequence[WantedWord]) -> Gap:
    """What is wanted against what is said, language by language. NotAllowed without the right to read text; BadInput for another `by`."""
    if by not in BY:
        raise BadInput(f"No cut {by!r}", nearest=nearest(by, BY), do=f"There are: {', '.join(BY)}.")
    now = drawn(house, scope, query, MOST)
    then = heard(house, scope, replace(query, period=before(query.period)), MOST) if query.period else ()
    return gap_of(now, then, by, wanted, tuple(sorted(protected(house))))


def gap_of(now: Drawn, then: Sequence[Heard], by: str, wanted: Sequence[WantedWord], apart: tuple[str, ...] = ()) -> Gap:
    """The same of texts that are at hand."""
    texts, earlier = _by_language(now.heard), _by_language(then)
    large = sorted((name for name, heard in texts.items() if len(heard) >= LEAST and name != "-"), key=lambda name: (-len(texts[name]), name))
    languages = tuple(_language(name, texts[name], earlier.get(name, ()), by, [w for w in wanted if ruled(w.language) == name]) for name in large)
    unread = tuple(w for w in wanted if ruled(w.language) not in large)
    return Gap(now.total, len(now.heard), LEAST, LEAST_GROUP, by, languages, unread, apart)


def _by_language(heard: Sequence[Heard]) -> dict[str, tuple[Heard, ...]]:
    found: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        found[ruled(one.language)].append(one)
    return {name: tuple(each) for name, each in found.items()}


def _language(name: str, now: tuple[Heard, ...], then: tuple[Heard, ...], by: str, wanted: Sequence[WantedWord]) -> InLanguage:
    forms_now, forms_then = ([spoken(one.text, name) for one in heard] if wanted else [] for heard in (now, then))
    phrases = [[spoken(p, name) for p in w.phrases] for w in wanted]
    hits = [[uses(said, p) for said in forms_now] for p in phrases]
    hits_then = [sum(uses(said, p) for said in forms_then) for p in phrases]
    words, words_then = wording([one.text for one in now], name), wording([one.text for one in then], name)
    mine = {form for p in phrases for one in p for forms in one for form in forms}
    counts, counts_then = words.counts, words_then.counts
    common = [s for s, k in sorted(counts.items(), key=lambda c: (-c[1], c[0])) if s not in mine and s in words.forms and k > 1][:MOST_USED]
    pairs = [(Share(sum(h), len(now)), Share(k, len(then))) for h, k in zip(hits, hits_then, strict=True)]
    pairs += [(Share(counts[s], len(now)), Share(counts_then[s], len(then))) for s in common]
    said_moves = moves(pairs)
    named = [(w.id, w.word, w.also, h) for w, h in zip(wanted, hits, strict=True)]
    named += [(0, words.forms[s], (), [s in one for one in words.stems]) for s in common]
    places = _Places.of(now)
    found = [_use(*one, pair, move, now, places) for one, pair, move in zip(named, pairs, said_moves, strict=True)]
    own = tuple(sorted(found[: len(wanted)], key=lambda u: (-u.part.share, u.word)))
    return InLanguage(name, len(now), own, tuple(found[len(wanted) :]), tuple(_told(words, words_then, now, then, by)))


@dataclass(frozen=True, slots=True)
class _Places:
    """The market and the month of each text, and how many texts each has: the same for every word."""

    markets: tuple[str, ...]
    months: tuple[date, ...]
    in_market: Counter[str]
    in_month: Counter[date]

    @classmethod
    def of(cls, heard: Sequence[Heard]) -> "_Places":
        markets, days = tuple(one.dims.get("market", "") for one in heard), [one.day for one in heard]
        first = {day: step_of(day, "month") for day in set(days)}
        months = tuple(first[day] for day in days)
        return cls(markets, months, Counter(markets), Counter(months))


def _use(
    id_: int, word: str, also: tuple[str, ...], hits: Sequence[bool], pair: tuple[Share, Share], move: Moved, heard: tuple[Heard, ...], at: _Places
) -> Use:
    now, then = pair
    markets = _parts(at.in_market, Counter(compress(at.markets, hits)))
    months = _parts(at.in_month, Counter(compress(at.months, hits)))
    earlier = Part.of(then.k, then.n) if then.n >= LEAST else None
    shown = {m: p for m, p in markets.items() if m}
    tone = tone_of(tuple(compress(heard, hits)))
    return Use(id_, word, also, Part.of(now.k, now.n), earlier, move, tone, shown, dict(sorted(months.items())))


def _parts(n: Counter[K], k: Counter[K]) -> dict[K, Part]:
    """The share within each group that has enough texts."""
    return {group: Part.of(k[group], many) for group, many in n.items() if many >= LEAST}


def _told(words: Wording, earlier: Wording, now: tuple[Heard, ...], then: tuple[Heard, ...], by: str) -> Iterator[Told]:
    """The telling words of each group; by period, of this against the one before."""
    heard = (*now, *then) if by == "period" else now
    label = ["now"] * len(now) + ["then"] * len(then) if by == "period" else [one.dims.get(by, "") for one in now]
    stems, forms = ((*words.stems, *earlier.stems), {**earlier.forms, **words.forms}) if by == "period" else (words.stems, words.forms)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, group in enumerate(label):
        groups[group].append(at)
    found = telling({group: [stems[i] for i in places] for group, places in groups.items()})
    for group, places in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if not group or group == "then":
            continue
        told = found[group]
        made = None if told is None else tuple(
            Use(
                0, forms[t.stem], (), Part.of(t.k, t.n), Part.of(t.other_k, t.other_n), Moved("rose", q=t.q),
                tone_of(tuple(heard[i] for i in places if t.stem in stems[i])),
            )
            for t in told if t.stem in forms
        )  # fmt: skip
        yield Told(group, len(places), made)


# ── expected against delivered ──


@dataclass(frozen=True, slots=True)
class Gained:
    """Delivered less expected, of the same people: mean difference with its interval; None of these where there are too few pairs."""

    group: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """One pair of measures. whole: all that answered both; markets: each by itself. least: pairs that it takes."""

    expected: Measure
    delivered: Measure
    least: int
    whole: Gained
    markets: tuple[Gained, ...]


def askable(measures: Measures) -> list[tuple[Measure, Measure]]:
    """Pairs of an expected and a delivered measure on one scale, the newest versions: expected.delivery goes with delivered.delivery or any other
    measure whose id is the same but for its first word.
    """
    newest = {m.id: m for m in sorted(measures, key=lambda m: m.version)}
    found = []
    for m in newest.values():
        words = m.id.split(".")
        rest = [word for word in words if word not in EXPECTED]
        if len(rest) == len(words):
            continue
        for other in newest.values():
            theirs = other.id.split(".")
            same = (other.low, other.high, other.step, other.better) == (m.low, m.high, m.step, m.better)
            if other.id != m.id and same and not set(theirs) & set(EXPECTED) and (theirs[1:] == rest or theirs == rest):
                found.append((m, other))
    return found


def against(house: House, scope: Scope, query: VoiceQuery, expected: Measure, delivered: Measure) -> Against:
    """Both scores of each response that has both, in the period and within the filters. Protected audiences are not among them."""
    rows = voice_rows.seen(house.engine.table("feedback"), scope, protected(house))
    tests = [*voice_rows.during(rows, query.period), rows.score.notnull(), rows.response.notnull()]
    tests += [rows[name].isin([v for v in values if v]) for name, values in query.where.items() if name in {"market", "segment", "channel"}]
    kept = rows.filter(*tests)
    one = kept.filter(kept.measure == expected.key).group_by("response").agg(wished=kept.score.max(), market=kept.market.max())
    two = kept.filter(kept.measure == delivered.key).group_by("response").agg(got=kept.score.max())
    both = one.inner_join(two, "response")
    gone = both.mutate(gain=both.got - both.wished)
    counted = gone.group_by("market").agg(n=gone.count(), total=gone.gain.sum(), squares=(gone.gain * gone.gain).sum())
    scale = Scale(expected.low, expected.high, expected.step)
    groups = {r["market"] or "": Pairs(r["n"], r["total"], r["squares"], scale) for r in house.engine.run(counted).to_pylist()}
    whole = sum(groups.values(), start=Pairs(0, 0.0, 0.0, scale))
    each = sorted(((name, pairs) for name, pairs in groups.items() if name), key=lambda pair: (-pair[1].n, pair[0]))
    return Against(expected, delivered, LEAST_PAIRS, _gained("", whole), tuple(_gained(name, pairs) for name, pairs in each))


def _gained(group: str, pairs: Pairs) -> Gained:
    if pairs.n < LEAST_PAIRS:
        return Gained(group, pairs.n)
    found = pairs.difference()
    return Gained(group, pairs.n, found.value, found.low, found.high, found.p)
