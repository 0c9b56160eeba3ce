"""Annotations as a reader may see, write and remove them."""

from collections.abc import Iterable, Mapping

from gensvar.contracts import DIMENSIONS
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound, nearest
from gensvar.kit.scope import Scope
from gensvar.ledger import Annotation
from gensvar.measure.periods import read_day

LONGEST = 200
Where = Mapping[str, tuple[str, ...]]


def visible(annotations: Iterable[Annotation], scope: Scope) -> tuple[Annotation, ...]:
    """Those that hold everywhere, and those whose where lies within the scope."""
    return tuple(a for a in annotations if all(set(values) <= scope.rows[d] for d, values in a.where.items() if d in scope.rows))


def standing(house: House, scope: Scope) -> tuple[Annotation, ...]:
    """Those on the charts that this scope may see, by day."""
    return visible(house.ledger.annotations.standing(), scope)


def fits(annotation: Annotation, measure: str, shown: Where) -> bool:
    """Whether it concerns a chart of this measure that shows these values (a dimension left out is shown whole)."""
    if annotation.measure not in {"", measure}:
        return False
    return all(set(values) & set(shown[d]) for d, values in annotation.where.items() if d in shown)


def partly(annotation: Annotation, shown: Where) -> Where:
    """Where it holds, as far as the chart shows more than that: what its label must say."""
    return {d: values for d, values in annotation.where.items() if not (d in shown and set(shown[d]) <= set(values))}


def add(house: House, scope: Scope, who: str, day: str, text: str, measure: str, where: Where) -> int:
    """Its number. BadInput for a day or a text that cannot be; NotAllowed for a place outside the scope.

    What the scope limits is written into the annotation, so that a note about one market is not shown to another.
    """
    on, said = read_day(day), " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise BadInput("An annotation says in a few words what happened", do=f"Write 1 to {LONGEST} characters.")
    if measure:
        house.ledger.measures.all().versions(measure)
    number = house.ledger.annotations.add(on, said, measure, _within(where, scope), who)
    house.ledger.audit.append(who, "annotate", f"annotation {number}", {"day": on.isoformat(), "measure": measure})
    return number


def remove(house: House, scope: Scope, who: str, number: int, *, anybodys: bool) -> Annotation:
    """The annotation that no longer stands. NotFound where the scope does not show it; NotAllowed for another's, unless `anybodys`."""
    found = house.ledger.annotations.get(number)
    if not visible([found], scope):
        raise NotFound(f"No annotation {number}", do="It may have been removed; load the page again.")
    if found.by != who and not anybodys:
        raise NotAllowed("This annotation is another’s", do="Ask whoever wrote it, or an administrator.")
    house.ledger.annotations.remove(number)
    house.ledger.audit.append(who, "remove annotation", f"annotation {number}", {"by": found.by})
    return found


def _within(where: Where, scope: Scope) -> Where:
    for dimension, values in where.items():
        if dimension not in DIMENSIONS:
            raise BadInput(f"No dimension {dimension!r}", nearest=nearest(dimension, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
        outside = set(values) - scope.rows.get(dimension, frozenset(values))
        if outside:
            raise NotAllowed(f"{min(outside)!r} is outside what you may see", where=dimension, do="Note what concerns your own part.")
    limits = {d: tuple(sorted(values)) for d, values in scope.rows.items() if d in DIMENSIONS}
    return limits | {d: tuple(values) for d, values in where.items() if values}
