"""What Compare and Teams ask of a house beside answers: local patterns, and how groups bear on the whole. Both within the reader's scope."""

from collections.abc import Sequence

from gensvar import flow
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.measure import Question
from gensvar.measure.bearing import Bearings, bearings
from gensvar.measure.local import Patterns, find_patterns


def patterns(house: House, scope: Scope, question: Question, language: str = "en") -> Patterns:
    """Where the change (or, without a comparison, the level) differs from that of the rest."""
    measures = house.ledger.measures.all()
    return find_patterns(question, house.engine, measures, scope, house.today(), language, flow.released(house))


def team_bearings(house: House, scope: Scope, questions: Sequence[Question]) -> tuple[Bearings, ...]:
    """How each group bears on the whole of each question; they differ in nothing but the measure."""
    return bearings(questions, house.engine, house.ledger.measures.all(), scope, flow.released(house))
