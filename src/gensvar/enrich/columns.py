"""What was understood of a text, as the columns of `feedback` hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from gensvar.contracts.table import LIST, NUMBER, TEXT
from gensvar.contracts.tone import TONE
from gensvar.contracts.topics import Taxonomy
from gensvar.text.labels import CAUSES
from gensvar.text.reading import Judgement, Reading

EFFORT_CAUSES = frozenset(CAUSES[4:])
EASE = ("usability", "onboarding", "account", "information", "booking", "returns")
EASY = 0.4  # a tone towards any of these from which on a text tells of ease
READ: Mapping[str, pa.DataType] = {
    "language": TEXT, "sentiment": NUMBER, "topics": LIST, "tones": LIST, "reasons": LIST, "intent": TEXT, "effort": NUMBER, "certainty": NUMBER,
    "enriched_by": TEXT,
}  # fmt: skip
"""The columns that reading a text fills."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One field for each column of READ. A text that says nothing has a version and nothing else."""

    language: str | None
    sentiment: float | None
    topics: tuple[str, ...] | None
    tones: tuple[str, ...] | None
    reasons: tuple[str, ...] | None
    intent: str | None
    effort: float | None
    certainty: float | None
    enriched_by: str


def understood(reading: Reading, taxonomy: Taxonomy, version: str) -> Understood:
    """A reading in the words of the taxonomy in force. A sub-topic brings the topic that it is part of, with the strongest tone of its parts."""
    if not reading.said:
        return Understood(reading.language, None, None, None, None, None, None, None, version)
    whole = reading.whole
    tones = _tones(whole, taxonomy)
    said = tuple(f"{topic}={stepped(value):g}" for topic, value in tones.items())
    return Understood(
        reading.language,
        stepped(whole.value),
        tuple(tones),
        said,
        _reasons(whole),
        whole.intent,
        _effort(whole, tones),
        round(whole.certainty, 4),
        version,
    )


def stepped(tone: float) -> float:
    """The tone in whole steps, so that sums over any rows in any order are the same to the last bit.

    >>> stepped(-0.8), stepped(1)
    (-0.796875, 1.0)
    """
    return round(tone / TONE.step) * TONE.step


def _tones(whole: Judgement, taxonomy: Taxonomy) -> dict[str, float]:
    """Topic → its tone; where a topic is met twice, the stronger tone counts."""
    tones: dict[str, float] = {}
    for one in whole.topics:
        for name in taxonomy.whole([one.topic]):
            if abs(one.value) >= abs(tones.get(name, 0.0)):
                tones[name] = one.value
    return tones


def _reasons(whole: Judgement) -> tuple[str, ...]:
    felt = () if whole.emotion == "none" else (f"emotion.{whole.emotion}",)
    return (f"intent.{whole.intent}", *felt, *(f"cause.{c}" for c in whole.causes), *(f"mark.{m}" for m in whole.flags))


def _effort(whole: Judgement, tones: Mapping[str, float]) -> float | None:
    """1 where a cause of effort is told, 0 where something is told to be easy, None where neither is: silence is not ease."""
    if EFFORT_CAUSES.intersection(whole.causes):
        return 1.0
    return 0.0 if any(tones.get(name, 0.0) >= EASY for name in EASE) else None


def with_columns(rows: pa.Table, places: Sequence[int], found: Sequence[Understood]) -> pa.Table:
    """The rows with the columns of READ, filled at these places; elsewhere a language that was told stays, and the rest is null."""
    told = rows["language"].to_pylist() if "language" in rows.column_names else [None] * rows.num_rows
    for name, kind in READ.items():
        values: list[object] = list(told) if name == "language" else [None] * rows.num_rows
        for at, one in zip(places, found, strict=True):
            values[at] = getattr(one, name)
        column = pa.array(values, kind)
        rows = rows.set_column(rows.column_names.index(name), name, column) if name in rows.column_names else rows.append_column(name, column)
    return rows
