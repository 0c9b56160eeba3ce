"""Events of protected people. An event does not say who speaks, so what a source about them tells is left out as a whole; so is what they did."""

from ibis import Table

from gensvar import flow
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.scope import Scope


def protected_sources(house: House) -> frozenset[str]:
    """Names of the sources whose contract is about a protected audience."""
    return frozenset(name for name, contract in flow.contracts(house).items() if contract.audience in house.settings.anonymous.names)


def open_events(house: House) -> Table:
    """`events` of all sources but those, and of nobody who is known as one of these people."""
    events, left = house.engine.table("events"), sorted(protected_sources(house))
    rows, parties = events.filter(events.source.notin(left)) if left else events, house.engine.table("parties")
    theirs = parties.filter(parties.audience.isin(sorted(house.settings.anonymous.names)))
    there = house.engine.run(theirs.select("id").limit(1)).num_rows
    return rows.anti_join(theirs, rows.party == theirs.id) if there else rows


def seen_events(house: House, scope: Scope) -> Table:
    """Those of them within a scope; none where it is limited by what an event does not say, as its audience: it could not be held to it."""
    events = open_events(house)
    return within(events, scope) if set(scope.rows) <= set(events.columns) else events.filter(False)
