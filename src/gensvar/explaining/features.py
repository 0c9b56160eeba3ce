"""Feature value over a house: counted by its engine, judged, and kept each night."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis

from gensvar.contracts.measures import Measure
from gensvar.explain.features import Feature, Features, features_json, judged
from gensvar.explain.features.use import Design, cells, customers, names, spans_of, used
from gensvar.explaining.known import known
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import open_events
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotFound, nearest

KIND: Final = "features"
MOST: Final = 60
MOST_KNOWN: Final = 100_000  # names that are told apart at all
LONGEST: Final = 1830
NOT_FEATURES: Final = frozenset(
    {"churn", "cancellation", "cancelled", "ended", "signup", "renewal", "renewed", "login", "logout", "page_view", "session_start", "go_live"}
)
"""Events that tell how a relation stands, or that somebody was there at all: they are what is held alike, not what is compared."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Days of use, and of what follows. measure: whose score is satisfaction, with or without a version; empty: the one with most answers.

    feature: one alone, as name or name/step; empty for all.
    """

    use: int = 90
    after: int = 90
    measure: str = ""
    feature: str = ""

    def checked(self) -> "Asked":
        """BadInput where the days cannot be meant."""
        if not (1 <= self.use <= LONGEST and 1 <= self.after <= LONGEST):
            raise BadInput(f"use {self.use}, after {self.after}: no such days", do=f"Give 1 to {LONGEST} days.")
        return self

    @property
    def key(self) -> tuple[str, str]:
        name, _, step = self.feature.partition("/")
        return name, step


def features(house: House, asked: Asked, floor: int = 1) -> Features:
    """Which features go with what follows. NotFound for a feature or measure that nobody used. floor: the fewest people a number may be about."""
    asked, engine, protected = asked.checked(), house.engine, frozenset(house.settings.anonymous.names)
    parties, events, feedback = engine.table("parties"), open_events(house), engine.table("feedback")
    (there,) = engine.run(events.agg(n=events.count(), accounts=events.account.count())).to_pylist()
    measure = _measure(house, asked.measure, protected)
    blank = _blank(asked, "account" if there["accounts"] else "person", measure)
    if not there["n"]:
        return replace(blank, why="no_events")
    ends = spans_of(*known(house), asked.use, asked.after)
    if not ends:
        return replace(blank, why="short")
    design, acts = Design(ends, blank.kind, asked.use, asked.after, measure), events.filter(events.name.notin(sorted(NOT_FEATURES)))
    held = customers(parties, events, feedback, design, protected)
    counted_by = names(held, acts, design, MOST_KNOWN)
    chosen, left_out = _chosen([(r["name"], r["step"], r["users"]) for r in engine.run(counted_by).to_pylist()], asked)
    people = int(engine.run(held.agg(n=held.id.nunique()))["n"][0].as_py())
    whole = engine.run(cells(held)).to_pylist()
    rows = engine.run(used(held, acts, design, list(chosen))).to_pylist() if chosen else []
    counted = replace(blank, spans=len(ends), customers=people if people >= floor else 0, left_out=left_out)
    return judged(counted, chosen, whole, rows, measure.high - measure.low if measure else 1.0, floor)


def _blank(asked: Asked, kind: str, measure: Measure | None) -> Features:
    return Features(kind, asked.use, asked.after, 0, 0, 0, measure.key if measure else "", (), (), 0, least=30)


def _chosen(named: list[tuple[str, str, int]], asked: Asked) -> tuple[dict[tuple[str, str], int], int]:
    """The features to count, with their users; and how many are left out."""
    found = {(name, step): users for name, step, users in named}
    if not asked.feature:
        return dict(list(found.items())[:MOST]), max(0, len(found) - MOST)
    if asked.key not in found:
        known = ["/".join(part for part in key if part) for key in found]
        raise NotFound(
            f"No feature {asked.feature!r}", nearest=nearest(asked.feature, known), do="Name an event, or an event/step, that somebody used."
        )
    return {asked.key: found[asked.key]}, 0


def _measure(house: House, asked: str, protected: frozenset[str]) -> Measure | None:
    """The measure whose score counts as satisfaction: the one asked for, else the satisfaction or loyalty that most have answered."""
    measures = house.ledger.measures.all()
    if asked:
        name, _, version = asked.partition("@")
        return next((m for m in measures.versions(name) if str(m.version) == version), measures.versions(name)[-1])
    feedback = house.engine.table("feedback")
    rows = feedback.filter(
        feedback.score.notnull(), feedback.audience.notin(sorted(protected)), feedback.party.notnull() | feedback.account.notnull()
    )
    counted = house.engine.run(rows.group_by("measure").agg(n=ibis._.count())).to_pylist()
    fit = {m.key: m for m in measures if m.metric in {"csat", "nps"} and m.better == "up"}
    best = max((row for row in counted if row["measure"] in fit), key=lambda row: (row["n"], row["measure"]), default=None)
    return fit[best["measure"]] if best else None


def _look(house: House, _: Told) -> Mapping[str, Any]:
    found = features(house, Asked())
    house.ledger.findings.keep(KIND, "", features_json(found))
    return {"why": found.why} if found.why else {"tested": found.tested, "standing": len(found.standing)}


def titled(feature: Feature) -> str:
    """How a feature is written: name, or name/step."""
    return f"{feature.name}/{feature.step}" if feature.step else feature.name


NIGHTLY = Nightly("features", _look)
