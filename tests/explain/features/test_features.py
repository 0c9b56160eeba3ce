"""Feature value: what the engine sums beside a slow regression over customers, the same on every engine; heavy users fool nobody."""

import json
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from gensvar.contracts import Measure
from gensvar.engine import Engine
from gensvar.explain.features import Features, features_json, features_of, judged
from gensvar.explain.features.use import STEPS_OF_USE, TENURES, Design, cells, customers, names, spans_of, used
from gensvar.explaining.features import MOST, Asked, _chosen
from gensvar.kit.errors import BadInput, NotFound
from tests.explain.customers import Customers, seconds

CSAT = Measure(id="csat.app", version=1, metric="csat", low=1, high=5)
DESIGN = Design((seconds(90), seconds(180)), "account", 90, 90, CSAT)
NOBODY: frozenset[str] = frozenset()


def heavy(rng: np.random.Generator, count: int, effect: float = 0.0) -> Customers:
    """Heavy users use everything, ask more and are happier. effect: of “report” itself, on the score."""
    made = Customers()
    for at in range(count):
        who = made.account(at, -float(rng.integers(1, 900)), market=("SE", "NO")[at % 2], product=f"p{at % 3}")
        visits = 1 + rng.poisson(np.exp(rng.normal(1.2, 0.8)))
        for span in (0, 90):
            reports = False
            for visit in range(visits):
                when, session = span + 90 * float(rng.random()), f"{at}-{span}-{visit}"
                made.did(who, "login", when, session=session)
                if rng.random() < 0.15:
                    reports = True
                    made.did(who, "report", when, session=session)
                if rng.random() < 0.2:
                    made.did(who, "export", when, step="pdf" if rng.random() < 0.5 else "csv", session=session)
            later = span + 90 + 90 * float(rng.random())
            if rng.random() < 0.7:
                made.said(who, later, measure=CSAT.key, score=float(np.clip(2 + 0.5 * np.log(visits) + effect * reports + rng.normal(0, 0.7), 1, 5)))
            if rng.random() < min(0.9, 0.05 * visits):
                made.said(who, later, kind="question")
    return made


def found_of(engine: Engine, made: Customers, design: Design = DESIGN) -> Features:
    made.into(engine)
    parties, events, feedback = (engine.table(name) for name in ("parties", "events", "feedback"))
    acts = events.filter(events.name != "login")
    held = customers(parties, events, feedback, design, NOBODY)
    named = {(r["name"], r["step"]): r["users"] for r in engine.run(names(held, acts, design, 50)).to_pylist()}
    whole = engine.run(cells(held)).to_pylist()
    rows = engine.run(used(held, acts, design, list(named))).to_pylist()
    people = int(engine.run(held.agg(n=held.id.nunique()))["n"][0].as_py())
    blank = Features("account", 90, 90, len(design.ends), people, 0, CSAT.key, (), (), 0)
    return judged(blank, named, whole, rows, 4.0)


def by_hand(made: Customers) -> dict[str, float]:
    """Least squares of the mean score on one feature and every control, customer by customer and span by span."""
    scores, rows = [], []
    acted, answered = defaultdict(list), defaultdict(list)
    for e in made.events:
        acted[e["account"]].append((e, (e["occurred_at"].timestamp() - seconds(0)) / 86_400))
    for f in made.feedback:
        if f.get("score") is not None:
            answered[f["account"]].append((f["score"], (f["occurred_at"].timestamp() - seconds(0)) / 86_400))
    for party in made.parties:
        tenure = {span: (seconds(0) + end * 86_400 - party["started_at"].timestamp()) / 86_400 for span, end in ((0, 90), (1, 180))}
        for span, start in ((0, 0), (1, 90)):
            acts = [e for e, d in acted[party["id"]] if start <= d < start + 90]
            answers = [score for score, d in answered[party["id"]] if start + 90 <= d < start + 180]
            if acts and answers:
                visits = len({e["session"] for e in acts})
                level, years = sum(visits >= s for s in STEPS_OF_USE), sum(tenure[span] >= t for t in TENURES)
                did = {e["name"] for e in acts}
                rows.append((span, level, years, party["market"], party["product"], np.log(visits), "report" in did, "export" in did))
                scores.append(np.mean(answers))
    dummies = [np.array([[row[i] == value for value in sorted({r[i] for r in rows})[1:]] for row in rows], float) for i in range(5)]
    x = np.column_stack([np.ones(len(rows)), *dummies, [r[5] for r in rows]])
    return {name: float(sm.OLS(scores, np.column_stack([x, [r[i] for r in rows]])).fit().params[-1]) for name, i in (("report", 6), ("export", 7))}


def gap(found: Features, name: str, outcome: str, step: str = "") -> Any:
    return next(g for f in found.features for g in f.gaps if (f.name, f.step, g.outcome) == (name, step, outcome))


def test_every_engine_sums_what_a_slow_regression_finds(engine: Engine) -> None:
    """statsmodels 0.14: OLS of each customer's mean score on the feature beside all controls, as `by_hand` writes it out."""
    made = heavy(np.random.default_rng(1), 150)
    found, slow = found_of(engine, made), by_hand(made)
    for name in ("report", "export"):
        assert gap(found, name, "satisfaction").value == pytest.approx(slow[name], abs=2e-4)
    assert {(f.name, f.step) for f in found.features} == {("report", ""), ("export", ""), ("export", "pdf"), ("export", "csv")}


def test_heavy_users_fool_the_plain_comparison_and_not_ours(duck: Engine) -> None:
    found = found_of(duck, heavy(np.random.default_rng(2), 500))
    for outcome in ("satisfaction", "help"):
        one = gap(found, "report", outcome)
        assert one.plain_low > 0.05
        assert one.low <= 0 <= one.high
        assert one.verdict in {"no_difference", "cannot_tell"}
    assert {(f.name, g.outcome) for f, g in found.explained()} >= {("report", "satisfaction"), ("report", "help")}
    assert not found.standing
    report = next(f for f in found.features if f.name == "report")
    assert report.visits > 1.5 * report.other_visits


def test_a_true_difference_is_found_beside_activity(duck: Engine) -> None:
    found = found_of(duck, heavy(np.random.default_rng(3), 500, effect=0.5))
    first, held = found.standing[0]
    assert (first.name, held.outcome, held.verdict) == ("report", "satisfaction", "more")
    assert held.low is not None
    assert held.high is not None
    assert held.low <= 0.5 <= held.high
    assert (held.plain or 0.0) > (held.value or 0.0) + 0.1
    assert features_of(json.loads(json.dumps(features_json(found)))) == found


def test_what_follows_is_strictly_later(duck: Engine) -> None:
    """An answer within the span of use is none of what follows it, be it a second before its end."""
    made = Customers()
    who = made.account(0, 0)
    made.did(who, "report", 89)
    made.said(who, 90 - 1 / 86_400, measure=CSAT.key, score=1.0)
    made.said(who, 90, measure=CSAT.key, score=5.0)
    made.said(who, 180, measure=CSAT.key, score=1.0)
    made.into(duck)
    tables = (duck.table(name) for name in ("parties", "events", "feedback"))
    rows = duck.run(customers(*tables, Design((seconds(90),), "account", 90, 90, CSAT), NOBODY)).to_pylist()
    assert [(r["rated"], r["scores"]) for r in rows] == [(1, 5.0)]


def test_spans_that_overlap_are_counted_as_those_that_do_not(duck: Engine) -> None:
    made = Customers()
    who = made.account(0, 0)
    for when in (5, 50, 95, 140):
        made.did(who, "report", when)
    made.into(duck)
    tables = [duck.table(name) for name in ("parties", "events", "feedback")]
    long = duck.run(customers(*tables, Design((seconds(100), seconds(150)), "account", 100, 50, CSAT), NOBODY)).to_pylist()
    assert sorted((r["span"], round(np.exp(r["use"]))) for r in long) == [(0, 3), (1, 3)]


def test_protected_people_and_those_who_had_left_are_not_counted(duck: Engine) -> None:
    made = Customers()
    for at, (audience, end) in enumerate([("customer", None), ("employee", None), ("customer", 60), ("customer", 120)]):
        made.did(made.account(at, 0, end, audience), "report", 10)
    made.into(duck)
    tables = [duck.table(name) for name in ("parties", "events", "feedback")]
    rows = duck.run(customers(*tables, Design((seconds(90),), "account", 90, 90, CSAT), frozenset({"employee"}))).to_pylist()
    assert sorted(r["left"] for r in rows) == [0, 1]


def row(block: int, name: str, n: int, **more: Any) -> dict[str, Any]:
    """A cell of invented sums."""
    alike = {"market": "SE", "segment": "", "product": "", "tenure": 1, "level": 1, "span": 0}
    sums = {"use": 0.7 * n, "use2": 0.6 * n, "left": n // 5, "use_left": 0.1 * n, "renewed": 0, "use_renewed": 0.0, "help": 0, "use_help": 0.0}
    rated = {"rated": 0, "use_rated": 0.0, "use2_rated": 0.0, "score": 0.0, "use_score": 0.0}
    return {"block": block, "name": name, "step": "", "n": n, **alike, **sums, **rated, **more}


def test_nobody_everybody_and_one_customer_are_told_as_what_they_are() -> None:
    whole = [row(b, "", 20) for b in range(32)]
    rows = [*(row(b, "all", 20) for b in range(32)), *(row(b, "some", 9) for b in range(32)), row(3, "one", 1)]
    blank = Features("account", 90, 90, 1, 640, 0, "", (), (), 0)
    found = judged(blank, {("all", ""): 640, ("some", ""): 288, ("one", ""): 1}, whole, rows, 1.0)
    assert {f.name: f.why for f in found.features} == {"some": "", "all": "everybody", "one": "few"}
    assert judged(blank, {("one", ""): 1}, [row(0, "", 1)], [row(0, "one", 1)], 1.0).why == "few"


def test_who_has_nobody_alike_is_told_as_that() -> None:
    """A feature of one plan, and of one customer beside it: without her block there is nobody to compare with, so no interval can be had."""
    whole = [row(b, "", 20, product=plan) for b in range(32) for plan in ("basic", "pro")]
    blank = Features("account", 90, 90, 1, 1280, 0, "", (), (), 0)
    for one in ([], [row(3, "pro", 1, product="basic")]):
        found = judged(blank, {("pro", ""): 640 + len(one)}, whole, [*(row(b, "pro", 20, product="pro") for b in range(32)), *one], 1.0)
        assert [(f.why, f.gaps) for f in found.features] == [("unlike", ())]


def test_fewer_people_than_may_be_told_of_are_not() -> None:
    whole = [row(b, "", 20) for b in range(32)]
    blank = Features("account", 90, 90, 1, 640, 0, "", (), (), 0)
    found = judged(blank, {("some", ""): 45}, whole, [row(b, "some", 9) for b in range(32)], 1.0, floor=50)
    assert [(f.users, f.gaps) for f in found.features] == [(0, ())]
    but_few = judged(blank, {("most", ""): 630}, whole, [row(b, "most", 19) for b in range(32)], 1.0, floor=50)
    assert [(f.users, f.gaps) for f in but_few.features] == [(0, ())], "those who do not use it are ten"


@pytest.mark.parametrize("days", [10, 100, 179])
def test_a_short_history_has_no_spans(days: int) -> None:
    assert spans_of(0, days * 86_400, 90, 90) == ()


def test_ten_thousand_features_are_limited_and_it_is_said() -> None:
    named = {(f"f{i}", ""): 10_000 - i for i in range(10_000)}
    chosen, left_out = _chosen(named, Asked())
    assert (len(chosen), left_out) == (MOST, 10_000 - MOST)
    assert next(iter(chosen)) == ("f0", "")
    assert _chosen(named, Asked(feature="f9999")) == ({("f9999", ""): 1}, 0)
    with pytest.raises(NotFound, match="f999"):
        _chosen(named, Asked(feature="f99999x"))
    with pytest.raises(BadInput):
        Asked(use=0).checked()
