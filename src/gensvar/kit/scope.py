"""A scope says which rows, which columns and which smallest group its holder may see. There is no optional filter to forget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

EMPLOYEE_FLOOR = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """rows: dimension → the values allowed (a dimension left out is not limited). free_text: whether text may be read.

    least: audience → the smallest group whose numbers may be shown; employees never below 5.
    """

    rows: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    free_text: bool = True
    least: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def smallest_group(self, audience: str | None) -> int:
        """The fewest answers that may stand behind a number shown about this audience; an unknown audience is treated as employees."""
        floor = 1 if audience in {"customer", "partner", "owner", "public"} else EMPLOYEE_FLOOR
        return max(floor, self.least.get(audience or "", floor))


def whole() -> Scope:
    """Every row and column: for the flow itself, and for the person who holds the data folder."""
    return Scope()
