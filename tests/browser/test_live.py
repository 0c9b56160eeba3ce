"""An open page in a real browser, before a real house whose hub moves: what changed is changed, and nothing else."""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gensvar import flow
from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.browser.conftest import free_port, listening
from tests.browser.test_pages import drawn
from tests.houses import signed_in

pytestmark = pytest.mark.browser
SOON_MS, BUDGET_S, GENEROUS = 60_000, 2.0, 5  # generous: the machine may be busy with other tests
CONTRACT = """
source: shop
version: 1
owner: anna.berg
purpose: what buyers say in the web shop
measures:
  - {id: csat.checkout, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: anna.berg, name: {en: Checkout}}
"""
CHANGES = "section[aria-labelledby='m-csat.checkout']"
STAYS = "section[aria-labelledby='m-csat.delivery']"
WATCH = """
window.loaded = performance.now();
window.shift = 0;
const add = (list) => list.getEntries().forEach((entry) => (window.shift += entry.value));
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
"""
COUNT_CHANGES = """
window.touched = 0;
new MutationObserver(() => window.touched++).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
"""
SAVING = "Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true, addEventListener() {} }) })"
Send = Callable[..., float]


@pytest.fixture(scope="module")
def shop(company_house: House) -> House:
    """The house with one more source, whose measure is asked about often enough to have a number."""
    flow.add_source(company_house, CONTRACT, "test")
    return company_house


@pytest.fixture(scope="module")
def access(shop: House) -> Access:
    return Access(shop.settings, shop.ledger)


@pytest.fixture(scope="module")
def address(shop: House, access: Access) -> Iterator[str]:
    with listening(build_app(shop, access)) as found:
        yield found


@pytest.fixture
def reader(browser: Browser, address: str, shop: House) -> Iterator[BrowserContext]:
    """A signed-in data owner's browser."""
    with_session = signed_in_browser(browser, address, shop)
    yield with_session
    with_session.close()


def signed_in_browser(browser: Browser, address: str, house: House) -> BrowserContext:
    name, _, token = signed_in(house, "owner")["cookie"].partition("=")
    context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": name, "value": token, "url": address}])
    context.add_init_script(WATCH)
    return context


@pytest.fixture
def send(address: str, access: Access, shop: House) -> Send:
    """Sends so many answers, as another system would; the moment at which they were accepted, or, where asked to wait, counted."""

    def sending(n: int, score: int = 5, wait: bool = False) -> float:
        items = [answer(i, score) for i in range(n)]
        sent = httpx.post(f"{address}/v1/feedback", json=items, headers={"authorization": f"Bearer {access.token}"})
        assert sent.status_code == 202, sent.text
        if wait:
            at_rest(shop)
        return time.monotonic()

    return sending


def at_rest(house: House) -> None:
    """Waits till nothing is on its way into the hub, and the hub has stood still for a while."""
    before = -1
    while house.ledger.inbox.backlog()[0] or house.engine.epoch() != before:
        before = house.engine.epoch()
        time.sleep(1.5)


def answer(i: int, score: int) -> dict[str, Any]:
    return {
        "source": "shop", "record": f"o-{time.monotonic_ns()}-{i}", "item": "rating", "occurred_at": "2026-10-30T09:00:00Z",
        "measure": "csat.checkout@1", "score": score, "market": "FI", "channel": "web",
    }  # fmt: skip


def said(page: Page) -> str:
    return page.locator(f"{CHANGES} .small").first.inner_text()


def opened(reader: BrowserContext, send: Send, at: str = "/") -> Page:
    """The page, listening, with a number in the block that will change."""
    send(60, 4, wait=True)
    page = reader.new_page()
    with page.expect_request("**/live"):
        page.goto(at)
    drawn(page)
    return page


def changed(page: Page, before: str) -> None:
    page.wait_for_function(
        "([where, before]) => document.querySelector(where + ' .small').innerText !== before", arg=[CHANGES, before], timeout=SOON_MS
    )


def test_what_came_in_is_shown_and_nothing_else_moves(reader: BrowserContext, send: Send) -> None:
    page = opened(reader, send)
    page.locator(f"{STAYS} summary").first.click()
    page.locator(STAYS).scroll_into_view_if_needed()
    page.evaluate(
        """([changes, stays]) => {
          const canvas = (where) => document.querySelector(where + ' .canvas svg');
          Object.assign(window, { same: canvas(stays), other: canvas(changes), at: scrollY, was: window.loaded });
        }""",
        [CHANGES, STAYS],
    )
    page.evaluate("window.shift = 0")
    before = said(page)
    send(3)
    changed(page, before)
    page.wait_for_timeout(500)
    assert page.evaluate("window.same.isConnected"), "the chart of what did not change is the same node"
    assert not page.evaluate("window.other.isConnected"), "the chart of what did is drawn anew"
    expect(page.locator(f"{CHANGES} .canvas svg").first).to_be_visible()
    assert page.locator(f"{STAYS} details").first.get_attribute("open") is not None
    assert page.evaluate("scrollY === window.at && window.was === window.loaded"), "no reload, no scroll"
    assert page.evaluate("window.shift") < 0.01
    expect(page.locator("#status")).to_have_text("Updated")


def test_from_accepting_a_signal_to_the_open_page_in_two_seconds(reader: BrowserContext, send: Send) -> None:
    page = opened(reader, send)
    took = []
    for _ in range(5):
        before = said(page)
        accepted = send(1)
        changed(page, before)
        took.append(time.monotonic() - accepted)
        page.wait_for_timeout(1200)
    took.sort()
    sys.stdout.write(f"\nfrom accepted to seen, five times: {', '.join(f'{t:.2f}' for t in took)} s (budget {BUDGET_S} s)\n")
    assert took[2] <= BUDGET_S * GENEROUS


def test_what_the_reader_is_at_is_left_alone_until_she_is_done(reader: BrowserContext, send: Send) -> None:
    send(2, 11)
    page = opened(reader, send, "/set-aside?source=shop")
    rows = page.locator("tbody tr")
    before = rows.count()
    first = page.get_by_role("checkbox").first
    first.check()
    send(1, 11)
    send(1)
    page.wait_for_timeout(3000)
    assert rows.count() == before, "a form in use is not touched"
    expect(first).to_be_checked()
    first.uncheck()
    page.get_by_role("heading", level=1).click()
    first.blur()
    expect(rows).to_have_count(before + 1, timeout=SOON_MS)


def test_focus_stays_where_it_was(reader: BrowserContext, send: Send) -> None:
    page = opened(reader, send)
    link = page.locator(f"{CHANGES} h2 a")
    link.focus()
    before = said(page)
    send(1)
    changed(page, before)
    expect(link).to_be_focused()


def test_marked_text_waits(reader: BrowserContext, send: Send) -> None:
    page = opened(reader, send)
    before = said(page)
    page.evaluate("where => getSelection().selectAllChildren(document.querySelector(where + ' .small'))", CHANGES)
    send(1)
    page.wait_for_timeout(3000)
    assert said(page) == before
    page.evaluate("getSelection().removeAllRanges()")
    changed(page, before)


def test_when_the_page_says_the_same_nothing_is_touched(reader: BrowserContext, send: Send, shop: House) -> None:
    page = opened(reader, send, "/shortcuts")
    page.evaluate(COUNT_CHANGES)
    with page.expect_response("**/shortcuts") as read:
        shop.engine.bump()
    assert read.value.status in {200, 304}
    page.wait_for_timeout(300)
    assert page.evaluate("window.touched") == 0


def test_a_page_that_is_not_seen_and_a_reader_who_saves_data_hear_nothing(browser: Browser, address: str, shop: House) -> None:
    context = signed_in_browser(browser, address, shop)
    context.add_init_script(SAVING)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_timeout(800)
    assert not [url for url in asked if url.endswith("/live")]
    context.close()


def test_who_has_signed_out_elsewhere_hears_no_more(browser: Browser, address: str, shop: House, send: Send) -> None:
    context = signed_in_browser(browser, address, shop)
    page = opened(context, send)
    member = max(shop.ledger.members.all(), key=lambda m: m.id)
    shop.ledger.sessions.end_all(member.id)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = said(page)
    send(1)
    page.wait_for_timeout(4000)
    assert said(page) == before
    assert not [url for url in asked if url.endswith("/live")], "and does not ask again and again"
    context.close()


def test_a_page_outlives_a_restart_of_the_server(browser: Browser, shop: House, access: Access, send: Send) -> None:
    port = free_port()
    with listening(build_app(shop, access), port) as address:
        context = signed_in_browser(browser, address, shop)
        page = opened(context, send)
        before = said(page)
    send(1)
    with listening(build_app(shop, access), port):
        changed(page, before)
        context.close()
