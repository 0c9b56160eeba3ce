"""Journeys: funnel counts of a clickstream beside pandas, and what is planted in the invented company's payment step."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evals.result import Result
from gensvar.contracts import EVENTS
from gensvar.demo.truth import planted
from gensvar.explain.journeys import Compared, Journey, JourneyFound, Step
from gensvar.explain.journeys.errands import UNKNOWN
from gensvar.explain.journeys.infer import FATES
from gensvar.explain.journeys.rows import Span
from gensvar.explaining import journeys
from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings

SHOP: Final = "journeys_onlineshop_clickstream/simple-onlineshop.parquet"
WINDOW: Final = pd.Timedelta(hours=168)
PAUSE: Final = pd.Timedelta(minutes=30)
STEPS: Final = ("catalog", "cart", "delivery_choice", "payment_choice", "payment_done")
MOST_APART: Final = 0.04


def evaluate(data: Path) -> list[Result]:
    """A web shop's clickstream: every count of the funnel, and every fate, beside the same walked in pandas."""
    file = data / SHOP
    if not file.is_file():
        return []
    frame = pq.read_table(file).to_pandas().drop_duplicates()
    with TemporaryDirectory() as folder, open_house(read_settings({"data": folder}, env={})) as house:
        _into(house, frame)
        first, last = frame.timestamp.min(), frame.timestamp.max()
        span = Span(first.to_pydatetime().replace(tzinfo=UTC), last.to_pydatetime().replace(tzinfo=UTC) + pd.Timedelta(seconds=1))
        given = journeys.within_source(house, house.engine.table("events"), house.engine.table("feedback"), span)
        journey = Journey(key="shop", name="shop", steps=tuple(Step(name=s, event=s) for s in STEPS), who="party")
        found, _ = journeys.one(given, journey, journeys.heard_of(given))
        suggested, _ = journeys.suggested(given)
    ours, theirs = _counts(found), _walked(frame, last)
    right = sum(ours[name] == theirs[name] for name in theirs)
    return [
        Result("journeys: counts of a clickstream as walked in pandas", right / len(theirs), f"of {len(theirs)} counts", 1.0, "pandas"),
        Result("journeys: a way to the payment found without being told", float(any(_ends(j) for j in suggested)), "yes or no", 1.0),
    ]


def _ends(journey: Journey) -> bool:
    return journey.steps[-1].event == STEPS[-1] and "cart" in {s.event for s in journey.steps}


def _into(house: House, frame: pd.DataFrame) -> None:
    at = [t.to_pydatetime().replace(tzinfo=UTC) for t in frame.timestamp]
    rows = [
        {"id": uuid5(NAMESPACE_URL, f"{n}").bytes, "source": "shop", "record": str(n), "name": event, "occurred_at": t, "received_at": t,
         "party": uuid5(NAMESPACE_URL, f"user {user}").bytes, "contract": "shop@1"}
        for n, (user, event, t) in enumerate(zip(frame.user_id, frame.event, at, strict=True))
    ]  # fmt: skip
    house.engine.merge("events", pa.Table.from_pylist([{c.name: r.get(c.name) for c in EVENTS.columns} for r in rows], schema=EVENTS.schema))


def _counts(found: JourneyFound) -> dict[str, int]:
    steps = {f"{what} {s.name}": getattr(s, what) for s in found.steps for what in ("came", "had", "in_order")}
    fates = {f"fate {name}": getattr(found.fates, name) for name in FATES.values()}
    return {**steps, **fates, "errands": found.counted.errands, "parties": found.counted.parties}


def _walked(frame: pd.DataFrame, last: datetime) -> dict[str, int]:
    """The same, by a loop over users and their rows."""
    ours = frame[frame.event.isin(STEPS)].assign(
        code=lambda f: f.event.map({s: i for i, s in enumerate(STEPS, 1)}), at=lambda f: f.timestamp.dt.floor("ms")
    )
    errands: list[list[tuple[pd.Timestamp, int]]] = []
    for _, mine in ours.sort_values(["at", "code"]).drop_duplicates(["user_id", "at", "code"]).groupby("user_id"):
        ended, before = False, None
        for at, code in zip(mine["at"], mine["code"], strict=True):
            if before is None or at - before > WINDOW or (ended and (code == 1 or at - before > PAUSE)):
                errands.append([])
            errands[-1].append((at, int(code)))
            before, ended = at, code == len(STEPS) or (ended and code != 1)
    found = dict.fromkeys([*(f"{w} {s}" for s in STEPS for w in ("came", "had", "in_order")), *(f"fate {f}" for f in FATES.values())], 0)
    for rows in errands:
        _tally(found, rows, last)
    return {**found, "errands": len(errands), "parties": ours.user_id.nunique()}


def _tally(found: dict[str, int], rows: list[tuple[pd.Timestamp, int]], last: datetime) -> None:
    codes = [c for _, c in rows]
    first = {c: min(t for t, code in rows if code == c) for c in codes}
    ordered = True
    for i, step in enumerate(STEPS, 1):
        found[f"came {step}"] += max(codes) >= i
        found[f"had {step}"] += i in codes
        ordered = ordered and i in first and (i == 1 or first[i] >= first[i - 1])
        found[f"in_order {step}"] += ordered
    paused = any(b - a > PAUSE for (a, _), (b, _) in pairwise(rows))
    open_still = rows[-1][0] > pd.Timestamp(last).floor("ms") + pd.Timedelta(seconds=1) - WINDOW
    done = "returned" if paused else "straight"
    found[f"fate {done if len(STEPS) in codes else FATES[UNKNOWN] if open_still else 'left'}"] += 1


# ── the invented company ──


def payment(house: House) -> JourneyFound:
    """The payment journey as it is found in the company's events, over all its days."""
    given = journeys.source(house, days=560)
    found = {j.key: j for j in journeys.suggested(given)[0]}
    return journeys.one(given, found["payment"], journeys.heard_of(given))[0]


def planted_payment(house: House) -> list[Result]:
    """Which platform is stopped at confirm and by how much, and how many call within a day after it."""
    plan, found = planted()["payment_step"], payment(house)
    confirm = next(s for s in found.steps if s.name == plan["step"])
    sides = {c.group: c for c in found.compared if c.by == "channel" and c.step == plan["step"]}
    helped = found.support.stopped
    worst = max((s for s in found.steps[:-1]), key=lambda s: s.stopped)
    return [
        Result("journeys: most are stopped at the planted step", float(worst.name == confirm.name), "yes or no", 1.0),
        Result("journeys: the planted platform goes on less, and no other", float(_worst(sides, plan["blocked"])), "yes or no", 1.0),
        Result("journeys: loss at the step as planted, by platform", float(_near(sides, plan["blocked"])), "yes or no", 1.0),
        Result("journeys: calls after being stopped, planted in the interval", float(_held(helped, plan["calls_after_block"])), "yes or no", 1.0),
    ]  # fmt: skip


def _worst(sides: Mapping[str, Compared], blocked: Mapping[str, float]) -> bool:
    most = max(blocked, key=lambda name: blocked[name])
    return [name for name in blocked if sides[name].move == "lower"] == [most]


def _near(sides: Mapping[str, Compared], blocked: Mapping[str, float]) -> bool:
    """Some who were stopped come back and finish within the week, so that a little less is lost than was stopped."""
    return all(
        side.here.value is not None and -0.01 <= share - (1 - side.here.value) <= MOST_APART
        for name, share in blocked.items()
        for side in [sides[name]]
    )


def _held(found: Any, share: float) -> bool:
    return found.low is not None and found.low <= share <= found.high
