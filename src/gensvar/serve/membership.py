"""What the operations on people and their keys take and give: the same as the pages, for programs and for the command line."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar.contracts import AUDIENCES, DIMENSIONS
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import keys, people

LIMITED = ("audience", *DIMENSIONS)
Short = Annotated[str, Meta(min_length=1, max_length=254)]
Values = Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(min_length=1, max_length=1000)]
Days = Annotated[int, Meta(ge=1, le=36_500)]


class Nobody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class Invite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """email: of the newcomer. name: hers. role: viewer, contributor, analyst, owner, administrator, auditor. rows: dimension → the values that she
    may see; a dimension left out is not limited. free_text: whether she may read what people wrote.
    """

    email: Short
    name: str = ""
    role: str = "viewer"
    rows: dict[str, Values] = {}
    free_text: bool = True


class OfOne(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """email: of a member."""

    email: Short


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """email: of a member. role: her new one. rows, free_text: what she may see from now on; null: as before."""

    email: Short
    role: str
    rows: dict[str, Values] | None = None
    free_text: bool | None = None


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name: whose it is. scopes: ingest, read, admin. days: until it expires; null for never. rows, free_text: what it may see; all, unless given."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    scopes: tuple[Literal["ingest", "read", "admin"], ...] = ("ingest",)
    days: Days | None = None
    rows: dict[str, Values] = {}
    free_text: bool = True


def scope_given(rows: dict[str, list[str]], *, free_text: bool) -> Scope:
    """The scope; BadInput names a dimension that there is not."""
    for name in rows:
        if name not in LIMITED:
            raise BadInput(f"Nothing can be limited by {name!r}", nearest=nearest(name, LIMITED), do=f"Limit by {', '.join(LIMITED)}.")
    if unknown := sorted(set(rows.get("audience", ())) - set(AUDIENCES)):
        raise BadInput(f"No audience {unknown[0]!r}", nearest=nearest(unknown[0], AUDIENCES), do=f"Audiences: {', '.join(AUDIENCES)}.")
    return Scope({name: frozenset(values) for name, values in rows.items()}, free_text)


def everybody(desk: HouseDesk, _: Nobody) -> list[people.Person]:
    return people.everybody(desk.house)


def invite(desk: HouseDesk, p: Invite) -> dict[str, Any]:
    given = scope_given(p.rows, free_text=p.free_text)
    return _told(desk, people.invite(desk.house, desk.who, desk.scope, p.email, p.name, p.role, given))


def reset(desk: HouseDesk, p: OfOne) -> dict[str, Any]:
    return _told(desk, people.reset(desk.house, desk.who, desk.scope, people.numbered(desk.house, p.email)))


def role(desk: HouseDesk, p: Role) -> people.Person:
    number = people.numbered(desk.house, p.email)
    before = Scope.of(desk.house.ledger.members.get(number).scope)
    scope = None
    if p.rows is not None or p.free_text is not None:
        asked = scope_given(p.rows or {}, free_text=True)
        rows = before.rows if p.rows is None else asked.rows
        scope = Scope(rows, before.free_text if p.free_text is None else p.free_text, before.least)
    return people.change(desk.house, desk.who, desk.scope, number, role=p.role, scope=scope)


def disable(desk: HouseDesk, p: OfOne) -> people.Person:
    return people.disable(desk.house, desk.who, people.numbered(desk.house, p.email))


def enable(desk: HouseDesk, p: OfOne) -> people.Person:
    return people.enable(desk.house, desk.who, people.numbered(desk.house, p.email))


def first_link(desk: HouseDesk, _: Nobody) -> dict[str, Any]:
    """The link for the first administrator; Conflict where there is somebody already."""
    return _told(desk, people.setup(desk.house))


def new_key(desk: HouseDesk, p: NewKey) -> dict[str, Any]:
    scope = scope_given(p.rows, free_text=p.free_text)
    return keys.create(desk.house, desk.who, desk.scope, p.name, p.scopes, p.days, scope)


def _told(desk: HouseDesk, way: people.Way | None) -> dict[str, Any]:
    """link: '' where the house does not know the address at which people reach it."""
    if way is None:
        raise people.somebody_is_here()
    public = desk.house.settings.public_url
    email = way.person.email if way.person is not None else ""
    return {"email": email, "kind": way.kind, "link": public + way.path if public else "", "path": way.path, "until": way.until}
