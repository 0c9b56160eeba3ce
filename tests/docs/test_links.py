"""Links between pages lead somewhere, also to headings; README's commands exist; every dependency has its line."""

import re
import tomllib
from pathlib import Path

import pytest

from gensvar.serve.reference_cli import commands
from tests.docs.page import DOCS, blocks, typed

ROOT = DOCS.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in LINK.findall(FENCED.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(link)
    assert not lost, f"{named(page)} links to what is not there: {lost}"


@pytest.mark.parametrize("page", [p for p in DOCS.rglob("*.md") if p.name != "README.md"], ids=named)
def test_no_page_is_an_island(page: Path) -> None:
    linked = {(p.parent / link.split("#")[0]).resolve() for p in PAGES for link in LINK.findall(p.read_text("utf-8")) if link[0] != "#"}
    assert page.resolve() in linked, f"no page links to {named(page)}"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=named)
def test_commands_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    known = {words for words, _ in commands()}
    said = [t.command for b in blocks(page) if b.kind == "console" for t in typed(b.text)]
    said += re.findall(r"`((?:\.venv/bin/)?gensvar [^`]+|make [a-z]+)`", page.read_text("utf-8"))
    assert said
    for command in said:
        words = command.removeprefix(".venv/bin/").split()
        if words[0] == "make":
            assert words[1] in targets, command
        else:
            assert any(" ".join(words).startswith(k) for k in known) or words[1].startswith("-"), command


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        re.split(r"[^\w\-]", d)[0] for d in (*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra))
    }
    told = set(re.findall(r"^\| ([\w\-]+) \|", (DOCS / "decisions" / "dependencies.md").read_text("utf-8"), re.MULTILINE)) - {"package"}
    assert told == wanted, "docs/decisions/dependencies.md: one line for each dependency in pyproject.toml, and none for what is gone"


def test_every_decision_says_what_it_must() -> None:
    for page in sorted((DOCS / "decisions").glob("*.md")):
        text = page.read_text("utf-8")
        if page.name not in {"README.md", "dependencies.md", "deviations-from-the-design.md"}:
            assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences", "Rejected")), named(page)
