"""demo: an invented company whose exports go in through the same import as anybody's. Reads: nothing. Writes: raw files and contracts.

Promises: the same bytes for the same seed; every planted truth is in `truths.toml`; nobody in it exists.
"""

from gensvar.demo.company import Company, Written, write
from gensvar.demo.truth import Truth, planted

__all__ = ["Company", "Truth", "Written", "planted", "write"]
