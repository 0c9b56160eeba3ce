"""Static files: an address for each content, and files that find each other."""

import gzip
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.kit.errors import NotFound
from gensvar.serve.web.assets import TYPES, Assets


def test_every_file_has_an_address_that_follows_its_content() -> None:
    assets = Assets()
    for address, asset in assets.by_address.items():
        assert re.fullmatch(r"/static/[\w./-]+\.[0-9a-f]{12}\.(css|js|svg|woff2)", address)
        assert assets.at(address) is asset
        assert asset.type == TYPES[f".{address.rsplit('.', 1)[1]}"]
        if asset.zipped is not None:
            assert gzip.decompress(asset.zipped) == asset.body


def test_a_file_that_names_another_gets_its_address() -> None:
    assets = Assets()
    for name in ("page.css", "charts.js", "vega-util.js", "vendor/vega-interpreter.js"):
        found = re.findall(r"""(?:url\("|from ['"])([^"']+)""", assets.get(name).body.decode())
        assert found
        assert all(address in assets.by_address for address in found)


def test_an_old_address_is_gone(reader: TestClient[Litestar]) -> None:
    with pytest.raises(NotFound):
        Assets().at("/static/page.000000000000.css")
    assert reader.get("/static/page.000000000000.css").status_code == 404
    assert reader.get("/static/../pages.py").status_code == 404


def test_files_are_kept_for_ever_and_sent_small(reader: TestClient[Litestar]) -> None:
    answer = reader.get(Assets().url("vendor/vega.js"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["x-content-type-options"] == "nosniff"
    plain = reader.get(Assets().url("page.css"), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_the_first_visit_weighs_at_most_450_kb(reader: TestClient[Litestar]) -> None:
    """Everything that Overview loads, as it is sent; the fonts are packed already."""
    page = reader.get("/").text
    assets = Assets()
    names = {a for a in assets.by_address if a in page}
    names |= {assets.url(n) for n in ("vendor/vega-interpreter.js", "vega-util.js", "vendor/vega-util-interpreter.js")}
    sent = sum(len(assets.at(a).zipped or assets.at(a).body) for a in names) + len(gzip.compress(page.encode()))
    assert sent <= 450_000
