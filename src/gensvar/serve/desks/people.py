"""Who may sign in, and as what: inviting, changing, disabling, and the one-time links that let somebody in. Each change is in the audit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gensvar.house import House
from gensvar.kit.errors import BadInput, Conflict, NotAllowed, NotFound, nearest
from gensvar.kit.rights import role_of
from gensvar.kit.scope import Scope
from gensvar.ledger import Member
from gensvar.ledger.links import LinkKind

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>\"',;:()\\]+@[^@\s\x00-\x1f\x7f<>\"',;:()\\.]+(\.[^@\s\x00-\x1f\x7f<>\"',;:()\\.]+)+")
LONGEST_EMAIL, LONGEST_NAME = 254, 120
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Person:
    """One member as others see her. state: invited (a link waits), active or disabled. link_until: when the waiting link ends."""

    id: int
    email: str
    name: str
    role: str
    scope: Mapping[str, Any]
    state: str
    has_totp: bool
    has_sso: bool
    made_at: datetime
    seen_at: datetime | None
    link_until: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """A one-time link, shown to whoever made it and to nobody else. path: what comes after the house's own address."""

    person: Person | None
    kind: LinkKind
    path: str
    until: datetime


def everybody(house: House) -> list[Person]:
    """Every member, by name."""
    waiting = house.ledger.links.waiting()
    return [_person(m, waiting[m.id].until if m.id in waiting else None) for m in house.ledger.members.all()]


def one(house: House, number: int) -> Person:
    """One member; NotFound where there is none."""
    waiting = house.ledger.links.waiting().get(number)
    return _person(house.ledger.members.get(number), waiting.until if waiting else None)


def numbered(house: House, email: str) -> int:
    """The number of the member with this address; NotFound names the nearest."""
    found = house.ledger.members.by_email(email)
    if found is None:
        known = [m.email for m in house.ledger.members.all()]
        raise NotFound(f"Nobody here has the address {email!r}", nearest=nearest(email, known), do="`gensvar people list` shows who is here.")
    return found.id


def checked_email(email: str) -> str:
    """The address without space around it; BadInput where no mail could reach it."""
    said = email.strip()
    if len(said) > LONGEST_EMAIL or not EMAIL.fullmatch(said):
        raise BadInput(f"{said[:LONGEST_EMAIL]!r} is no e-mail address", do="Write it as anna.berg@example.com.")
    return said


def checked_name(name: str) -> str:
    """The name on one line; BadInput where it is empty, too long, or holds signs that cannot be seen."""
    said = " ".join(name.split(" ")).strip()
    if not said or len(said) > LONGEST_NAME or UNSEEN.search(said):
        raise BadInput("A person needs a name", do=f"Write 1 to {LONGEST_NAME} characters, on one line.")
    return said


def must_hold(mine: Scope, given: Scope) -> None:
    """NotAllowed where what is given would let somebody see what the giver does not."""
    wider = [name for name, values in mine.rows.items() if name not in given.rows or not given.rows[name] <= values]
    less = [audience for audience in mine.least if given.smallest_group(audience) < mine.smallest_group(audience)]
    if wider or less or (given.free_text and not mine.free_text):
        raise NotAllowed("Nobody can let others see more than she sees herself", do="Ask an administrator who sees all.", faults=[*wider, *less])


def invite(house: House, who: str, mine: Scope, email: str, name: str, role: str, scope: Scope) -> Way:
    """A new member, and the link by which she chooses her password. Who has been invited and not come yet is invited anew."""
    role_of(role)
    must_hold(mine, scope)
    address, called = checked_email(email), checked_name(name or email.partition("@")[0])
    with house.ledger.transaction():
        made = _waiting(house, address)
        if made is None:
            made = house.ledger.members.add(address, called, role, scope.as_json())
        else:
            house.ledger.members.change(made.id, name=called, role=role, scope=scope.as_json())
        _noted(house, who, "invite", made.id, role=role, scope=scope.as_json())
        return _way(house, who, "invite", made.id)


def _waiting(house: House, email: str) -> Member | None:
    """The member of this address who was invited and has not come yet. Conflict where she has."""
    found = house.ledger.members.by_email(email)
    if found is not None and (found.has_password or found.has_sso or found.disabled_at is not None):
        raise Conflict("Somebody with this address is here already", where=found.email, do="Change what she may do instead.")
    return found


def reset(house: House, who: str, mine: Scope, number: int) -> Way:
    """A link by which she chooses a new password. Conflict where she is disabled; NotAllowed where whoever opens it would see more than its maker."""
    member = house.ledger.members.get(number)
    must_hold(mine, Scope.of(member.scope))
    if member.disabled_at is not None:
        raise Conflict("Who is disabled cannot be let in", where=member.email, do="Enable her first.")
    with house.ledger.transaction():
        _noted(house, who, "make a reset link", number)
        return _way(house, who, "reset" if member.has_password or member.has_sso else "invite", number)


def somebody_is_here() -> Conflict:
    """What to say where the first link is asked for too late."""
    return Conflict("This house has its first administrator already", do="`gensvar people reset EMAIL` makes a link for somebody who is here.")


def setup(house: House) -> Way | None:
    """The link that makes the first administrator; None where there is somebody already. The one before it ends."""
    if house.ledger.members.count():
        return None
    with house.ledger.transaction():
        house.ledger.audit.append("this machine", "make the first link", "")
        return _way(house, "this machine", "setup", None)


def change(
    house: House, who: str, mine: Scope, number: int, *, name: str | None = None, role: str | None = None, scope: Scope | None = None
) -> Person:
    """The member with another name, role or scope. It holds from her next request."""
    changed: dict[str, Any] = {} if name is None else {"name": checked_name(name)}
    if role is not None:
        changed["role"] = role_of(role).name
    if scope is not None:
        must_hold(mine, scope)
        changed["scope"] = scope.as_json()
    before = house.ledger.members.get(number)
    must_hold(mine, scope or Scope.of(before.scope))
    with house.ledger.transaction():
        house.ledger.members.change(number, **changed)
        _noted(house, who, "change a member", number, before={key: getattr(before, key) for key in changed}, after=changed)
    return one(house, number)


def disable(house: House, who: str, number: int) -> Person:
    """She is out at once, wherever she is signed in. Conflict where she is the last administrator."""
    with house.ledger.transaction():
        house.ledger.members.disable(number)
        _noted(house, who, "disable a member", number)
    house.ledger.sessions.forget()
    return one(house, number)


def enable(house: House, who: str, number: int) -> Person:
    """She may sign in again, as before."""
    with house.ledger.transaction():
        house.ledger.members.enable(number)
        _noted(house, who, "enable a member", number)
    return one(house, number)


def end_sessions(house: House, who: str, number: int) -> int:
    """She must sign in again, everywhere; how many sessions that ended."""
    house.ledger.members.get(number)
    with house.ledger.transaction():
        ended = house.ledger.sessions.end_all(number)
        _noted(house, who, "end sessions", number, sessions=ended)
    house.ledger.sessions.forget()
    return ended


def drop_second(house: House, who: str, mine: Scope, number: int) -> Person:
    """Her second factor is off, and her sessions end: for who has lost phone and codes. NotAllowed where she sees more than whoever does it."""
    must_hold(mine, Scope.of(house.ledger.members.get(number).scope))
    with house.ledger.transaction():
        house.ledger.members.clear_totp(number)
        house.ledger.sessions.end_all(number)
        _noted(house, who, "turn off a second factor", number)
    house.ledger.sessions.forget()
    return one(house, number)


def _way(house: House, who: str, kind: LinkKind, number: int | None) -> Way:
    token = house.ledger.links.make(kind, number, who)
    link = house.ledger.links.find(token)
    assert link is not None  # noqa: S101 made just above
    return Way(None if number is None else one(house, number), kind, f"/welcome/{token}", link.until)


def _noted(house: House, who: str, did: str, number: int, **detail: Any) -> None:
    house.ledger.audit.append(who, did, f"member {number}", detail)


def _person(m: Member, link_until: datetime | None) -> Person:
    invited = not (m.has_password or m.has_sso)
    state = "disabled" if m.disabled_at is not None else "invited" if invited else "active"
    return Person(m.id, m.email, m.name, m.role, m.scope, state, m.has_totp, m.has_sso, m.made_at, m.seen_at, link_until)
