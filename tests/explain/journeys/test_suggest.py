"""Journeys found in names and counts alone, and those that cannot be."""

from typing import Any

import pytest

from gensvar.explain.journeys import Journey, Refused, Step, journey_from, journey_json
from gensvar.explain.journeys.suggest import ends, found_journeys, stem, with_steps
from gensvar.kit.errors import ContractError


def named(*rows: tuple[str, str | None, int]) -> list[dict[str, Any]]:
    return [{"name": name, "step": step, "rows": count} for name, step, count in rows]


PAYMENT = named(
    ("payment_step", "confirm", 900), ("payment_step", "choose", 1000), ("payment_step", "typo", 3), ("payment_done", None, 800),
    ("payment_blocked", None, 90), ("login", None, 5000),
)  # fmt: skip
PLACES = [{"step": "confirm", "n": 900, "places": 880}, {"step": "choose", "n": 1000, "places": 20}]


def test_an_event_with_steps_and_its_end() -> None:
    (found,), refused = found_journeys(PAYMENT, {"payment_step": PLACES}, {}, ["payment", "support"])
    assert [s.name for s in found.steps] == ["choose", "confirm", "done"]
    assert [b.event for b in found.blocked] == ["payment_blocked"]
    assert found.touchpoints == {"choose": "payment", "confirm": "payment", "done": "payment"}
    assert refused == []


def test_ten_thousand_steps_are_no_journey() -> None:
    rows = named(*(("wizard_step", f"s{i}", 200) for i in range(10_000)))
    assert found_journeys(rows, {}, {}, []) == ([], [Refused("wizard_step", "too_many_steps", 10_000, 11)])


def test_what_leads_to_an_end_is_a_way_there() -> None:
    """Half of those who were done must have come by; what fewer came by is no step."""
    rows = named(("catalog", None, 4000), ("cart", None, 2000), ("order_completed", None, 600), ("help", None, 300))
    assert ends(rows) == ("order_completed",)
    before = [
        {"name": "order_completed", "n": 500, "places": 1400}, {"name": "catalog", "n": 480, "places": 10}, {"name": "cart", "n": 499, "places": 510},
        {"name": "help", "n": 120, "places": 200},
    ]  # fmt: skip
    (found,), _ = found_journeys(rows, {}, {"order_completed": before}, [])
    assert [s.event for s in found.steps] == ["catalog", "cart", "order_completed"]
    assert found.key == "order"


def test_steps_that_are_few_or_without_an_end_are_left_alone() -> None:
    assert with_steps(named(("tour_step", "one", 5))) == {}
    assert stem("checkout.step") == "checkout"


def test_a_journey_is_written_and_read_alike() -> None:
    journey = Journey(key="a", name="A", steps=(Step(name="x", event="e", step="x"), Step(name="y", kind="return")), touchpoints={"x": "till"})
    assert journey_from(journey_json(journey)) == journey
    assert journey.steps[1].table == "feedback"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"steps": [{"name": "x", "event": "e"}]}, "2 to 12"),
        ({"steps": [{"name": "x", "event": "e"}, {"name": "x", "event": "f"}]}, "name of its own"),
        ({"steps": [{"name": "x", "event": "e"}, {"name": "y", "event": "e"}]}, "same event"),
        ({"steps": [{"name": "x", "event": "e"}, {"name": "y"}]}, "neither event"),
        ({"window_hours": 0}, "window_hours"),
        ({"pause_minutes": 60_000.0}, "pause"),
        ({"who": "robot"}, "robot"),
    ],
)
def test_every_fault_of_a_definition_is_said(change: dict[str, Any], says: str) -> None:
    plain = {"key": "a", "name": "A", "steps": [{"name": "x", "event": "e"}, {"name": "y", "event": "f"}], **change}
    with pytest.raises(ContractError) as fault:
        journey_from(plain)
    assert says in str(fault.value) + " ".join(map(str, getattr(fault.value, "faults", ())))
