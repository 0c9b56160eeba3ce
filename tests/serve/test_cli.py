"""The command line: each command on a real folder, its JSON, its exit codes; and the same commands while a server holds the folder."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gensvar.serve.cli import main
from tests.houses import SURVEY, csv

ROWS = [f"{i},2026-09-{1 + i % 28:02d}T10:00,p{i}@example.com,{'SE' if i % 2 else 'NO'},{1 + i % 5},Kommentar {i}" for i in range(60)]


def ran(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    """What a command printed as JSON."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words), "--json"])
    assert ended.value.code in {0, None}
    return json.loads(capsys.readouterr().out)


def failed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    """(exit code, what was said) of a command that fails."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words)])
    return int(ended.value.code or 0), " ".join(capsys.readouterr().err.split())


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "data"
    contract = tmp_path / "survey.yaml"
    contract.write_text(SURVEY, "utf-8")
    assert ran(capsys, "sources", "add", contract, "--data", folder) == {"source": "survey"}
    receipt = ran(capsys, "import", csv(tmp_path, *ROWS, "99,2026-09-01T10:00,x@example.com,SE,77,"), "--data", folder)
    assert (receipt["accepted"], receipt["set_aside"]) == (120, {"off_scale": 1})
    return folder


def test_ask_and_list(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = ran(capsys, "ask", "csat.delivery", "--by", "market", "--data", data)
    assert {g["key"]["market"]: g["n"] for g in answer["groups"]} == {"SE": 30, "NO": 30}
    assert ran(capsys, "sources", "list", "--data", data)[0]["set_aside"] == 1
    assert ran(capsys, "measures", "--data", data)[0]["id"] == "csat.delivery"
    assert ran(capsys, "status", "--data", data)["rows"]["feedback"] == 120
    assert {c["state"] for c in ran(capsys, "doctor", "--data", data)} <= {"fine", "notice"}


def test_long_work_is_done_here_where_no_server_holds_the_folder(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENSVAR_ENCODER", "none")
    again = ran(capsys, "topics", "rerun", "--data", data)
    assert (again["state"], again["result"]["read"] in {0, 60}) == ("done", True)
    taught = ran(capsys, "text", "teach", "--data", data)
    assert (taught["state"], taught["result"]) == ("done", {"heads": []})
    searched = ran(capsys, "themes", "--find", "--data", data)
    assert (searched["state"], searched["result"]["why"]) == ("done", "no_encoder")
    assert ran(capsys, "themes", "--data", data)["asked"]["job"] == searched["job"]


def test_a_change_of_topics_says_what_it_moved_also_later(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENSVAR_ENCODER", "none")
    assert ran(capsys, "topics", "moved", "--data", data) is None
    ran(capsys, "topics", "change", "add", "--name", "Notes", "--terms", "kommentar", "--data", data)
    moved = ran(capsys, "topics", "rerun", "--data", data)["result"]["moved"]
    (notes,) = [one for one in moved["topics"] if one["topic"] == "notes"]
    assert (moved["texts"], moved["moved"], notes) == (60, 60, {"topic": "notes", "before": 0, "came": 60, "went": 0, "now": 60})
    ran(capsys, "topics", "rerun", "--data", data)
    assert ran(capsys, "topics", "moved", "--data", data)["result"]["moved"] == moved
    with pytest.raises(SystemExit):
        main(["topics", "moved", "--data", str(data)])
    said = capsys.readouterr().out
    assert "Of 60 texts 60 have other topics than before" in said
    assert "notes: 0 before, 60 came in, 0 went out, 60 now" in said


def test_words_instead_of_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["ask", "csat.delivery"], ["sources", "list"], ["set-aside", "list"], ["measures"], ["status"], ["keys", "list"]):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--data", str(data)])
        assert ended.value.code in {0, None}
    assert "CSAT for delivery" in capsys.readouterr().out


def test_repair_and_replay(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ran(capsys, "set-aside", "list", "--data", data)
    shown = ran(capsys, "set-aside", "show", str(row["id"]), "--data", data)
    assert shown["raw"]["stars"] == "77"
    repaired = json.dumps({**shown["raw"], "stars": "5"})
    assert ran(capsys, "set-aside", "replay", str(row["id"]), "--repair", repaired, "--data", data)["accepted"] == 1
    assert ran(capsys, "set-aside", "list", "--data", data) == []


def test_a_repair_that_is_no_json_is_told_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = failed(capsys, "set-aside", "replay", "1", "--repair", "score=4", "--data", data)
    assert code == 2
    assert "--repair is no JSON object" in said


def test_backup_restore_and_export(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(capsys, "backup", tmp_path / "kept", "--data", data)
    ran(capsys, "restore", tmp_path / "kept", "--data", tmp_path / "again")
    for folder in (data, tmp_path / "again"):
        assert ran(capsys, "ask", "csat.delivery", "--data", folder)["groups"][0]["n"] == 60
    again = ran(capsys, "import", csv(tmp_path, *ROWS, name="again.csv"), "--source", "survey", "--data", tmp_path / "again")
    assert again["accepted"] == 0
    assert again["unchanged"] == 120
    ran(capsys, "export", tmp_path / "open", "--form", "csv", "--data", data)
    assert (tmp_path / "open" / "feedback.csv").read_text("utf-8-sig").count("\n") == 121
    (next((tmp_path / "kept" / "hub").rglob("*.parquet"))).write_bytes(b"damaged")
    assert failed(capsys, "restore", tmp_path / "kept", "--data", tmp_path / "third")[0] == 2


def test_errors_say_what_to_do_and_set_the_exit_code(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = failed(capsys, "ask", "csat.delivry", "--data", data)
    assert code == 3
    assert "Did you mean 'csat.delivery'?" in said
    code, said = failed(capsys, "import", csv(tmp_path, *ROWS, name="new.csv"), "--data", data)
    assert code == 2
    assert "--owner" in said
    assert failed(capsys, "import", tmp_path / "nothing.csv", "--source", "survey", "--data", data)[0] in {2, 3}


def test_a_new_source_can_take_the_suggested_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = ran(capsys, "import", csv(tmp_path, *ROWS, name="Kundsvar 2026.csv"), "--owner", "anna.berg", "--data", tmp_path / "d")
    assert receipt["read"] == 60
    assert receipt["accepted"] >= 60
    suggestion = ran(capsys, "sources", "suggest", tmp_path / "Kundsvar 2026.csv", "--output", tmp_path / "c.yaml", "--data", tmp_path / "d")
    assert all(0 <= line["sure"] <= 1 for line in suggestion["lines"])
    assert (tmp_path / "c.yaml").read_text("utf-8") == suggestion["yaml"]


@pytest.fixture
def server(data: Path) -> Iterator[str]:
    """A real server on the folder; its address."""
    command = [sys.executable, "-m", "gensvar", "up", "--data", str(data), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout
    line = next((x for x in process.stdout if "Gensvar is at" in x), "")
    assert line, "the server did not start"
    yield line.split("Gensvar is at ")[1].split()[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    process.stdout.close()


def test_the_same_commands_while_a_server_holds_the_folder(data: Path, server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.startswith("http://127.0.0.1:")
    assert ran(capsys, "ask", "csat.delivery", "--data", data)["groups"][0]["n"] == 60
    more = csv(tmp_path, "200,2026-09-01T10:00,y@example.com,SE,5,", name="more.csv")
    assert ran(capsys, "import", more, "--source", "survey", "--data", data)["accepted"] == 1
    deadline = time.monotonic() + 20
    while ran(capsys, "ask", "csat.delivery", "--data", data)["groups"][0]["n"] != 61:
        assert time.monotonic() < deadline
    code, said = failed(capsys, "up", "--data", data)
    assert code == 4
    assert server in said
    assert failed(capsys, "ask", "nothing", "--data", data)[0] == 3


def test_the_same_file_under_another_name_is_not_counted_twice(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / "survey (1).csv"
    again.write_bytes((tmp_path / "survey.csv").read_bytes())
    code, said = failed(capsys, "import", again, "--owner", "me", "--data", data)
    assert code == 4
    assert "--source survey" in said
    assert ran(capsys, "import", again, "--source", "survey", "--data", data)["accepted"] == 0
