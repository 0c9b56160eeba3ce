"""What a reader may see of employees and customers: means within her scope, and of employees only those of released blocks."""

from gensvar.explain.units import Units
from gensvar.explaining.units import Asked, Possible, possible, units
from gensvar.serve.desk import HouseDesk


def measures(desk: HouseDesk) -> Possible:
    """What employees answer, and what customers do, as far as the reader may see them."""
    return possible(desk.audiences(), {m.id: m.metric for m in desk.measures()})


def told(desk: HouseDesk, asked: Asked) -> Units:
    """BadInput for a measure that nobody of theirs answers, or a dimension that is none."""
    known = measures(desk)
    asked = asked.checked()
    made: Units = desk.kept(("units", asked), lambda: units(desk.house, desk.scope, asked, known))
    return made
