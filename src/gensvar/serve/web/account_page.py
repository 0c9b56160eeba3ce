"""One's own account: name, language, time zone, password, second factor, sessions, and in words what one may do."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput, NotAllowed, nearest
from gensvar.kit.language import phrase
from gensvar.kit.rights import RIGHTS, role_of
from gensvar.kit.scope import Scope
from gensvar.ledger import Member
from gensvar.serve.desks import people
from gensvar.serve.people import totp
from gensvar.serve.people.oidc import Fault
from gensvar.serve.people.passwords import fault_of
from gensvar.serve.web import entrance
from gensvar.serve.web.entrance import ways
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.scope_form import scope_said
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import LANGUAGES, Words

SHORT = 16
WRONG_PASSWORD = phrase("This is not your password.")
HOWS = {
    "password": phrase("by password"), "password and code": phrase("by password and code"), "single sign-on": phrase("by single sign-on"),
    "link": phrase("by a link"), "guest": phrase("as a guest"),
}  # fmt: skip
DONE = {
    "saved": phrase("Saved."),
    "password": phrase("Your password is changed. You are signed out everywhere else."),
    "off": phrase("Your second factor is off."),
    "ended": phrase("The session has ended."),
}


@dataclass(frozen=True, slots=True)
class Open:
    """One session of hers. name: what to call it when it is to end; it opens nothing."""

    name: str
    how: str
    browser: str
    began: str
    seen: str
    here: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """rights, scope: in words."""

    name: str
    email: str
    role: str
    says: str
    rights: tuple[str, ...]
    scope: tuple[str, ...]
    language: str
    zone: str
    house_zone: str
    has_password: bool
    has_totp: bool
    codes_left: int
    sessions: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The secret to be taken into a phone, as text and as a picture."""

    secret: str
    address: str
    picture: str
    wrong: str = ""


def me(visit: Visit) -> Member:
    """Who is signed in; NotAllowed for a key, which is nobody's account."""
    if visit.caller.member is None:
        raise NotAllowed("A key has no account", do="Sign in as yourself.")
    return visit.house.ledger.members.get(visit.caller.member.id)


def account(visit: Visit) -> View:
    said = visit.words(DONE[visit.query["done"]]) if visit.query.get("done") in DONE else ""
    return _page(visit, said)


def _page(visit: Visit, said: str = "", faults: tuple[str, ...] = ()) -> View:
    member, words, house = me(visit), visit.words, visit.house
    role, codes = role_of(member.role), house.ledger.members.codes_left(member.id)
    page = AccountPage(
        member.name, member.email, words(role.title), words(role.says), rights_said(member.role, words), scope_said(Scope.of(member.scope), words),
        member.language, member.zone, house.settings.zone, member.has_password, member.has_totp, codes, _sessions(visit, member),
    )  # fmt: skip
    extra = {"said": (said,) if said else (), "faults_found": faults, "tongues": LANGUAGES, "zones": zones()}
    return View("account.html", page, "account", 422 if faults else 200, extra)


def rights_said(role: str, words: Words) -> tuple[str, ...]:
    """What a role may do, in words."""
    return tuple(words(says) for right, says in RIGHTS.items() if right in role_of(role).rights - {"open", "member"})


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    return tuple(sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/"))))


def _sessions(visit: Visit, member: Member) -> tuple[Open, ...]:
    here, words, zone = visit.caller.session, visit.words, visit.reader.zone
    return tuple(
        Open(
            s.hash.hex()[:SHORT], words(HOWS.get(s.how, s.how)), s.agent or words("unknown browser"), moment(s.made_at, words.language, zone),
            moment(s.seen_at, words.language, zone), here is not None and s.hash == here.hash,
        )
        for s in visit.house.ledger.sessions.of(member.id)
    )  # fmt: skip


def save(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Name, language and zone."""
    member = me(visit)
    language, zone = (str(form.get(key, "")).strip() for key in ("language", "zone"))
    if language not in {"", *LANGUAGES}:
        raise BadInput(f"No language {language!r}", nearest=nearest(language, LANGUAGES))
    if zone and zone not in available_timezones():
        raise BadInput(f"No time zone {zone!r}", nearest=nearest(zone, available_timezones()), do="Write it as Europe/Stockholm.")
    changed = {"name": people.checked_name(str(form.get("name", ""))), "language": language, "zone": zone}
    visit.house.ledger.members.change(member.id, **changed)
    visit.noted("change own account", f"member {member.id}", **changed)
    return go("/account", done="saved")


def new_password(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A new password for the old one. Every session ends; this browser gets a new one."""
    member, password = me(visit), str(form.get("password", ""))
    if faults := _old_password(visit, member, str(form.get("old", ""))) or _not_new(visit, member, password):
        return visit.page(_page(visit, faults=(faults,)))
    visit.house.ledger.members.set_password(member.id, ways(visit).passwords.hash(password))
    visit.noted("change own password", f"member {member.id}")
    response = entrance.let_in(visit, member, visit.caller.session.how if visit.caller.session else "password")
    response.headers["Location"] = "/account?done=password"
    return response


def _old_password(visit: Visit, member: Member, old: str) -> str:
    """What is wrong with it, in words; '' where it is right."""
    right = ways(visit).has_password(member, old)
    if isinstance(right, Fault):
        return visit.words(right.message, **right.values)
    return "" if right else visit.words(WRONG_PASSWORD)


def _not_new(visit: Visit, member: Member, password: str) -> str:
    fault = fault_of(password, member.name, member.email)
    return visit.words(fault) if fault else ""


def second(visit: Visit) -> Response[Any]:
    """A new secret, to be taken into a phone; nothing is kept until a code proves that it was."""
    return _second(visit, totp.new_secret())


def _second(visit: Visit, secret: str, wrong: str = "") -> Response[Any]:
    member = me(visit)
    if not member.has_password:
        raise NotAllowed("A second factor stands behind a password, and you have none", do="Your single sign-on decides how you prove who you are.")
    address = totp.address(secret, member.email)
    page = SecondFactor(secret, address, totp.picture(address), wrong)
    return entrance.unstored(visit.page(View("account_second.html", page, "account", 422 if wrong else 200, asked_for=False)))


def second_on(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """On from now: the code proves that the phone has the secret. Shows the recovery codes, once; every other session ends."""
    member, secret = me(visit), str(form.get("secret", ""))
    if not totp.is_secret(secret):
        return go("/account/second")
    step = totp.step_of(secret, str(form.get("code", ""))[:100], visit.house.clock.now())
    wrong = _old_password(visit, member, str(form.get("old", "")))
    if wrong or step is None:
        return _second(visit, secret, wrong or visit.words("This code is not of this picture. Is your phone’s clock right?"))
    codes = totp.recovery_codes()
    with visit.house.ledger.transaction():
        visit.house.ledger.members.set_totp(member.id, secret, step, codes)
        visit.house.ledger.sessions.end_all(member.id, entrance.session_token(visit))
        visit.noted("turn on second factor", f"member {member.id}")
    visit.house.ledger.sessions.forget()
    return entrance.unstored(visit.page(View("recovery.html", codes, "account", asked_for=False)))


def second_off(visit: Visit, form: FormMultiDict) -> Response[Any]:
    member = me(visit)
    if wrong := _old_password(visit, member, str(form.get("old", ""))):
        return visit.page(_page(visit, faults=(wrong,)))
    visit.house.ledger.members.clear_totp(member.id)
    visit.noted("turn off second factor", f"member {member.id}")
    return go("/account", done="off")


def end_session(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """One of her sessions ends, or all but this one."""
    member, ledger, wanted = me(visit), visit.house.ledger, str(form.get("session", ""))
    if wanted == "others":
        ledger.sessions.end_all(member.id, entrance.session_token(visit))
    else:
        for session in ledger.sessions.of(member.id):
            if session.hash.hex()[:SHORT] == wanted:
                ledger.sessions.end_hash(session.hash, member.id)
    visit.noted("end own sessions", f"member {member.id}")
    return go("/account", done="ended")


PAGES = (Page("/account", "member", account, "/account", live=False), Page("/account/second", "member", second, live=False))
FORMS = (
    Form("/account", "member", save),
    Form("/account/password", "member", new_password),
    Form("/account/second", "member", second_on),
    Form("/account/second/off", "member", second_off),
    Form("/account/sessions", "member", end_session),
)
