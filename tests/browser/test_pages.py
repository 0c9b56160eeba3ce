"""The pages in a real browser: drawn, usable by keyboard, read aloud without faults, at every width, in light and in dark."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched
from tests.serve.web.desk import row_set_aside

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Visit = Callable[..., Watched]
PAGES = {
    "home": "/",
    "measure": "/measures/csat.delivery?by=market",
    "version break": "/measures/csat.support",
    "too few": "/measures/csat.price?market=FI",
    "measures": "/measures",
    "sources": "/sources",
    "source": "/sources/helpdesk",
    "set aside": "/set-aside?source=helpdesk&reason=off_scale",
    "repair": "/set-aside/2",
}


def faults(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds, one line each; it is loaded from outside the page's own policy. only: the rules to look for, where not all are."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    chosen = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    found: dict[str, Any] = page.evaluate("chosen => axe.run(document, {runOnly: chosen, resultTypes: ['violations']})", chosen)
    return [f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:300]}" for v in found["violations"] for n in v["nodes"]]


def drawn(page: Page) -> None:
    """Every chart that is shown at this width, drawn: the page is read through to its end, since charts are drawn as they come near."""
    for chart in page.locator(".chart:visible").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".canvas > svg:not(.hold)")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
def test_every_page_is_drawn_fits_and_has_no_faults(visit: Visit, tmp_path: Path, width: int, scheme: str) -> None:
    visitor = visit(width=width, scheme=scheme)
    for name, address in PAGES.items():
        page = visitor.open(address)
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
        page.screenshot(path=tmp_path / f"{name}-{scheme}-{width}.png", full_page=True)
        assert faults(page) == [], name


def test_nothing_jumps_while_charts_are_drawn(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = visitor.open("/")
    drawn(page)
    assert page.evaluate("window.shift") < 0.02


def test_the_empty_house_and_the_problem_page_have_no_faults(visit: Visit, empty_site: Site) -> None:
    visitor = visit(width=320, to=empty_site)
    for address in ("/", "/sources", "/set-aside", "/measures"):
        page = visitor.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert faults(page) == []
    page = visitor.open("/measures/nope")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such thing")
    expect(page.locator(".detail")).to_contain_text("No measure")
    assert page.locator(".detail").get_attribute("lang") == "en"
    assert faults(page) == []
    visitor.complaints.clear()


def test_a_word_of_the_question_changes_the_page_and_its_address(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.get_by_label("market").first.select_option("NO")
    expect(page).to_have_url(visitor.site.address + "/?market=NO&period=last+3+months&against=previous")
    expect(page.locator(".block").first.get_by_text("Delivery fell")).to_be_visible()
    drawn(page)
    assert page.evaluate("document.activeElement.id") == "ask-market", "focus stays on the word"
    expect(page.locator("#status")).not_to_be_empty()
    page.go_back()
    expect(page.get_by_label("market").first).to_have_value("")
    drawn(page)


def test_the_keyboard_reaches_what_the_mouse_does(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ask-market"
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.locator(".news a").first).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "focus can be seen"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fell in Norway")


def test_a_data_engineer_takes_a_file_in_by_keyboard(visit: Visit, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id;stars\nT-1;5\n", "utf-8")
    page = visit().open("/sources")
    page.locator("#file").set_input_files(file)
    page.get_by_label("Name of the source").fill("tickets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A contract for tickets.csv")
    expect(page.get_by_role("heading", name="The first 20 rows, mapped")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("The contract").press("End")
    page.get_by_role("button", name="Add the source and import the file").press("Enter")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "23")
    assert faults(page) == []
    site.desk.finish("j1")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=5000)
    expect(page.get_by_text("129,000")).to_be_visible()
    assert faults(page) == []


def test_a_row_is_repaired_by_keyboard(visit: Visit, site: Site) -> None:
    site.desk.aside.append(row_set_aside(900))
    page = visit().open("/set-aside/900")
    field = page.get_by_label("stars")
    expect(field).to_have_accessible_description("The score 11 lies outside the scale 1–5 of csat.support@2, in the column stars (row 900).")
    field.fill("4")
    field.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1 row was taken in.")
    assert site.desk.done[-1][1] == (900,)


def test_without_scripts_the_tables_say_the_same(visit: Visit) -> None:
    page = visit(scripts=False).open("/")
    expect(page.get_by_text("The chart needs JavaScript").first).to_be_visible()
    expect(page.get_by_role("button", name="Show")).to_be_visible()
    page.locator("summary", has_text="Table").first.click()
    expect(page.get_by_role("cell", name="78", exact=False).first).to_be_visible()


def test_print_is_ink_on_paper(visit: Visit) -> None:
    visitor = visit(scheme="dark")
    page = visitor.open("/")
    drawn(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(251, 250, 247)"
    expect(page.locator(".rooms")).to_be_hidden()
