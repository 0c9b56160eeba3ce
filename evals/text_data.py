"""The real sets that text is measured on, none of which a shipped model has seen: texts, labels, and the fixed 30 % by which models may be chosen."""

from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from tools.text.data import NEGATIVE, NEUTRAL, POSITIVE, clean, finnish, key, norwegian, rows

FOR_CHOOSING: Final = 30  # per cent of each set: models are chosen on these rows and reported on the others
_TONES: Final = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}


@dataclass(frozen=True, slots=True)
class Case:
    """One text, its tone, and its topics where the set names them."""

    text: str
    tone: int
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TestSet:
    """name, language, classes: 2 (no neutral) or 3."""

    name: str
    language: str
    classes: int
    cases: tuple[Case, ...]


def _draw(text: str) -> int:
    return int(sha1(("evals" + key(text)).encode(), usedforsecurity=False).hexdigest(), 16) % 10_000


def _part(cases: list[Case], choosing: bool, most: int) -> tuple[Case, ...]:
    """The rows of one part, each text once, in a fixed random order, at most so many."""
    unique = {c.text: c for c in cases if c.text}
    kept = [c for c in unique.values() if (_draw(c.text) % 100 < FOR_CHOOSING) is choosing]
    return tuple(sorted(kept, key=lambda c: (_draw(c.text), c.text))[:most])


def _swedish(folder: Path) -> list[Case]:
    return [Case(clean(r["text"]), _TONES[r["label"]]) for r in rows(folder, "sentiment_sv_reviews/reviews")]


def _danish(folder: Path) -> list[Case]:
    return [Case(clean(r["text"]), POSITIVE if r["stars"] > 3 else NEGATIVE) for r in rows(folder, "sentiment_da_trustpilot/reviews_raw")]


def _airline(folder: Path) -> list[Case]:
    found = rows(folder, "sentiment_en_airline_tweets/tweets")
    return [Case(clean(r["text"]), _TONES[r["airline_sentiment"]], frozenset(filter(None, [r["negativereason"]]))) for r in found]


def _railway(folder: Path) -> list[Case]:
    return [
        Case(clean(r["text"]), _TONES[r["sentiment"]], frozenset(r["categories"])) for r in rows(folder, "aspects_de_germeval2017_bahn/documents")
    ]


def sets(folder: Path, choosing: bool = False, most: int = 1500) -> list[TestSet]:
    """Every set of tones. choosing: the rows by which models may be chosen; else those that are reported."""
    of_norwegian = norwegian(folder, "dev" if choosing else "test")
    drop_mixed = [Case(e.text, e.tone) for e in of_norwegian if e.tone is not None and e.tone <= POSITIVE]
    of_finnish = [Case(e.text, e.tone) for e in finnish(folder, held_out=True) if e.tone is not None]
    return [
        TestSet("Swedish reviews", "sv", 2, _part(_swedish(folder), choosing, most)),
        TestSet("Danish reviews", "da", 2, _part(_danish(folder), choosing, most)),
        TestSet("Norwegian review sentences", "nb", 3, tuple(drop_mixed[:most])),
        TestSet("Finnish forum", "fi", 3, _part(of_finnish, choosing, most)),
        TestSet("US airline tweets", "en", 3, _part(_airline(folder), choosing, most)),
        TestSet("German railway", "de", 3, _part(_railway(folder), choosing, most)),
    ]


def queries(folder: Path) -> list[dict[str, Any]]:
    """Banking77: text, label, split."""
    path = folder / "themes_banking77" / "queries.parquet"
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist() if path.is_file() else []
    return found
