"""The simulated customers as what was taken out of a hub, and how they are counted on DuckDB."""

from datetime import date

import ibis
import numpy as np
import pyarrow as pa
from evals.simulated_outcomes import MONTHS, People

from gensvar.explain.outcomes.judging import Term
from gensvar.explain.outcomes.registry import OUTCOMES
from gensvar.explain.outcomes.strata import Strata
from gensvar.explain.outcomes.taken import Taken

LEFT = OUTCOMES[0]


def taken(people: People, strata: int = 20) -> Taken:
    """As `explaining.outcomes.take` would have taken them."""
    terms = tuple(Term(f"word:en:w{i}", "word", {"en": f"w{i}"}, "en") for i in range(people.terms))
    held = Strata(("segment", "plan"), {("", "", i): i for i in range(strata)})
    names = pa.array([str(i) for i in range(len(people.lives))])
    return Taken(date(2024, 1, 1), MONTHS - 1, terms, people.mentions(), people.moments(), people.lives, names, held, "person", {})


def came(people: People) -> pa.Table:
    """unit, month of leaving."""
    return people.lives.filter(people.lives["ended"]).select(["unit", "leave"]).rename_columns(["unit", "month"])


def run(expr: ibis.Expr) -> pa.Table:
    found: pa.Table = expr.to_pyarrow()
    return found


def of(term: int, tone: int = 0) -> int:
    """The number of a term in a tone."""
    return term * 3 + tone


def ratios(found: np.ndarray, but: tuple[int, ...]) -> np.ndarray:
    """Those of terms that do nothing."""
    return np.delete(found, list(but))


def memory(rows: pa.Table) -> ibis.Table:
    return ibis.memtable(rows)
