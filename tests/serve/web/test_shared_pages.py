"""What all pages share: the rooms that are hers, who is signed in, the style guide, the shortcuts, and what is told when something goes wrong."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.errors import GensvarError
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.web.nav import NAV
from gensvar.serve.web.palette import LIGHT
from gensvar.serve.web.steps import OTHERWISE, STEPS, step
from gensvar.serve.web.words import LANGUAGES, MARK_NAMES, Words
from tests.houses import signed_in

HERE = "http://127.0.0.1"
Client = TestClient[Litestar]
ROOM = re.compile(r'data-go="(\w)"')


@pytest.fixture
def client(small_house: House) -> Iterator[Client]:
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger)), base_url=HERE) as made:
        made.headers["accept"] = "text/html"
        yield made  # type: ignore[misc]


def every_error(kind: type[GensvarError] = GensvarError) -> Iterator[type[GensvarError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every_error(narrower)


def test_each_sees_the_rooms_that_she_may_enter_with_a_key_of_their_own(client: Client, small_house: House) -> None:
    admin, viewer = (client.get("/glossary", headers=signed_in(small_house, role)).text for role in ("administrator", "viewer"))
    assert len(ROOM.findall(admin)) == len(NAV)
    assert len({e.key for e in NAV if e.key}) == len([e for e in NAV if e.key]) == len(NAV), "every room has a key, and no two the same"
    assert "/sources" in admin
    assert 'href="/sources"' not in viewer
    kept = [e.keeps for e in NAV]
    assert kept == sorted(kept), "first the rooms where answers are read, then those where the house is kept"


def test_the_corner_tells_who_is_signed_in_and_nobody_else(client: Client, small_house: House) -> None:
    anna, bo = signed_in(small_house, "viewer"), signed_in(small_house, "analyst")
    assert "<p>Viewer</p>" in client.get("/", headers=anna).text
    page = client.get("/", headers=bo).text
    assert "<p>Analyst</p>" in page
    assert "<p>Viewer</p>" not in page
    assert 'action="/logout"' in page
    assert 'class="you"' not in client.get("/login").text


def test_a_page_that_keeps_itself_up_to_date_says_of_which_epoch_it_is(client: Client, small_house: House) -> None:
    viewer = signed_in(small_house, "viewer")
    page = client.get("/measures", headers=viewer).text
    assert f'data-epoch="{small_house.engine.epoch()}"' in page
    assert "data-live" in page
    for other in (client.get("/nowhere", headers=viewer).text, client.get("/login").text):
        assert "data-live" not in other, "what went wrong, and what nobody has signed in to, stay as they are"


def test_the_style_guide_shows_every_part_in_each_of_its_states(client: Client, small_house: House) -> None:
    page = client.get("/styleguide", headers=signed_in(small_house, "viewer")).text
    assert all(f"--{name}" in page for name in LIGHT)
    assert all(f'aria-label="{name}"' in page for name in MARK_NAMES.values())
    for part in (
        "9 answers; 30 are needed",
        "hidden: too few people",
        "not comparable",
        "disabled",
        'aria-invalid="true"',
        'class="empty"',
        'class="wait"',
    ):
        assert part in page, part
    assert page.count('class="chart"') == 2


def test_shortcuts_name_only_rooms_that_are_open(client: Client, small_house: House) -> None:
    viewer = client.get("/shortcuts.json", headers=signed_in(small_house, "viewer")).json()
    does = {" ".join(one["pressed"]): one["does"] for one in viewer}
    assert does["g h"] == "go to Home"
    assert does["/"] == "search"
    assert "g s" not in does


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_went_wrong_is_told_in_the_readers_language_and_exactly_in_english(client: Client, small_house: House, language: str) -> None:
    page = client.get("/measures/nope", headers=signed_in(small_house, "viewer") | {"accept-language": language})
    w = Words(language)
    assert page.status_code == 404
    assert f"<h1>{w('There is no such thing')}</h1>" in page.text
    assert w(STEPS[404]) in page.text
    assert re.search(r'<div class="detail" lang="en">\s*<p>No measure', page.text)
    assert 'class="rooms"' in page.text


def test_who_is_nowhere_still_has_her_rooms_and_a_stranger_has_none(client: Client, small_house: House) -> None:
    hers, stranger = client.get("/nowhere", headers=signed_in(small_house, "viewer")), client.get("/nowhere")
    assert hers.status_code == stranger.status_code == 404
    assert 'href="/measures"' in hers.text
    assert 'href="/measures"' not in stranger.text


def test_every_error_has_a_next_step() -> None:
    assert {kind.status for kind in every_error()} - STEPS.keys() <= {500, 410}
    assert step(404) == STEPS[404]
    assert step(500) == step(418) == OTHERWISE
