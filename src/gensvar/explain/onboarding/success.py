"""What success is, where nobody has declared it: found from what the data hold."""

from collections.abc import Collection, Mapping
from typing import Final

from gensvar.kit.errors import BadInput, nearest

LIVE: Final = ("go_live", "live", "went_live", "activated", "activation", "onboarded", "implementation_done", "launched", "in_use")
RENEWED: Final = ("renewal", "renewed")
STAYS: Final = "stays"
LEAST_TIMES: Final = 10


def successes(events: Mapping[str, int]) -> tuple[str, ...]:
    """What may be declared as success, the one that is taken by itself first. events: name → how often.

    An event that says up and running, else the first renewal, else being still there.

    >>> successes({"login": 500, "renewal": 80, "go_live": 40})
    ('go_live', 'renewal', 'stays')
    """
    found = [name for name in (*LIVE, *RENEWED) if events.get(name, 0) >= LEAST_TIMES]
    return (*found, STAYS)


def declared(asked: str, events: Collection[str], default: str) -> str:
    """The event that is success, '' for being still there; BadInput names the nearest. asked: empty for the default."""
    chosen = asked or default
    if chosen == STAYS:
        return ""
    if chosen not in events:
        raise BadInput(f"No event {chosen!r}", nearest=nearest(chosen, [*events, STAYS]), do=f"Name an event, or {STAYS!r}: still a customer.")
    return chosen
