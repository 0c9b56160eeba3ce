"""Sentences, numbers in words, and plain JSON."""

import json
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts import Measure
from gensvar.kit.language import LANGUAGES, translator
from gensvar.measure import (
    Against,
    Answer,
    Change,
    Estimate,
    Group,
    Hidden,
    NotComparable,
    Point,
    Question,
    TooFew,
    answer_json,
    estimate_text,
)  # fmt: skip
from gensvar.measure.answer import Verdict
from gensvar.measure.say import MOVES, say
from tests.measure.hub import CSAT, NPS, STARS

EN = translator("en")
VERDICTS: tuple[Verdict, ...] = (
    Estimate(0.72, 0.68, 0.76, 400), TooFew(1, 30), TooFew(0, 30), Hidden("small_group"), Hidden("scope"), NotComparable("another_version"),
)  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("measure", "found", "text"), [
    (CSAT, Estimate(0.723, 0.684, 0.761, 400), "72 % (68–76)"),
    (CSAT, Estimate(0.7234, 0.7201, 0.7266, 90_000), "72.3 % (72.0–72.7)"),
    (NPS, Estimate(-20.0, -38.2, -0.6, 100), "−20 (−38…−1)"),
    (NPS, Estimate(23.4, 15.1, 31.2, 100), "23 (15–31)"),
    (NPS, Estimate(-0.2, -8.0, 7.0, 100), "0 (−8…7)"),
    (STARS, Estimate(4.236, 4.03, 4.41, 100), "4.2 (4.0–4.4)"),
    (STARS, Estimate(4.236, 4.221, 4.251, 10_000), "4.24 (4.22–4.25)"),
    (STARS, Estimate(3.0, 1.5, 4.5, 20), "3 (2–4)"),
])  # fmt: skip
def test_no_more_digits_than_the_interval_deserves(measure: Measure, found: Estimate, text: str) -> None:
    assert plain(estimate_text(found, measure, EN)) == text


@given(st.floats(1.1, 4.9), st.floats(0.011, 1.0))
def test_limits_in_words_are_apart(value: float, half: float) -> None:
    found = Estimate(value, value - half, value + half, 100)
    inside = estimate_text(found, STARS, EN).split("(")[1].rstrip(")").replace("…", "–").split("–")
    assert inside[0] != inside[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_group_has_a_sentence(language: str) -> None:
    """Each verdict × each move × each kind of comparison, in each language: no placeholder is left, none is empty, each ends with a full stop."""
    t = translator(language)
    for now, then, move, how in product(VERDICTS, VERDICTS, MOVES, ("previous", "group")):
        change = Change(move, then, 0.01, -0.02, 0.04, 0.3, 0.3, more=140 if move == "cannot tell" else 0)
        for key in ({}, {"market": "NO"}, {"market": None}, {"channel": "app", "language": "fi"}):
            question = Question(CSAT.id, by=tuple(key), compare=Against(how, group={"market": ("SE", "")} if how == "group" else {}))  # type: ignore[arg-type]
            two = (Group(key, CSAT, now, change=change), Group({**key, "segment": "small"}, CSAT, now))
            for groups in ((), two[:1], two):
                said = say(Answer(question, groups, ""), t)
                for sentence in (said.sentence, *(g.sentence for g in said.groups)):
                    assert sentence.endswith(".")
                    assert "{" not in sentence
                    assert "  " not in sentence


def test_the_sentence_of_a_fall() -> None:
    change = Change("fell", Estimate(0.78, 0.75, 0.81, 900), -0.07, -0.11, -0.03, 0.001, 0.004)
    group = Group({"market": "NO"}, CSAT, Estimate(0.71, 0.68, 0.74, 900), change=change)
    answer = Answer(Question("csat.delivery", by=("market",), compare=Against("previous")), (group,), "")
    assert plain(say(answer, EN).sentence) == "CSAT for delivery fell in Norway: 71 % (68–74), was 78 % (75–81)."
    assert plain(say(answer, translator("sv")).sentence) == "CSAT för leverans sjönk i Norge: 71 % (68–74), tidigare 78 % (75–81)."
    assert plain(say(answer, translator("fi")).sentence) == "CSAT for delivery laski (Norja): 71 % (68–74), aiemmin 78 % (75–81)."


def test_many_names_are_cut_short() -> None:
    change = Change("rose", Estimate(0.5, 0.4, 0.6, 100), 0.2, 0.1, 0.3, 0.0, 0.0)
    groups = tuple(Group({"channel": f"c{i}"}, CSAT, Estimate(0.7, 0.6, 0.8, 100), change=change) for i in range(10))
    said = say(Answer(Question("csat.delivery", by=("channel",), compare=Against("previous")), groups, ""), EN)
    assert said.sentence == "CSAT for delivery: rose for c0, c1, c2, c3, c4, c5, and 4 others."


def test_plain_json_holds_everything() -> None:
    points = tuple(Point(date(2026, 1 + i, 1), v) for i, v in enumerate(VERDICTS))
    group = Group({"market": None}, CSAT, VERDICTS[0], points, Change("cannot tell", TooFew(3, 30), more=140), "It fell.", {"5": 0.7})
    answer = Answer(Question(CSAT.id, by=("market",), grain="month"), (group,), "It fell.", notes=("A note.",))
    found = json.loads(json.dumps(answer_json(answer)))
    assert found["question"] == {"measure": "csat.delivery", "by": "market", "grain": "month"}
    first = found["groups"][0]
    assert (first["verdict"], first["value"], first["low"], first["high"], first["n"]) == ("estimate", 0.72, 0.68, 0.76, 400)
    assert [p["verdict"] for p in first["trend"]] == ["estimate", "too_few", "too_few", "hidden", "hidden", "not_comparable"]
    assert first["change"]["then"] == {"verdict": "too_few", "n": 3, "least": 30}
    assert first["change"]["difference"] is None
    assert (first["unit"], first["range"], first["key"]) == ("share", [0.0, 1.0], {"market": None})
