"""What a reader may see of the impact of topics on a score: counted within her scope, once for each state of the hub."""

from dataclasses import dataclass
from datetime import date

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.contracts.tone import TONE
from gensvar.explain.impact import KIND, Impact, of_json
from gensvar.explaining import impact as impacts
from gensvar.explaining.impact import PERIOD, Answered, Asked
from gensvar.kit.errors import BadInput, nearest
from gensvar.measure import Question, parse_question
from gensvar.serve.desk import HouseDesk


@dataclass(frozen=True, slots=True)
class Told:
    """answered: of the newest version of the measure. first, last: the days counted, both None for all."""

    measure: Measure
    answered: Answered
    first: date | None
    last: date | None


def told(desk: HouseDesk, measure: str, where: str = "", period: str = PERIOD) -> Told:
    """What each topic adds to a score. NotFound for an unknown measure; BadInput for a filter or a period that cannot be understood."""
    question = parse_question(measure, "", where, period, "", "", today=desk.today())
    version = desk.measures().versions(question.measure)[-1]
    _check(question, version)
    asked = Asked(version, question.where, question.period)
    key = (KIND, version.key, tuple(sorted(question.where.items())), question.period)
    answered: Answered = desk.kept(key, lambda: impacts.impact(desk.house, desk.scope, asked))
    first, last = (question.period.first, question.period.last) if question.period else (None, None)
    return Told(version, answered, first, last)


def _check(question: Question, version: Measure) -> None:
    if version.id == TONE.id:
        raise BadInput("The tone of texts is read from them, so topics have no impact on it", do="Name a measure that people answer.")
    for name, values in question.where.items():
        if name not in DIMENSIONS:
            raise BadInput(f"No dimension {name!r}", nearest=nearest(name, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
        if not values:
            raise BadInput(f"No value is given for {name!r}", do=f"Name one or more, as {name}=…, or leave it out.")


def latest(desk: HouseDesk) -> dict[str, Impact]:
    """Measure → what the last night found over the whole house; empty for a reader whose scope limits rows."""
    if desk.scope.rows or desk.scope.least:
        return {}
    kept = desk.house.ledger.findings.all(KIND)
    known = {m.id for m in desk.measures()}
    return {name: of_json(found.body["impact"]) for name, found in kept.items() if name in known}


def candidates(desk: HouseDesk) -> tuple[Measure, ...]:
    """The newest version of every measure that people answer, by id."""
    measures = desk.measures()
    return tuple(measures.versions(name)[-1] for name in sorted({m.id for m in measures} - {TONE.id}))
