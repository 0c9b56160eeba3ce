"""sources: the systems that the invented company exports from, one a module. Reads: the town. Writes: raw files. Promises: same seed, same bytes."""

from gensvar.demo.sources import calls, crm, delivery, micro, partners, product, projects, pulse, relationship, returns, reviews, terminals, tickets
from gensvar.demo.sources.source import Source, World

SOURCES: tuple[Source, ...] = (
    crm.ACCOUNTS, crm.CONTACTS, relationship.SOURCE, delivery.SOURCE, tickets.SOURCE, reviews.SOURCE, returns.SOURCE, calls.SOURCE,
    micro.SOURCE, terminals.SOURCE, pulse.SOURCE, partners.SOURCE, product.SOURCE, projects.SOURCE,
)  # fmt: skip

__all__ = ["SOURCES", "Source", "World"]
