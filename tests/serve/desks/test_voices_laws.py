"""The law of Voices: rows outside the scope never appear, and change nothing that is shown. For any rows, any scope, any question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.house import House
from gensvar.kit.errors import NotFound
from gensvar.kit.scope import Scope
from gensvar.serve.desks.voice_query import VoiceQuery, read_voices
from gensvar.serve.desks.voices import VoicePage, voice, voices, voices_table
from tests.serve.desks.spoken import forgotten, name, said, told

TODAY = date(2026, 10, 15)
WORDS = ("sent", "bra", "blå", "bla", "kom")
SHOWN = {"customer", "partner", "owner", "public"}


@dataclass(frozen=True)
class Case:
    rows: tuple[dict[str, Any], ...]
    scope: Scope
    query: Mapping[str, Any]


def row(n: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "n": st.just(n),
            "text": st.one_of(st.none(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)),
            "days": st.sampled_from([0, 0, 1, 2, 40]),
            "response": st.sampled_from(["A", "B", "C", "D"]),
            "audience": st.sampled_from(["customer", "customer", "customer", "partner", "employee", "alien"]),
            "market": st.sampled_from(["NO", "SE", None]),
            "language": st.sampled_from(["sv", None]),
            "measure": st.sampled_from([None, "csat.delivery@1"]),
            "score": st.sampled_from([1.0, 3.0, 5.0]),
            "party": st.sampled_from([None, bytes(15) + b"\x01", bytes(15) + b"\x02"]),
        }
    )


SCOPES = st.builds(
    Scope,
    st.fixed_dictionaries(
        {},
        optional={
            "market": st.frozensets(st.sampled_from(["NO", "SE", ""])),
            "language": st.frozensets(st.sampled_from(["sv", ""])),
            "audience": st.frozensets(st.sampled_from(["customer", "employee", "partner"])),
        },
    ),
    st.just(True),
    st.fixed_dictionaries({}, optional={"partner": st.sampled_from([1, 3])}),
)
QUERIES = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "words": st.sampled_from(["sent", "bla", "-kom", '"kom sent"']),
            "where": st.sampled_from(["market=NO", "audience=employee,customer", "language="]),
            "score": st.sampled_from(["good", "bad"]),
            "period": st.just("2026-09"),
            "texts": st.booleans(),
            "sort": st.sampled_from(["newest", "oldest"]),
        },
    ),
    st.fixed_dictionaries({"measure": st.just("csat.delivery")}, optional={"sort": st.sampled_from(["lowest", "highest"]), "score": st.just("1..3")}),
)
CASES = st.builds(Case, st.integers(1, 9).flatmap(lambda k: st.tuples(*map(row, range(1, k + 1)))), SCOPES, QUERIES)


def visible(one: Mapping[str, Any], scope: Scope) -> bool:
    """The plain reading of a scope: who it lets be shown alone, and where."""
    alone = one["audience"] in SHOWN and scope.least.get(one["audience"], 1) == 1
    return alone and all((one[d] or "") in values for d, values in scope.rows.items())


def all_pages(house: House, scope: Scope, query: Mapping[str, Any]) -> list[VoicePage]:
    pages, after = [], ""
    while True:
        pages.append(voices(house, scope, read_voices(today=TODAY, after=after, limit=2, **query)))
        if not (after := pages[-1].next):
            return pages


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_rows_outside_never_appear_and_change_nothing(empty_house: House, case: Case) -> None:
    forgotten(empty_house.engine)
    inside = [r for r in case.rows if visible(r, case.scope)]
    told(empty_house.engine, [stored(r) for r in case.rows])
    everything = all_pages(empty_house, case.scope, case.query)
    table = voices_table(empty_house, case.scope, read_voices(today=TODAY, **case.query))
    stories = {r["n"]: story(empty_house, case.scope, r) for r in case.rows}
    shown = [v.id for page in everything for v in page.voices]
    assert set(shown) <= {name(r["n"], r["days"]) for r in inside}
    assert len(shown) == len(set(shown)) == everything[0].total
    assert {n for n, told_of in stories.items() if told_of is not None} == {r["n"] for r in inside}
    forgotten(empty_house.engine)
    told(empty_house.engine, [stored(r) for r in inside])
    assert all_pages(empty_house, case.scope, case.query) == everything
    assert voices_table(empty_house, case.scope, read_voices(today=TODAY, **case.query)) == table
    assert {r["n"]: story(empty_house, case.scope, r) for r in inside} == {n: s for n, s in stories.items() if s is not None}


def stored(one: Mapping[str, Any]) -> Any:
    values = dict(one)
    score = values.pop("score") if values["measure"] else (values.pop("score"), None)[1]
    return said(values.pop("n"), values.pop("text"), values.pop("days"), values.pop("response"), score=score, **values)


def story(house: House, scope: Scope, one: Mapping[str, Any]) -> object:
    try:
        return voice(house, scope, name(one["n"], one["days"]))
    except NotFound:
        return None


@pytest.mark.parametrize("query", [VoiceQuery(), VoiceQuery(texts=False)])
def test_a_scope_that_allows_nothing_shows_nothing(empty_house: House, query: VoiceQuery) -> None:
    told(empty_house.engine, [said(1, "a", market="NO")])
    page = voices(empty_house, Scope({"market": frozenset()}), query)
    assert (page.voices, page.total, page.next) == ((), 0, "")
