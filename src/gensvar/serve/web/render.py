"""From a view to a response: the template with its reader, or the same view as JSON."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from markupsafe import Markup, escape

from gensvar.kit.errors import GensvarError
from gensvar.serve.export import FORMS
from gensvar.serve.web import guard, reader
from gensvar.serve.web.asked import behind
from gensvar.serve.web.assets import Assets
from gensvar.serve.web.charts import packed, shared
from gensvar.serve.web.figures import kept
from gensvar.serve.web.nav import NAV
from gensvar.serve.web.palette import MODES, chart_theme
from gensvar.serve.web.reader import Reader
from gensvar.serve.web.reading import Readings
from gensvar.serve.web.steps import step
from gensvar.serve.web.words import LANGUAGES

PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Encoding, Accept-Language"}
YEAR = 31_536_000
HTTP_OK, HTTP_SAME = 200, 304
WORTH_PACKING, PACKING = 1400, 6
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952: deflate, no name, no time
RAW_DEFLATE = -15
YOU = b"<!-- you -->"
NO_HEADERS: Mapping[str, str] = {}
Rest = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows: the template, the value that it shows, and where in the rooms it stands.

    asked_for: False for the answer to a form that stands at no address: it can be had neither as data nor in another language by following a link.
    """

    template: str
    page: Any
    room: str = ""
    status: int = 200
    extra: dict[str, Any] = field(default_factory=dict)
    asked_for: bool = True


def script_json(value: object) -> Markup:
    """JSON that is safe inside a script element: no “<”, so that no text can end the element."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 (every “<” is escaped above)


def ticked(text: str) -> Markup:
    """The text with what stands between `ticks` as code."""
    pieces = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(pieces))


@lru_cache(maxsize=1)
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["script_json"] = script_json
    environment.filters["packed"] = packed
    environment.filters["kept"] = kept
    environment.filters["ticked"] = ticked
    environment.filters["behind"] = behind
    environment.globals["languages"] = LANGUAGES
    environment.globals["nav"] = NAV
    environment.globals["file_titles"] = {form.name: form.title for form in FORMS.values()}
    environment.globals["step"] = step
    environment.globals["chart_shared"] = lru_cache(maxsize=8)(lambda language: script_json(shared(language)))
    environment.globals["chart_themes"] = script_json({mode: chart_theme(mode) for mode in MODES})
    return environment


@dataclass(frozen=True, slots=True)
class Renderer:
    """secure: people come by TLS, and no cookie travels without."""

    assets: Assets
    secure: bool = False

    def html(self, view: View, who: Reader, request: Request[Any, Any, Any], epoch: int | None = None) -> Response[bytes]:
        """The page, with its cookies: the form token, and the language where it was just chosen. epoch: where the page keeps itself up to date."""
        return self.send(self.written(view, who, request.url.path, rest_of(request), epoch), who, request)

    def written(self, view: View, who: Reader, here: str, rest: Rest, epoch: int | None = None) -> "Written":
        """The page as it is sent to all who see the same. here, rest: its address, without the language that was asked for."""
        live = epoch if view.status == HTTP_OK else None
        text = (
            templates()
            .get_template(view.template)
            .render(
                page=view.page,
                room=view.room,
                w=who.words,
                reader=who,
                may=who.may,
                readings=Readings(),
                asset=self.assets.url,
                epoch=live,
                here=here,
                lang_links={code: "?" + urlencode([*rest, ("lang", code)]) for code in LANGUAGES} if view.asked_for else {},
                address=here + (f"?{urlencode(rest)}" if rest else ""),
                twin=f"{here}.json" + (f"?{urlencode(rest)}" if rest else "") if view.asked_for else "",
                **view.extra,
            )
        )
        return Written(text.encode(), "text/html", view.status, b"" if live is None else f' data-epoch="{live}"'.encode())

    def you(self, who: Reader) -> bytes:
        """The corner of the page that is only hers: who is signed in, and the way out."""
        return templates().get_template("you.html").render(reader=who, w=who.words).strip().encode() if who.name else b""

    def send(self, page: "Written", who: Reader, request: Request[Any, Any, Any]) -> Response[bytes]:
        """A page that may have been made for many, with what is only this reader's put in."""
        cookies = [_cookie(guard.COOKIE, who.bound_to, "strict", secure=self.secure)] if who.new else []
        if who.chosen:
            cookies.append(_cookie(reader.COOKIE, who.language, "lax", YEAR, secure=self.secure))
        return page.response(request, {"Content-Language": who.language}, cookies, self.you(who), who.bound_to)

    def json(self, view: View, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The page's twin: the value that the page shows, as JSON."""
        return Written(msgspec.json.encode(view.page), "application/json", view.status).response(request)


@dataclass
class Written:
    """A body ready to be sent, packed at most once however many readers it is sent to. state: the piece of it that says of which epoch it is."""

    body: bytes
    type: str
    status: int
    state: bytes = b""

    @cached_property
    def tag(self) -> bytes:
        """What is the same as long as the page says the same, whatever the epoch."""
        return blake2b(self.body.replace(self.state, b"", 1) if self.state else self.body, digest_size=12).digest()

    @cached_property
    def parts(self) -> tuple[bytes, bytes]:
        """The body before and after the reader's own corner; all of it before where it has none."""
        before, _, after = self.body.partition(YOU)
        return before, after

    @cached_property
    def _packed(self) -> tuple[bytes, bytes]:
        return deflated(self.parts[0]), deflated(self.parts[1], last=True)

    def packed(self, you: bytes = b"") -> bytes:
        """The body as gzip: blocks of deflate may stand one after the other, so that only the corner is packed for each reader."""
        before, after = self.parts
        check = zlib.crc32(after, zlib.crc32(you, zlib.crc32(before)))
        size = len(before) + len(you) + len(after)
        return GZIP_HEAD + self._packed[0] + deflated(you) + self._packed[1] + struct.pack("<LL", check, size & 0xFFFFFFFF)

    def response(
        self, request: Request[Any, Any, Any], headers: Mapping[str, str] = NO_HEADERS, cookies: Sequence[Cookie] = (), you: bytes = b"", of: str = ""
    ) -> Response[bytes]:
        """The body, or only that it is what the browser has already. you, of: what is put into the reader's corner, and whose it is."""
        tag = f'W/"{blake2b(self.tag + of.encode(), digest_size=12).hexdigest()}"'
        same = self.status == HTTP_OK and request.method == "GET" and request.headers.get("if-none-match") == tag
        packs = not same and len(self.body) >= WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", "")
        body = b"" if same else self.packed(you) if packs else you.join(self.parts)
        all_headers = guard.HEADERS | PRIVATE | {"ETag": tag} | dict(headers) | ({"Content-Encoding": "gzip"} if packs else {})
        return Response(body, media_type=self.type, status_code=HTTP_SAME if same else self.status, headers=all_headers, cookies=cookies)


def deflated(part: bytes, *, last: bool = False) -> bytes:
    """Whole blocks of raw deflate that need nothing of what stands before them."""
    packer = zlib.compressobj(PACKING, zlib.DEFLATED, RAW_DEFLATE)
    return packer.compress(part) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def rest_of(request: Request[Any, Any, Any]) -> Rest:
    """What the address asks for beside the language."""
    return tuple((k, v) for k, v in request.query_params.multi_items() if k != "lang")


def _cookie(name: str, value: str, same_site: Literal["lax", "strict"], seconds: int | None = None, *, secure: bool) -> Cookie:
    name = guard.named(name, secure=secure)
    return Cookie(key=name, value=value, path="/", max_age=seconds, httponly=True, secure=secure, samesite=same_site)


def problem_json(error: GensvarError, instance: str) -> Response[bytes]:
    """RFC 9457 problem details."""
    problem = {
        "type": "about:blank", "title": error.title, "status": error.status, "detail": error.what, "instance": instance,
        "where": error.where, "nearest": error.nearest, "do": error.do, "faults": error.faults,
    }  # fmt: skip
    body = msgspec.json.encode({k: v for k, v in problem.items() if v})
    return Response(body, media_type="application/problem+json", status_code=error.status, headers=guard.HEADERS | PRIVATE)
