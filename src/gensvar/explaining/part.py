"""The customers of a part of the house, and what is known of them: for what is counted customer by customer within a scope."""

from dataclasses import dataclass
from typing import Final

import ibis
from ibis import Table

from gensvar.contracts import AUDIENCES
from gensvar.explaining.protected import open_events
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.scope import Scope

OF_CUSTOMERS: Final = frozenset({"market", "segment", "unit", "product"})
"""What a customer is told apart by; of channels, touchpoints and journeys one customer has several."""
MARKED: Final = 0.95  # of what these customers did or said, of one name or kind, that is marked as within the scope: else none of it is counted


@dataclass(frozen=True, slots=True)
class Part:
    """parties, events, feedback: as far as the scope goes. unmarked: how many names of events and kinds of feedback are left out, since much of what
    these customers did or said is not marked as within it: counted by the rest, those who did it would seem not to have.
    """

    parties: Table
    events: Table
    feedback: Table
    unmarked: int = 0


def least_of(house: House, scope: Scope) -> int:
    """The fewest people whose numbers may be shown, of any audience that is counted."""
    return max(scope.smallest_group(a) for a in AUDIENCES if a not in house.settings.anonymous.names)


def can_be_parted(scope: Scope) -> bool:
    """Whether every customer is wholly inside or outside."""
    return set(scope.rows) <= OF_CUSTOMERS


def part_of(house: House, scope: Scope) -> Part:
    """What a reader of this scope may count customers by; none of protected sources and people. Only where the scope parts customers."""
    parties, events, feedback = house.engine.table("parties"), open_events(house), house.engine.table("feedback")
    if not scope.rows:
        return Part(parties, events, feedback)
    own = within(parties, scope)
    done, few_done = _marked(house, scope, own, events, "name")
    said, few_said = _marked(house, scope, own, feedback, "kind")
    return Part(own, done, said, few_done + few_said)


def _marked(house: House, scope: Scope, own: Table, rows: Table, name: str) -> tuple[Table, int]:
    """The rows within the scope whose name or kind is marked nearly always where these customers did it; and how many are not."""
    mine = rows.mutate(whose=ibis.coalesce(rows.account, rows.party))
    mine = mine.semi_join(own, mine.whose == own.id).drop("whose")
    (every, inside) = (dict(_counts(house, some, name)) for some in (mine, within(mine, scope)))
    unmarked = sorted(n for n, count in every.items() if inside.get(n, 0) < MARKED * count)
    seen = within(rows, scope)
    return (seen.filter(seen[name].notin(unmarked)) if unmarked else seen), len(unmarked)


def _counts(house: House, rows: Table, name: str) -> list[tuple[str, int]]:
    found = house.engine.run(rows.group_by(name).agg(n=rows.count())).to_pylist()
    return [(r[name], r["n"]) for r in found]
