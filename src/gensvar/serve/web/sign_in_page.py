"""Signing in and out: by password, with a second factor where she has one; by single sign-on where it is set; as a guest in the demo."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.demo.people import DOES
from gensvar.kit.errors import NotAllowed
from gensvar.kit.rights import role_of
from gensvar.serve.people import guests
from gensvar.serve.people.oidc import Begun, Fault
from gensvar.serve.web import entrance
from gensvar.serve.web.entrance import SECOND, SSO, own_path, ways
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words

BACK = "/login/sso/return"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom one may come in as, in a demo."""

    id: int
    name: str
    does: str
    role: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """next: where she wanted to go; said: what happened before; sso: what the button says, '' without one; as_who: who is signed in already."""

    next: str
    said: str = ""
    wrong: bool = False
    sso: str = ""
    guests: tuple[Guest, ...] = ()
    as_who: str = ""
    nobody_yet: bool = False


@dataclass(frozen=True, slots=True)
class SecondPage:
    next: str
    wrong: str = ""


def sign_in(visit: Visit) -> View:
    said = visit.words("You have left. Nobody can go on in your name.") if visit.query.get("left") else ""
    return _page(visit, visit.query.get("next", ""), said)


def _page(visit: Visit, next_: str, said: str = "", *, wrong: bool = False, status: int = 200) -> View:
    issuer, house = ways(visit).issuer, visit.house
    sso = (house.settings.oidc_name or issuer.host) if issuer is not None else ""
    invited = tuple(_guest(m.id, m.name, m.email, m.role, visit.words) for m in guests(house))
    as_who = visit.caller.member.name if visit.caller.member is not None else ""
    page = SignInPage(own_path(next_), said, wrong, sso, invited, as_who, house.ledger.members.count() == 0)
    return View("login.html", page, status=status)


def _guest(number: int, name: str, email: str, role: str, words: Words) -> Guest:
    return Guest(number, name, words(DOES[email]), words(role_of(role).title))


def _refused(visit: Visit, fault: Fault, next_: str) -> Response[Any]:
    return visit.page(_page(visit, next_, visit.words(fault.message, **fault.values), wrong=True, status=fault.status))


def by_password(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Email and password; then in, or on to the second factor."""
    email, password, next_ = (str(form.get(name, "")) for name in ("email", "password", "next"))
    found = ways(visit).by_password(email, password, entrance.client_address(visit))
    return _refused(visit, found, next_) if isinstance(found, Fault) else entrance.first_half(visit, found, "password", next_)


def second(visit: Visit) -> View | Response[Any]:
    if ways(visit).whole(entrance.held(visit, SECOND)) is None:
        return go("/login", next=own_path(visit.query.get("next", "")))
    return View("second.html", SecondPage(own_path(visit.query.get("next", ""))))


def by_code(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """The second half: a code of her phone, or a recovery code."""
    next_ = own_path(str(form.get("next", "")))
    member = ways(visit).whole(entrance.held(visit, SECOND))
    if member is None:
        return go("/login", next=next_)
    found = ways(visit).by_code(member, str(form.get("code", ""))[:100])
    if isinstance(found, Fault):
        return visit.page(View("second.html", SecondPage(next_, visit.words(found.message, **found.values)), status=found.status))
    return entrance.let_in(visit, member, "password and code", next_)


def to_sso(visit: Visit) -> Response[Any]:
    """Over to the issuer, with what was begun kept in this browser."""
    issuer, next_ = ways(visit).issuer, own_path(visit.query.get("next", ""))
    if issuer is None:
        return go("/login", next=next_)
    begun = Begun()
    leads_to = issuer.leads_to(begun, entrance.base_of(visit) + BACK)
    if isinstance(leads_to, Fault):
        return _refused(visit, leads_to, next_)
    return entrance.with_cookies(entrance.going(leads_to), entrance.kept(visit, SSO, ways(visit).begun(begun, next_)))


def from_sso(visit: Visit) -> Response[Any]:
    """Back from the issuer: what it says is believed only where it belongs to what was begun in this browser."""
    issuer = ways(visit).issuer
    begun, next_ = ways(visit).came_back(entrance.held(visit, SSO))
    if issuer is None:
        return go("/login")
    vouched = issuer.vouched(begun, visit.query, entrance.base_of(visit) + BACK)
    found = vouched if isinstance(vouched, Fault) else ways(visit).by_sso(vouched)
    if isinstance(found, Fault):
        ways(visit).note_sso(found, entrance.client_address(visit))
        return entrance.with_cookies(_refused(visit, found, next_), entrance.gone(visit, SSO))
    ways(visit).unlock(found)
    return entrance.let_in(visit, found, "single sign-on", next_)


def as_guest(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """As one of the invented company's people, in a demo on this machine."""
    found = next((m for m in guests(visit.house) if str(m.id) == form.get("member")), None)
    if found is None:
        raise NotAllowed("Guests come in to a demo on its own machine only", do="Sign in.")
    return entrance.let_in(visit, found, "guest", str(form.get("next", "")))


def sign_out(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """The session ends here and on the server: its cookie is worth nothing any more."""
    if visit.caller.session is not None:
        visit.house.ledger.sessions.end_hash(visit.caller.session.hash)
        visit.noted("sign out", f"member {visit.caller.session.member}")
    response = entrance.with_cookies(go("/login", left=1), entrance.no_session(visit))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


PAGES = (
    Page("/login", "open", sign_in, "/login", live=False),
    Page("/login/second", "open", second),
    Page("/login/sso", "open", to_sso),
    Page(BACK, "open", from_sso),
)
FORMS = (
    Form("/login", "open", by_password),
    Form("/login/second", "open", by_code),
    Form("/login/guest", "open", as_guest),
    Form("/logout", "open", sign_out),
)
