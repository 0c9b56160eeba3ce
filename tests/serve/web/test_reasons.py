"""Every reason for which a row can be set aside is said in words: the list on the page against what stands in the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gensvar
from gensvar.hub.intake import MEANT
from gensvar.serve.web.set_aside_page import REASONS, says
from gensvar.serve.web.words import LANGUAGES, Words

SOURCE = Path(gensvar.__file__).parent
ROOMS = ("hub", "collect", "flow.py", "identity")
TOLD_BY = {"Fault": 1, "SetAside": 1, "add": 1, "stop": 1, "_aside": 1, "_note": 3}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def modules() -> Iterator[ast.Module]:
    for room in ROOMS:
        place = SOURCE / room
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield ast.parse(path.read_text("utf-8"))


def codes_of(value: ast.expr) -> Iterator[str]:
    """The codes that an expression may come to: a constant, either branch, each of a tuple."""
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            yield node.value


def reasons_in(module: ast.Module) -> Iterator[str]:
    """Codes given where a reason is told, and those assigned to something called `reason`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            at = TOLD_BY.get(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant | ast.IfExp):
                yield from codes_of(node.args[at])
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "reason":
            yield from codes_of(node.value)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and getattr(node.targets[0].elts[0], "id", "") == "reason":
            sides = [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            yield from (code for side in sides if isinstance(side, ast.Tuple) for code in codes_of(side.elts[0]))


def told() -> set[str]:
    """bad_{kind} is made of the kinds of contact detail; everything else stands as it is."""
    return {code for module in modules() for code in reasons_in(module)} | {f"bad_{kind}" for kind in MEANT}


def test_every_reason_of_the_source_has_words() -> None:
    assert len(told()) > 20
    assert sorted(told() - REASONS.keys()) == [], "write these in REASONS, and in every language"
    assert sorted(REASONS.keys() - told()) == [], "nothing is set aside for these any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_said_and_never_shown_as_a_code(language: str) -> None:
    said = [says(reason, Words(language)) for reason in REASONS]
    assert all(said)
    assert len({*said}) == len(said)
    assert not any("_" in text for text in said)
