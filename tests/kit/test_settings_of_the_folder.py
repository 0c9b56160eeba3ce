"""A data folder may bring settings of its own; everything else beats them."""

from pathlib import Path

import pytest

from gensvar.kit.errors import SettingsError
from gensvar.kit.settings import read_settings


def test_the_folders_own_file_is_read_last(tmp_path: Path) -> None:
    (tmp_path / "gensvar.toml").write_text('today = "2026-11-01"\nlanguage = "sv"\n', "utf-8")
    found = read_settings({"data": tmp_path}, env={})
    assert (str(found.today), found.language) == ("2026-11-01", "sv")
    assert read_settings({"data": tmp_path, "language": "fi"}, env={}).language == "fi"
    assert read_settings({}, env={"GENSVAR_DATA": str(tmp_path), "GENSVAR_LANGUAGE": "da"}).language == "da"


def test_its_faults_are_told_too(tmp_path: Path) -> None:
    (tmp_path / "gensvar.toml").write_text('todday = "2026-11-01"\n', "utf-8")
    with pytest.raises(SettingsError, match="did you mean 'today'"):
        read_settings({"data": tmp_path}, env={})
