"""Each group against the rest of the table."""

from datetime import date

import pytest

from gensvar.kit.errors import BadInput
from gensvar.kit.scope import whole
from gensvar.measure import Answer, Estimate, Period, Question, ask, parse_question, question_address
from gensvar.measure.histogram import histogram
from gensvar.measure.question import Against
from gensvar.measure.rest import less
from gensvar.stats import Share
from tests.measure.hub import ALL, CSAT, ENPS, Hub, answers

TODAY, DAY = date(2026, 11, 21), date(2026, 10, 5)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "2026-10")
REST = Against("rest")


@pytest.fixture(scope="module")
def hub() -> Hub:
    return Hub(
        [
            *answers(CSAT, [5.0] * 90 + [2.0] * 10, DAY, market="SE"), *answers(CSAT, [5.0] * 60 + [2.0] * 60, DAY, market="NO"),
            *answers(CSAT, [5.0] * 70 + [2.0] * 30, DAY, market="FI"), *answers(CSAT, [5.0] * 4, DAY, market="DK"),
            *answers(ENPS, [10.0] * 30, DAY, audience="employee", market="SE"),
        ]
    )  # fmt: skip


def asked(hub: Hub, question: Question, language: str = "en") -> Answer:
    return ask(question, hub, ALL, whole(), TODAY, language)


def test_higher_lower_and_too_few(hub: Hub) -> None:
    found = {g.key["market"]: g for g in asked(hub, Question("csat.delivery", ("market",), period=OCTOBER, compare=REST)).groups}
    assert {m: g.change.move for m, g in found.items() if g.change} == {"SE": "rose", "NO": "fell", "FI": "cannot tell", "DK": "cannot tell"}
    change = found["SE"].change
    wanted = Share(90, 100).minus(Share(134, 224))
    assert change
    assert (change.difference, change.low, change.high) == (wanted.value, wanted.low, wanted.high)
    assert isinstance(change.then, Estimate)
    assert (change.then.value, change.then.n) == (134 / 224, 224)
    assert (
        found["SE"].sentence.replace("\N{NO-BREAK SPACE}", " ")
        == "CSAT for delivery is higher in Sweden: 90 % (83–94), against 60 % (53–66) for the rest."
    )


def test_the_whole_in_a_sentence(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", ("market",), period=OCTOBER, compare=REST))
    assert answer.sentence == "CSAT for delivery: higher in Sweden; lower in Norway; cannot tell yet in Finland and Denmark."
    assert asked(hub, Question("csat.delivery", ("market",), period=OCTOBER, compare=REST), "sv").groups[0].sentence.endswith("för övriga.")


def test_a_single_group_has_no_rest(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", ("market",), {"market": ("SE",)}, OCTOBER, compare=REST))
    assert [g.change for g in answer.groups] == [None]


def test_protected_people_are_not_compared(hub: Hub) -> None:
    assert all(g.change is None for g in asked(hub, Question("enps", ("market",), period=OCTOBER, compare=REST)).groups)


def test_the_whole_has_no_rest(hub: Hub) -> None:
    with pytest.raises(BadInput, match="Cut by a dimension"):
        asked(hub, Question("csat.delivery", period=OCTOBER, compare=REST))


def test_there_and_back() -> None:
    question = parse_question("csat.delivery", "market", period="2026-10", compare="rest", today=TODAY)
    assert question.compare == REST
    assert question_address(question)["compare"] == "rest"


def test_less_is_the_other_way_of_more() -> None:
    a, b = histogram([1.0, 5.0, 5.0], CSAT), histogram([2.0, 5.0], CSAT)
    assert less(a + b, b) == a
    assert less(a, a).n == 0
