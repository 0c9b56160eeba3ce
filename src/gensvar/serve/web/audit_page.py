"""The audit's page: who did what and who saw what, with filters, a check of the chain, and a file to take along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput, nearest
from gensvar.ledger import Deed
from gensvar.ledger.audit import Checked, Wanted
from gensvar.serve.desks import audit
from gensvar.serve.export import FORMS as ANSWER_FORMS
from gensvar.serve.export import File, as_csv
from gensvar.serve.seen import told
from gensvar.serve.web import guard
from gensvar.serve.web.asked import Option
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, whole_number

FILTERS = ("who", "did", "since", "until", "text")
KNOWN = frozenset({*FILTERS, "before", "lang"})
ROWS = 50


@dataclass(frozen=True, slots=True)
class AuditRow:
    """detail: name and value of each."""

    id: int
    when: str
    at: str
    who: str
    did: str
    what: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditView:
    """kinds: the deeds to choose among. next, newest, table: addresses, empty where there is none. checked: what a check has just found."""

    rows: tuple[AuditRow, ...]
    who: str
    since: str
    until: str
    text: str
    kinds: tuple[Option, ...]
    next: str
    newest: str
    table: str
    checked: Checked | None = None


def page(visit: Visit) -> View:
    return View("audit.html", _page(visit, _checked(visit.query)), "audit")


def verify(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Walks the chain, and shows what was found above the newest rows."""
    found = audit.check(visit.house, visit.caller.who)
    return visit.page(View("audit.html", _page(visit, {}, found), "audit", asked_for=False))


def taken_along(visit: Visit) -> Response[Any]:
    given = _checked(visit.query)
    table = audit.table(visit.house, visit.caller.who, _wanted(visit, given), told=told(given))
    file = File("audit.csv", ANSWER_FORMS["csv"].type, as_csv(table))
    return Response(file.body, media_type=file.type, headers=guard.HEADERS | file.headers())


def _checked(query: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in query if name not in KNOWN]
    if unknown:
        raise BadInput(f"No filter {unknown[0]!r}", where="in the address", nearest=nearest(unknown[0], KNOWN), do=f"Filters: {', '.join(FILTERS)}.")
    return {name: value for name, value in query.items() if value and name != "lang"}


def _wanted(visit: Visit, given: Mapping[str, str]) -> Wanted:
    return audit.wanted(*(given.get(name, "") for name in FILTERS), zone=visit.reader.zone)


def _page(visit: Visit, given: Mapping[str, str], checked: Checked | None = None) -> AuditView:
    before = whole_number(given["before"]) if "before" in given else None
    found = audit.page(visit.house, _wanted(visit, given), before, ROWS)
    here, now = {name: given[name] for name in FILTERS if name in given}, given.get("did", "")
    kinds = sorted({*visit.house.ledger.audit.kinds(), *([now] if now else [])})
    return AuditView(
        rows=tuple(_row(deed, visit) for deed in found.rows),
        who=given.get("who", ""),
        since=given.get("since", ""),
        until=given.get("until", ""),
        text=given.get("text", ""),
        kinds=(Option("", visit.words("anything"), not now), *(Option(kind, kind, kind == now) for kind in kinds)),
        next=_address("/audit", here, before=found.next) if found.next else "",
        newest=_address("/audit", here) if before is not None else "",
        table=_address("/audit-as/csv", here),
        checked=checked,
    )


def _address(path: str, given: Mapping[str, str], **more: object) -> str:
    text = urlencode({**given, **more})
    return path + (f"?{text}" if text else "")


def _row(deed: Deed, visit: Visit) -> AuditRow:
    detail = tuple((str(name), str(value)) for name, value in sorted(deed.detail.items()) if value not in (None, ""))
    return AuditRow(deed.id, moment(deed.at, visit.words.language, visit.reader.zone), deed.at.isoformat(), deed.who, deed.did, deed.what, detail)


PAGES = (Page("/audit", "audit", page, "/audit"), Page("/audit-as/csv", "audit", taken_along))
FORMS = (Form("/audit/verify", "audit", verify),)
