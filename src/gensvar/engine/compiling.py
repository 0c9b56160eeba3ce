"""Expressions into statements, once each: Ibis is not thread-safe, so one thread compiles at a time, and what was compiled is kept."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import pyarrow as pa

from gensvar.contracts import TABLES, TableSpec
from gensvar.contracts.table import UUID

KEPT = 256  # statements
ON_DAYS = "feedback_on_days"
"""What a statement for some days calls the rows of `feedback` on those days; whoever runs it says which they are."""


class Compiler:
    """The hub's tables as expressions of one Ibis backend, and what it makes of expressions over them."""

    def __init__(self, backend: ibis.BaseBackend, ids: str, there: Mapping[str, Sequence[str]], database: str | None = None) -> None:
        """there: the columns of each table in the order in which the engine holds them; ids: the type of ids there."""
        self._backend = backend
        self._tables = {name: _bound(spec, there[name], backend, ids, database) for name, spec in TABLES.items()}
        self._on_days = {_source(self._tables["feedback"]): _source(_bound(TABLES["feedback"], there["feedback"], backend, ids, None, ON_DAYS))}
        self._statements: dict[object, str] = {}
        self._lock = Lock()

    def table(self, name: str) -> ibis.Table:
        return self._tables[name]

    def compiled(self, table: ibis.Table) -> tuple[str, dict[str, pa.Table]]:
        """The statement for an expression, and the tables it brings along by the names it knows them by."""
        op = table.op()
        with self._lock:
            brought = {m.name: m.data.to_pyarrow(m.schema) for m in op.find(ops.InMemoryTable)}
            if brought:
                return str(self._backend.compile(table)), brought
            return self._kept(op, lambda: str(self._backend.compile(table))), {}

    def on_days(self, table: ibis.Table) -> tuple[str, dict[str, pa.Table]]:
        """The same with `feedback` called ON_DAYS, so that one statement serves for any days."""
        op = table.op()
        with self._lock:
            brought = {m.name: m.data.to_pyarrow(m.schema) for m in op.find(ops.InMemoryTable)}
            return self._kept((ON_DAYS, op), lambda: str(self._backend.compile(op.replace(self._on_days).to_expr()))), brought

    def _kept(self, key: object, make: Callable[[], str]) -> str:
        if key not in self._statements:
            if len(self._statements) >= KEPT:
                self._statements.pop(next(iter(self._statements)))
            self._statements[key] = make()
        return self._statements[key]


def _source(table: ibis.Table) -> ops.DatabaseTable:
    (found,) = table.op().find(ops.DatabaseTable)
    return found


def _bound(spec: TableSpec, there: Sequence[str], backend: ibis.BaseBackend, ids: str, database: str | None, name: str = "") -> ibis.Table:
    """The table as an expression of this backend, with the columns that the contract promises, in its order even where older versions had another."""
    types = {c.name: ids if c.type == UUID else dt.DataType.from_pyarrow(c.type) for c in spec.columns}
    held = [n for n in there if n in types]
    schema = ibis.schema({n: types[n] for n in held})
    table = ops.DatabaseTable(name or spec.name, schema=schema, source=backend, namespace=ops.Namespace(database=database)).to_expr()
    return table if tuple(held) == spec.names else table.select(*spec.names)
