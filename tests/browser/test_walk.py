"""Every page that the rooms register, walked through in light and in dark, on a phone and on a desk: nobody can add a page and forget this.

Then what all pages share: search, the keys, and how much is sent.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from playwright.sync_api import Browser, Response, expect
from playwright.sync_api import Page as Tab

from gensvar.explain.journeys import KIND as JOURNEY_KIND
from gensvar.explain.journeys import LIST
from gensvar.explain.journeys import found_json as journeys_json
from gensvar.explain.outcomes import KIND as OUTCOMES
from gensvar.explain.outcomes import found_json
from gensvar.house import House
from gensvar.kit.scope import whole
from gensvar.ledger.themes import Theme
from gensvar.serve.access import Access, cookie_name
from gensvar.serve.app import build_app
from gensvar.serve.assuming import Assume, assume
from gensvar.serve.desk import HouseDesk
from gensvar.serve.web.rooms import PAGES
from gensvar.serve.web.words import LANGUAGES
from gensvar.text.compact import packed
from tests.browser.conftest import listening
from tests.browser.test_pages import drawn, faults
from tests.serve.web.journeying import JOURNEYS
from tests.serve.web.outcoming import LOOKED
from tests.world import source

pytestmark = pytest.mark.browser
WIDE, NARROW, TALL = 1440, 360, 900
LEAST_PX = 12
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # what may differ in the dark: all else is the same page
MOST_STOPS, SCROLLED = 400, 12  # what scrolls is a stop of the browser's own
MADE = frozenset({
    "/drafts/{upload:str}", "/imports/{job:str}", "/set-aside/{row:str}", "/people/{number:str}", "/themes/{theme:str}", "/voices/{voice:str}",
    "/welcome/{token:str}", "/why/outcomes/{outcome:str}/{tone:str}/{term:str}",
    "/journeys/{journey:str}", "/assumptions/{id:str}",
})  # fmt: skip
ELSEWHERE = {
    "/login/sso": "leads to another site",
    "/login/sso/return": "is come to from there",
    "/login/second": "stands only between a password and a code",
    "/voices-as/{form:str}": "is a file",
    "/audit-as/csv": "is a file",
    "/report.pdf": "is a file",
}
RUN = {"texts": 900, "drawn": 900, "groups": 5, "shown": 1, "loose": 0.3, "seconds": 1.0, "encoder": "e5", "weeks": {}, "before": 0, "kept": 0}
SMALLEST = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const sizes = [];
  for (let n; (n = walker.nextNode()); ) {
    const of = n.parentElement;
    const read = n.data.trim() && of.checkVisibility() && !of.closest("script, template, .away");
    if (read) sizes.push([parseFloat(getComputedStyle(of).fontSize), n.data.trim().slice(0, 40)]);
  }
  return sizes.sort((a, b) => a[0] - b[0])[0] ?? [99, ""];
}"""
REACHABLE = """() => {
  window.unseen = [];
  window.reached = new Set();
  document.addEventListener("focusin", ({ target }) => {
    window.reached.add(target);
    const style = getComputedStyle(target);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) window.unseen.push(target.outerHTML.slice(0, 120));
  });
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const group = (e) => e.type === "radio" && !e.checked && e.form?.querySelector(`input[name="${CSS.escape(e.name)}"]:checked`);
  const stop = (e) => !e.disabled && e.type !== "hidden" && e.tabIndex >= 0 && !group(e);
  window.wanted = all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && stop(e));
  return window.wanted.length;
}"""
MISSED = "() => window.wanted.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML.slice(0, 120))"


@dataclass
class Walk:
    """A signed-in administrator's browser, in front of a house with the invented company in it."""

    tab: Tab
    address: str
    house: House
    complaints: list[str] = field(default_factory=list)

    def to(self, place: str) -> Tab:
        """The page at this address, every chart of it drawn."""
        self.complaints.clear()
        self.tab.set_viewport_size({"width": WIDE, "height": TALL})
        self.tab.emulate_media(color_scheme="light")
        answer = self.tab.goto(self.address + place)
        assert answer is not None
        assert answer.status == 200, f"{place}: {answer.status}"
        drawn(self.tab)
        return self.tab

    def made(self, path: str) -> str:
        """An address of a page that needs something first."""
        if path == "/drafts/{upload:str}":
            self.to("/sources").set_input_files("#file", source("calls").path)
            self.tab.fill("#name", "calls")
            with self.tab.expect_navigation():
                self.tab.click("text=Look at the file")
            return self.tab.url.removeprefix(self.address)
        if path == "/imports/{job:str}":
            job = self.house.ledger.jobs.add("import", {"source": "delivery", "path": str(source("delivery").path), "uploaded": False})
            while self.house.ledger.jobs.get(job).state not in {"done", "failed"}:
                time.sleep(0.05)
            return f"/imports/{job}"
        if path == "/set-aside/{row:str}":
            return f"/set-aside/{self.house.ledger.set_aside.page(None, None, 'open', 0, 1)[0].id}"
        if path == "/people/{number:str}":
            return f"/people/{self.house.ledger.members.all()[0].id}"
        if path == "/themes/{theme:str}":
            return f"/themes/{found_theme(self.house)}"
        if path == "/voices/{voice:str}":
            href = self.to("/voices?period=all").locator("a[href^='/voices/']").first.get_attribute("href")
            assert href is not None
            return href
        if path == "/why/outcomes/{outcome:str}/{tone:str}/{term:str}":
            self.house.ledger.findings.keep(OUTCOMES, "left", found_json(LOOKED))
            return "/why/outcomes/left/negative/topic:features.integration"
        if path == "/journeys/{journey:str}":
            self.house.ledger.findings.keep(JOURNEY_KIND, LIST, journeys_json(JOURNEYS))
            return "/journeys/payment"
        if path == "/assumptions/{id:str}":
            said = Assume("Delivery got worse in July", "change", measure="csat.delivery", day="2026-07-01")
            return f"/assumptions/{assume(HouseDesk(self.house, whole()), said).assumption.id}"
        if path == "/welcome/{token:str}":
            return f"/welcome/{self.house.ledger.links.make('reset', self.house.ledger.members.all()[0].id, 'test')}"
        return path


def found_theme(house: House) -> str:
    """A theme of the first texts that there are, as a search keeps it."""
    feedback, now = house.engine.table("feedback"), house.clock.now()
    written = feedback.filter(feedback.text.notnull(), feedback.audience == "customer").order_by("id").limit(30).select("id")
    ids = [str(row["id"]) for row in house.engine.run(written).to_pylist()]
    body = {
        "members": ids, "quotes": ids[:3], "words": {"en": ["parcel", "locker"]}, "held": 0.9, "now": [30, 400], "then": [4, 900], "q": 0.001,
        "outside": 0.8, "within": ["delivery", 0.1],
    }  # fmt: skip
    house.ledger.themes.keep([Theme("walked", now, now, "new", "", body, packed(np.eye(1, 384, dtype=np.float32))[0])], RUN)
    return "walked"


@pytest.fixture(scope="module")
def walk(browser: Browser, company_house: House) -> Iterator[Walk]:
    with listening(build_app(company_house, Access(company_house.settings, company_house.ledger))) as address:
        member = company_house.ledger.members.add("walker@example.org", "Vera Walker", "administrator", whole().as_json(), "a hash")
        name, token = cookie_name(company_house.settings), company_house.ledger.sessions.start(member.id, "password", "tests")
        context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        context.add_cookies([{"name": name, "value": token, "url": address}])
        walk = Walk(context.new_page(), address, company_house)
        walk.tab.on("console", lambda message: walk.complaints.append(message.text) if message.type in {"error", "warning"} else None)
        walk.tab.on("pageerror", lambda error: walk.complaints.append(str(error)))
        yield walk
        context.close()


@pytest.mark.parametrize("path", [page.path for page in PAGES if page.path not in ELSEWHERE])
def test_every_page_is_drawn_fits_and_can_be_used_by_everybody(walk: Walk, path: str) -> None:
    tab = walk.to(next(page.example for page in PAGES if page.path == path) or walk.made(path))
    assert tab.locator("h1").count() == 1
    assert tab.title().endswith("· Gensvar")
    assert len(tab.title()) > len("· Gensvar") + 1
    assert tab.get_attribute("html", "lang") in LANGUAGES
    for width in (WIDE, NARROW):
        tab.set_viewport_size({"width": width, "height": TALL})
        drawn(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width} px"
        size, text = tab.evaluate(SMALLEST)
        assert size >= LEAST_PX, f"{text!r} is set in {size} px"
        tab.emulate_media(color_scheme="light")
        assert faults(tab) == [], f"light, {width} px"
        tab.emulate_media(color_scheme="dark")
        assert faults(tab, OF_COLOUR) == [], f"dark, {width} px"
    assert walk.complaints == []


@pytest.mark.parametrize("path", [page.path for page in PAGES if page.path not in ELSEWHERE and page.example])
def test_every_stop_of_the_keyboard_is_reached_and_seen(walk: Walk, path: str) -> None:
    tab = walk.to(next(page.example for page in PAGES if page.path == path))
    stops = tab.evaluate(REACHABLE)
    assert 0 < stops < MOST_STOPS
    for _ in range(stops + SCROLLED):
        tab.keyboard.press("Tab")
    assert tab.evaluate(MISSED) == []
    assert tab.evaluate("window.unseen") == []


def test_every_page_is_walked_or_says_why_not() -> None:
    paths = {page.path for page in PAGES}
    assert ELSEWHERE.keys() <= paths
    bare = {page.path for page in PAGES if "{" in page.path and not page.example}
    assert bare <= MADE | ELSEWHERE.keys(), "give the page an example, or say in `Walk.made` how one comes to it"


def test_search_is_a_key_away_and_finds_a_place(walk: Walk) -> None:
    tab = walk.to("/glossary")
    tab.keyboard.press("/")
    field = tab.get_by_role("combobox", name="Search pages, measures, places and words")
    expect(field).to_be_focused()
    field.press_sequentially("norw")
    option = tab.get_by_role("option", name="Norway")
    expect(option).to_be_visible()
    expect(option).to_have_attribute("aria-selected", "true")
    assert faults(tab) == []
    tab.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "false")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/?market=NO")
    assert walk.complaints == []


def test_search_closes_and_gives_the_focus_back(walk: Walk) -> None:
    tab = walk.to("/glossary")
    tab.get_by_role("link", name="Search").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    tab.keyboard.type("zzzz")
    expect(tab.get_by_role("dialog").get_by_role("status")).to_have_text("Nothing was found.")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    expect(tab.get_by_role("link", name="Search")).to_be_focused()


def test_the_keys_tell_of_themselves_and_lead_to_the_rooms(walk: Walk) -> None:
    tab = walk.to("/glossary")
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("go to Measure")
    assert faults(tab) == []
    tab.keyboard.press("Escape")
    tab.keyboard.press("g")
    tab.keyboard.press("m")
    tab.wait_for_url("**/measures")


def test_j_and_k_walk_through_the_blocks(walk: Walk) -> None:
    tab = walk.to("/")
    at = "document.activeElement.closest('.block') === document.querySelectorAll('main .block')[{}]"
    for key, block in (("j", 0), ("j", 1), ("k", 0)):
        tab.keyboard.press(key)
        assert tab.evaluate(at.format(block)), key


def test_keys_rest_while_somebody_writes_and_can_be_switched_off(walk: Walk) -> None:
    tab = walk.to("/search?q=norway")
    tab.get_by_role("searchbox").press("/")
    tab.get_by_role("searchbox").press("?")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    walk.to("/shortcuts").get_by_label("Use single keys").uncheck()
    tab.get_by_role("heading", level=1).click()
    tab.keyboard.press("?")
    tab.wait_for_timeout(300)
    expect(tab.get_by_role("dialog")).to_have_count(0)
    walk.to("/shortcuts").get_by_label("Use single keys").check()


def test_home_weighs_little_at_first_and_next_to_nothing_after(walk: Walk, browser: Browser) -> None:
    context = browser.new_context(storage_state=walk.tab.context.storage_state())
    tab, got = context.new_page(), list[Response]()
    tab.on("response", lambda response: got.append(response))

    def weight() -> float:
        got.clear()
        tab.goto(walk.address + "/")
        drawn(tab)
        sizes = [r.request.sizes() for r in got if not r.url.endswith("/live")]
        return sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) / 1000

    first, after = weight(), weight()
    sys.stdout.write(f"\nHome: {first:.0f} kB at first, {after:.0f} kB after\n")
    assert first <= 450
    assert after <= 40
    context.close()
