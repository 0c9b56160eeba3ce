"""Feature value over a house: counted by its engine, judged, and kept each night."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
from ibis import Table

from gensvar.contracts.measures import Measure
from gensvar.explain.features import Feature, Features, features_json, judged
from gensvar.explain.features.use import Design, cells, customers, names, spans_of, used
from gensvar.explaining.known import known
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.part import least_of, part_of
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.scope import Scope, whole

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


def features(house: House, asked: Asked, scope: Scope | None = None) -> Features:
    """Which features go with what follows, among customers within a scope that parts them. NotFound for a feature or measure that nobody used."""
    asked, engine, protected, scope = asked.checked(), house.engine, frozenset(house.settings.anonymous.names), scope or whole()
    part, floor = part_of(house, scope), least_of(house, scope)
    parties, events, feedback = part.parties, part.events, part.feedback
    (there,) = engine.run(events.agg(n=events.count(), accounts=events.account.count())).to_pylist()
    measure = _measure(house, feedback, asked.measure, protected)
    blank = replace(_blank(asked, "account" if there["accounts"] else "person", measure), unmarked=part.unmarked)
    if not there["n"]:
        return replace(blank, why="no_events")
    ends = spans_of(*known(house), asked.use, asked.after)
    if not ends:
        return replace(blank, why="short")
    design, acts = Design(ends, blank.kind, asked.use, asked.after, measure), events.filter(events.name.notin(sorted(NOT_FEATURES)))
    held = customers(parties, events, feedback, design, protected)
    counted_by = names(held, acts, design, MOST_KNOWN)
    used_by = {(r["name"], r["step"]): r["users"] for r in engine.run(counted_by).to_pylist()}
    chosen, left_out = _chosen(_apart(used_by, floor), asked)
    people = int(engine.run(held.agg(n=held.id.nunique()))["n"][0].as_py())
    if people < floor:
        return replace(blank, why="few")
    every = engine.run(cells(held)).to_pylist()
    rows = engine.run(used(held, acts, design, list(chosen))).to_pylist() if chosen else []
    counted = replace(blank, spans=len(ends), customers=people, left_out=left_out)
    return judged(counted, chosen, every, rows, measure.high - measure.low if measure else 1.0, floor)


def _blank(asked: Asked, kind: str, measure: Measure | None) -> Features:
    return Features(kind, asked.use, asked.after, 0, 0, 0, measure.key if measure else "", (), (), 0, least=30)


def _apart(used_by: Mapping[tuple[str, str], int], floor: int) -> dict[tuple[str, str], int]:
    """The features whose users are many enough, and so are those of the event who are not of the step: a small rest is nobody's to work out."""
    enough = {key: users for key, users in used_by.items() if users >= floor}
    return {key: users for key, users in enough.items() if not key[1] or not 0 < used_by.get((key[0], ""), users) - users < floor}


def _chosen(found: dict[tuple[str, str], int], asked: Asked) -> tuple[dict[tuple[str, str], int], int]:
    """The features to count, with their users; and how many are left out."""
    if not asked.feature:
        return dict(list(found.items())[:MOST]), max(0, len(found) - MOST)
    if asked.key not in found:
        known = ["/".join(part for part in key if part) for key in found]
        raise NotFound(
            f"No feature {asked.feature!r}", nearest=nearest(asked.feature, known), do="Name an event, or an event/step, that somebody used."
        )
    return {asked.key: found[asked.key]}, 0


def _measure(house: House, feedback: Table, asked: str, protected: frozenset[str]) -> Measure | None:
    """The measure whose score counts as satisfaction: the one asked for, else the satisfaction or loyalty that most have answered."""
    measures = house.ledger.measures.all()
    if asked:
        name, _, version = asked.partition("@")
        return next((m for m in measures.versions(name) if str(m.version) == version), measures.versions(name)[-1])
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
