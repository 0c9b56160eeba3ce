"""Words: every phrase of the pages is written in all five languages, with the same places in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup

from gensvar.kit.errors import GensvarError
from gensvar.kit.language import catalogue
from gensvar.serve import web
from gensvar.serve.web import asked, blocks, compare_page, forms, gaps, heat, overview, set_aside_page, sources_page, team_page, words
from gensvar.serve.web.words import LANGUAGES, Words

FOLDER = Path(web.__file__).parent
IN_TEMPLATE = re.compile(r"""\bw(?:\.many|\.filled)?\(\s*(?:"([^"]+)"|'([^']+)')(?:,\s*"([^"]+)")?""")
PLACES = re.compile(r"\{(\w+)\}")
TABLES = (
    asked.PERIODS, asked.AGAINST, asked.GRAIN_NAMES, words.BY_NAMES, asked.ALL_OF, blocks.METHODS, set_aside_page.REASONS,
    set_aside_page.STATES, sources_page.STATES, words.MARK_NAMES, overview.AUDIENCES,
    compare_page.AGAINST_TOO, compare_page.OF_NAMES, compare_page.ALL_OF, heat.BESIDE_REST, gaps.UNITS, team_page.BEARS,
)  # fmt: skip
SAID = (
    "period", "compared with", "cut by", "step of the trend", "as a whole", "sure", "likely", "guess",
    "rows", "columns", "one table", "a table for each of", "what a team is",
)  # fmt: skip


def in_templates() -> Iterator[str]:
    for template in (FOLDER / "templates").iterdir():
        for found in IN_TEMPLATE.finditer(template.read_text("utf-8")):
            yield found[1] or found[2]
            if found[3]:
                yield found[3]


def in_code() -> Iterator[str]:
    for module in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"words", "words.many"}:
                yield from (a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def titles(kind: type[GensvarError] = GensvarError) -> Iterator[str]:
    """What each kind of error is called, at the top of its page."""
    yield kind.title
    for narrower in kind.__subclasses__():
        yield from titles(narrower)


def phrases() -> set[str]:
    return {*in_templates(), *in_code(), *SAID, *(text for table in TABLES for text in table.values()), *titles(), *sources_page.RECEIPT_LINES}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_phrase_is_written(language: str) -> None:
    known: dict[str, str] = {}
    for message in catalogue(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        known |= dict(zip(ids, strings, strict=False))
    missing = sorted(p for p in phrases() if not known.get(p))
    assert not missing, f"{len(missing)} phrases are not written in {language}: {missing}"
    changed = sorted(p for p in phrases() if set(PLACES.findall(p)) != set(PLACES.findall(known[p])))
    assert not changed


def test_there_is_much_to_say() -> None:
    assert len(phrases()) > 150


def test_pieces_of_the_page_are_kept_and_text_is_escaped() -> None:
    filled = Words("en").filled("<{market}>", market="a & b")
    assert filled == "&lt;a &amp; b&gt;"


def test_a_sign_after_a_choice_stays_with_it_and_a_long_title_may_break() -> None:
    one = Markup("<select></select>")
    assert Words("en").filled("{a}, {b}, {c}", a=one, b="Long", c=one) == '<span class="held"><select></select>,</span> Long, <select></select>'


def test_receipts_and_states_are_said() -> None:
    assert forms.said({"taken": "2", "again": "1", "discarded": "x"}, Words("en")) == (
        "2 rows were taken in.",
        "1 row was set aside again; its message says why.",
    )
