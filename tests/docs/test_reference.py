"""The reference is what the product is: up to date, and with a place for every setting, command, operation, metric, table and error."""

import re
from collections.abc import Iterable

import pytest

from gensvar.contracts import TABLES
from gensvar.contracts.measures import Measure
from gensvar.hub import EventItem, FeedbackItem
from gensvar.kit.rights import KEY_RIGHTS, RIGHTS, ROLES
from gensvar.kit.settings import SETTINGS
from gensvar.measure import METRICS
from gensvar.serve import reference
from gensvar.serve.glossary import glossary
from gensvar.serve.operations import OPERATIONS
from gensvar.serve.reference_cli import commands
from tests.docs.page import DOCS

FOLDER = DOCS / "reference"
PAGES = reference.pages()


@pytest.mark.parametrize("name", PAGES)
def test_what_is_kept_is_what_the_product_says(name: str) -> None:
    kept = FOLDER / name
    assert kept.is_file(), f"docs/reference/{name} is not there: run `make docs` and commit what it writes"
    assert kept.read_text("utf-8") == PAGES[name], (
        f"docs/reference/{name} is not what the product says now: run `make docs` and commit what it writes"
    )


def test_no_page_is_left_of_what_is_gone() -> None:
    assert {p.name for p in FOLDER.glob("*.md")} == set(PAGES), "docs/reference holds a page that `make docs` does not write"


def headings(name: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", PAGES[name], re.MULTILINE))


def cells(name: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", PAGES[name]))


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("cli.md", [words for words, _ in commands()]),
        ("api.md", [*(o.name for o in OPERATIONS), "FeedbackItem", "EventItem"]),
        ("metrics.md", list(METRICS)),
        ("tables.md", list(TABLES)),
        ("rights.md", [role.title for role in ROLES.values()]),
        ("errors.md", [e.__name__ for e in reference.error_classes()]),
        ("contract.md", [owner.__name__ for owner in reference.GRAMMAR]),
    ],
)
def test_each_has_a_heading(page: str, names: Iterable[str]) -> None:
    assert set(names) <= headings(page)


def test_each_setting_column_and_field_has_a_row() -> None:
    assert {s.name for s in SETTINGS} | {s.env for s in SETTINGS} <= cells("settings.md")
    assert {c.name for t in TABLES.values() for c in t.columns} <= cells("tables.md")
    assert {*FeedbackItem.__struct_fields__, *EventItem.__struct_fields__} <= cells("api.md")
    assert set(Measure.__dataclass_fields__) <= cells("metrics.md")
    assert {*RIGHTS, *ROLES, *KEY_RIGHTS} <= cells("rights.md")


@pytest.mark.parametrize("page", ["settings.md", "errors.md", "contract.md", "api.md", "metrics.md"])
def test_nothing_is_left_unsaid(page: str) -> None:
    """Every row of a table of fields says what its field means, and every error says more than its name."""
    unsaid = [line for line in PAGES[page].splitlines() if line.startswith("| `") and re.search(r"\|  \|$", line)]
    assert not unsaid, f"{page}: these mean something, and do not say it; say it in the docstring of what holds them: {unsaid}"


def test_a_docstring_is_read_field_by_field() -> None:
    lead, said = reference.told(
        "A page. one, two: their ends; three: between (see one). four and five: last.", ["one", "two", "three", "four", "five"]
    )
    assert lead == "A page."
    assert said == {"one": "their ends", "two": "their ends", "three": "between (see one).", "four": "last.", "five": "last."}
    assert reference.told("Nothing of fields.", ["one"]) == ("Nothing of fields.", {})
    assert reference.cell("a | b\nc") == "a \\| b c"


def test_each_word_of_the_glossary_has_a_row() -> None:
    rows = [line.split(" | ") for line in PAGES["glossary.md"].splitlines() if line.startswith("| ")]
    said = {row[0].removeprefix("| "): row[1].removesuffix(" |") for row in rows}
    assert all(any(name.startswith(term.title) for name in said) for term in glossary())
    assert all(said.values())
    assert {"Net Promoter Score (NPS)", "Hidden"} <= set(said)
