"""An honest desk for the pages' tests: real answers from real rows in memory, sources, jobs and rows set aside kept in plain lists."""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from gensvar.contracts import Measure, Measures
from gensvar.kit.errors import ContractError, NotFound, Unreadable
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Answer, Question, ask, ask_many
from gensvar.serve.web import JobStatus, Line, SetAsideCount, SetAsideRow, SourceStatus, Suggested
from tests.serve.web.hub import Hub, answers

TODAY = date(2026, 11, 1)
DELIVERY = Measure(
    id="csat.delivery", version=1, metric="csat", low=1, high=5, owner="anna.berg",
    name={"en": "Delivery", "sv": "Leverans", "nb": "Levering", "da": "Levering", "fi": "Toimitus"},
    wording={"en": "How satisfied are you with the delivery?", "sv": "Hur nöjd är du med leveransen?"},
)  # fmt: skip
SUPPORT1 = Measure(id="csat.support", version=1, metric="csat", low=1, high=5, name={"en": "Support"}, wording={"en": "How was our help?"})
SUPPORT2 = Measure(id="csat.support", version=2, metric="csat", low=1, high=5, name={"en": "Support"}, wording={"en": "Did we solve it well?"})
NPS = Measure(id="nps", version=1, metric="nps", low=0, high=10, name={"en": "Recommendation"})
EFFORT = Measure(id="ces.payment", version=1, metric="ces5", low=1, high=5, better="down", name={"en": "Effort of paying"})
PRICE = Measure(id="csat.price", version=1, metric="csat", low=1, high=5, name={"en": "Price"})
UNUSED = Measure(id="stars.app", version=1, metric="stars", low=1, high=5, name={"en": "Stars for the app"})
MEASURES = Measures.of([DELIVERY, SUPPORT1, SUPPORT2, NPS, EFFORT, PRICE, UNUSED])
MARKETS = {"SE": 60, "NO": 40, "DK": 30, "FI": 22}
CHANNELS = ("web", "app", "phone")
MONTHS = tuple(date(2025 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(5, 23))
AT = datetime(2026, 10, 29, 8, 30, tzinfo=UTC)
YAML = "source: helpdesk\nowner: anna.berg\npurpose: every ticket and its rating\nrecord: ticket_id\nat: {column: created, order: dmy}\n"


def feedback() -> list[dict[str, Any]]:
    """18 months of answers: delivery falls in Norway, support rises in Sweden and changes its wording, price has few answers in Finland."""
    dice = random.Random(7)
    rows: list[dict[str, Any]] = []
    for i, month in enumerate(MONTHS):
        late = i >= len(MONTHS) - 3
        for market, n in MARKETS.items():
            rows += _scores(dice, DELIVERY, month, market, n * 2, 0.60 if late and market == "NO" else 0.79)
            rows += _scores(dice, SUPPORT2 if i >= 11 else SUPPORT1, month, market, n, 0.86 if late and market == "SE" else 0.72)
            rows += _nps(dice, month, market, n)
            rows += _scores(dice, EFFORT, month, market, n // 2, 0.3)
            rows += _scores(dice, PRICE, month, market, 3 if market == "FI" else n // 3, 0.55)
    return rows


def _scores(dice: random.Random, measure: Measure, month: date, market: str, n: int, good: float) -> list[dict[str, Any]]:
    return [
        row
        for _ in range(n)
        for row in answers(
            measure,
            [float(dice.choice((4, 5)) if dice.random() < good else dice.choice((1, 2, 3)))],
            month.replace(day=dice.randint(1, 28)),
            market=market,
            channel=dice.choice(CHANNELS),
        )
    ]


def _nps(dice: random.Random, month: date, market: str, n: int) -> list[dict[str, Any]]:
    return [
        row
        for _ in range(n)
        for row in answers(
            NPS,
            [float(dice.choice((2, 5, 7, 8, 8, 9, 9, 10)))],
            month.replace(day=dice.randint(1, 28)),
            market=market,
            channel=dice.choice(CHANNELS),
        )
    ]


def row_set_aside(number: int, reason: str = "off_scale", source: str = "helpdesk") -> SetAsideRow:
    return SetAsideRow(
        id=number,
        source=source,
        reason=reason,
        message=f"The score 11 lies outside the scale 1–5 of csat.support@2, in the column stars (row {number}).",
        record=f"T-{1000 + number}",
        item="rating",
        field="stars",
        line=number + 1,
        at=AT,
        raw={"ticket_id": f"T-{1000 + number}", "stars": "11", "created": "29.10.2026", "note": "Tack! <b>åäö</b> </script>", "weight": 3},
    )


SOURCES = (
    SourceStatus(
        "helpdesk", 3, "anna.berg", "Every ticket and its rating", "feedback", datetime(2026, 10, 31, 6, 12, tzinfo=UTC), 12840, 3, False, YAML
    ),
    SourceStatus(
        "returns",
        1,
        "ola.nord",
        "Why goods come back",
        "feedback",
        datetime(2026, 10, 20, 9, 0, tzinfo=UTC),
        2310,
        0,
        True,
        YAML.replace("helpdesk", "returns"),
    ),
    SourceStatus("pulse", 1, "maja.lind", "The quarterly pulse of employees", "feedback", None, 0, 0, False, YAML.replace("helpdesk", "pulse")),
)
PREVIEW = tuple(
    {"record": f"T-{i}", "occurred_at": AT, "kind": "complaint", "measure": "csat.support@2", "score": 4.0, "text": "Allt gick bra", "product": None}
    for i in range(20)
)


@dataclass
class FakeDesk:
    """aside: rows set aside; jobs: by id; done: what the forms asked for, in order."""

    hub: Hub | None
    given: tuple[SourceStatus, ...] = SOURCES
    aside: list[SetAsideRow] = field(default_factory=list)
    jobs: dict[str, JobStatus] = field(default_factory=dict)
    done: list[tuple[Any, ...]] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def under(self, _scope: Scope, _who: str) -> "FakeDesk":
        return self

    def ask(self, question: Question, language: str) -> Answer:
        with self.lock:
            self.asked.append(question)
            if self.hub is None:
                raise NotFound("No answers")
            return ask(question, self.hub, MEASURES, whole(), TODAY, language)

    def ask_many(self, questions: Sequence[Question], language: str) -> Sequence[Answer]:
        with self.lock:
            self.asked += questions
            return ask_many(questions, self.hub, MEASURES, whole(), TODAY, language) if self.hub else ()

    def kept(self, _key: Hashable, make: Callable[[], Any]) -> Any:
        return make()

    def empty(self) -> bool:
        return not any(s.rows for s in self.given)

    def silent(self) -> Sequence[str]:
        return [s.name for s in self.given if s.silent]

    def audiences(self) -> Mapping[str, str]:
        return {}

    def measures(self) -> Measures:
        return MEASURES if self.hub else Measures()

    def dimension_values(self, dimension: str) -> Sequence[str]:
        return {"market": tuple(MARKETS), "channel": CHANNELS}.get(dimension, ())

    def today(self) -> date:
        return TODAY

    def epoch(self) -> int:
        return 7

    def sources(self) -> Sequence[SourceStatus]:
        return self.given

    def suggest(self, upload: Path, source: str) -> Suggested:
        if upload.suffix not in {".csv", ".tsv"}:
            raise Unreadable("The file is not what it says it is", where=upload.name, do="Export it again as CSV.")
        lines = (
            Line("record", "ticket_id", 0.98, "every value is there and differs"),
            Line("at", "created, dmy", 0.72, "31.12.2025 can only be day first; some times have no zone"),
            Line("party.email", "requester", 0.4, "half of the values look like an address"),
        )
        text = YAML.replace("helpdesk", source or upload.stem)
        return Suggested(text, lines, PREVIEW, ("Row 7: the score 11 lies outside the scale 1–5.",))

    def preview(self, upload: Path, contract: str) -> Suggested:
        self._check(contract)
        self.done.append(("preview", upload.name))
        return Suggested(contract, (), PREVIEW)

    def add_source(self, contract: str, by: str) -> str:
        self._check(contract)
        self.done.append(("add", by))
        return contract.split("source:", 1)[1].split("\n", 1)[0].strip()

    def _check(self, contract: str) -> None:
        if "record:" not in contract:
            raise ContractError("The contract has faults", faults=["record: is missing; a source without ids counts twice"], do="Correct it.")

    def start_import(self, source: str, upload: Path) -> str:
        self.done.append(("import", source, upload.read_bytes()))
        self.jobs["j1"] = JobStatus("j1", "import", "running", {"source": source, "read": 31000, "total": 129880})
        return "j1"

    def job(self, job: str) -> JobStatus:
        if job not in self.jobs:
            raise NotFound(f"No job {job!r}", do="The Sources page leads on.")
        return self.jobs[job]

    def stop_job(self, job: str) -> None:
        self.done.append(("stop", job))
        self.jobs[job] = replace(self.job(job), state="stopping")

    def finish(self, job: str) -> None:
        """The import has ended."""
        receipt = {"read": 129880, "accepted": 129000, "updated": 400, "unchanged": 437, "set_aside": {"off_scale": 40, "bad_time": 3}}
        self.jobs[job] = replace(self.job(job), state="done", receipt=receipt)

    def counts(self) -> Sequence[SetAsideCount]:
        counted = Counter((r.source, r.reason) for r in self.aside if r.state == "open")
        return [SetAsideCount(source, reason, n) for (source, reason), n in counted.most_common()]

    def set_aside_page(self, source: str | None, reason: str | None, state: str, after: int, limit: int) -> Sequence[SetAsideRow]:
        fitting = [r for r in self.aside if r.source == (source or r.source) and r.reason == (reason or r.reason) and r.state == state]
        return [r for r in fitting if r.id > after][:limit]

    def set_aside_row(self, row: int) -> SetAsideRow:
        found = next((r for r in self.aside if r.id == row), None)
        if found is None:
            raise NotFound(f"No row {row}", do="The Set-aside page lists them.")
        return found

    def replay(self, rows: Sequence[int], repaired: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Rows are taken in when they were repaired to a score on the scale; others are set aside again."""
        self.done.append(("replay", tuple(rows), repaired))
        good = repaired is not None and repaired.get("stars") in {"1", "2", "3", "4", "5"}
        if good:
            self._settle(rows, "replayed")
        return {"accepted": len(rows) if good else 0, "set_aside": {} if good else {"off_scale": len(rows)}}

    def discard(self, rows: Sequence[int]) -> None:
        self.done.append(("discard", tuple(rows)))
        self._settle(rows, "discarded")

    def _settle(self, rows: Sequence[int], state: str) -> None:
        self.aside = [replace(r, state=state) if r.id in rows else r for r in self.aside]


def full_desk() -> FakeDesk:
    aside = [row_set_aside(1), row_set_aside(2), row_set_aside(3, "bad_time"), *(row_set_aside(n, "bad_score", "returns") for n in range(10, 75))]
    return FakeDesk(Hub(rows=feedback(), measures=MEASURES), aside=aside)


def empty_desk() -> FakeDesk:
    return FakeDesk(None, given=())
