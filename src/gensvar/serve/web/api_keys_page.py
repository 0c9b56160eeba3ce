"""API keys: what programs come in by. A key is shown once; afterwards only what it may, until when, and when it was last used."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.kit.errors import BadInput
from gensvar.kit.language import phrase
from gensvar.kit.rights import KEY_RIGHTS
from gensvar.kit.scope import Scope
from gensvar.ledger import ApiKey
from gensvar.serve.desks import keys, people
from gensvar.serve.web import entrance
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.scope_form import ScopeForm, scope_form, scope_of, scope_said
from gensvar.serve.web.visit import Form, Page, Visit, go

KINDS = {
    "ingest": phrase("send signals in, and nothing else"),
    "read": phrase("read answers and what people wrote"),
    "admin": phrase("everything that an administrator may"),
}
LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class KeyLine:
    """state: active, ended or revoked."""

    id: int
    name: str
    may: tuple[str, ...]
    scope: tuple[str, ...]
    made: str
    until: str
    used: str
    state: str
    state_said: str


@dataclass(frozen=True, slots=True)
class KeysPage:
    keys: tuple[KeyLine, ...]
    kinds: tuple[tuple[str, str], ...]
    form: ScopeForm


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, shown once."""

    name: str
    key: str


STATES = {"active": phrase("active"), "ended": phrase("ended"), "revoked": phrase("revoked")}


def all_keys(visit: Visit) -> View:
    lines = tuple(_line(visit, key) for key in reversed(visit.house.ledger.keys.all()))
    page = KeysPage(lines, tuple((kind, visit.words(says)) for kind, says in KINDS.items()), scope_form(visit.desk, visit.scope, visit.words))
    said = (visit.words("The key has been revoked."),) if visit.query.get("done") == "revoked" else ()
    return View("api_keys.html", page, "api-keys", extra={"said": said})


def _line(visit: Visit, key: ApiKey) -> KeyLine:
    words, zone = visit.words, visit.reader.zone
    over = key.until is not None and key.until <= visit.house.clock.now()
    state = "revoked" if key.revoked_at is not None else "ended" if over else "active"
    made, until, used = (
        moment(when, words.language, zone) if when is not None else words(none)
        for when, none in ((key.made_at, "never"), (key.until, "no end"), (key.used_at, "never"))
    )
    may = tuple(words(KINDS[kind]) for kind in KEY_RIGHTS if kind in key.scopes)
    return KeyLine(key.id, key.name, may, scope_said(Scope.of(key.scope), words), made, until, used, state, words(STATES[state]))


def create(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """A new key, shown on this page and never again."""
    kinds, days = [str(kind) for kind in form.getall("kind", [])], str(form.get("days", ""))
    if days and (not (days.isascii() and days.isdigit()) or len(days) > 5 or not 1 <= int(days) <= LONGEST_DAYS):
        raise BadInput(f"{days[:20]!r} is no number of days", do=f"Write a whole number from 1 to {LONGEST_DAYS}, or nothing.")
    name = people.checked_name(str(form.get("name", "")))
    made = keys.create(visit.house, visit.caller.who, visit.scope, name, kinds, int(days) if days else None, scope_of(form))
    return entrance.unstored(visit.page(View("api_key.html", NewKey(made["name"], made["key"]), "api-keys", asked_for=False)))


def revoke(visit: Visit, _: FormMultiDict) -> Response[Any]:
    keys.revoke(visit.house, visit.caller.who, visit.numbered("number"))
    return go("/api-keys", done="revoked")


PAGES = (Page("/api-keys", "keys", all_keys, "/api-keys", live=False),)
FORMS = (Form("/api-keys", "keys", create), Form("/api-keys/{number:str}/revoke", "keys", revoke))
