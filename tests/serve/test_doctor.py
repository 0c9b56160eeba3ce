"""The doctor says of each thing whether it is fine, in the reader's language, and what to do where it is not."""

from pathlib import Path

import pytest

from gensvar.kit.language import LANGUAGES
from gensvar.kit.settings import read_settings
from gensvar.serve.doctor import examine, examine_running
from gensvar.serve.web.settings_page import settings_page
from gensvar.serve.web.words import Words

STATUS = {"rows": {"feedback": 1200, "events": 0}, "engine": "duckdb", "inbox": {"signals": 3}, "set_aside": 2}


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    found = examine(read_settings({"data": str(tmp_path / "none")}, env={}))
    assert [f["state"] for f in found] == ["fine", "notice"]


def test_a_running_house_tells_what_waits_and_what_is_silent(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    settings = read_settings({"data": str(tmp_path), "host": "0.0.0.0"}, env={})  # noqa: S104 what the doctor shall remark on
    found = {f["what"]: f for f in examine_running(settings, STATUS, ["helpdesk"], "en")}
    assert found[f"{tmp_path} is readable by others"]["do"] == f"chmod go-rwx {tmp_path}"
    assert found["listens on 0.0.0.0: whoever reaches it must sign in"]["state"] == "notice"
    assert found["2 rows set aside"]["state"] == "notice"
    assert found["source helpdesk has gone silent"]["do"] == "ask its owner"
    assert found["3 signals wait in the inbox"]["state"] == "fine", "a server that runs takes them in"
    assert found["hub (duckdb): 1,200 feedback, 0 events"]["state"] == "fine"


@pytest.mark.parametrize(
    ("public_url", "proxies", "said"),
    [
        ("https://a.example.org", "", "no proxy is trusted"),
        ("https://a.example.org", "10.0.0.2", ""),
        ("http://a.example.org", "10.0.0.2", "passwords travel in the clear"),
        ("http://127.0.0.1:8460", "", ""),
        ("", "", ""),
    ],
)
def test_how_people_come_here_from_elsewhere(tmp_path: Path, public_url: str, proxies: str, said: str) -> None:
    settings = read_settings({"data": str(tmp_path), "public_url": public_url, "proxies": proxies}, env={})
    for language in LANGUAGES:
        found = [f for f in examine_running(settings, STATUS, [], language) if "a.example.org" in f["what"]]
        assert len(found) == bool(said)
        assert all(f["state"] == "notice" and f["do"] for f in found)
        assert not said or language != "en" or said in found[0]["what"]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_it_speaks_every_language(tmp_path: Path, language: str) -> None:
    settings = read_settings({"data": str(tmp_path)}, env={})
    english, own = (examine_running(settings, STATUS, ["helpdesk"], code) for code in ("en", language))
    same = [a["what"] for a, b in zip(english, own, strict=True) if a["what"] == b["what"]]
    assert all(what.startswith("Gensvar ") for what in same)
    assert [f["state"] for f in english] == [f["state"] for f in own]


def test_the_settings_page_masks_secrets_and_puts_what_is_amiss_first(tmp_path: Path) -> None:
    settings = read_settings({"data": str(tmp_path), "ledger": "postgresql+psycopg://anna:unguessed@host/db"}, env={})
    page = settings_page(settings, examine_running(settings, STATUS, [], "en"), Words("en"))
    shown = {s.name: s.value for s in page.settings}
    assert shown["ledger"] == "***"
    assert "unguessed" not in str(page)
    assert page.health[0].state == "notice"
    assert page.headline.endswith("worth a look.")
    well = settings_page(settings, [{"what": "all", "state": "fine", "do": ""}], Words("sv"))
    assert well.headline == "Huset mår bra."


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_setting_says_what_it_means_in_every_language(tmp_path: Path, language: str) -> None:
    settings = read_settings({"data": str(tmp_path)}, env={})
    english, own = (settings_page(settings, [], Words(code)) for code in ("en", language))
    assert [a.name for a, b in zip(english.settings, own.settings, strict=True) if a.says == b.says] == []
