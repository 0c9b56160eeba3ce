"""Is every cell of a real file accounted for? In the hub, left out by the contract, a code for no answer, or set aside with a reason."""

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from evals.contracts import FACTS
from evals.result import Result
from gensvar import collect
from gensvar.contracts import Contract, Measures
from gensvar.contracts.rows import Batch, Received
from gensvar.hub import Intake

TARGET, SECRET, NOW = 1.0, b"an evaluation keeps no secrets!!", datetime(2026, 11, 1, tzinfo=UTC)
NO_BREAK = " \t\r\n\u00a0\ufeff"


@dataclass
class Tally:
    """Filled cells of the file by column, and how many of them were found again; whole: rows that were set aside or repeated as a whole."""

    contract: Contract
    cells: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Batch, received: Received) -> None:
        rows = batch.rows
        filled = {n: _filled(rows.column(n), self._missing(n)) for n in rows.column_names}
        self.cells.update({n: int(pc.sum(f).as_py() or 0) for n, f in filled.items()})
        whole = self._set_aside(received, rows.column_names)
        kept = _per_row(received.table)
        for n in rows.column_names:
            self.found[n] += min(self.cells[n], self._in_hub(n, received.table, kept, filled[n]) + whole + received.repeated)

    def _missing(self, column: str) -> frozenset[str]:
        return frozenset().union(*(a.missing for a in self.contract.answers if column in (a.text, a.score, a.choice.column if a.choice else None)))

    def _set_aside(self, received: Received, names: list[str]) -> int:
        """Counts single cells; returns how many whole rows were set aside."""
        lines = defaultdict(set)
        for s in received.set_aside:
            lines[s.field if s.field in names else ""].add((s.line, s.item))
        for column, at in lines.items():
            if column:
                self.found[column] += len(at)
        return len({line for line, _ in lines[""]}) + len({line for line, item in _all(lines) if not item})

    def _in_hub(self, column: str, table: pa.Table, kept: pa.Table, filled: pa.Array) -> int:
        """How many of the column's cells stand in the rows made, or were to be left out."""
        c, n = self.contract, int(pc.sum(filled).as_py() or 0)
        if column in c.ignore:
            return n
        answers = [
            (a.item.always, f)
            for a in c.answers
            for f, of in (("text", a.text), ("score", a.score), ("choice", a.choice.column if a.choice else None))
            if of == column
        ]
        if answers:
            return max(int(pc.sum(pc.and_(pc.equal(table["item"], item), pc.is_valid(table[f]))).as_py() or 0) for item, f in answers)
        if column in c.attrs or column not in c.columns():
            return _with_attr(kept, column)
        return min(n, int(kept.num_rows))


def _all(lines: Mapping[str, set[tuple[int, str]]]) -> set[tuple[int, str]]:
    return {one for column, at in lines.items() if column for one in at}


def _filled(column: pa.ChunkedArray, missing: frozenset[str]) -> pa.Array:
    """Cells that say something: not blank, not a code for no answer."""
    flat = column.combine_chunks()
    text = pc.utf8_trim(pc.cast(flat, pa.string()), NO_BREAK) if not pa.types.is_nested(flat.type) else pc.cast(pc.is_valid(flat), pa.string())
    there = pc.fill_null(pc.not_equal(text, ""), False)
    codes = pa.array(sorted(missing | {f"{m}.0" for m in missing}), pa.string())
    return pc.and_(there, pc.invert(pc.fill_null(pc.is_in(text, value_set=codes), False)))


def _per_row(table: pa.Table) -> pa.Table:
    """One row of the hub for each raw row."""
    if not table.num_rows:
        return table
    at = table.append_column("_at", pa.array(range(table.num_rows))).group_by("_row").aggregate([("_at", "min")])["_at_min"]
    return table.take(at)


def _with_attr(kept: pa.Table, name: str) -> int:
    found = pc.map_lookup(kept["attrs"].combine_chunks(), name, "first") if kept.num_rows else pa.array([])
    return len(found) - int(found.null_count)


def tally(path: Path) -> Tally:
    """The cells of one file under its suggested contract."""
    made = collect.suggest(path, path.stem.lower(), "the evaluation").contract
    intake, out = Intake(made, Measures.of(made.measures), SECRET), Tally(made)
    for batch in collect.read(path, collect.look(path, made.reading).reading):
        out.add(batch, intake.receive(batch, NOW))
    return out


def evaluate(data: Path) -> list[Result]:
    """The share of filled cells that are accounted for, over all files; columns with cells lost are printed."""
    cells = found = 0
    for about in tomllib.loads(FACTS.read_text("utf-8"))["file"]:
        path = data / about["path"]
        if not path.exists():
            continue
        t = tally(path)
        lost = {n: t.cells[n] - min(t.cells[n], t.found[n]) for n in t.cells}
        cells, found = cells + sum(t.cells.values()), found + sum(t.cells.values()) - sum(lost.values())
        if any(lost.values()):
            print(f"  lost in {path.name}: {json.dumps({n[:30]: k for n, k in lost.items() if k}, ensure_ascii=False)}"[:300])
    return [Result("import, cells accounted for", found / cells, f"of {cells:,}", TARGET)] if cells else []
