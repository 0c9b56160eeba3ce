"""API keys: made, listed and revoked by pages, API and command line alike."""

from collections.abc import Sequence
from typing import Any

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.desks.people import must_hold


def listed(house: House) -> list[dict[str, Any]]:
    """Every key ever made, without the keys themselves."""
    return [
        {
            "id": k.id, "name": k.name, "scopes": sorted(k.scopes), "scope": dict(k.scope), "until": k.until, "used_at": k.used_at,
            "revoked_at": k.revoked_at,
        }
        for k in house.ledger.keys.all()
    ]  # fmt: skip


def create(house: House, who: str, mine: Scope, name: str, kinds: Sequence[str], days: int | None, scope: Scope) -> dict[str, Any]:
    """The new key, with the key itself, which is shown once. mine: the maker's scope, which it cannot exceed."""
    must_hold(mine, scope)
    with house.ledger.transaction():
        number, plain = house.ledger.keys.create(name, set(kinds), days, scope.as_json())
        house.ledger.audit.append(
            who, "make a key", f"key {number}", {"name": name, "may": sorted(set(kinds)), "days": days, "scope": scope.as_json()}
        )
    return {"id": number, "name": name, "key": plain, "scopes": sorted(set(kinds))}


def revoke(house: House, who: str, number: int) -> dict[str, Any]:
    """Ends a key at once, in other processes within seconds."""
    house.ledger.keys.revoke(number)
    house.ledger.audit.append(who, "revoke a key", f"key {number}")
    return {"revoked": number}
