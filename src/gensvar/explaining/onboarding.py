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
from gensvar.explaining.part import least_of, part_of
from gensvar.house import House
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope, whole

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


def onboarding(house: House, asked: Asked, scope: Scope | None = None) -> Onboarding:
    """What marks customers who succeed, among those within a scope that parts customers. BadInput for an event that never happened to them."""
    asked, engine, protected, scope = asked.checked(), house.engine, frozenset(house.settings.anonymous.names), scope or whole()
    part, floor = part_of(house, scope), least_of(house, scope)
    parties, events, feedback = part.parties, part.events, part.feedback
    often = events.group_by("name").agg(n=ibis._.count(), people=ibis.coalesce(events.account, events.party).nunique())
    named = {row["name"]: row["n"] for row in engine.run(often).to_pylist() if row["people"] >= floor}
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
    every = engine.run(totals(customers)).to_pylist()
    marked = engine.run(behaviours(customers, events, design, kind)).to_pylist() if every else []
    measures = [m for m in house.ledger.measures.all() if m.id != "tone"]
    marked += engine.run(opinions(customers, feedback, measures, kind, protected)).to_pylist() if every else []
    return replace(_with(judged(design, kind, states, every, marked, floor), possible), unmarked=part.unmarked)


def _with(found: Onboarding, possible: tuple[str, ...]) -> Onboarding:
    return replace(found, successes=tuple(dict.fromkeys((found.success, *possible))))


def _look(house: House, _: Told) -> Mapping[str, Any]:
    found = onboarding(house, Asked())
    house.ledger.findings.keep(KIND, "", marks_json(found))
    return {"why": found.why} if found.why else {"tested": found.tested, "standing": len(found.standing)}


NIGHTLY = Nightly("onboarding", _look)
