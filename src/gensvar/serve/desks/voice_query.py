"""What is asked of Voices: words, filters, sort and place, as they stand in an address, and back."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, TypeVar, cast
from uuid import UUID

from gensvar.kit.errors import BadInput, nearest
from gensvar.measure import Period
from gensvar.measure.moods import MOODS, Mood
from gensvar.measure.parse import parse_period, parse_where
from gensvar.measure.resolve import ASKABLE
from gensvar.text.search import Term, terms

Sort = Literal["newest", "oldest", "lowest", "highest"]
SORTS: tuple[Sort, ...] = ("newest", "oldest", "lowest", "highest")
BY_SCORE = frozenset({"lowest", "highest"})
MOST = 500
RANGE = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?)(?:\.\.(-?\d{1,9}(?:\.\d{1,6})?))?")
Choice = TypeVar("Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Span:
    """Scores from low to high, ends included, on the measure's own scale."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last voice on it. mark: where its score lies on the scale, for the sorts by score."""

    at: datetime
    id: str
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class VoiceQuery:
    """terms: what is searched for. where: dimension → values ('' means missing). measure: voices whose answer has a score of it.

    With a measure, the seven dimensions are those of the score, so that these are the voices behind its number. score: only those whose score is so.
    texts: only what was said in words. after: where the page before ended. limit: 1…500.
    """

    terms: tuple[Term, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    measure: str = ""
    score: Span | Mood | None = None
    period: Period | None = None
    texts: bool = True
    sort: Sort = "newest"
    after: Place | None = None
    limit: int = 25


def read_voices(
    words: str = "",
    where: str = "",
    measure: str = "",
    score: str = "",
    period: str = "",
    *,
    texts: bool = True,
    sort: str = "newest",
    after: str = "",
    limit: int = 25,
    today: date,
) -> VoiceQuery:
    """From text. BadInput for what cannot be understood, with the nearest.

    words: all of them, "an exact phrase", -not. where: market=NO,SE;kind=complaint. score: good, middle, bad, 4 or 1..2. sort: newest, oldest,
    lowest, highest. after: `next` of the page before. limit: 1…500.
    """
    asked = parse_where(where)
    for name in asked:
        _known(name, ASKABLE, "filter")
    by = cast("Sort", _known(sort or "newest", SORTS, "sort"))
    if by in BY_SCORE and not measure:
        raise BadInput(f"Voices can be sorted {by} score first for one measure only", do="Choose a measure, or sort by time.")
    if not 1 <= limit <= MOST:
        raise BadInput(f"A page has 1 to {MOST} voices, not {limit}")
    wanted = _score(score)
    if isinstance(wanted, Span) and not measure:
        raise BadInput("A range of scores means something on one scale only", do="Choose a measure, or ask for good or bad scores.")
    return VoiceQuery(
        terms(words), asked, measure, wanted, parse_period(period, today) if period.strip() else None, texts, by, _place(after, by), limit
    )


def _known(word: Choice, known: tuple[Choice, ...], what: str) -> Choice:
    if word not in known:
        raise BadInput(f"No {what} {word!r}", nearest=nearest(word, known), do=f"There are: {', '.join(known)}.")
    return word


def _score(text: str) -> Span | Mood | None:
    if not text:
        return None
    if text in MOODS:
        return text
    found = RANGE.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"The score {text!r} cannot be read", nearest=nearest(text, MOODS), do="Write good, middle, bad, one score, or two as 1..2.")
    low, high = float(found[1]), float(found[2] or found[1])
    if low > high:
        raise BadInput(f"The scores {text!r} end before they begin", do="Write the lower one first.")
    return Span(low, high)


def placed(place: Place | None) -> str:
    """A place as it stands in an address; empty for none."""
    if place is None:
        return ""
    said = f"{'' if place.mark is None else place.mark}~{place.at.isoformat()}~{place.id}"
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _place(text: str, sort: Sort) -> Place | None:
    if not text:
        return None
    try:
        mark, at, row = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").split("~")
        place = Place(datetime.fromisoformat(at).astimezone(UTC), str(UUID(row)), int(mark) if mark else None)
        possible = 1800 < place.at.year < 2300 and abs(place.mark or 0) < 10**12 and (place.mark is not None) == (sort in BY_SCORE)
    except (ValueError, OverflowError):
        possible = False
    if not possible:
        raise BadInput("This is no place in the list", where="in `after`", do="Begin at its first page, without `after`.")
    return place
