"""Reading as work over batches: the same in this process, in a pool of processes, and on a cluster."""

from dataclasses import dataclass

import pyarrow as pa

from gensvar.contracts.table import TEXT
from gensvar.enrich.columns import READ
from gensvar.enrich.understanding import Understanding

READ_ROWS = pa.schema([("id", TEXT), *((name, kind) for name, kind in READ.items())])


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Columns id, text, language and market in; id and the columns of READ out, in the same order. Picklable."""

    understanding: Understanding

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        read = self.understanding.enriched(pa.Table.from_batches([batch]), {})
        for name, kind in READ.items():
            if name not in read.column_names:
                read = read.append_column(name, pa.nulls(read.num_rows, kind))
        return read.select(READ_ROWS.names).cast(READ_ROWS).combine_chunks().to_batches()[0] if read.num_rows else _nothing()


def _nothing() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=READ_ROWS)
