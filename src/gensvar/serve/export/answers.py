"""An answer as one tidy table: a row for each group, and for each step of its trend. A number never stands without its interval."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from gensvar.kit.version import VERSION
from gensvar.measure.answer import Answer, Change, Estimate, Group, TooFew, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.measure.plain import answer_json, verdict_json
from gensvar.serve.export.tables import FORM

PER_CENT = "0.0%"
OF_VALUE = ("value", "low", "high")
OF_CHANGE = ("before", "before_low", "before_high", "difference", "difference_low", "difference_high")
COLUMNS: Mapping[str, pa.DataType] = {
    "step": pa.date32(), "measure": pa.string(), "version": pa.int32(), "metric": pa.string(), "value_unit": pa.string(), "verdict": pa.string(),
    "value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "n": pa.int64(), "least": pa.int64(), "move": pa.string(),
    "before": pa.float64(), "before_low": pa.float64(), "before_high": pa.float64(), "before_n": pa.int64(),
    "difference": pa.float64(), "difference_low": pa.float64(), "difference_high": pa.float64(), "q": pa.float64(), "more": pa.int64(),
    "sentence": pa.string(),
}  # fmt: skip
Row = dict[str, Any]


def answer_table(answer: Answer) -> pa.Table:
    """The dimensions asked for, then COLUMNS. low…high and their kin are 95 % intervals in the metric's unit (`value_unit`; a share is 0…1).

    step: first day of a trend's step, empty for the whole. verdict: estimate, too_few, hidden or not_comparable; only an estimate has a value.
    least: how many answers it takes before there is a number; more: how many further ones before a change could be seen.
    """
    rows = [row for group in answer.groups for row in _rows(group)]
    columns = [_column(rows, field) for field in _fields(answer)]
    return pa.table(columns, schema=pa.schema(_fields(answer)))


def _fields(answer: Answer) -> list[pa.Field]:
    shares = bool(answer.groups) and all(metric_of(g.measure).unit == "share" for g in answer.groups)
    form = {FORM: PER_CENT.encode()} if shares else None
    keys = [pa.field(name, pa.string()) for name in answer.question.by]
    return [*keys, *(pa.field(name, kind, metadata=form if name in (*OF_VALUE, *OF_CHANGE) else None) for name, kind in COLUMNS.items())]


def _column(rows: list[Row], field: pa.Field) -> pa.Array:
    return pa.array([row.get(field.name) for row in rows], field.type)


def _rows(g: Group) -> Iterator[Row]:
    metric = metric_of(g.measure)
    alike = {**g.key, "measure": g.measure.id, "version": g.measure.version, "metric": metric.name, "value_unit": metric.unit}
    yield alike | _of_verdict(g.verdict) | _of_change(g.change) | {"sentence": g.sentence}
    for point in g.trend:
        yield alike | {"step": point.start} | _of_verdict(point.verdict)


def _of_verdict(v: Verdict) -> Row:
    found = verdict_json(v)
    return {name: found.get(name) for name in ("verdict", *OF_VALUE, "n", "least")}


def _of_change(c: Change | None) -> Row:
    if c is None:
        return {}
    row: Row = {"move": c.move, "difference": c.difference, "difference_low": c.low, "difference_high": c.high, "q": c.q, "more": c.more}
    if isinstance(c.then, Estimate):
        row |= {"before": c.then.value, "before_low": c.then.low, "before_high": c.then.high}
    return row | ({"before_n": c.then.n} if isinstance(c.then, Estimate | TooFew) else {})


def about(answer: Answer) -> dict[str, Any]:
    """What was asked, and what a careful reader should know: goes with the table in XLSX and Parquet."""
    found = answer_json(answer)
    return {name: found[name] for name in ("sentence", "question", "period", "notes", "language", "source", "epoch")} | {"gensvar": VERSION}


def about_table(answer: Answer) -> pa.Table:
    """The same as two columns of text, for a second sheet."""
    rows = list(_flat("", about(answer)))
    return pa.table(
        {"what": [name for name, _ in rows], "is": [text for _, text in rows]}, schema=pa.schema({"what": pa.string(), "is": pa.string()})
    )


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _flat(f"{name}.{part}" if name else str(part), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(name, inner)
    elif value is not None:
        yield name, str(value)
