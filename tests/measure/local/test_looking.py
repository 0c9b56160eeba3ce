"""Local patterns end to end, from the cube: what is said, in five languages, and what is refused."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from gensvar.kit.errors import BadInput, NotFound
from gensvar.kit.language import LANGUAGES
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Estimate, Hidden, Question, parse_question
from gensvar.measure.anonymous import Block, Released
from gensvar.measure.local import Pattern, Patterns, find_patterns, patterns_json
from gensvar.measure.local.looking import grain_of, slices
from tests.measure.hub import ALL, CSAT, CSAT2, ENPS, NPS, STARS, Hub, answers

TODAY = date(2026, 11, 1)
FIRST = date(2026, 5, 4)
PERIOD = "2026-08-03..2026-11-01"
FALLS = {("NO", True): 0.60, ("SE", True): 0.88}


def rows() -> list[dict[str, Any]]:
    """26 weeks of answers; Norway falls by 20 points in the second half, Sweden rises by 8, so that the total stands still."""
    dice = Random(8)
    made: list[dict[str, Any]] = []
    for week in range(26):
        day = FIRST + timedelta(weeks=week)
        for market, n in (("SE", 60), ("NO", 25), ("FI", 30)):
            for _ in range(n):
                good = dice.random() < FALLS.get((market, week >= 13), 0.80)
                at = day + timedelta(days=dice.randint(0, 6))
                made += answers(CSAT, [5.0 if good else 2.0], at, market=market, channel=dice.choice(("app", "web")), unit=dice.choice("AB"))
                made += answers(NPS, [float(dice.choice((10, 9, 8, 3)) if market == "FI" else dice.choice((10, 7, 3, 2)))], at, market=market)
    made += answers(STARS, [5.0] * 40, FIRST, market="SE")
    made += answers(CSAT2, [7.0] * 40, date(2026, 11, 20), market="SE")
    return made


@pytest.fixture(scope="module")
def hub() -> Hub:
    return Hub(rows())


def found(hub: Hub, measure: str = "csat.delivery@1", scope: Scope | None = None, language: str = "en", **words: str) -> Patterns:
    asked = parse_question(measure, **({"period": PERIOD, "compare": "previous"} | words), today=TODAY)
    return find_patterns(asked, hub, ALL, scope or whole(), TODAY, language)


def norway(told: Patterns) -> Pattern:
    return next(p for p in told.patterns if dict(p.key) == {"market": "NO"})


def test_norway_is_found_and_the_total_hides_it(hub: Hub) -> None:
    told = found(hub)
    first = norway(told)
    assert all(set(p.key) == {"market"} for p in told.patterns)
    assert (first.way, first.hides) == ("fell", True)
    assert first.gap.high < 0
    assert first.gap.q < 0.05
    assert told.sentence == told.patterns[0].sentence
    assert first.sentence.startswith("CSAT for delivery fell in Norway:")
    assert first.sentence.endswith("The total does not show it.")
    assert told.total is not None
    assert told.total.move in {"no visible change", "cannot tell"}


def test_the_gap_is_the_change_less_the_change_of_the_rest(hub: Hub) -> None:
    """Golden: 325 of each side in Norway; the second method counts the raw rows."""
    first = norway(found(hub))

    def share(here: bool, late: bool) -> float:
        mine = [
            r["score"] >= 4
            for r in hub.rows
            if r["measure"] == CSAT.key and (r["market"] == "NO") == here and (r["occurred_at"].date() >= FIRST + timedelta(weeks=13)) == late
        ]
        return float(sum(mine) / len(mine))

    wanted = share(True, True) - share(True, False) - (share(False, True) - share(False, False))
    assert first.gap.value == pytest.approx(wanted)
    assert first.gap.low < wanted < first.gap.high
    assert isinstance(first.now, Estimate)
    assert first.now.n == 325
    assert first.share == pytest.approx(25 / 115)


def test_each_set_of_dimensions_is_one_query(hub: Hub) -> None:
    before = hub.queries
    told = found(hub)
    assert hub.queries == before + len(slices(told.question))
    assert set(told.dims) == {"market", "segment", "channel", "touchpoint", "product", "unit", "journey"}


def test_where_the_level_differs(hub: Hub) -> None:
    told = found(hub, "nps", compare="")
    assert [dict(p.key) for p in told.patterns] == [{"market": "FI"}]
    assert told.patterns[0].way == "higher"
    assert told.patterns[0].then is None
    assert told.sentence.startswith("NPS is higher in Finland:")
    assert told.total is None


def test_only_the_dimensions_and_rows_that_were_asked_for(hub: Hub) -> None:
    told = found(hub, by="channel")
    assert told.dims == ("channel",)
    assert told.patterns == ()
    assert "none of the 2 parts compared moved otherwise" in told.sentence
    assert "market" not in found(hub, where="market=NO").dims


def test_rows_outside_the_scope_move_nothing(hub: Hub) -> None:
    told = found(hub, scope=Scope({"market": frozenset({"SE", "FI"})}))
    assert "NO" not in str(patterns_json(told))
    refused = found(hub, scope=Scope({"market": frozenset()}))
    assert (refused.why, refused.patterns, refused.now) == ("scope", (), Hidden("scope"))


def test_protected_people_are_not_searched(hub: Hub) -> None:
    block = Block("employee", ENPS.key, date(2026, 9, 1), {"unit": ("A",)}, frozenset(), 20, (20.0, 200.0, 2000.0, *[0.0] * 10, 20.0))
    asked = parse_question("enps", period=PERIOD, compare="previous", today=TODAY)
    told = find_patterns(asked, hub, ALL, whole(), TODAY, "en", Released.of({"employee"}, [block]))
    assert (told.why, told.patterns, told.tested) == ("protected", (), 0)
    assert "protected" in told.sentence


def test_another_version_is_not_compared(hub: Hub) -> None:
    told = found(hub, "csat.delivery", period="2026-11-02..2026-11-30")
    assert told.why == "versions"
    assert "never compared" in told.sentence


def test_too_few_answers(hub: Hub) -> None:
    told = found(hub, "stars.app")
    assert (told.tested, told.why) == (0, "")
    assert told.sentence == "Too few answers in every part to look for local patterns."


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_itself_in_every_language(hub: Hub, language: str) -> None:
    told = found(hub, language=language)
    assert told.language == language
    texts = (told.sentence, *told.notes)
    assert all("{" not in text for text in texts)
    assert len(told.notes) == 3, "how much was compared, the rate, and that the period is not over"
    if language != "en":
        assert all(a != b for a, b in zip(texts, (found(hub).sentence, *found(hub).notes), strict=True))


def test_as_json(hub: Hub) -> None:
    plain = patterns_json(found(hub))
    first = plain["patterns"][0]
    assert (plain["measure"], plain["unit"]) == ("csat.delivery@1", "share")
    assert first["hidden_by_the_total"] is True
    assert first["now"]["verdict"] == first["rest_then"]["verdict"] == "estimate"
    assert first["gap"]["low"] < first["gap"]["value"] < first["gap"]["high"]


def test_what_cannot_be_meant(hub: Hub) -> None:
    with pytest.raises(NotFound, match=r"csat\.delivery"):
        found(hub, "csat.delivry")
    with pytest.raises(BadInput, match="nothing before it"):
        found(hub, period="")


def test_stretches_fit_the_period() -> None:
    def grain(period: str) -> str | None:
        return grain_of(parse_question("nps", period=period, today=TODAY))

    assert [grain("2026-10"), grain("2026-Q3"), grain("2020-01-01..2026-10-31"), grain("")] == ["day", "week", "month", "month"]


def test_slices_are_what_cubes_hold_together() -> None:
    assert slices(Question("nps")) == [
        ("market", "segment", "channel", "touchpoint"),
        ("market", "product"),
        ("market", "unit"),
        ("market", "journey"),
    ]
    assert slices(Question("nps", where={"market": ("NO",)}))[0] == ("segment", "channel", "touchpoint")
    assert slices(Question("nps", by=("unit",), where={"market": ("NO", "SE")})) == [("unit",)]
