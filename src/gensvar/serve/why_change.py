"""What the operation on why a measure changed takes and gives."""

from typing import Any

import msgspec

from gensvar.explain.change import Decomposed, decomposed_json, spoken_json
from gensvar.measure import parse_question
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_change


class WhyChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: csat.delivery. by: dimensions, comma between; one leads all that are counted with it; empty for all. where: market=NO,SE;channel=app.
    period: 2026-Q3, last quarter … compare: previous, year before, a period, or market=SE. topics: false without what is spoken of, which takes
    longer. language: sv, nb, da, fi, en.
    """

    measure: str
    by: str = ""
    where: str = ""
    period: str = "last 3 months"
    compare: str = "previous"
    topics: bool = True
    language: str = "en"


def change_found(desk: HouseDesk, p: WhyChanged) -> Decomposed:
    """The change, told; BadInput where nothing is compared."""
    question = parse_question(p.measure, p.by, p.where, p.period, "", p.compare, today=desk.today())
    return why_change.parts_of(desk, question, p.language)


def change_told(desk: HouseDesk, p: WhyChanged) -> dict[str, Any]:
    """The parts of the change, and with `topics` those of what is spoken of."""
    made = change_found(desk, p)
    return decomposed_json(made) | ({"spoken_of": spoken_json(why_change.spoken_of(desk, made))} if p.topics else {})
