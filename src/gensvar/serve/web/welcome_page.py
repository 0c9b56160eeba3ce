"""What a one-time link opens: the first administrator's account, an invitation, a new password. Looking uses nothing up; only sending does."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput
from gensvar.ledger import Link, Member
from gensvar.serve.desks import people
from gensvar.serve.people.oidc import Fault
from gensvar.serve.people.passwords import fault_of
from gensvar.serve.people.ways import LINK_OVER
from gensvar.serve.web import entrance
from gensvar.serve.web.entrance import ways
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """kind: setup, invite, reset, or over. What was typed stands again where something was wrong with it, but for the password."""

    kind: str
    email: str = ""
    name: str = ""
    faults: tuple[str, ...] = ()


def welcome(visit: Visit) -> Response[Any]:
    return _shown(visit, _page(visit, ways(visit).link(visit.named("token"))))


def _page(visit: Visit, link: Link | None) -> WelcomePage:
    if link is None:
        return WelcomePage("over", faults=(visit.words(LINK_OVER),))
    if link.member is None:
        return WelcomePage(link.kind)
    member = visit.house.ledger.members.get(link.member)
    return WelcomePage(link.kind, member.email, member.name)


def _shown(visit: Visit, page: WelcomePage) -> Response[Any]:
    status = 200 if not page.faults else 410 if page.kind == "over" else 422
    return entrance.unstored(visit.page(View("welcome.html", page, status=status)))


def come_in(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """The link is used up, and she is in: at once, or after her second factor."""
    token, link = visit.named("token"), ways(visit).link(visit.named("token"))
    blank = _page(visit, link)
    if link is None:
        return _shown(visit, blank)
    name, email = (str(form.get(key, "")) for key in ("name", "email"))
    email = email if link.kind == "setup" else blank.email
    name = name or blank.name
    password = str(form.get("password", ""))
    if faults := _faults(visit, email, name, password):
        return _shown(visit, WelcomePage(link.kind, email, name, faults))
    found = _used(visit, link, token, email.strip(), people.checked_name(name), password)
    if isinstance(found, Fault):
        return _shown(visit, WelcomePage("over", faults=(visit.words(found.message, **found.values),)))
    return entrance.first_half(visit, found, "link")


def _used(visit: Visit, link: Link, token: str, email: str, name: str, password: str) -> Member | Fault:
    if link.kind == "setup":
        return ways(visit).by_setup(token, email, name, password)
    return ways(visit).by_link(token, password, name if link.kind == "invite" else "")


def _faults(visit: Visit, email: str, name: str, password: str) -> tuple[str, ...]:
    """Everything that is wrong with what was typed, at once."""
    found = []
    for check, value in ((people.checked_email, email), (people.checked_name, name)):
        try:
            check(value)
        except BadInput as wrong:
            found.append(visit.words(wrong.what) if wrong.what == "A person needs a name" else visit.words("This is no e-mail address."))
    if fault := fault_of(password, name, email):
        found.append(visit.words(fault))
    return tuple(found)


PAGES = (Page("/welcome/{token:str}", "open", welcome, live=False),)
FORMS = (Form("/welcome/{token:str}", "open", come_in),)
