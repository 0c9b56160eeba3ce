"""Where a setting came from."""

from pathlib import Path

import pytest

from gensvar.kit.origins import origins
from gensvar.kit.settings import SETTINGS, read_settings


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_an_origin(bare: Path) -> None:
    found = origins(read_settings(env={}), env={})
    assert set(found) == {s.name for s in SETTINGS}
    assert set(found.values()) == {"default"}


def test_a_flag_the_environment_and_the_files_are_told_apart(bare: Path) -> None:
    (bare / "gensvar.toml").write_text("rate = 7\nthreads = 3\n", "utf-8")
    (bare / "house").mkdir()
    (bare / "house" / "gensvar.toml").write_text('zone = "Europe/Oslo"\nrate = 8\n', "utf-8")
    env = {"GENSVAR_THREADS": "4", "GENSVAR_LANGUAGE": "sv"}
    settings = read_settings({"data": "house", "language": "fi"}, env=env)
    found = origins(settings, env=env)
    told = {name: found[name] for name in ("data", "rate", "threads", "zone", "language", "port")}
    assert told == {"data": "flag", "rate": "file", "threads": "environment", "zone": "file", "language": "flag", "port": "default"}


def test_a_file_that_has_been_spoiled_since_says_nothing(bare: Path) -> None:
    settings = read_settings(env={})
    (bare / "gensvar.toml").write_text("rate = = 7", "utf-8")
    assert origins(settings, env={"GENSVAR_RATE": "many"})["rate"] == "default"
