"""What a reader may see of employees and customers: answers within her scope, and employees only from released blocks."""

from gensvar.explain.units import Units
from gensvar.explaining.units import Asked, Possible, possible, units
from gensvar.serve.desk import HouseDesk


def measures(desk: HouseDesk) -> Possible:
    """What employees answer, and what customers do, as far as the reader may see them."""
    return possible(desk.audiences(), {m.id: m.metric for m in desk.measures()})


def told(desk: HouseDesk, asked: Asked) -> Units:
    """BadInput for a measure that nobody of theirs answers, or a dimension that is none."""
    known = measures(desk)
    made: Units = desk.kept(("units", asked), lambda: units(asked.checked(), known, lambda questions: desk.ask_many(questions, "en")))
    return made
