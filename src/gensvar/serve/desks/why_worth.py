"""What the desks of onboarding, feature value, employees and customers share: whose numbers they are, and whether last night's will do."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """value: what is found; made_at: when, None where it was worked out for the asking."""

    value: T
    made_at: datetime | None = None


def found(desk: HouseDesk, kind: str, asked: Hashable, read: Callable[[Mapping[str, Any]], T] | None, make: Callable[[int], T]) -> Told[T] | Hidden:
    """What is found of customers over the whole house; Hidden(scope) for a reader whose scope limits rows: paths of customers cross every such line.

    read: from what the last night kept, where that answers what is asked. make: given the fewest people that a number may be about.
    """
    if desk.scope.rows:
        return Hidden("scope")
    floor = desk.scope.smallest_group("customer")
    kept = desk.house.ledger.findings.latest(kind) if read is not None and floor <= 1 else None
    if kept is not None and read is not None:
        return Told(read(kept.body), kept.made_at)
    return Told(desk.kept((kind, asked), lambda: make(floor)))
