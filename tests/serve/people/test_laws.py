"""Laws: for any text, any scope and any form."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.datastructures import FormMultiDict

from gensvar.contracts import AUDIENCES
from gensvar.kit.errors import BadInput, NotAllowed
from gensvar.kit.scope import Scope
from gensvar.serve.desks.people import checked_email, checked_name, must_hold
from gensvar.serve.membership import scope_given
from gensvar.serve.web.entrance import browser_of, own_path
from gensvar.serve.web.scope_form import LIMITED, scope_of, scope_said
from gensvar.serve.web.words import LANGUAGES, Words

VALUES = st.sampled_from(["NO", "SE", "DK", "Support"])
ROWS = st.dictionaries(st.sampled_from(LIMITED), st.frozensets(VALUES, min_size=1), max_size=3)
LEAST = st.dictionaries(st.sampled_from(AUDIENCES), st.integers(6, 50), max_size=2)
SCOPES = st.builds(Scope, ROWS, st.booleans(), LEAST)
ADDRESSES = st.one_of(st.text(max_size=60), st.text("/\\.:@?#%\t\r\n evil", max_size=30).map(lambda t: "/" + t))


@settings(deadline=None)
@given(address=ADDRESSES)
def test_an_own_path_stays_here(address: str) -> None:
    path = own_path(address)
    if path:
        parts = urlsplit(path)
        assert (parts.scheme, parts.netloc, path[:1]) == ("", "", "/")
        assert path[1:2] not in {"/", "\\"}
        assert path.isascii()
        assert path.isprintable()
        assert own_path(path) != "" or "%" in path


@settings(deadline=None)
@given(text=st.text(max_size=80))
def test_what_is_taken_for_a_name_or_an_address_stands_on_one_line(text: str) -> None:
    for check in (checked_email, checked_name):
        with suppress(BadInput):
            assert not set(check(text)) & {"\r", "\n", "\x00", "\u2028", "\u2029"}
            assert check(check(text)) == check(text)
    assert len(browser_of(text)) <= 20


@settings(deadline=None)
@given(mine=SCOPES, given_away=SCOPES, row=st.fixed_dictionaries({name: st.one_of(st.none(), VALUES) for name in LIMITED}))
def test_whoever_is_given_a_scope_sees_no_row_that_the_giver_does_not(mine: Scope, given_away: Scope, row: dict[str, str | None]) -> None:
    try:
        must_hold(mine, given_away)
    except NotAllowed:
        return
    assert not sees(given_away, row) or sees(mine, row)
    assert mine.free_text or not given_away.free_text
    assert all(given_away.smallest_group(a) >= mine.smallest_group(a) for a in AUDIENCES)


def sees(scope: Scope, row: dict[str, str | None]) -> bool:
    return all(row[name] in values for name, values in scope.rows.items())


@settings(deadline=None)
@given(scope=SCOPES)
def test_everybody_may_give_what_she_has(scope: Scope) -> None:
    must_hold(scope, scope)
    must_hold(Scope(), scope)


@settings(deadline=None)
@given(scope=SCOPES)
def test_a_form_says_the_scope_that_it_was_made_from(scope: Scope) -> None:
    fields: list[tuple[str, Any]] = [("free_text", "yes")] if scope.free_text else []
    for name in LIMITED:
        fields.append((f"limit.{name}", "some" if name in scope.rows else "all"))
        fields += [(f"value.{name}", value) for value in scope.rows.get(name, ())]
    fields += [(f"least.{audience}", str(scope.smallest_group(audience))) for audience in AUDIENCES]
    assert scope_of(FormMultiDict(fields)) == scope


@settings(deadline=None)
@given(fields=st.dictionaries(st.sampled_from([f"{part}.{name}" for part in ("limit", "value", "more") for name in LIMITED]), st.text(max_size=20)))
def test_any_form_gives_a_scope_or_says_what_is_wrong(fields: dict[str, str]) -> None:
    with suppress(BadInput):
        scope = scope_of(FormMultiDict(list(fields.items())))
        assert all(values for values in scope.rows.values())
        assert {name for name in LIMITED if fields.get(f"limit.{name}") == "some"} == set(scope.rows)


@settings(deadline=None)
@given(scope=SCOPES)
def test_a_scope_is_said_in_every_language(scope: Scope) -> None:
    said = {language: scope_said(scope, Words(language)) for language in LANGUAGES}
    assert all(said.values())
    assert len({len(lines) for lines in said.values()}) == 1
    assert not any("{" in line for lines in said.values() for line in lines)


@pytest.mark.parametrize("rows", [{"markets": ["NO"]}, {"audience": ["employees"]}, {"": ["x"]}])
def test_a_limit_that_there_is_not_is_told(rows: dict[str, list[str]]) -> None:
    with pytest.raises(BadInput):
        scope_given(rows, free_text=True)
