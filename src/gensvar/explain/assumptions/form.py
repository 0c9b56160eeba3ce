"""What an assumption is when it can be tested: one of four forms, with what would confirm it and what would challenge it written down beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import msgspec

from gensvar.kit.errors import BadInput, nearest

Form = Literal["level", "change", "first", "outcome"]
Way = Literal["higher", "lower"]
Where = Mapping[str, tuple[str, ...]]
FORMS: Final[tuple[Form, ...]] = ("level", "change", "first", "outcome")
EVERY_DAYS: Final = 91
LONGEST: Final = 300
RATIO: Final = 1.4  # a hazard ratio below which an association with an outcome is smaller than what was looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """form: level (a measure in a group beside another, or beside the rest), change (before and after a day), first (a driver matters most for a
    measure), outcome (those who speak ill of a topic meet an outcome more often than others who complain).

    measure: of level and change, and what is driven in first. driver: a measure. topic, outcome: of the form outcome. where: the group that it is
    about; other: the group beside it, empty for the rest. way: higher or lower. day: of change.
    matters: the smallest difference that would count, in the measure's unit (a ratio for outcome), as it was when this was written.
    """

    form: Form
    measure: str = ""
    driver: str = ""
    topic: str = ""
    outcome: str = ""
    where: Where = field(default_factory=dict)
    other: Where = field(default_factory=dict)
    way: Way = "higher"
    day: date | None = None
    matters: float = 0.0


NEEDS: Final[Mapping[Form, tuple[str, ...]]] = {
    "level": ("measure", "where"), "change": ("measure", "day"), "first": ("measure", "driver"), "outcome": ("topic", "outcome"),
}  # fmt: skip


def checked(claim: Claim) -> Claim:
    """The claim itself. BadInput where it lacks what its form needs, or compares a group with a part of itself."""
    if claim.form not in FORMS:
        raise BadInput(f"No form {claim.form!r}", nearest=nearest(claim.form, FORMS), do=f"Forms: {', '.join(FORMS)}.")
    missing = [name for name in NEEDS[claim.form] if not getattr(claim, name)]
    if missing:
        raise BadInput(f"To be tested it needs: {', '.join(missing)}", do="Name each, so that answers can be held against it.")
    if claim.form == "first" and claim.driver.partition("@")[0] == claim.measure.partition("@")[0]:
        raise BadInput("A measure cannot be what matters most for itself", do="Name another measure as what matters.")
    if claim.form == "level" and claim.other and not _apart(claim.where, claim.other):
        raise BadInput("A group cannot be compared with a part of itself", do="Name two groups that share nobody, as market=SE beside market=NO.")
    return claim


def _apart(a: Where, b: Where) -> bool:
    return any(name in b and not set(values) & set(b[name]) for name, values in a.items())


def claim_json(claim: Claim) -> dict[str, Any]:
    """Plain types, for the ledger."""
    plain: dict[str, Any] = msgspec.to_builtins(claim)
    return plain


def claim_from(plain: Mapping[str, Any]) -> Claim:
    """The claim that `claim_json` wrote."""
    return msgspec.convert(dict(plain), Claim)
