"""Onboarding over a house: counted by its engine, judged, and kept each night."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis

from gensvar.explain.onboarding import Onboarding, declared, judged, marks_json, successes
from gensvar.explain.onboarding.early import Design, behaviours, cohort, kinds_of_customers, opinions, standing, totals
from gensvar.explain.onboarding.found import Out
from gensvar.explain.onboarding.success import STAYS
from gensvar.explaining.known import known
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import open_events
from gensvar.house import House
from gensvar.kit.errors import BadInput

KIND: Final = "onboarding"
LONGEST: Final = 3660


@dataclass(frozen=True, slots=True)
class Asked:
    """success: an event, stays, or empty for what the data hold. Days: window until the landmark, soon within it, within which success counts."""

    success: str = ""
    window: int = 30
    within: int = 120

    def checked(self) -> "Asked":
        """BadInput where the days cannot be meant."""
        if not 2 <= self.window < self.within <= LONGEST:
            raise BadInput(
                f"window {self.window}, within {self.within}: no such days", do="Give 2 days or more before the landmark, and more until success."
            )
        return self

    @property
    def soon(self) -> int:
        """The first half of the window, a fortnight of thirty days."""
        return max(1, min(14, self.window // 2))


def onboarding(house: House, asked: Asked, floor: int = 1) -> Onboarding:
    """What marks customers who succeed. floor: the fewest people that a number shown may be about. BadInput for an event that never happened."""
    asked, engine, protected = asked.checked(), house.engine, frozenset(house.settings.anonymous.names)
    parties, events, feedback = engine.table("parties"), open_events(house), engine.table("feedback")
    named = {row["name"]: row["n"] for row in engine.run(events.group_by("name").agg(n=ibis._.count())).to_pylist()}
    possible = successes(named)
    success = declared(asked.success, named, possible[0])
    kinds = {row["kind"]: row["n"] for row in engine.run(kinds_of_customers(parties)).to_pylist()}
    if not kinds:
        blank = Onboarding(success or STAYS, "account", asked.window, asked.soon, asked.within, 0, 0, Out(), (), 0, why="no_start")
        return _with(blank, possible)
    kind = "account" if kinds.get("account") else "person"
    design = Design(success, *known(house), asked.window, asked.soon, asked.within)
    customers = cohort(parties, events, design, kind, protected)
    states = {row["state"]: row["n"] for row in engine.run(standing(customers)).to_pylist()}
    whole = engine.run(totals(customers)).to_pylist()
    marked = engine.run(behaviours(customers, events, design, kind)).to_pylist() if whole else []
    measures = [m for m in house.ledger.measures.all() if m.id != "tone"]
    marked += engine.run(opinions(customers, feedback, measures, kind, protected)).to_pylist() if whole else []
    return _with(judged(design, kind, states, whole, marked, floor), possible)


def _with(found: Onboarding, possible: tuple[str, ...]) -> Onboarding:
    return replace(found, successes=tuple(dict.fromkeys((found.success, *possible))))


def _look(house: House, _: Told) -> Mapping[str, Any]:
    found = onboarding(house, Asked())
    house.ledger.findings.keep(KIND, "", marks_json(found))
    return {"why": found.why} if found.why else {"tested": found.tested, "standing": len(found.standing)}


NIGHTLY = Nightly("onboarding", _look)
