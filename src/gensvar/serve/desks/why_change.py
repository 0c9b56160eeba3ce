"""Why a measure changed, within a reader's scope: counted from the cubes, in parts that add up. Of protected people nothing is counted."""

from dataclasses import replace

from gensvar import flow
from gensvar.contracts.tone import TONE
from gensvar.explain.change import Decomposed, Said, Spoken, Wanted, by_topic, decomposed, spoken, told, wanted
from gensvar.hub.within import within
from gensvar.kit.language import translator
from gensvar.measure import Question
from gensvar.measure.plan import plan
from gensvar.serve.desk import HouseDesk


def parts_of(desk: HouseDesk, question: Question, language: str) -> Decomposed:
    """The change that the question asks for, told; made once for each state of the hub. BadInput where nothing is compared."""
    asked = wanted(question, desk.measures(), desk.scope)
    found = desk.kept(("why change", question.key), lambda: _parts(desk, asked))
    return told(found, desk.today(), translator(language))


def _parts(desk: HouseDesk, asked: Wanted) -> Decomposed:
    house, released = desk.house, flow.released(desk.house)
    made = [plan([part], house.engine, released.protected) for part in asked.parts if not part.this.empty]
    found = decomposed(asked, [one.where.run(one.expression) for one in made], desk.scope, released)
    return replace(found, epoch=desk.epoch(), source=made[0].source if made else "")


def spoken_of(desk: HouseDesk, found: Decomposed) -> Spoken:
    """The same change by what is spoken of; none where the change itself could not be told, or where the measure is the tone of texts."""
    if found.why or found.measure.id == TONE.id:
        return Spoken(why=found.why or "nothing")
    return desk.kept(("why change topics", found.question.key, found.measure.key), lambda: _spoken(desk, found))


def _spoken(desk: HouseDesk, found: Decomposed) -> Spoken:
    house = desk.house
    rows = within(house.engine.table("feedback"), desk.scope)
    rows = rows.filter(rows.audience.notin(sorted(house.settings.anonymous.names)))
    first = wanted(found.question, desk.measures(), desk.scope).parts[0]
    return by_topic(Said.of(house.engine.run(spoken(rows, first, found.measure)), found.measure, _unsuited(desk, found)), found.least)


def _unsuited(desk: HouseDesk, found: Decomposed) -> frozenset[str]:
    """The topics that are not told of those who answer: those about employees where customers do."""
    staff = "employee" not in desk.house.settings.anonymous.names and desk.audiences().get(found.measure.id) == "employee"
    taxonomy = desk.house.ledger.taxonomies.current()
    return frozenset(name for name in taxonomy.topics if not taxonomy.suits(name, "employees" if staff else "customers"))
