"""A scope says which rows, which columns and which smallest group its holder may see. There is no optional filter to forget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

EMPLOYEE_FLOOR = 5
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scope:
    """rows: dimension → the values allowed ('' means missing; a dimension left out is not limited). free_text: whether text may be read.

    least: audience → the smallest group whose numbers may be shown; employees never below 5. Scopes that say the same are equal and hash alike.
    """

    rows: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING)
    free_text: bool = True
    least: Mapping[str, int] = field(default_factory=lambda: NOTHING)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Scope":
        """The scope that `as_json` wrote; an empty mapping limits nothing."""
        rows: Mapping[str, Iterable[str]] = plain.get("rows", {})
        least: Mapping[str, int] = plain.get("least", {})
        return cls({name: frozenset(map(str, values)) for name, values in rows.items()}, bool(plain.get("free_text", True)), dict(least))

    def as_json(self) -> dict[str, Any]:
        """Plain types, for the ledger and for pages: sorted, so that equal scopes are written alike."""
        rows = {name: sorted(values) for name, values in sorted(self.rows.items())}
        return {"rows": rows, "free_text": self.free_text, "least": dict(sorted(self.least.items()))}

    def __hash__(self) -> int:
        return hash((frozenset(self.rows.items()), self.free_text, frozenset(self.least.items())))

    def smallest_group(self, audience: str | None) -> int:
        """The fewest answers that may stand behind a number shown about this audience; an unknown audience is treated as employees."""
        floor = 1 if audience in {"customer", "partner", "owner", "public"} else EMPLOYEE_FLOOR
        return max(floor, self.least.get(audience or "", floor))


def whole() -> Scope:
    """Every row and column: for the flow itself, and for the person who holds the data folder."""
    return Scope()
