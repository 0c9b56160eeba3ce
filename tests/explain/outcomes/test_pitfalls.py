"""What goes wrong in other ways of counting, on customers whose truth is known: each is shown to fail where ours does not."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from evals.simulated_outcomes import CONFOUNDED, MONTHS, PLANTED, WINDOW, People, people
from scipy.stats import norm

from gensvar.explain.outcomes import exposure
from gensvar.explain.outcomes.counting import Grid, Stretches, at_risk, stretches
from gensvar.explain.outcomes.looking import looked
from gensvar.explain.outcomes.scan import Scan, scanned
from gensvar.explain.outcomes.taken import Taken
from gensvar.stats.hazards import Hazards, hazards, inflation
from tests.explain.outcomes.counted import LEFT, came, memory, of, run, taken

PARTIES, TERMS = 30_000, 300
NEGATIVE = np.arange(TERMS) * 3
NOTHING = np.array([i for i in range(TERMS) if i not in (PLANTED, CONFOUNDED)])  # terms that do nothing


def halves(people: People, strata: bool = True) -> tuple[Taken, tuple[Stretches, Stretches]]:
    lives = people.lives if strata else people.lives.set_column(1, "stratum", pa.array(np.zeros(len(people.lives), np.int32)))
    made = taken(People(lives, people.texts, people.terms), 20 if strata else 1)
    mentions, there = memory(made.mentions), memory(lives)
    each = [run(exposure.counts(exposure.exposures(mentions, there.filter(test), WINDOW))) for test in (there.first_half, ~there.first_half)]
    return made, (stretches(each[0]), stretches(each[1]))


def scan(people: People, strata: bool = True) -> Scan:
    made, (first, second) = halves(people, strata)
    return scanned(first, second, made.comparator, made.grid())


def planted_alone(people: People) -> Hazards:
    """The ratio of PLANTED, one term against its comparator."""
    made, both = taken(people), [of(PLANTED), 3 * people.terms]
    mentions = made.mentions.filter(pc.is_in(made.mentions["term"], pa.array(both, pa.int32())))
    rows, grid = stretches(run(exposure.counts(exposure.exposures(memory(mentions), memory(made.lives), WINDOW)))), made.grid()
    (n1, d1), (n, d) = (at_risk(rows.of(term, term + 1), 1, grid) for term in both)
    return hazards(n1, d1, n, d)


@pytest.fixture(scope="module")
def customers() -> People:
    return people(PARTIES, TERMS, 11, ratio=1.4)


@pytest.fixture(scope="module")
def counted(customers: People) -> tuple[Taken, tuple[Stretches, Stretches]]:
    return halves(customers)


@pytest.fixture(scope="module")
def ours(counted: tuple[Taken, tuple[Stretches, Stretches]]) -> Hazards:
    made, (first, second) = counted
    return scanned(first, second, made.comparator, made.grid()).whole


def covers(found: Hazards, at: int, ratio: float) -> bool:
    return bool(found.low[at] <= ratio <= found.high[at])


def test_ours_finds_the_planted_term_at_its_ratio_and_nothing_else(customers: People, ours: Hazards) -> None:
    found = looked(LEFT, taken(customers), came(customers), run)
    assert [(a.term, a.tone, a.verdict) for a in found.reported] == [(f"word:en:w{PLANTED}", "negative", "more")]
    assert covers(ours, of(PLANTED), 1.4)
    assert covers(ours, of(CONFOUNDED), 1.0)
    assert np.median(ours.ratio[NEGATIVE[NOTHING]]) == pytest.approx(1.0, abs=0.03)


def test_compared_with_all_customers_every_word_looks_harmful(
    customers: People, counted: tuple[Taken, tuple[Stretches, Stretches]], ours: Hazards
) -> None:
    """Those who complain of anything leave more than those who do not write: the comparator must have written in the same tone, at the same time."""
    _, (first, second) = counted
    grid = Grid(3 * TERMS, 20, MONTHS, WINDOW)
    (n1, d1), (n2, d2) = (at_risk(half.of(0, 3 * TERMS), 3 * TERMS, grid) for half in (first, second))
    wrong = hazards((n1 + n2)[NEGATIVE], (d1 + d2)[NEGATIVE], *everybody(customers))
    assert np.median(wrong.ratio[NOTHING]) > 1.08 > 1.03 > np.median(ours.ratio[NEGATIVE[NOTHING]])
    assert inflation(wrong.z[NOTHING]) > 1.4 > 1.1 > inflation(ours.z[NEGATIVE[NOTHING]])


def everybody(customers: People) -> tuple[np.ndarray, np.ndarray]:
    """At risk and leaving of all, by stratum × month."""
    lives = {name: customers.lives[name].to_numpy(zero_copy_only=False) for name in customers.lives.column_names}
    risk, left = np.zeros((20, MONTHS + 1)), np.zeros((20, MONTHS + 1))
    np.add.at(risk, (lives["stratum"], lives["enter"]), 1)
    np.add.at(risk, (lives["stratum"], lives["leave"] + 1), -1)
    np.add.at(left, (lives["stratum"][lives["ended"]], lives["leave"][lives["ended"]]), 1)
    return np.cumsum(risk, 1)[:, :-1].ravel(), left[:, :-1].ravel()


def test_without_strata_a_word_of_those_who_leave_anyway_looks_harmful(ours: Hazards) -> None:
    """CONFOUNDED is said thrice as often in the segment that leaves most; held equal by segment, there is nothing."""
    many = people(30_000, 40, 5, confounded=0.3, base=0.02)
    without, with_ = scan(many, strata=False).whole, scan(many).whole
    assert without.low[of(CONFOUNDED)] > 1.02
    assert covers(with_, of(CONFOUNDED), 1.0)
    assert covers(ours, of(CONFOUNDED), 1.0)


def test_without_time_order_words_protect_and_the_planted_one_too(customers: People, ours: Hazards) -> None:
    """“Ever said it” × “left”: those who stayed longer had longer to say it (immortal time)."""
    said = customers.mentions()
    unit, term = said["unit"].to_numpy(), said["term"].to_numpy()
    ended = customers.lives["ended"].to_numpy(zero_copy_only=False)
    pairs = np.unique(unit.astype(np.int64) * 10_000 + term)
    n = np.bincount(pairs % 10_000, minlength=3 * TERMS)[NEGATIVE]
    d = np.bincount(pairs % 10_000, ended[pairs // 10_000], 3 * TERMS)[NEGATIVE]
    ratio = (d / n) / ((ended.sum() - d) / (PARTIES - n))
    z = (d / n - ended.mean()) / np.sqrt(ended.mean() * (1 - ended.mean()) / n)
    assert np.mean((z < norm.ppf(0.025))[NOTHING]) > 0.5
    assert ratio[PLANTED] < 1
    assert np.mean((ours.p < 0.05)[NEGATIVE[NOTHING]]) < 0.1
    assert covers(ours, of(PLANTED), 1.4)
    assert ours.low[of(PLANTED)] > 1.1


@pytest.mark.filterwarnings("ignore:Starting with pandas version 4")  # lifelines 0.30 calls pandas in a way that will go
def test_lifelines_with_time_order_agrees_and_without_it_has_the_wrong_sign() -> None:
    """lifelines 0.30: Cox with a time-varying exposure among those with a negative text in the window; and Cox on “ever said it”."""
    from lifelines import CoxPHFitter, CoxTimeVaryingFitter  # type: ignore[import-untyped]

    few = people(4_000, 40, 3, planted=0.05, base=0.02)
    mine = scan(few).whole
    frame = person_months(few)
    fit = CoxTimeVaryingFitter().fit(frame, id_col="id", start_col="start", stop_col="stop", event_col="event", strata=["stratum"])
    assert np.exp(fit.params_["x"]) == pytest.approx(mine.ratio[of(PLANTED)], rel=0.03)
    ever = ever_said(few)
    naive = CoxPHFitter().fit(ever, "time", "event", strata=["stratum"])
    assert np.exp(naive.params_["x"]) < 0.9 < 1.1 < mine.ratio[of(PLANTED)]


def person_months(few: People) -> "pd.DataFrame":  # type: ignore[name-defined]  # noqa: F821
    """One row for each month in which a unit is at risk after a negative text, with whether it said PLANTED; a month is an interval of its own."""
    import pandas as pd

    said = few.mentions().to_pandas()
    lives = few.lives.to_pandas()
    whole = 3 * few.terms
    steps = pd.DataFrame({"k": range(1, WINDOW + 1)})
    frames = []
    for term in (whole, of(PLANTED)):
        met = said[said.term == term][["unit", "month"]].drop_duplicates().merge(steps, how="cross")
        frames.append((met.assign(month=met.month + met.k)[["unit", "month"]]).drop_duplicates())
    both = frames[0].merge(frames[1].assign(x=1.0), how="left", on=["unit", "month"]).fillna({"x": 0.0}).merge(lives, on="unit")
    both = both[(both.month <= both.leave) & (both.month >= both.enter)]
    event = both.ended & (both.month == both.leave)
    return pd.DataFrame({
        "id": np.arange(len(both)), "start": both.month - 0.5, "stop": both.month + 0.5, "event": event, "x": both.x, "stratum": both.stratum,
    })  # fmt: skip


def ever_said(few: People) -> "pd.DataFrame":  # type: ignore[name-defined]  # noqa: F821
    import pandas as pd

    said = few.mentions().to_pandas()
    lives = few.lives.to_pandas()
    ever = lives.unit.isin(said[said.term == of(PLANTED)].unit).astype(float)
    return pd.DataFrame({"time": lives.leave - lives.enter + 0.5, "event": lives.ended, "x": ever, "stratum": lives.stratum})


def test_nothing_is_found_where_nothing_is() -> None:
    """Lives dealt out anew, six times: nothing is reported, and hardly ever is anything near it. The evaluation has 200 runs."""
    few, rng = people(4_000, 80, 2, base=0.02), np.random.default_rng(1)
    found = [looked(LEFT, taken(shuffled), came(shuffled), run) for shuffled in (few.shuffled(rng) for _ in range(6))]
    assert all(one.tested > 50 for one in found)
    assert not any(one.reported for one in found)
    assert sum(any(a.verdict == "unconfirmed" for a in one.associations) for one in found) <= 1


def test_intervals_cover_what_was_planted() -> None:
    """20 companies of 2,500; at least 17 intervals hold 1.4 (of 20 at 95 %, fewer come once in sixty). The evaluation has 400."""
    found = [planted_alone(people(2_500, 40, seed, planted=0.05, base=0.02)) for seed in range(20)]
    assert sum(covers(one, 0, 1.4) for one in found) >= 17
