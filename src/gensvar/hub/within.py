"""The rows of `feedback` that a reader may see: every door to single rows goes through here. Numbers are limited by `measure` the same way."""

import ibis
from ibis import Table

from gensvar.kit.scope import Scope


def within(rows: Table, scope: Scope) -> Table:
    """`feedback`, or a cube that has the scope's dimensions, limited to the scope: rows outside are not there; text that may not be read is null."""
    tests = [_allowed(rows[name], values) for name, values in sorted(scope.rows.items())]
    seen = rows.filter(*tests) if tests else rows
    return seen if scope.free_text or "text" not in seen.columns else seen.mutate(text=ibis.null("string"))


def _allowed(column: ibis.Column, values: frozenset[str]) -> ibis.Value:
    """Whether the column is one of these, where '' is a missing value; null or false where it is not."""
    named = sorted(v for v in values if v)
    test = column.isin(named) if named else ibis.literal(False)
    return test | column.isnull() if "" in values else test
