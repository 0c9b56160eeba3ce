"""Saved views: the list, and the forms that keep, rename, share and delete them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.ledger import SavedView
from gensvar.serve.access import Caller
from gensvar.serve.desks import views
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go


@dataclass(frozen=True, slots=True)
class Saved:
    """One view as the list shows it. by: whose it is, empty for one's own."""

    id: int
    name: str
    href: str
    shared: bool
    mine: bool
    by: str


@dataclass(frozen=True, slots=True)
class ViewsPage:
    mine: tuple[Saved, ...]
    shared: tuple[Saved, ...]


def member_of(caller: Caller) -> int:
    """Under which number the caller's views are kept: the member's; 0 for the owner of the data folder; below 0 for API keys."""
    return caller.member.id if caller.member else -(caller.key_id or 0)


def views_page(found: Iterable[SavedView], member: int) -> ViewsPage:
    """One's own, and what others share."""
    saved = [Saved(v.id, v.name, v.address, v.shared, v.member == member, "" if v.member == member else v.owner) for v in found]
    return ViewsPage(tuple(s for s in saved if s.mine), tuple(s for s in saved if not s.mine))


def page(visit: Visit) -> View:
    member = member_of(visit.caller)
    return View("views.html", views_page(views.seen_by(visit.house, member), member), "views")


def save(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps a view; it is shared at once where that was asked for and is allowed."""
    shared = bool(form.get("shared")) and visit.may("share")
    member = member_of(visit.caller)
    views.save(visit.house, visit.caller.who, member, str(form.get("name", "")), str(form.get("address", "")), shared=shared)
    return go("/views")


def rename(visit: Visit, form: FormMultiDict) -> Response[Any]:
    visit.house.ledger.views.rename(visit.numbered("view"), views.checked_name(str(form.get("name", ""))), member_of(visit.caller))
    visit.noted("rename view", f"view {visit.numbered('view')}")
    return go("/views")


def share(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Shares one's own with everybody, or takes it back."""
    shared = form.get("do") == "share"
    visit.house.ledger.views.share(visit.numbered("view"), member_of(visit.caller), shared=shared)
    visit.noted("share view" if shared else "unshare view", f"view {visit.numbered('view')}")
    return go("/views")


def withdraw(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Takes back what another shares; it stays theirs."""
    visit.house.ledger.views.withdraw(visit.numbered("view"))
    visit.noted("unshare view", f"view {visit.numbered('view')}")
    return go("/views")


def delete(visit: Visit, _: FormMultiDict) -> Response[Any]:
    visit.house.ledger.views.remove(visit.numbered("view"), member_of(visit.caller))
    visit.noted("delete view", f"view {visit.numbered('view')}")
    return go("/views")


PAGES = (Page("/views", "answers", page, "/views"),)
FORMS = (
    Form("/views", "note", save),
    Form("/views/{view:str}/rename", "note", rename),
    Form("/views/{view:str}/share", "share", share),
    Form("/views/{view:str}/withdraw", "people.change", withdraw),
    Form("/views/{view:str}/delete", "note", delete),
)
