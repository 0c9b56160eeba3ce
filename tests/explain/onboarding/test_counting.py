"""What the engine counts of new customers: the same on every engine as a plain loop over the rows; nobody protected, nobody out of time."""

from collections import Counter
from typing import Any

import numpy as np

from gensvar.contracts import Measure
from gensvar.engine import Engine
from gensvar.explain.onboarding import judged
from gensvar.explain.onboarding.early import Design, behaviours, cohort, kinds_of_customers, opinions, standing, totals
from tests.explain.customers import Customers, seconds, some, states

DESIGN = Design("go_live", seconds(0), seconds(360))
CSAT = Measure(id="csat.start", version=1, metric="csat", low=1, high=5)
NOBODY: frozenset[str] = frozenset()


def tables(engine: Engine, made: Customers) -> tuple[Any, Any, Any]:
    made.into(engine)
    return tuple(engine.table(name) for name in ("parties", "events", "feedback"))  # type: ignore[return-value]


def by_hand(made: Customers, name: str, form: str) -> tuple[int, int]:
    """How many of those compared had the sign, and succeeded: a plain loop."""
    people = hits = 0
    for party in made.parties:
        own = [(e["name"], (e["occurred_at"] - party["started_at"]).total_seconds() / 86_400) for e in made.events if e["account"] == party["id"]]
        start = (party["started_at"].timestamp() - seconds(0)) / 86_400
        live = min((d for n, d in own if n == "go_live"), default=None)
        early = [d for n, d in own if n == name and 0 <= d < 30]
        fits = {"did": bool(early), "often": len(early) >= 3, "soon": bool(early) and min(early) < 14}[form]
        if start + 120 <= 360 and (live is None or live >= 30) and fits:
            people, hits = people + 1, hits + (live is not None and live < 120)
    return people, hits


def test_every_engine_counts_what_a_loop_counts(engine: Engine) -> None:
    made = some(np.random.default_rng(1), 150)
    for at in range(0, 150, 3):
        for when in (1, 2, 20):
            made.did(made.parties[at]["id"], "import", (made.parties[at]["started_at"] - made.parties[0]["started_at"]).days + when)
    parties, events, _ = tables(engine, made)
    customers = cohort(parties, events, DESIGN, "account", NOBODY)
    rows = engine.run(behaviours(customers, events, DESIGN, "account")).to_pylist()
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        found[row["name"], row["step"], row["form"]] += row["n"]
    for name, form in (("training", "did"), ("training", "soon"), ("tour", "did"), ("tour", "soon"), ("import", "often")):
        hits = sum(r["hits"] for r in rows if (r["name"], r["step"], r["form"]) == (name, "", form))
        assert (found[name, "", form], hits) == by_hand(made, name, form)
    assert found["tour", "short", "did"] + found["tour", "long", "did"] == found["tour", "", "did"]
    assert "go_live" not in {row["name"] for row in rows}
    whole = engine.run(totals(customers)).to_pylist()
    assert {r["half"] for r in whole} == {0, 1}
    assert sum(r["n"] for r in whole) == states(engine.run(standing(customers)).to_pylist())["in"]


def test_who_is_not_compared_is_told_apart(duck: Engine) -> None:
    made = Customers()
    for at, (start, end, live) in enumerate([(-5, None, None), (300, None, None), (10, 20, None), (10, None, 15), (10, None, 60), (10, 50, None)]):
        who = made.account(at, start, end)
        if live is not None:
            made.did(who, "go_live", 10 + live)
    parties, events, _ = tables(duck, made)
    customers = cohort(parties, events, DESIGN, "account", NOBODY)
    assert states(duck.run(standing(customers)).to_pylist()) == {"early": 1, "young": 1, "ended": 1, "done": 1, "in": 2}
    stays = cohort(parties, events, Design("", seconds(0), seconds(360)), "account", NOBODY)
    assert sum(r["hits"] for r in duck.run(totals(stays)).to_pylist()) == 2


def test_employees_are_never_counted(duck: Engine) -> None:
    made = some(np.random.default_rng(2), 40)
    for party in made.parties[:20]:
        party["audience"] = "employee"
    for party in made.parties:
        made.said(
            party["id"], (party["started_at"] - made.parties[0]["started_at"]).days + 3, audience="employee", sentiment=-0.9, tones=["work=-0.9"]
        )
    parties, events, feedback = tables(duck, made)
    protected = frozenset({"employee"})
    customers = cohort(parties, events, DESIGN, "account", protected)
    assert sum(states(duck.run(standing(customers)).to_pylist()).values()) == 20
    assert duck.run(opinions(customers, feedback, [CSAT], "account", protected)).num_rows == 0


def test_voices_before_the_landmark_count_by_topic_tone_effort_and_score(engine: Engine) -> None:
    made = Customers()
    for at in range(4):
        who = made.account(at, 5, product="plan 1")
        made.said(who, 6, sentiment=-0.5, tones=["delivery=-0.75", "price=0.5"], effort=0.8, measure=CSAT.key, score=2.0 if at < 3 else 5.0)
        made.said(who, 7, sentiment=-0.5, tones=["delivery=-0.5"])
        made.said(who, 80, sentiment=0.9, tones=["support=0.9"])
    parties, events, feedback = tables(engine, made)
    customers = cohort(parties, events, Design("", seconds(0), seconds(360)), "account", NOBODY)
    found: Counter[tuple[str, str]] = Counter()
    for row in engine.run(opinions(customers, feedback, [CSAT], "account", NOBODY)).to_pylist():
        found[row["name"], row["form"]] += row["n"]
    said = {("delivery", "bad"): 4, ("price", "good"): 4, ("", "bad"): 4, ("", "wrote"): 4, ("", "effort"): 4}
    assert dict(found) == said | {("csat.start@1", "answered"): 4, ("csat.start@1", "low"): 3}


def test_persons_are_counted_where_there_are_no_accounts(duck: Engine) -> None:
    made = some(np.random.default_rng(3), 10)
    made.parties[0]["started_at"] = None
    parties, _, _ = tables(duck, made)
    assert duck.run(kinds_of_customers(parties)).to_pylist() == [{"kind": "account", "n": 9}]


def test_immortal_time_fools_the_naive_comparison_and_not_ours(duck: Engine) -> None:
    """Everybody leaves at one rate, and is called on every twelve days while she stays: whoever stays is called on more."""
    rng, made = np.random.default_rng(9), Customers()
    for at in range(400):
        start, lives = float(rng.integers(0, 200)), 30 * float(rng.exponential(4))
        who = made.account(at, start, start + lives if lives < 160 else None, product="plan 1")
        for when in np.arange(rng.integers(0, 12), min(lives, 150), 12):
            if rng.random() < 0.5:
                made.did(who, "visit", start + float(when))
    visits, stayed = Counter(e["account"] for e in made.events), [p["ended_at"] is None for p in made.parties]
    often = np.array([visits[p["id"]] >= 5 for p in made.parties])
    shares = [np.mean(np.array(stayed)[often == many]) for many in (True, False)]
    assert shares[0] - shares[1] > 0.3
    parties, events, _ = tables(duck, made)
    design = Design("", seconds(0), seconds(360))
    customers = cohort(parties, events, design, "account", NOBODY)
    whole, marked = (duck.run(t).to_pylist() for t in (totals(customers), behaviours(customers, events, design, "account")))
    found = judged(design, "account", {}, whole, marked)
    assert found.tested >= 1
    assert not found.standing
