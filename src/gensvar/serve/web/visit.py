"""A visit: one request of one reader, and the house as she may see it. A room is a list of pages and forms, each with the right that it needs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.datastructures import FormMultiDict

from gensvar.house import House
from gensvar.kit.errors import NotFound, Unavailable
from gensvar.kit.rights import Right
from gensvar.kit.scope import Scope
from gensvar.serve.access import Caller
from gensvar.serve.web import guard
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.reader import Reader, reader_of
from gensvar.serve.web.render import View
from gensvar.serve.web.words import Words
from gensvar.text.redact import placeholders

if TYPE_CHECKING:
    from gensvar.serve.web.pages import Pages

AnyRequest = Request[Any, Any, Any]
FORM_BYTES = 32 << 20
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Visit:
    """Made for each request after its right has been checked. Everything asked of `desk` is within the reader's scope.

    epoch: the hub's when the visit began, where the page that is asked for keeps itself up to date.
    """

    request: AnyRequest
    pages: "Pages"
    caller: Caller
    epoch: int | None = None

    @cached_property
    def reader(self) -> Reader:
        """Her language, zone and form token."""
        settings = self.pages.settings
        return reader_of(self.request, self.caller, settings.language, settings.zone, self.pages.forms, secure=settings.secure)

    @cached_property
    def desk(self) -> Desk:
        """The house's desk, under her scope."""
        return self.pages.desk.under(self.caller.scope, self.caller.who)

    @property
    def words(self) -> Words:
        return self.reader.words

    @property
    def scope(self) -> Scope:
        return self.caller.scope

    @property
    def house(self) -> House:
        """The house itself, for what has no desk; every row taken from it goes through `hub.within` with `scope`."""
        if self.pages.house is None:
            raise Unavailable("These pages stand without a house")
        return self.pages.house

    @cached_property
    def left_out(self) -> re.Pattern[str]:
        """Finds what redaction has put into a text: the words of Gensvar, and those of the house's own patterns."""
        return placeholders(self.house.ledger.patterns.names())

    @property
    def query(self) -> Mapping[str, str]:
        """What stands after “?” in the address."""
        return self.request.query_params

    def named(self, name: str) -> str:
        """A path parameter, without the ending of a twin."""
        return str(self.request.path_params[name]).removesuffix(".json")

    def numbered(self, name: str) -> int:
        """A path parameter that is a number; NotFound otherwise."""
        return whole_number(self.named(name), name)

    def may(self, right: Right) -> bool:
        return self.caller.may(right)

    def noted(self, did: str, what: str = "", **detail: Any) -> None:
        """Writes into the audit that the reader did this, before it is answered."""
        self.house.ledger.audit.append(self.caller.who, did, what, detail)

    def page(self, view: View) -> Response[Any]:
        """The view as a page, for a form that answers with one."""
        return self.pages.renderer.html(view, self.reader, self.request, self.epoch)


@dataclass(frozen=True, slots=True)
class Page:
    """One page and its twin (the same value as JSON, at the address with .json after it). example: an address of it in the invented company.

    live: False for a page that must stay as it was loaded, since somebody is filling in a form or taking a secret from it.
    """

    path: str
    right: Right
    view: Callable[[Visit], View | Response[Any]]
    example: str = ""
    live: bool = True

    @property
    def addresses(self) -> list[str]:
        alone = self.path.endswith("}") or "." in self.path.rsplit("/", 1)[-1]
        return [self.path] if alone else [self.path, f"{self.path}.json"]


@dataclass(frozen=True, slots=True)
class Form:
    """What sending a form does: it answers with an address to go to, so that a reload repeats nothing.

    token: False only for what does no harm when it is done unasked, and stands on a page that is made once for many readers.
    """

    path: str
    right: Right
    run: Callable[[Visit, FormMultiDict], Response[Any]]
    token: bool = True
    most_bytes: Callable[["Pages"], int] = lambda _: FORM_BYTES


def go(address: str, **query: object) -> Response[str]:
    """See other: the browser loads this address next."""
    text = urlencode({k: v for k, v in query.items() if v not in (None, "")})
    headers = guard.HEADERS | {"Location": address + (f"?{text}" if text else "")}
    return Response("", status_code=303, headers=headers, media_type="text/plain")


def whole_number(text: str, what: str = "row") -> int:
    """The number; NotFound for anything else. what: that has this number, in a word."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise NotFound(f"No {what} {text!r}", do=f"{what.capitalize()}s are numbered; their page lists them.")
    return int(text)
