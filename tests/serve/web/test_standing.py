"""What stands over a whole page: noise is not news."""

from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.language import translator
from gensvar.measure import Answer, Change, Estimate, Group, Question
from gensvar.measure.say import say
from gensvar.serve.web.standing import comparisons, standing
from tests.serve.web.desk import DELIVERY


def answers_with(*p: float) -> list[Answer]:
    """One answer for each p, all of which said on their own that it fell."""
    then, now = Estimate(0.8, 0.75, 0.85, 300), Estimate(0.7, 0.65, 0.75, 300)
    asked = Question("csat.delivery")
    made = [Answer(asked, (Group({}, DELIVERY, now, change=Change("fell", then, -0.1, -0.17, -0.03, one, one)),), "") for one in p]
    return [say(a, translator("en")) for a in made]


def moves(answers: list[Answer]) -> list[str]:
    return [g.change.move for a in answers for g in a.groups if g.change]


def test_what_is_sure_stands_and_what_is_not_falls() -> None:
    held = standing(answers_with(0.0001, 0.04, 0.04, 0.9))
    assert moves(held) == ["fell", "cannot tell", "cannot tell", "cannot tell"]
    assert held[0].sentence.startswith("Delivery fell")
    assert "cannot tell yet" in held[1].sentence


def test_one_answer_alone_is_left_as_it_is() -> None:
    assert moves(standing(answers_with(0.04))) == ["fell"]
    assert standing([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_never_more_than_each_answer_said(p: list[float]) -> None:
    given_answers = answers_with(*p)
    held = standing(given_answers)
    assert comparisons(given_answers) == len(p)
    assert set(moves(held)) <= {"fell", "cannot tell"}
    assert all(g.change and one <= (g.change.q or 0) for a, one in zip(held, p, strict=True) for g in a.groups)
