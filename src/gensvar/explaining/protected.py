"""Sources about protected people. An event does not say who speaks, so what such a source tells of is left out as a whole."""

from ibis import Table

from gensvar import flow
from gensvar.house import House


def protected_sources(house: House) -> frozenset[str]:
    """Names of the sources whose contract is about a protected audience."""
    return frozenset(name for name, contract in flow.contracts(house).items() if contract.audience in house.settings.anonymous.names)


def open_events(house: House) -> Table:
    """`events` of all sources but those."""
    events, left = house.engine.table("events"), sorted(protected_sources(house))
    return events.filter(events.source.notin(left)) if left else events
