"""The web application put together: intake, API, health, pages. No address stands without a rule of who may."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, ExceptionHandlersMap, Guard

from gensvar.house import House
from gensvar.kit.errors import GensvarError, NotAllowed, of_system
from gensvar.kit.rights import WRITTEN_FIRST, Right
from gensvar.kit.scope import whole
from gensvar.kit.version import VERSION
from gensvar.serve.access import BY_ITSELF, NOBODY, Access
from gensvar.serve.api.ingest import Door, ingest_routes
from gensvar.serve.api.problems import HANDLERS, logged
from gensvar.serve.api.routes import api_routes
from gensvar.serve.api.straight import straight
from gensvar.serve.api.uploads import upload_routes
from gensvar.serve.desk import HouseDesk
from gensvar.serve.envelope import enveloped
from gensvar.serve.health import health_routes
from gensvar.serve.seen import told
from gensvar.serve.web.live import LIVE, live_routes
from gensvar.serve.web.pages import Pages, PageSettings, router
from gensvar.serve.web.rooms import FORMS, PAGES

MEGABYTE = 1 << 20
READS = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/v1/"
SHOWS: frozenset[Right] = WRITTEN_FIRST | {"answers", "sources", "sources.change", "people", "keys", "settings"}
"""Rights whose pages show something of somebody: that they were opened is written down, what people wrote before it is shown."""
AnyHandler = Callable[[Request[Any, Any, Any], Any], Response[Any]]


def pages_of(house: House) -> Pages:
    """The pages of one house."""
    return Pages(HouseDesk(house, whole()), page_settings(house), house)


def build_app(house: House, access: Access, pages: Pages | None = None) -> ASGIApp:
    """The application for one house: the straight way in before it, the envelope around both. pages: those that the caller has a use for."""
    door = Door(access, house.ledger)
    framework = build_framework(house, access, door, pages or pages_of(house))
    return enveloped(straight(framework, door, house.settings.max_body_mb * MEGABYTE), house.settings)


def build_framework(house: House, access: Access, door: Door, pages: Pages) -> Litestar:
    """All of it as one Litestar application. GensvarError where an address has no rule of who may."""
    desk = HouseDesk(house, whole())
    app = Litestar(
        route_handlers=[
            *ingest_routes(door),
            *api_routes(desk),
            *upload_routes(desk, house.settings),
            *health_routes(desk),
            *live_routes(pages.live, access),
            router(pages, PAGES, FORMS),
        ],
        guards=[checking(access)],
        exception_handlers=for_readers(pages, access),
        openapi_config=OpenAPIConfig(
            title="Gensvar",
            version=VERSION,
            render_plugins=[JsonRenderPlugin()],  # the framework's own pages would load scripts from elsewhere
            openapi_router=Router("/v1/schema", route_handlers=[], include_in_schema=False, opt={"right": "open"}),
            components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"key": []}],
        ),
        request_max_body_size=house.settings.max_body_mb * MEGABYTE,
        debug=False,
        logging_config=None,  # the server has its own
    )
    if bare := [path for path, handler in handlers_of(app) if "right" not in handler.opt]:
        raise GensvarError(f"No rule says who may ask for {bare[0]}", faults=bare, do="Give each of them a right.")
    return app


def handlers_of(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    """Every address with its handler, but those that the framework adds by itself to tell which methods there are."""
    found = [(route.path, handler) for route in app.routes for handler in getattr(route, "route_handlers", ())]
    return [(path, handler) for path, handler in found if handler.http_methods != {"OPTIONS"}]


def checking(access: Access) -> Guard:
    """The one guard: makes the caller of each request, or refuses. A signed-in browser reads the API, and changes things by pages only."""

    async def check(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        method = str(connection.scope.get("method"))
        needs: Right | None = "open" if method == "OPTIONS" else handler.opt.get("right")
        if needs is None:
            raise NotAllowed("No rule says who may ask for this")
        changes = method not in READS
        path = connection.url.path
        by_cookie = not (changes and path.startswith(API))
        headers = {**connection.headers, BY_ITSELF: "1"} if path == LIVE else connection.headers
        verified = partial(access.verify, headers, needs, changes=changes, by_cookie=by_cookie, path=path)
        caller = connection.state.caller = await asyncio.to_thread(verified)
        if needs in SHOWS and not changes:
            did = "read" if needs in WRITTEN_FIRST else "ask" if path.startswith(API) else "see"
            await asyncio.to_thread(access.note, caller, did, path, told(connection.query_params))

    return check


def for_readers(pages: Pages, access: Access) -> ExceptionHandlersMap:
    """The API's handlers, but that a browser which asks for a page is told in a page, with the rooms that are hers."""

    def either(as_data: AnyHandler) -> AnyHandler:
        def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
            if not pages.wants_page(request):
                return as_data(request, error)
            if not hasattr(request.state, "caller"):  # an address that is nowhere is guarded by nobody
                with suppress(GensvarError):
                    request.state.caller = access.find(request.headers) or NOBODY
            known = isinstance(error, GensvarError | HTTPException)
            told = error if known else (of_system(error) if isinstance(error, OSError) else None) or logged(request.method, request.url.path, error)
            return pages.problem(request, told)

        return handle

    return {kind: either(handler) for kind, handler in HANDLERS.items()}


def page_settings(house: House) -> PageSettings:
    """What the pages need to know of the settings; the form secret is made from the house's own."""
    s = house.settings
    form_secret = blake2b(b"pages", key=house.secret).digest()
    return PageSettings(s.data / "uploads", s.language, s.zone, s.max_upload_mb, house.clock, form_secret, s.public_url.startswith("https://"))
