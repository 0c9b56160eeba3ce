"""Protected audiences at every other door: their comments without names, the values that may be named, and rows that are not shown."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

import ibis
import pyarrow as pa

from gensvar import flow
from gensvar.house import House
from gensvar.kit.errors import NotAllowed, NotFound
from gensvar.kit.scope import Scope
from gensvar.ledger import Kept
from gensvar.ledger.seal import derived
from gensvar.measure import Period
from gensvar.measure.anonymous import Block, Standing, inside, least_writers

COVER = "•••"
Allowed = list[tuple[str, frozenset[str | None]]]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """What somebody of a protected audience wrote. month: its first day; dims: what all in its block have in common; nothing that tells two apart."""

    text: str
    language: str
    month: date
    audience: str
    dims: Mapping[str, str]


def unnamed_comments(
    house: House, scope: Scope, where: Mapping[str, tuple[str, ...]], period: Period | None, words: str, limit: int, after: int = 0
) -> list[Unnamed]:
    """Comments of protected audiences, released in blocks of at least ten writers, in an order that has to do with neither time nor writer.

    where: dimension → values ('' means missing); words: only texts that hold all of them; after: how many have been shown. Filters choose whole
    blocks, words choose texts among them. Nothing without the right to read text; a block that has fallen below its least is not shown.
    """
    if not scope.free_text:
        return []
    allowed = _allowed(where, scope)
    found = [one for name, least in house.settings.anonymous for one in _of_audience(house, name, least, allowed, period)]
    wanted = [word for word in words.casefold().split() if word]
    said = [(mark, one) for mark, one in sorted(found, key=lambda pair: pair[0]) if all(word in one.text.casefold() for word in wanted)]
    return [one for _, one in said[after : after + limit]]


def _allowed(where: Mapping[str, tuple[str, ...]], scope: Scope) -> Allowed:
    """What was asked for, within what the reader may see."""
    limits = {**{d: frozenset(v or None for v in values) for d, values in where.items()}}
    for dim, values in scope.rows.items():
        may = frozenset(v or None for v in values)
        limits[dim] = limits[dim] & may if dim in limits else may
    return sorted(limits.items())


def _of_audience(house: House, audience: str, least: int, allowed: Allowed, period: Period | None) -> Iterator[tuple[bytes, Unnamed]]:
    """Each comment of the blocks that lie wholly inside, with a mark to order by."""
    parts = [p for one in house.ledger.releases.texts(audience) for p in one.parts() if inside(p[0], period, allowed) is Standing.INSIDE]
    texts = _texts(house, audience, [i for _, ids in parts for i in ids])
    key = derived(house.secret, "order of comments")
    for block, ids in parts:
        there = [(i, *texts[i]) for i in ids if i in texts]
        if len(there) >= least_writers(least):
            shared = {dim: value for dim in block.dims if (only := block.only(dim)) and (value := only[0])}
            yield from (
                (blake2b(i, key=key, digest_size=16).digest(), Unnamed(text, language or "", block.month, audience, shared))
                for i, text, language in there
            )


def _texts(house: House, audience: str, ids: Sequence[bytes]) -> dict[bytes, tuple[str, str | None]]:
    """The texts that stand in the hub now: what was erased there is nowhere else."""
    if not ids:
        return {}
    t = house.engine.table("feedback")
    wanted = ibis.memtable(pa.table({"wanted": [str(UUID(bytes=i)) for i in ids]}))
    rows = t.filter(t.audience == audience, t.text.notnull()).semi_join(wanted, t.id.cast("string") == wanted.wanted)
    found = house.engine.run(rows.select("id", "text", "language")).to_pylist()
    return {UUID(r["id"]).bytes: (r["text"], r["language"]) for r in found if r["text"]}


def named_values(house: House, scope: Scope, dim: str) -> Counter[str]:
    """The values of a dimension that the released blocks within a scope name, with how many answers stand behind each where it stands alone."""
    found: Counter[str] = Counter()
    for block in _blocks(house, scope):
        for value in block.dims.get(dim, ()):
            if value is not None:
                found[value] += round(block.counts[0]) if block.only(dim) else 0
    return found


def answers_of(house: House, scope: Scope) -> Counter[tuple[str, str]]:
    """Measure key and audience → answers that have been released within a scope."""
    found: Counter[tuple[str, str]] = Counter()
    for block in _blocks(house, scope):
        found[block.measure, block.audience] += round(block.counts[0])
    return found


def _blocks(house: House, scope: Scope) -> Iterator[Block]:
    released, allowed = flow.released(house), _allowed({}, scope)
    return (b for key in released.blocks for b in released.of_measure(key) if inside(b, None, allowed) is Standing.INSIDE)


def refuse_record(house: House, source: str) -> None:
    """NotAllowed where a source's people are protected, whether it has that record or not."""
    if _audience(house, source) in house.settings.anonymous:
        raise NotAllowed(
            f"The people of source {source!r} are protected: none of their rows is shown by itself",
            do="Ask for numbers about groups; `gensvar export` gives the holder of the data folder every row.",
        )


def _audience(house: House, source: str) -> str:
    try:
        return flow.contract_of(house, source).audience
    except NotFound:
        return "customer"


def is_protected(house: House, kept: Kept) -> bool:
    """Whether a row set aside is an answer of a protected audience: by its contract, or by what it says itself."""
    said = flow.raw_of(kept.row).get("audience")
    return _audience(house, kept.row.source) in house.settings.anonymous or said in house.settings.anonymous


def covered(kept: Kept) -> dict[str, Any]:
    """The row with every value covered but the one at fault, which is needed to repair it."""
    return {name: value if name == kept.row.field else COVER for name, value in flow.raw_of(kept.row).items()}


def uncovered(kept: Kept, repaired: Mapping[str, Any]) -> dict[str, Any]:
    """The repaired values, where what was covered is what it was."""
    raw = flow.raw_of(kept.row)
    return {name: raw.get(name) if value == COVER else value for name, value in repaired.items()}
