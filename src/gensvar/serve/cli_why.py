"""`gensvar why`: what matters most, for whom, and why it changed."""

from pathlib import Path
from typing import Literal

from cyclopts import App

from gensvar.explaining.impact import PERIOD
from gensvar.serve import show, show_change, show_journeys, show_signs, show_why
from gensvar.serve.assuming import awaited
from gensvar.serve.cli import AsJson, Data, _one, _say, app, err, settings_of
from gensvar.serve.nightly import look_here
from gensvar.serve.reach import reach
from gensvar.serve.why_journeys import journey_file

why = App(name="why", help="What matters most, for whom, and why it changed.")
app.command(why)


@why.command
def drivers(
    outcome: str = "", *, drivers: str = "", where: str = "", period: str = "last 12 months", by: str = "", compare: str = "", within: int = 183,
    language: str = "en", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what matters most for an outcome, how surely, and for whom.

    Args:
        outcome: a measure, as csat.overall, or event:churn (default: the measure that most answered beside others).
        drivers: measures, topics, events, topic:delivery, event:login, dimension:market, comma between (default: what was rated beside it).
        where: only these: market=NO,SE;segment=food.
        period: 2026, 2026-Q3, last quarter, last 12 months, or empty ('') for all time.
        by: also for each value of this dimension, and where they differ.
        compare: previous or year before: which weights moved since.
        within: days after an answer in which an event counts.
        language: sv, nb, da, fi or en.
    """
    asked = {"outcome": outcome, "drivers": drivers, "where": where, "period": period, "by": by, "compare": compare, "within": within}
    _one("drivers", data, as_json, show_why.drivers, language=language, **asked)


@why.command(name="change")
def why_change(
    measure: str, *, by: str = "", where: str = "", period: str = "last 3 months", compare: str = "previous", topics: bool = True,
    language: str = "en", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show why a measure changed: how much of it goes with who answered, how much with what they said, and where; it adds up.

    Args:
        measure: csat.delivery, or csat.delivery@2 for one version.
        by: the dimension whose values are told; or several, comma between, to take apart by just those (default: market, and all counted with it).
        where: only these: market=NO,SE;channel=app.
        period: 2026, 2026-Q3, 2026-10, last quarter, last 12 months, 2026-01-01..2026-03-31.
        compare: previous, year before, another period, or another group as market=SE.
        topics: also by what is spoken of, which takes longer.
        language: sv, nb, da, fi or en.
    """
    asked = {"measure": measure, "by": by, "where": where, "period": period, "compare": compare, "topics": topics, "language": language}
    _one("why_change", data, as_json, show_change.change, **asked)


@why.command
def changed(*, data: Data = None, as_json: AsJson = False) -> None:
    """Show what has moved of late: levels, volumes, topics, friction, source quality; from what to what, and since when."""
    _one("changed", data, as_json, show_why.changed)


@why.command
def assumptions(*, data: Data = None, as_json: AsJson = False) -> None:
    """Show what people here believe, and what answers say of each."""
    _one("assumptions", data, as_json, show_why.assumptions)


@why.command
def assume(
    text: str, form: Literal["level", "change", "first", "outcome"], *, measure: str = "", driver: str = "", topic: str = "", outcome: str = "",
    where: str = "", other: str = "", way: Literal["higher", "lower"] = "higher", day: str = "", every_days: int = 91, data: Data = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write an assumption down, with what would confirm and challenge it, and wait until it has been asked; the night asks it again each quarter.

    Args:
        text: the assumption in words.
        form: level (a measure in one group beside another), change (before and after a day), first (what matters most), outcome (why they leave).
        measure: of level and change, and what is driven in first.
        driver: the measure that is to matter most.
        topic: what they speak ill of.
        outcome: left, renewed, bought, contacted_support or completed_goal.
        where: the group that it is about, market=NO;segment=food.
        other: the group beside it (default: the rest).
        way: higher or lower.
        day: of the change, 2026-08-03.
        every_days: how often it is asked again.
    """
    asked = {
        "text": text, "form": form, "measure": measure, "driver": driver, "topic": topic, "outcome": outcome, "where": where, "other": other,
        "way": way, "day": day, "every_days": every_days,
    }  # fmt: skip
    with reach(settings_of(data)) as house:
        _say(awaited(house, house.call("assume", **asked)), as_json, show_why.assumed)


@why.command
def unassume(number: int, *, data: Data = None, as_json: AsJson = False) -> None:
    """Close an assumption of one's own; what it was answered stays.

    Args:
        number: as `gensvar why assumptions` lists it.
    """
    _one("unassume", data, as_json, show.pairs, id=number)


@why.command
def look(*, data: Data = None, as_json: AsJson = False) -> None:
    """Look for reasons over the whole house now. A server does so by itself each night."""
    with reach(settings_of(data)) as house:
        found = show.working(house, "why_look", "why_looking", look_here, err)
    _say(found, as_json, show_why.looked)


@why.command
def impact(measure: str, *, where: str = "", period: str = PERIOD, data: Data = None, as_json: AsJson = False) -> None:
    """Show what a score owes to each topic that is spoken of, each counted once, so that baseline and topics add up to it.

    Args:
        measure: csat.delivery, or csat.delivery@2 for one version.
        where: market=NO,SE;channel=app.
        period: 2026-Q3, last 12 months …
    """
    _one("impact", data, as_json, show_why.impact, measure=measure, where=where, period=period)


@why.command
def onboarding(success: str = "", *, window: int = 30, within: int = 120, data: Data = None, as_json: AsJson = False) -> None:
    """Show which early behaviours and voices mark new customers who succeed.

    Args:
        success: the event that is success, or stays: still a customer (default: what the data hold, as go_live).
        window: days from the start whose behaviour counts; those who left or succeeded before are not compared.
        within: days from the start until which success counts.
    """
    _one("onboarding", data, as_json, show_signs.onboarding, success=success, window=window, within=within)


@why.command
def features(feature: str = "", *, use: int = 90, after: int = 90, measure: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Show which features go with satisfaction, staying and asking for help afterwards, among customers who use as much.

    Args:
        feature: one alone: an event, or event/step (default: all).
        use: days of use.
        after: days that follow, in which the rest is looked at.
        measure: whose score is satisfaction (default: the satisfaction that most have answered).
    """
    _one("features", data, as_json, show_signs.features, feature=feature, use=use, after=after, measure=measure)


@why.command
def employees(employees: str = "", customers: str = "", *, by: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Show whether units whose people fare better have customers who fare better, from released numbers alone.

    Args:
        employees: a measure of employees, as enps.pulse (default: the first).
        customers: a measure of customers (default: the one that shares most units).
        by: what a unit is: unit, market … (default: the one of which both name most).
    """
    _one("units", data, as_json, show_signs.units, employees=employees, customers=customers, dimension=by)


@why.command
def journeys(*, where: str = "", period: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Show the journeys that people take, how many finish each, and where they get stuck.

    Args:
        where: only these: market=NO,SE;channel=app. They are then counted now, and not as last found.
        period: 2026-Q3, last quarter …; empty for all.
    """
    _one("journeys", data, as_json, show_journeys.journeys, where=where, period=period)


@why.command
def journey(
    key: str, *, where: str = "", period: str = "", feature: str = "", day: str = "", data: Data = None, as_json: AsJson = False
) -> None:  # fmt: skip
    """Show one journey step by step: who goes on, who stops, what becomes of them, and what is said there.

    Args:
        key: as `gensvar why journeys` prints it.
        where: market=NO,SE;channel=app.
        period: 2026-Q3, last quarter …; empty for all.
        feature: an event: those who did it are set beside the others.
        day: 2026-08-03: what began before is set beside what began after.
    """
    _one("journey", data, as_json, show_journeys.journey, journey=key, where=where, period=period, feature=feature, day=day)


@why.command
def declare_journey(file: Path, *, preview: bool = False, data: Data = None, as_json: AsJson = False) -> None:
    """Declare a journey, or change one, from a YAML file with key, name and steps. It is counted so from the next look on.

    Args:
        file: as docs/how-to/journeys.md shows.
        preview: show what it would count, and keep nothing.
    """
    name, show_it = ("preview_journey", show_journeys.journey) if preview else ("declare_journey", show_journeys.declared)
    _one(name, data, as_json, show_it, **journey_file(file))


@why.command
def undeclare_journey(key: str, *, data: Data = None, as_json: AsJson = False) -> None:
    """Take a declared journey away; what is found in the events by itself stays."""
    _one("undeclare_journey", data, as_json, show.pairs, key=key)


@why.command
def outcomes(
    outcome: str = "left", *, kind: str = "", tone: str = "", q: str = "", topics: bool = False, data: Data = None, as_json: AsJson = False
) -> None:
    """Show what is said, and in which tone, by those who meet an outcome more or less often afterwards.

    Args:
        outcome: left, renewed, bought, contacted_support or completed_goal.
        kind: topic, theme, phrase or word (default: all).
        tone: negative, neutral or positive (default: all).
        q: only what holds this.
        topics: topics alone, for which nobody's words are read.
    """
    name = "outcomes" if topics else "outcomes_words"
    _one(name, data, as_json, show_why.outcomes, outcome=outcome, kind=kind, tone=tone, q=q)
