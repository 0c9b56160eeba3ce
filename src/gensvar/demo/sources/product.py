"""What happens in the app and in the accounts: logins, features, payment steps, orders, renewals, churn (Parquet, UTC)."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from gensvar.contracts.contract import Contract, EventRule, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Floats, Ints, pick
from gensvar.demo.draft import Draft, occasions
from gensvar.demo.fate import STAYS, staying
from gensvar.demo.files import save_parquet
from gensvar.demo.sources.source import Source, World, customer
from gensvar.demo.town import MARKETS
from gensvar.demo.truth import Said, planted

VISITS, PAYMENTS, ORDERS = 114_000, 20_000, 12_500
NAMES = ("login", "feature_use", "payment_step", "payment_done", "payment_blocked", "order", "renewal", "signup", "churn")
STEPS = ("", "choose", "method", "confirm", "invoice", "receipt", "report", "bank", "payroll", "export")
FEATURES = len(STEPS) - 4
PLATFORMS = ("android", "ios", "web")
PLATFORM_SHARES = [38.0, 34, 28]
NOBODY = -1
RENEWAL_DAYS = 30


def payments(world: World) -> Draft:
    """Sessions that reach the payment step, and whether it blocks them: mostly on Android."""
    rng, plan = world.dice.numbers("payments"), planted()["payment_step"]
    drafted = occasions(world.town, rng, world.count(PAYMENTS))
    platform = pick(rng, PLATFORM_SHARES, len(drafted))
    chance = np.array([plan["blocked"][p] for p in PLATFORMS])[platform]
    seen = drafted.with_(platform=platform, blocked=rng.random(len(drafted)) < chance)
    return staying(world.town, seen, world.left) if world.left is not None else seen


def rows(seen: Draft, name: Ints | int, step: Ints | int, later: Ints | int, value: Floats | float = np.nan) -> Draft:
    """One event for each occasion, some seconds later."""
    count = len(seen)
    return Draft(seen.person, seen.day, np.minimum(seen.second + later, 86_399), {
        "session": seen["session"], "platform": seen["platform"], "firm": seen["firm"],
        "name": np.broadcast_to(np.int64(name), count).copy() if isinstance(name, int) else name,
        "step": np.broadcast_to(np.int64(step), count).copy() if isinstance(step, int) else step,
        "value": np.full(count, value, np.float64) if isinstance(value, float) else value,
    })  # fmt: skip


def joined(parts: list[Draft]) -> Draft:
    """All events in time order."""
    both = parts[0]
    names = tuple(both.columns)
    whole = Draft(
        np.concatenate([p.person for p in parts]),
        np.concatenate([p.day for p in parts]),
        np.concatenate([p.second for p in parts]),
        {n: np.concatenate([p[n] for p in parts]) for n in names},
    )
    return whole.take(np.lexsort((whole["name"], whole.day * 86_400 + whole.second)))


def _visits(world: World, start: int) -> list[Draft]:
    """Logins, each with some features used."""
    rng = world.dice.numbers("visits")
    drafted = occasions(world.town, rng, world.count(VISITS))
    seen = staying(world.town, drafted, world.left) if world.left is not None else drafted
    seen = _session(world, seen, pick(rng, PLATFORM_SHARES, len(seen)), start)
    used = seen.take(np.repeat(np.arange(len(seen)), rng.poisson(2.7, len(seen))))
    feature = 4 + pick(rng, [30, 26, 12, 18, 8, 6], len(used))
    return [rows(seen, 0, 0, 0), rows(used, 1, feature, rng.integers(5, 900, len(used)), np.round(rng.gamma(2.0, 40.0, len(used)), 1))]


def _session(world: World, seen: Draft, platform: Ints, start: int) -> Draft:
    """The occasions with a session number each, platform and firm."""
    return seen.with_(session=np.arange(start, start + len(seen)), platform=platform, firm=world.town.account_of[seen.person])


def _payment_rows(world: World, start: int) -> list[Draft]:
    """choose, method, confirm, then done or blocked."""
    rng, drafted = world.dice.numbers("payment rows"), payments(world)
    seen = _session(world, drafted, drafted["platform"], start)
    amount = np.round(rng.lognormal(4.2, 0.8, len(seen)), 2)
    steps = [rows(seen, 2, i, 15 * i) for i in (1, 2, 3)]
    end = rows(seen, np.where(seen["blocked"], NAMES.index("payment_blocked"), NAMES.index("payment_done")), 3, 70, amount)
    return [*steps, end]


def _outside(firm: Ints, day: Ints, name: str, value: Floats) -> Draft:
    """Events of a firm that no person did."""
    count = len(firm)
    where = {"session": np.full(count, NOBODY), "platform": np.full(count, NOBODY), "firm": firm}
    seen = Draft(np.full(count, NOBODY), day, np.full(count, 9 * 3600) + firm % 3600, where)
    return rows(seen, NAMES.index(name), 0, 0, value)


def _contract_rows(world: World) -> list[Draft]:
    """Sign-ups, monthly renewals and churn of every firm."""
    town, left = world.town, world.left if world.left is not None else np.full(len(world.town.accounts), STAYS)
    worth = np.array([a.value for a in town.accounts])
    day = np.arange(days.COUNT)
    due = ((day - town.started[:, None]) % RENEWAL_DAYS == 0) & (day > town.started[:, None]) & (day < left[:, None])
    firm, when = (i.astype(np.int64) for i in np.nonzero(due))
    new, gone = np.flatnonzero(town.started >= 0), np.flatnonzero(left < STAYS)
    return [
        _outside(firm, when, "renewal", np.round(worth[firm] / 12, 2)),
        _outside(new, town.started[new], "signup", worth[new]),
        _outside(gone, left[gone], "churn", worth[gone]),
    ]


def _orders(world: World, start: int) -> list[Draft]:
    """Hardware bought in the app."""
    rng = world.dice.numbers("orders")
    drafted = occasions(world.town, rng, world.count(ORDERS), "shop")
    seen = staying(world.town, drafted, world.left) if world.left is not None else drafted
    seen = _session(world, seen, pick(rng, PLATFORM_SHARES, len(seen)), start)
    return [rows(seen, NAMES.index("order"), 0, 0, np.round(rng.choice([49.0, 129.0, 199.0, 349.0], len(seen)), 2))]


def _words(values: list[str], index: Ints) -> pa.Array:
    """A text column: the values at these indexes, null where the index is NOBODY."""
    return pa.array(values).take(pa.array(index, mask=index < 0))


def table(world: World) -> pa.Table:
    """Every event, in time order."""
    all_rows = joined([*_visits(world, 0), *_payment_rows(world, 10_000_000), *_orders(world, 20_000_000), *_contract_rows(world)])
    firms, count = world.town.accounts, len(all_rows)
    market = np.array([MARKETS.index(a.market) for a in firms])[all_rows["firm"]]
    session = all_rows["session"]
    return pa.table({
        "event_id": pa.array([f"e{i:07d}" for i in range(count)]),
        "ts": pa.array(days.epoch_ms(all_rows.day, all_rows.second) * 1000, pa.timestamp("us", tz="UTC")),
        "name": _words(list(NAMES), all_rows["name"]),
        "user_id": _words([k.external for k in world.known["app"]], all_rows.person),
        "customer_no": _words([a.number for a in firms], all_rows["firm"]),
        "session": pa.array([f"s{s:08d}" if s >= 0 else None for s in session.tolist()]),
        "step": _words(list(STEPS), np.where(all_rows["step"] == 0, NOBODY, all_rows["step"])),
        "value": pa.array(all_rows["value"], mask=np.isnan(all_rows["value"])),
        "platform": _words(list(PLATFORMS), all_rows["platform"]),
        "market": _words(list(MARKETS), market),
        "segment": _words([a.segment for a in firms], all_rows["firm"]),
        "plan": _words([a.plan for a in firms], all_rows["firm"]),
    })  # fmt: skip


def save(world: World, _: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each event."""
    save_parquet(path, table(world))
    return ()


SOURCE = Source(
    contract=Contract(
        source="product", version=1, owner="Sami Peltola", purpose="What people do in the app and what becomes of the accounts.", target="events",
        record=("event_id",), created=Moment(column="ts"), at=Moment(column="ts"),
        party=People(external="user_id", namespace="app_user"), account=customer("customer_no"),
        dimensions={"market": Value(column="market"), "segment": Value(column="segment"), "channel": Value(column="platform"),
                    "product": Value(column="plan")},
        event=EventRule(name=Value(column="name"), value="value", session="session", step=Value(column="step")),
        reading=Reading(format="parquet"),
    ),
    file="product_events.parquet", save=save,
)  # fmt: skip
