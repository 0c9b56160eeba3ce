"""Asks a small hub why a measure changed, as the desk does: plan, run, take apart, tell."""

from datetime import date
from typing import Any

from gensvar.explain.change import Decomposed, decomposed, told, wanted
from gensvar.kit.language import translator
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Period, Question
from gensvar.measure.anonymous import Released
from gensvar.measure.plan import plan
from gensvar.measure.question import Against
from tests.measure.hub import ALL, CSAT, Hub, answers

NOW, BEFORE, TODAY = date(2026, 10, 5), date(2026, 9, 7), date(2026, 11, 21)
OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 10, 31), "2026-10"), Period(date(2026, 9, 1), date(2026, 9, 30), "2026-09")
PREVIOUS = Against("previous")
NOBODY = Released(frozenset({"employee"}), {})


def stars(good: int, n: int, day: date, **values: str | None) -> list[dict[str, Any]]:
    """So many answers, so many of them good."""
    return answers(CSAT, [5.0] * good + [2.0] * (n - good), day, **values)


def asked(hub: Hub, question: Question, scope: Scope | None = None, released: Released = NOBODY, language: str = "en") -> Decomposed:
    scope = scope or whole()
    want = wanted(question, ALL, scope)
    made = [plan([part], hub, released.protected) for part in want.parts if not part.this.empty]
    found = decomposed(want, [one.where.run(one.expression) for one in made], scope, released)
    return told(found, TODAY, translator(language))
