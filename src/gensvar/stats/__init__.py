"""stats: numbers to numbers. Reads: counts, moments. Writes: nothing. Promises: each method has a source and a simulated coverage."""

from gensvar.stats.balances import Balance
from gensvar.stats.contrasts import Contrasts, Prior, Sums, contrasts
from gensvar.stats.many import Shrunk, adjusted, shrunken
from gensvar.stats.means import Mean, Scale
from gensvar.stats.normal import Difference, Interval, z_of
from gensvar.stats.odds import Odds, log_odds
from gensvar.stats.paired import Pairs
from gensvar.stats.shares import Share

__all__ = [
    "Balance", "Contrasts", "Difference", "Interval", "Mean", "Odds", "Pairs", "Prior", "Scale", "Share", "Shrunk", "Sums", "adjusted", "contrasts",
    "log_odds", "shrunken", "z_of",
]  # fmt: skip
