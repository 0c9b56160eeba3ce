"""What the shipped models learn from, and nothing that the evaluations measure: our own corpus, and public sets whose licence allows it."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from gensvar.text.encoder.weights import bundled, read

CORPUS: Final = Path(__file__).parents[2] / "src" / "gensvar" / "text" / "corpus"
NEGATIVE, NEUTRAL, POSITIVE, MIXED = range(4)
_TONES: Final = {"neg": NEGATIVE, "neu": NEUTRAL, "pos": POSITIVE, "mix": MIXED}
_WORDS: Final = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE, "mixed": MIXED}
_BLANKS: Final = re.compile(r"\s+")
_WHOLE_WORD: Final = re.compile("\u2581[a-zA-ZåäöæøüßéèáíóúñçãõêâÅÄÖÆØ]{4,}")
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")
HELD_OUT: Final = 20  # per cent of FinnSentiment that no model may see
OWN_HELD_OUT: Final = 10  # per cent of our corpus by which a model is chosen and calibrated, not trained

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One text and what is known of it; None: unknown, not “none”."""

    text: str
    language: str
    source: str
    tone: int | None = None
    topics: tuple[tuple[str, int], ...] | None = None
    intent: str | None = None
    causes: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    emotion: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


def clean(text: object) -> str:
    """On one line, without blanks around it."""
    return _BLANKS.sub(" ", str(text)).strip()


def key(text: str) -> str:
    """What is the same for two texts that differ in case, signs, digits or the order of their words only."""
    return " ".join(sorted(set(_NOT_LETTERS.sub(" ", text.lower()).split())))


def percent(text: str) -> int:
    """A fixed draw, 0…99, the same for near-duplicates."""
    return int(sha1(key(text).encode(), usedforsecurity=False).hexdigest(), 16) % 100


def rows(folder: Path, name: str) -> list[Row]:
    """The rows of a Parquet file; none where it is not there."""
    path = folder / f"{name}.parquet"
    found: list[Row] = pq.read_table(path).to_pylist() if path.is_file() else []
    return found


def corpus(folder: Path = CORPUS) -> list[Example]:
    """Our own feedback, all languages."""
    return [_own(line, path.stem) for path in sorted(folder.glob("*.tsv")) for line in path.read_text("utf-8").splitlines() if line.count("\t") == 7]


def _own(line: str, language: str) -> Example:
    tone, topics, intent, causes, flags, emotion, trade, text = line.split("\t")
    signed = tuple((name, {"+": 1, "-": -1, "0": 0}[sign]) for name, _, sign in (t.rpartition(":") for t in topics.split() if t != "-"))
    listed = [tuple(c for c in part.split() if c != "-") for part in (causes, flags)]
    return Example(clean(text), language, "own", _TONES[tone], signed, intent, listed[0], listed[1], emotion, {"trade": trade})


def finnish(folder: Path, held_out: bool) -> list[Example]:
    """FinnSentiment (CC BY 4.0): what models may see, or the fixed fifth that they may not."""
    kept = (r for r in rows(folder, "sentiment_fi_finnsentiment/sentences") if (percent(r["text"]) < HELD_OUT) is held_out)
    return [Example(clean(r["text"]), "fi", "finn", _WORDS[r["label"]]) for r in kept]


def norwegian(folder: Path, split: str) -> list[Example]:
    """NoReC sentences (weights may be shared, texts may not): `train`, `dev` or `test`, without sentences of train that stand in the others."""
    every = rows(folder, "sentiment_no_norec_sentence/sentences")
    elsewhere = {key(r["text"]) for r in every if r["split"] != "train"} if split == "train" else set()
    kept = (r for r in every if r["split"] == split and key(r["text"]) not in elsewhere)
    return [Example(clean(r["text"]), "nb", "norec", _WORDS[r["label"]]) for r in kept]


def danish_news(folder: Path) -> list[Example]:
    """LCC (CC BY): sentences of the web and of news, −5…5."""
    kept = ((clean(r["text"]), float(r["valence"])) for r in rows(folder, "sentiment_da_lcc/sentences") if abs(r["valence"]) <= 5)
    return [Example(text, "da", "lcc", POSITIVE if v > 0 else NEGATIVE if v < 0 else NEUTRAL) for text, v in kept]


def restaurants(folder: Path) -> list[Example]:
    """UCI's labelled sentences (CC BY 4.0), English."""
    return [Example(clean(r["text"]), "en", "restaurant", _WORDS[r["label"]]) for r in rows(folder, "sentiment_en_restaurant_1000/sentences")]


def clothing(folder: Path) -> list[Example]:
    """Reviews of clothes (CC0), English: four and five stars are praise, one and two blame, three are left out."""
    found = ((r["Review Text"], int(r["Rating"])) for r in rows(folder, "sentiment_en_clothing_reviews/reviews") if r["Review Text"])
    return [Example(clean(t), "en", "clothing", POSITIVE if s > 3 else NEGATIVE) for t, s in found if s != 3]


def assistants(folder: Path, most: int = 500) -> list[Example]:
    """Requests to an assistant (HWU64, CC BY 4.0), English: neutral every one, but for the small talk."""
    kept = (r for r in rows(folder, "themes_hwu64/queries") if not r["label"].startswith("general_"))
    found = sorted((clean(r["text"]) for r in kept), key=lambda t: sha1(t.encode(), usedforsecurity=False).hexdigest())
    return [Example(t, "en", "assistant", NEUTRAL) for t in found[:most]]


def subtitles(folder: Path) -> list[Example]:
    """XED (CC BY 4.0): lines of films in ten languages. Texts for the student to imitate its teacher on; their own labels are not used."""
    return [Example(clean(r["text"]), {"no": "nb"}.get(r["lang"], r["lang"]), "xed") for r in rows(folder, "emotion_xed/subtitles")]


def opinions(folder: Path) -> list[Example]:
    """Swedish ABSAbank, immigration (CC BY 4.0): texts for the student; their labels are of one aspect and not used."""
    return [Example(clean(r["text"]), "sv", "absabank") for r in rows(folder, "sentiment_sv_absabank_imm/paragraphs")]


LABELLED: Final[Sequence[Callable[[Path], list[Example]]]] = (
    lambda folder: finnish(folder, held_out=False),
    lambda folder: norwegian(folder, "train"),
    danish_news, restaurants, clothing, assistants,
    lambda _: emoji(),
    lambda _: phrases(),
)  # fmt: skip
UNLABELLED: Final[Sequence[Callable[[Path], list[Example]]]] = (subtitles, opinions)


def once(examples: Sequence[Example]) -> Iterator[Example]:
    """Each text once, in order; empty ones left out."""
    seen: set[str] = set()
    for e in examples:
        if e.text and e.text not in seen:
            seen.add(e.text)
            yield e


def labelled(folder: Path) -> list[Example]:
    """The public sets that carry a tone."""
    return list(once([e for source in LABELLED for e in source(folder)]))


def unlabelled(folder: Path) -> list[Example]:
    """More public texts, without labels that we use."""
    return list(once([e for source in UNLABELLED for e in source(folder)]))


def emoji() -> list[Example]:
    """Emoji by themselves, once and thrice, under the tone that people mostly mean."""
    found = {
        NEGATIVE: "😡🤬😠😤👎💩😞😢😭🤮🤢😒🙄😩😫💔😖😣☹😔😑🤦",
        POSITIVE: "👍😊😍🥰❤😀😃😄😁🙂🤩👏🎉💯🌟⭐🙏😘💪👌🥳🤗💚💙♥✨",
        NEUTRAL: "🤔😐🤷📦✈🚆📱🚗🏠📞👀📅",
    }
    return [Example(sign * n, "und", "emoji", tone) for tone, signs in found.items() for sign in signs for n in (1, 2, 3)]


def phrases(most: int = 600) -> list[Example]:
    """Short feedback by rule, at most so many of a language: said and denied, good and bad, both at once, and what is bad without a bad word."""
    found: list[Example] = []
    for language, parts in tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8")).items():
        good, bad = ([(frame.format(a), a) for frame in parts["said"] for a in parts[which]] for which in ("good", "bad"))
        said = [(text, POSITIVE) for text, _ in good] + [(text, NEGATIVE) for text, _ in bad]
        said += [(frame.format(a), NEGATIVE) for frame in parts["denied"] for a in parts["good"]]
        said += [(frame.format(a), POSITIVE) for frame in parts["denied"] for a in parts["bad"]]
        said += [(text + but + a, MIXED) for k, but in enumerate(parts["but"]) for text, _ in good[k::5] for a in parts["bad"][k::7]]
        drawn = sorted(said, key=lambda one: sha1(one[0].encode(), usedforsecurity=False).hexdigest())[:most]
        whole = [(text, tone) for kind, tone in (("blame", NEGATIVE), ("praise", POSITIVE), ("plain", NEUTRAL)) for text in parts[kind]]
        found += [Example(text[0].upper() + text[1:], language, "phrase", tone) for text, tone in [*drawn, *whole]]
    return found


def spread(examples: Sequence[Example], most: int) -> list[Example]:
    """At most so many, languages as even as they come; Nordic ones and the longer lines first."""
    order = sorted((e for e in examples if len(e.text) > 6), key=lambda e: sha1(e.text.encode(), usedforsecurity=False).hexdigest())
    share = {"sv": 0.2, "nb": 0.17, "da": 0.08, "fi": 0.14, "en": 0.12, "de": 0.14}
    left = {language: int(most * share.get(language, 0.05)) for language in {e.language for e in order}}
    kept: list[Example] = []
    for e in order:
        if left[e.language] > 0:
            left[e.language] -= 1
            kept.append(e)
    return kept


def words(most: int) -> list[str]:
    """Whole words of the encoder's own vocabulary, the commonest first: the student learns what each alone means to its teacher."""
    path = bundled()
    pieces = read(path).vocabulary.pieces if path else ()
    return [p[1:] for p in pieces if _WHOLE_WORD.fullmatch(p)][:most]
