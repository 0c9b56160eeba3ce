"""assumptions: what somebody believes, as a test that is set before it is answered. Reads: answers, drivers, outcomes. Writes: nothing.

Promises: thresholds are written down first; what would challenge an assumption is as plain as what would confirm it; nothing is guessed in silence.
"""

from gensvar.explain.assumptions.form import EVERY_DAYS, FORMS, LONGEST, NEEDS, RATIO, Claim, Form, Way, Where, checked, claim_from, claim_json
from gensvar.explain.assumptions.judging import (
    FAILED,
    KIND,
    Evidence,
    Says,
    alike,
    evidence_from,
    evidence_json,
    never_wrong,
    of_drivers,
    of_gap,
    of_outcome,
)
from gensvar.explain.assumptions.reading import Guess, Named, guessed

__all__ = [
    "EVERY_DAYS", "FAILED", "FORMS", "KIND", "LONGEST", "NEEDS", "RATIO", "Claim", "Evidence", "Form", "Guess", "Named", "Says", "Way", "Where",
    "alike", "checked", "claim_from", "claim_json", "evidence_from", "evidence_json", "guessed", "never_wrong", "of_drivers", "of_gap",
    "of_outcome",
]  # fmt: skip
