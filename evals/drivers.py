"""Drivers: the weights planted in the invented company found again, and how often intervals hold the truth in samples drawn anew."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evals.result import Result, covering
from gensvar import flow
from gensvar.demo import write
from gensvar.demo.scene import TODAY
from gensvar.demo.truth import planted
from gensvar.explain.drivers import BLOCKS, Counted, Drivers, Study, counted, moments
from gensvar.explaining.drivers import Sight, find, study_of
from gensvar.house import House, open_house
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.stats.drivers import weights
from gensvar.stats.moments import Moments
from gensvar.stats.ranks import ranks

SOURCE: Final = "relationship"
LED, EVEN = (0.45, 0.10, 0.10, 0.15, 0.15, 0.05), (0.15, 0.15, 0.15, 0.20, 0.20, 0.15)
SIZES: Final = (150, 400)
SAMPLES: Final = 400
Slopes = Sequence[float]


def evaluate(folder: Path) -> list[Result]:
    """The planted drivers, then the simulation."""
    company = write(folder / "files", size=1.0)
    survey = company.file(SOURCE)
    with open_house(read_settings({"data": folder / "house", "today": TODAY.isoformat(), "encoder": "none"})) as house:
        flow.add_source(house, survey.contract_path.read_text("utf-8"), "evals")
        flow.import_file(house, survey.path, SOURCE)
        found = _planted(house)
    return [*found, *_simulated()]


def _planted(house: House) -> list[Result]:
    """Which driver comes first where one was made to, and how far the least squares lie from the planted weights."""
    sight, truth = Sight(house, whole()), planted()["drivers"]
    study = study_of(sight, truth["outcome"], (), {}, None, "market", 0)
    parts = {p.part: p for p in find(sight, study).parts if isinstance(p, Drivers)}
    some = counted(house.engine.run(moments(sight.feedback, sight.events, study)), len(study.drivers))
    made = [
        Result(f"drivers: {driver} comes first in {market}, as planted", float(parts[market].first == f"driver.{driver}@1"), "share", 1)
        for market, driver in sorted(truth["first"].items())
    ]
    apart = [_apart(study, some[market], truth["weights"].get(market, truth["weights"]["default"])) for market in ("SE", "NO", "FI")]
    return [*made, Result("drivers: planted weights found again, 1 − mean distance", 1 - float(np.mean(apart)), "share", 0.95)]


def _apart(study: Study, one: Counted, truth: Mapping[str, float]) -> float:
    """Mean distance of least squares slopes, made to add to 1, from the planted weights, made so too."""
    spread = np.sqrt(np.diagonal(one.complete.covariances()[0]))[:-1]
    slopes = weights(one.complete).slopes.value / spread
    given = np.array([truth[d.name.removeprefix("driver.").partition("@")[0]] for d in study.drivers])
    return float(np.abs(slopes / slopes.sum() - given / given.sum()).mean())


def _sample(draw: np.random.Generator, n: int, slopes: Slopes) -> Moments:
    """Ratings 0…4 that lean on one mood, and the whole that follows them."""
    mood = draw.standard_normal((n, 1)) * 0.5
    parts = np.clip(np.rint(2.75 + mood + 0.85 * draw.standard_normal((n, len(slopes)))), 0, 4)
    outcome = np.clip(np.rint(2.85 + 1.3 * ((parts - 2.75) @ np.array(slopes)) + 0.45 * draw.standard_normal(n)), 0, 4)
    return Moments.of(np.column_stack([parts, outcome]).astype(np.int64), draw.integers(0, BLOCKS, n), BLOCKS)


def _simulated() -> list[Result]:
    """Of the samples, how many intervals hold the truth (targets are floors; more than 97 % would be too wide), and how many firsts are right."""
    found: list[Result] = []
    for name, slopes in (("one driver leads", LED), ("none leads", EVEN)):
        draw = np.random.default_rng(5)
        true = weights(_sample(draw, 1_000_000, slopes))
        place = np.argsort(np.argsort(-true.weights.value)) + 1
        for n in SIZES:
            held, r2, right = _covered([_sample(draw, n, slopes) for _ in range(SAMPLES)], true.weights.value, float(true.r2.value[0]), place)
            found += [
                covering(f"drivers: weights' 95 % intervals hold the truth, {n} answers, {name}", held),
                covering(f"drivers: R²'s 95 % interval holds the truth, {n} answers, {name}", r2),
                Result(f"drivers: no driver is wrongly called first, {n} answers, {name}", right, "share", 0.95),
            ]
    return found


def _covered(samples: Sequence[Moments], true: np.ndarray, r2: float, place: np.ndarray) -> tuple[float, float, float]:  # type: ignore[type-arg]
    held, explained, right = [], [], []
    for one in samples:
        found = weights(one)
        (low, high), (least, most) = found.weights.share_limits(), found.r2.share_limits()
        held.append(((low <= true) & (true <= high)).mean())
        explained.append(least[0] <= r2 <= most[0])
        right.append(not (ranks(found.weights).high[place > 1] == 1).any())
    return float(np.mean(held)), float(np.mean(explained)), float(np.mean(right))
