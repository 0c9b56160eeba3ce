"""The pages of one house: what they share, and how the rooms' pages and forms are mounted. Each page has its twin as JSON at the same address."""

from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, Router, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from gensvar.house import House
from gensvar.kit.clock import Clock, SystemClock
from gensvar.kit.errors import BadInput, GensvarError, NotAllowed, NotFound, TooLarge, Unauthenticated, nearest
from gensvar.kit.rights import EVERY, Right
from gensvar.kit.scope import whole
from gensvar.serve.access import BY_ITSELF, NOBODY, Caller, from_our_own_page
from gensvar.serve.people import Ways, ways_of
from gensvar.serve.web import guard
from gensvar.serve.web.asked import Asked, read_asked
from gensvar.serve.web.assets import Assets
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.guide import Guide, Guided
from gensvar.serve.web.live import Live
from gensvar.serve.web.memo import Memo
from gensvar.serve.web.moved_block import moved_block
from gensvar.serve.web.overview import overview
from gensvar.serve.web.reader import Reader
from gensvar.serve.web.render import Renderer, Rest, View, Written, problem_json, rest_of
from gensvar.serve.web.uploads import Uploads
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words

AnyRequest = Request[Any, Any, Any]
NO_PAGES = ("/v1/", "/health/", "/static/")
YEAR_CACHE = "public, max-age=31536000, immutable"
LANDINGS: tuple[tuple[Right, str], ...] = (("answers", "/"), ("audit", "/audit"), ("sources", "/sources"))
MOST_FRONTS = 256


@dataclass(frozen=True, slots=True)
class PageSettings:
    """language, zone: where the reader has not chosen; uploads: a folder that outlives the process; secret: shared by all processes of one house.

    secure: people come by TLS.
    """

    uploads: Path
    language: str = "en"
    zone: str = "Europe/Stockholm"
    max_upload_mb: int = 2048
    clock: Clock = field(default_factory=SystemClock)
    secret: bytes | None = None
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Front:
    """The front page as a value, and as it is sent."""

    view: View
    page: Written


@dataclass(frozen=True, slots=True)
class ForMany:
    """What a page is told with that is made once for all who may see the same."""

    words: Words
    desk: Desk
    house: House
    rights: Set[Right]

    def may(self, right: Right) -> bool:
        return right in self.rights


class Pages:
    """What all pages of one house share."""

    def __init__(self, desk: Desk, settings: PageSettings, house: House | None = None, ways: Ways | None = None) -> None:
        self.desk, self.settings, self.house = desk, settings, house
        self.ways = ways or (ways_of(house) if house is not None else None)
        self.forms = guard.Forms(settings.secret) if settings.secret else guard.Forms()
        self.guide = Guide(house) if house else None
        self.assets = Assets()
        self.renderer = Renderer(self.assets, settings.secure)
        self.uploads = Uploads(settings.uploads, settings.clock)
        self.live = Live(desk.epoch)
        self._fronts: Memo[Front] = Memo(MOST_FRONTS)

    def __deepcopy__(self, _: dict[int, Any]) -> "Pages":
        """Itself: Litestar copies a router and all that its handlers hold, and a house cannot be copied."""
        return self

    def visit(self, request: AnyRequest, *, live: bool = False) -> Visit:
        """The visit that a checked request is. A request that nobody has checked is nobody's. live: the page may keep itself up to date."""
        caller: Caller = getattr(request.state, "caller", NOBODY)
        return Visit(request, self, caller, self.desk.epoch() if live and caller.may("member") else None)

    def show(self, visit: Visit, view: View | Response[Any]) -> Response[Any]:
        """The view as a page, or as JSON where the address ends in .json; what is a response already, as it is."""
        if isinstance(view, Response):
            return view
        return self.renderer.json(view, visit.request) if wants_twin(visit.request) else visit.page(view)

    def front(self, visit: Visit) -> Response[Any]:
        """The front page, made once for each address, language, scope and set of rights until the hub has moved on."""
        who, rest, seen_as = visit.reader, rest_of(visit.request), visit.caller.seen_as
        epoch, newest = visit.desk.epoch(), BY_ITSELF in visit.request.headers
        guided = self._guided(visit.caller, visit.desk)
        key, state = (who.language, rest, seen_as, guided.key), (epoch, visit.desk.today(), guided.loop, guided.moved)
        front = self._fronts.get(key, state, lambda: self._front(visit.desk, read_asked(visit.query), who, rest, epoch, guided), newest=newest)
        return self.renderer.json(front.view, visit.request) if wants_twin(visit.request) else self.renderer.send(front.page, who, visit.request)

    def warm(self) -> None:
        """Makes the front page in the house's own language before anybody asks for it: an administrator then waits for nothing."""
        caller = Caller("", EVERY - {"ingest"}, whole())
        who = Reader(self.settings.language, self.settings.zone, self.forms, rights=caller.rights)
        desk = self.desk.under(caller.scope, "")
        epoch, guided = desk.epoch(), self._guided(caller, desk)
        key, state = (who.language, (), caller.seen_as, guided.key), (epoch, desk.today(), guided.loop, guided.moved)
        self._fronts.get(key, state, lambda: self._front(desk, Asked(), who, (), epoch, guided))

    def _guided(self, caller: Caller, desk: Desk) -> Guided:
        return self.guide.of(caller, desk) if self.guide else Guided()

    def _front(self, desk: Desk, asked: Asked, who: Reader, rest: Rest, epoch: int, guided: Guided) -> "Front":
        page = overview(desk, asked, who.words, guided)
        if guided.moved and self.house and page.state == "ready" and not asked.where:
            page = replace(page, moved=moved_block(guided.moved, ForMany(who.words, desk, self.house, who.rights)))
        view = View("overview.html", page, "home")
        return Front(view, self.renderer.written(view, who, "/", rest, epoch if who.may("member") else None))

    def wants_page(self, request: AnyRequest) -> bool:
        """Whether this is a browser that asks for a page, and not a program that asks for data."""
        path = request.url.path
        return not path.startswith(NO_PAGES) and not wants_twin(request) and "text/html" in request.headers.get("accept", "")

    def problem(self, request: AnyRequest, error: Exception) -> Response[Any]:
        """What, where, nearest and what to do, as a page or as problem details. Who has not signed in is asked to, and comes back."""
        fault = as_fault(error, request.url.path)
        if not self.wants_page(request):
            return problem_json(fault, request.url.path)
        visit = self.visit(request)
        if isinstance(fault, Unauthenticated) and request.method == "GET":
            return go("/login", next=here(request))
        if isinstance(fault, NotAllowed) and request.url.path == "/" and (landing := landing_of(visit.caller)) != "/":
            return go(landing)
        return visit.page(View("problem.html", fault, status=fault.status, extra={"near_href": near_href(fault, request.url.path)}))

    def static(self, request: AnyRequest) -> Response[bytes]:
        asset = self.assets.at(request.url.path)
        zipped = asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", "")
        headers = guard.HEADERS | {"Cache-Control": YEAR_CACHE, "Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if zipped else {})
        return Response(asset.zipped if zipped and asset.zipped else asset.body, media_type=asset.type, headers=headers)


def here(request: AnyRequest) -> str:
    """The address that was asked for, to come back to after signing in; nothing where it is the front page."""
    query = urlencode([*request.query_params.multi_items()])
    address = request.url.path + (f"?{query}" if query else "")
    return "" if address == "/" else address


def landing_of(caller: Caller) -> str:
    """The first room that this caller may enter: where signing in leads to."""
    return next((address for right, address in LANDINGS if caller.may(right)), "/account")


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


def _page(pages: Pages, page: Page) -> HTTPRouteHandler:
    def make(request: AnyRequest) -> Response[Any]:
        visit = pages.visit(request, live=page.live and not wants_twin(request))
        return pages.show(visit, page.view(visit))

    async def handler(request: AnyRequest) -> Response[Any]:
        return await sync_to_thread(make, request)

    return get(page.addresses, include_in_schema=False, opt={"right": page.right})(handler)


def _form(pages: Pages, form: Form) -> HTTPRouteHandler:
    async def handler(request: AnyRequest) -> Response[Any]:
        from_our_own_page(request.headers)
        sent = await request.form()
        visit = pages.visit(request)
        if form.token:
            pages.forms.check(sent, visit.reader.bound_to if not visit.reader.new else "")
        return await sync_to_thread(form.run, visit, sent)

    handle: Callable[[AnyRequest], Awaitable[Response[Any]]] = handler
    most = form.most_bytes(pages)
    return post(form.path, request_max_body_size=most, include_in_schema=False, status_code=200, opt={"right": form.right})(handle)


def _static(pages: Pages) -> HTTPRouteHandler:
    async def handler(request: AnyRequest) -> Response[bytes]:
        return pages.static(request)

    handle: Callable[[AnyRequest], Awaitable[Response[bytes]]] = handler
    return get("/static/{file:path}", include_in_schema=False, opt={"right": "open"})(handle)


def router(pages: Pages, rooms: Sequence[Page], forms: Sequence[Form]) -> Router:
    """Every page and form of these rooms, to be mounted at the root."""

    def problem(request: AnyRequest, error: Exception) -> Response[Any]:
        return pages.problem(request, error)

    handlers = [*(_page(pages, p) for p in rooms), *(_form(pages, f) for f in forms), _static(pages)]
    return Router("/", route_handlers=handlers, exception_handlers={GensvarError: problem, HTTPException: problem})
