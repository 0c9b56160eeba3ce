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

Sort = Literal["best", "newest", "oldest", "lowest", "highest"]
SORTS: tuple[Sort, ...] = ("best", "newest", "oldest", "lowest", "highest")
By = Literal["words", "meaning", "both"]
BYS: tuple[By, ...] = ("words", "meaning", "both")
BY_SCORE = frozenset({"lowest", "highest"})
BY_MARK = BY_SCORE | {"best"}
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
    texts: only what was said in words. after: where the page before ended. limit: 1…500. said: the words as they were asked for. by: how they are
    to be found. like: the id of a voice; those nearest to it in meaning.
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
    said: str = ""
    by: By = "words"
    like: str = ""

    @property
    def by_meaning(self) -> bool:
        """Whether what is near in meaning is asked for too."""
        return bool(self.like or (self.said and self.by != "words"))


def read_voices(
    words: str = "",
    where: str = "",
    measure: str = "",
    score: str = "",
    period: str = "",
    *,
    texts: bool = True,
    sort: str = "",
    after: str = "",
    limit: int = 25,
    by: str = "",
    like: str = "",
    today: date,
) -> VoiceQuery:
    """From text. BadInput for what cannot be understood, with the nearest.

    words: all of them, "an exact phrase", -not. where: market=NO,SE;kind=complaint. score: good, middle, bad, 4 or 1..2. sort: best, newest,
    oldest, lowest, highest. after: `next` of the page before. limit: 1…500. by: words, meaning, both. like: a voice's id.
    """
    asked = parse_where(where)
    for name in asked:
        _known(name, ASKABLE, "filter")
    found_by = cast("By", _known(by or "words", BYS, "way of searching"))
    near = bool(like or (words.strip() and found_by != "words"))
    order = _sort(sort, measure, near=near, words=bool(words.strip()))
    if not 1 <= limit <= MOST:
        raise BadInput(f"A page has 1 to {MOST} voices, not {limit}")
    wanted = _score(score)
    if isinstance(wanted, Span) and not measure:
        raise BadInput("A range of scores means something on one scale only", do="Choose a measure, or ask for good or bad scores.")
    when = parse_period(period, today) if period.strip() else None
    place, said = _place(after, order), words.strip()
    return VoiceQuery(terms(words), asked, measure, wanted, when, texts or near, order, place, limit, said, found_by, _row(like))


def _sort(sort: str, measure: str, *, near: bool, words: bool) -> Sort:
    """The order asked for; the best first where nearness in meaning decides what is found, else the newest."""
    chosen = cast("Sort", _known(sort or ("best" if near else "newest"), SORTS, "sort"))
    if chosen in BY_SCORE and not measure:
        raise BadInput(f"Voices can be sorted {chosen} score first for one measure only", do="Choose a measure, or sort by time.")
    if chosen == "best" and not near and not words:
        raise BadInput("Which voice fits best depends on what is searched for", do="Search for words, or sort by time.")
    if chosen in BY_SCORE and near:
        raise BadInput("What is near in meaning is sorted by how near it is, or by time", do="Sort best, newest or oldest first.")
    return chosen


def _row(text: str) -> str:
    """The id of a row, as the hub writes it; empty for none."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise BadInput("This is no voice's id", where="in `like`", do="The list of voices gives their ids.") from None


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
        possible = 1800 < place.at.year < 2300 and abs(place.mark or 0) < 10**12 and (place.mark is not None) == (sort in BY_MARK)
    except (ValueError, OverflowError):
        possible = False
    if not possible:
        raise BadInput("This is no place in the list", where="in `after`", do="Begin at its first page, without `after`.")
    return place
