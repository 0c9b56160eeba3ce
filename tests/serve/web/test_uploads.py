"""Files on their way in: found by their token alone, never outside their folder, forgotten after a day."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.clock import At, SystemClock
from gensvar.kit.errors import BadInput, NotFound
from gensvar.serve.web.uploads import Uploads, safe_name


def test_a_file_is_found_again(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "in", SystemClock())
    token = uploads.keep("kundröster 2026.csv", io.BytesIO(b"a;b\n"))
    assert uploads.path(token).name == "kundröster 2026.csv"
    assert uploads.path(token).read_bytes() == b"a;b\n"


@pytest.mark.parametrize("token", ["", "..", "../..", "0" * 31, "0" * 32, "A" * 32, "/etc"])
def test_any_other_token_finds_nothing(tmp_path: Path, token: str) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(NotFound):
        Uploads(tmp_path / "in", SystemClock()).path(token)


def test_an_empty_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Uploads(tmp_path, SystemClock()).keep("a.csv", io.BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_files_are_forgotten_after_a_day_and_nothing_else_is(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, At("2026-11-02T12:00"))
    old, other = uploads.keep("a.csv", io.BytesIO(b"x")), tmp_path / "else"
    other.mkdir()
    for place in (tmp_path / old, other):
        os.utime(place, (1_793_500_000, 1_793_500_000))
    new = uploads.keep("b.csv", io.BytesIO(b"x"))
    assert {p.name for p in tmp_path.iterdir()} == {new, "else"}


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('/\\:*?"<>|\0')
    assert not safe.startswith(".") or len(name) > 120
