"""stats: numbers to numbers. Reads: counts, moments. Writes: nothing. Promises: each method has a source and a simulated coverage."""

from gensvar.stats.balances import Balance
from gensvar.stats.many import Shrunk, adjusted, shrunken
from gensvar.stats.means import Mean, Scale
from gensvar.stats.normal import Difference, Interval, z_of
from gensvar.stats.shares import Share

__all__ = ["Balance", "Difference", "Interval", "Mean", "Scale", "Share", "Shrunk", "adjusted", "shrunken", "z_of"]
