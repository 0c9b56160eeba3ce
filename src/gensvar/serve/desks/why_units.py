"""What a reader may see of employees and customers: means within her scope, and of employees only those of released blocks."""

from gensvar.explain.units import Units, units_of
from gensvar.explaining.units import KIND, Asked, Possible, possible, units
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_worth import Told


def measures(desk: HouseDesk) -> Possible:
    """What employees answer, and what customers do, as far as the reader may see them."""
    return possible(desk.audiences(), {m.id: m.metric for m in desk.measures()})


def told(desk: HouseDesk, asked: Asked) -> Told[Units]:
    """What the last night found where all is asked by a reader of all, else worked out for her. BadInput for a measure that nobody of theirs answers,
    or a dimension that is none.
    """
    known, scope = measures(desk), desk.scope
    asked = asked.checked()
    kept = desk.house.ledger.findings.latest(KIND) if asked == Asked() and not scope.rows and not scope.least else None
    if kept is not None:
        return Told(units_of(kept.body), kept.made_at)
    return Told(desk.kept((KIND, asked), lambda: units(desk.house, scope, asked, known)))
