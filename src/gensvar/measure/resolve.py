"""resolve: names become definitions, rights become filters, and the comparison becomes days and values. Refuses what cannot be meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gensvar.contracts.daily import SAID
from gensvar.contracts.feedback import DIMENSIONS
from gensvar.contracts.measures import Measure, Measures
from gensvar.contracts.tone import TONE
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope
from gensvar.measure import periods
from gensvar.measure.metrics import metric_of
from gensvar.measure.question import GRAINS, Against, Period, Question

ASKABLE = (*DIMENSIONS, "audience", "source", "kind", "language", *SAID)
Values = tuple[tuple[str, frozenset[str | None]], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Which rows one side of an answer is counted from: the days, and for each dimension the values allowed (None: missing)."""

    period: Period | None
    values: Values

    @property
    def empty(self) -> bool:
        """Whether the reader's rights leave nothing of what was asked for."""
        return any(not allowed for _, allowed in self.values)


@dataclass(frozen=True, slots=True)
class Resolved:
    """this: what was asked about; that: what it is compared with. named: dimensions whose values were named. dims: all that must be counted by."""

    question: Question
    versions: tuple[Measure, ...]
    this: Side
    that: Side | None
    named: tuple[str, ...]
    dims: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Every dimension that the table it is counted from must have."""
        sides = (self.this,) if self.that is None else (self.this, self.that)
        return frozenset(self.dims) | {name for side in sides for name, _ in side.values}


def resolve(question: Question, measures: Measures, scope: Scope) -> Resolved:
    """NotFound for an unknown measure; BadInput for an unknown dimension or a comparison that cannot be made."""
    versions = measures.versions(question.measure)
    for version in versions:
        metric_of(version)
    group = question.compare.group if question.compare else {}
    _check_names(question, group)
    _check_said(question, group)
    this = Side(question.period and periods.check(question.period), _allowed(question.where, scope))
    named = tuple(dict.fromkeys((*question.where, *group)))
    dims = tuple(dict.fromkeys((*question.by, *named, "audience")))
    return Resolved(question, versions, this, _that(question, scope), named, dims)


def _check_names(question: Question, group: Mapping[str, Sequence[str]]) -> None:
    for name in (*question.by, *question.where, *group):
        if name not in ASKABLE:
            raise BadInput(f"No dimension {name!r}", nearest=nearest(name, ASKABLE), do=f"Dimensions: {', '.join(ASKABLE)}.")
    for name, values in (*question.where.items(), *group.items()):
        if not values:
            raise BadInput(f"No value is given for {name!r}", do=f"Name one or more, as {name}=…, or leave it out.")
    if len(set(question.by)) < len(question.by):
        raise BadInput("A dimension is named twice in `by`", do="Name each once.")
    if question.grain is not None and question.grain not in GRAINS:
        raise BadInput(f"No grain {question.grain!r}", nearest=nearest(question.grain, GRAINS), do=f"Grains: {', '.join(GRAINS)}.")


def _check_said(question: Question, group: Mapping[str, Sequence[str]]) -> None:
    """Topics and reasons are of texts: only what is read from texts can be cut by them, and by one of the two."""
    said = [name for name in SAID if name in {*question.by, *question.where, *group}]
    if said and question.measure.partition("@")[0] != TONE.id:
        raise BadInput(f"{question.measure} is not of texts, so it has no {said[0]}", do=f"Ask for {TONE.id} by {said[0]}.")
    if len(said) > 1:
        raise BadInput("A question can be cut by topic or by reason, not by both", do="Leave one of them out.")


def _allowed(where: Mapping[str, Sequence[str]], scope: Scope) -> Values:
    """What was asked for, within what the reader may see. A dimension that the scope limits is limited whether it was named or not."""
    allowed: dict[str, frozenset[str | None]] = {name: frozenset(v or None for v in values) for name, values in where.items()}
    for name, seen in scope.rows.items():
        may: frozenset[str | None] = frozenset(v or None for v in seen)
        allowed[name] = allowed[name] & may if name in allowed else may
    return tuple(sorted(allowed.items()))


def _that(question: Question, scope: Scope) -> Side | None:
    compare = question.compare
    if compare is None:
        return None
    if compare.how == "group":
        return _other_group(question, compare, scope)
    if compare.how == "rest":
        _check_rest(question)
        return None
    return Side(_other_period(question, compare), _allowed(question.where, scope))


def _check_rest(question: Question) -> None:
    """The rest is counted from the same rows, so it is no side of its own; but there must be one."""
    if not question.by:
        raise BadInput("The whole has no rest to be compared with", do="Cut by a dimension, as by market.")


def _other_group(question: Question, compare: Against, scope: Scope) -> Side:
    if not compare.group:
        raise BadInput("The group to compare with is not named", do="Name it, as market=SE.")
    apart = any(
        name in question.by or (name in question.where and not set(question.where[name]) & set(values)) for name, values in compare.group.items()
    )
    if not apart:
        raise BadInput("A group cannot be compared with a part of itself", do="Cut by that dimension, or filter on other values of it.")
    return Side(question.period, _allowed({**question.where, **compare.group}, scope))


def _other_period(question: Question, compare: Against) -> Period:
    period = question.period
    if period is None:
        raise BadInput("Without a period there is nothing before it to compare with", do="Name a period, as 2026-Q3 or last month.")
    if compare.how == "period":
        if compare.period is None:
            raise BadInput("The period to compare with is not named", do="Name it, as 2025-Q3.")
        other = compare.period
    else:
        other = periods.before(period) if compare.how == "previous" else periods.year_before(period)
    if not periods.apart(period, periods.check(other)):
        raise BadInput("The two periods share days, so their answers cannot be compared", do="Name two periods that do not overlap.")
    return other
