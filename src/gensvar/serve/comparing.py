"""What the operations on comparisons, local patterns and teams take and give."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from gensvar.contracts import DIMENSIONS
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.measure import Answer, Question, answer_json, parse_question
from gensvar.measure.bearing import Bearings, bearings_json
from gensvar.measure.local import Patterns, patterns_json
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import compare


class Compare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: csat.delivery. rows, columns: the two dimensions; each: a third, or none. where: market=NO,SE;channel=app. period: 2026-Q3, last
    quarter … compare: previous, year before, a period, market=SE, or rest (of the table). language: sv, nb, da, fi, en.
    """

    measure: str
    rows: str = "market"
    columns: str = "channel"
    each: str = ""
    where: str = ""
    period: str = "last 3 months"
    compare: str = "previous"
    language: str = "en"


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: csat.delivery. by: dimensions to search, comma between; empty for all. where: market=NO,SE;channel=app. period: 2026-Q3 …
    compare: previous, year before or a period; empty: where the level differs. language: sv, nb, da, fi, en.
    """

    measure: str
    by: str = ""
    where: str = ""
    period: str = "last 3 months"
    compare: str = "previous"
    language: str = "en"


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """team: a value of the dimension. dimension: what a team is. where: market=NO,SE;channel=app. period: 2026-Q3, last quarter …
    compare: previous, year before or a period. language: sv, nb, da, fi, en.
    """

    team: str
    dimension: str = "unit"
    where: str = ""
    period: str = "last 3 months"
    compare: str = "previous"
    language: str = "en"


def compared(desk: HouseDesk, p: Compare) -> dict[str, Any]:
    """The cells, the whole rows and columns, and the whole, each as an answer."""
    by = [d for d in (p.each, p.rows, p.columns) if d]
    shapes = {"cells": by, "rows": [d for d in by if d != p.columns], "columns": [d for d in by if d != p.rows], "whole": []}
    asked = [_question(desk, p, cut, p.compare if cut or p.compare != "rest" else "") for cut in shapes.values()]
    return {name: answer_json(answer) for name, answer in zip(shapes, desk.ask_many(asked, p.language), strict=True)}


def _question(desk: HouseDesk, p: Compare, by: list[str], against: str) -> Question:
    return parse_question(p.measure, by, p.where, p.period, "", against, today=desk.today())


def found(desk: HouseDesk, p: Search) -> Patterns:
    """Where the change, or the level, differs from that of the rest."""
    question = parse_question(p.measure, p.by, p.where, p.period, "", p.compare, today=desk.today())
    return compare.patterns(desk.house, desk.scope, question, p.language)


def searched(desk: HouseDesk, p: Search) -> dict[str, Any]:
    return patterns_json(found(desk, p))


def bears(desk: HouseDesk, dimension: str, where: str, period: str) -> tuple[Bearings, ...]:
    """For each measure with answers, how each team bears on the whole. BadInput for a dimension that is none."""
    if dimension not in DIMENSIONS:
        raise BadInput(f"No dimension {dimension!r}", nearest=nearest(dimension, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}.")
    names = sorted({m.id for m in desk.measures()})
    asked = [parse_question(name, dimension, where, period, "", "", today=desk.today()) for name in names]
    return tuple(b for b in compare.team_bearings(desk.house, desk.scope, asked) if b.groups)


def of_team(desk: HouseDesk, p: Team) -> dict[str, Any]:
    """For each measure in which the team has answers: its own change, how it lies beside the rest, and how it bears on the whole."""
    found = {b.question.measure: b for b in bears(desk, p.dimension, p.where, p.period)}
    known = desk.dimension_values(p.dimension)
    if p.team not in known:
        raise NotFound(f"No {p.dimension} {p.team!r}", nearest=nearest(p.team, known), do=f"There are: {', '.join(known[:12])}.")
    names = sorted({m.id for m in desk.measures()})
    own = desk.ask_many([_of(desk, p, n, "", {p.dimension: p.team}, p.compare) for n in names], p.language)
    beside = desk.ask_many([_of(desk, p, n, p.dimension, {}, "rest") for n in names], p.language)
    told = (_told(a, b, found.get(a.question.measure), p) for a, b in zip(own, beside, strict=True))
    return {"team": p.team, "dimension": p.dimension, "measures": [one for one in told if one is not None]}


def _of(desk: HouseDesk, p: Team, measure: str, by: str, only: Mapping[str, str], against: str) -> Question:
    question = parse_question(measure, by, p.where, p.period, "", against, today=desk.today())
    return replace(question, where={**question.where, **{d: (v,) for d, v in only.items()}})


def _told(own: Answer, beside: Answer, bearings: Bearings | None, p: Team) -> dict[str, Any] | None:
    """One measure; None where the team has no answers in it."""
    if not any(getattr(g.verdict, "n", 0) for g in own.groups):
        return None
    groups = [g for g in answer_json(beside)["groups"] if g["key"].get(p.dimension) == p.team]
    bearing = [b for b in bearings_json(bearings)["groups"] if b["key"].get(p.dimension) == p.team or b["bears"] == "protected"] if bearings else []
    return {"own": answer_json(own), "beside_the_rest": groups, "bearing": bearing[0] if bearing else None}
