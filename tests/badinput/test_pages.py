"""Pages and requests: what a visitor wrote is never markup, headers and names lead nowhere, and odd requests get a clear answer."""

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from gensvar import flow
from gensvar.kit.settings import read_settings
from tests.badinput.sending import fine, good, sent
from tests.faults.load import prepared
from tests.faults.servers import Nursery, Running
from tests.faults.servers import served as started
from tests.houses import SURVEY
from tests.serve.conftest import Served

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea><script>1</script>",
    "</script><script>1</script>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{7331*7919}}",
    "${{7331*7919}}",
    "{% raw %}",
    "&lt;b&gt;<b>",
    "\u202e<b>x",
    "<!--",
]
FIELDS = (
    "record",
    "item",
    "text",
    "market",
    "segment",
    "channel",
    "product",
    "unit",
    "journey",
    "touchpoint",
    "kind",
    "language",
    "choice",
    "measure",
)
PAGES = (
    "/",
    "/measures",
    "/measures/csat.delivery",
    "/measures/csat.delivery?by=market",
    "/sources",
    "/sources/survey",
    "/set-aside",
    "/set-aside?source=survey&reason=off_scale",
)


def assert_harmless(page: str, evil: str) -> None:
    if "<" in evil:
        assert evil not in page
    assert "58054189" not in page or "{{7331*7919}}" not in evil


def assert_shown_harmless(answered: Any, evil: str) -> None:
    """As a page it is escaped; as JSON no browser may take it for a page."""
    if "json" in answered.headers["content-type"]:
        assert answered.headers["x-content-type-options"] == "nosniff"
    else:
        assert_harmless(answered.text, evil)


@pytest.mark.parametrize("evil", EVIL)
def test_what_somebody_wrote_is_never_markup(served: Served, evil: str) -> None:
    fields = {f: evil for f in FIELDS if f != "measure"}
    items = [
        good(**fields, attrs={evil: evil}, party={"name": evil, "external": evil}),
        good(**{**fields, "record": evil + "2"}, score=77),
        good(**{**fields, "record": evil + "3"}, measure=evil),
    ]
    assert sent(served, items).status_code == 202
    served.flowed()
    rows = [f"/set-aside/{n}" for n in flow.open_ids(served.house, None, None)]
    assert rows
    for path in (*PAGES, *rows):
        page = served.client.get(path)
        assert page.status_code == 200, path
        assert_harmless(page.text, evil)


@pytest.mark.parametrize("evil", EVIL)
def test_what_stands_in_an_address_is_never_markup(served: Served, evil: str) -> None:
    for path in ("/measures/x", "/sources/x", "/set-aside/x", "/imports/x", "/drafts/x", "/x"):
        asked = served.client.get(path.replace("x", httpquoted(evil)), headers={"accept": "text/html"})
        assert asked.status_code in {400, 404, 422}, path
        assert_shown_harmless(asked, evil)
    for query in ("source", "reason", "state", "after", "by", "period", "where", "compare", "language", "taken", "said"):
        for page in ("/", "/measures/csat.delivery", "/set-aside"):
            asked = served.client.get(page, params={query: evil}, headers={"accept": "text/html"})
            assert asked.status_code < 500, (page, query)
            assert_shown_harmless(asked, evil)


def httpquoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def test_names_in_a_contract_are_never_markup(served: Served) -> None:
    evil = "<script>alert(1)</script>"
    yaml = (
        SURVEY.replace("source: survey", "source: evil")
        .replace("purpose: what customers say after a delivery", f"purpose: {evil}")
        .replace("item: rating", f'item: "{evil}"')
    )
    yaml = (
        yaml.replace("csat.delivery", "csat.evil")
        .replace("{en: CSAT for delivery}", f'{{en: "{evil}"}}')
        .replace("owner: anna.berg\npurpose", f'owner: "{evil}"\npurpose')
    )
    said = served.client.post("/v1/sources", json={"yaml": yaml})
    assert said.status_code in {200, 422}
    for path in (*PAGES, "/sources/evil", "/measures/csat.evil"):
        assert evil not in served.client.get(path).text


HEADERS: dict[str, dict[str, str]] = {
    "language of 10,000": {"accept-language": "sv," * 3_000},
    "language of nonsense": {"accept-language": ";;;q=x,--"},
    "a path as language": {"accept-language": "../../etc"},
    "cookies of nonsense": {"cookie": "=;;=a; gensvar=%00; " + "a=b; " * 500},
    "no key": {"authorization": "Bearer"},
    "key of 5,000": {"authorization": "Bearer " + "x" * 5_000},
    "basic": {"authorization": "Basic YTpi"},
    "another host": {"host": "evil.example"},
    "host of nonsense": {"host": "a b/c"},
    "range": {"range": "bytes=0-0,1-1,5-2"},
    "accept nonsense": {"accept": "////;q=;"},
    "forwarded": {"x-forwarded-for": "1.1.1.1", "x-forwarded-host": "evil.example", "x-original-url": "/v1/keys"},
    "method override": {"x-http-method-override": "DELETE"},
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_strange_header_confuses_nobody(served: Served, kind: str) -> None:
    for path in ("/", "/sources", "/v1/status", "/v1/schema/openapi.json", "/static/none.css"):
        answered = served.client.get(path, headers=HEADERS[kind])
        assert answered.status_code < 500, path
        assert "evil.example" not in str(answered.headers)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\win.ini",
        "/etc/passwd",
        "a\x00.csv",
        "con.csv",
        ".",
        "..",
        "a/b/c.csv",
        "x" * 3_000 + ".csv",
        "🙂.csv",
        "a\r\nset-cookie: x=y.csv",
        "%2e%2e%2f",
        "~root",
        "-rf",
        " ",
    ],
)
def test_an_upload_stays_where_uploads_are(served: Served, name: str) -> None:
    answered = served.client.post("/v1/files", params={"source": "survey", "name": name}, content=b"id\n1\n")
    fine(answered)
    folder = served.house.settings.data / "uploads"
    stored = [p for p in folder.rglob("*") if p.is_file()] if folder.exists() else []
    assert all(p.resolve().parent == folder.resolve() for p in stored)
    assert "set-cookie" not in {h.lower() for h in answered.headers}
    if answered.status_code == 202:
        assert served.client.post("/v1/jobs/stop", json={"id": int(answered.json()["job"])}).status_code == 200


METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get")
PATHS = (
    "/v1/feedback",
    "/v1/feedback/",
    "/v1/feedback/survey",
    "/v1/feedback/survey/",
    "/v1//feedback",
    "/v1/feedback/survey/%00",
    "/v1/feedback/survey/..%2f..",
    "/v1/FEEDBACK",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../../pyproject.toml",
    "/static/%2e%2e/%2e%2e/x",
    "/static/",
    "//",
    "/" + "a" * 8_000,
    "/%ff%fe",
    "/?" + "a=b&" * 3_000,
)


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_a_strange_address_or_method_gets_a_clear_answer(served: Served, path: str) -> None:
    for method in METHODS:
        answered = served.client.request(method, path, headers=served.key("ingest"))
        assert answered.status_code < 500, (method, path, answered.text[:300])
    assert "[build-system]" not in served.client.get(path).text


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A real server on a socket, and a key."""
    data = tmp_path_factory.mktemp("raw") / "data"
    key = prepared(data)
    nursery = Nursery()
    server = started(nursery, data)
    yield server, key
    assert server.asked("GET", "/v1/status")[0] == 200, "it lives after all that"
    server.stop()
    nursery.close()


RAW = {
    "no HTTP": b"hello\r\n\r\n",
    "HTTP/9": b"GET / HTTP/9.9\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "nulls": b"\x00" * 500,
    "a header of 1 MB": b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "10,000 headers": b"GET / HTTP/1.1\r\nhost: localhost\r\n" + b"a: b\r\n" * 10_000 + b"\r\n",
    "a long address": b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "no host": b"GET /health/live HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}abc",
    "length below 0": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n",
    "length of words": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: five\r\n\r\n",
    "both lengths": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "broken chunks": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\nxx\r\n",
    "a chunk without end": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\nx",
    "a split header": b"GET / HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n",
    "a bare carriage return": b"GET / HTTP/1.1\rhost: localhost\r\r",
    "less than it said": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: 500\r\n\r\n{}",
    "expect": b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\nexpect: 200-ok\r\ncontent-length: 2\r\n\r\n{}",
    "upgrade": b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n",
}


@pytest.mark.faults
@pytest.mark.parametrize("kind", RAW)
def test_bytes_that_are_no_request_do_not_hurt_the_server(running: tuple[Running, str], kind: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", running[0].port), timeout=2)) as raw:
        try:
            raw.sendall(RAW[kind])
            raw.shutdown(socket.SHUT_WR)
            said = raw.recv(4_096)
        except OSError:
            said = b""
    status = re.match(rb"HTTP/1\.[01] (\d+)", said)
    assert status is None or int(status[1]) < 500, said
    assert running[0].asked("GET", "/health/live")[0] == 200


HIDDEN = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"
FRAMED = {
    "both lengths": b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"content-length: 0\r\ncontent-length: 51\r\n\r\n",
    "a space before the colon": b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "an unknown encoding": b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "encoded twice": b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
}


@pytest.mark.faults
@pytest.mark.parametrize("kind", FRAMED)
def test_no_request_hides_in_another(running: tuple[Running, str], kind: str) -> None:
    """Where two ways of telling a body's length disagree, one answer comes, and the connection ends."""
    with closing(socket.create_connection(("127.0.0.1", running[0].port), timeout=5)) as raw:
        raw.sendall(b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\n" + FRAMED[kind] + HIDDEN)
        said = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert said.count(b"HTTP/1.1 ") == 1, said
    assert said.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), said


@pytest.mark.faults
def test_a_body_in_chunks_is_read_as_one(running: tuple[Running, str]) -> None:
    import msgspec

    body = msgspec.json.encode([good(record=f"chunked{i}") for i in range(50)])
    with closing(http.client.HTTPConnection("127.0.0.1", running[0].port, timeout=10)) as client:
        client.request(
            "POST", "/v1/feedback", (body[i : i + 7] for i in range(0, len(body), 7)), {"authorization": f"Bearer {running[1]}"}, encode_chunked=True
        )
        answered = client.getresponse()
        assert answered.status == 202, answered.read()
        assert msgspec.json.decode(answered.read())["accepted"] == 50


@pytest.mark.faults
def test_slow_senders_do_not_keep_others_out(running: tuple[Running, str]) -> None:
    slow = [socket.create_connection(("127.0.0.1", running[0].port), timeout=5) for _ in range(200)]
    for one in slow:
        one.sendall(b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n[")
    assert running[0].asked("GET", "/v1/status")[0] == 200
    for one in slow:
        one.close()


def test_settings_that_are_wrong_are_all_told_at_once() -> None:
    from gensvar.kit.errors import SettingsError

    with pytest.raises(SettingsError) as told:
        read_settings({"port": "99999"}, env={"GENSVAR_MEMORY_MB": "lots", "GENSVAR_LANGAUGE": "sv", "GENSVAR_RATE": "-1", "GENSVAR_TODAY": "soon"})
    assert len(told.value.faults) == 5
