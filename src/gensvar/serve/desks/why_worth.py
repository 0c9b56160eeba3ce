"""What the desks of onboarding, feature value, employees and customers share: whose numbers they are, and whether last night's finding will do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from gensvar.explaining.part import can_be_parted, least_of
from gensvar.kit.scope import Scope
from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """value: what is found; made_at: when, None where it was worked out for the asking."""

    value: T
    made_at: datetime | None = None


def found(
    desk: HouseDesk, kind: str, asked: U, usual: U, read: Callable[[Mapping[str, Any]], T] | None, make: Callable[[Scope], T]
) -> Told[T] | Hidden:
    """What is found of customers, within the reader's scope: what the last night kept where `read` can take it, else worked out for her.

    Hidden("scope"): her scope is limited by what one customer has several of, so that she stands on both sides of it. Hidden("small_group"): of few
    people nothing may be shown to her, and what is asked in another way than `usual` would show them beside the usual.
    """
    scope = desk.scope
    if not can_be_parted(scope):
        return Hidden("scope")
    few = least_of(desk.house, scope) > 1
    if few and asked != usual:
        return Hidden("small_group")
    kept = desk.house.ledger.findings.latest(kind) if read is not None and not few and not scope.rows else None
    if kept is not None and read is not None:
        return Told(read(kept.body), kept.made_at)
    return Told(desk.kept((kind, asked), lambda: make(scope)))
