"""What is found of onboarding, as values that the ledger keeps and the pages show."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Form = Literal["did", "often", "soon", "bad", "good", "effort", "low"]
Verdict = Literal["more", "less", "no_difference", "cannot_tell"]
Again = Literal["both", "one", "neither", "too_few"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One early sign. name, step: the event, topic or measure; form: how it is a sign.

    people of `of` customers had it: `hits` of them succeeded, `other_hits` of the others. crude: difference of shares as it stands; difference and
    ratio: with `alike` held alike. p, q: of no difference, q over everything tested. again: in how many halves of the customers it is seen by itself.
    needs: where it cannot be told, about how many customers it would take; 0 where no number would help, or where it would
    tell of fewer than may be told of. why: few, everybody or nobody had it.
    """

    name: str
    step: str
    form: Form
    people: int
    of: int
    hits: int
    other_hits: int
    verdict: Verdict
    crude: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p: float | None = None
    q: float | None = None
    again: Again = "too_few"
    needs: int = 0
    why: str = ""
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Out:
    """Who is not among those compared: began before anything is known, not followed long enough, ended or succeeded before the landmark."""

    early: int = 0
    young: int = 0
    ended: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Onboarding:
    """success: the event, or stays. kind: account or person. window, soon, within: days. n customers, of whom hits succeeded.

    why: empty, or why nothing can be said: no_start, no_behaviour, few, all_alike. successes: what else may be asked for; tested: how many marks;
    left_out: marks beyond the most that are counted. unmarked: what is not counted since it is not marked as within the reader's part.
    """

    success: str
    kind: str
    window: int
    soon: int
    within: int
    n: int
    hits: int
    out: Out
    marks: tuple[Mark, ...]
    tested: int
    left_out: int = 0
    why: str = ""
    successes: tuple[str, ...] = ()
    least: int = 0
    unmarked: int = 0

    @property
    def standing(self) -> tuple[Mark, ...]:
        """The marks that stand, surest first."""
        return tuple(m for m in self.marks if m.verdict in {"more", "less"})


def marks_json(found: Onboarding) -> dict[str, Any]:
    """Plain types, for the ledger."""
    return asdict(found)


def onboarding_of(body: Mapping[str, Any]) -> Onboarding:
    """What `marks_json` wrote."""
    marks = tuple(Mark(**{**m, "alike": tuple(m["alike"])}) for m in body["marks"])
    return Onboarding(**{**body, "out": Out(**body["out"]), "marks": marks, "successes": tuple(body["successes"])})
