"""Every phrase of people's pages is written in all five languages."""

import ast
from pathlib import Path

import pytest

import gensvar
from gensvar.kit.language import LANGUAGES, catalogue

ROOT = Path(gensvar.__file__).parent
PAGES = ("account_page", "api_keys_page", "entrance", "people_page", "scope_form", "sign_in_page", "welcome_page")
MODULES = [*sorted((ROOT / "serve" / "people").glob("*.py")), ROOT / "demo" / "people.py", *(ROOT / "serve" / "web" / f"{name}.py" for name in PAGES)]
SAYING = {"phrase", "words", "visit.words", "words.many"}
ELSEWHERE = ("A person needs a name", "never", "no end")


def phrases() -> set[str]:
    calls = [node for path in MODULES for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if ast.unparse(call.func) in SAYING and call.args]
    return {arg.value for arg in said if isinstance(arg, ast.Constant) and isinstance(arg.value, str)} | set(ELSEWHERE)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_phrase_is_written(language: str) -> None:
    known = {message.id: message.string for message in catalogue(language) if isinstance(message.id, str)}
    assert len(phrases()) > 50
    assert not [phrase for phrase in sorted(phrases()) if not known.get(phrase)]
