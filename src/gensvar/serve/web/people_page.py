"""People: who may sign in, as what, and what each may see; inviting, changing, disabling, and the links that are shown once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput
from gensvar.kit.language import phrase
from gensvar.kit.rights import ROLES, role_of
from gensvar.kit.scope import Scope
from gensvar.serve.desks import people
from gensvar.serve.desks.people import Person, Way
from gensvar.serve.people import guests
from gensvar.serve.web import entrance
from gensvar.serve.web.account_page import rights_said
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.scope_form import ScopeForm, scope_form, scope_of, scope_said
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words

STATES = {"active": phrase("active"), "invited": phrase("invited"), "disabled": phrase("disabled")}
DONE = {
    "saved": phrase("Saved. It holds from the next page on."),
    "disabled": phrase("Disabled. Every session has ended."),
    "enabled": phrase("Enabled again."),
    "ended": phrase("Every session has ended."),
    "second": phrase("The second factor is off, and every session has ended."),
}


@dataclass(frozen=True, slots=True)
class RoleChoice:
    name: str
    title: str
    says: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list, in words."""

    id: int
    name: str
    email: str
    role: str
    scope: tuple[str, ...]
    state: str
    state_said: str
    seen: str
    has_totp: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """form: what a newcomer may see, to begin with; None where the reader may not invite."""

    people: tuple[Line, ...]
    roles: tuple[RoleChoice, ...]
    form: ScopeForm | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: Line
    role: str
    scope: dict[str, Any]
    since: str
    has_sso: bool
    roles: tuple[RoleChoice, ...]
    form: ScopeForm | None


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """A link, to be handed on."""

    link: str
    kind: str
    name: str
    until: str
    number: int


def everybody(visit: Visit) -> View:
    form = scope_form(visit.desk, visit.scope, visit.words) if visit.may("people.change") else None
    invented = {m.id for m in guests(visit.house)}
    lines = tuple(_line(p, visit.words, visit.reader.zone, guest=p.id in invented) for p in people.everybody(visit.house))
    return View("people.html", PeoplePage(lines, roles(visit.words), form), "people")


def person(visit: Visit) -> View:
    found = people.one(visit.house, visit.numbered("number"))
    form = scope_form(visit.desk, Scope.of(found.scope), visit.words) if visit.may("people.change") else None
    since = _said(found.made_at, visit.words, visit.reader.zone)
    guest = any(m.id == found.id for m in guests(visit.house))
    line = _line(found, visit.words, visit.reader.zone, guest=guest)
    page = PersonPage(line, found.role, dict(found.scope), since, found.has_sso, roles(visit.words), form)
    done = visit.query.get("done", "")
    return View("person.html", page, "people", extra={"said": (visit.words(DONE[done]),) if done in DONE else ()})


def roles(words: Words) -> tuple[RoleChoice, ...]:
    return tuple(RoleChoice(r.name, words(r.title), words(r.says), rights_said(r.name, words)) for r in ROLES.values())


def _line(p: Person, words: Words, zone: str, *, guest: bool) -> Line:
    said = words(STATES[p.state])
    if p.state == "invited" and guest:
        said = words("comes in as a guest")
    elif p.state == "invited" and p.link_until is None:
        said = words("invited; the link has ended")
    seen = _said(p.seen_at, words, zone)
    return Line(p.id, p.name, p.email, words(role_of(p.role).title), scope_said(Scope.of(p.scope), words), p.state, said, seen, p.has_totp)


def _said(when: datetime | None, words: Words, zone: str) -> str:
    return moment(when, words.language, zone) if when is not None else words("never")


def invite(visit: Visit, form: FormMultiDict) -> Response[Any]:
    email, name, role = (str(form.get(key, "")) for key in ("email", "name", "role"))
    way = people.invite(visit.house, visit.caller.who, visit.scope, email, name, role, scope_of(form))
    return _shown(visit, way)


def _shown(visit: Visit, way: Way) -> Response[Any]:
    """The link, once; it is not in the address, and nothing keeps the page."""
    if way.person is None:
        raise BadInput("This link is for nobody")
    until = moment(way.until, visit.words.language, visit.reader.zone)
    page = ShownOnce(entrance.base_of(visit) + way.path, way.kind, way.person.name, until, way.person.id)
    return entrance.unstored(visit.page(View("link.html", page, "people", asked_for=False)))


def change(visit: Visit, form: FormMultiDict) -> Response[Any]:
    number = visit.numbered("number")
    name, role = (str(form.get(key, "")) for key in ("name", "role"))
    people.change(visit.house, visit.caller.who, visit.scope, number, name=name, role=role, scope=scope_of(form))
    return go(f"/people/{number}", done="saved")


def reset(visit: Visit, _: FormMultiDict) -> Response[Any]:
    return _shown(visit, people.reset(visit.house, visit.caller.who, visit.scope, visit.numbered("number")))


def disable(visit: Visit, _: FormMultiDict) -> Response[Any]:
    number = visit.numbered("number")
    people.disable(visit.house, visit.caller.who, number)
    return go(f"/people/{number}", done="disabled")


def enable(visit: Visit, _: FormMultiDict) -> Response[Any]:
    number = visit.numbered("number")
    people.enable(visit.house, visit.caller.who, number)
    return go(f"/people/{number}", done="enabled")


def end_sessions(visit: Visit, _: FormMultiDict) -> Response[Any]:
    number = visit.numbered("number")
    people.end_sessions(visit.house, visit.caller.who, number)
    return go(f"/people/{number}", done="ended")


def drop_second(visit: Visit, _: FormMultiDict) -> Response[Any]:
    number = visit.numbered("number")
    people.drop_second(visit.house, visit.caller.who, visit.scope, number)
    return go(f"/people/{number}", done="second")


PAGES = (Page("/people", "people", everybody, "/people", live=False), Page("/people/{number:str}", "people", person, live=False))
FORMS = (
    Form("/people", "people.change", invite),
    Form("/people/{number:str}", "people.change", change),
    Form("/people/{number:str}/link", "people.change", reset),
    Form("/people/{number:str}/disable", "people.change", disable),
    Form("/people/{number:str}/enable", "people.change", enable),
    Form("/people/{number:str}/sessions", "people.change", end_sessions),
    Form("/people/{number:str}/second", "people.change", drop_second),
)
