"""The outcomes that are looked at: what each is called, and which events or texts make it. Names of events are the organisation's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Outcome:
    """events: names in `events` that mean it; kinds: kinds of `feedback` that do. once: it ends the relation, so that nothing can come after.

    ended: `parties.ended_at` counts as well. good: whether more of it is better.
    """

    name: str
    events: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    once: bool = False
    ended: bool = False
    good: bool = True

    @property
    def made_of(self) -> tuple[str, ...]:
        """What counts, as a data owner is told: events by name, kinds of feedback, parties.ended_at."""
        return (*self.events, *(f"feedback.kind={k}" for k in self.kinds), *(("parties.ended_at",) if self.ended else ()))


OUTCOMES: Final = (
    Outcome("left", ("churn", "churned", "cancel", "cancelled", "cancellation", "subscription_cancelled"), once=True, ended=True, good=False),
    Outcome("renewed", ("renewal", "renewed", "subscription_renewed")),
    Outcome("bought", ("order", "ordered", "purchase", "purchased", "checkout_completed")),
    Outcome("contacted_support", ("support_contact", "ticket_created", "call"), ("ticket", "call", "chat"), good=False),
    Outcome("completed_goal", ("goal_completed", "task_completed", "payment_done", "booking_done")),
)
"""What ships. The setting `outcomes` gives an outcome other names of events."""


def registered(own: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Outcome, ...]:
    """The outcomes, those of the setting with the names of events that it gives: they replace the ones that ship.

    >>> registered([("left", ("avslut",))])[0].made_of
    ('avslut', 'parties.ended_at')
    """
    named = dict(own)
    return tuple(replace(o, events=named[o.name], kinds=()) if o.name in named else o for o in OUTCOMES)
