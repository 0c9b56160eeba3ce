"""From sums over customers alike to what stands: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gensvar.explain.features.found import Feature, Features, Gap, Outcome, Verdict
from gensvar.explain.features.use import BLOCKS, CONTROLS
from gensvar.stats import adjusted
from gensvar.stats.many import Numbers
from gensvar.stats.partial import Gaps, Sums, gaps

LEAST: Final = 30  # periods with a feature, and without it
LEAST_BLOCKS: Final = 12  # that hold somebody who used it: fewer make an interval that cannot be trusted
Q: Final = 0.05
MATTERS: Final[Mapping[Outcome, float]] = {"stays": 0.05, "renewed": 0.05, "help": 0.10, "satisfaction": 0.05}
"""A difference that would change what one does: of shares, and of the scale's length for satisfaction."""
Row = Mapping[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Which sums an outcome is made of: people, Σ use, Σ use², Σ y, Σ use·y. flip: y is counted as what did not happen."""

    n: str
    use: str
    use2: str
    y: str
    use_y: str
    flip: bool = False


PARTS: Final[Mapping[Outcome, Part]] = {
    "satisfaction": Part("rated", "use_rated", "use2_rated", "score", "use_score"),
    "stays": Part("n", "use", "use2", "left", "use_left", flip=True),
    "renewed": Part("n", "use", "use2", "renewed", "use_renewed"),
    "help": Part("n", "use", "use2", "help", "use_help"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as columns. design: row × control, the first being 1, without use; values: name → one number for each row."""

    block: NDArray[np.int64]
    design: Numbers
    values: Mapping[str, Numbers]

    def column(self, name: str) -> Numbers:
        return self.values[name]


def judged(blank: Features, customers: Mapping[Key, int], whole: Sequence[Row], used: Sequence[Row], scale: float, floor: int = 1) -> Features:
    """What goes with what, from the sums of the engine. customers: how many used each feature; scale: how long the measure's scale is.

    floor: the fewest people that a number shown may be about.
    """
    if sum(r["n"] for r in whole) < 2 * LEAST:
        return replace(blank, why=blank.why or "few")
    levels = _levels(whole)
    table = _table(whole, levels)
    rows: dict[Key, list[Row]] = {key: [] for key in customers}
    for row in used:
        rows[row["name"], row["step"]].append(row)
    features = _once({key: _table(found, levels) for key, found in rows.items()})
    outcomes = _outcomes(table)
    able = {key: t for key, t in features.items() if _able(customers[key], t, blank.customers, table, floor)}
    found = {o: _gaps_of(o, table, list(able.values())) for o in outcomes} if able else {}
    least = max(LEAST, floor * blank.spans)  # of so many periods at least so many customers are behind
    made = [_feature(key, i, list(able.values())[i], table, (customers[key], blank.customers, least), found) for i, key in enumerate(able)]
    told = [f for f in made if f.gaps]
    q = adjusted([g.p for f in told for g in f.gaps if g.p is not None])
    judged_of = _with_q(told, iter(q), scale)
    periods = int(table.column("n").sum())
    shy = [_untold(key, customers[key], blank.customers, periods - int(t.column("n").sum()), floor) for key, t in features.items() if key not in able]
    ranked = sorted(judged_of, key=_rank) + [f for f in made if not f.gaps] + shy
    return replace(blank, periods=periods, outcomes=tuple(outcomes), features=tuple(ranked), tested=len(q))


def _once(features: Mapping[Key, Table]) -> dict[Key, Table]:
    """Without steps that the very same customers took as the event itself: they would be tested twice."""
    n = {key: float(t.column("n").sum()) for key, t in features.items()}
    return {key: t for key, t in features.items() if not key[1] or n[key] != n.get((key[0], ""), -1.0)}


def _levels(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The values of each thing that is held alike, the commonest first: it is what the others are set against."""
    seen: dict[str, dict[Any, int]] = {name: {} for name in CONTROLS}
    for row in rows:
        for name in CONTROLS:
            seen[name][row[name]] = seen[name].get(row[name], 0) + row["n"]
    return {name: sorted(found, key=lambda v: (-found[v], str(v))) for name, found in seen.items()}


def _table(rows: Sequence[Row], levels: Mapping[str, list[Any]]) -> Table:
    """The rows as numbers."""
    parts = [np.ones((len(rows), 1))]
    for name, values in levels.items():
        at = {value: i for i, value in enumerate(values)}
        picked = np.eye(len(values))[[at[row[name]] for row in rows]] if rows else np.zeros((0, len(values)))
        parts.append(picked[:, 1:])
    names = ("n", *{p for part in PARTS.values() for p in (part.n, part.use, part.use2, part.y, part.use_y)})
    sums = {name: np.array([float(row[name]) for row in rows]) for name in dict.fromkeys(names)}
    return Table(np.array([row["block"] for row in rows], np.int64), np.hstack(parts), sums)


def _outcomes(table: Table) -> list[Outcome]:
    """What can be told of: satisfaction where enough answered, staying where anybody left, else renewal, help where anybody asked for it."""
    sums = {name: float(table.column(name).sum()) for name in ("n", "rated", "left", "renewed", "help")}
    found: list[Outcome] = ["satisfaction"] if sums["rated"] >= 2 * LEAST else []
    if 0 < sums["left"] < sums["n"]:
        found.append("stays")
    elif 0 < sums["renewed"] < sums["n"]:
        found.append("renewed")
    return [*found, "help"] if 0 < sums["help"] < sums["n"] else found


def _able(users: int, table: Table, of: int, whole: Table, floor: int) -> bool:
    """Whether enough used it, and enough did not, from enough blocks."""
    n = table.column("n").sum()
    far = len(np.unique(table.block)) >= LEAST_BLOCKS
    return bool(far and n >= LEAST and whole.column("n").sum() - n >= LEAST and users >= floor and (of - users >= floor or of == users))


def _gaps_of(outcome: Outcome, whole: Table, features: Sequence[Table]) -> tuple[Gaps, Gaps, Sums]:
    """The differences as they stand, and with other things held alike."""
    sums = _sums(outcome, whole, features)
    return gaps(sums.only([0])), gaps(sums), sums


def _sums(outcome: Outcome, whole: Table, features: Sequence[Table]) -> Sums:
    """What the regression is made of, by block. The last control is use."""
    part, k = PARTS[outcome], whole.design.shape[1]
    controls, met = np.zeros((BLOCKS, k + 1, k + 1)), np.zeros((BLOCKS, k + 1))
    n, use = whole.column(part.n), whole.column(part.use)
    y, use_y = _outcome(part, whole)
    for block in range(BLOCKS):
        here = whole.block == block
        z = whole.design[here]
        controls[block, :k, :k] = z.T @ (z * n[here, None])
        controls[block, :k, k] = controls[block, k, :k] = z.T @ use[here]
        controls[block, k, k] = whole.column(part.use2)[here].sum()
        met[block, :k], met[block, k] = z.T @ y[here], use_y[here].sum()
    flags, crossed, flag_met = np.zeros((BLOCKS, len(features))), np.zeros((BLOCKS, k + 1, len(features))), np.zeros((BLOCKS, len(features)))
    for i, feature in enumerate(features):
        own_y, _ = _outcome(part, feature)
        np.add.at(flags[:, i], feature.block, feature.column(part.n))
        np.add.at(flag_met[:, i], feature.block, own_y)
        np.add.at(crossed[:, :k, i], feature.block, feature.design * feature.column(part.n)[:, None])
        np.add.at(crossed[:, k, i], feature.block, feature.column(part.use))
    return Sums(controls, met, flags, crossed, flag_met)


def _outcome(part: Part, table: Table) -> tuple[Numbers, Numbers]:
    """Σ y and Σ use·y of each row."""
    y, use_y = table.column(part.y), table.column(part.use_y)
    return (table.column(part.n) - y, table.column(part.use) - use_y) if part.flip else (y, use_y)


def _feature(key: Key, i: int, own: Table, whole: Table, people: tuple[int, int, int], found: Mapping[Outcome, tuple[Gaps, Gaps, Sums]]) -> Feature:
    """One feature with what it goes with; q is not known yet. people: who used it, all, and of how many periods it can be told at least."""
    users, of, least = people
    n, use = float(own.column("n").sum()), float(own.column("use").sum())
    rest, rest_use = float(whole.column("n").sum()) - n, float(whole.column("use").sum()) - use
    told = tuple(gap for o, (plain, held, sums) in found.items() if (gap := _gap(o, i, plain, held, sums, least)) is not None)
    why = "" if told else "unlike" if any(_enough(i, sums, least) for *_, sums in found.values()) else "few"
    return Feature(key[0], key[1], users, of, float(np.exp(use / n)), float(np.exp(rest_use / rest)), told, why)


def _enough(i: int, sums: Sums, least: int) -> bool:
    """Whether enough of either kind are known in this."""
    users, n = int(sums.flags[:, i].sum()), int(sums.controls[:, 0, 0].sum())
    return bool(min(users, n - users) >= least and (sums.flags[:, i] > 0).sum() >= LEAST_BLOCKS)


def _gap(outcome: Outcome, i: int, plain: Gaps, held: Gaps, sums: Sums, least: int) -> Gap | None:
    """One difference; None where too few of either kind are known in this, or where users have hardly anybody alike in what is held."""
    if not _enough(i, sums, least) or not np.isfinite([held.value[i], held.low[i], held.high[i]]).all():
        return None
    users, n = int(sums.flags[:, i].sum()), int(sums.controls[:, 0, 0].sum())
    plain_value, plain_low, plain_high = (float(part[i]) for part in (plain.value, plain.low, plain.high))
    value, low, high, p = (float(part[i]) for part in (held.value, held.low, held.high, held.p))
    return Gap(outcome, "cannot_tell", n, users, plain_value, plain_low, plain_high, value, low, high, p)


def _with_q(features: Sequence[Feature], q: Any, scale: float) -> list[Feature]:
    return [replace(f, gaps=tuple(_ruled(g, next(q), scale) for g in f.gaps)) for f in features]


def _ruled(g: Gap, q: float, scale: float) -> Gap:
    """The difference with its verdict."""
    value, low, high = g.value or 0.0, g.low or 0.0, g.high or 0.0
    matters = MATTERS[g.outcome] * (scale if g.outcome == "satisfaction" else 1.0)
    verdict: Verdict = "cannot_tell"
    if q < Q and not low <= 0 <= high:
        verdict = "more" if value > 0 else "less"
    elif max(abs(low), abs(high)) < matters:
        verdict = "no_difference"
    reach = (high - low) / 2
    needs = int(np.ceil(g.n * max(1.0, (reach * 2.8 / 1.96 / matters) ** 2))) if verdict == "cannot_tell" else 0
    return replace(g, verdict=verdict, q=q, needs=needs)


def _untold(key: Key, users: int, of: int, without: int, floor: int) -> Feature:
    """A feature that too few use, or almost everybody: of fewer than floor, with it or without, nothing. without: periods of customers without it."""
    why = "everybody" if without < LEAST else "few"
    told = users >= floor and (of - users >= floor or of == users)
    return Feature(key[0], key[1], users if told else 0, of, 0.0, 0.0, (), why)


def _rank(f: Feature) -> tuple[Any, ...]:
    """What stands first, surest first; then by how many use it."""
    standing = [g.q or 0.0 for g in f.gaps if g.verdict in {"more", "less"}]
    return (not standing, min(standing, default=1.0), -f.users, f.name, f.step)
