"""The means of units and months behind employees and customers: enough answers, one definition, the grid of protected people."""

from collections.abc import Mapping
from datetime import date

import pytest

from gensvar.contracts import Measure
from gensvar.explaining.units import Asked, Possible, Sum, _named, _series, possible
from gensvar.kit.errors import BadInput

OLD, NEW = (Measure(id="enps.x", version=v, metric="enps", low=0, high=10) for v in (1, 2))
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
CELLS: Mapping[tuple[str, str, date], Sum] = {
    ("enps.x@1", "A", MAY): Sum(40, 300), ("enps.x@2", "A", MAY): Sum(7, 50), ("enps.x@2", "A", JUNE): Sum(4, 40),
    ("enps.x@2", "B", JUNE): Sum(30, 211),
}  # fmt: skip


def test_means_are_of_enough_answers_and_of_one_definition() -> None:
    assert _series(CELLS, (OLD, NEW), 1, rounded=False) == {"A": {MAY: 50 / 7}, "B": {JUNE: 211 / 30}}
    assert _series(CELLS, (OLD, NEW), 8, rounded=False) == {"B": {JUNE: 211 / 30}}
    assert _series({}, (OLD, NEW), 1, rounded=False) == {}


def test_means_of_protected_people_lie_on_their_grid() -> None:
    """A step of 2 for seven answers of 0–10, and of 0.5 for thirty: one answer moves a mean by one step at most."""
    assert _series(CELLS, (OLD, NEW), 5, rounded=True) == {"A": {MAY: 8.0}, "B": {JUNE: 7.0}}


def test_who_answers_what_is_known_by_audience() -> None:
    metrics = {"csat.a": "csat", "nps.b": "nps", "enps.c": "enps", "load": "scale", "tone": "scale"}
    audiences = {"csat.a": "customer", "nps.b": "customer", "enps.c": "employee", "load": "employee", "tone": "customer", "gone": "customer"}
    assert possible(audiences, metrics) == Possible(("enps.c", "load"), ("nps.b", "csat.a"))


def test_what_is_asked_for_must_be_there() -> None:
    assert _named("csat.a@2", ("nps.b", "csat.a")) == ("csat.a",)
    assert _named("", ("nps.b", "csat.a")) == ("nps.b", "csat.a")
    with pytest.raises(BadInput, match=r"csat\.a"):
        _named("csat.aa", ("nps.b", "csat.a"))
    with pytest.raises(BadInput, match="unit"):
        Asked(dimension="units").checked()
