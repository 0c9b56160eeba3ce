"""What is known of a file before it is read: how to read it, its columns, and about how many rows it has."""

from dataclasses import dataclass

from gensvar.contracts.contract import Reading
from gensvar.contracts.rows import Header


@dataclass(frozen=True, slots=True)
class Found:
    """reading: nothing left out. headers: one for each column, names unique. rows_estimate: rows below the header; None where it cannot be told."""

    reading: Reading
    headers: tuple[Header, ...]
    rows_estimate: int | None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(h.name for h in self.headers)
