"""What a visit of Home weighs over the wire, of the invented company: at first, and when the browser has kept what it may."""

import gzip
import http.client
import re
import tempfile
from pathlib import Path

from bench.house import Server, environment, served
from bench.result import Result
from gensvar.demo import scene
from gensvar.kit.settings import read_settings

NAMED = re.compile(rb"""(?:href|src|url|from|import)[=( ]?["'(]+((?:/static/|\./)[^"')]+)""")
KILO = 1000.0


class Silent:
    """Tells nothing."""

    def print(self, text: str) -> None:
        """Says nothing of it."""


def weight(*, quick: bool) -> list[Result]:
    """Bytes as sent, gzipped, headers left out."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        scene.play(read_settings({"data": str(data)}, env=environment(data)), 0.02 if quick else 0.3, Silent())
        with served(data) as server:
            page, sent = _got(server, "/")
            files = _files(server, page)
    return [
        Result("Home, first visit, gzipped", (sent + sum(files.values())) / KILO, "kB", 450, note=f"{len(files)} files beside the page"),
        Result("Home, next visit, gzipped", sent / KILO, "kB", 40),
    ]


def _files(server: Server, page: bytes) -> dict[str, int]:
    """Every static file that the page, or a file of it, names, and how many bytes it takes."""
    found: dict[str, int] = {}
    waiting = [name.decode() for name in NAMED.findall(page)]
    while waiting:
        address = waiting.pop()
        if address not in found:
            body, found[address] = _got(server, address)
            waiting += [name.decode() for name in NAMED.findall(body) if name.startswith(b"/static/")]
    return found


def _got(server: Server, address: str) -> tuple[bytes, int]:
    """What is at an address, unpacked, and how many bytes that took."""
    link = http.client.HTTPConnection(server.host, server.port, timeout=60)
    headers = {"authorization": f"Bearer {server.key}", "accept": "text/html", "accept-encoding": "gzip"}
    link.request("GET", address, headers=headers)
    response = link.getresponse()
    sent = response.read()
    packed = response.getheader("content-encoding") == "gzip"
    assert response.status == 200, (address, response.status)
    link.close()
    return gzip.decompress(sent) if packed else sent, len(sent)
