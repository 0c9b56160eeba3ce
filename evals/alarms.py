"""The feed of changes where the truth is known: boards drawn at random, beside other rules; levels that rest; what is planted in the company."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.company import Told, told
from evals.result import Result
from gensvar.demo.truth import planted
from gensvar.explain.changed import PROMISED, Line
from gensvar.explaining.changed import feed
from gensvar.kit.scope import whole
from gensvar.stats.alarms import Counts, Levels, watch
from gensvar.stats.negative_binomial import dispersion, mid_tails

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
THEMES, YEAR, BEFORE, BOARDS, SEED = 50, 52, 50, 100, 2026
RISE, LASTS, RISING, AT = 1.3, 8, 5, 20
LARGE = 50.0
ALPHAS = {0.0: 0.72, 0.01: 0.67, 0.05: 0.44}
"""Scatter of weeks beyond chance → the power that the rule before this one had (rises alone)."""
WEEKS_BASE, EARLIER = 22, 26


@dataclass(frozen=True)
class Board:
    """counts: themes × weeks, of which the last 52 are judged; exposure: the season; rising: themes that rise for eight weeks from `begins`."""

    counts: Numbers
    exposure: Numbers
    mean: Numbers
    rising: NDArray[np.int64]
    begins: int
    null: Mask


def drawn(random: np.random.Generator, alpha: float) -> Board:
    """5 to 200 texts a week, a season of ± 10 %. Weeks of a rising theme count as nobody's error until 24 weeks after its rise began."""
    mean = np.exp(random.uniform(np.log(5), np.log(200), THEMES))
    season = 1 + 0.1 * np.sin(2 * np.pi * np.arange(BEFORE + YEAR) / YEAR)
    times, begins = np.ones((THEMES, BEFORE + YEAR)), BEFORE + AT
    rising = random.choice(THEMES, RISING, replace=False)
    times[rising, begins : begins + LASTS] = RISE
    expected = mean[:, None] * season * times
    counts = random.poisson(expected * (random.gamma(1 / alpha, alpha, expected.shape) if alpha else 1.0)).astype(np.float64)
    null = np.ones(counts.shape, np.bool_)
    null[rising, begins : begins + 3 * LASTS] = False
    return Board(counts, np.tile(season, (THEMES, 1)), mean, rising, begins, null)


# ── the rules: board → which theme begins to be told in which week, and which it holds to be risen ──

Said = tuple[Mask, Mask]
Rule = Callable[[Board], Said]


def ours(board: Board, *, each: bool = False) -> Said:
    begun = np.zeros(board.counts.shape, np.bool_)
    for onset in watch(Counts(board.counts, board.exposure, each), BEFORE).onsets:
        begun[onset.series, onset.told] = True
    return begun, begun


def ours_of_each(board: Board) -> Said:
    """As volumes, friction and source quality are watched: no scatter is shared."""
    return ours(board, each=True)


def _onsets(alarm: Mask) -> Said:
    alarm[:, :BEFORE] = False
    return alarm & ~np.pad(alarm, ((0, 0), (1, 0)))[:, :-1], alarm


def z_of_eight_weeks(board: Board) -> Said:
    """The week is 1.5 standard deviations above the mean of the eight before it."""
    alarm = np.zeros(board.counts.shape, np.bool_)
    for at in range(BEFORE, BEFORE + YEAR):
        before = board.counts[:, at - 8 : at]
        alarm[:, at] = (board.counts[:, at] - before.mean(1)) / np.maximum(before.std(1, ddof=1), 1e-9) >= 1.5
    return _onsets(alarm)


def _weekly(board: Board, at: int, window: int, base: int) -> tuple[Numbers, Numbers, Numbers]:
    """(expected, α with the doubt of the rate, p of at least so many) of a window that ends with this week."""
    before, exposure = (x[:, at + 1 - window - base : at + 1 - window] for x in (board.counts, board.exposure))
    rate = before.sum(1) / exposure.sum(1)
    alpha = dispersion(base, before.mean(1), ((before - rate[:, None] * exposure) ** 2).sum(1))
    seen, mean = board.counts[:, at + 1 - window : at + 1].sum(1), rate * board.exposure[:, at + 1 - window : at + 1].sum(1)
    doubt = alpha * (1 / window + 1 / base) + 1 / np.maximum(before.sum(1), 1)
    return mean, doubt, mid_tails(seen, np.maximum(mean, 1e-9), doubt)[1]


def each_at_five_per_cent(board: Board) -> Said:
    alarm = np.zeros(board.counts.shape, np.bool_)
    for at in range(BEFORE, BEFORE + YEAR):
        alarm[:, at] = _weekly(board, at, 1, EARLIER)[2] < 0.05
    return _onsets(alarm)


def cusum(board: Board) -> Said:
    """One-sided, for a rise of 15 %, h = 5. Page 1954, Biometrika 41:100."""
    alarm, total = np.zeros(board.counts.shape, np.bool_), np.zeros(THEMES)
    for at in range(BEFORE, BEFORE + YEAR):
        mean, doubt, _ = _weekly(board, at, 1, EARLIER)
        spread = np.sqrt(mean + doubt * mean**2)
        total = np.maximum(0, total + (board.counts[:, at] - mean) / spread - 0.15 * mean / spread)
        alarm[:, at] = total >= 5
    return _onsets(alarm)


def one_and_four_weeks(board: Board) -> Said:
    """Benjamini–Hochberg at 0.10 over the lesser p of one and four weeks, twice: the rule that ours goes on from, for rises alone."""
    alarm = np.zeros(board.counts.shape, np.bool_)
    for at in range(BEFORE, BEFORE + YEAR):
        p = np.minimum(1, 2 * np.minimum(*(_weekly(board, at, window, WEEKS_BASE)[2] for window in (1, 4))))
        order = np.sort(p)
        passed = np.flatnonzero(order <= 0.10 * np.arange(1, THEMES + 1) / THEMES)
        alarm[:, at] = p <= (order[passed[-1]] if len(passed) else -1)
    return _onsets(alarm)


OF_EACH = "each with a scatter of its own"
RULES: dict[str, Rule] = {
    "": ours, OF_EACH: ours_of_each, "z ≥ 1.5 on 8 weeks": z_of_eight_weeks, "p < 0.05 each week": each_at_five_per_cent, "CUSUM": cusum,
    "BH 0.10 over 1 and 4 weeks": one_and_four_weeks,
}  # fmt: skip


@dataclass
class Score:
    """false: onsets of what had not moved; hits, large: whether each rise was told within its eight weeks; delay: weeks until it was."""

    false: int = 0
    hits: list[bool] = field(default_factory=list)
    large: list[bool] = field(default_factory=list)
    delay: list[int] = field(default_factory=list)

    def count(self, board: Board, said: Said) -> None:
        begun, alarm = said
        self.false += int((begun & board.null)[:, BEFORE:].sum())
        for theme in board.rising.tolist():
            when = np.flatnonzero(alarm[theme, board.begins : board.begins + LASTS])
            self.hits.append(bool(len(when)))
            self.delay += [int(when[0]) + 1] if len(when) else []
            if board.mean[theme] >= LARGE:
                self.large.append(bool(len(when)))


def simulated(boards: int = BOARDS) -> list[Result]:
    """Months between false alarms of a board, power and delay, for each scatter of weeks, beside what others would do on the same boards."""
    results: list[Result] = []
    for alpha, power in ALPHAS.items():
        random, scores = np.random.default_rng(SEED), defaultdict[str, Score](Score)
        for _ in range(boards):
            board = drawn(random, alpha)
            for name, rule in RULES.items():
                scores[name].count(board, rule(board))
        for name, score in scores.items():
            results += _told(name, score, boards, alpha, power)
    return results


def _told(name: str, score: Score, boards: int, alpha: float, power: float) -> list[Result]:
    mine, kept, what = not name, name in {"", OF_EACH}, f"alarms, α = {alpha:g}" + (f", {name}" if name else "")
    a_year = score.false / boards
    return [
        Result(f"{what}: months from one false alarm to the next", 12 / max(a_year, 1e-9), f"{a_year:.1f} a year", 1.0 if kept else None),
        Result(f"{what}: told of a rise of 30 % within 8 weeks", float(np.mean(score.hits)), f"of {len(score.hits)}", power if mine else None),
        Result(f"{what}: the same with 50 texts a week or more", float(np.mean(score.large)), f"of {len(score.large)}"),
        Result(f"{what}: weeks until told, median", float(np.median(score.delay)), "weeks"),
    ]


def levels(boards: int = BOARDS) -> list[Result]:
    """Fifty levels that do not move, 20 to 200 answers a week, calm and restless: months from one false alarm to the next."""
    found = []
    for restless in (0.0, 0.05):
        random, false = np.random.default_rng(SEED + 1), 0
        for _ in range(boards):
            n = random.integers(20, 200, THEMES)[:, None] * np.ones((THEMES, BEFORE + YEAR), np.int64)
            level = np.clip(random.uniform(0.3, 0.9, (THEMES, 1)) + restless * random.standard_normal(n.shape), 0.01, 0.99)
            k = random.binomial(n, level).astype(np.float64)
            false += len(watch(Levels(n.astype(np.float64), k, k, np.full(THEMES, 0.25)), BEFORE).onsets)
        a_year = false / boards
        name = f"alarms, levels whose weeks differ by ± {100 * restless:g} points: months from one false alarm to the next"
        found.append(Result(name, 12 / max(a_year, 1e-9), f"{a_year:.1f} a year", 12 / PROMISED))
    return found


# ── what is planted in the invented company ──


def planted_truths(world: Told) -> list[Result]:
    found = feed(world.house, whole())
    lines = found.lines if found else ()
    truth = planted()
    fall, rise, wrong, small, wording = (truth[name] for name in ("real_fall", "real_rise", "wrong_scores", "small_segment", "wording_change"))
    said = {
        "delivery fell in Norway, since August": _level(lines, fall["measure"], fall["market"], fall["day"], rose=False),
        "support rose in Sweden, since August": _level(lines, rise["measure"], rise["market"], rise["day"], rose=True),
        "terminals sent scores off the scale, since June": any(
            x.key.what == "aside" and x.key.name == wrong["source"] and x.rose and _near(x, wrong["hundred_from"]) for x in lines
        ),
        "reversed scores are told beside the trouble of their source": any(x.trouble == wrong["source"] for x in lines),
        "nothing is said of twelve terrible answers": not any(
            x.key.value == small["segment"] and x.key.name == small["measure"] for x in lines
        ),
        "a new wording is no change of level": not any(
            x.kind == "level" and x.key.name.startswith(wording["measure"]) and not x.key.dimension and _near(x, wording["day"]) for x in lines
        ),
    }  # fmt: skip
    return [Result(f"feed: {name}", float(right), "yes or no", 1.0) for name, right in said.items()]


def _near(x: Line, day: date) -> bool:
    return abs(x.since - day) <= timedelta(weeks=3)


def _level(lines: tuple[Line, ...], measure: str, market: str, day: date, *, rose: bool) -> bool:
    """Told of that market, and of no other."""
    mine = [x for x in lines if x.kind == "level" and x.key.name == measure and x.key.dimension == "market" and x.rose == rose and _near(x, day)]
    return [x.key.value for x in mine] == [market]


def evaluate(folder: Path, size: float = 1.0) -> list[Result]:
    """Simulated boards, levels that rest, and the planted truths in a company of this size."""
    with told(folder, size) as world:
        return [*simulated(), *levels(), *planted_truths(world)]
