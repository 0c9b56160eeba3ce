"""Decompositions: a published example, laws for any counts, brute force, bootstrap, and how often the intervals hold the truth."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from gensvar.stats import Prior
from gensvar.stats.decompose import Belongs, Linear, Tally, TwoFold, order_free, together

SHARE = Prior(4.0, 0.5, 0.5)
DEATHS_1985 = (
    (3041, 9.163), (11577, 0.462), (27450, 0.248), (32711, 0.929), (35480, 1.084), (27411, 1.810), (19555, 4.715), (19795, 12.187),
    (15254, 27.728), (8022, 64.068), (2472, 157.570), (707, 17.208), (2692, 0.738), (6473, 0.328), (6841, 1.103), (6547, 2.045),
    (4352, 3.724), (3034, 8.052), (2540, 17.812), (1749, 34.128), (804, 68.276), (236, 125.161),
)  # fmt: skip
DEATHS_1970 = (
    (2968, 18.469), (11484, 0.751), (34614, 0.391), (30992, 1.146), (21983, 1.287), (20314, 2.672), (20928, 6.636), (16897, 15.691),
    (11339, 34.723), (5720, 79.763), (1315, 176.837), (535, 36.993), (2162, 1.352), (6120, 0.541), (4781, 2.040), (3096, 3.523),
    (2718, 6.746), (2363, 12.967), (1767, 24.471), (1149, 45.091), (448, 74.902), (117, 123.205),
)  # fmt: skip


def known(pairs: tuple[tuple[float, float], ...]) -> Tally:
    """Every person of a cell with the cell's rate."""
    n, rate = np.array(pairs).T
    return Tally(n, n * rate, n * rate**2)


def shares(n: np.ndarray, k: np.ndarray) -> Tally:
    return Tally(n.astype(float), k.astype(float), k.astype(float))


def one_part(cells: Belongs) -> np.ndarray:
    return np.zeros(cells.count, np.int64)


def test_das_gupta_on_deaths_by_age_and_race() -> None:
    """Das Gupta 1993, Standardization and Decomposition of Rates, example 5.3, by the R package DasGuptR 2.1.0:
    dgnpop(eg5.3, pop = "pop", factors = c("size", "rate"), id_vars = c("race", "age"), ratefunction = "sum((size/sum(size))*rate)") |> dg_table()
    -> size 1.5415096, rate -2.2277254, crude -0.6862158
    """
    found = TwoFold(known(DEATHS_1985), known(DEATHS_1970), Belongs.of(np.arange(22))).whole()
    assert found.value == pytest.approx([1.5415096, -2.2277254], abs=5e-8)
    assert found.value.sum() == pytest.approx(-0.6862158, abs=5e-8)


def test_it_is_oaxaca_and_blinder_with_indicators() -> None:
    """An independent way: least squares of y on the cells' indicators on each side (NumPy), and mean characteristics × mean coefficients."""
    rng = np.random.default_rng(1)
    cell, y = [rng.integers(0, 5, n) for n in (300, 400)], [rng.normal(3, 1, n) for n in (300, 400)]
    x = [np.eye(5)[c] for c in cell]
    b = [np.linalg.lstsq(x[i], y[i], rcond=None)[0] for i in range(2)]
    mean = [one.mean(axis=0) for one in x]
    tally = [Tally(*(np.bincount(cell[i], y[i] ** power, 5).astype(float) for power in (0, 1, 2))) for i in range(2)]
    fold = TwoFold(tally[0], tally[1], Belongs.of(np.arange(5)))
    assert fold.whole().value == pytest.approx([(mean[0] - mean[1]) @ (b[0] + b[1]) / 2, (b[0] - b[1]) @ (mean[0] + mean[1]) / 2])
    assert fold.level().value == pytest.approx((b[0] - b[1]) * (mean[0] + mean[1]) / 2)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[Tally, Tally, np.ndarray]:
    """Two sides over the same base cells, with answers on both, some cells empty on one; and two dimensions' codes of the base cells."""
    rows = draw(st.integers(2, 8))
    sides = []
    for _ in range(2):
        n = np.array(draw(st.lists(st.integers(0, 60), min_size=rows, max_size=rows)))
        n[draw(st.integers(0, rows - 1))] += 1
        k = np.array([draw(st.integers(0, int(one))) for one in n])
        sides.append(shares(n, k))
    codes = np.array([[draw(st.integers(0, 2)), draw(st.integers(0, 1)), draw(st.integers(0, 1))] for _ in range(rows)])
    return sides[0], sides[1], codes


def mean(tally: Tally) -> float:
    return float(tally.total.sum() / tally.n.sum())


def crossed(codes: np.ndarray) -> Belongs:
    return Belongs.of(np.unique(codes, axis=0, return_inverse=True)[1].reshape(-1))


@settings(max_examples=40)
@given(two_sides())
def test_the_parts_are_the_change_exactly(made: tuple[Tally, Tally, np.ndarray]) -> None:
    this, that, codes = made
    fold = TwoFold(this, that, crossed(codes), SHARE)
    change = mean(this) - mean(that)
    assert fold.mix().value.sum() + fold.level().value.sum() == pytest.approx(change, abs=1e-12)
    assert fold.whole().value.sum() == pytest.approx(change, abs=1e-12)


@settings(max_examples=40)
@given(two_sides())
def test_swapped_sides_turn_every_sign_and_nothing_else(made: tuple[Tally, Tally, np.ndarray]) -> None:
    this, that, codes = made
    fold, back = (TwoFold(a, b, crossed(codes), SHARE) for a, b in ((this, that), (that, this)))
    for one, other in ((fold.mix(), back.mix()), (fold.level(), back.level()), (fold.whole(), back.whole())):
        there, here = fold.judged(one), back.judged(other)
        assert there.value == pytest.approx(-here.value, abs=1e-12)
        assert there.low == pytest.approx(-here.high, abs=1e-9)
        assert there.p == pytest.approx(here.p, abs=1e-9)


@settings(max_examples=40)
@given(two_sides())
def test_where_nothing_differs_every_part_is_nothing(made: tuple[Tally, Tally, np.ndarray]) -> None:
    this, _, codes = made
    fold = TwoFold(this, this, crossed(codes), SHARE)
    found = fold.judged(together([fold.mix(), fold.level()]))
    assert found.value == pytest.approx(np.zeros(len(found.value)), abs=1e-12)
    assert (found.low <= 1e-12).all()
    assert (found.high >= -1e-12).all()


def mixes(this: Tally, that: Tally, codes: np.ndarray) -> dict[frozenset[int], Linear]:
    count = codes.shape[1]
    sets = [frozenset(d for d in range(count) if bits >> d & 1) for bits in range(1, 1 << count)]
    folds = {some: TwoFold(this, that, crossed(codes[:, sorted(some)]), SHARE) for some in sets}
    return {some: fold.mix(one_part(fold.belongs)) for some, fold in folds.items()}


@settings(max_examples=40)
@given(two_sides())
def test_dimensions_add_up_in_whatever_order_they_come(made: tuple[Tally, Tally, np.ndarray]) -> None:
    """Beside brute force: the mean, over all orders, of what each dimension adds."""
    this, that, codes = made
    every = mixes(this, that, codes)
    found = order_free(every, 3)
    adds = np.zeros(3)
    for order in permutations(range(3)):
        for at, one in enumerate(order):
            before, after = frozenset(order[:at]), frozenset(order[: at + 1])
            adds[one] += (every[after].value[0] - (every[before].value[0] if before else 0.0)) / 6
    assert found.value == pytest.approx(adds, abs=1e-12)
    assert found.value.sum() == pytest.approx(every[frozenset({0, 1, 2})].value[0], abs=1e-12)
    turned = order_free(mixes(this, that, codes[:, ::-1]), 3)
    assert turned.value[::-1] == pytest.approx(found.value, abs=1e-12)


def test_every_group_rises_and_the_whole_falls() -> None:
    """Simpson's paradox: all cells say more than before, but those who say little now answer more often. It is who answered, and only that."""
    this, that = shares(np.array([200, 800]), np.array([190, 480])), shares(np.array([800, 200]), np.array([720, 110]))
    assert mean(this) < mean(that)
    fold = TwoFold(this, that, Belongs.of(np.arange(2)), SHARE)
    level, whole = fold.judged(fold.level()), fold.judged(fold.whole())
    assert (level.value > 0).all()
    assert whole.high[0] < 0 < whole.low[1]
    assert whole.value[0] < mean(this) - mean(that)


def test_a_cell_that_came_counts_as_who_answered() -> None:
    this, that = shares(np.array([100, 50]), np.array([80, 10])), shares(np.array([100, 0]), np.array([80, 0]))
    fold = TwoFold(this, that, Belongs.of(np.arange(2)), SHARE)
    assert fold.level().value == pytest.approx([0.0, 0.0])
    assert fold.whole().value == pytest.approx([mean(this) - mean(that), 0.0])


def test_a_base_cell_in_two_cells_counts_half_in_each() -> None:
    """100 answers in one cell, 40 in both: as 120 and 20."""
    belongs = Belongs(np.array([0, 0, 1]), np.array([1.0, 0.5, 0.5]), np.array([0, 1]), 2)
    this, that = shares(np.array([100, 40]), np.array([60, 10])), shares(np.array([80, 60]), np.array([50, 40]))
    fold = TwoFold(this, that, belongs, SHARE)
    assert fold.n[0] == pytest.approx([120, 20])
    assert fold.means[0] == pytest.approx([65 / 120, 5 / 20])
    assert fold.mix().value.sum() + fold.level().value.sum() == pytest.approx(mean(this) - mean(that))


# ── doubt ────────────────────────────────────────────────────────────────────────────────────────────────────────────

PA, MA = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.8, 0.7, 0.6, 0.5])
PB, MB = np.array([0.3, 0.3, 0.25, 0.15]), np.array([0.85, 0.75, 0.6, 0.7])


def of_shares(rng: np.random.Generator, n: int) -> tuple[Tally, Tally]:
    drawn = []
    for p, m in ((PA, MA), (PB, MB)):
        cells = rng.multinomial(n, p)
        drawn.append(shares(cells, rng.binomial(cells, m)))
    return drawn[0], drawn[1]


def of_fives(rng: np.random.Generator, n: int) -> tuple[Tally, Tally]:
    """Whole scores from 1 to 5 whose mean is 1 + 4 m."""
    drawn = []
    for p, m in ((PA, MA), (PB, MB)):
        cell = rng.choice(4, n, p=p)
        y = 1.0 + rng.binomial(4, m[cell])
        drawn.append(Tally(*(np.bincount(cell, y**power, 4).astype(float) for power in (0, 1, 2))))
    return drawn[0], drawn[1]


def parts_of(this: Tally, that: Tally, prior: Prior) -> tuple[TwoFold, Linear]:
    fold = TwoFold(this, that, Belongs.of(np.arange(4)), prior)
    return fold, together([fold.level(), fold.whole()])


@pytest.mark.parametrize(
    ("draw", "n", "prior", "times"), [(of_shares, 120, SHARE, 1.0), (of_shares, 1000, SHARE, 1.0), (of_fives, 120, Prior(2, 3, 11, spread=True), 4.0)]
)
def test_intervals_hold_the_truth(draw: Callable[[np.random.Generator, int], tuple[Tally, Tally]], n: int, prior: Prior, times: float) -> None:
    """Seed 0, 700 pairs of samples: 19 in 20 hold the true level of every cell, the smallest of 12 answers, and the true mix and level of all."""
    whole = [shares(1e9 * p, 1e9 * p * m) for p, m in ((PA, MA), (PB, MB))]
    true = times * parts_of(whole[0], whole[1], SHARE)[1].value
    rng, held = np.random.default_rng(0), np.zeros(6)
    for _ in range(700):
        fold, made = parts_of(*draw(rng, n), prior)
        found = fold.judged(made)
        held += (found.low <= true) & (true <= found.high)
    assert (held / 700 >= 0.92).all()
    assert (held / 700 <= 0.98).all()


def test_the_delta_method_agrees_with_drawing_the_answers_anew() -> None:
    """Seed 3: 700 draws with replacement of 600 answers a side; standard errors agree within an eighth, of single mixes too."""
    rng = np.random.default_rng(3)
    this, that = of_shares(rng, 600)
    fold = TwoFold(this, that, Belongs.of(np.arange(4)))
    made = together([fold.mix(), fold.level(), fold.whole()])
    found, drawn = fold.judged(made), []
    for _ in range(700):
        pair = []
        for side in (this, that):
            cells = rng.multinomial(600, side.n / 600)
            pair.append(shares(cells, rng.binomial(cells, side.total / side.n)))
        again = TwoFold(pair[0], pair[1], Belongs.of(np.arange(4)))
        drawn.append(together([again.mix(), again.level(), again.whole()]).value)
    error = (found.high - found.low) / 2 / 1.96
    assert error == pytest.approx(np.std(drawn, axis=0), rel=0.125)


def test_one_cell_is_welchs_test() -> None:
    """SciPy 1.17: ttest_ind(a, b, equal_var=False), an independent way, to the last digit."""
    rng = np.random.default_rng(4)
    y = rng.normal(3.0, 1.0, 12), rng.normal(3.8, 2.0, 30)
    sides = [Tally(*(np.array([float((one**power).sum())]) for power in (0, 1, 2))) for one in y]
    fold = TwoFold(sides[0], sides[1], Belongs.of(np.arange(1)), Prior(0.0, 0.0, 0.0, spread=True))
    found, welch = fold.judged(fold.level()), ttest_ind(*y, equal_var=False)
    ends = welch.confidence_interval()
    assert [found.p[0], found.low[0], found.high[0]] == pytest.approx([welch.pvalue, ends.low, ends.high], rel=1e-9)


def test_a_cell_with_one_answer_leaves_the_interval_finite() -> None:
    """A single score has no variance of its own and no degrees of freedom: it must not make the freedom of the whole next to none."""
    this, that = (Tally(n, 3.5 * n, 13.0 * n) for n in (np.array([60.0, 39.0, 1.0]), np.array([60.0, 20.0, 20.0])))
    fold = TwoFold(this, that, Belongs.of(np.arange(3)), Prior(2.0, 3.0, 11.0, spread=True))
    found = fold.judged(fold.whole())
    assert (found.high - found.low < 3.0).all()


def test_the_variance_of_a_weak_mix_is_what_it_is_said_to_be() -> None:
    """Seed 6, 1,500 pairs of 200: by the delta method with estimates in the place of truths it would be a sixth too large."""
    rng, made, said = np.random.default_rng(6), [], []
    p, q = np.array([0.30, 0.20, 0.20, 0.15, 0.10, 0.05]), np.array([0.22, 0.20, 0.18, 0.16, 0.16, 0.08])
    x, y = np.array([0.80, 0.74, 0.62, 0.70, 0.55, 0.90]), np.array([0.85, 0.70, 0.62, 0.78, 0.48, 0.80])
    for _ in range(1500):
        n, m = rng.multinomial(200, p), rng.multinomial(200, q)
        fold = TwoFold(shares(n, rng.binomial(n, x)), shares(m, rng.binomial(m, y)), Belongs.of(np.arange(6)), SHARE)
        mix = fold.mix(one_part(fold.belongs))
        found = fold.judged(mix)
        made.append(mix.centre[0])
        said.append(((found.high - found.low)[0] / 3.92) ** 2)
    assert np.mean(said) == pytest.approx(np.var(made), rel=0.1)
