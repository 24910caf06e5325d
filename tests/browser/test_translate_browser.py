"""Translate in a real Chromium: write a number as a report has it, and send the answer on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aipm_metrics.links import from_link
from aipm_metrics.scenarios.translate import TranslateScenario
from tests.browser.conftest import cards, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_what_is_written_in_a_box_lands_in_the_address_and_a_fresh_browser_sees_it(
    server: str, page: Page, browser: Browser
) -> None:
    opened(page, f"{server}/translate")
    before = cards(page)
    box = page.get_by_role("textbox", name="Precision")
    expect(box).to_have_value("80 %")
    box.fill("81.5 %")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"translate\.precision=0\.815"))
    after = cards(page, unlike=before)
    assert after != before
    scenario, refusals = from_link(page.url)
    assert not refusals
    assert scenario == TranslateScenario(precision=0.815, precision_known="to 0.1 %")
    fresh = browser.new_page()
    assert cards(opened(fresh, page.url)) == after
    expect(fresh.get_by_role("textbox", name="Precision")).to_have_value("81.5 %")
    fresh.close()


def test_a_preset_of_numbers_that_cannot_be_true_and_the_way_back(server: str, page: Page) -> None:
    opened(page, f"{server}/translate")
    before = cards(page)
    page.get_by_role("button", name="Presets").click()
    page.get_by_text("a report that cannot be true").click()
    expect(page.get_by_text("These numbers cannot all be true").first).to_be_visible()
    settled(page)
    assert page.get_by_test_id("stMetric").count() == 3
    expect(page.get_by_role("textbox", name="Flagged", exact=True)).to_have_value("4,800")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_role("textbox", name="Flagged", exact=True)).to_have_value("")
    assert cards(page) == before


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_spills_over_the_side(server: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, f"{server}/translate")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
