"""What an attacker tries first: letters that other languages take for commands, fields that nobody asked for, what the log and the disk give away."""

import ast
import logging
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gensvar.collect.excel import check_archive
from gensvar.kit.errors import BadInput, NotAllowed, TooLarge
from gensvar.kit.scope import Scope, whole
from gensvar.serve.desks import people
from gensvar.serve.operations import OPERATIONS, parsed
from gensvar.serve.people import guests
from gensvar.serve.web.visit import go
from tests.badinput.sending import good, sent
from tests.houses import signed_in
from tests.serve.conftest import Served

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "gensvar").rglob("*.py"))
QUOTES = (
    "SE' OR '1'='1", "SE'; DROP TABLE feedback; --", 'SE" OR 1=1 --', "SE\\' OR 1=1 --", "SE\x00", "SE) UNION SELECT * FROM parties --", "%", "_",
    "$1", "?", "{market}", "%s%n", "{0.__class__}",
)  # fmt: skip
RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "Popen", "call", "check_output", "check_call", "getoutput"}
UNSAFE = {"pickle", "marshal", "shelve", "subprocess", "xml", "lxml", "memcache", "ldap", "smtplib", "jinja2.sandbox", "ctypes"}


# ── injection ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_asked_for_is_a_value_and_never_a_command(served: Served) -> None:
    assert sent(served, [good(record="one", market="SE", text="fine"), good(record="two", market="NO")]).status_code == 202
    served.flowed()
    for evil in QUOTES:
        assert served.client.get("/v1/records", params={"source": "survey", "record": evil}).json() == []
        for where in (f"market={evil}", f"{evil}=SE", f"segment={evil};market=SE"):
            answer = served.client.get("/v1/answers", params={"measure": "csat.delivery", "where": where, "period": "all"})
            assert answer.status_code in {200, 404, 422}, (where, answer.text)
            assert not re.search(r"\b(SELECT|Parser Error|Catalog Error|syntax error)\b", answer.text.replace(evil, "")), answer.text
    assert len(served.client.get("/v1/records", params={"source": "survey", "record": "one"}).json()) == 1, "nothing was dropped"


def test_letters_that_other_languages_know_come_back_as_they_were(served: Served) -> None:
    assert sent(served, [good(record=f"r{n}", market="SE", text=evil) for n, evil in enumerate(QUOTES)]).status_code == 202
    served.flowed()
    for n, evil in enumerate(QUOTES):
        rows = served.client.get("/v1/records", params={"source": "survey", "record": f"r{n}"}).json()
        assert [row["text"] for row in rows] == [evil.replace("\x00", "")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_source_runs_text_or_reads_what_can_run(path: Path) -> None:
    """No eval, no shell, no pickle, no XML parser of Python's, no YAML but the safe one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            owner = node.func.value.id if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            assert name not in {"eval", "exec", "__import__"}, (path, node.lineno)
            assert not (owner in {"os", "subprocess"} and method in RUNS), (path, node.lineno)
            assert not (owner == "yaml" and method in {"load", "load_all", "unsafe_load", "full_load"} and not _safe(node)), (path, node.lineno)
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {n.split(".")[0] for n in names} & UNSAFE, (path, names)


def _safe(call: ast.Call) -> bool:
    return "Safe" in ast.unparse(call)


def test_a_redirect_cannot_be_made_to_hold_another_header() -> None:
    response = go("/login", next="/a\r\nset-cookie: x=y", other="https://evil.example/")
    assert response.headers["Location"] == "/login?next=%2Fa%0D%0Aset-cookie%3A+x%3Dy&other=https%3A%2F%2Fevil.example%2F"


# ── more than one has ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_becomes_somebody_who_sees_more(served: Served) -> None:
    """A link to a new password, or a second factor turned off, is a way to be her."""
    members, norway = served.house.ledger.members, Scope({"market": frozenset({"NO"})})
    chief = members.add("chief@example.org", "Chief", "administrator", whole().as_json())
    local = members.add("local@example.org", "Local", "viewer", Scope({"market": frozenset({"NO"})}, free_text=False).as_json())
    _, plain = served.house.ledger.keys.create("norway", {"admin"}, None, norway.as_json())
    key = {"authorization": f"Bearer {plain}"}
    refused = served.client.post("/v1/people/reset", json={"email": chief.email}, headers=key)
    assert (refused.status_code, "welcome" in refused.text) == (403, False)
    assert served.client.post("/v1/people/reset", json={"email": local.email}, headers=key).status_code == 200
    with pytest.raises(NotAllowed):
        people.drop_second(served.house, "norway", norway, chief.id)
    assert people.drop_second(served.house, "norway", norway, local.id).id == local.id
    more = {"name": "wider", "scopes": ["admin"]}
    assert served.client.post("/v1/keys", json=more, headers=key).status_code == 403, "nor by a key"


# ── what is taken in ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_operation_takes_its_own_fields_and_no_others() -> None:
    for operation in OPERATIONS:
        assert operation.params.__struct_config__.forbid_unknown_fields, operation.name
        with pytest.raises(BadInput):
            parsed(operation.params, {"no_such_field": "administrator"})


def test_json_is_read_in_one_way_and_only_so_deep(served: Served) -> None:
    key = {**served.key("admin"), "content-type": "application/json"}
    deep = b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body in (deep, b'{"name": "a", "days": 1e999}', b'{"name": "a", "days": NaN}', b'{"name": "\xff"}', b'{"name": "a"} x', b"\xef\xbb\xbf{}"):
        assert served.client.post("/v1/keys", content=body, headers=key).status_code == 422, body[:40]
    twice = served.client.post("/v1/keys", content=b'{"name": "first", "name": "last"}', headers=key)
    assert twice.json()["name"] == "last", "as every reader of JSON that is common does"


def test_a_workbook_of_too_many_parts_is_refused_before_any_is_read(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(10_001):
            archive.writestr(f"xl/{n}.xml", b"")
    with pytest.raises(TooLarge, match="parts"):
        check_archive(path)


def test_methods_that_nobody_needs_are_refused(served: Served) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "PATCH", "PROPFIND"):
        for path in ("/", "/v1/feedback", "/v1/measures", "/health/live", "/static/none.css"):
            assert served.client.request(method, path).status_code in {400, 404, 405, 501}, (method, path)


# ── what is given away ───────────────────────────────────────────────────────────────────────────────────────────────


def test_neither_log_nor_audit_holds_a_secret(served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gensvar.serve.desk.HouseDesk.measure_list", lambda _: 1 / 0)
    key, cookie = served.key("admin")["authorization"].removeprefix("Bearer "), signed_in(served.house, "administrator")["cookie"]
    link = served.house.ledger.links.make("setup", None, "test")
    secrets = (key, cookie.partition("=")[2], link, served.access.token, served.house.secret.hex())
    with caplog.at_level(logging.DEBUG, "gensvar"):
        for headers in ({"authorization": f"Bearer {key}"}, {"cookie": cookie}):
            assert served.client.get("/v1/measures", headers=headers).status_code in {500, 401}
        served.client.get(f"/welcome/{link}")
        served.client.post("/v1/keys", json={"name": "another"}, headers={"authorization": f"Bearer {key}"})
        served.client.get("/v1/measures", headers={"authorization": "Bearer gsv_" + "wrong" * 9})
    ours = "\n".join(caplog.handler.format(r) for r in caplog.records if r.name.startswith("gensvar"))  # the test's own client logs what it asks for
    told = ours + repr(served.house.ledger.audit.rows(0, 1000))
    assert "fault" in ours
    assert not [s for s in (*secrets, "wrong" * 9) if s in told]


def test_a_path_in_the_log_cannot_forge_a_line(served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gensvar.serve.desk.HouseDesk.source", lambda *_: 1 / 0)
    monkeypatch.setattr("gensvar.serve.desk.HouseDesk.sources", lambda *_: 1 / 0)
    served.client.get("/sources/a%0Aforged", headers={"accept": "text/html"})
    told = [record.getMessage() for record in caplog.records if record.name == "gensvar.serve"]
    assert told
    assert all("\n" not in message for message in told)


def test_settings_that_are_secret_are_shown_to_nobody(served: Served) -> None:
    from dataclasses import replace

    settings = replace(
        served.house.settings, ledger="postgresql+psycopg://u:hunter2@h/db", hub="sc://h:15002/;token=hunter2", oidc_client_secret="hunter2"
    )
    assert "hunter2" not in repr(settings.shown())


COMMANDS = ("sources add survey.yaml", "import survey.csv --source survey", "keys create a", "backup kept", "export out --form csv")


def test_what_gensvar_writes_nobody_else_on_the_machine_may_read(tmp_path: Path) -> None:
    """Also where the folder was made by somebody who thought nothing of it."""
    from tests.houses import HEADER, SURVEY

    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "survey.yaml").write_text(SURVEY, "utf-8")
    (tmp_path / "survey.csv").write_text(HEADER + "1,2026-10-01T10:00:00,kim@example.org,SE,5,fine\n", "utf-8")
    env = {**os.environ, "GENSVAR_MEMORY_MB": "512"}
    words = " && ".join(f"{sys.executable} -m gensvar {command} --data data" for command in COMMANDS)
    run = subprocess.run(["/bin/sh", "-c", f"umask 022 && {words}"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    made = [p for part in ("data", "kept", "out") for p in (tmp_path / part).rglob("*")]
    assert any(p.name.startswith("ledger") for p in made)
    assert any(p.suffix == ".csv" for p in made)
    open_to_others = {str(p.relative_to(tmp_path)): stat.filemode(p.stat().st_mode) for p in made if p.stat().st_mode & 0o077}
    assert not open_to_others


# ── what it is made of ───────────────────────────────────────────────────────────────────────────────────────────────


def test_every_part_has_one_version_that_is_written_down() -> None:
    pinned = {
        re.split(r"==", line)[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[^\w\-]", d)[0].lower().replace("_", "-") for d in project["dependencies"]}
    assert wanted <= pinned, "run `make lock`"


def test_no_account_comes_with_the_product(served: Served) -> None:
    assert served.house.ledger.members.count() == 0
    assert served.house.ledger.keys.all() == []
    assert guests(served.house) == (), "the demo's people are in a demo alone"
    for guess in ("admin:admin", "root:root", "gensvar:gensvar"):
        import base64

        basic = {"authorization": "Basic " + base64.b64encode(guess.encode()).decode()}
        assert served.client.get("/v1/measures", headers=basic).status_code == 401
    with pytest.raises(NotAllowed):
        served.access.verify(served.key("ingest"), "answers", changes=False)


def test_passwords_are_masked_and_may_be_pasted(served: Served) -> None:
    page = served.client.get("/login", headers={"accept": "text/html"}).text
    fields = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert fields
    assert all('type="password"' in one and "autocomplete=" in one for one in fields)
    scripts = "".join(p.read_text("utf-8") for p in (ROOT / "src" / "gensvar" / "serve" / "web" / "static").glob("*.js"))
    assert "paste" not in page + scripts
    assert 'autocomplete="off"' not in page
