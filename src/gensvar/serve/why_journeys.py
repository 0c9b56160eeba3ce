"""What the operations on journeys take and give."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from gensvar.contracts import DIMENSIONS
from gensvar.explain.journeys import JourneysFound, found_json, journey_from, journey_json
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.measure.parse import parse_period, parse_where
from gensvar.measure.periods import read_day
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import journey_marks, why_journeys
from gensvar.serve.desks.why_journeys import Asking


class Walked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """where: market=NO,SE;channel=app. period: 2026-Q3, last quarter …; empty: all. Both empty: as last found over the whole house."""

    where: str = ""
    period: str = ""


class WalkedOne(Walked, frozen=True, forbid_unknown_fields=True):
    """journey: its key. where: market=NO,SE;channel=app. period: 2026-Q3 …; empty: all. feature: an event whose users are set beside the others.
    day: 2026-08-03, to set what began before beside what began after.
    """

    journey: str = ""
    feature: str = ""
    day: str = ""


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """key: of the journey. name: what it is called. steps: in order, each with a name and event, step, touchpoint or kind; the last finishes it.
    blocked: what says that it was stopped, likewise. window_hours: a silence longer than this ends an errand. pause_minutes: one longer is a pause.
    support_hours: contact with support within so long after a step concerns it. who: party, account or session: whose errands they are.
    touchpoints: step name → what feedback calls it.
    """

    key: str
    name: str
    steps: list[dict[str, str]]
    blocked: list[dict[str, str]] = []
    window_hours: float = 168.0
    pause_minutes: float = 30.0
    support_hours: float = 24.0
    who: str = "party"
    touchpoints: dict[str, str] = {}


class OfKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """key: of the journey."""

    key: str


def asked(desk: HouseDesk, p: Walked) -> Asking:
    """The question, checked; BadInput for a dimension that is none."""
    period, where = parse_period(p.period, desk.today()) if p.period.strip() else None, parse_where(p.where)
    for name in where:
        if name not in DIMENSIONS:
            raise BadInput(f"No dimension {name!r}", nearest=nearest(name, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
    if not isinstance(p, WalkedOne):
        return Asking(where, period)
    return Asking(where, period, p.feature, read_day(p.day) if p.day else None)


def journey_yaml(text: str) -> dict[str, Any]:
    """What a YAML document declares; BadInput where it is none."""
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BadInput(f"This is no YAML: {wrong}", do="Write key, name and steps, as docs/how-to/journeys.md shows.") from wrong
    if not isinstance(given, dict):
        raise BadInput("A journey has a key, a name and steps", do="Write them as docs/how-to/journeys.md shows.")
    return given


def journey_file(file: Path) -> dict[str, Any]:
    """The same from a file."""
    try:
        return journey_yaml(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"{file} cannot be read: {wrong}", do="Give a UTF-8 file.") from wrong


def found(desk: HouseDesk, p: Walked) -> dict[str, Any]:
    """The map, every journey and where it chafes most; `why` in a word where there is nothing: never, too_much."""
    seen = why_journeys.standing(desk, asked(desk, p), drawn=True)
    made: dict[str, Any] = msgspec.to_builtins(seen)
    return made


def one(desk: HouseDesk, p: WalkedOne) -> dict[str, Any]:
    """One journey with its friction. NotFound with the nearest where there is none."""
    seen = why_journeys.standing(desk, asked(desk, p))
    if seen.found is None and seen.why == "too_much":
        return {"why": seen.why, "rows": seen.rows, "most": seen.most}
    journeys = seen.found or JourneysFound((), ())
    journey = why_journeys.one(journeys, p.journey)
    friction = [msgspec.to_builtins(f) for f in journeys.friction if f.journey == p.journey]
    return {"made_at": seen.made_at, **found_json(journey), "friction": friction}


def declared(desk: HouseDesk, _: msgspec.Struct) -> list[dict[str, Any]]:
    """The journeys that people have declared."""
    return [journey_json(j) for j in why_journeys.declared(desk)]


def declare(desk: HouseDesk, p: Declared) -> dict[str, Any]:
    """The journey as it is counted from now on."""
    return journey_json(why_journeys.declare(desk, msgspec.to_builtins(p)))


def preview(desk: HouseDesk, p: Declared) -> dict[str, Any]:
    """What the journey would count, nothing kept; `why` is too_much where that is too much to wait for."""
    seen = journey_marks.preview(desk, journey_from(msgspec.to_builtins(p)))
    if seen.found is None or not seen.found.journeys:
        return {"why": seen.why or "too_few", "rows": seen.rows, "most": seen.most}
    return {**found_json(seen.found.journeys[0]), "friction": []}


def undeclare(desk: HouseDesk, p: OfKey) -> dict[str, str]:
    """Takes a declared journey away; what is found in the events by itself stays."""
    if not why_journeys.undeclare(desk, p.key):
        raise NotFound(f"No journey {p.key!r} was declared", do="`gensvar why journeys` lists them.")
    return {"removed": p.key}
