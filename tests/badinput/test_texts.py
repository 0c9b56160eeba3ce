"""Texts that nobody means: read in time that grows with their length alone, taken or refused in words, and shown as text on every page."""

import csv
import html
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec
import pytest

from gensvar import flow
from gensvar.hub.answers import LONGEST_TEXT
from gensvar.text.language import LANGUAGES, detect
from gensvar.text.redact import Redactor
from gensvar.text.sentences import clauses, sentences
from gensvar.text.understand import Reader
from tests.badinput.sending import fine, good, reasons, records, sent
from tests.houses import HEADER
from tests.serve.conftest import Served

LENGTHS: Final = (19_000, LONGEST_TEXT)  # of which the first is within what sentences are cut from
MARKS: Final = re.compile(r"</?(?:span|mark)\b[^>]*>")
READER: Final = Reader.load()
TEXTS: Final[Mapping[str, str]] = {
    "one emoji": "👍",
    "emoji alone": "👩‍👩‍👧‍👦🏳️‍🌈😡😡",
    "one word at the limit": "ö" * LONGEST_TEXT,
    "10,000 sentences": ("Bra. " * 20_000)[: LONGEST_TEXT - 1] + "!",
    "Arabic and Swedish": "الخدمة سيئة men föraren var vänlig",
    "Chinese": "服务很差，再也不来了。",
    "Japanese": "とても良いサービスでした。",
    "Thai": "บริการดีมากแต่รอนาน",
    "code": 'for (i = 0; i < n; i++) { x[i] = \'<b>\' && "a\\"b"; } // ${x} {{ y }}',
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;",
    "zalgo": "D" + "\u0300\u0338\u0489" * 500 + "ålig",
    "bidi overrides": "\u202edra sämre\u2066 bra\u202c",
    "joiners within words": "le\u200dve\u200brans\u00aden var\u2060 se\ufeffn",
    "control characters": "a\x01\x02\x1b[31mröd\x7f",
    "NUL": "bra\x00dåligt",
    "placeholders alone": "[e-post] [telefon] [namn]",
    "brackets": "[[[e-post]]] ⟦name⟧",
    "private use": "\ue000\U0010fffd",
    "formula": '=HYPERLINK("http://x")',
    "line ends": "a\u2028b\x85c\x0bd\x0ce",
}
HIDDEN: Final[Mapping[str, str]] = {
    "plain": "kim.ek@example.org",
    "homoglyphs": "kim.\u0435k@\u0435xampl\u0435.org",
    "full width": "ｋｉｍ．ｅｋ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "zero-width": "kim\u200b.ek\u200d@exa\u2060mple.org",
    "NUL in it": "kim.e\x00k@example.org",
    "zalgo in it": "k\u0338im.ek@exa\u0300mple.org",
    "bidi in it": "kim.ek\u202e@\u202cexample.org",
    "(at)": "kim.ek (at) example (dot) org",
    "at": "kim.ek at example dot org",
    "snabel-a": "kim.ek snabel-a example.org",
    "Arabic digits": "٠٧٠-١٧٤ ٠٦ ٠٥",
    "full-width digits": "０７０－１７４ ０６ ０５",
    "joined digits": "070\u200d-174\u200b 06 05",
}
PAGES: Final = (
    "/voices?period=all", "/voices.json?period=all", "/voices?period=all&q=bra", "/voices?period=all&q=%E2%80%AE%00", "/topics", "/needs",
    "/text-quality", "/themes",
)  # fmt: skip
EVIL: Final = (
    "a", "1", " ", "!", ".", "😀", "👩\u200d", "😀 ", ", ", " - ", "-", " men", "but ", "\n", '."', "\u0300", "Z\u0300", "Bra. ",
    "你好", "สวัสดี", "مرحبا ", "(", "<", "[", "[e-post]", ":)", "www.", "a@", "a.b@", "http://", "not ", "-a", "a'", "a at ", "a (at) b dot ",
    "Hej Anna ", "070-", "Storgatan 1 ", "\ud800", "\x00", "[^a]*", "١",
)  # fmt: skip


def _cut(text: str) -> None:
    for start, end in sentences(text):
        clauses(text, start, end)


ROUTES: Final[Mapping[str, Callable[[str], object]]] = {
    "redaction": Redactor().text,
    "language": lambda text: detect([text]),
    "sentences": _cut,
    "reading": lambda text: READER.read([text], ["sv"]),
}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("piece", EVIL, ids=ascii)
def test_no_text_takes_long(piece: str, length: int) -> None:
    """A run of 19,000 blanks once took two minutes to cut into clauses, and one of emoji eleven seconds."""
    text = "x" + piece * (length // len(piece) - 2) + "x"
    for name, read in ROUTES.items():
        began = time.process_time()
        read(text)
        assert time.process_time() - began < 3, name


@pytest.mark.parametrize("name", [*TEXTS, *HIDDEN])
def test_any_text_is_in_a_language_or_in_none_and_is_judged(name: str) -> None:
    text = {**TEXTS, **HIDDEN}[name]
    assert detect([text])[0].language in {*LANGUAGES, None}
    judged = READER.read([text], [None])[0].whole
    assert -1 <= judged.value <= 1
    assert sum(judged.tones) == pytest.approx(1, abs=0.001)


def _stand(served: Served, texts: Mapping[str, str]) -> None:
    """Each text is one row, read as far as it can be; what is shown of it is text, and holds nothing of what redaction found."""
    rows = {str(r["record"]): r for r in records(served)}
    assert texts.keys() <= rows.keys()
    for name in texts:
        row = rows[name]
        assert row["language"] in {*LANGUAGES, None}
        assert row["text"]
        page = served.client.get(f"/voices/{row['id']}", headers={"accept": "text/html"})
        assert page.status_code == 200, name
        assert not any(secret in page.text for secret in HIDDEN.values()), name
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        if name in HIDDEN:
            assert str(row["text"]).startswith("ring [")
            assert str(row["text"]).endswith("] tack")
        elif len(TEXTS[name]) < 200 and name not in {"NUL", "control characters", "line ends"}:
            assert str(row["text"]) in html.unescape(MARKS.sub("", page.text)), name


def _all() -> dict[str, str]:
    return {**TEXTS} | {name: f"ring {said} tack" for name, said in HIDDEN.items()}


def test_texts_that_nobody_means_through_the_api(served: Served) -> None:
    assert sent(served, [good(record=name, text=text) for name, text in _all().items()]).status_code == 202
    served.flowed()
    _stand(served, _all())
    for path in PAGES:
        page = served.client.get(path, headers={"accept": "text/html"})
        assert page.status_code == 200, path
        assert "json" in page.headers["content-type"] or ("<script>alert" not in page.text and "<img src=x" not in page.text), path
        assert not any(secret in page.text for secret in HIDDEN.values()), path


def test_texts_that_nobody_means_through_a_file(served: Served, tmp_path: Path) -> None:
    texts = {name: text for name, text in _all().items() if "\x00" not in text}
    path = tmp_path / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        csv.writer(file).writerows([name, "2026-09-01T10:00", "", "SE", 4, text] for name, text in texts.items())
    receipt = flow.import_file(served.house, path, "survey")
    assert not receipt.set_aside
    for row in records(served):
        if row["item"] == "why" and row["record"] in HIDDEN:
            assert str(row["text"]).startswith("ring [")
    assert {str(r["record"]) for r in records(served) if r["item"] == "why"} == texts.keys()


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u2003", "\u200b"], ids=ascii)
def test_nothing_said_is_no_text(served: Served, text: str) -> None:
    assert sent(served, [good(record="x", text=text)]).status_code == 202
    served.flowed()
    (row,) = records(served)
    assert not (row["text"] or "").strip("\u200b")
    assert row["language"] is None
    assert row["score"] == 5


def test_half_a_character_costs_nothing_else(served: Served) -> None:
    raw = msgspec.json.encode(good(record="x", text="ring kim@example.org SIGN tack")).replace(b"SIGN", b"\\ud83d")
    assert sent(served, b"[" + raw + b"]").status_code == 202
    served.flowed()
    (row,) = records(served)
    assert row["text"] == "ring [e-post] \ufffd tack"


@pytest.mark.parametrize("text", ["å" * 1_000_000, "inte bra " * 120_000], ids=["one word", "many words"])
def test_a_text_of_a_megabyte_is_refused_in_words(served: Served, tmp_path: Path, text: str) -> None:
    answered = sent(served, good(record="x", text=text))
    assert answered.status_code == 422
    assert len(str(fine(answered))) < 2_000
    path = tmp_path / "long.csv"
    path.write_text(f"{HEADER}x,2026-09-01T10:00,,SE,4,{text}\n", "utf-8")
    flow.import_file(served.house, path, "survey")
    assert reasons(served) == {"too_long"}
