"""What the operation on the impact of topics takes and gives."""

from typing import Any

import msgspec

from gensvar.explain.impact import Impact
from gensvar.explaining.impact import PERIOD
from gensvar.measure import Hidden
from gensvar.measure.metrics import metric_of
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_impact


class ImpactOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: csat.delivery, or csat.delivery@2. where: market=NO,SE;channel=app. period: 2026-Q3, last 12 months …; empty: all time."""

    measure: str
    where: str = ""
    period: str = PERIOD


def found(desk: HouseDesk, p: ImpactOf) -> dict[str, Any]:
    """The score as baseline and topics that add up to it; or `state` too_few or hidden, with why."""
    told = why_impact.told(desk, p.measure, p.where, p.period)
    base = {"measure": told.measure.key, "unit": metric_of(told.measure).unit, "first": told.first, "last": told.last}
    match told.answered:
        case Impact():
            return {"state": "told", **base, **msgspec.to_builtins(told.answered)}
        case Hidden(why):
            return {"state": "hidden", **base, "why": why}
        case few:
            return {"state": "too_few", **base, "n": few.n, "least": few.least}
