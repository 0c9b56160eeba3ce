"""Drivers of a house: what is asked is made a study, the engine counts it, and what is found each night of every outcome is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import numpy as np
from ibis import Table

from gensvar.contracts import AUDIENCES, DIMENSIONS, Measures
from gensvar.explain import drivers as room
from gensvar.explain.drivers import (
    KIND,
    MOST_DRIVERS,
    Counted,
    Driver,
    Drivers,
    Event,
    Found,
    Kind,
    Left,
    Rated,
    Refused,
    Study,
    Together,
    counted,
    found_json,
)
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import seen_events
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.scope import Scope, whole
from gensvar.ledger.findings import Finding
from gensvar.measure import Period, periods
from gensvar.stats.jackknife import Replicated

MOST_OUTCOMES: Final = 12
MOST_TOPICS, MOST_DONE, MOST_VALUES = 6, 6, 8
NIGHTLY_MONTHS: Final = 12
SINCE: Final = timedelta(days=25)  # a kept study this old or older is what the weights are held against
DIGITS: Final = 9
EVENT: Final = "event:"
WORDS: Final[Mapping[str, Kind]] = {"topic": "topic", "event": "behaviour", "dimension": "dimension"}


@dataclass(frozen=True, slots=True)
class Sight:
    """The rows of a house that somebody may see, none of protected audiences. smallest: the fewest people that numbers are shown of."""

    house: House
    scope: Scope

    @property
    def feedback(self) -> Table:
        return within(self.house.engine.table("feedback"), self.scope)

    @property
    def events(self) -> Table:
        return seen_events(self.house, self.scope)

    @property
    def protected(self) -> tuple[str, ...]:
        return tuple(sorted(self.house.settings.anonymous.names))

    @property
    def smallest(self) -> int:
        return max(self.scope.smallest_group(a) for a in AUDIENCES if a not in self.protected)

    def together(self, period: Period | None) -> Together:
        """What was rated together in the period."""
        plain = self._plain(period)
        sets, about = (self.house.engine.run(make(self.feedback, plain)) for make in (room.together, room.pointed))
        return Together.of(sets, about, {m.key: m.metric for m in self.house.ledger.measures.all()})

    def _plain(self, period: Period | None) -> Study:
        first, last = (period.first, period.last) if period else (None, None)
        return Study(Event("", 0, self.house.today()), (), (), first, last, left_out=self.protected)

    def topics(self, period: Period | None) -> tuple[Driver, ...]:
        """The topics that texts beside a rating speak of most, without their parts."""
        found = self.house.engine.run(room.spoken_of(self.feedback, self._plain(period))).to_pylist()
        some = sorted((-int(r["n"]), str(r["topic"])) for r in found if "." not in str(r["topic"]))
        return tuple(Driver("topic", name) for _, name in some[:MOST_TOPICS])

    def happens(self) -> frozenset[str]:
        """The names of what happens."""
        return frozenset(str(r["name"]) for r in self.house.engine.run(room.done(self.events)).to_pylist())

    def event(self, name: str) -> str:
        """The same name, with its step if it has one. NotFound where nothing of that name happens: else everybody would seem to do it never."""
        happens = self.happens()
        if name.partition(".")[0] not in happens:
            raise NotFound(f"No event {name!r}", nearest=nearest(name, happens), do="Name one that the sources bring, as event:login.")
        return name

    def done(self) -> tuple[Driver, ...]:
        """What happens most, by its step where it has some."""
        found = self.house.engine.run(room.done(self.events)).to_pylist()
        some = sorted((-int(r["n"]), ".".join(p for p in (r["name"], r["step"]) if p)) for r in found)
        return tuple(Driver("behaviour", name) for _, name in some[:MOST_DONE])

    def values(self, dimension: str, period: Period | None) -> tuple[str, ...]:
        """The values of a dimension, the most frequent first."""
        rows = room.asked(self.feedback, self._plain(period))
        some = rows.filter(rows[dimension].notnull(), rows.measure.notnull())
        found = self.house.engine.run(some.group_by(dimension).agg(n=some.count())).to_pylist()
        return tuple(r[dimension] for r in sorted(found, key=lambda r: (-int(r["n"]), str(r[dimension]))))


def study_of(
    sight: Sight, outcome: str, drivers: Sequence[str], where: Mapping[str, Sequence[str]], period: Period | None, by: str, within_days: int,
    known: Together | None = None,
) -> Study:  # fmt: skip
    """What is asked, as a study. outcome: a measure, or event:churn within so many days; drivers: measures, topic:delivery, event:login.step,
    dimension:market, or topics, events for those that suggest themselves; empty for the ratings that do. BadInput with the nearest otherwise.
    """
    for name in (*where, *([by] if by else [])):
        if name not in DIMENSIONS:
            raise BadInput(f"No dimension {name!r}", nearest=nearest(name, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
    known, measures = known or sight.together(period), sight.house.ledger.measures.all()
    end = outcome_of(outcome, measures, known, sight, within_days)
    named = list(drivers) or ["ratings"]
    chosen = [d for word in named for d in _drivers(word, end, measures, known, sight, period)]
    some = tuple(dict.fromkeys(chosen))
    if len(some) > MOST_DRIVERS:
        raise BadInput(f"{len(some)} drivers are too many at once", do=f"Name {MOST_DRIVERS} at most, whose weights are exact.")
    first, last = (period.first, period.last) if period else (None, None)
    kept = tuple((name, tuple(values)) for name, values in sorted(where.items()))
    return Study(end, some, kept, first, last, by, left_out=sight.protected)


def outcome_of(outcome: str, measures: Measures, known: Together, sight: Sight, days: int) -> Rated | Event:
    """The newest version of the measure that was answered, or the event."""
    if outcome.startswith(EVENT):
        if not 1 <= days <= 1100:
            raise BadInput(f"{days} days cannot be followed", do="Give 1 to 1,100 days.")
        return Event(sight.event(outcome.removeprefix(EVENT)), days, sight.house.today())
    versions = measures.versions(outcome)
    answered = [m for m in versions if known.counts.get(m.key)]
    return Rated.of((answered or list(versions))[-1])


def _drivers(word: str, end: Rated | Event, measures: Measures, known: Together, sight: Sight, period: Period | None) -> Sequence[Driver]:
    """What one word of `drivers` stands for."""
    if word == "ratings":
        names = known.drivers(end.key) if isinstance(end, Rated) else known.asked_together()
        return [Driver("rating", m, Rated.of(measures.get(m))) for m in names[:MOST_DRIVERS]]
    if word == "topics":
        return sight.topics(period)
    if word == "events":
        return [d for d in sight.done() if not isinstance(end, Event) or d.name.partition(".")[0] != end.name]
    kind, colon, name = word.partition(":")
    if not colon:
        rated = outcome_of(word, measures, known, sight, 1)
        if isinstance(end, Rated) and isinstance(rated, Rated) and rated.key == end.key:
            raise BadInput(f"{word} cannot drive itself", do="Leave it out of the drivers.")
        return [Driver("rating", rated.key, rated)] if isinstance(rated, Rated) else []
    if kind not in WORDS:
        raise BadInput(f"No kind of driver {kind!r}", nearest=nearest(kind, WORDS), do="Name a measure, topic:…, event:… or dimension:….")
    if kind == "dimension":
        return _columns(name, sight, period)
    return [Driver(WORDS[kind], sight.event(name) if kind == "event" else sight.house.ledger.taxonomies.current().get(name).id)]


def _columns(dimension: str, sight: Sight, period: Period | None) -> Sequence[Driver]:
    """A column for each value but the most frequent, which the others are held against."""
    if dimension not in DIMENSIONS:
        raise NotFound(f"No dimension {dimension!r}", nearest=nearest(dimension, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
    values = sight.values(dimension, period)
    if len(values) > MOST_VALUES:
        do = f"It has {len(values):,} values, {MOST_VALUES} can be weighed. Study one value at a time with where, or cut by it with by."
        raise BadInput(f"{dimension} has too many values to be a driver", do=do)
    return [Driver("dimension", f"{dimension}={value}") for value in values[1:]]


# ── finding ──


def find(sight: Sight, study: Study, before: Study | None = None) -> Found:
    """What goes with the outcome. before: the same study of an earlier time, which the weights are held against."""
    kept, parts, left = counts(sight, study)
    together = room.whole(parts)
    if together is None or not together.responses:
        return Found(Refused(None, "no_outcome" if study.drivers else "no_drivers", left=left))
    found = room.parted(kept, parts, together, sight.smallest)
    found = replace(found, whole=replace(found.whole, left=(*left, *found.whole.left)))
    return found if before is None else _moved(sight, kept, together, found, before)


def counts(sight: Sight, study: Study) -> tuple[Study, Mapping[str | None, Counted], tuple[Left, ...]]:
    """The study without the drivers that cannot be weighed, its counts, and what was left out: counted again without them where there are any."""
    parts, left = _run(sight, study), tuple[Left, ...]()
    together = room.whole(parts)
    while together is not None and study.drivers:
        more = room.rare(study, together) or room.tangle(study, together)
        if not more:
            break
        left = (*left, *more)
        gone = {one.name for one in more}
        study = replace(study, drivers=tuple(d for d in study.drivers if d.name not in gone))
        if not study.drivers:
            break
        parts = _run(sight, study)
        together = room.whole(parts)
    return study, parts, left


def _run(sight: Sight, study: Study) -> Mapping[str | None, Counted]:
    return counted(sight.house.engine.run(room.moments(sight.feedback, sight.events, study)), len(study.drivers)) if study.drivers else {}


def _moved(sight: Sight, study: Study, now: Counted, found: Found, before: Study) -> Found:
    """Which weights moved since the time before, among the same drivers."""
    then = room.whole(_run(sight, replace(before, drivers=study.drivers)))
    if then is None:
        return replace(found, why_not_moved="too_few")
    moved, why = room.moved_between(study, now, then)
    return replace(found, moved=moved, why_not_moved=why)


def earlier(study: Study, compare: str) -> Study | None:
    """The same study of the period before, or of the year before; None where nothing is compared or the study has no period."""
    if not compare or study.first is None or study.last is None:
        return None
    period = Period(study.first, study.last)
    other = periods.year_before(period) if compare == "year before" else periods.before(period)
    return replace(study, first=other.first, last=other.last)


# ── each night ──


def nightly(house: House, told: Told) -> Mapping[str, Any]:
    """Studies every outcome of the house, over the last twelve whole months and by market, and keeps what it finds; how many it could weigh."""
    sight = Sight(house, whole())
    last = periods.step_of(house.today(), "month") - periods.ONE_DAY
    period = Period(periods.plus_months(periods.step_of(last, "month"), 1 - NIGHTLY_MONTHS), last, f"last {NIGHTLY_MONTHS} months")
    known = sight.together(period)
    outcomes = known.outcomes[:MOST_OUTCOMES]
    weighed = 0
    for at, outcome in enumerate(outcomes):
        if not told({"name": KIND, "done": at, "of": len(outcomes)}):
            break
        weighed += _kept(sight, study_of(sight, outcome, (), {}, period, "market", 0, known), outcome)
    return {"outcomes": len(outcomes), "weighed": weighed} if outcomes else {"why": "no_outcome"}


def _kept(sight: Sight, study: Study, outcome: str) -> bool:
    """Finds and keeps one study, with its replicates, so that a later one can be held against it; whether it could be weighed."""
    kept, parts, left = counts(sight, study)
    together = room.whole(parts)
    found = room.parted(kept, parts, together, sight.smallest) if together else Found(Refused(None, "no_outcome"))
    found = replace(found, whole=replace(found.whole, left=(*left, *found.whole.left)))
    body: dict[str, Any] = {"first": str(study.first), "last": str(study.last)}
    if isinstance(found.whole, Drivers) and together is not None:
        names, solved = weights_of(kept, together, found.whole)
        body |= {"names": names, "value": solved.value.round(DIGITS).tolist(), "left_out": solved.left_out.round(DIGITS).tolist()}
        then = since(sight.house, outcome, names)
        if then is not None:
            found = replace(found, moved=room.moved(names, solved, _replicated(then.body)))
            body["since"] = then.body["last"]
    sight.house.ledger.findings.keep(KIND, outcome, {**body, "found": found_json(found)})
    return isinstance(found.whole, Drivers)


def weights_of(study: Study, together: Counted, one: Drivers) -> tuple[list[str], Replicated]:
    """Names and weights with their replicates, of the drivers that were weighed."""
    places = [at for at, d in enumerate(study.drivers) if one.of(d.name)]
    return [study.drivers[at].name for at in places], room.weighed(together, places).weights


def since(house: House, outcome: str, names: Sequence[str]) -> Finding | None:
    """The newest kept study of the same drivers that is old enough to be held against."""
    now = house.clock.now()
    old = (f for f in house.ledger.findings.history(KIND, outcome, 60) if now - f.made_at >= SINCE)
    return next((f for f in old if f.body.get("names") == list(names)), None)


def _replicated(body: Mapping[str, Any]) -> Replicated:
    return Replicated(np.array(body["value"], np.float64), np.array(body["left_out"], np.float64))


def found_of(finding: Finding) -> Found:
    """What was kept, as it was found."""
    return room.of_json(finding.body["found"])


DRIVERS: Final = Nightly(KIND, nightly)
