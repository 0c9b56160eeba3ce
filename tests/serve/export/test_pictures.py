"""An answer as a picture: the same chart as on the page, with all that is needed to read it alone, in five languages, light and dark."""

import re
import struct
import tomllib
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from gensvar.kit.language import LANGUAGES
from gensvar.measure import Answer, parse_question
from gensvar.measure.answer import Estimate, Group
from gensvar.measure.question import Question
from gensvar.serve.export.drawing import svg_of
from gensvar.serve.export.fonts import FOLDER
from gensvar.serve.export.pictures import HEADLINE, MOST_GROUPS, WIDTH, Look, ems, picture_png, picture_svg, wrapped
from gensvar.serve.web.blocks import groups_view
from gensvar.serve.web.noted import Noted
from gensvar.serve.web.palette import DARK, LIGHT
from gensvar.serve.web.words import Words
from tests.serve.export.test_answers import PULSE, hidden
from tests.serve.web.desk import TODAY, FakeDesk

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Asiakaspalvelukokemuksen kokonaistyytyväisyysindeksi verkkokaupan palautusprosessissa"


def asked(desk: FakeDesk, *words: str, language: str = "en") -> Answer:
    return desk.ask(parse_question(*words, today=TODAY), language)


def texts(svg: str) -> list[str]:
    """Everything that the picture says, in order."""
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 (we drew it)


def said(svg: str) -> str:
    return " ".join(" ".join(texts(svg)).replace("\u00a0", " ").split())


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Sweden", "Norway", "by market", "against the period before", "60 %", "The dot is the value", "956 answers"]),
    ("sv", ["Sverige", "Norge", "per marknad", "mot perioden före", "60 %", "Pricken är värdet", "956 svar"]),
    ("nb", ["Sverige", "Norge", "per marked", "mot perioden før", "60 %", "Prikken er verdien", "956 svar"]),
    ("da", ["Sverige", "Norge", "pr. marked", "mod perioden før", "60 %", "Prikken er værdien", "956 svar"]),
    ("fi", ["Ruotsi", "Norja", "markkinoittain", "verrattuna: edellinen jakso", "60 %", "Piste on arvo", "956 vastausta"]),
])  # fmt: skip
def test_a_picture_says_all_that_it_takes_to_read_it(reading_desk: FakeDesk, language: str, words: list[str]) -> None:
    answer = asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "", "previous", language=language)
    n = sum(g.verdict.n for g in answer.groups if isinstance(g.verdict, Estimate))
    whole = said(picture_svg(answer, Words(language)))
    for word in words:
        assert word.replace("956", str(n)) in whole, f"{word!r} is not in {whole}"
    assert " ".join(answer.sentence.replace("\u00a0", " ").split()) in whole
    assert "csat.delivery" in whole


def test_the_chart_is_the_pages_own(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "", "previous")
    spec = groups_view(answer, Words("en"), "").spec
    assert spec
    drawn = texts(svg_of(spec, 640))
    assert set(drawn) <= set(texts(picture_svg(answer, Words("en")))) | {"40 %", "50 %", "60 %", "70 %", "80 %", "90 %", "40\u00a0%"}
    assert svg_of(spec, 640) == svg_of(spec, 640)


def test_trends_of_several_groups_stand_in_two_columns_on_one_scale(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.delivery", "market", "", "last 12 months", "month", "")
    drawn = texts(picture_svg(answer, Words("en")))
    assert [t for t in drawn if t in {"Sweden", "Norway", "Denmark", "Finland"}] == ["Sweden", "Norway", "Denmark", "Finland"]
    scales = [t for t in drawn if re.fullmatch(r"\d+\u00a0%", t)]
    assert len([t for t in scales if t == "60\u00a0%"]) >= 4


def test_what_was_noted_stands_on_the_trend(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.delivery", "market", "", "last 12 months", "month", "")
    note = Noted(1, date(2026, 8, 12), "Strike at the carrier")
    svg = picture_svg(answer, Words("en"), Look(noted=lambda key: (note,) if key == {"market": "NO"} else ()))
    assert texts(svg).count("Strike at the carrier") == 1


def test_light_and_dark_differ_in_colour_alone(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.delivery", "", "", "last 12 months", "month", "")
    light, dark = (picture_svg(answer, Words("en"), Look(mode)) for mode in ("light", "dark"))
    assert texts(light) == texts(dark)
    assert LIGHT["sheet"] in light
    assert DARK["sheet"] in dark
    assert LIGHT["ink"] not in dark
    assert "var-" not in light + dark


def test_a_png_is_twice_as_sharp_and_not_blank(reading_desk: FakeDesk) -> None:
    png = picture_png(asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "", "previous"), Words("sv"))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width == 2 * WIDTH
    assert 500 < height < 1200
    assert len(png) > 50_000


def test_too_few_hidden_and_nothing_are_said_in_place_of_a_chart(reading_desk: FakeDesk) -> None:
    few = asked(reading_desk, "csat.price", "", "market=FI", "last month", "", "previous")
    assert "3 answers; 30 are needed" in said(picture_svg(few, Words("en")))
    alone = replace(hidden(), groups=hidden().groups[1:], question=Question("enps.pulse", by=("unit",)))
    whole = said(picture_svg(alone, Words("en")))
    assert "Hidden: too few people to stay unknown." in whole
    assert "0 answers" in whole
    assert "The dot is" not in whole, "there is no chart to explain"
    nothing = Answer(Question("csat.delivery"), (), "No answers yet.")
    assert "No answers in this period." in said(picture_svg(nothing, Words("en")))
    partly = said(picture_svg(replace(hidden(), question=Question("enps.pulse", by=("unit",))), Words("en")))
    assert "hidden: too few people to stay unknown" in partly
    assert "Groups in which few answered are not shown." in partly


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><image href="http://x/">', "a & b", "\x00\x07\x1b[31m", "]]>", "{ink}", "😀 漢字", LONG]
)
def test_any_name_is_drawn_as_text(hostile: str) -> None:
    measure = replace(PULSE, name={"en": hostile})
    group = Group({"unit": hostile}, measure, Estimate(10.0, 5.0, 15.0, 100), sentence=f"{hostile}: 10 (5–15).")
    answer = Answer(Question("enps.pulse", by=("unit",)), (group,), f"{hostile}: 10 (5–15).", notes=(hostile,))
    svg = picture_svg(answer, Words("en"))
    tree = ET.fromstring(svg)  # noqa: S314 (we drew it)
    assert not [e for e in tree.iter() if e.tag in {f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"}]
    assert not [e for e in tree.iter() if any(a.endswith("href") or a.startswith("on") for a in e.attrib)]
    assert picture_png(answer, Words("en"))[:4] == b"\x89PNG"


def test_ten_thousand_groups_are_forty_and_a_remark() -> None:
    groups = tuple(Group({"unit": f"Enhet {i}"}, PULSE, Estimate(10.0, 5.0, 15.0, 100)) for i in range(10_000))
    svg = picture_svg(Answer(Question("enps.pulse", by=("unit",)), groups, "…"), Words("en"))
    assert "9,960 smaller groups are left out; they are in the table." in said(svg)
    assert len([t for t in texts(svg) if t.startswith("Enhet")]) == MOST_GROUPS
    assert len(svg) < 200_000


def test_a_picture_opens_no_address(reading_desk: FakeDesk) -> None:
    svg = picture_svg(asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "", "previous"), Words("en"))
    assert set(re.findall(r"https?://[^\"' )]+", svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    with pytest.raises(ValueError, match="not allowed"):
        svg_of({"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar"}, 100)


def test_several_may_draw_at_once(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "", "previous")
    with ThreadPoolExecutor(4) as hands:
        assert len({*hands.map(lambda _: picture_svg(answer, Words("en")), range(8))}) == 1


@pytest.mark.parametrize("text", [LONG, "A short one", "M" * 200, "", "one " * 60, LONG.replace(" ", "")])
def test_text_is_set_in_lines_that_fit(text: str) -> None:
    lines = wrapped(text, HEADLINE, 600)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(ems(line) * HEADLINE.size <= 600 for line in lines)
    assert lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_month_names_on_its_axis(reading_desk: FakeDesk, language: str) -> None:
    drawn = texts(picture_svg(asked(reading_desk, "csat.delivery", "", "", "last 12 months", "month", "", language=language), Words(language)))
    assert {"en": "Nov", "sv": "nov", "nb": "nov", "da": "nov", "fi": "marras"}[language] in " ".join(drawn)


def test_every_font_is_as_it_was_made_and_keeps_its_licence() -> None:
    listed = tomllib.loads((FOLDER / "vendor.toml").read_text("utf-8"))["file"]
    for file in listed:
        assert sha256((FOLDER / file["name"]).read_bytes()).hexdigest() == file["sha256"], f"{file['name']}: not as tools/fonts.py made it"
        assert "SIL Open Font License" in (FOLDER / file["licence_file"]).read_text("utf-8")
        assert (FOLDER / file["from"]).is_file()
        assert "source" not in file["name"].casefold(), "a changed font may not bear the reserved name"
    named = {f["name"] for f in listed} | {f["licence_file"] for f in listed} | {"vendor.toml"}
    assert {str(p.relative_to(FOLDER)) for p in Path(FOLDER).rglob("*") if p.is_file()} == named
