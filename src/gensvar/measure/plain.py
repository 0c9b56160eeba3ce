"""An answer as plain JSON types: what the API and `--json` print."""

from typing import Any

from gensvar.measure.answer import Answer, Change, Estimate, Group, Hidden, NotComparable, TooFew, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.measure.parse import question_address

Plain = dict[str, Any]


def answer_json(answer: Answer) -> Plain:
    """The whole answer. Each verdict says what it is in `verdict`: estimate, too_few, hidden or not_comparable."""
    return {
        "sentence": answer.sentence,
        "language": answer.language,
        "question": question_address(answer.question),
        "period": _period(answer),
        "groups": [group_json(group) for group in answer.groups],
        "notes": list(answer.notes),
        "source": answer.source,
        "epoch": answer.epoch,
    }


def _period(answer: Answer) -> Plain | None:
    period = answer.question.period
    return None if period is None else {"first": period.first.isoformat(), "last": period.last.isoformat(), "label": period.label}


def group_json(group: Group) -> Plain:
    """One group. unit: share (0…1), points (−100…100) or scale (the measure's own, low…high)."""
    measure, metric = group.measure, metric_of(group.measure)
    return {
        "key": dict(group.key),
        "measure": measure.key,
        "metric": metric.name,
        "unit": metric.unit,
        "range": list(metric.range(measure)),
        "better": measure.better,
        **verdict_json(group.verdict),
        "parts": dict(group.parts),
        "trend": [{"start": point.start.isoformat(), **verdict_json(point.verdict)} for point in group.trend],
        "change": None if group.change is None else change_json(group.change),
        "sentence": group.sentence,
    }


def verdict_json(verdict: Verdict) -> Plain:
    """One verdict; a number is never given without its interval and n."""
    match verdict:
        case Estimate(value, low, high, n):
            return {"verdict": "estimate", "value": value, "low": low, "high": high, "n": n}
        case TooFew(n, least):
            return {"verdict": "too_few", "n": n, "least": least}
        case Hidden(why):
            return {"verdict": "hidden", "why": why}
        case NotComparable(why):
            return {"verdict": "not_comparable", "why": why}


def change_json(change: Change) -> Plain:
    """One change; numbers are null where nothing could be compared."""
    return {
        "move": change.move,
        "then": verdict_json(change.then),
        "difference": change.difference,
        "low": change.low,
        "high": change.high,
        "p": change.p,
        "q": change.q,
        "more": change.more,
    }
