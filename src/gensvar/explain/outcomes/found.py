"""What is found of words × tone × outcome, as values that pages show and the ledger keeps: associations, never causes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import msgspec

KIND: Final = "outcomes"  # of the findings in the ledger; the key is the outcome's name

TermKind = Literal["word", "phrase", "topic", "theme"]
Tone = Literal["negative", "neutral", "positive"]
Verdict = Literal["more", "less", "unconfirmed", "slight", "none", "unknown"]
"""more, less: seen, sure and seen again in the held-out half. unconfirmed: seen and sure, but not seen again, or not sure with strata by how much
a customer writes. slight: sure among all that was tested, but not surely as large as what is reported; not tried again. none: no visible difference,
and one of the size looked for would have been seen. unknown: cannot be known yet; `needed` says how many customers it would take."""
Half = Literal["", "first", "second", "both"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A hazard ratio, exposed ÷ comparator, with its 95 % interval. p: two-sided; the mid-p where events are few."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Association:
    """Whether those who say this, in this tone, meet the outcome more or less afterwards than others who wrote in the same tone at the same time.

    term: its id (word:sv:leverans, phrase:sv:dåligt bemötande, topic:delivery.late, theme:1f0c…); kind; name: language → how it is shown;
    language: of a word or phrase, empty where it is tested across languages. outcome: a name of `OUTCOMES`.
    ratio: None where too few events are expected for any number. q: among everything tested for this outcome. deflated: z of the p is divided by √λ.
    replicated: the half of the customers in which what was found in the other held (p < 0.05, same direction); held: the ratio there.
    again: the ratio with strata by how much the customer writes, for those that would be reported; None for the others.
    parties: customers exposed; events: outcomes among them while exposed; expected: as many as the comparator would have had.
    value: Σ parties.value of the exposed, in the one currency that they are told in; None where no value is known, or where there are several.
    window: months after the text that count; median_months: from text to outcome among the exposed with one, else None.
    needed: customers who would have to say it for a ratio of 1.4 to be seen in four cases of five; 0 where it can be seen now.
    """

    term: str
    kind: TermKind
    name: Mapping[str, str]
    language: str
    tone: Tone
    outcome: str
    verdict: Verdict
    ratio: Ratio | None
    q: float | None
    replicated: Half
    held: Ratio | None
    again: Ratio | None
    parties: int
    events: int
    expected: float
    value: float | None
    window: int
    median_months: float | None
    needed: int

    @property
    def direction(self) -> Literal["more", "less", ""]:
        """Which way an association that was seen goes; empty where none was."""
        if self.ratio is None or self.verdict not in {"more", "less", "unconfirmed", "slight"}:
            return ""
        return "more" if self.ratio.value > 1 else "less"


@dataclass(frozen=True, slots=True)
class Looked:
    """One outcome looked at. why: a word, where nothing could be inferred (else empty):

    no_outcome (no such event in the hub), no_texts, one_party, too_few (events), all_censored (nobody's time after a text can be seen).
    made_of: what counts as it: names of events, feedback.kind=…, parties.ended_at; the setting `outcomes` gives other names of events.
    associations: those reported first, topics and themes that ten units say, then the words nearest to being reported; left: how many more there are.
    tested: term × tone with enough expected events; below: those with too few. inflation: λ, median z² of all tested ÷ 0.4549; banner above 1.1.
    unit: whose time is counted: account, person or both; strata: what is held equal beside month; parties: with a text that counts; events: outcomes
    within the window after any text; first, last: the months counted, by their first days; window: months after a text. comparator: same_tone.
    notes: inflated (λ above 1.1: z ÷ √λ, intervals √λ times as wide), no_strata. needed: customers with a text that it takes, where why is too_few.
    aside: nobody (texts without a customer), future (texts and events of days to come), ends_before_start, after_leaving (texts when all was over).
    currencies: in which customers' values are told, '' for those that do not say; where there are several, values are not added.
    """

    outcome: str
    why: str = ""
    made_of: tuple[str, ...] = ()
    associations: tuple[Association, ...] = ()
    left: int = 0
    tested: int = 0
    below: int = 0
    inflation: float | None = None
    comparator: str = "same_tone"
    unit: str = "account"
    strata: tuple[str, ...] = ()
    parties: int = 0
    events: int = 0
    first: date | None = None
    last: date | None = None
    window: int = 6
    aside: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    needed: int = 0
    seconds: float = 0.0
    currencies: tuple[str, ...] = ()

    @property
    def reported(self) -> tuple[Association, ...]:
        """Those that are associated with more or less of the outcome, and were seen again."""
        return tuple(a for a in self.associations if a.verdict in {"more", "less"})


def found_json(looked: Looked) -> dict[str, Any]:
    """The body that the ledger keeps, of plain JSON types."""
    made: dict[str, Any] = msgspec.to_builtins(looked)
    return made


def of_json(body: Mapping[str, Any]) -> Looked:
    """What `found_json` was given; values that a later release added are left out."""
    return msgspec.convert(body, Looked)
