"""What a report says: sentences first, the reader's scope, every number with its interval, and no change that chance explains."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gensvar.kit.errors import BadInput, NotFound, TooLarge
from gensvar.kit.language import LANGUAGES, catalogue
from gensvar.kit.scope import Scope, whole
from gensvar.measure.answer import Answer, Change, Estimate, Group, Hidden, NotComparable
from gensvar.serve import export, report
from gensvar.serve.report import Report, Wanted, report_of, reported
from gensvar.serve.report.asking import MOST_MEASURES, Reported
from gensvar.serve.report.content import MOST_DRAWN, READING, difference_in_words
from gensvar.serve.web import asked, files_page, reading, report_page
from gensvar.serve.web.words import Words
from tests.serve.web.desk import DELIVERY, MEASURES, TODAY, FakeDesk

NUMBER_ALONE = re.compile(r"\b(?!95 %)\d+ %(?! \()")
LATELY = Wanted(period="last 3 months")


def made(desk: FakeDesk, wanted: Wanted = LATELY, scope: Scope | None = None, language: str = "en") -> Report:
    found = reported(desk, wanted, language)
    return report_of(found, wanted, scope or whole(), TODAY, Words(language))


@pytest.fixture(scope="module")
def lately(reading_desk: FakeDesk) -> Report:
    return made(reading_desk)


def texts(value: Any) -> Iterator[str]:
    """Every text of a report but its charts."""
    if isinstance(value, str):
        yield value.replace("\u00a0", " ")
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name not in {"chart", "labels"}:
                yield from texts(getattr(value, name))


def grown(r: Reported, number: int) -> Reported:
    """The same answers about another measure."""
    measure = replace(r.measure, id=f"{r.measure.id}{number}", name={"en": f"{r.measure.title('en')} {number}"})

    def other(answer: Answer) -> Answer:
        return replace(answer, groups=tuple(replace(g, measure=replace(g.measure, id=measure.id, name=measure.name)) for g in answer.groups))

    return Reported(measure, other(r.whole), other(r.trend), {d: other(a) for d, a in r.cuts.items()})


def test_what_changed_leads_with_its_difference_and_its_chart(lately: Report) -> None:
    first = lately.changed[0]
    assert first.said.sentence.startswith("Delivery fell in Norway:")
    assert (first.said.mark, first.said.tone) == ("fell", "worse")
    assert re.fullmatch(r"Difference −\d+ percentage points \(−\d+…−\d+\)\.", first.figures)
    assert next(b.sentence for b in first.beside).startswith("Delivery: ")
    assert first.chart
    assert first.chart_title == "By market"
    assert lately.headline == "One thing has changed."
    assert "comparisons were made" in lately.compared


def test_the_rest_is_said_to_stand_still_or_not_to_be_known(lately: Report) -> None:
    said = {s.sentence.split(":")[0] for s in (*lately.same, *lately.unknown)}
    assert said == {"Support", "Recommendation", "Effort of paying", "Price"}
    assert all("needed" in s.sentence for s in lately.unknown)
    assert lately.quiet == "No answers in this period: Stars for the app."
    assert lately.standing == ()


def test_every_number_has_its_interval(lately: Report) -> None:
    for text in texts(lately):
        assert not NUMBER_ALONE.search(text), text
    for line in lately.lines:
        value, n, before, difference, verdict = (cell.replace("\u00a0", " ") for cell in line.cells)
        assert value == before == "–" or ("(" in value and "(" in before and "(" in difference)
        assert n
        assert verdict
    assert len(lately.lines) == 5


def test_without_a_comparison_it_says_how_things_stand(reading_desk: FakeDesk) -> None:
    found = made(reading_desk, Wanted(("csat.delivery",), period=""))
    assert found.headline == "Here is how things stand."
    assert [s.mark for s in found.standing] == ["none"]
    assert not (*found.changed, *found.same, *found.unknown)
    assert found.subtitle == "All time"
    assert found.lines[0].cells[2:4] == ("–", "–")


def test_the_scope_and_the_filters_are_said(reading_desk: FakeDesk) -> None:
    scope = Scope(rows={"market": frozenset({"NO"})})
    assert made(reading_desk, scope=scope).scope == "Only this is counted: market: Norway."
    assert made(reading_desk, replace(LATELY, where="market=NO"), scope).scope == "Only this is counted: market: Norway."
    both = made(reading_desk, replace(LATELY, where="channel=app"), scope)
    assert both.scope == "Only this is counted: market: Norway; channel: app."
    assert made(reading_desk).scope == ""


def test_a_house_without_answers_says_so() -> None:
    found = report_of([], Wanted(), whole(), TODAY, Words("sv"))
    assert found.headline == "Inga svar ännu."
    assert not (*found.changed, *found.lines, *found.definitions)


def test_what_is_hidden_or_too_few_is_said_and_has_no_number(reading_desk: FakeDesk) -> None:
    [one] = reported(reading_desk, replace(LATELY, measures=("csat.delivery",)), "en")
    hidden = Group({}, DELIVERY, Hidden("small_group"), sentence="Delivery: too few answered to show it without showing who they are.")
    shown = report_of([replace(one, whole=replace(one.whole, groups=(hidden,)), cuts={})], LATELY, whole(), TODAY, Words("en"))
    assert [s.sentence for s in shown.unknown] == [hidden.sentence]
    assert shown.lines[0].cells[:4] == ("–", "–", "–", "–")
    few = made(reading_desk, Wanted(("csat.price",), where="market=FI", period="last month"))
    assert "at least" in few.unknown[0].sentence
    assert few.lines[0].cells[0] == "–"
    other = replace(hidden, verdict=Estimate(0.5, 0.4, 0.6, 90), change=Change("cannot tell", NotComparable("another_version")))
    apart = report_of([replace(one, whole=replace(one.whole, groups=(other,)), cuts={})], LATELY, whole(), TODAY, Words("en"))
    assert apart.lines[0].cells[2] == "–"


def test_the_first_findings_are_drawn_and_the_rest_are_said(reading_desk: FakeDesk) -> None:
    [one] = reported(reading_desk, replace(LATELY, measures=("csat.delivery",)), "en")
    found = report_of([grown(one, i) for i in range(15)], LATELY, whole(), TODAY, Words("en"))
    assert [f.drawn for f in found.changed] == [True] * MOST_DRAWN + [False] * (15 - MOST_DRAWN)
    assert all(f.chart is None and not f.beside for f in found.changed if not f.drawn)


def test_of_too_many_measures_those_with_fewest_answers_are_left_out(reading_desk: FakeDesk) -> None:
    [most, least] = reported(reading_desk, replace(LATELY, measures=("csat.delivery", "csat.price")), "en")
    found = report_of([*(grown(most, i) for i in range(MOST_MEASURES)), least], LATELY, whole(), TODAY, Words("en"))
    assert len(found.lines) == MOST_MEASURES
    assert "One measure with fewer answers is left out." in found.notes
    assert not [line for line in found.lines if line.measure == "Price"]


def test_what_cannot_be_reported_is_refused(reading_desk: FakeDesk) -> None:
    with pytest.raises(NotFound, match=r"Did you mean 'csat\.delivery'"):
        reported(reading_desk, Wanted(("csat.delivry",)), "en")
    with pytest.raises(TooLarge, match="21 measures"):
        reported(reading_desk, Wanted(tuple(f"m{i}" for i in range(21))), "en")
    with pytest.raises(TooLarge, match="title has 121"):
        Wanted(title="x" * 121)
    with pytest.raises(TooLarge, match="comment has 1,501"):
        Wanted(comment="x" * 1501)
    with pytest.raises(BadInput, match="cannot be read"):
        reported(reading_desk, Wanted(period="some day"), "en")


def test_the_writers_words_are_kept_apart_in_paragraphs(reading_desk: FakeDesk) -> None:
    found = made(reading_desk, replace(LATELY, title="  Höstens  ", comment="En rad\noch en till.\n\n\n\nNytt stycke. "))
    assert found.title == "Höstens"
    assert found.comment == ("En rad och en till.", "Nytt stycke.")
    assert LATELY.told() == {"period": "last 3 months", "compare": "previous"}
    assert "comment" not in replace(LATELY, comment="secret").told()


@pytest.mark.parametrize(("low", "value", "high", "shown"), [
    (-0.104, -0.071, -0.038, "Difference −7 percentage points (−10…−4)."), (0.01, 0.05, 0.09, "Difference +5 percentage points (1…9)."),
    (-0.05, 0.001, 0.052, "Difference 0 percentage points (−5…5)."),
])  # fmt: skip
def test_a_difference_is_signed_and_rounded_as_its_interval_deserves(low: float, value: float, high: float, shown: str) -> None:
    now = Estimate(0.7, 0.6, 0.8, 100)
    group = Group({}, DELIVERY, now, change=Change("rose", now, value, low, high, 0.01, 0.01))
    assert difference_in_words(group, Words("en")) == shown
    assert difference_in_words(replace(group, change=None), Words("en")) == ""


def test_all_measures_are_defined(lately: Report) -> None:
    assert {d.title for d in lately.definitions} == {m.title("en") for m in MEASURES}
    assert [d.asked for d in lately.definitions if d.title == "Delivery"] == ["How satisfied are you with the delivery?"]
    assert len(lately.methods) == 3


def phrases() -> set[str]:
    folders = (Path(export.__file__).parent, Path(report.__file__).parent)
    modules = [*(m for folder in folders for m in folder.glob("*.py")), Path(report_page.__file__), Path(files_page.__file__)]
    calls = [n for m in modules for n in ast.walk(ast.parse(m.read_text("utf-8"))) if isinstance(n, ast.Call)]
    said = [a.value for c in calls if ast.unparse(c.func) in {"words", "words.many"} for a in c.args[:2] if isinstance(a, ast.Constant)]
    named = (*reading.READING.values(), READING, "picture", "drawing", "Language of the report")
    return {text for text in (*said, *named, *asked.PERIODS.values()) if isinstance(text, str)}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_phrase_is_written_in_every_language(language: str) -> None:
    known = catalogue(language)
    missing = [p for p in phrases() if not (found := known.get(p)) or not found.string]
    plurals = {m.id[1] for m in known if isinstance(m.id, tuple)}
    assert not sorted(set(missing) - plurals)
    assert len(phrases()) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_in_one_language(reading_desk: FakeDesk, language: str) -> None:
    found = made(reading_desk, language=language)
    assert found.language == language
    assert {"en": "fell", "sv": "sjönk", "nb": "falt", "da": "faldt", "fi": "laski"}[language] in found.changed[0].said.sentence
    if language != "en":
        english = set(made(reading_desk).labels.values())
        assert not english & set(found.labels.values())
