"""What a table is: named columns, each with an Arrow type, a meaning and a unit, and the key that makes a row itself."""

from dataclasses import dataclass

import pyarrow as pa

UUID = pa.uuid()
TEXT = pa.string()
MOMENT = pa.timestamp("us", tz="UTC")
NUMBER = pa.float64()
COUNT = pa.int64()
DAY = pa.date32()
MAP = pa.map_(pa.string(), pa.string())
LIST = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """time: the column that says when, used to prune; key: the columns that make a row itself; quiet: columns whose change alone is no change."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time: str
    quiet: frozenset[str] = frozenset()

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)
