"""Voices and audit on the command line: on a folder that nobody holds, and on one that a server holds."""

import sqlite3
from pathlib import Path

import pytest

from gensvar.serve.cli import main
from tests.serve.test_cli import data, failed, ran, server

__all__ = ["data", "server"]


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    """(exit code, what was printed) of a command."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words)])
    return int(ended.value.code or 0), " ".join(capsys.readouterr().out.split())


def bend(data: Path, sql: str) -> None:
    with sqlite3.connect(data / "ledger.sqlite") as ledger:
        ledger.execute(sql)
    ledger.close()


def test_voices_are_read(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ran(capsys, "voices", "Kommentar", "--where", "market=SE", "--limit", "2", "--data", data)
    assert (found["total"], found["about"], len(found["voices"])) == (30, False, 2)
    following = ran(capsys, "voices", "Kommentar", "--where", "market=SE", "--after", found["next"], "--limit", "100", "--data", data)
    assert len(following["voices"]) == 28
    story = ran(capsys, "voice", found["voices"][0]["id"], "--data", data)
    assert story["voice"]["text"] == found["voices"][0]["text"]
    assert story["agreement"]["owner"] == "anna.berg"
    assert len(ran(capsys, "voices", "--without-text", "--limit", "500", "--data", data)["voices"]) == 120
    low = ran(capsys, "voices", "--measure", "csat.delivery", "--score", "bad", "--sort", "lowest", "--data", data)
    assert low["total"] == 24
    assert low["voices"][0]["scores"][0]["value"] == 1.0
    assert failed(capsys, "voices", "--sort", "lowest", "--data", data)[0] == 2
    assert failed(capsys, "voice", "nobody", "--data", data)[0] == 3


def test_voices_in_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = printed(capsys, "voices", "--limit", "1", "--measure", "csat.delivery", "--data", data)
    assert (code, said.startswith("60 voices “Kommentar")) == (0, True)
    assert "csat.delivery@1" in said
    assert "more: --after " in said
    one = ran(capsys, "voices", "--limit", "1", "--data", data)["voices"][0]["id"]
    code, said = printed(capsys, "voice", one, "--data", data)
    assert code == 0
    assert "owner: anna.berg" in said


def test_nothing_that_was_said_steers_a_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path, data: Path) -> None:
    from tests.houses import csv

    ran(capsys, "import", csv(tmp_path, "900,2026-09-30T10:00,z@example.com,SE,3,\x1b[31m[bold]röd[/bold]\x1b]0;x\x07", name="more.csv"),
        "--source", "survey", "--data", data)  # fmt: skip
    _, said = printed(capsys, "voices", "röd", "--data", data)
    assert "\x1b" not in said
    assert "[bold]röd[/bold]" in said


def test_the_audit_is_listed_and_verified(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(capsys, "voices", "hemligt", "--data", data)
    rows = ran(capsys, "audit", "list", "--data", data)["rows"]
    assert [(r["did"], r["what"]) for r in rows[:2]] == [("read", "/v1/audit"), ("read", "/v1/voices")]
    assert rows[1]["detail"]["words"] == "…"
    assert {r["did"] for r in ran(capsys, "audit", "list", "--did", "add", "--since", "2026-01-01", "--data", data)["rows"]} == {"add"}
    code, said = printed(capsys, "audit", "list", "--limit", "1", "--data", data)
    assert "older: --before " in said
    found = ran(capsys, "audit", "verify", "--data", data)
    assert found["whole"]
    code, said = printed(capsys, "audit", "verify", "--data", data)
    assert (code, said) == (0, f"✓ The audit is whole: {found['rows'] + 2} rows were checked.")
    bend(data, "UPDATE audit SET who = 'nobody' WHERE id = 2")
    code, said = printed(capsys, "audit", "verify", "--data", data)
    assert code == 1
    assert "✗ The audit is broken at row 2; 2 rows were checked." in said


@pytest.mark.faults
def test_both_while_a_server_runs(data: Path, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.startswith("http://127.0.0.1:")
    assert ran(capsys, "voices", '"Kommentar 7"', "--data", data)["total"] == 1
    assert ran(capsys, "audit", "verify", "--data", data)["whole"]
    assert ("read", "/v1/voices") in {(r["did"], r["what"]) for r in ran(capsys, "audit", "list", "--data", data)["rows"]}
    bend(data, "DELETE FROM audit WHERE id = 1")
    assert printed(capsys, "audit", "verify", "--data", data)[0] == 1
