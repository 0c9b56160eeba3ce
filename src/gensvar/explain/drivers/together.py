"""What was rated together, what was spoken of and what was done: the outcomes and the drivers that suggest themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
from ibis import Table

from gensvar.explain.drivers.study import Study
from gensvar.explain.drivers.wide import asked

OVERALL = ("nps", "enps", "gcr", "ces5", "ces7")
"""Metrics that are outcomes themselves: one that is said of the whole does not drive another."""
OFTEN = 0.3
LEAST_TOGETHER = 30
BETWEEN = "|"


def together(feedback: Table, study: Study) -> Table:
    """Which measures the same responses hold, as one text, with how many responses hold just those."""
    rows = asked(feedback, study)
    scored = rows.filter(rows.measure.notnull(), rows.score.notnull())
    each = scored.group_by("response").agg(measures=scored.measure.collect(distinct=True).sort().join(BETWEEN))
    return each.group_by("measures").agg(n=each.count())


def pointed(feedback: Table, study: Study) -> Table:
    """Each measure's scores, and how many of them are about a touchpoint."""
    rows = asked(feedback, study)
    scored = rows.filter(rows.measure.notnull(), rows.score.notnull())
    return scored.group_by("measure").agg(n=scored.count(), pointed=scored.count(where=scored.touchpoint.notnull()))


def spoken_of(feedback: Table, study: Study) -> Table:
    """Topics of the texts that stand in a response with a score, with how many texts speak of each."""
    rows = asked(feedback, study)
    scored = rows.filter(rows.measure.notnull(), rows.score.notnull()).select("response").distinct()
    said = rows.filter(rows.tones.notnull()).semi_join(scored, "response")
    each = said.select(topic=said.tones.unnest().split("=")[0])
    return each.group_by("topic").agg(n=each.count())


def done(events: Table) -> Table:
    """What happens, by name and step, with how often."""
    return events.group_by("name", "step").agg(n=events.count())


@dataclass(frozen=True)
class Together:
    """sets: which measures → how many responses hold just those; about: measures that are mostly of a touchpoint; metric: of each measure."""

    sets: Mapping[frozenset[str], int]
    about: frozenset[str]
    metric: Mapping[str, str]

    @classmethod
    def of(cls, sets: pa.Table, about: pa.Table, metric: Mapping[str, str]) -> "Together":
        """From the rows that `together` and `pointed` give; measures without a definition are left out."""
        held: dict[frozenset[str], int] = {}
        for row in sets.to_pylist():
            known = frozenset(m for m in str(row["measures"]).split(BETWEEN) if m in metric)
            held[known] = held.get(known, 0) + int(row["n"])
        return cls(held, frozenset(str(r["measure"]) for r in about.to_pylist() if 2 * r["pointed"] >= r["n"]), metric)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Responses that hold each measure."""
        found: dict[str, int] = {}
        for some, n in self.sets.items():
            for one in some:
                found[one] = found.get(one, 0) + n
        return found

    def drivers(self, outcome: str) -> tuple[str, ...]:
        """The measures that suggest themselves: about a touchpoint, in three of ten responses with the outcome or more.

        Without any, all but those that are outcomes themselves. In order of how many responses hold them.
        """
        beside: dict[str, int] = {}
        for some, n in self.sets.items():
            if outcome in some:
                for one in some:
                    beside[one] = beside.get(one, 0) + n
        floor = OFTEN * beside.pop(outcome, 0)
        often = sorted(((-n, m) for m, n in beside.items() if n >= floor and _id(m) != _id(outcome)), key=lambda one: one)
        named = [m for _, m in often]
        return tuple(m for m in named if m in self.about) or tuple(m for m in named if self.metric[m] not in OVERALL)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The measures that have two drivers or more and do not drive another's outcome themselves, those of most responses first."""
        enough = [m for m, n in self.counts.items() if n >= LEAST_TOGETHER and m not in self.about and len(self.drivers(m)) > 1]
        wide = [m for m in enough if set(self.drivers(m)) & self.about]
        return tuple(sorted(wide or enough, key=lambda m: (self.metric[m] in OVERALL, -self.counts[m], m)))

    def asked_together(self) -> tuple[str, ...]:
        """The drivers of the outcome of most responses: what is studied where the outcome is no measure."""
        return self.drivers(self.outcomes[0]) if self.outcomes else ()


def _id(measure: str) -> str:
    return measure.partition("@")[0]
