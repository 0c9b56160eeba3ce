"""A contract says how one source becomes the shared tables, who answers for it, and what a surprise does. Its YAML form: `contract_yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gensvar.contracts.measures import Measure

Order = Literal["iso", "ymd", "dmy", "mdy", "ydm", "epoch_s", "epoch_ms", "excel"]
Surprise = Literal["accept", "set_aside", "refuse"]
Target = Literal["feedback", "events", "parties"]


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value comes from: a column (its words translated, where words are given), or one fixed value (`always`).

    In YAML: `market: country`, `market: {column: country, words: {Sverige: SE}}` or `market: {always: SE}`. column: of the source. always: the value.
    words: the source's word → ours. other: what a word not listed becomes (default: itself).
    """

    column: str | None = None
    always: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a time comes from. In YAML: `at: {column: created, order: dmy, zone: Europe/Stockholm}`.

    column: of the source. always: one fixed time. order: of the date's parts. zone: IANA zone of times that carry none.
    """

    column: str | None = None
    always: str | None = None
    order: Order = "iso"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class People:
    """Columns that name a person or an account. email, phone, external: the column with that key; one at least. name: the column with the name.

    namespace: ids from sources with the same namespace mean the same person (default: the source's name). region: two capital letters; the country of
    phone numbers that do not say theirs.
    """

    email: str | None = None
    phone: str | None = None
    external: str | None = None
    name: str | None = None
    namespace: str = ""
    region: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """One feedback row from each raw row, where any of text, score and choice is there. item: what is answered; a bare word is fixed, not a column.

    text, score: the column with it. measure: with its version, as csat.support@2; a bare word is fixed. choice: a coded answer. kind, touchpoint: of
    this answer alone. words: a word in the score's column → its score. missing: codes that mean no answer.
    """

    item: Value
    text: str | None = None
    measure: Value | None = None
    score: str | None = None
    choice: Value | None = None
    kind: Value | None = None
    touchpoint: Value | None = None
    words: Mapping[str, float] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event from each raw row. name: what happened. value: the column with an amount, count or duration. session: the column that groups a visit.

    step: of the journey.
    """

    name: Value
    value: str | None = None
    session: str | None = None
    step: Value | None = None


@dataclass(frozen=True, slots=True)
class PartyRule:
    """One person or account for each raw row, where the contract makes parties; its `party` names it. kind: which of the two.

    value: the column with the yearly value. started, ended: when the relation began and ended.
    """

    kind: Literal["person", "account"] = "person"
    value: str | None = None
    started: Moment | None = None
    ended: Moment | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is read; what is left out is found out. format: csv, json, jsonl, xlsx, xls, ods, xlsb, parquet, sav, zsav, por.

    dialect: qualtrics, surveymonkey, typeform, limesurvey or plain. header_rows: how many rows name the columns. sheet: of a workbook.
    delimiter: between cells. encoding: of the text. decimal: the sign before decimals.
    """

    format: str | None = None
    dialect: str = "plain"
    header_rows: int | None = None
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ",", "auto"] = "auto"


@dataclass(frozen=True, slots=True)
class Surprises:
    """What happens to what the contract did not foresee. new_column: accept keeps it in attrs, refuse stops the import; set_aside is not offered.

    missing_column: one that the contract names and the file lacks. bad_value: one that cannot be what the contract says. missing_record: a row
    without its id. duplicate_record: set_aside the later one, or last (the later one wins).
    """

    new_column: Literal["accept", "refuse"] = "accept"
    missing_column: Literal["accept", "refuse"] = "refuse"
    bad_value: Surprise = "set_aside"
    missing_record: Surprise = "set_aside"
    duplicate_record: Literal["set_aside", "last", "refuse"] = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How one source becomes the shared tables, who answers for it, and what a surprise does.

    source: its name, 1 to 64 of a…z, 0…9, '_', '.' and '-'. version: rises with each change. owner: who answers for it. purpose: why it is collected.
    target: the table that it makes. audience: who speaks.
    record: the columns that make the record's id; empty: the id is a hash of the whole row and its ordinal among equal rows.
    created: an immutable moment of the record (goes into its id); None: the ledger remembers when the record was first seen.
    at: when it happened or was said. kind: the agreed kind of interaction. language: of the texts. party, account: who said it, and for which
    organisation. dimensions: shared dimension → where its value comes from. attrs: columns kept as they are.
    ignore: columns known and not kept, not even as new ones (personal ones, above all); they may be missing.
    answers: one row of feedback each. event: where it makes events. person: where it makes parties. reading: how the file is read.
    surprises: what happens to what was not foreseen. measures: definitions that come with the contract.
    """

    source: str
    version: int
    owner: str
    purpose: str
    target: Target = "feedback"
    audience: str = "customer"
    record: tuple[str, ...] = ()
    created: Moment | None = None
    at: Moment | None = None
    kind: Value = Value(always="other")
    language: Value | None = None
    party: People | None = None
    account: People | None = None
    dimensions: Mapping[str, Value] = field(default_factory=dict)
    attrs: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    answers: tuple[AnswerRule, ...] = ()
    event: EventRule | None = None
    person: PartyRule | None = None
    reading: Reading = Reading()
    surprises: Surprises = Surprises()
    measures: tuple[Measure, ...] = ()

    @property
    def key(self) -> str:
        """What `feedback.contract` holds: helpdesk@3."""
        return f"{self.source}@{self.version}"

    def columns(self) -> frozenset[str]:
        """Every column of the source that the contract knows: those that it reads, and those that it ignores."""
        moments = [m.column for m in (self.created, self.at) if m]
        people = [c for p in (self.party, self.account) if p for c in (p.email, p.phone, p.external, p.name)]
        values = [v.column for v in (self.kind, self.language, *self.dimensions.values()) if v]
        answers = [c for a in self.answers for c in (a.text, a.score, *(v.column for v in (a.item, a.measure, a.choice, a.kind, a.touchpoint) if v))]
        event = (
            [self.event.name.column, self.event.value, self.event.session, self.event.step.column if self.event.step else None] if self.event else []
        )
        person = [self.person.value, *(m.column for m in (self.person.started, self.person.ended) if m)] if self.person else []
        return frozenset(c for c in (*self.record, *moments, *people, *values, *answers, *event, *person, *self.attrs, *self.ignore) if c)
