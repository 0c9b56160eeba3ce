"""Questions asked end to end on a real engine: verdicts, trends, changes, rights and refusals."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.kit.errors import BadInput, ContractError, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Against, Answer, Estimate, Hidden, NotComparable, Period, Question, TooFew, answer_json, ask, parse_question
from tests.measure.hub import ALL, CSAT, CSAT2, ENPS, NPS, STARS, Hub, answers

TODAY = date(2026, 11, 21)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "2026-10")
NOW, BEFORE, LAST_YEAR = date(2026, 10, 5), date(2026, 9, 7), date(2025, 10, 6)
PREVIOUS = Against("previous")


def csat(good: int, bad: int, day: date = NOW, **values: str | None) -> list[dict[str, object]]:
    return answers(CSAT, [5.0] * good + [2.0] * bad, day, **values)


@pytest.fixture(scope="module")
def hub() -> Hub:
    return Hub(
        [
            *csat(710, 290, NOW, market="NO", channel="app"), *csat(780, 220, BEFORE, market="NO", channel="web"),
            *csat(1200, 300, NOW, market="SE"), *csat(1203, 297, BEFORE, market="SE"),
            *csat(40, 20, NOW, market="FI"), *csat(45, 10, BEFORE, market="FI"),
            *csat(8, 4, NOW, market="DK"), *csat(30, 10, BEFORE, market=None), *csat(150, 150, LAST_YEAR, market="SE"),
            *answers(CSAT2, [7.0] * 40 + [1.0] * 10, date(2026, 11, 3), market="IS"),
            *answers(NPS, [10.0] * 40 + [2.0] * 60, NOW), *answers(STARS, [5.0] * 40 + [2.0] * 60, NOW),
            *answers(ENPS, [10.0] * 30 + [0.0] * 10, NOW, audience="employee", unit="A", language="fi"),
            *answers(ENPS, [10.0] * 4, NOW, audience="employee", unit="B"),
        ]
    )  # fmt: skip


def asked(hub: Hub, question: Question, scope: Scope | None = None, language: str = "en") -> Answer:
    return ask(question, hub, ALL, scope or whole(), TODAY, language)


def by_market(answer: Answer) -> dict[str | None, object]:
    return {g.key["market"]: g for g in answer.groups}


def test_what_moved_and_what_cannot_be_told(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", by=("market",), period=OCTOBER, compare=PREVIOUS))
    moves = {g.key["market"]: g.change.move for g in answer.groups if g.change}
    assert moves == {"NO": "fell", "SE": "no visible change", "FI": "cannot tell", "DK": "cannot tell", None: "cannot tell"}
    assert answer.sentence == (
        "CSAT for delivery: fell in Norway; no visible change in Sweden; cannot tell yet in Finland, Denmark, and market not stated."
    )
    norway = next(g for g in answer.groups if g.key["market"] == "NO")
    assert norway.sentence == "CSAT for delivery fell in Norway: 71 % (68–74), was 78 % (75–80).".replace(" %", "\N{NO-BREAK SPACE}%")
    assert norway.change
    assert norway.change.q
    assert norway.change.p
    assert norway.change.p <= norway.change.q < 0.05


def test_answers_come_by_n_falling_and_from_the_smallest_cube(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery@1", by=("market",)))
    sizes = [g.verdict.n for g in answer.groups if isinstance(g.verdict, Estimate | TooFew)]
    assert sizes == sorted(sizes, reverse=True)
    assert answer.epoch == 7
    assert asked(hub, Question("csat.delivery")).source == "daily_market"
    assert asked(hub, Question("csat.delivery", by=("channel",))).source == "daily_channel"
    assert asked(hub, Question("csat.delivery", by=("channel", "segment"))).source == "daily"
    assert asked(hub, Question("csat.delivery", by=("unit",))).source == "daily_unit"
    assert asked(hub, Question("csat.delivery", by=("source",))).source == "daily_source"


@pytest.mark.parametrize("question", [
    Question("csat.delivery", by=("market",), where={"language": ("sv",)}, period=OCTOBER, compare=PREVIOUS, grain="week"),
    Question("csat.delivery", where={"language": ("sv",), "market": ("NO", "SE")}),
])  # fmt: skip
def test_the_slow_path_says_the_same(hub: Hub, question: Question) -> None:
    """A dimension that no cube has is counted from `feedback`; here every such row has the same value, so both paths see the same rows."""
    where = {name: values for name, values in question.where.items() if name != "language"}
    slow = asked(hub, question)
    fast = asked(hub, Question(question.measure, question.by, where, question.period, question.grain, question.compare))
    assert slow.source == "feedback"
    assert fast.source.startswith("daily")
    assert [(g.key, g.verdict, g.trend, g.change) for g in slow.groups] == [(g.key, g.verdict, g.trend, g.change) for g in fast.groups]


def test_one_query_answers(hub: Hub) -> None:
    before = hub.queries
    asked(hub, Question("csat.delivery", by=("market",), period=OCTOBER, compare=PREVIOUS, grain="week"))
    assert hub.queries == before + 1


def test_too_few_says_how_many_more(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", where={"market": ("DK",)}))
    assert answer.groups[0].verdict == TooFew(12, 30)
    assert answer.sentence == "CSAT for delivery: cannot tell yet, 12 answers; at least 18 more needed."


def test_missing_value_is_a_group_of_its_own(hub: Hub) -> None:
    cut = asked(hub, Question("csat.delivery", by=("market",)))
    missing = next(g for g in cut.groups if g.key["market"] is None)
    assert missing.verdict.n == 40  # type: ignore[union-attr]
    named = asked(hub, Question("csat.delivery", where={"market": ("",)}))
    assert named.groups[0].verdict == missing.verdict


def test_a_trend_steps_by_the_calendar(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery@1", by=("market",), where={"market": ("SE",)}, grain="quarter"))
    trend = answer.groups[0].trend
    assert [p.start for p in trend] == [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
    assert [isinstance(p.verdict, Estimate) for p in trend] == [True, False, False, True, True]
    assert trend[1].verdict == TooFew(0, 30)
    weeks = asked(hub, Question("csat.delivery@1", where={"market": ("DK",)}, grain="week")).groups[0].trend
    assert [p.start.weekday() for p in weeks] == [0]


def test_parts_of_the_trend_are_the_whole(hub: Hub) -> None:
    for grain in ("day", "week", "month", "quarter", "year"):
        group = asked(hub, Question("csat.delivery@1", grain=grain)).groups[0]  # type: ignore[arg-type]
        assert sum(p.verdict.n for p in group.trend) == group.verdict.n  # type: ignore[union-attr]


def test_against_another_group(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", by=("market",), period=OCTOBER, compare=Against("group", group={"market": ("SE",)})))
    groups = by_market(answer)
    assert groups["SE"].change is None  # type: ignore[attr-defined]
    assert groups["NO"].change.move == "fell"  # type: ignore[attr-defined]
    assert "is lower in Norway" in groups["NO"].sentence  # type: ignore[attr-defined]
    assert "for Sweden" in groups["NO"].sentence  # type: ignore[attr-defined]
    whole_group = asked(hub, Question("csat.delivery", where={"market": ("NO",)}, compare=Against("group", group={"market": ("SE",)})))
    assert whole_group.groups[0].change
    assert whole_group.groups[0].change.then.n == 3300  # type: ignore[union-attr]


def test_against_the_year_before_and_any_period(hub: Hub) -> None:
    year = asked(hub, Question("csat.delivery", where={"market": ("SE",)}, period=OCTOBER, compare=Against("year_before")))
    assert year.groups[0].change
    assert year.groups[0].change.move == "rose"
    named = Against("period", period=Period(date(2025, 10, 1), date(2025, 10, 31)))
    assert asked(hub, Question("csat.delivery", where={"market": ("SE",)}, period=OCTOBER, compare=named)).groups == year.groups


def test_silence_now_is_an_answer(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", by=("market",), period=OCTOBER, compare=PREVIOUS))
    silent = next(g for g in answer.groups if g.key["market"] is None)
    assert silent.verdict == TooFew(0, 30)
    assert silent.change
    assert silent.change.then.n == 40  # type: ignore[union-attr]


def test_versions_are_never_joined_nor_compared(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery"))
    assert [(g.measure.key, g.verdict.n) for g in answer.groups] == [("csat.delivery@1", 5467), ("csat.delivery@2", 50)]  # type: ignore[union-attr]
    assert any("versions 1, 2" in note for note in answer.notes)
    november = Period(date(2026, 11, 1), date(2026, 11, 30), "2026-11")
    broken = asked(hub, Question("csat.delivery", period=november, compare=PREVIOUS))
    change = next(g.change for g in broken.groups if g.measure.version == 2)
    assert change
    assert (change.move, change.then, change.p) == ("cannot tell", NotComparable("another_version"), None)
    assert any("not over" in note for note in broken.notes)


def test_nothing_is_known_of_a_measure_without_answers(hub: Hub) -> None:
    answer = asked(hub, Question("scale.mood"))
    assert answer.groups[0].verdict == TooFew(0, 20)
    assert asked(hub, Question("scale.mood", by=("market",))).sentence == "No answers yet."


def test_employees_are_in_no_answer_unless_released(hub: Hub) -> None:
    """Whoever forgets to hand in what has been released shows too little, never too much; the promise itself is tested in tests/laws."""
    for question in (Question("enps", by=("unit",), grain="week"), Question("enps", where={"language": ("sv",)}), Question("enps", by=("audience",))):
        answer = asked(hub, question)
        assert not [g for g in answer.groups if isinstance(g.verdict, Estimate)]
        assert not {"A", "B", "employee"} & {v for g in answer.groups for v in g.key.values()}
        assert any("whole months" in note for note in answer.notes)
        assert "40" not in str(answer_json(answer)["groups"])


def test_the_strictest_audience_rules(hub: Hub) -> None:
    strict = Scope(least={"customer": 50})
    answer = asked(hub, Question("csat.delivery@1", by=("market",)), strict)
    assert {g.key["market"] for g in answer.groups if g.verdict == Hidden("small_group")} == {"DK", None}
    assert asked(hub, Question("nps"), strict).groups[0].verdict.n == 100  # type: ignore[union-attr]


def test_rights_cannot_be_asked_away(hub: Hub) -> None:
    swedish = Scope(rows={"market": frozenset({"SE"})})
    for question in (
        Question("csat.delivery", by=("market",)),
        Question("csat.delivery", by=("market",), where={"market": ("SE", "NO")}),
        Question("csat.delivery", by=("market",), compare=PREVIOUS, period=OCTOBER, grain="week"),
        Question("csat.delivery", by=("market", "language")),
    ):
        assert {g.key["market"] for g in asked(hub, question, swedish).groups} == {"SE"}
    for question in (
        Question("csat.delivery", where={"market": ("NO",)}),
        Question("csat.delivery", where={"market": ("",)}),
    ):
        assert [g.verdict for g in asked(hub, question, swedish).groups] == [Hidden("scope")]
    other = asked(hub, Question("csat.delivery", by=("market",), compare=Against("group", group={"market": ("NO",)})), swedish)
    assert other.groups[0].change
    assert other.groups[0].change.difference is None


MARKETS = st.sampled_from(["SE", "NO", "FI"])
HEAPS = st.lists(st.tuples(MARKETS, st.integers(1, 40), st.integers(0, 40), st.sampled_from([NOW, BEFORE])), max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inside=HEAPS, outside=HEAPS)
def test_rows_outside_the_scope_never_move_the_answer(inside: list[tuple[str, int, int, date]], outside: list[tuple[str, int, int, date]]) -> None:
    own = [row for market, good, bad, day in inside for row in csat(good, bad, day, market=market, segment="mine")]
    alien = [row for market, good, bad, day in outside for row in csat(good, bad, day, market=market, segment="theirs")]
    scope = Scope(rows={"segment": frozenset({"mine"})})
    question = Question("csat.delivery@1", by=("market",), period=OCTOBER, compare=PREVIOUS, grain="week")
    without, among = asked(Hub(own), question, scope), asked(Hub([*alien, *own]), question, scope)
    assert without.groups == among.groups
    assert without.sentence == among.sentence


REFUSED: Mapping[str, Question] = {
    "No measure": Question("csat.delivry"),
    "No dimension 'markt'": Question("csat.delivery", by=("markt",)),
    "Did you mean 'market'": Question("csat.delivery", where={"markets": ("SE",)}),
    "named twice": Question("csat.delivery", by=("market", "market")),
    "No value": Question("csat.delivery", where={"market": ()}),
    "nothing before it": Question("csat.delivery", compare=PREVIOUS),
    "share days": Question("csat.delivery", period=Period(date(2024, 1, 1), date(2025, 12, 31)), compare=Against("year_before")),
    "part of itself": Question("csat.delivery", compare=Against("group", group={"market": ("SE",)})),
    "begin before it ends": Question("csat.delivery", period=Period(date(2026, 2, 1), date(2026, 1, 1))),
    "No market 'NOR'": Question("csat.delivery", where={"market": ("NOR", "SE")}),
    "Did you mean 'app'": Question("csat.delivery", where={"channel": ("apq",)}),
    "not named": Question("csat.delivery", compare=Against("group")),
    "No language 'xx'": Question("csat.delivery", where={"language": ("xx",)}),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_meant_is_refused(hub: Hub, message: str) -> None:
    with pytest.raises((BadInput, NotFound), match=message):
        asked(hub, REFUSED[message])


def test_a_value_that_only_this_period_lacks_is_no_error(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery", where={"market": ("DK",)}, period=Period(BEFORE, BEFORE)))
    assert answer.groups[0].verdict == TooFew(0, 30)


def test_a_measure_that_cannot_carry_its_metric_is_refused(hub: Hub) -> None:
    from gensvar.contracts import Measure, Measures

    wide = Measures.of([Measure(id="wide", version=1, metric="csat", low=0, high=100)])
    with pytest.raises(ContractError, match="at most 11 points"):
        ask(Question("wide"), hub, wide, whole(), TODAY)
    with pytest.raises(ContractError, match="better"):
        ask(Question("ces"), hub, Measures.of([Measure(id="ces", version=1, metric="ces5", low=1, high=5)]), whole(), TODAY)
    with pytest.raises(ContractError, match="Did you mean 'csat'"):
        ask(Question("x"), hub, Measures.of([Measure(id="x", version=1, metric="csta", low=1, high=5)]), whole(), TODAY)


def test_words_to_answer(hub: Hub) -> None:
    question = parse_question("csat.delivery", by="market", where="market=NO,SE", period="2026-10", compare="previous", today=TODAY)
    answer = asked(hub, question, language="sv-SE")
    assert answer.language == "sv"
    assert answer.sentence == "CSAT för leverans: sjönk i Norge; ingen synlig förändring i Sverige."


def test_many_groups_can_be_ranked(hub: Hub) -> None:
    answer = asked(hub, Question("csat.delivery@1", by=("market",)))
    shrunken = {g.key["market"]: g.parts["shrunken"] for g in answer.groups}
    raw = {g.key["market"]: g.verdict.value for g in answer.groups if isinstance(g.verdict, Estimate)}
    assert set(shrunken) == {"SE", "NO", "FI", "DK", None}
    assert abs(shrunken["SE"] - raw["SE"]) < abs(shrunken["FI"] - raw["FI"]) + 0.01
