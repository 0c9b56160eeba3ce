"""The pages: thin doors over one view each; every page has its twin as JSON at the same address with .json after it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, Router, get
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from gensvar.kit.clock import Clock, SystemClock
from gensvar.kit.errors import BadInput, GensvarError, NotFound, TooLarge, nearest
from gensvar.serve.web import forms, guard
from gensvar.serve.web.asked import Asked, read_asked
from gensvar.serve.web.assets import Assets
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.measure_page import definitions, measure_page
from gensvar.serve.web.memo import Memo
from gensvar.serve.web.overview import overview
from gensvar.serve.web.reader import Reader, reader_of
from gensvar.serve.web.render import Renderer, Rest, View, Written, problem_json, rest_of
from gensvar.serve.web.set_aside_page import STATES, repair_page, set_aside_page
from gensvar.serve.web.sources_page import draft, import_page, one_source, sources_page
from gensvar.serve.web.uploads import Uploads

AnyRequest = Request[Any, Any, Any]
NO_PAGES = ("/v1/", "/health/", "/static/")
YEAR_CACHE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """language, zone: where the reader has not chosen; uploads: a folder that outlives the process; secret: shared by all processes of one house."""

    uploads: Path
    language: str = "en"
    zone: str = "Europe/Stockholm"
    max_upload_mb: int = 2048
    clock: Clock = field(default_factory=SystemClock)
    secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """The front page as a value, and as it is sent."""

    view: View
    page: Written


class Pages:
    """Every page of one house."""

    def __init__(self, desk: Desk, settings: PageSettings) -> None:
        self.desk, self.settings = desk, settings
        self.forms = guard.Forms(settings.secret) if settings.secret else guard.Forms()
        self.assets = Assets()
        self.renderer = Renderer(self.assets)
        self.uploads = Uploads(settings.uploads, settings.clock)
        self._fronts: Memo[Front] = Memo(64)

    def __deepcopy__(self, _: dict[int, Any]) -> "Pages":
        """Itself: Litestar copies a router and all that its handlers hold, and a house cannot be copied."""
        return self

    def reader(self, request: AnyRequest) -> Reader:
        return reader_of(request, self.settings.language, self.settings.zone, self.forms.token)

    def show(self, request: AnyRequest, view: View | Response[Any]) -> Response[Any]:
        """The view as a page, or as JSON where the address ends in .json; what is a response already, as it is."""
        if isinstance(view, Response):
            return view
        return self.renderer.json(view, request) if wants_twin(request) else self.renderer.html(view, self.reader(request), request)

    def home(self, request: AnyRequest) -> Response[Any]:
        """The front page, made once for each address and language until the hub has moved on."""
        who, rest = self.reader(request), rest_of(request)
        state = self.desk.epoch(), self.desk.today()
        front = self._fronts.get((who.language, rest), state, lambda: self._front(read_asked(request.query_params), who, rest))
        return self.renderer.json(front.view, request) if wants_twin(request) else self.renderer.send(front.page, who, request)

    def warm(self) -> None:
        """Makes the front page in the house's own language before anybody asks for it: the first reader waits for nothing that the next does not."""
        who, state = Reader(self.settings.language, self.settings.zone, self.forms.token), (self.desk.epoch(), self.desk.today())
        self._fronts.get((who.language, ()), state, lambda: self._front(Asked(), who, ()))

    def _front(self, asked: Asked, who: Reader, rest: Rest) -> "Front":
        view = View("overview.html", overview(self.desk, asked, who.words), "home")
        return Front(view, self.renderer.written(view, who, "/", rest))

    def measures(self, request: AnyRequest) -> View:
        return View("measures.html", definitions(self.desk, self.reader(request).words), "measure")

    def measure(self, request: AnyRequest) -> View:
        return View("measure.html", measure_page(self.desk, _named(request, "name"), _asked(request), self.reader(request).words), "measure")

    def sources(self, request: AnyRequest) -> View:
        return View("sources.html", sources_page(self.desk, self.reader(request).words, self.settings.zone), "sources")

    def source(self, request: AnyRequest) -> View:
        name = _named(request, "name")
        found = one_source(self.desk, name, self.reader(request).words, self.settings.zone)
        if found is None:
            known = [s.name for s in self.desk.sources()]
            raise NotFound(f"No source {name!r}", nearest=nearest(name, known), do="The Sources page lists them.")
        return View("source.html", found, "sources")

    def draft(self, request: AnyRequest) -> View:
        upload = _named(request, "upload")
        path = self.uploads.path(upload)
        suggested = self.desk.suggest(path, request.query_params.get("source", ""))
        return View("draft.html", draft(upload, path.name, suggested, self.reader(request).words), "sources")

    def job(self, request: AnyRequest) -> View:
        return View("import.html", import_page(self.desk.job(_named(request, "job")), self.reader(request).words), "sources")

    def set_aside(self, request: AnyRequest) -> View:
        query = request.query_params
        state = query.get("state", "open")
        if state not in STATES:
            raise BadInput(f"No state {state!r}", nearest=nearest(state, STATES), do=f"States: {', '.join(STATES)}.")
        page = set_aside_page(
            self.desk,
            query.get("source", ""),
            query.get("reason", ""),
            state,
            _whole(query.get("after", "0")),
            self.reader(request).words,
            self.settings.zone,
        )
        return View("set_aside.html", page, "set-aside", extra={"said": forms.said(query, self.reader(request).words)})

    def repair(self, request: AnyRequest) -> View:
        page = repair_page(self.desk, _whole(_named(request, "row")), self.reader(request).words, self.settings.zone)
        return View("repair.html", page, "set-aside", extra={"said": forms.said(request.query_params, self.reader(request).words)})

    def wants_page(self, request: AnyRequest) -> bool:
        """Whether this is a browser that asks for a page, and not a program that asks for data."""
        path = request.url.path
        return not path.startswith(NO_PAGES) and not wants_twin(request) and "text/html" in request.headers.get("accept", "")

    def problem(self, request: AnyRequest, error: Exception) -> Response[Any]:
        """What, where, nearest and what to do, as a page or as RFC 9457 problem details."""
        fault = as_fault(error, request.url.path)
        if not self.wants_page(request):
            return problem_json(fault, request.url.path)
        return self.renderer.html(
            View("problem.html", fault, status=fault.status, extra={"near_href": near_href(fault, request.url.path)}), self.reader(request), request
        )

    def static(self, request: AnyRequest) -> Response[bytes]:
        asset = self.assets.at(request.url.path)
        zipped = asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", "")
        headers = guard.HEADERS | {"Cache-Control": YEAR_CACHE, "Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if zipped else {})
        return Response(asset.zipped if zipped and asset.zipped else asset.body, media_type=asset.type, headers=headers)


def wants_twin(request: AnyRequest) -> bool:
    return request.url.path.endswith(".json")


def as_fault(error: Exception, path: str) -> GensvarError:
    """The house's own error for what the web framework says."""
    if isinstance(error, GensvarError):
        return error
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == NotFound.status:
        return NotFound(
            f"No page at {path}", nearest=nearest(path, ("/", "/measures", "/sources", "/set-aside")), do="The rooms on the left lead on."
        )
    if status == TooLarge.status:
        return TooLarge("This is more than one request may hold", do="Import large files with `gensvar import`, or raise max_upload_mb.")
    if 400 <= status < 500:
        return BadInput("The request cannot be understood", do="Go back, load the page again, and send it once more.")
    return GensvarError("This page could not be made", do="Try again; if it happens again, the log says why.")


def near_href(fault: GensvarError, path: str) -> str:
    """Where the nearest match is: the page itself, or this address with its last part put right; empty where that would be a guess."""
    last = path.rsplit("/", 1)[-1]
    if not fault.nearest or fault.nearest.startswith("/"):
        return fault.nearest or ""
    return path.removesuffix(last) + quote(fault.nearest) if last and repr(last) in fault.what else ""


def _asked(request: AnyRequest) -> Asked:
    return read_asked(request.query_params)


def _named(request: AnyRequest, name: str) -> str:
    """A path parameter, without the twin's ending."""
    return str(request.path_params[name]).removesuffix(".json")


def _whole(text: str) -> int:
    if not text.isdigit() or len(text) > 18:
        raise NotFound(f"No row {text!r}", do="Rows are numbered; the Set-aside page lists them.")
    return int(text)


def _page(pages: Pages, path: str, view: Callable[[AnyRequest], View | Response[Any]]) -> HTTPRouteHandler:
    def make(request: AnyRequest) -> Response[Any]:
        return pages.show(request, view(request))

    async def handler(request: AnyRequest) -> Response[Any]:
        return await sync_to_thread(make, request)

    addresses = [path] if path.endswith("}") else [path, f"{path}.json"]
    return get(addresses, include_in_schema=False)(handler)


def page_handlers(pages: Pages) -> Sequence[HTTPRouteHandler]:
    return [
        _page(pages, "/", pages.home),
        _page(pages, "/measures", pages.measures),
        _page(pages, "/measures/{name:str}", pages.measure),
        _page(pages, "/sources", pages.sources),
        _page(pages, "/sources/{name:str}", pages.source),
        _page(pages, "/drafts/{upload:str}", pages.draft),
        _page(pages, "/imports/{job:str}", pages.job),
        _page(pages, "/set-aside", pages.set_aside),
        _page(pages, "/set-aside/{row:str}", pages.repair),
        get("/static/{file:path}", include_in_schema=False)(_static(pages)),
    ]


def _static(pages: Pages) -> Callable[[AnyRequest], Awaitable[Response[bytes]]]:
    async def handler(request: AnyRequest) -> Response[bytes]:
        return pages.static(request)

    return handler


def router(pages: Pages) -> Router:
    handlers = [*page_handlers(pages), *forms.form_handlers(pages)]

    def problem(request: AnyRequest, error: Exception) -> Response[Any]:
        return pages.problem(request, error)

    return Router("/", route_handlers=handlers, exception_handlers={GensvarError: problem, HTTPException: problem})


def pages(desk: Desk, settings: PageSettings) -> Router:
    """Every page and form of the house, to be mounted at the root."""
    return router(Pages(desk, settings))
