"""Topics counted: shares of texts and their changes, by the one question; refused where there are few; nothing of protected people one by one."""

from datetime import date

import pytest

from gensvar import flow
from gensvar.contracts.tone import TONE
from gensvar.house import House
from gensvar.hub import days_of
from gensvar.kit.errors import NotAllowed
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Estimate, Group, Period, TooFew
from gensvar.measure.question import Against
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import topics as desk
from gensvar.serve.desks.topics import Asking
from gensvar.stats import Share
from tests.engine.rows import table
from tests.serve.desks.spoken import said

SEPTEMBER, OCTOBER = Period(date(2026, 9, 1), date(2026, 9, 30)), Period(date(2026, 10, 1), date(2026, 10, 31))
NOW = Asking("customers", {}, OCTOBER, Against("previous"))


def spoken_of(n: int, days: float, topics: tuple[str, ...], market: str = "SE", audience: str = "customer") -> dict[str, object]:
    """One text that speaks of these topics, each in the tone −0.5."""
    read = {"sentiment": -0.5, "topics": list(topics), "tones": [f"{t}=-0.5" for t in topics], "reasons": ["intent.complaint"]}
    return said(n, f"text {n}", days, market=market, audience=audience, language="sv", **read)


def filled(house: House) -> HouseDesk:
    """September: 10 of 100 texts speak of delivery; October: 60 of 120, half of them in Norway; price 12 of 120 in both."""
    rows = [spoken_of(n, n % 28, ("delivery",) * (n < 10) + ("price",) * (n < 10)) for n in range(100)]
    rows += [
        spoken_of(1000 + n, 30 + n % 28, ("delivery", "delivery.late") * (n < 60) + ("price",) * (n % 10 == 0), "NO" if n % 2 else "SE")
        for n in range(120)
    ]
    rows += [spoken_of(5000 + n, 30 + n % 28, ("work.load",), audience="employee") for n in range(60)]
    house.ledger.measures.add([TONE], "test")
    made = table("feedback", rows)
    house.engine.merge("feedback", made)
    house.ledger.days.mark(days_of(made))
    flow.recount(house)
    return HouseDesk(house, whole())


def by_name(found: desk.Overview) -> dict[str, Group]:
    return {s.id: s.rate for s in found.spoken}


def test_shares_changes_tones_and_scopes(house: House) -> None:
    everything = filled(house)
    found = desk.overview(everything, "topic", NOW, "en", "month", Period(date(2026, 1, 1), date(2026, 12, 31)))
    rates = by_name(found)
    assert isinstance(found.texts, Estimate)
    assert found.texts.n == 120, "no text of a protected audience is counted"
    assert set(rates) == {"delivery", "delivery.late", "price"}

    late = rates["delivery"].verdict
    wilson = Share(60, 120).interval()
    assert isinstance(late, Estimate)
    assert (late.value, late.n) == (0.5, 60)
    assert (late.low, late.high) == pytest.approx((wilson.low, wilson.high))
    change = rates["delivery"].change
    assert change is not None
    assert (change.move, change.difference) == ("rose", pytest.approx(0.4))
    assert rates["price"].change is not None
    assert rates["price"].change.move not in {"rose", "fell"}
    assert [p.verdict.value for p in rates["delivery"].trend if isinstance(p.verdict, Estimate)] == [0.1, 0.5]
    assert [s.tone.verdict.value for s in found.spoken[:1] if s.tone and isinstance(s.tone.verdict, Estimate)] == [pytest.approx(-0.5)]

    parts, tones = desk.one(everything, "topic", "delivery", ("market",), NOW, "en")
    assert {g.key["market"]: g.verdict.n for g in parts.groups if isinstance(g.verdict, Estimate)} == {"NO": 30, "SE": 30}
    assert {g.key["market"] for g in tones.groups} == {"NO", "SE"}
    assert desk.beside(everything, "delivery", NOW) == [("intent.complaint", Share(60, 60))]

    norway = HouseDesk(house, Scope({"market": frozenset({"NO"})}))
    inside = desk.overview(norway, "topic", NOW, "en")
    assert isinstance(inside.texts, Estimate)
    assert inside.texts.n == 60
    assert isinstance(by_name(inside)["delivery"].verdict, Estimate)

    few = desk.overview(everything, "topic", Asking("customers", {}, Period(date(2026, 10, 1), date(2026, 10, 3))), "en")
    assert all(isinstance(g.verdict, TooFew) for g in by_name(few).values())

    reasons = by_name(desk.overview(everything, "reason", NOW, "en"))
    assert set(reasons) == {"intent.complaint"}

    employees = Asking("employees", {}, OCTOBER)
    with pytest.raises(NotAllowed, match="not yours to read"):
        desk.overview(HouseDesk(house, Scope(free_text=False)), "topic", employees, "en")
    assert desk.overview(everything, "topic", employees, "en").spoken == (), "nothing of them is released"
