"""Words and outcomes over a house: taken out of its hub, counted, kept; what is refused or set aside, and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gensvar import flow
from gensvar.engine import Engine
from gensvar.explain.outcomes import Association, Looked, found_json, of_json
from gensvar.explain.outcomes.registry import OUTCOMES, registered
from gensvar.explain.outcomes.taken import Taken
from gensvar.explaining import outcomes
from gensvar.house import House
from gensvar.kit.settings import read_settings
from gensvar.ledger.themes import Theme
from tests.explaining.firms import INTRANET, LATE, fill, firm, happened, id_of, moment, person, put, said, uuid_text

LEFT = OUTCOMES[0]


def on(_: Mapping[str, Any]) -> bool:
    return True


def of(looked: Looked, term: str, tone: str = "negative") -> Association:
    return next(a for a in looked.associations if a.term == term and a.tone == tone)


def left(house: House) -> Looked:
    return outcomes.look(house, LEFT, outcomes.take(house))


def test_what_was_planted_is_found_in_topics_words_and_phrases_and_kept(small_house: House) -> None:
    fill(small_house.engine)
    told = outcomes.run(small_house, on)
    assert told["left"] > 0
    assert told["renewed"] == "no_outcome"
    kept = small_house.ledger.findings.latest("outcomes", "left")
    assert kept is not None
    looked = of_json(kept.body)
    assert (looked.unit, looked.comparator, looked.why, looked.first) == ("account", "same_tone", "", moment(0, 1).date())
    assert set(looked.strata) == {"segment"}
    for term in ("topic:delivery", "topic:delivery.late", "word:sv:leveran", "phrase:sv:försen leveran"):
        found = of(looked, term)
        assert (found.verdict, found.direction) == ("more", "more")
        assert found.ratio is not None
        assert found.ratio.low < 3 < found.ratio.high
        assert found.value == 100.0 * found.parties
        assert found.replicated
    assert of(looked, "topic:price").verdict == "less"
    assert of(looked, "word:sv:leveran").name == {"sv": "leverans"}
    assert looked.events <= looked.parties == 600
    assert not any(a.term == "word:sv:och" for a in looked.associations)


def test_of_protected_people_and_of_nobody_nothing_is_counted(small_house: House) -> None:
    fill(small_house.engine, 200)
    before = outcomes.take(small_house)
    closed = [said(i, 2, "Lönen är usel " * 3, -0.9, {"work.pay": -0.9}, audience="employee", id=id_of("closed", i)) for i in range(150)]
    nobody = [said(i, 2, LATE, -0.9, {"delivery": -0.9}, party=None, id=id_of("nobody", i)) for i in range(7)]
    put(small_house.engine, "feedback", [*closed, *nobody])
    flow.add_source(small_house, INTRANET, "test")
    put(small_house.engine, "events", [happened("churn", i, 4, source="intranet", id=id_of("intranet", i)) for i in range(200)])
    after = outcomes.take(small_house)
    assert isinstance(before, Taken)
    assert isinstance(after, Taken)
    assert after.aside == {**before.aside, "nobody": 7}
    assert [t.id for t in before.terms] == [t.id for t in after.terms]
    assert sorted(map(tuple, before.mentions.to_pylist())) == sorted(map(tuple, after.mentions.to_pylist()))
    assert len(before.mentions) == len(after.mentions)
    assert before.lives["leave"].to_pylist() == after.lives["leave"].to_pylist()


def test_a_theme_is_tested_too(small_house: House) -> None:
    fill(small_house.engine)
    rows = small_house.engine.run(small_house.engine.table("feedback").select("id", "text"))
    members = [row["id"] for row in rows.to_pylist() if row["text"] == LATE]
    at = datetime(2026, 10, 1, tzinfo=UTC)
    small_house.ledger.themes.keep([Theme("abc", at, at, "steady", "", {"members": members, "words": {"sv": ["leverans", "sen"]}}, b"")], {})
    found = of(left(small_house), "theme:abc")
    assert (found.kind, found.verdict, found.name) == ("theme", "more", {"sv": "leverans, sen"})


def test_texts_after_leaving_twice_the_same_and_clocks_that_jump(small_house: House) -> None:
    """What cannot be is set aside and told; the numbers stay as they were."""
    fill(small_house.engine)
    before = left(small_house)
    gone = {a["account"]: a for a in small_house.engine.run(small_house.engine.table("events").select("account", "occurred_at")).to_pylist()}
    late = [said(i, 11, LATE, -0.5, {"delivery": -0.6}) for i in range(600) if uuid_text(id_of("firm", i)) in gone]
    once, twice = ([said(i, 0, LATE, -0.5, {"delivery": -0.6}, id=id_of(name, i), record=f"{name}{i}") for i in (1, 2, 3)] for name in ("a", "b"))
    put(small_house.engine, "feedback", [*late, said(900, 0, LATE, -0.5, {"delivery": -0.6}), said(5, 40, LATE, -0.5, {}, id=id_of("future", 1))])
    put(small_house.engine, "events", [happened("churn", 7, 60)])
    put(small_house.engine, "parties", [firm(900, started_at=moment(5), ended_at=moment(-3)), person(900)])
    after = left(small_house)
    assert after.aside["ends_before_start"] == 1
    assert after.aside["future"] == 2
    assert after.aside["after_leaving"] >= len(late) > 50
    assert of(after, "topic:delivery") == of(before, "topic:delivery")
    put(small_house.engine, "feedback", once)
    said_once = left(small_house)
    put(small_house.engine, "feedback", twice)
    assert replace(left(small_house), seconds=0.0) == replace(said_once, seconds=0.0)


def test_an_end_to_come_is_no_end(small_house: House) -> None:
    fill(small_house.engine, 60)
    put(small_house.engine, "parties", [firm(3, ended_at=moment(30))])
    made = outcomes.take(small_house)
    assert isinstance(made, Taken)
    row = made.names.to_pylist().index(uuid_text(id_of("firm", 3)))
    assert made.lives["leave"].to_pylist()[row] <= made.last


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "no_texts"),
        ([said(1, 2, LATE, -0.5, {})], "one_party"),
        ([said(i, 2, LATE, -0.5, {}) for i in range(40)], "no_outcome"),
    ],
)
def test_why_nothing_can_be_inferred(small_house: House, rows: list[dict[str, Any]], why: str) -> None:
    put(small_house.engine, "parties", [*(firm(i) for i in range(40)), *(person(i) for i in range(40))])
    if rows:
        put(small_house.engine, "feedback", rows)
    told = outcomes.run(small_house, on)
    kept = small_house.ledger.findings.latest("outcomes", "left")
    assert kept is not None
    assert of_json(kept.body).why == why
    assert told.get("why", told.get("left")) == why


def test_too_few_and_all_censored(small_house: House) -> None:
    put(small_house.engine, "parties", [*(firm(i) for i in range(40)), *(person(i) for i in range(40))])
    put(small_house.engine, "feedback", [said(i, 10, LATE, -0.5, {"delivery": -0.6}) for i in range(40)])
    put(small_house.engine, "events", [happened("churn", 1, 8), happened("churn", 2, 10)])
    assert left(small_house).why == "all_censored"
    put(small_house.engine, "feedback", [said(i, 3, LATE, -0.5, {"delivery": -0.6}) for i in range(40)])
    found = left(small_house)
    assert found.why == "too_few"
    assert found.needed > 100
    assert of(found, "topic:delivery").verdict == "unknown"
    assert of(found, "topic:delivery").ratio is None


def test_it_stops_when_told_to(small_house: House) -> None:
    fill(small_house.engine, 60)
    assert outcomes.run(small_house, lambda _: False) == {}
    assert small_house.ledger.findings.latest("outcomes", "left") is None


def test_an_organisation_has_names_of_its_own(small_house: House) -> None:
    fill(small_house.engine)
    own = read_settings({"data": str(small_house.settings.data), "outcomes": "bought=churn|köp"}, env={}).outcomes
    house = replace(small_house, settings=replace(small_house.settings, outcomes=own))
    bought = next(o for o in registered(own) if o.name == "bought")
    looked = outcomes.look(house, bought, outcomes.take(house))
    assert looked.made_of == ("churn", "köp")
    assert looked.events > 0
    assert "earlier" in looked.strata


def test_every_engine_takes_and_counts_the_same(small_house: House, engine: Engine) -> None:
    """Words, phrases, topics and lives out of the hub, and every whole number of what is found."""
    for one in (small_house.engine, engine):
        fill(one, 150)
    here, there = left(small_house), left(replace(small_house, engine=engine))
    assert replace(here, seconds=0.0) == replace(there, seconds=0.0)
    assert {a.kind for a in here.associations} >= {"topic", "word"}


@pytest.mark.parametrize(("told", "currencies", "adds"), [(["eur ", "EUR"], ("EUR",), True), (["EUR", "SEK"], ("EUR", "SEK"), False),
                                                          (["EUR", None], ("", "EUR"), False), ([None, None], ("",), True)])  # fmt: skip
def test_values_in_one_currency_are_added_and_in_two_never(
    small_house: House, engine: Engine, told: list[str | None], currencies: object, adds: bool
) -> None:
    house = replace(small_house, engine=engine)
    fill(engine, 60)
    kinds = [[("currency", c)] if c else None for c in told]
    put(engine, "parties", [firm(i, attrs=kinds[i % 2]) for i in range(60)])
    taken = outcomes.take(house)
    assert not isinstance(taken, str)
    assert taken.currencies == currencies
    assert taken.valued == adds
    found = outcomes.look(house, LEFT, taken)
    assert found.currencies == currencies
    assert of_json(found_json(found)).currencies == currencies
