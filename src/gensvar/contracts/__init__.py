"""contracts: the tables and definitions that all rooms agree on. Reads: nothing. Writes: nothing. Promises: every column has a meaning and a unit."""

from gensvar.contracts.contract import Contract
from gensvar.contracts.daily import CUBES, Cube
from gensvar.contracts.events import EVENTS
from gensvar.contracts.feedback import DIMENSIONS, FEEDBACK, KINDS
from gensvar.contracts.measures import Measure, Measures
from gensvar.contracts.mentions import MENTIONS
from gensvar.contracts.parties import PARTIES
from gensvar.contracts.table import Column, TableSpec
from gensvar.kit.protected import AUDIENCES

TABLES = {t.name: t for t in (FEEDBACK, EVENTS, PARTIES, MENTIONS, *(c.table for c in CUBES))}

__all__ = [
    "AUDIENCES", "CUBES", "DIMENSIONS", "EVENTS", "FEEDBACK", "KINDS", "MENTIONS", "PARTIES", "TABLES",
    "Column", "Contract", "Cube", "Measure", "Measures", "TableSpec",
]  # fmt: skip
