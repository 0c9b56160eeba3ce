"""The web application put together: intake, API, health, pages. Every address has a rule of who may."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, ExceptionHandlersMap, Receive, Scope, Send

from gensvar.house import House
from gensvar.kit.errors import GensvarError, of_system
from gensvar.kit.scope import whole
from gensvar.kit.version import VERSION
from gensvar.serve.access import Access
from gensvar.serve.api.ingest import Door, ingest_routes
from gensvar.serve.api.problems import HANDLERS, logged
from gensvar.serve.api.routes import api_routes
from gensvar.serve.api.straight import straight
from gensvar.serve.api.uploads import upload_routes
from gensvar.serve.desk import HouseDesk
from gensvar.serve.health import health_routes
from gensvar.serve.web.pages import Pages, PageSettings, router

MEGABYTE = 1 << 20
OPEN_TO_ALL = ("/health/", "/static/")
WITH_RULES_OF_THEIR_OWN = ("/v1/",)
AnyHandler = Callable[[Request[Any, Any, Any], Any], Response[Any]]


def pages_of(house: House) -> Pages:
    """The pages of one house."""
    return Pages(HouseDesk(house, whole()), page_settings(house))


def build_app(house: House, access: Access, pages: Pages | None = None) -> ASGIApp:
    """The application for one house, with the straight way in before it. pages: those that the caller has a use for, else made here."""
    door = Door(access, house.ledger)
    return straight(build_framework(house, access, door, pages or pages_of(house)), door, house.settings.max_body_mb * MEGABYTE)


def build_framework(house: House, access: Access, door: Door, pages: Pages) -> Litestar:
    """All of it as one Litestar application."""
    desk = HouseDesk(house, whole())
    return Litestar(
        route_handlers=[
            *ingest_routes(door),
            *api_routes(desk, access),
            *upload_routes(desk, access, house.settings),
            *health_routes(desk),
            router(pages),
        ],
        middleware=[lambda app: guarded(app, access)],
        exception_handlers=for_readers(pages),
        openapi_config=OpenAPIConfig(
            title="Gensvar",
            version=VERSION,
            path="/v1/schema",
            components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"key": []}],
        ),
        request_max_body_size=house.settings.max_body_mb * MEGABYTE,
        debug=False,
    )


def for_readers(pages: Pages) -> ExceptionHandlersMap:
    """The API's handlers, but that a browser which asks for a page is told in a page."""

    def either(as_data: AnyHandler) -> AnyHandler:
        def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
            if not pages.wants_page(request):
                return as_data(request, error)
            known = isinstance(error, GensvarError | HTTPException)
            told = error if known else (of_system(error) if isinstance(error, OSError) else None) or logged(request.method, request.url.path, error)
            return pages.problem(request, told)

        return handle

    return {kind: either(handler) for kind, handler in HANDLERS.items()}


def page_settings(house: House) -> PageSettings:
    """What the pages need to know of the settings; the form secret is made from the house's own."""
    s = house.settings
    form_secret = blake2b(b"pages", key=house.secret).digest()
    return PageSettings(s.data / "uploads", s.language, s.zone, s.max_upload_mb, house.clock, form_secret)


def guarded(app: ASGIApp, access: Access) -> ASGIApp:
    """Pages may be read by whoever may read answers; the API's own routes say what each of them needs."""

    async def check(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not str(scope["path"]).startswith((*OPEN_TO_ALL, *WITH_RULES_OF_THEIR_OWN)):
            headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
            changes = scope["method"] not in {"GET", "HEAD"}
            access.verify(headers, "admin" if changes else "read", changes=changes)
        await app(scope, receive, send)

    return check
