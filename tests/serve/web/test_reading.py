"""How to read: a line for each kind of chart, a term for each metric and verdict, in five languages."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from litestar.testing import TestClient

from gensvar.measure import METRICS
from gensvar.measure.answer import Estimate, Move, Verdict
from gensvar.serve.glossary import METRIC_SAYS, SHORT, TERMS, VERDICTS, glossary
from gensvar.serve.web import reading
from gensvar.serve.web.glossary_page import Entry, GlossaryPage, glossary_page
from gensvar.serve.web.reading import READING, Readings
from gensvar.serve.web.topic_meanings import MEANINGS
from gensvar.serve.web.topic_words import REASONS, TOPIC_NAMES
from gensvar.serve.web.words import LANGUAGES, Words
from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TOPICS

LINE = 90  # characters: one line of a page's lead
WEB = Path(reading.__file__).parent
IDS = {term.id for term in glossary()}
JARGON = re.compile(r"\b(p-value|null hypothesis|significan|confidence|posterior|epoch|stochastic|probability that the true)", re.IGNORECASE)


def test_every_metric_and_every_verdict_has_a_term() -> None:
    assert set(METRIC_SAYS) == set(METRICS) <= IDS
    assert set(SHORT) <= set(METRICS)
    assert set(VERDICTS) == {*get_args(Move), *(v.__name__ for v in get_args(Verdict) if v is not Estimate)}
    assert set(VERDICTS.values()) <= IDS


def test_terms_have_names_of_their_own() -> None:
    assert len(IDS) == len(glossary())
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in IDS)


def test_every_topic_and_reason_that_ships_has_a_line_that_says_what_it_means() -> None:
    assert list(MEANINGS) == list(TOPICS) == list(TOPIC_NAMES)
    reasons = {"intent": INTENTS, "cause": CAUSES, "mark": FLAGS, "emotion": [e for e in EMOTIONS if e != "none"]}
    assert set(REASONS) == {f"{kind}.{name}" for kind, names in reasons.items() for name in names}
    said = [*MEANINGS.values(), *(says for _, says in REASONS.values())]
    assert all(says and "\n" not in says and len(says) <= LINE for says in said)
    assert len(set(MEANINGS.values())) == len(MEANINGS)


def every(page: GlossaryPage) -> list[Entry]:
    return [*page.words, *page.metrics, *(e for _, entries in page.topics for e in entries), *page.reasons]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_speaks_every_language(language: str) -> None:
    page = glossary_page(Words(language))
    assert len(page.words) == len(TERMS)
    assert len(page.metrics) == len(METRICS)
    assert sum(len(entries) for _, entries in page.topics) == len(TOPICS)
    english = glossary_page(Words("en"))
    same = [a.says for a, b in zip(every(page), every(english), strict=True) if a.says == b.says]
    assert same == [] or language == "en"


def test_what_is_said_of_intervals_is_true_and_plain() -> None:
    """An interval is said of the method (19 in 20 made this way), never as the chance that the true value lies in this one."""
    said = [*READING.values(), *(t.says for t in glossary())]
    assert not [s for s in said if JARGON.search(s)]
    for kind in ("trend", "figure"):
        assert "19 in 20" in READING[kind]
    assert "overlap a lot" in READING["groups"]


def test_a_line_is_shown_once_on_a_page() -> None:
    readings = Readings()
    assert [readings.first("trend"), readings.first("trend"), readings.first("groups")] == [True, False, True]
    assert readings.line("trend") == READING["trend"]
    assert readings.line("nothing of the sort") == ""


def test_every_kind_of_chart_on_the_pages_has_its_line(reader: "TestClient") -> None:  # type: ignore[type-arg]
    kinds = set(re.findall(r'"kind":"(\w+)"', reader.get("/.json").text + reader.get("/measures/csat.delivery.json?by=market").text))
    assert {"trend", "groups"} <= kinds <= set(READING)


def test_no_kind_of_chart_is_drawn_without_a_line() -> None:
    """Every kind that code gives to a drawing has its line, so that a new one cannot be forgotten."""
    calls = (node for path in WEB.glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    drawn = (k.value for call in calls if ast.unparse(call.func) == "Drawn" for k in call.keywords if k.arg == "kind")
    kinds = {value.value for value in drawn if isinstance(value, ast.Constant)}
    assert "groups" in kinds
    assert kinds <= set(READING)


@pytest.mark.parametrize(("language", "begins"), [("sv", "Linjen är värdet"), ("en", "The line is the value")])
def test_the_line_stands_under_the_first_chart_and_by_the_table_of_the_others(reader: "TestClient", language: str, begins: str) -> None:  # type: ignore[type-arg]
    page = reader.get(f"/?lang={language}").text
    assert page.count(f'<p class="read">{begins}') > 1, "each chart has it"
    assert page.index(f'<p class="read">{begins}') < page.index("<details>"), "the first is open"
