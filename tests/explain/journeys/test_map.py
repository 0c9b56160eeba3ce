"""The map beside moves that were counted by hand; what is rare is pooled, and what is only asked about is no visit."""

from datetime import timedelta
from typing import Any

from gensvar.engine import Engine
from gensvar.explain.journeys import OTHER, TouchpointMap
from gensvar.explain.journeys.infer import Heard
from gensvar.explain.journeys.map_infer import map_found
from gensvar.explain.journeys.rows import voiced
from gensvar.explain.journeys.touchpoints import MOST_NODES, everybody, moves, named_events, named_feedback, planned, sittings
from tests.explain.journeys.messy import SPAN, START, Log


def drawn(engine: Engine) -> TouchpointMap:
    events, voices = engine.table("events"), voiced(engine.table("feedback"), ["employee"], [])
    happened, said = (engine.run(e).to_pylist() for e in (named_events(events, SPAN), named_feedback(voices, SPAN)))
    plan = planned(happened, said, "party")
    (stray,) = engine.run(everybody(events, voices, plan, SPAN)).to_pylist()
    rows = [row for counts in (moves(events, voices, plan, SPAN), sittings(events, plan, SPAN)) for row in engine.run(counts).to_pylist()]
    return map_found(plan, rows, [*happened, *said], Heard(), stray)


def test_moves_by_hand(engine: Engine) -> None:
    """Forty people: basket, then a page, back to the basket, an hour's pause, a call in another channel; one of them pays instead."""
    log = Log()
    for who in range(40):
        for hours, name in ((0.0, "basket"), (0.1, "page"), (0.2, "basket")):
            log.event(who, START + timedelta(hours=hours), name, session=f"s{who}")
        if who:
            log.said(who, START + timedelta(hours=2), touchpoint="support")
    log.event(0, START + timedelta(hours=3), "paid")
    log.into(engine)
    found = drawn(engine)
    nodes = {n.key: n for n in found.nodes}
    assert {k: (n.visits, n.parties, n.sessions) for k, n in nodes.items()} == {
        "basket": (80, 40, 40), "page": (40, 40, 40), "paid": (1, 1, 0), "~support": (39, 39, 0),
    }  # fmt: skip
    links = {(k.source, k.target): (k.moves, k.parties, k.pauses, k.across, k.returns) for k in found.links}
    assert links == {
        ("basket", "page"): (40, 40, 0, 0, 0), ("page", "basket"): (40, 40, 0, 0, 40), ("basket", "~support"): (39, 39, 39, 39, 0),
        ("basket", "paid"): (1, 1, 1, 0, 0),
    }  # fmt: skip
    assert nodes["basket"].fates.support == 39
    assert nodes["basket"].fates.returned == 1
    assert nodes["basket"].support.value == 78 / 80
    assert nodes["~support"].fates.left == 39
    assert found.nodes[0].key == "basket"
    assert found.counted.parties == 40


def test_what_comes_twice_is_no_move_and_hides_none(engine: Engine) -> None:
    """Each row three times over, by the same people at the same moment."""
    log = Log()
    for who in range(30):
        for hours, name in ((0.0, "basket"), (0.1, "page"), (0.2, "paid")):
            for _ in range(3):
                log.event(who, START + timedelta(hours=hours), name)
    log.into(engine)
    found = drawn(engine)
    assert {(k.source, k.target): k.moves for k in found.links} == {("basket", "page"): 30, ("page", "paid"): 30}
    assert {n.key: (n.visits, n.repeats.value) for n in found.nodes} == {"basket": (30, 0.0), "page": (30, 0.0), "paid": (30, 0.0)}


def test_ten_thousand_names_are_pooled_and_said(duck: Engine) -> None:
    log = Log()
    for n in range(10_000):
        log.event(n % 50, START + timedelta(minutes=n), f"page {n}")
    for n in range(100):
        log.event(n % 50, START + timedelta(minutes=3 * n), "home")
    log.into(duck)
    found = drawn(duck)
    assert len(found.nodes) == MOST_NODES + 1
    assert found.counted.pooled == 10_001 - MOST_NODES
    assert {n.key: n.visits for n in found.nodes}[OTHER] == 10_001 - MOST_NODES
    assert {n.key: n.visits for n in found.nodes}["home"] == 100


def test_an_answer_about_several_touchpoints_is_no_visit(duck: Engine) -> None:
    log = Log()
    answer: dict[str, Any] = {"kind": "survey", "response": "r1", "source": "yearly"}
    for touchpoint in ("price", "app"):
        log.said(1, START, touchpoint=touchpoint, **answer)
    log.said(1, START + timedelta(hours=1), "survey", touchpoint="delivery", response="r2")
    log.into(duck)
    assert [n.key for n in drawn(duck).nodes] == ["~delivery"]


def test_of_nothing_there_is_no_map(duck: Engine) -> None:
    assert planned([], []).places == ()
