"""Guidance: which steps are open, and what can honestly be said of the loop."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar import flow
from gensvar.contracts.feedback import KINDS
from gensvar.house import House
from gensvar.kit.scope import Scope, whole
from gensvar.serve.desks import guidance
from gensvar.serve.desks.guidance import EDGES_S, LATER, Facts, Lack, half_within, steps
from tests.houses import csv

ALL = Facts(
    frozenset({("customer", "survey"), ("customer", "ticket"), ("employee", "pulse")}),
    frozenset({"customer"}), sales=True, usage=True, members=3,
)  # fmt: skip


def open_steps(facts: Facts) -> list[str]:
    return [s.id for s in steps(facts) if not s.done]


def test_an_empty_house_lacks_everything_in_the_recommended_order() -> None:
    assert [s.id for s in steps(Facts())] == ["voices", "worth", "inside", "colleagues", "owners", "aside"]
    assert open_steps(Facts()) == ["voices", "worth", "inside", "colleagues"]


def test_a_house_that_has_all_lacks_nothing() -> None:
    assert open_steps(ALL) == []


def test_a_step_is_done_when_both_of_its_parts_are_there() -> None:
    half = Facts(frozenset({("customer", "survey")}))
    assert steps(half)[0].lacks == (Lack("support: errands, chats or calls"),)
    assert steps(Facts(frozenset({("employee", "survey")})))[0].lacks[0].one.startswith("feedback"), "employees are not customers"


def test_what_people_must_do_is_counted() -> None:
    found = {s.id: s.lacks for s in steps(Facts(members=1, unowned=3, aside=24))}
    assert [(lack.n, lack.more) for lack in found["owners"]] == [(3, "owners for {n} measures")]
    assert [lack.n for lack in found["aside"]] == [24]
    assert found["colleagues"]


@given(heard=st.frozensets(st.tuples(st.sampled_from(("customer", "employee", "public", "partner")), st.sampled_from(KINDS))))
def test_more_data_never_opens_a_step(heard: frozenset[tuple[str, str]]) -> None:
    without = set(open_steps(Facts()))
    assert set(open_steps(Facts(heard))) <= without
    assert set(open_steps(Facts(heard | ALL.heard))) <= set(open_steps(Facts(heard)))


def test_half_of_the_answers_are_here_within() -> None:
    edges = list(EDGES_S)
    counts = {f"within_{edge}": 10 * at for at, edge in enumerate(edges)}
    assert half_within({**counts, "n": 20}) == EDGES_S[edges[1]]
    assert half_within({**counts, "n": 141}) == LATER
    assert half_within({**counts, "n": 0}) == EDGES_S[edges[0]]


@pytest.fixture
def heard(small_house: House, tmp_path: Path) -> House:
    """A house with 40 answers that came a day after they were given, and 1 row that cannot be understood."""
    rows = [f"d{n},2026-10-14T{n % 24:02}:00:00,c{n}@example.org,{'NO' if n % 2 else 'SE'},{1 + n % 5},fine" for n in range(40)]
    flow.import_file(small_house, csv(tmp_path, *rows, "bad,2026-10-14T08:00:00,x@example.org,SE,11,odd"), "survey")
    flow.recount(small_house)
    return small_house


def test_facts_are_what_the_house_holds(heard: House) -> None:
    found = guidance.facts(heard)
    assert found.heard == {("customer", "survey")}
    assert found.scored == {"customer"}
    assert (found.sales, found.usage, found.members, found.unowned, found.aside) == (False, False, 0, 0, 1)
    assert open_steps(found) == ["voices", "worth", "inside", "colleagues", "aside"]


def test_the_loop_says_how_soon_what_was_said_is_shown(heard: House) -> None:
    loop = guidance.loop(heard, whole(), date(2026, 10, 15), ("survey",), guidance.facts(heard))
    assert [(lag.source, lag.within) for lag in loop.lags] == [("survey", "within two days")]
    assert (loop.silent, loop.aside, loop.unowned, loop.noted) == (("survey",), 1, 0, 0)
    assert loop.rows == loop.lags[0].n + 1


def test_too_few_answers_tell_nothing_of_the_time(heard: House) -> None:
    assert guidance.lags(heard, whole(), date(2027, 10, 15)) == ()
    assert guidance.lags(heard, Scope({"market": frozenset({"FI"})}), date(2026, 10, 15)) == ()


def test_annotations_of_the_last_month_are_counted(heard: House) -> None:
    heard.ledger.annotations.add(date(2026, 1, 1), "Long ago, noted now", "", {}, "anna")
    today = heard.clock.now().astimezone(UTC).date()
    assert guidance.loop(heard, whole(), today, (), Facts()).noted == 1
    assert datetime(2026, 10, 15, tzinfo=UTC).date() == today
