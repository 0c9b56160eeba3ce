"""The cube as a table expression: feedback in, counts per UTC day, measure and dimensions out. The same on every engine."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import ibis

from gensvar.contracts.daily import BINS, COUNT_COLUMNS, Cube
from gensvar.contracts.measures import BIN_COUNT, Measure, Measures
from gensvar.contracts.tone import TONE
from gensvar.measure.histogram import CLOSE


def count(feedback: ibis.Table, cube: Cube, measures: Measures) -> ibis.Table:
    """Counts of `feedback` in the columns of `cube.table`, one row per UTC day × measure × dimensions of the cube.

    Rows without a score are counted under measure '' with n alone. A score that is off its scale, or of an unknown measure, is counted in nothing.
    A text that was understood is counted once more under `tone@1`; by topic or reason, once for each that it holds, and nothing else is.
    The same measures give the same expression, so that an engine compiles it once.
    """
    return _counted(feedback.op(), cube, by_scale(measures))


@lru_cache(maxsize=64)
def _counted(op: Any, cube: Cube, scales: "Scales") -> ibis.Table:
    feedback = op.to_expr()
    is_read = any(TONE.key in keys for _, keys in scales)
    if cube.each:
        said = _each(feedback, cube)
        return _grouped(said if is_read else said.filter(ibis.literal(False)), cube, scales)
    rows = _grouped(feedback, cube, scales)
    return ibis.union(rows, _grouped(toned(feedback), cube, scales)) if is_read else rows


def _grouped(feedback: ibis.Table, cube: Cube, scales: "Scales") -> ibis.Table:
    places = feedback.mutate(place=bin_expression(feedback, scales))
    scored = places.place.notnull()
    used = places.filter(scored | places.score.isnull())
    used = used.mutate(
        day=used.occurred_at.date(),
        measure=ibis.ifelse(used.place.notnull(), used.measure, ""),
        score=ibis.ifelse(used.place.notnull(), used.score, 0.0),
    )
    keys = ("day", "measure", *cube.by)
    return used.group_by(*keys).agg(**counts(used)).select(*cube.table.names)


def once(cube: ibis.Table) -> ibis.Table:
    """The lines of a cube in which each row of `feedback` is counted once: without those of its tone."""
    return cube.filter(cube.measure != TONE.key)


def toned(feedback: ibis.Table) -> ibis.Table:
    """The rows whose text was understood, each with its tone for a score."""
    read = feedback.filter(feedback.sentiment.notnull())
    return read.mutate(measure=ibis.literal(TONE.key), score=read.sentiment)


def _each(feedback: ibis.Table, cube: Cube) -> ibis.Table:
    """One row for each topic (with its own tone) or each reason (with the tone of the text) that a text holds."""
    read = toned(feedback)
    if cube.each == "reason":
        return read.mutate(reason=read.reasons.unnest())
    parted = read.mutate(said=read.tones.unnest())
    return parted.mutate(topic=parted.said.split("=")[0], score=parted.said.split("=")[1].cast("float64")).drop("said")


def summed(larger: ibis.Table, cube: Cube) -> ibis.Table:
    """The rows of a cube that is summed up from a larger one, which has all its dimensions. Exact: counts add."""
    sums = {column.name: larger[column.name].sum() for column in COUNT_COLUMNS}
    return larger.group_by("day", "measure", *cube.by).agg(**sums).select(*cube.table.names)


def counts(rows: ibis.Table) -> dict[str, Any]:
    """n, Σ, Σ² and the eleven counts, for any group_by over rows with `place` and `score`."""
    return {
        "n": rows.count(),
        "total": rows.score.sum(),
        "squares": (rows.score * rows.score).sum(),
        **{name: rows.count(where=rows.place == i) for i, name in enumerate(BINS)},
    }


def bin_expression(feedback: ibis.Table, scales: "Scales") -> Any:
    """Which of the eleven counts each row belongs to, 0…10; null when it is in none. One branch for each scale, not for each measure."""
    branches = [
        (feedback.measure.isin(keys), _place(feedback.score, Measure(id="any", version=1, metric="scale", **s._asdict()))) for s, keys in scales
    ]
    return ibis.cases(*branches) if branches else ibis.null("int8")


class Scale(NamedTuple):
    low: float
    high: float
    step: float


Scales = tuple[tuple[Scale, tuple[str, ...]], ...]


def by_scale(measures: Iterable[Measure]) -> Scales:
    """Each scale, with the keys of the measures that share it."""
    keys: dict[Scale, list[str]] = {}
    for measure in measures:
        keys.setdefault(Scale(measure.low, measure.high, measure.step), []).append(measure.key)
    return tuple((scale, tuple(names)) for scale, names in keys.items())


def _place(score: Any, measure: Measure) -> Any:
    """The rule of `histogram.bin_of` as an expression."""
    steps = (score - measure.low) / measure.width
    on_scale = score.between(measure.low - CLOSE, measure.high + CLOSE)
    if measure.exact:
        place = steps.round().cast("int8")
        return ibis.ifelse(on_scale & ((steps - place).abs() < CLOSE), place, None)
    place = ibis.greatest(0, ibis.least(BIN_COUNT - 1, steps.floor())).cast("int8")
    return ibis.ifelse(on_scale, place, None)
