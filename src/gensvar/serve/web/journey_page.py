"""One journey, step by step: who goes on and who stops, what becomes of them, what is said there, and groups side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from gensvar.explain.journeys import Compared, JourneyFound, JourneysFound, Voice
from gensvar.serve.desks.why_journeys import Standing
from gensvar.serve.web.asked import Choice
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.journey_views import compared_drawn, fates_drawn, friction_drawn, journey_flow, journey_steps, paths_table
from gensvar.serve.web.journey_words import MARKS, became, difference, headline, helped, refusal, stated, temporary
from gensvar.serve.web.journeys_asked import MORE, Stuck, Wanted, choices, know, made_of, more_choices, stuck_of, voices_of, why_of
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.words import Mark, Words

MOST_PATHS, MOST_SAID, MOST_TELLING = 10, 12, 4


@dataclass(frozen=True, slots=True)
class Said:
    """One comparison in a sentence."""

    sentence: str
    mark: Mark
    mark_name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step beside its charts: what became of those who stood still, what is spoken of, and where to read it."""

    name: str
    became: str
    topics: tuple[str, ...]
    voices: str
    voices_name: str


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """One journey. flow: the ribbons; steps: the funnel; fates: of all that stood still; compared: groups side by side, as asked.

    spoken: what is said of the whole journey, where feedback is laid to that and to none of its steps.
    """

    key: str
    title: str
    sentence: str
    lead: tuple[str, ...]
    why: str
    made: str
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    asks_day: bool
    day: str
    flow: Drawn | None
    steps: Drawn | None
    told: tuple[Step, ...]
    spoken: Step | None
    friction: Drawn | None
    stuck: tuple[Stuck, ...]
    fates: Drawn | None
    fates_says: str
    support_says: str
    stated_says: str
    compared: Drawn | None
    asked_to_compare: str
    differences: tuple[Said, ...]
    paths: Table | None
    refused: tuple[str, ...]
    know: tuple[Fact, ...]
    address: str
    back: str


def _topics_named(j: JourneyFound, visit: Visit) -> JourneyFound:
    taxonomy, w = visit.house.ledger.taxonomies.current(), visit.words

    def named(v: Voice) -> Voice:
        return replace(v, topics=tuple(replace(t, topic=topic_name(taxonomy, t.topic, w)) for t in v.topics))

    return replace(j, steps=tuple(replace(s, voice=named(s.voice)) for s in j.steps))


def one_page(visit: Visit, want: Wanted, seen: Standing, found: JourneyFound) -> JourneyPage:
    """One of the journeys that are standing, ready to be read."""
    j = _topics_named(found, visit)
    w, all_friction = visit.words, seen.found.friction if seen.found else ()
    names = {j.journey.key: j.journey.name}
    mine = [f for f in all_friction if f.journey == j.journey.key and f.customers]
    pairs = [replace(c, group=want.feature or c.group) if c.by == "feature" else c for c in j.compared if c.by == want.compare]
    return JourneyPage(
        key=j.journey.key,
        title=j.journey.name,
        sentence=headline(j, mine[0] if mine else None, w),
        lead=tuple(line for line in (temporary(j.fates, w),) if line),
        why=why_of(seen, w),
        made=made_of(seen, visit),
        choices=tuple(choices(visit, want, one=True)),
        more_choices=more_choices(visit, want),
        more_chosen=any(d in want.asked.where for d in MORE),
        asks_day=want.compare == "before_after",
        day=want.day,
        flow=journey_flow(j, w),
        steps=journey_steps(j, w),
        told=tuple(_steps(j, visit, want)),
        spoken=_spoken(j, visit, want),
        friction=friction_drawn(mine, names, w("Where it chafes most: customers lost × how hard it is"), w, one=True) if mine else None,
        stuck=tuple(stuck_of(f, names, seen.found or JourneysFound((), ()), visit, want) for f in mine[:3]),
        fates=fates_drawn(j.fates, w("What became of those who stood still"), w),
        fates_says=temporary(j.fates, w),
        support_says=helped(j.support, j.journey, w),
        stated_says=stated(j.stated, w),
        compared=compared_drawn(pairs, w("How many finish"), w) if pairs else None,
        asked_to_compare="" if pairs else _nobody(want, w),
        differences=tuple(_differences(pairs or _telling(j, want), w)),
        paths=paths_table(j.paths[:MOST_PATHS], w("The most common ways"), w) if j.paths else None,
        refused=tuple(refusal(r, w) for r in j.refused),
        know=tuple(know(j.counted, j.journey, w)),
        address=want.href(f"/journeys/{j.journey.key}"),
        back=want.href("/journeys"),
    )


def _nobody(want: Wanted, w: Words) -> str:
    """Why nothing stands side by side although it was asked for."""
    if want.compare == "before_after" and not want.day:
        return w("Choose the day that parts before from after.")
    if want.compare == "feature" and not want.feature:
        return w("Choose the feature whose users are set beside the others.")
    return w("There are no two groups with enough errands to set side by side.") if want.compare else ""


def _steps(j: JourneyFound, visit: Visit, want: Wanted) -> Iterator[Step]:
    w, once = visit.words, _of_the_whole(j)
    for s in j.steps:
        heard = s.voice.rows and s.voice != once
        voices = voices_of(j.journey, s.name, visit, want) if heard else ""
        yield Step(s.name, became(s, w), _topics(s.voice, w) if heard else (), voices, w("What people wrote at {step}", step=s.name))


def _topics(v: Voice, w: Words) -> tuple[str, ...]:
    return tuple(f"{t.topic} ({w.number(t.n)})" for t in v.topics[:4])


def _of_the_whole(j: JourneyFound) -> Voice | None:
    """What is said alike at every step at which something is said: the same feedback, laid to one touchpoint that they share."""
    heard = [s.voice for s in j.steps if s.voice.rows]
    return heard[0] if len(heard) > 1 and len(set(heard)) == 1 else None


def _spoken(j: JourneyFound, visit: Visit, want: Wanted) -> Step | None:
    w, said = visit.words, _of_the_whole(j)
    if said is None:
        return None
    step = next((s.name for s in j.steps if s.name in j.journey.touchpoints), j.steps[0].name)
    return Step(
        j.journey.name, "", _topics(said, w), voices_of(j.journey, step, visit, want), w("What people wrote of {journey}", journey=j.journey.name)
    )


def _telling(j: JourneyFound, want: Wanted) -> list[Compared]:
    """Where nothing is asked to stand side by side: the groups of which surely more or fewer finish."""
    return [] if want.compare else [c for c in j.compared if c.step == "" and c.move in {"higher", "lower"}][:MOST_TELLING]


def _differences(pairs: Sequence[Compared], w: Words) -> Iterator[Said]:
    """Those that are seen first; then how many finish in each group."""
    order = {"higher": 0, "lower": 0, "no visible difference": 1, "cannot tell": 2}
    told = [c for c in pairs if c.step == "" or c.move in {"higher", "lower"}]
    for c in sorted(told, key=lambda c: (order[c.move], c.q if c.q is not None else 1.0))[:MOST_SAID]:
        mark = cast("Mark", MARKS[c.move])
        name = w("no visible difference") if mark == "same" else w.mark_name(mark)
        yield Said(difference(c, w), mark, name)
