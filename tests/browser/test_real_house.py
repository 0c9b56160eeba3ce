"""A person's way through a real house in a real browser: from a file to what it says, and from a row set aside to a row that is in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.browser.conftest import Site, Watched, listening
from tests.browser.test_pages import drawn, faults
from tests.serve.conftest import owner
from tests.serve.web.desk import empty_desk
from tests.world import source

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]


@pytest.fixture(scope="module")
def company_site(company_house: House) -> Iterator[Site]:
    access = Access(company_house.settings, company_house.ledger)
    with listening(build_app(company_house, access)) as address:
        yield Site(empty_desk(), address, owner(access))


def test_from_a_file_to_what_it_says(visit: Visit, company_site: Site) -> None:
    page = visit(to=company_site).open("/sources")
    page.set_input_files("#file", source("calls").path)
    page.fill("#name", "calls")
    page.click("text=Look at the file")
    expect(page.locator("textarea")).to_be_visible()
    assert faults(page) == []
    page.fill("textarea", source("calls").contract_path.read_text("utf-8"))
    page.click("button[value=add]")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=20_000)
    assert faults(page) == []
    page.click("text=See what it says")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    drawn(page)
    assert faults(page) == []


def test_from_a_row_set_aside_to_a_row_that_is_in(visit: Visit, company_site: Site) -> None:
    page = visit(width=360, to=company_site).open("/set-aside?source=terminals&reason=off_scale")
    page.locator("tbody th a").first.click()
    page.get_by_label("score").fill("4")
    page.click("button[value=replay]")
    expect(page.get_by_text("1 row was taken in.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(page) == []


def test_what_is_not_there_is_told_in_a_page(visit: Visit, company_site: Site) -> None:
    visitor = visit(to=company_site)
    page = visitor.open("/measures/csat.delivry")
    page.get_by_role("link", name="csat.delivery").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("delivery")
    visitor.complaints = [c for c in visitor.complaints if "404" not in c]
