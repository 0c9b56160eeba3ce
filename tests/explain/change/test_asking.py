"""Why a measure changed, asked of a small hub: it adds up, whichever side comes first; and it refuses rather than fakes."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from gensvar.explain.change import OTHERS, Decomposed, decomposed_json
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope
from gensvar.measure import Estimate, Hidden, NotComparable, Question, TooFew
from gensvar.measure.question import Against
from tests.explain.change.asked import BEFORE, NOW, OCTOBER, PREVIOUS, SEPTEMBER, asked, stars
from tests.measure.hub import CSAT2, ENPS, NPS, WIDE, Hub, answers

DELIVERY = Question("csat.delivery", period=OCTOBER, compare=PREVIOUS)


def dealt(seed: int) -> list[dict[str, Any]]:
    """Every kind of measure over markets, segments, channels and products, unevenly, on both sides."""
    dice = Random(seed)

    def where(now: bool) -> dict[str, str | None]:
        return {
            "market": dice.choice(("SE", "SE", "NO", "FI" if now else "SE", None)),
            "segment": dice.choice(("small", "large", "large" if now else "small")),
            "channel": dice.choice(("web", "app")), "product": dice.choice(("a", "b", "c")),
        }  # fmt: skip

    rows: list[dict[str, Any]] = []
    for day in (NOW, BEFORE):
        for _ in range(160):
            at = where(day == NOW)
            better = 0.2 * (at["market"] == "NO") + 0.1 * (day == NOW)
            rows += stars(int(dice.random() < 0.5 + better), 1, day, **at)
            rows += answers(NPS, [float(dice.randint(0, 10))], day, **at)
            rows += answers(WIDE, [100 * dice.random() ** (1 + better)], day, **at)
    return rows


@pytest.fixture(scope="module")
def hub() -> Hub:
    return Hub(dealt(1))


def change_of(d: Decomposed) -> float:
    assert d.total is not None
    return d.total.value


@pytest.mark.parametrize("measure", ["csat.delivery", "nps", "scale.mood"])
@pytest.mark.parametrize("by", [(), ("channel",), ("segment", "market"), ("product",), ("product", "segment")])
def test_everything_adds_up_to_the_change(hub: Hub, measure: str, by: tuple[str, ...]) -> None:
    """Shares, balances and means; one dimension, several, and such as no cube holds together."""
    d = asked(hub, Question(measure, by, period=OCTOBER, compare=PREVIOUS))
    assert d.mix is not None
    assert d.level is not None
    change = change_of(d)
    assert d.mix.value + d.level.value == pytest.approx(change)
    assert sum(p.value for p in d.who.values()) == pytest.approx(d.mix.value)
    assert sum(c.level.value for c in d.cells) == pytest.approx(d.level.value)
    for one in d.alone:
        assert one.mix.value + one.level.value == pytest.approx(change)
    own = next(a for a in d.alone if a.dimension == d.lead)
    assert sum(c.mix.value for c in d.cells) == pytest.approx(own.mix.value)
    assert sum(c.share_now for c in d.cells) == pytest.approx(1)
    assert all(p.low <= p.value <= p.high for p in (d.mix, d.level, *d.who.values(), *(c.level for c in d.cells)))


def test_the_other_way_round_every_sign_turns(hub: Hub) -> None:
    forth = asked(hub, Question("csat.delivery", period=OCTOBER, compare=Against("period", SEPTEMBER)))
    back = asked(hub, Question("csat.delivery", period=SEPTEMBER, compare=Against("period", OCTOBER)))
    assert change_of(forth) == pytest.approx(-change_of(back))
    assert {n: p.value for n, p in forth.who.items()} == pytest.approx({n: -p.value for n, p in back.who.items()})
    assert {c.name: c.level.value for c in forth.cells} == pytest.approx({c.name: -c.level.value for c in back.cells})


def test_it_does_not_matter_in_which_order_dimensions_are_named(hub: Hub) -> None:
    """The first leads, and only that: what the others are named after makes no difference."""
    one = asked(hub, replace(DELIVERY, by=("market", "segment", "channel")))
    other = asked(hub, replace(DELIVERY, by=("market", "channel", "segment")))
    assert {n: p.value for n, p in one.who.items()} == pytest.approx({n: p.value for n, p in other.who.items()})
    assert [c.level.value for c in one.cells] == pytest.approx([c.level.value for c in other.cells])


def test_two_groups_in_one_period(hub: Hub) -> None:
    d = asked(hub, Question("csat.delivery", where={"market": ("NO",)}, period=OCTOBER, compare=Against("group", group={"market": ("SE",)})))
    assert "market" not in d.dims
    assert d.mix is not None
    assert d.level is not None
    assert d.mix.value + d.level.value == pytest.approx(change_of(d))
    assert "Norway" in d.sentence
    assert "Sweden" in d.sentence


def test_all_rise_and_the_total_falls() -> None:
    """Simpson's paradox through the whole of it: the sentence blames who answered, and nobody's answers."""
    rows = stars(388, 400, NOW, market="NO") + stars(1040, 1600, NOW, market="SE") + stars(1440, 1600, BEFORE, market="NO") + stars(220, 400, BEFORE)
    d = asked(Hub(rows), DELIVERY)
    assert d.change is not None
    assert d.change.move == "fell"
    assert all(c.level.value > 0 for c in d.cells)
    assert d.mix is not None
    assert d.mix.value < change_of(d)
    assert "fell by" in d.sentence
    assert "goes with who answered (market)" in d.sentence
    assert "What was said pulled the other way" in d.sentence


def test_a_fall_in_one_market_is_what_was_said_there() -> None:
    rows = [row for m, now in (("NO", 120), ("SE", 240), ("FI", 160)) for day, good in ((NOW, now), (BEFORE, 240 if m != "FI" else 160))
            for row in stars(good, 300 if m != "FI" else 200, day, market=m)]  # fmt: skip
    d = asked(Hub(rows), DELIVERY)
    assert d.sentence == (
        "CSAT for delivery fell by 15 percentage points (11–19). Nearly all of it goes with other answers in Norway. "
        "Who answered made no visible difference."
    )
    assert [c.name for c in d.cells if c.level.visible] == ["NO"]
    assert "hänger ihop med andra svar i Norge" in asked(Hub(rows), DELIVERY, language="sv").sentence


def test_what_stands_still_may_hide_two_things() -> None:
    rows = stars(600, 1500, NOW, market="NO") + stars(1350, 1500, NOW) + stars(975, 1500, BEFORE, market="NO") + stars(975, 1500, BEFORE)
    d = asked(Hub(rows), DELIVERY)
    assert "no visible change" in d.sentence
    assert "Answers in Norway lowered it" in d.sentence
    assert "Answers in Sweden raised it" in d.sentence


def test_small_cells_are_pooled_and_that_is_said() -> None:
    rows = stars(80, 100, NOW) + stars(80, 100, BEFORE)
    for market in ("DK", "DE", "NL", "FR"):
        rows += stars(3, 5, NOW, market=market) + stars(4, 5, BEFORE, market=market)
    d = asked(Hub(rows), DELIVERY)
    assert [c.name for c in d.cells] == ["SE", OTHERS]
    assert d.pooled == pytest.approx(40 / 240)
    assert "17\xa0% of the answers" in d.notes[0]
    assert decomposed_json(d)["cells"][1]["pooled"] is True


def test_who_is_only_on_one_side_counts_as_who_answered() -> None:
    rows = stars(80, 100, NOW) + stars(20, 60, NOW, market="NO") + stars(80, 100, BEFORE)
    d = asked(Hub(rows), DELIVERY)
    came = next(c for c in d.cells if c.name == "NO")
    assert came.side == "came"
    assert came.level.value == 0
    assert d.mix is not None
    assert d.mix.value == pytest.approx(change_of(d))
    assert any("on one side only" in note for note in d.notes)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_definition_is_not_taken_apart() -> None:
    d = asked(Hub(answers(CSAT2, [7.0] * 50, NOW) + stars(40, 50, BEFORE)), DELIVERY)
    assert d.why == "versions"
    assert d.change is not None
    assert d.change.then == NotComparable("another_version")
    assert d.mix is None
    assert d.sentence.endswith("not comparable with before, since the definition is another.")


def test_answers_to_the_old_wording_are_left_out_and_counted() -> None:
    rows = answers(CSAT2, [7.0] * 60 + [1.0] * 40, NOW) + answers(CSAT2, [7.0] * 80 + [1.0] * 20, BEFORE) + stars(0, 50, BEFORE)
    d = asked(Hub(rows), DELIVERY)
    assert d.measure.key == CSAT2.key
    assert change_of(d) == pytest.approx(-0.2)
    assert "50 answers to other versions of the question are left out." in d.notes


def test_too_few_are_not_taken_apart() -> None:
    d = asked(Hub(stars(40, 50, NOW) + stars(4, 9, BEFORE)), DELIVERY)
    assert d.why == "few"
    assert d.cells == ()
    assert d.change is not None
    assert d.change.then == TooFew(9, 30)
    nothing = asked(Hub([]), DELIVERY)
    assert (nothing.why, nothing.now) == ("few", TooFew(0, 30))


def test_protected_people_are_in_nothing() -> None:
    """Fifty employees beside a hundred customers change no number; a measure that only they answer is refused."""
    rows = stars(80, 100, NOW) + stars(60, 100, BEFORE)
    with_them = rows + stars(0, 50, NOW, audience="employee") + answers(ENPS, [9.0] * 60, NOW, audience="employee")
    alone, beside = asked(Hub(rows), DELIVERY), asked(Hub(with_them), DELIVERY)
    assert isinstance(beside.now, Estimate)
    assert beside.now.n == 100
    assert [c.level for c in beside.cells] == [c.level for c in alone.cells]
    assert asked(Hub(with_them), Question("enps", period=OCTOBER, compare=PREVIOUS)).cells == ()


def test_small_groups_are_never_told_apart() -> None:
    """Where fifty is the smallest group that may be shown, no cell of fewer is; below that nothing is shown at all."""
    rows = [row for m, n in (("SE", 100), ("NO", 60), ("FI", 40), ("DK", 30)) for day in (NOW, BEFORE) for row in stars(n // 2, n, day, market=m)]
    d = asked(Hub(rows), DELIVERY, Scope(least={"customer": 50}))
    assert [c.name for c in d.cells] == ["NO", "SE", OTHERS]
    few = asked(Hub(stars(20, 40, NOW) + stars(20, 40, BEFORE)), DELIVERY, Scope(least={"customer": 50}))
    assert (few.why, few.now) == ("few", Hidden("small_group"))


def test_a_scope_limits_what_is_taken_apart(hub: Hub) -> None:
    d = asked(hub, DELIVERY, Scope(rows={"market": frozenset({"NO"})}))
    assert isinstance(d.now, Estimate)
    assert d.now.n == sum(r["market"] == "NO" and r["measure"] == "csat.delivery@1" and r["occurred_at"].month == 10 for r in hub.rows)
    nothing = asked(hub, replace(DELIVERY, where={"market": ("SE",)}), Scope(rows={"market": frozenset({"NO"})}))
    assert (nothing.why, nothing.now) == ("scope", Hidden("scope"))


@pytest.mark.parametrize(
    "question",
    [
        Question("csat.delivery", period=OCTOBER),
        Question("csat.delivery", ("market",), period=OCTOBER, compare=Against("rest")),
        Question("csat.delivery", ("market", "segment", "channel", "touchpoint", "product", "unit"), period=OCTOBER, compare=PREVIOUS),
    ],
)
def test_what_cannot_be_meant_is_refused(hub: Hub, question: Question) -> None:
    with pytest.raises(BadInput):
        asked(hub, question)
