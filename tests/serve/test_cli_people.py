"""The command line on people: each command on a real folder, and what it says."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from gensvar.house import open_house
from gensvar.kit.settings import read_settings
from tests.serve.test_cli import failed, ran


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What a command said in words."""
    from gensvar.serve.cli import main

    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words)])
    assert ended.value.code in {0, None}
    return " ".join(capsys.readouterr().out.split())


def test_inviting_and_changing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ran(
        capsys, "people", "invite", "ingrid@example.org", "--role", "contributor", "--market", "NO", "--market", "SE", "--no-text", "--data", data
    )
    assert (made["email"], made["kind"]) == ("ingrid@example.org", "invite")
    assert made["link"] == "http://127.0.0.1:8460" + made["path"]
    found = ran(capsys, "people", "list", "--data", data)[0]
    assert (found["role"], found["state"], found["scope"]["rows"], found["scope"]["free_text"]) == (
        "contributor", "invited", {"market": ["NO", "SE"]}, False,
    )  # fmt: skip
    assert ran(capsys, "people", "role", "ingrid@example.org", "analyst", "--data", data)["scope"]["rows"] == {"market": ["NO", "SE"]}
    changed = ran(capsys, "people", "role", "Ingrid@Example.org", "viewer", "--unit", "Support", "--text", "--data", data)
    assert (changed["role"], changed["scope"]) == ("viewer", {"rows": {"unit": ["Support"]}, "free_text": True, "least": {}})
    assert ran(capsys, "people", "role", "ingrid@example.org", "viewer", "--everything", "--data", data)["scope"]["rows"] == {}
    assert ran(capsys, "people", "disable", "ingrid@example.org", "--data", data)["state"] == "disabled"
    assert failed(capsys, "people", "reset", "ingrid@example.org", "--data", data)[0] == 4
    assert ran(capsys, "people", "enable", "ingrid@example.org", "--data", data)["state"] == "invited"
    assert ran(capsys, "people", "reset", "ingrid@example.org", "--data", data)["kind"] == "invite"
    assert "market NO, SE" not in told(capsys, "people", "list", "--data", data)


def test_the_first_link(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nobody has an account yet" in told(capsys, "people", "list", "--data", data)
    first, second = (ran(capsys, "people", "link", "--data", data)["path"].rsplit("/", 1)[-1] for _ in range(2))
    with open_house(read_settings({"data": data}, env={})) as house:
        assert house.ledger.links.find(first) is None
        assert house.ledger.links.find(second) is not None
        house.ledger.members.add("anna@example.org", "Anna", "administrator", {})
    code, says = failed(capsys, "people", "link", "--data", data)
    assert code == 4
    assert "people reset" in says
    assert "It works once, until" in told(capsys, "people", "reset", "anna@example.org", "--data", data)


@pytest.mark.parametrize(("words", "code", "says"), [
    (("invite", "no-address"), 2, "no e-mail address"),
    (("invite", "a@example.org", "--role", "adminstrator"), 2, "Did you mean 'administrator'"),
    (("invite", "a@example.org", "--audience", "employees"), 2, "Did you mean 'employee'"),
    (("reset", "ana@example.org"), 3, "Did you mean 'anna@example.org'"),
    (("disable", "anna@example.org"), 4, "last administrator"),
    (("role", "anna@example.org", "viewer"), 4, "last administrator"),
    (("invite", "Anna@Example.org"), 4, "here already"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, says: str) -> None:
    with open_house(read_settings({"data": data}, env={})) as house:
        house.ledger.members.first("anna@example.org", "Anna", "hash")
    assert failed(capsys, "people", *words, "--data", data)[0] == code
    assert says in failed(capsys, "people", *words, "--data", data)[1]
    with open_house(read_settings({"data": data}, env={})) as house:
        assert [m.email for m in house.ledger.members.all()] == ["anna@example.org"]


def test_a_key_with_a_scope(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(capsys, "keys", "create", "till", "--data", data)
    listed = ran(capsys, "keys", "list", "--data", data)[0]
    assert (listed["name"], listed["used_at"], listed["scope"]["rows"]) == ("till", None, {})


def test_everything_is_in_the_audit_and_no_link_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ran(capsys, "people", "invite", "ingrid@example.org", "--data", data)
    with open_house(read_settings({"data": data}, env={})) as house:
        deeds = house.ledger.audit.rows()
        assert "invite" in {d.did for d in deeds}
        assert made["path"].rsplit("/", 1)[-1] not in str(deeds)
        assert house.ledger.audit.verify() is None


def test_the_first_start_prints_a_link_and_the_next_one_another(data: Path) -> None:
    """On a real server: a new link each time, for as long as nobody has come in; then none."""
    links = []
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-m", "gensvar", "up", "--data", str(data), "--port", "0"], stdout=subprocess.PIPE, text=True) as up:
            assert up.stdout is not None
            links.append(next(line for line in up.stdout if "/welcome/" in line).split()[-1])
            page = httpx.get(links[-1], trust_env=False)
            assert page.status_code == 200
            assert "You are the first one here." in page.text
            up.send_signal(signal.SIGINT)
    tokens = [link.rsplit("/", 1)[-1] for link in links]
    with open_house(read_settings({"data": data}, env={})) as house:
        assert [house.ledger.links.find(token) is not None for token in tokens] == [False, True]
