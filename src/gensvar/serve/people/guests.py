"""Guests: the people of the invented company, whom anybody at this very machine may be for a while. Nobody in a real house."""

from gensvar.demo.people import ADDRESSES, MARK
from gensvar.house import House
from gensvar.ledger import Member


def guests(house: House) -> tuple[Member, ...]:
    """Whom one may come in as without a password: empty unless the house is a demo and listens to this machine alone."""
    if not (house.settings.on_this_machine_only and not house.settings.public_url and (house.settings.data / MARK).is_file()):
        return ()
    order = {address: n for n, address in enumerate(ADDRESSES)}
    invented = [m for m in house.ledger.members.all() if m.email in order and m.disabled_at is None]
    return tuple(sorted(invented, key=lambda m: order[m.email]))
