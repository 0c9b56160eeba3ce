"""Sources: each contract with its owner, purpose, freshness and counts; and the way from a file to a contract to an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gensvar.serve.web.desk import Desk, JobStatus, SourceStatus, Suggested
from gensvar.serve.web.figures import moment
from gensvar.serve.web.set_aside_page import says
from gensvar.serve.web.words import Words

SURE, LIKELY = 0.9, 0.6
ALMOST = 99  # the total is an estimate: only the end is 100
PREVIEW_ROWS = 20
MADE_HERE = frozenset({"source", "response", "received_at", "contract"})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """state: fine · silent · waiting (nothing has come yet)."""

    name: str
    version: int
    owner: str
    purpose: str
    target: str
    state: str
    last: str
    rows: str
    set_aside: int
    contract: str
    href: str


@dataclass(frozen=True, slots=True)
class SourcesPage:
    sources: tuple[SourceRow, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a suggested contract with how sure we are of it, in words: sure · likely · guess."""

    path: str
    value: str
    level: str
    level_name: str
    percent: str
    because: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract on its way: its text, what we think of each line, what it makes of the first rows, and what is wrong with it."""

    upload: str
    file: str
    yaml: str
    lines: tuple[LineView, ...]
    doubtful: int
    columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the rows. set_aside: reason, the reason in words, and how many. several: rows held more than one answer each."""

    counts: tuple[tuple[str, str], ...]
    set_aside: tuple[tuple[str, str, str], ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class ImportPage:
    """part: 0…100, or None where the length is not known."""

    id: str
    source: str
    state: str
    state_name: str
    ended: bool
    read: str
    total: str
    part: int | None
    receipt: Receipt | None
    error: str


def sources_page(desk: Desk, words: Words, zone: str) -> SourcesPage:
    """Silent sources first, then by name."""
    statuses = sorted(desk.sources(), key=lambda s: (not s.silent, s.name))
    return SourcesPage(tuple(_row(s, words, zone) for s in statuses), tuple(s.name for s in statuses if s.silent))


def one_source(desk: Desk, name: str, words: Words, zone: str) -> SourceRow | None:
    return next((_row(s, words, zone) for s in desk.sources() if s.name == name), None)


def _row(s: SourceStatus, words: Words, zone: str) -> SourceRow:
    state = "silent" if s.silent else "fine" if s.last_received else "waiting"
    last = moment(s.last_received, words.language, zone) if s.last_received else words("nothing yet")
    return SourceRow(
        s.name, s.version, s.owner, s.purpose, s.target, state, last, words.number(s.rows), s.set_aside, s.contract_yaml, f"/sources/{s.name}"
    )


def draft(upload: str, file: str, suggested: Suggested, words: Words) -> Draft:
    """A suggestion as its page shows it; least sure lines first."""
    lines = tuple(_line(x.path, x.value, x.sure, x.because, words) for x in sorted(suggested.lines, key=lambda x: x.sure))
    rows = suggested.preview[:PREVIEW_ROWS]
    columns = _filled_columns(rows)
    preview = tuple(tuple(cell(row.get(c)) for c in columns) for row in rows)
    doubtful = sum(x.level != "sure" for x in lines)
    return Draft(upload, file, suggested.yaml, lines, doubtful, columns, preview, suggested.faults)


def _line(path: str, value: str, sure: float, because: str, words: Words) -> LineView:
    level = "sure" if sure >= SURE else "likely" if sure >= LIKELY else "guess"
    return LineView(path, value, level, words(level), f"{words.number(sure * 100)}\N{NO-BREAK SPACE}%", because)


def _filled_columns(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The columns in which some row holds something, in the table's own order; those that the house makes itself tell nothing of the contract."""
    names = dict.fromkeys(c for row in rows for c in row if c not in MADE_HERE)
    return tuple(c for c in names if any(row.get(c) not in (None, "") for row in rows))


def cell(value: object) -> str:
    """A value as a table cell: times to the second in UTC, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ") if value.tzinfo else value.isoformat(" ")
    return str(value)


STATES = {
    "waiting": "Waiting for its turn", "running": "Importing", "stopping": "Stopping after the batch in hand", "stopped": "Stopped",
    "done": "Done", "failed": "It could not be finished",
}  # fmt: skip
RECEIPT_LINES = ("read", "accepted", "updated", "unchanged", "removed", "empty")


def import_page(job: JobStatus, words: Words) -> ImportPage:
    """How one import is doing, and its receipt once it has ended."""
    read, total = int(job.progress.get("read", 0)), job.progress.get("total")
    part = min(ALMOST, int(100 * read / total)) if total else None
    return ImportPage(
        id=job.id,
        source=str(job.progress.get("source", "")),
        state=job.state,
        state_name=words(STATES.get(job.state, job.state)),
        ended=job.ended,
        read=words.number(read),
        total=words.number(total) if total else "",
        part=100 if job.state == "done" else part,
        receipt=receipt(job.receipt, words) if job.receipt else None,
        error=job.error or "",
    )


def receipt(counts: Mapping[str, Any], words: Words) -> Receipt:
    """read, accepted, updated, unchanged, removed and empty, and what was set aside by reason, most first."""
    aside = sorted(dict(counts.get("set_aside") or {}).items(), key=lambda kv: -kv[1])
    lines = tuple((words(name), words.number(counts[name])) for name in RECEIPT_LINES if name in counts)
    went_in = sum(int(counts.get(name, 0)) for name in ("accepted", "updated", "unchanged"))
    several = went_in > int(counts.get("read", went_in))
    return Receipt(lines, tuple((reason, says(reason, words), words.number(n)) for reason, n in aside), several)
