"""What a journey is: its steps in order, how long an errand may take, what counts as a pause, and who walks it. Found in the data or declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from gensvar.kit.errors import ContractError

Who = Literal["party", "account", "session"]
MOST_STEPS: Final = 12
CONTACT_KINDS: Final = ("call", "chat", "ticket", "complaint", "question", "request")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. name: what it is called. A row is this step when every field that is not empty fits.

    event, step: of `events`, its name and its step. kind: of `feedback`. touchpoint: of either. A step with a kind is told in feedback.
    """

    name: str
    event: str = ""
    step: str = ""
    touchpoint: str = ""
    kind: str = ""

    @property
    def table(self) -> Literal["events", "feedback"]:
        return "feedback" if self.kind else "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """steps: in the order expected, the last of them finishes it; nobody is held to the order. blocked: what says that it was stopped.

    window_hours: an errand that stood still for longer is over, and the next step is another errand. pause_minutes: a silence longer is a pause.
    support_hours: within so long of standing still, a call, chat, ticket … is taken to concern it. who: whose errands they are: of the person, and
    of the account where no person is known; of the account, and of the person where no account is; or of a session.
    touchpoints: what feedback calls these steps, step name → touchpoint, where it has another name for them. declared: by a person, not found.
    """

    key: str
    name: str
    steps: tuple[Step, ...]
    blocked: tuple[Step, ...] = ()
    window_hours: float = 168.0
    pause_minutes: float = 30.0
    support_hours: float = 24.0
    who: Who = "party"
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    declared: bool = False
    owner: str = ""

    def __post_init__(self) -> None:
        faults = [*_step_faults(self), *_time_faults(self)]
        if faults:
            raise ContractError(f"Journey {self.key!r} cannot be used", faults=faults, do="Correct its definition.")


def _step_faults(journey: Journey) -> list[str]:
    names = [s.name for s in journey.steps]
    marks = [(s.event, s.step, s.touchpoint, s.kind) for s in (*journey.steps, *journey.blocked)]
    empty = [s.name for s in (*journey.steps, *journey.blocked) if not (s.event or s.step or s.touchpoint or s.kind)]
    faults = [f"step {name!r} says neither event, step, touchpoint nor kind" for name in empty]
    if not 2 <= len(names) <= MOST_STEPS:
        faults.append(f"{len(names)} steps: a journey has 2 to {MOST_STEPS}; what lies between may be left out")
    if len(set(names)) < len(names) or "" in names:
        faults.append("each step needs a name of its own")
    if len(set(marks)) < len(marks):
        faults.append("two steps are told by the same event, step, touchpoint and kind")
    return faults


def _time_faults(journey: Journey) -> list[str]:
    limits = {"window_hours": (0.01, 24.0 * 3660), "pause_minutes": (0.1, 60.0 * 24 * 366), "support_hours": (0.01, 24.0 * 366)}
    faults = [f"{n} {getattr(journey, n)}: {low:g} to {high:g}" for n, (low, high) in limits.items() if not low <= getattr(journey, n) <= high]
    if journey.pause_minutes > journey.window_hours * 60:
        faults.append("a pause that is longer than the window ends the errand: pause_minutes must be below window_hours")
    return faults


def journey_json(journey: Journey) -> dict[str, Any]:
    """Plain types, for the ledger and for pages."""
    plain: dict[str, Any] = msgspec.to_builtins(journey)
    return plain


def journey_from(plain: Mapping[str, Any]) -> Journey:
    """The journey that `journey_json` wrote, or that somebody did. ContractError with every fault at once."""
    try:
        return msgspec.convert(dict(plain), Journey)
    except msgspec.ValidationError as fault:
        do = "See docs/explanation/journeys.md."
        raise ContractError(f"Journey {plain.get('key', '')!r} cannot be read", faults=[str(fault)], do=do) from fault
