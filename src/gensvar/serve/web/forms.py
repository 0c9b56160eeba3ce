"""What the forms do: upload, contract, import, repair, replay, discard. Each answers with an address to go to: a reload repeats nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from litestar import Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.handlers import HTTPRouteHandler

from gensvar.kit.errors import BadInput, ContractError
from gensvar.serve.web import guard
from gensvar.serve.web.desk import Desk, Suggested
from gensvar.serve.web.render import View
from gensvar.serve.web.set_aside_page import repaired
from gensvar.serve.web.sources_page import draft
from gensvar.serve.web.words import Words

if TYPE_CHECKING:
    from gensvar.serve.web.pages import Pages

AnyRequest = Request[Any, Any, Any]
Act = Callable[["Pages", AnyRequest, FormMultiDict], Response[Any]]
BY = "web"
AT_ONCE, MOST_AT_ONCE = 500, 10_000
FORM_BYTES = 32 << 20


def go(address: str, **query: object) -> Response[str]:
    """See other: the browser loads this address next."""
    text = urlencode({k: v for k, v in query.items() if v not in (None, "")})
    headers = guard.HEADERS | {"Location": address + (f"?{text}" if text else "")}
    return Response("", status_code=303, headers=headers, media_type="text/plain")


def _upload(pages: "Pages", form: FormMultiDict) -> str:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise BadInput("No file was chosen", do="Choose a file, then send it.")
    return pages.uploads.keep(file.filename, file.file)


def new_draft(pages: "Pages", _: AnyRequest, form: FormMultiDict) -> Response[Any]:
    """A file was uploaded: on to the contract that is suggested for it."""
    return go(f"/drafts/{_upload(pages, form)}", source=str(form.get("source", "")).strip())


def settle_draft(pages: "Pages", request: AnyRequest, form: FormMultiDict) -> Response[Any]:
    """Try the edited contract on the first rows, or add it and import the file."""
    upload, yaml = str(request.path_params["upload"]), str(form.get("yaml", "")).replace("\r\n", "\n")
    path = pages.uploads.path(upload)
    try:
        if form.get("do") != "add":
            return _shown(pages, request, upload, pages.desk.preview(path, yaml), 200)
        source = pages.desk.add_source(yaml, BY)
    except ContractError as broken:
        faults = broken.faults or (str(broken),)
        return _shown(pages, request, upload, Suggested(yaml, (), (), faults), broken.status)
    return go(f"/imports/{pages.desk.start_import(source, path)}")


def _shown(pages: "Pages", request: AnyRequest, upload: str, suggested: Suggested, status: int) -> Response[Any]:
    who = pages.reader(request)
    view = draft(upload, pages.uploads.path(upload).name, suggested, who.words)
    return pages.renderer.html(View("draft.html", view, "sources", status), who, request)


def import_more(pages: "Pages", request: AnyRequest, form: FormMultiDict) -> Response[Any]:
    """A further file for a source that has its contract."""
    path = pages.uploads.path(_upload(pages, form))
    return go(f"/imports/{pages.desk.start_import(str(request.path_params['name']), path)}")


def stop_import(pages: "Pages", request: AnyRequest, _: FormMultiDict) -> Response[Any]:
    job = str(request.path_params["job"])
    pages.desk.stop_job(job)
    return go(f"/imports/{job}")


def settle_row(pages: "Pages", request: AnyRequest, form: FormMultiDict) -> Response[Any]:
    """Repair one row and send it through again, or settle it without taking it in."""
    number = int(request.path_params["row"])
    row = pages.desk.set_aside_row(number)
    back = {"source": row.source, "reason": row.reason}
    if form.get("do") == "discard":
        pages.desk.discard([number])
        return go("/set-aside", **back, discarded=1)
    plain = {k: v for k, v in form.items() if isinstance(v, str)}
    taken, again = outcome(pages.desk.replay([number], repaired(row.raw, plain)), 1)
    return go("/set-aside", **back, taken=taken, again=again)


def settle_rows(pages: "Pages", _: AnyRequest, form: FormMultiDict) -> Response[Any]:
    """Replay or discard the chosen rows, or all open ones of a source and reason, at most 10,000 at once."""
    source, reason, do = (str(form.get(k, "")) for k in ("source", "reason", "do"))
    chosen = [int(v) for v in form.getall("row", []) if str(v).isdigit()]
    rows = all_rows(pages.desk, source, reason) if do.endswith("_all") else chosen
    if not rows:
        raise BadInput("No row was chosen", do="Tick the rows first, or take all of a reason.")
    if do.startswith("discard"):
        pages.desk.discard(rows)
        return go("/set-aside", source=source, reason=reason, discarded=len(rows))
    outcomes = [outcome(pages.desk.replay(part, None), len(part)) for part in parts(rows)]
    return go("/set-aside", source=source, reason=reason, taken=sum(t for t, _ in outcomes), again=sum(a for _, a in outcomes))


def all_rows(desk: Desk, source: str, reason: str) -> list[int]:
    rows: list[int] = []
    while len(rows) < MOST_AT_ONCE:
        found = desk.set_aside_page(source or None, reason or None, "open", rows[-1] if rows else 0, AT_ONCE)
        rows += [r.id for r in found]
        if len(found) < AT_ONCE:
            break
    return rows


def parts(rows: Sequence[int]) -> list[Sequence[int]]:
    return [rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)]


def outcome(receipt: Mapping[str, Any], rows: int) -> tuple[int, int]:
    """How many of the rows went in, and how many were set aside again."""
    again = min(rows, sum(dict(receipt.get("set_aside") or {}).values()))
    return rows - again, again


def said(query: Mapping[str, str], words: Words) -> tuple[str, ...]:
    """What the last form did, as its answer's address tells."""
    phrases = (
        ("taken", "{n} row was taken in.", "{n} rows were taken in."),
        ("again", "{n} row was set aside again; its message says why.", "{n} rows were set aside again; their messages say why."),
        ("discarded", "{n} row was discarded.", "{n} rows were discarded."),
    )
    counted = [(int(query[k]), one, more) for k, one, more in phrases if query.get(k, "").isdigit() and len(query[k]) < 10]
    return tuple(words.many(one, more, n) for n, one, more in counted if n)


def _form(pages: "Pages", path: str, act: Act, most_bytes: int = FORM_BYTES) -> HTTPRouteHandler:
    async def handler(request: AnyRequest) -> Response[Any]:
        form = await request.form()
        pages.forms.check(form, request.cookies)
        return await sync_to_thread(act, pages, request, form)

    handle: Callable[[AnyRequest], Awaitable[Response[Any]]] = handler
    return post(path, guards=[guard.from_this_site], request_max_body_size=most_bytes, include_in_schema=False, status_code=200)(handle)


def form_handlers(pages: "Pages") -> Sequence[HTTPRouteHandler]:
    upload_bytes = (pages.settings.max_upload_mb << 20) + FORM_BYTES
    return [
        _form(pages, "/drafts", new_draft, upload_bytes),
        _form(pages, "/drafts/{upload:str}", settle_draft),
        _form(pages, "/sources/{name:str}/import", import_more, upload_bytes),
        _form(pages, "/imports/{job:str}/stop", stop_import),
        _form(pages, "/set-aside/{row:str}", settle_row),
        _form(pages, "/set-aside", settle_rows),
    ]
