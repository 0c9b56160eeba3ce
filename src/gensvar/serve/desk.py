"""The desk: everything that pages, API and command line ask of a house, in one place. All of it may block."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import ibis
from ibis import _

from gensvar import collect, flow, keep
from gensvar.contracts import DIMENSIONS, Measures
from gensvar.contracts.contract_yaml import read_contract, write_contract
from gensvar.contracts.measure_form import measure_dict
from gensvar.contracts.measures_yaml import read_measures
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.errors import BadInput, ContractError, NotAllowed, NotFound, nearest
from gensvar.kit.scope import Scope
from gensvar.kit.version import VERSION
from gensvar.ledger import Agreed, Job, Kept
from gensvar.ledger.set_aside import State
from gensvar.measure import Answer, Question, Source, ask_many, metric_of
from gensvar.measure.freshness import silent
from gensvar.measure.plan import smallest_cube
from gensvar.serve.desks import unnamed
from gensvar.serve.web.desk import JobStatus, Line, SetAsideCount, SetAsideRow, SourceStatus, Suggested
from gensvar.serve.web.memo import Lately, Memo

T = TypeVar("T")
PREVIEW_ROWS = 20
MOST_AT_ONCE = 500
PATIENCE_S, LONG_PATIENCE_S = 10.0, 60.0
MOST_SCOPES, MOST_ANSWERS, MOST_SLOW = 1000, 400, 100
OWNER = "the owner of the data folder"
STATES: dict[str, State] = {"open": "open", "replayed": "replayed", "discarded": "discarded"}


class Shared:
    """What the desks of one house share: what is known for each scope, and the answers of the hub as it now is."""

    def __init__(self) -> None:
        self.answers: Memo[tuple[Answer, ...]] = Memo(MOST_ANSWERS, stale_s=0)
        self.slow: Memo[Any] = Memo(MOST_SLOW, stale_s=LONG_PATIENCE_S)
        self._lore: dict[Scope, Lore] = {}

    def of(self, scope: Scope) -> "Lore":
        """What is known for readers of this scope."""
        if len(self._lore) >= MOST_SCOPES:
            self._lore.clear()
        return self._lore.setdefault(scope, Lore())


class Lore:
    """What a desk has found out lately, for the readers of one scope."""

    def __init__(self) -> None:
        self.values: Lately[list[str]] = Lately(PATIENCE_S)
        self.silent: Lately[list[str]] = Lately(PATIENCE_S)
        self.audiences: Lately[dict[str, str]] = Lately(PATIENCE_S)


class HouseDesk:
    """A desk in front of one house. scope: what its reader may see; who: whose the changes are. Desks of one house share what they have found out."""

    def __init__(self, house: House, scope: Scope, who: str = OWNER, shared: Shared | None = None) -> None:
        self.house, self.scope, self.who = house, scope, who
        self._shared = shared or Shared()
        self._lore = self._shared.of(scope)

    def under(self, scope: Scope, who: str) -> "HouseDesk":
        """The desk as another reader may use it."""
        return HouseDesk(self.house, scope, who, self._shared)

    # ── answers ──

    def ask(self, question: Question, language: str) -> Answer:
        return self.ask_many([question], language)[0]

    def ask_many(self, questions: Sequence[Question], language: str) -> tuple[Answer, ...]:
        """Each answer is made once for as long as the hub and the definitions stay as they are, however many readers ask."""
        measures, today = self.measures(), self.today()

        def make() -> tuple[Answer, ...]:
            return ask_many(questions, self.house.engine, measures, self.scope, today, language, flow.released(self.house))

        return self._shared.answers.get((tuple(q.key for q in questions), language, self.scope), self._state(measures), make)

    def kept(self, key: Hashable, make: Callable[[], T], wait_s: float | None = None) -> T:
        """What takes long to find in this scope, made once for each state of the hub; up to a minute the last is given out meanwhile.

        wait_s: no longer than that; TimeoutError then, while it goes on being found.
        """
        found: T = self._shared.slow.get((key, self.scope), self._state(self.measures()), make, wait_s=wait_s)
        return found

    def _state(self, measures: Measures) -> Hashable:
        """Changes whenever an answer may."""
        return self.epoch(), self.today(), frozenset(measures.by_key)

    def measures(self) -> Measures:
        return self.house.ledger.measures.all()

    def measure_list(self) -> list[dict[str, Any]]:
        return [measure_dict(m) for m in self.measures()]

    def today(self) -> date:
        return self.house.today()

    def epoch(self) -> int:
        return self.house.engine.epoch()

    def dimension_values(self, dimension: str) -> list[str]:
        """The values of a shared dimension, most frequent first; of protected audiences only those that their released blocks name."""
        if dimension not in DIMENSIONS:
            raise NotFound(f"No dimension {dimension!r}", nearest=nearest(dimension, DIMENSIONS))
        return self._lore.values.get(dimension, lambda: self._values_of(dimension), (self.epoch(), self.today()))

    def _values_of(self, dimension: str) -> list[str]:
        engine, t = self._counted(dimension, "audience")
        found = engine.run(t.filter(t[dimension].notnull()).group_by(dimension).agg(n=t.n.sum()))
        counts = Counter(dict(zip(found[dimension].to_pylist(), found["n"].to_pylist(), strict=True)))
        counts.update(unnamed.named_values(self.house, self.scope, dimension))
        return [value for value, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    def _counted(self, *dimensions: str) -> tuple[Source, ibis.Table]:
        """Rows with `n` and these dimensions within the scope, none of protected audiences, and who has them: the smallest cube, else `feedback`."""
        cube = smallest_cube({*dimensions, *self.scope.rows})
        if cube is not None:
            engine = self.house.engine.cubes()
            return engine, self._seen(engine.table(cube.name))
        return self.house.engine, self._seen(self.house.engine.table("feedback")).mutate(n=1)

    def _seen(self, rows: ibis.Table) -> ibis.Table:
        """The rows within the scope that may be shown one by one."""
        rows = within(rows, self.scope)
        return rows.filter(rows.audience.notin(sorted(self.house.settings.anonymous.names)))

    def audiences(self) -> dict[str, str]:
        """Who mostly answers each measure."""
        return self._lore.audiences.get("", self._count_audiences, (self.epoch(), self.today()))

    def _count_audiences(self) -> dict[str, str]:
        engine, t = self._counted("audience")
        found = engine.run(t.filter(t.measure != "").group_by("measure", "audience").agg(n=t.n.sum()))
        counts = Counter({(row["measure"], row["audience"]): row["n"] for row in found.to_pylist()})
        counts.update(unnamed.answers_of(self.house, self.scope))
        return {key.partition("@")[0]: audience for (key, audience), _ in sorted(counts.items(), key=lambda one: (one[1], one[0]))}

    def empty(self) -> bool:
        """Whether neither feedback nor events hold a row."""
        engine = self.house.engine
        return not any(engine.run(engine.table(name).select("source").limit(1)).num_rows for name in ("feedback", "events"))

    # ── sources ──

    def sources(self) -> list[SourceStatus]:
        """Every source that has a contract, with how it is doing, by name."""
        seen, aside = self._activity(), Counter[str]()
        for count in self.counts():
            aside[count.source] += count.rows
        return [
            self._status(kept, seen.get(kept.source), aside[kept.source])
            for kept in sorted(self.house.ledger.contracts.all(), key=lambda c: c.source)
        ]

    def _status(self, kept: Agreed, seen: "Activity | None", aside: int) -> SourceStatus:
        contract = flow.parsed(kept.yaml)
        quiet = kept.source in self.silent()
        return SourceStatus(
            kept.source, contract.version, contract.owner, contract.purpose, contract.target,
            seen.last if seen else None, seen.rows if seen else 0, aside, quiet, kept.yaml,
        )  # fmt: skip

    def _activity(self) -> dict[str, "Activity"]:
        """What each source has in the hub: rows, and when the latest one came."""
        found: dict[str, Activity] = {}
        for name in ("feedback", "events"):
            t = self.house.engine.table(name)
            for row in self.house.engine.run(t.group_by("source").agg(n=t.count(), last=t.received_at.max())).to_pylist():
                found[row["source"]] = found.get(row["source"], Activity()).and_(row["n"], row["last"])
        parties = self.house.engine.table("parties")
        described = parties.filter(parties.contract.notnull()).group_by("contract").agg(n=_.count(), last=_.updated_at.max())
        for row in self.house.engine.run(described).to_pylist():
            found[row["contract"].rsplit("@", 1)[0]] = Activity(row["n"], row["last"])
        return found

    def silent(self) -> list[str]:
        """The sources that have gone quiet."""
        return self._lore.silent.get("", lambda: sorted(name for name, days in self._active_days().items() if silent(days, self.today())))

    def _active_days(self) -> dict[str, list[date]]:
        """The UTC days on which each source was active: of feedback from its cube, which is smaller."""
        found: dict[str, list[date]] = {}
        engine = self.house.engine
        cube, events = engine.cubes().table("daily_source"), engine.table("events")
        for where, days in (
            (engine.cubes(), cube.select("source", "day").distinct()),
            (engine, events.select("source", day=events.occurred_at.date()).distinct()),
        ):
            for row in where.run(days).to_pylist():
                found.setdefault(row["source"], []).append(row["day"])
        return found

    def source(self, name: str) -> SourceStatus:
        found = {s.name: s for s in self.sources()}
        if name not in found:
            raise NotFound(f"No source {name!r}", nearest=nearest(name, found), do="`gensvar sources list` shows them.")
        return found[name]

    def suggest(self, upload: Path, source: str) -> Suggested:
        made = collect.suggest(upload, source, zone=self.house.settings.zone, known=self.measures())
        notes = {line.path: f"{line.sure:.0%} sure: {line.because}" for line in made.lines}
        shown = self.preview(upload, write_contract(made.contract, notes))
        return replace(shown, lines=tuple(Line(line.path, line.value, line.sure, line.because) for line in made.lines))

    def preview(self, upload: Path, yaml: str) -> Suggested:
        """What the contract makes of the file's first rows; nothing is stored."""
        contract = read_contract(yaml)
        received = flow.preview(self.house, upload, contract, PREVIEW_ROWS)
        rows = received.table.slice(0, PREVIEW_ROWS).drop_columns(["_row"]).to_pylist()
        faults = tuple(f"row {s.line}, {s.field or s.item or 'as a whole'}: {s.message}" for s in received.set_aside)
        return Suggested(yaml, (), tuple({k: v for k, v in row.items() if v is not None} for row in rows), faults)

    def add_source(self, yaml: str, by: str) -> str:
        return flow.add_source(self.house, yaml, by)

    def define(self, yaml: str, by: str) -> dict[str, Any]:
        made = read_measures(yaml)
        if faults := [fault for m in made for fault in metric_of(m).faults(m)]:
            raise ContractError("The measures cannot be used", faults=faults, do="Correct their metric, or their scale.")
        self.house.ledger.measures.add(made, by)
        return {"measures": [m.key for m in made]}

    # ── imports ──

    def start_import(self, source: str, upload: Path) -> str:
        flow.contract_of(self.house, source)
        if not upload.is_file():
            raise NotFound(f"No file {str(upload)!r}", do="Give the path of a file on the server's machine.")
        inside = upload.resolve().is_relative_to((self.house.settings.data / "uploads").resolve())
        return str(self.house.ledger.jobs.add("import", {"source": source, "path": str(upload.resolve()), "uploaded": inside}))

    def imports(self) -> list[dict[str, Any]]:
        """The latest imports of files, newest first. content: a hash of the file's content."""
        return [
            {"source": i.source, "file": Path(i.path).name, "content": i.sha256, "state": i.state, "receipt": dict(i.receipt), "at": i.updated_at}
            for i in self.house.ledger.imports.all(MOST_AT_ONCE)
        ]

    def job(self, job: str) -> JobStatus:
        if not job.isdigit():
            raise NotFound(f"No job {job!r}")
        return _job(self.house.ledger.jobs.get(int(job)))

    def jobs(self) -> list[JobStatus]:
        return [_job(j) for j in self.house.ledger.jobs.all(MOST_AT_ONCE)]

    def stop_job(self, job: str) -> None:
        self.house.ledger.jobs.ask_stop(int(self.job(job).id))

    # ── set aside ──

    def counts(self) -> list[SetAsideCount]:
        found = [
            SetAsideCount(source, reason, n) for source, reasons in self.house.ledger.set_aside.counts().items() for reason, n in reasons.items()
        ]
        return sorted(found, key=lambda c: -c.rows)

    def set_aside_page(self, source: str | None, reason: str | None, state: str, after: int, limit: int) -> list[SetAsideRow]:
        if state not in STATES:
            raise BadInput(f"No state {state!r}", nearest=nearest(state, STATES))
        rows = self.house.ledger.set_aside.page(source, reason, STATES[state], after, min(max(limit, 1), MOST_AT_ONCE))
        return [self._aside(r) for r in rows]

    def set_aside_row(self, row: int) -> SetAsideRow:
        if self.scope.rows or not self.scope.free_text:
            raise NotAllowed(
                "A row set aside is as its source sent it, and cannot be limited to what you may see", do="Ask a data owner who sees all."
            )
        found = self.house.ledger.set_aside.get(row)
        return replace(self._aside(found), raw=unnamed.covered(found) if unnamed.is_protected(self.house, found) else flow.raw_of(found.row))

    def _aside(self, kept: Kept) -> SetAsideRow:
        """A row as its list shows it; whose it is, is not told of protected people."""
        r = kept.row
        record = unnamed.COVER if unnamed.is_protected(self.house, kept) else r.record
        return SetAsideRow(kept.id, r.source, r.reason, r.message, record, r.item, r.field, r.line, kept.added_at, kept.state)

    def open_ids(self, source: str | None, reason: str | None) -> list[int]:
        return flow.open_ids(self.house, source, reason)

    def replay(self, rows: Sequence[int], repaired: Mapping[str, Any] | None) -> dict[str, Any]:
        if repaired is not None and len(rows) == 1:
            repaired = unnamed.uncovered(self.house.ledger.set_aside.get(rows[0]), repaired)
        return flow.replay(self.house, rows, repaired).as_json()

    def discard(self, rows: Sequence[int]) -> None:
        self.house.ledger.set_aside.settle(rows, "discarded", self.who)

    # ── the house ──

    def record(self, source: str, record: str) -> list[dict[str, Any]]:
        unnamed.refuse_record(self.house, source)
        t = self._seen(self.house.engine.table("feedback"))
        found: list[dict[str, Any]] = self.house.engine.run(t.filter(t.source == source, t.record == record)).to_pylist()
        return found

    def status(self) -> dict[str, Any]:
        """Rows of each table, what waits in the inbox, the epoch, and the settings in force."""
        engine = self.house.engine
        entries, signals, oldest = self.house.ledger.inbox.backlog()
        rows = {name: int(engine.run(engine.table(name).count()).column(0)[0].as_py()) for name in ("feedback", "events", "parties", "mentions")}
        return {
            "version": VERSION, "engine": engine.name, "epoch": engine.epoch(), "rows": rows,
            "inbox": {"entries": entries, "signals": signals, "oldest": oldest},
            "set_aside": sum(c.rows for c in self.counts()), "settings": self.house.settings.shown(),
        }  # fmt: skip

    def release_anew(self) -> dict[str, Any]:
        """Makes every release of protected audiences anew from the rows there are; how many rows they hold."""
        return {"released": flow.release_anew(self.house)}

    def backup(self, folder: Path) -> dict[str, Any]:
        return keep.backup(self.house, folder)

    def export(self, folder: Path, form: str, tables: str) -> dict[str, Any]:
        return keep.export(self.house, folder, form, tuple(t.strip() for t in tables.split(",") if t.strip()))

    def gauges(self) -> dict[str, tuple[str, float]]:
        """What a supervisor watches: name → what it is, and its value."""
        _, signals, oldest = self.house.ledger.inbox.backlog()
        waited = (self.house.clock.now() - oldest).total_seconds() if oldest else 0.0
        return {
            "inbox_signals": ("Signals that wait in the inbox.", float(signals)),
            "inbox_oldest_seconds": ("Seconds that the oldest of them has waited.", waited),
            "set_aside_rows": ("Rows set aside and still open.", float(sum(c.rows for c in self.counts()))),
            "epoch": ("Rises whenever an answer may have changed.", float(self.epoch())),
        }

    def noted(self, did: str, what: str = "", **detail: Any) -> None:
        """Writes into the audit that the desk's reader changed something, or took it along."""
        self.house.ledger.audit.append(self.who, did, what, detail)


@dataclass(frozen=True, slots=True)
class Activity:
    """rows in the hub, and when the latest of them came."""

    rows: int = 0
    last: datetime | None = None

    def and_(self, rows: int, last: datetime) -> "Activity":
        return Activity(self.rows + rows, max(self.last or last, last))


def _job(job: Job) -> JobStatus:
    state = "stopping" if job.stop and job.state == "running" else job.state
    progress = {"source": job.args.get("source", ""), **_how_far(job.progress)}
    return JobStatus(str(job.id), job.kind, state, progress, _how_far(job.result) or None, job.error or None)


def _how_far(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Without which topics moved: that is told within a scope, by the desk of topics."""
    return {name: value for name, value in kept.items() if name != "moved"}
