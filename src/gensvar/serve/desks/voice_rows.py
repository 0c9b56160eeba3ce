"""The rows behind Voices as table expressions, the same on every engine. Each begins with the rows that the reader may see, one by one."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

import ibis

from gensvar.contracts import AUDIENCES, DIMENSIONS, Measure, Measures
from gensvar.hub.within import within
from gensvar.kit.scope import Scope
from gensvar.measure import Period
from gensvar.measure.moods import Mood, bounds
from gensvar.measure.periods import ONE_DAY
from gensvar.measure.plan import one_of
from gensvar.serve.desks.voice_query import BY_SCORE, Place, Sort, Span, VoiceQuery
from gensvar.serve.desks.voice_search import Having, written

SAID = ("text", "choice", "local_kind", "attrs")  # what a respondent or a source may have filled with words of its own
LISTS = {"topic": "topics", "reason": "reasons"}
PARTS = 1_000_000


def shown_audiences(scope: Scope, protected: frozenset[str]) -> tuple[str, ...]:
    """The audiences of which one person's answer may be shown: not the protected ones, nor any whose smallest group is larger than one."""
    return tuple(a for a in AUDIENCES if a not in protected and scope.smallest_group(a) == 1)


def seen(feedback: ibis.Table, scope: Scope, protected: frozenset[str]) -> ibis.Table:
    """The rows that may be shown one by one; without the right to text, without all that may hold words of a respondent."""
    rows = within(feedback, scope)
    rows = rows.filter(one_of(rows.audience, frozenset(shown_audiences(scope, protected))))
    return rows if scope.free_text else rows.mutate(**{name: ibis.null(rows[name].type()) for name in SAID})


def found(rows: ibis.Table, query: VoiceQuery, measures: Measures, having: Having | None = None) -> ibis.Table:
    """id, occurred_at and mark of every voice asked for. mark: where its score lies on its scale, in whole millionths; null unless sorted by it.

    having: of which rows the text has what is searched for; without it, as it is written.
    """
    if query.sort not in BY_SCORE or not (query.measure or query.score is not None):
        return chosen(rows, query, measures, having).select("id", "occurred_at", mark=ibis.null("int64"))
    versions = _versions(query, measures)
    scored = _scored(rows, query, versions)
    place = _place_on_scale(scored, versions)
    marks = scored.group_by("response").agg(mark=place.min() if query.sort == "lowest" else place.max())
    return _said(rows, query, having).inner_join(marks, "response").select("id", "occurred_at", "mark")


def chosen(rows: ibis.Table, query: VoiceQuery, measures: Measures, having: Having | None = None) -> ibis.Table:
    """The voices asked for as whole rows, in no order."""
    said = _said(rows, query, having)
    if not query.measure and query.score is None:
        return said
    return said.semi_join(_scored(rows, query, _versions(query, measures)), "response")


def _said(rows: ibis.Table, query: VoiceQuery, having: Having | None) -> ibis.Table:
    """The rows that are as asked for themselves, whatever scores were given beside them."""
    tests = _tests(rows, query)
    return (having or written(query.terms)).rows(rows.filter(*tests) if tests else rows)


def _versions(query: VoiceQuery, measures: Measures) -> Sequence[Measure]:
    return measures.versions(query.measure) if query.measure else tuple(measures)


def _tests(rows: ibis.Table, query: VoiceQuery) -> list[Any]:
    """What the voice itself must fulfil."""
    scored = bool(query.measure)
    tests = [_is_one_of(rows, n, values) for n, values in sorted(query.where.items()) if not (scored and n in DIMENSIONS)]
    tests += during(rows, query.period)
    if query.texts or query.terms:
        tests += [rows.text.notnull(), rows.text != ""]
    return tests


def _is_one_of(rows: ibis.Table, name: str, values: Sequence[str]) -> Any:
    """Whether a row has one of these values of a dimension; of topics and reasons, whether any of those of its text is among them."""
    if name in LISTS:
        return ibis.or_(ibis.literal(False), *(rows[LISTS[name]].contains(value) for value in values))
    return one_of(rows[name], frozenset(v or None for v in values))


def _scored(rows: ibis.Table, query: VoiceQuery, versions: Sequence[Measure]) -> ibis.Table:
    """The answers that have a score as asked for: they make the number that these voices stand behind."""
    tests = [rows.score.notnull(), _is_asked_for(rows, versions, query.score), *during(rows, query.period)]
    if query.measure:
        tests += [one_of(rows[n], frozenset(v or None for v in values)) for n, values in sorted(query.where.items()) if n in DIMENSIONS]
    return rows.filter(*tests)


def _is_asked_for(rows: ibis.Table, versions: Sequence[Measure], wanted: Span | Mood | None) -> Any:
    """Whether the row is an answer to one of these, and its score is so."""
    if wanted is None:
        return rows.measure.isin([m.key for m in versions]) if versions else ibis.literal(False)
    tests = [ibis.literal(False)]
    for m in versions:
        low, high = (wanted.low, wanted.high) if isinstance(wanted, Span) else bounds(m, wanted)
        tests.append((rows.measure == m.key) & rows.score.between(low, high))
    return ibis.or_(*tests)


def _place_on_scale(rows: ibis.Table, versions: Sequence[Measure]) -> Any:
    """Whole millionths of the way from the low end of the measure's scale to the high end, so that versions stand beside each other."""
    steps = [(rows.measure == m.key, ((rows.score - m.low) / (m.high - m.low) * PARTS).round()) for m in versions]
    return ibis.cases(*steps).cast("int64")


def during(rows: ibis.Table, *periods: Period | None) -> list[Any]:
    """Whether a row lies in any of the periods; no test where one of them is None."""
    moments = [(datetime.combine(p.first, time(), UTC), datetime.combine(p.last + ONE_DAY, time(), UTC)) for p in periods if p is not None]
    if len(moments) < len(periods):
        return []
    return [ibis.or_(*((rows.occurred_at >= start) & (rows.occurred_at < end) for start, end in moments))]


def page(voices: ibis.Table, sort: Sort, after: Place | None, limit: int) -> ibis.Table:
    """The next voices in this order; which come after a place depends on nothing that arrives later."""
    rows = voices if after is None else voices.filter(*_behind(voices, sort, after))
    late = (ibis.desc("occurred_at"), ibis.desc("id"))
    order = {"newest": late, "oldest": ("occurred_at", "id"), "lowest": ("mark", *late), "highest": (ibis.desc("mark"), *late)}
    return rows.order_by(*order[sort]).limit(limit)


def _behind(rows: ibis.Table, sort: Sort, after: Place) -> list[Any]:
    row = ibis.literal(after.id, rows.id.type())
    if sort == "oldest":
        return [rows.occurred_at >= after.at, (rows.occurred_at > after.at) | (rows.id > row)]
    earlier = (rows.occurred_at < after.at) | ((rows.occurred_at == after.at) & (rows.id < row))
    if sort == "newest":
        return [rows.occurred_at <= after.at, earlier]
    farther = rows.mark > after.mark if sort == "lowest" else rows.mark < after.mark
    return [farther | ((rows.mark == after.mark) & earlier)]


def by_ids(rows: ibis.Table, ids: Iterable[str]) -> ibis.Table:
    """The rows with these ids, which lie between the least and the greatest, so that the engine reads little."""
    kind, wanted = rows.id.type(), sorted(ids)
    low, high = (ibis.literal(i, kind) for i in (wanted[0], wanted[-1]))
    return rows.filter(rows.id >= low, rows.id <= high, rows.id.isin([ibis.literal(i, kind) for i in wanted]))
