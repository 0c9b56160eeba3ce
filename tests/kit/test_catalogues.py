"""Every word that a reader sees is written in all five languages: in code, in templates, and nowhere else. Nothing in the catalogues is left over."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment

import gensvar
from gensvar.kit.language import LANGUAGES

SOURCE = Path(gensvar.__file__).parent
TEMPLATES = sorted((SOURCE / "serve" / "web" / "templates").rglob("*.html"))
SCRIPTS = sorted((SOURCE / "serve" / "web" / "static").glob("*.js"))
OTHERS = tuple(code for code in LANGUAGES if code != "en")
SAYING = frozenset({"words", "w", "t", "phrase", "self.words", "visit.words", "who.words", "say"})
SAYING_MORE = frozenset({"many", "filled", "ngettext", "gettext"})
IN_TEMPLATE = re.compile(r"""\bw(\.many|\.filled)?\(\s*("[^"]*"|'[^']*')(?:,\s*("[^"]*"|'[^']*'))?""")
QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
PLACES = re.compile(r"\{(\w+)")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = frozenset({"alt", "aria-label", "aria-description", "placeholder", "title"})
CODE_ELEMENTS = frozenset({"code", "kbd", "pre", "script", "style", "svg"})

SAME: Mapping[str, frozenset[str]] = {
    "a name": frozenset({"Net Promoter Score"}),
    "the same word in that language": frozenset(
        {
            "Text", "Definition, version {version}", "Version {version}", "trend {step}", "segment", "{measure}, version {version}",
            "version {version}", "Definition", "period", " for {group}", "Interval, 95 %", "browser", "Note", "Administrator", "Stop", "idea",
            "{n} negative", "{n} positive",
            "Tone", "tone", "version",
        }
    ),
}  # fmt: skip
"""Why a translation may be the English text itself → those messages. Everything else that is the same was forgotten."""
NAMES_IN_TEMPLATES = frozenset({"Gensvar", "CSV", "JSON"})


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def in_code() -> frozenset[tuple[str, str]]:
    """Every message that code says, as it stands, with the module that says it."""
    return frozenset((text, str(path.relative_to(SOURCE))) for path in SOURCE.rglob("*.py") for text in _said(ast.parse(path.read_text("utf-8"))))


def _said(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            plural = isinstance(node.func, ast.Attribute) and node.func.attr in SAYING_MORE
            if plural or ast.unparse(node.func) in SAYING:
                yield from (a.value for a in node.args[: 2 if plural else 1] if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value)


@cache
def in_templates() -> frozenset[tuple[str, str]]:
    """Every message that a template says, with the template."""
    found = ((m, path) for path in TEMPLATES for m in IN_TEMPLATE.finditer(path.read_text("utf-8")))
    return frozenset((text.strip("\"'"), path.name) for m, path in found for text in (m[2], m[3] if m[1] == ".many" else None) if text)


@cache
def everything_written() -> str:
    """All text of code and templates in which a message could stand."""
    strings = (
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    quoted = (text for path in TEMPLATES for pair in QUOTED.findall(path.read_text("utf-8")) for text in pair)
    return "\0".join(["", *strings, *quoted, *(text for text, _ in in_templates()), ""])


@cache
def messages(language: str) -> dict[str, tuple[Message, str]]:
    """Message → its entry and catalogue; each form of a plural by itself."""
    found: dict[str, tuple[Message, str]] = {}
    for path in sorted((SOURCE / "kit" / "locale" / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                for text in message.id if isinstance(message.id, list | tuple) else (message.id,):
                    if text:
                        found.setdefault(text, (message, path.stem))
    return found


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_that_is_said_is_written(language: str) -> None:
    known = messages(language)
    missing = sorted((where, text) for text, where in in_code() | in_templates() if text not in known)
    assert not missing, f"{len(missing)} messages are not written in {language}: {missing}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_whole(language: str) -> None:
    """Each form is there, none is doubtful, and each has the same places to fill as the English."""
    for text, (message, catalogue) in messages(language).items():
        assert all(forms(message)), (catalogue, text)
        assert not message.fuzzy, (catalogue, text)
        ids = tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)
        wanted = set().union(*(PLACES.findall(i) for i in ids)) - {"n"}
        assert all(set(PLACES.findall(form)) - {"n"} == wanted for form in forms(message)), (catalogue, text)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_over(language: str) -> None:
    written = everything_written()
    unused = sorted((catalogue, text) for text, (_, catalogue) in messages(language).items() if f"\0{text}\0" not in written)
    assert not unused, f"{len(unused)} messages are said nowhere any more: {unused}"
    for path in (SOURCE / "kit" / "locale" / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            assert not read_po(file, locale=language).obsolete, path


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_stands_in_two_catalogues(language: str) -> None:
    counted: Counter[str] = Counter()
    for path in (SOURCE / "kit" / "locale" / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            counted.update(str(m.id[0] if isinstance(m.id, list | tuple) else m.id) for m in read_po(file, locale=language) if m.id)
    assert [text for text, n in counted.items() if n > 1] == []


def test_what_is_the_same_as_in_english_is_so_for_a_reason() -> None:
    allowed = frozenset().union(*SAME.values())
    same: dict[str, list[str]] = {}
    for language in OTHERS:
        for text, (message, _) in messages(language).items():
            if text in forms(message) and LETTERS.search(PLACES.sub("", text)):
                same.setdefault(text, []).append(language)
    assert sorted(set(same) - allowed) == []
    assert sorted(allowed - set(same)) == [], "allowed, but not the same anywhere: take it off the list"


# ── what is not said through the catalogues ──────────────────────────────────────────────────────────────────────────


class Text(HTMLParser):
    """Collects what a reader would see or hear of a page, outside of code and of quotations, which say their own language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._code: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]
        spoken = tag != "html" and any(name == "lang" and LETTERS.search(value or "") for name, value in attrs)
        if tag in CODE_ELEMENTS or spoken:
            self._code.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._code and self._code[-1] == tag:
            self._code.pop()

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def bare_text(template: str) -> list[str]:
    """The words of a template that stand outside of Jinja's own braces, and so in one language only."""
    outside = "".join(value if kind == "data" else " " for _, kind, value in Environment(autoescape=True).lex(template))
    page = Text()
    page.feed(outside)
    page.close()
    words = (word for text in page.found for word in LETTERS.findall(text))
    return [word for word in words if word not in NAMES_IN_TEMPLATES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    assert bare_text(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<p title="Hello">{{ w("Hello") }}</p>', ["Hello"]),
        ('<img alt="A {{ x }} picture"> <code>gensvar up</code> <b class="warn">v{{ n }}</b>', ["picture"]),
        ("{% if a %}<a href='/sources'>{{ w('x') }}</a>{% endif %}{# a comment #} · 95 %", []),
    ],
)
def test_a_bare_word_is_found(template: str, words: list[str]) -> None:
    assert bare_text(template) == words


STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')
COMMENT = re.compile(r"^\s*//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"""(?:textContent|innerText|innerHTML|title|ariaLabel|placeholder)\s*\+?=\s*["'`][^"'`]*[A-Za-z]{2}""")
SENTENCE = re.compile(r"^[A-ZÅÄÖ][a-zåäö]+(?: [\w’',–-]+)+[.?!…]?$")


def spoken(script: str) -> list[str]:
    """Strings of a script that a reader would see: sentences, and what is put on the page as text."""
    bare = COMMENT.sub("", script)
    strings = ["".join(groups) for groups in STRING.findall(bare)]
    return [s for s in strings if SENTENCE.match(s)] + SHOWN.findall(bare)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_hold_no_words(path: Path) -> None:
    assert spoken(path.read_text("utf-8")) == []


def test_a_spoken_string_is_found() -> None:
    assert spoken('status.textContent = "Saved";') == ['textContent = "Saved']
    assert spoken('show("Nothing was found.")') == ["Nothing was found."]
    assert spoken('// Says: "Nothing was found."\nplace.textContent = name; find(\'.chart .canvas\'); say("Escape")') == []
