"""What the pages ask of the house: one small protocol, and the values that cross it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from gensvar.contracts import Measures
from gensvar.kit.scope import Scope
from gensvar.measure.answer import Answer
from gensvar.measure.question import Question

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source is doing. rows: in the hub; set_aside: open ones; last_received: UTC; silent: longer without a row than is usual for it."""

    name: str
    version: int
    owner: str
    purpose: str
    target: str
    last_received: datetime | None
    rows: int
    set_aside: int
    silent: bool
    contract_yaml: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a suggested contract. sure: 0…1; because: what in the file made us think so."""

    path: str
    value: str
    sure: float
    because: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A first contract for a file, and what it makes of the first rows. faults: what those rows already show."""

    yaml: str
    lines: tuple[Line, ...]
    preview: tuple[Mapping[str, Any], ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobStatus:
    """state: waiting · running · stopping · stopped · done · failed.

    progress: source, read, total (about; None where unknown). receipt: once it ended.
    """

    id: str
    kind: str
    state: str
    progress: Mapping[str, Any] = made(default_factory=dict)
    receipt: Mapping[str, Any] | None = None
    error: str | None = None

    @property
    def ended(self) -> bool:
        return self.state in {"done", "failed", "stopped"}


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """One row set aside. raw: the row as the source gave it, filled in only when one row is opened. state: open · replayed · discarded."""

    id: int
    source: str
    reason: str
    message: str
    record: str
    item: str
    field: str
    line: int
    at: datetime
    state: str = "open"
    raw: Mapping[str, Any] = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetAsideCount:
    source: str
    reason: str
    rows: int


class Desk(Protocol):
    """Everything that the pages need. All calls may block: the pages make them off the event loop."""

    def under(self, scope: Scope, who: str) -> "Desk":
        """The same desk as one reader may use it: nothing outside the scope is seen, and what is changed is hers in the audit."""
        ...

    def ask(self, question: Question, language: str) -> Answer:
        """The one way to a number. BadInput or NotFound where the question cannot be asked."""
        ...

    def ask_many(self, questions: Sequence[Question], language: str) -> Sequence[Answer]:
        """What `ask` answers to each, in their order, with as few queries as can be."""
        ...

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What takes long to find, made once for each state of the hub and kept under this key for all readers of the same scope."""
        ...

    def empty(self) -> bool:
        """Whether nothing at all has come in yet."""
        ...

    def silent(self) -> Sequence[str]:
        """The sources that have gone quiet, by name; may be some seconds old."""
        ...

    def audiences(self) -> Mapping[str, str]:
        """Who mostly answers each measure: id → customer, employee …; may be some seconds old."""
        ...

    def measures(self) -> Measures:
        """Every definition in force."""
        ...

    def dimension_values(self, dimension: str) -> Sequence[str]:
        """The values that a shared dimension has in the hub, most frequent first."""
        ...

    def today(self) -> date:
        """The reader's day."""
        ...

    def epoch(self) -> int:
        """Rises whenever an answer may have changed."""
        ...

    def sources(self) -> Sequence[SourceStatus]:
        """Every source that has a contract, by name."""
        ...

    def suggest(self, upload: Path, source: str) -> Suggested:
        """A first contract for this file. Unreadable where the file is not what it says it is."""
        ...

    def preview(self, upload: Path, contract: str) -> Suggested:
        """What this contract makes of the file's first 20 rows; `lines` is empty. ContractError with all its faults."""
        ...

    def add_source(self, contract: str, by: str) -> str:
        """The name of the source whose contract was added or brought to a new version. ContractError, Conflict."""
        ...

    def start_import(self, source: str, upload: Path) -> str:
        """The id of the job that imports this file."""
        ...

    def job(self, job: str) -> JobStatus:
        """How a job is doing. NotFound."""
        ...

    def stop_job(self, job: str) -> None:
        """Ask it to stop after the batch in hand; what is in stays in, and the same file can be resumed."""
        ...

    def counts(self) -> Sequence[SetAsideCount]:
        """Open rows that are set aside, by source and reason, most first."""
        ...

    def set_aside_page(self, source: str | None, reason: str | None, state: str, after: int, limit: int) -> Sequence[SetAsideRow]:
        """At most `limit` rows with an id above `after`, by id."""
        ...

    def set_aside_row(self, row: int) -> SetAsideRow:
        """One row with its raw values. NotFound."""
        ...

    def replay(self, rows: Sequence[int], repaired: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The receipt of sending these rows through the flow again; repaired: the raw values to use instead, for one row."""
        ...

    def discard(self, rows: Sequence[int]) -> None:
        """Settle these rows without taking them in; they stay in the audit."""
        ...
