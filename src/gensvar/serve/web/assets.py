"""Static files, read once: each has an address that carries its hash, so that a browser may keep it for ever."""

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from gensvar.kit.errors import NotFound
from gensvar.serve.web.palette import style_sheet

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
REFERENCE = re.compile(r"""(url\("|from ['"])([^"']+)(?=["'])""")
INTERPRETER = "vendor/vega-interpreter.js"  # the one file of others that names another
BARE = {"vega-util": "vega-util.js"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent. zipped: gzip, or None for what is packed already."""

    name: str
    type: str
    body: bytes
    zipped: bytes | None
    hash: str

    @property
    def address(self) -> str:
        stem, dot, suffix = self.name.rpartition(".")
        return f"/static/{stem}.{self.hash}{dot}{suffix}"


class Assets:
    """Every static file of the pages; a file that names another (url("…"), from "…") is given the other's hashed address."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._made: dict[str, Asset] = {}

    def url(self, name: str) -> str:
        """The hashed address of a file."""
        return self.get(name).address

    def get(self, name: str) -> Asset:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    @cached_property
    def by_address(self) -> dict[str, Asset]:
        names = ["tokens.css", *(str(p.relative_to(self._folder)) for p in self._folder.rglob("*") if p.suffix in TYPES)]
        return {asset.address: asset for asset in map(self.get, names)}

    def at(self, address: str) -> Asset:
        """The file with exactly this address. NotFound for an older hash, so that nothing stale is kept for ever."""
        if address not in self.by_address:
            raise NotFound(f"No file {address!r}", do="Load the page again: its files have changed.")
        return self.by_address[address]

    def _make(self, name: str) -> Asset:
        body = style_sheet().encode() if name == "tokens.css" else (self._folder / name).read_bytes()
        suffix = Path(name).suffix
        if suffix == ".css" or name == INTERPRETER or (suffix == ".js" and not name.startswith("vendor/")):
            body = REFERENCE.sub(self._hashed, body.decode()).encode()
        zipped = None if suffix == ".woff2" else gzip.compress(body, 9, mtime=0)
        return Asset(name, TYPES[suffix], body, zipped, sha256(body).hexdigest()[:12])

    def _hashed(self, found: re.Match[str]) -> str:
        name = BARE.get(found[2], found[2])
        return found[1] + self.url(name)
