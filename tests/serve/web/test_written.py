"""Written: a page that is made once for many, with each reader's own corner in it, sent whole, packed, or not at all where she has it."""

import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, Response, get
from litestar.testing import TestClient

from gensvar.serve.web.render import WORTH_PACKING, YOU, Written

LONG = b"<p>" + b"all the same to everybody " * 200


def page(body: bytes = LONG + YOU + LONG, state: bytes = b"") -> Written:
    return Written(body, "text/html", 200, state)


def sent(written: Written, you: bytes = b"", of: str = "", headers: dict[str, str] | None = None) -> Any:
    @get("/", opt={"right": "open"})
    async def handler(request: Request[Any, Any, Any]) -> Response[bytes]:
        return written.response(request, {}, (), you, of)

    with TestClient(Litestar([handler], openapi_config=None)) as client:
        return client.get("/", headers={"accept-encoding": "identity", **(headers or {})})


@given(before=st.binary(max_size=3000), you=st.binary(max_size=300), after=st.binary(max_size=3000))
def test_what_is_packed_in_pieces_is_unpacked_as_one(before: bytes, you: bytes, after: bytes) -> None:
    written = page(before.replace(YOU, b"") + YOU + after.replace(YOU, b""))
    assert gzip.decompress(written.packed(you)) == written.body.replace(YOU, you)


def test_each_reader_has_her_own_corner_packed_or_not() -> None:
    written = page()
    for name in (b"<p>Anna</p>", b"<p>Bo</p>", b""):
        whole = LONG + name + LONG
        assert sent(written, name).content == whole
        packed = sent(written, name, headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == whole
        assert int(packed.headers["content-length"]) < len(whole) / 5


def test_what_is_short_is_not_packed() -> None:
    assert "content-encoding" not in sent(page(b"x" * (WORTH_PACKING - 1)), headers={"accept-encoding": "gzip"}).headers


def test_what_the_browser_has_is_not_sent_again() -> None:
    written = page()
    tag = sent(written, b"Anna", "a").headers["etag"]
    again = sent(written, b"Anna", "a", headers={"if-none-match": tag, "accept-encoding": "gzip"})
    assert (again.status_code, again.content, "content-encoding" in again.headers) == (304, b"", False)
    assert sent(written, b"Bo", "b", headers={"if-none-match": tag}).status_code == 200, "another reader's page is another"
    assert sent(page(LONG + b"!" + YOU), b"Anna", "a", headers={"if-none-match": tag}).status_code == 200


def test_the_epoch_alone_makes_no_other_page() -> None:
    def at(epoch: int) -> Written:
        state = f' data-epoch="{epoch}"'.encode()
        return page(b"<body" + state + b">" + LONG, state)

    assert at(7).tag == at(8).tag
    assert at(7).body != at(8).body


@pytest.mark.parametrize("status", [404, 403, 500])
def test_what_went_wrong_is_always_sent(status: int) -> None:
    written = Written(LONG, "text/html", status)
    tag = sent(written).headers["etag"]
    assert sent(written, headers={"if-none-match": tag}).status_code == status
