"""A report on paper: a tagged PDF of a few pages that says all that the value says, whatever its names hold."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from gensvar.kit.language import LANGUAGES
from gensvar.kit.scope import Scope, whole
from gensvar.serve.report import Report, Wanted, pages_of, pdf_of, report_file, report_of, reported
from gensvar.serve.web.words import Words
from tests.serve.report.test_content import LATELY, grown, made
from tests.serve.web.desk import TODAY, FakeDesk

LONG = "Asiakaspalvelukokemuksen kokonaistyytyväisyysindeksi verkkokaupan palautusprosessissa"
HOSTILE = "#set page(width: 1cm) $x$ \\ @ref <b> *b* _i_ `c` // [a] #panic()"


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def plain(text: str) -> str:
    """Text as it is compared: without spaces, joiners and hyphens at the end of a line."""
    return re.sub(r"[\s\u00a0\u2060\u00ad]+", "", text.replace("-\n", ""))


def root(pdf: bytes) -> Any:
    """The document's catalogue."""
    return read(pdf).trailer["/Root"]


def said(pdf: bytes) -> str:
    return plain("\n".join(page.extract_text() for page in read(pdf).pages))


@pytest.fixture(scope="module")
def lately(reading_desk: FakeDesk) -> Report:
    return made(reading_desk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said_stands_on_paper(reading_desk: FakeDesk, language: str) -> None:
    report = made(reading_desk, language=language)
    whole_text = said(pdf_of(report))
    for sentence in (
        report.title,
        report.headline,
        report.subtitle,
        *(f.said.sentence for f in report.changed),
        *(f.figures for f in report.changed),
    ):
        assert plain(sentence) in whole_text, sentence
    for one in (*report.same, *report.unknown, *report.standing):
        assert plain(one.sentence) in whole_text, one.sentence
    for line in report.lines:
        assert all(plain(cell) in whole_text for cell in (line.measure, *line.cells)), line
    for label in ("numbers", "method", "read"):
        assert plain(report.labels[label]) in whole_text
    assert plain(report.labels["page"].format(page=1, pages=len(read(pdf_of(report)).pages))) in whole_text


def test_it_is_tagged_titled_and_dated(lately: Report) -> None:
    pdf, catalog = read(pdf_of(lately)), root(pdf_of(lately))
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/StructTreeRoot"]
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == (lately.title, "Gensvar")
    assert pdf.metadata.creation_date
    assert pdf.metadata.creation_date.date() == TODAY
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()


def test_charts_have_words_for_those_who_cannot_see_them(lately: Report) -> None:
    tree = root(pdf_of(lately))["/StructTreeRoot"]
    assert any(lately.changed[0].said.sentence.replace("\u00a0", " ")[:30] in alt.replace("\u00a0", " ").replace("\u2060", "") for alt in alts(tree))


def alts(node: object, depth: int = 0) -> list[str]:
    """Every alternative text in a structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for one in node for alt in alts(one, depth)]
    if not isinstance(node, dict) or depth > 30:
        return []
    return [*([str(node["/Alt"])] if "/Alt" in node else []), *alts(node.get("/K", []), depth + 1)]


def test_the_same_report_is_the_same_bytes(lately: Report) -> None:
    assert pdf_of(lately) == pdf_of(lately)


@pytest.mark.parametrize("name", [HOSTILE, '"; import "x.typ', "{report}", "\x00\x07\x1b", "<svg", LONG * 2])
def test_any_name_is_set_as_text(reading_desk: FakeDesk, name: str) -> None:
    [one] = reported(reading_desk, replace(LATELY, measures=("csat.delivery",)), "en")
    measure = replace(one.measure, name={"en": name}, wording={"en": name}, owner=name)
    whole_answer = replace(
        one.whole, groups=tuple(replace(g, measure=measure, sentence=f"{name}: {g.sentence}") for g in one.whole.groups), notes=(name,)
    )
    wanted = replace(LATELY, title=name[:120], comment=name)
    pdf = pdf_of(report_of([replace(one, measure=measure, whole=whole_answer)], wanted, whole(), TODAY, Words("en")))
    assert len(read(pdf).pages) <= 2
    assert plain(re.sub(r"[\x00-\x1f]", "", name))[:60] in said(pdf)


def test_a_sign_without_a_letterform_is_no_fault(reading_desk: FakeDesk) -> None:
    pdf = pdf_of(made(reading_desk, replace(LATELY, title="漢字 \U000f0000", comment="😀")))
    assert root(pdf)["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("language", ["fi", "da", "sv"])
def test_twenty_measures_with_long_names_are_four_pages(reading_desk: FakeDesk, language: str) -> None:
    found = {r.measure.id: r for r in reported(reading_desk, LATELY, language)}
    many = [grown(found["csat.delivery"], i) for i in range(12)] + [grown(found["csat.support"], i) for i in range(8)]
    renamed = [replace(r, measure=replace(r.measure, name={language: f"{LONG} {i}"})) for i, r in enumerate(many)]
    spoken = [replace(r, whole=replace(r.whole, groups=tuple(replace(g, sentence=f"{LONG}: {g.sentence}") for g in r.whole.groups))) for r in renamed]
    assert len(read(pdf_of(report_of(spoken, LATELY, whole(), TODAY, Words(language)))).pages) <= 4


def test_one_measure_none_and_a_scope_are_one_page(reading_desk: FakeDesk) -> None:
    scope = Scope(rows={"market": frozenset({"NO"})})
    for wanted, desk in ((replace(LATELY, measures=("csat.delivery",)), reading_desk), (Wanted(), FakeDesk(None, given=()))):
        pdf = pdf_of(made(desk, wanted, scope, "sv"))
        assert len(read(pdf).pages) == 1
        assert plain("marknad: Norge") in said(pdf) or desk.hub is None


def test_pages_are_pictures_too(lately: Report) -> None:
    pages = pages_of(lately, 50)
    assert len(pages) == len(read(pdf_of(lately)).pages)
    assert all(page[:4] == b"\x89PNG" for page in pages)


def test_a_report_is_a_file_to_take_along(reading_desk: FakeDesk) -> None:
    file = report_file(reading_desk, LATELY, whole(), "sv-SE")
    assert (file.name, file.type) == ("gensvar-report-2026-11-01.pdf", "application/pdf")
    assert file.body.startswith(b"%PDF-")
    assert root(file.body)["/Lang"] == "sv"
