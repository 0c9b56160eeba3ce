"""How a page is read: blocks, commands, promises."""

from pathlib import Path

from tests.docs.page import Typed, blocks, missing, typed


def test_blocks_and_the_files_they_are_saved_in(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n\n```yaml file=a.yaml\na: 1\n```\n\nText.\n\n```console\n$ ls\na.yaml\n```\n", "utf-8")
    assert [(b.kind, b.file, b.text) for b in blocks(page)] == [("yaml", "a.yaml", "a: 1\n"), ("console", "", "$ ls\na.yaml\n")]


def test_commands_and_what_they_promise() -> None:
    assert list(typed("$ one \\\n  two\nsaid\n\n$ three\n")) == [Typed("one two", ("said",)), Typed("three", ())]


def test_a_promise_that_is_not_kept_is_found() -> None:
    said = "Wrote a.yaml\n  csat  1\n  nps  2\n"
    assert missing(("Wrote …", "nps…"), said) is None
    assert missing(("nps…", "csat…"), said) == "csat…"
    assert missing(("csat",), said) == "csat"
    assert missing(("…",), "") is None
    assert missing(("80 % of 60",), "80\u00a0% of\u202f60") is None
