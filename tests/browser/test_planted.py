"""What respondents wrote, in a real browser: nothing of it runs, on no page, in no chart, in no tooltip."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.browser.conftest import Site, Watched, listening
from tests.browser.test_pages import drawn
from tests.houses import NOW, signed_in
from tests.serve.web.desk import empty_desk
from tests.serve.web.planted import MARK, addresses, planted

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]
LANDED = f"() => document.querySelectorAll('.{MARK}, [onerror], [onload], [onfocus], main iframe, main [style*=expression]').length"
CHARTS = "/measures/csat.planted?by={}&period=all"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("plant") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, NOW) as house:
        planted(house, tmp_path_factory.mktemp("files"))
        yield house


@pytest.fixture(scope="module")
def planted_site(plant: House) -> Iterator[Site]:
    with listening(build_app(plant, Access(plant.settings, plant.ledger))) as address:
        yield Site(empty_desk(), address)


@pytest.fixture(scope="module")
def administrator(plant: House) -> tuple[str, str]:
    """The name and the value of her session's cookie."""
    name, _, value = signed_in(plant, "administrator")["cookie"].partition("=")
    return name, value


def watched(visit: Visit, site: Site, cookie: tuple[str, str], **how: object) -> tuple[Watched, list[str]]:
    """A visitor, and what ran that should not have."""
    visitor, ran = visit(to=site, **how), list[str]()
    visitor.page.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": site.address}])

    def dialog(one: object) -> None:
        ran.append(str(one))
        one.dismiss()  # type: ignore[attr-defined]

    visitor.page.on("dialog", dialog)
    return visitor, ran


def quiet(visitor: Watched) -> list[str]:
    """The complaints, but for pages that are not there or cannot be understood, which a browser notes by itself."""
    return [c for c in visitor.complaints if "status of 404" not in c and "status of 422" not in c]


def test_nothing_runs_on_any_page(visit: Visit, plant: House, planted_site: Site, administrator: tuple[str, str]) -> None:
    visitor, ran = watched(visit, planted_site, administrator)
    for address in addresses(plant):
        page = visitor.open(address)
        assert page.evaluate(LANDED) == 0, address
        assert quiet(visitor) == [], address
        assert ran == [], address
    visitor.complaints.clear()


@pytest.mark.parametrize("dimension", ["market", "segment"])
def test_nothing_runs_in_charts_and_tooltips(visit: Visit, planted_site: Site, administrator: tuple[str, str], dimension: str) -> None:
    visitor, ran = watched(visit, planted_site, administrator)
    page = visitor.open(CHARTS.format(dimension))
    drawn(page)
    labels = page.evaluate("() => [...document.querySelectorAll('.canvas svg text')].map((t) => t.textContent).join(' ')")
    assert "onerror" in labels, "a payload must stand in a chart as text, or this test looks at nothing"
    for mark in page.locator(".canvas svg .mark-symbol path, .canvas svg .mark-rect path").all()[:12]:
        mark.hover(force=True)
    page.wait_for_timeout(200)
    assert page.evaluate(LANDED) == 0
    assert (ran, quiet(visitor)) == ([], [])


def test_nothing_runs_when_filters_are_swapped_in(visit: Visit, planted_site: Site, administrator: tuple[str, str]) -> None:
    visitor, ran = watched(visit, planted_site, administrator, width=360, scheme="dark")
    page = visitor.open("/voices?period=all")
    page.fill("#ask-q", "alert")
    page.press("#ask-q", "Enter")
    page.wait_for_function("() => document.querySelectorAll('mark').length > 0")
    for value in _values(page)[:4]:
        page.select_option("#ask-market", value)
        page.wait_for_function("(v) => new URLSearchParams(location.search).get('market') === v", arg=value)
    page.locator(".voices a[href^='/voices/']").first.click()
    page.wait_for_selector(".story")
    assert page.evaluate(LANDED) == 0
    assert (ran, quiet(visitor)) == ([], [])


def _values(page: Page) -> list[str]:
    values: list[str] = page.evaluate("() => [...document.querySelector('#ask-market').options].map((o) => o.value).filter(Boolean)")
    return values
