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

    In YAML: `market: country`, `market: {column: country, words: {Sverige: SE}}` or `market: {always: SE}`. other: what a word not listed becomes
    (default: itself).
    """

    column: str | None = None
    always: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a time comes from. order: of the date's parts; zone: IANA zone of times that carry none.

    In YAML: `at: {column: created, order: dmy, zone: Europe/Stockholm}`.
    """

    column: str | None = None
    always: str | None = None
    order: Order = "iso"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class People:
    """Columns that name a person or an account.

    namespace: ids from sources with the same namespace mean the same person (default: the source's name).
    """

    email: str | None = None
    phone: str | None = None
    external: str | None = None
    name: str | None = None
    namespace: str = ""
    region: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """One feedback row from each raw row, where any of text, score and choice is there. missing: codes that mean no answer. words: words → score."""

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
    name: Value
    value: str | None = None
    session: str | None = None
    step: Value | None = None


@dataclass(frozen=True, slots=True)
class PartyRule:
    """makes: parties. One person or account for each raw row; `people` names it."""

    kind: Literal["person", "account"] = "person"
    value: str | None = None
    started: Moment | None = None
    ended: Moment | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is read; what is left out is found out from the file. dialect: qualtrics, surveymonkey, typeform, limesurvey or plain."""

    format: str | None = None
    dialect: str = "plain"
    header_rows: int | None = None
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ",", "auto"] = "auto"


@dataclass(frozen=True, slots=True)
class Surprises:
    """new_column: accept (kept in attrs), set_aside is not offered, refuse.

    duplicate_record: set_aside the later one, or last (the later one wins).
    """

    new_column: Literal["accept", "refuse"] = "accept"
    missing_column: Literal["accept", "refuse"] = "refuse"
    bad_value: Surprise = "set_aside"
    missing_record: Surprise = "set_aside"
    duplicate_record: Literal["set_aside", "last", "refuse"] = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """record: the columns that make the record's id; empty: the id is a hash of the whole row and its ordinal among equal rows.

    created: an immutable moment of the record (goes into its id); None: the ledger remembers when the record was first seen.
    attrs: columns kept as they are. ignore: columns known and not kept, not even as new ones (personal ones, above all); they may be missing.
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
