"""What the forms do: upload, contract, import, repair, replay, discard. Each answers with an address to go to: a reload repeats nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from litestar import Response
from litestar.datastructures import FormMultiDict, UploadFile

from gensvar.kit.errors import BadInput, ContractError
from gensvar.serve.web.desk import Desk, Suggested
from gensvar.serve.web.render import View
from gensvar.serve.web.set_aside_page import repaired
from gensvar.serve.web.sources_page import draft
from gensvar.serve.web.visit import FORM_BYTES, Form, Visit, go
from gensvar.serve.web.words import Words

if TYPE_CHECKING:
    from gensvar.serve.web.pages import Pages

AT_ONCE, MOST_AT_ONCE = 500, 10_000


def _upload(visit: Visit, form: FormMultiDict) -> str:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise BadInput("No file was chosen", do="Choose a file, then send it.")
    return visit.pages.uploads.keep(file.filename, file.file)


def new_draft(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A file was uploaded: on to the contract that is suggested for it."""
    return go(f"/drafts/{_upload(visit, form)}", source=str(form.get("source", "")).strip())


def settle_draft(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Try the edited contract on the first rows, or add it and import the file."""
    upload, yaml = visit.named("upload"), str(form.get("yaml", "")).replace("\r\n", "\n")
    path = visit.pages.uploads.path(upload)
    try:
        if form.get("do") != "add":
            return _shown(visit, upload, visit.desk.preview(path, yaml), 200)
        source = visit.desk.add_source(yaml, visit.caller.who)
    except ContractError as broken:
        faults = broken.faults or (str(broken),)
        return _shown(visit, upload, Suggested(yaml, (), (), faults), broken.status)
    return go(f"/imports/{visit.desk.start_import(source, path)}")


def _shown(visit: Visit, upload: str, suggested: Suggested, status: int) -> Response[Any]:
    view = draft(upload, visit.pages.uploads.path(upload).name, suggested, visit.words)
    return visit.page(View("draft.html", view, "sources", status))


def import_more(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A further file for a source that has its contract."""
    path = visit.pages.uploads.path(_upload(visit, form))
    return go(f"/imports/{visit.desk.start_import(visit.named('name'), path)}")


def stop_import(visit: Visit, _: FormMultiDict) -> Response[Any]:
    job = visit.named("job")
    visit.desk.stop_job(job)
    return go(f"/imports/{job}")


def settle_row(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Repair one row and send it through again, or settle it without taking it in."""
    number = visit.numbered("row")
    row = visit.desk.set_aside_row(number)
    back = {"source": row.source, "reason": row.reason}
    if form.get("do") == "discard":
        visit.desk.discard([number])
        return go("/set-aside", **back, discarded=1)
    plain = {k: v for k, v in form.items() if isinstance(v, str)}
    taken, again = outcome(visit.desk.replay([number], repaired(row.raw, plain)), 1)
    return go("/set-aside", **back, taken=taken, again=again)


def settle_rows(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Replay or discard the chosen rows, or all open ones of a source and reason, at most 10,000 at once."""
    source, reason, do = (str(form.get(k, "")) for k in ("source", "reason", "do"))
    chosen = [int(v) for v in form.getall("row", []) if str(v).isdigit()]
    rows = all_rows(visit.desk, source, reason) if do.endswith("_all") else chosen
    if not rows:
        raise BadInput("No row was chosen", do="Tick the rows first, or take all of a reason.")
    if do.startswith("discard"):
        visit.desk.discard(rows)
        return go("/set-aside", source=source, reason=reason, discarded=len(rows))
    outcomes = [outcome(visit.desk.replay(part, None), len(part)) for part in parts(rows)]
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


def _upload_bytes(pages: "Pages") -> int:
    return (pages.settings.max_upload_mb << 20) + FORM_BYTES


FORMS = (
    Form("/drafts", "sources.change", new_draft, most_bytes=_upload_bytes),
    Form("/drafts/{upload:str}", "sources.change", settle_draft),
    Form("/sources/{name:str}/import", "sources.change", import_more, most_bytes=_upload_bytes),
    Form("/imports/{job:str}/stop", "sources.change", stop_import),
    Form("/set-aside/{row:str}", "sources.change", settle_row),
    Form("/set-aside", "sources.change", settle_rows),
)
