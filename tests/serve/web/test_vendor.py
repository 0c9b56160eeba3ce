"""Files that others wrote: each in the manifest with its licence, and exactly as its package has it."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from gensvar.serve.web.assets import FOLDER

PLACES = (FOLDER / "vendor", Path(__file__).parents[2] / "browser" / "vendor")


@pytest.mark.parametrize("place", PLACES, ids=["pages", "tests"])
def test_every_vendored_file_is_what_its_package_has(place: Path) -> None:
    listed = tomllib.loads((place / "vendor.toml").read_text("utf-8"))["file"]
    for file in listed:
        assert sha256((place / file["name"]).read_bytes()).hexdigest() == file["sha256"], f"{file['name']}: not as in its package"
        assert (place / file["licence_file"]).stat().st_size > 200
        assert all(file[k] for k in ("package", "version", "from", "licence"))
    named = {f["name"] for f in listed} | {f["licence_file"] for f in listed} | {"vendor.toml"}
    assert {str(p.relative_to(place)) for p in place.rglob("*") if p.is_file()} == named
