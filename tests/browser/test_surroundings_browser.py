"""What changes around the live part: the reader's theme, paper, a phone, a knob that is a price."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aipm_metrics.figures.style import DARK, LIGHT
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.browser.conftest import settled
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown, thumb
from tests.browser.test_live import agrees

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HERE = f"/moderation?v={ModerationScenario.version}"
WIDE, PHONE = {"width": 1920, "height": 1000}, {"width": 390, "height": 844}
ANOTHER = "known => document.querySelector('.aipm-live').dataset.table !== known"
# Each mark's name stands above it: the distance of their middles, and whether it is above.
NAMES = """() => {
  const all = (what) => [...document.querySelectorAll(`[data-panel=cost] ${what}`)];
  const middle = (e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    return [(left + right) / 2, (top + bottom) / 2];
  };
  const marks = all(".scatter .point").map(middle);
  return all(".names text").map((name) => {
    const [x, y] = middle(name);
    return [name.textContent, marks.some(([mx, my]) => Math.abs(mx - x) < 2 && my > y + 10)];
  });
}"""
COLOURS = """() => {
  const style = getComputedStyle(document.querySelector(".aipm-live"));
  return [style.getPropertyValue("--aipm-paper"), style.getPropertyValue("--st-background-color"),
    document.querySelector("[data-panel=roc] .xtitle").style.fill];
}"""
WIDTHS = """() => [...document.querySelectorAll(".aipm-live .plot")].map((plot) => {
  const svg = plot.querySelector(".main-svg").getBoundingClientRect();
  return [svg.width, svg.right - plot.closest("[data-panel]").getBoundingClientRect().right];
})"""
SEEN = "(all) => all.filter((what) => document.querySelector(what)?.checkVisibility())"
CHROME = [
    "[data-testid=stSidebar]", "[data-testid=stHeader]", ".aipm-live .tools", ".aipm-live .saves",
    "[class*=st-key-copy-link]", "[class*=st-key-exact-]", ".st-key-share",
    "[data-testid=stExpander]",
]  # fmt: skip
# Scrolls a table to its right end; says how far its first column is from the table's own edge,
# what is behind its words, and by how much page and table are wider than there is room.
SCROLLED = """(table) => {
  const box = table.firstElementChild;
  const before = box.scrollWidth - box.clientWidth;
  box.scrollLeft = before;
  const cells = [...box.querySelectorAll("th:first-child, td:first-child")];
  const left = box.getBoundingClientRect().left;
  return {
    more: before,
    off: Math.max(...cells.map((cell) => Math.abs(cell.getBoundingClientRect().left - left))),
    behind: [...new Set(cells.map((cell) => getComputedStyle(cell).backgroundColor))],
    page: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""


def rgb(colour: str) -> str:
    """A colour of six digits, as a browser says it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_another_theme_redraws_the_live_part_and_keeps_the_row(server: str, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    open_live(page, f"{server}{HERE}")
    thumb(page).press("PageUp")
    committed(page)
    before = shown(page)
    assert page.evaluate(COLOURS) == [LIGHT.paper, LIGHT.paper, rgb(LIGHT.ink)]
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(ANOTHER, arg=before["table"])
    settled(page)
    assert page.evaluate(COLOURS) == [DARK.paper, DARK.paper, rgb(DARK.ink)]
    after = shown(page)
    assert after["table"] != before["table"]
    for name in ("table", "row", "rows"):  # the link's own row is gone, and the ones above moved
        del after[name], before[name]
    assert after == before
    agrees(page, ModerationScenario())
    named = ["desk", "F1", "lowest cost", "recall floor", "today"]
    assert sorted(page.evaluate(NAMES), key=str) == sorted(([n, True] for n in named), key=str)


def test_paper_has_every_panel_whole_and_nothing_to_press(server: str, page: Page) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    open_live(page, f"{server}{HERE}")
    assert page.evaluate(SEEN, CHROME) == CHROME
    on_screen = page.evaluate(WIDTHS)
    assert max(width for width, _ in on_screen) > 640
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(f"() => ({WIDTHS})().every(([width]) => width <= 640)")
    page.emulate_media(media="print")
    assert page.evaluate(SEEN, CHROME) == []
    panels = page.locator(".aipm-live [data-panel]")
    for panel in panels.all():
        expect(panel).to_be_visible()
    assert panels.count() >= 9
    assert max(over for _, over in page.evaluate(WIDTHS)) < 1
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"(were) => `${{({WIDTHS})()}}` === `${{were}}`", arg=on_screen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_on_a_phone_scrolls_in_its_box_and_keeps_its_first_column(
    server: str, browser: Browser, scheme: str
) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    open_live(page, f"{server}{HERE}")
    page.get_by_test_id("stExpander").get_by_text("The numbers and their formulas").click()
    tables = page.get_by_test_id("stTable")
    expect(tables).to_have_count(4)
    settled(page)
    seen = [table.evaluate(SCROLLED) for table in tables.all()]
    page.close()
    assert sum(one["more"] > 0 for one in seen) >= 3
    paper = rgb((DARK if scheme == "dark" else LIGHT).paper)
    for one in seen:
        assert (one["off"], one["behind"], one["page"]) == (pytest.approx(0, abs=1), [paper], 0)


def test_a_price_draws_only_the_pictures_it_changes(server: str, page: Page) -> None:
    open_live(page, f"{server}{HERE}")
    before = shown(page)["table"]
    page.evaluate(
        """() => {
          const { react } = window.Plotly;
          window.drawn_ = [];
          window.Plotly.react = (plot, ...all) => {
            window.drawn_.push(plot.closest("[data-panel]").dataset.panel);
            return react(plot, ...all);
          };
        }"""
    )
    number = page.get_by_role("spinbutton", name="Harm of a missed post")
    number.fill("60")
    number.press("Enter")
    page.wait_for_function(ANOTHER, arg=before)
    settled(page)
    drawn = page.evaluate("window.drawn_")
    assert "cost" in drawn
    assert "scores" not in drawn
    agrees(page, ModerationScenario(harm_per_missed=60))


def test_a_drag_away_from_a_links_own_threshold_sends_no_table(server: str, page: Page) -> None:
    open_live(page, f"{server}{HERE}&moderation.threshold=0.2345678")
    before = shown(page)
    drag_over(page, box_of(page, ".track"), (0.6, 0.5), (0.5, 0.5), (0.55, 0.5))
    page.mouse.up()
    committed(page)
    after = shown(page)
    assert after["table"] == before["table"]
    assert after["value"] != before["value"]
    chosen = agrees(page, ModerationScenario())
    expect(page).to_have_url(re.compile(re.escape(f"moderation.threshold={chosen!r}")))
