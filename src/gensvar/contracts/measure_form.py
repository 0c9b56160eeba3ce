"""Measures as plain JSON values, for the ledger and the API, and back."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gensvar.contracts.measures import Measure
from gensvar.kit.errors import ContractError


def measure_dict(measure: Measure) -> dict[str, Any]:
    """The definition as plain JSON values.

    >>> measure_dict(Measure(id="csat.support", version=2, metric="csat", low=1, high=5))["high"]
    5
    """
    plain: dict[str, Any] = msgspec.to_builtins(measure)
    return plain


def measure_of(plain: Mapping[str, Any]) -> Measure:
    """The definition that the plain values say; ContractError when they do not."""
    try:
        return msgspec.convert(dict(plain), Measure, strict=False)
    except msgspec.ValidationError as wrong:
        raise ContractError("This is no measure", faults=[str(wrong)], do="See the reference of measures.") from None
