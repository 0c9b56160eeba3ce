"""Charts of Compare and Teams as data: what each team gives the whole, and a team's trend beside the rest's. Specs name marks, never colours."""

from collections.abc import Sequence
from typing import Any

from gensvar.measure.answer import Answer, Group
from gensvar.measure.bearing import Bearing, Bearings
from gensvar.serve.web.charts import Spec, domain, trend_chart
from gensvar.serve.web.charts_dots import dots_chart, layer
from gensvar.serve.web.figures import times_of
from gensvar.serve.web.gaps import gap_figure, gap_interval
from gensvar.serve.web.words import Tone, Words

Rows = Sequence[dict[str, Any]]


def bearing_tone(b: Bearing, better: str) -> Tone:
    """Better or worse where it stands; none where it does not."""
    if b.bears not in {"lifts", "lowers"}:
        return "none"
    return "better" if (b.bears == "lifts") == (better == "up") else "worse"


def bearing_chart(found: Bearings, words: Words, title: str) -> Spec:
    """One row for each group with a number: a dot with its interval about a line at 0, where a group would change nothing; the figure beside it."""
    known = [b for b in found.groups if b.value is not None and b.low is not None and b.high is not None]
    times = times_of(found.measure)
    return dots_chart([_bearing_row(b, found, words, times) for b in known], words, title)


def _bearing_row(b: Bearing, found: Bearings, words: Words, times: float) -> dict[str, Any]:
    name = " · ".join(words.value(d, v) for d, v in b.key.items())
    value, low, high = b.value or 0.0, b.low or 0.0, b.high or 0.0
    shown = gap_figure(found.measure, value, low, high, words)
    return {
        "group": name, "tone": bearing_tone(b, found.measure.better), "value": round(value * times, 6), "low": round(low * times, 6),
        "high": round(high * times, 6), "figure": shown,
        "says": f"{name}: {shown} ({gap_interval(found.measure, low, high, words)}), n = {words.number(b.n)}",
    }  # fmt: skip


def team_trend_chart(team: Answer, rest: Answer, words: Words, measure: str) -> Spec:
    """The team's trend with its band, as everywhere; the rest of the house as a quiet line with dashed whiskers, named at its end.

    measure: the version that is drawn, as csat.delivery@2; other versions of the rest are left out, so that no line crosses two questions.
    """
    own, others = (tuple(g for g in a.groups if g.measure.key == measure) for a in (team, rest))
    span = domain([*own, *others])
    drawn = trend_chart(_only(team, own), words.language, span=span)
    beside = _line_rows(trend_chart(_only(rest, others), words.language, span=span))
    y = next(layer["encoding"]["y"] for layer in drawn["layer"] if layer["mark"]["type"] == "line")
    quiet = [
        layer(beside, {"type": "rule", "style": "break"}, {"y": y | {"field": "low"}, "y2": {"field": "high"}}),
        layer(beside, {"type": "line", "style": "then", "size": 1.5}, {"y": y, "detail": {"field": "run"}}),
        layer(beside, {"type": "point", "filled": True, "style": "then", "size": 18}, {"y": y, "tooltip": {"field": "says"}}),
        layer(
            [r | {"name": words("the rest")} for r in beside[-1:]],
            {"type": "text", "style": "quiet", "align": "left", "baseline": "middle", "dx": 9, "dy": _apart(drawn, beside)},
            {"y": y, "text": {"field": "name"}},
        ),
    ]
    first, *more = drawn["layer"]
    return drawn | {"layer": [first, *quiet, *more], "padding": drawn["padding"] | {"right": 64}}


def _only(answer: Answer, groups: tuple[Group, ...]) -> Answer:
    """The answer with these groups, as one of the whole."""
    return Answer(answer.question, tuple(Group({}, g.measure, g.verdict, g.trend) for g in groups), answer.sentence, answer.language)


def _line_rows(spec: Spec) -> list[dict[str, Any]]:
    return next(list(layer["data"]["values"]) for layer in spec["layer"] if layer["mark"]["type"] == "line")


def _apart(drawn: Spec, beside: Rows) -> int:
    """How far the rest's label is moved so that it does not lie on the team's figure, in pixels."""
    own = _line_rows(drawn)
    if not own or not beside:
        return 0
    return 12 if own[-1]["value"] >= beside[-1]["value"] else -12
