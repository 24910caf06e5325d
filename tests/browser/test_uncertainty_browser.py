"""How sure is this, in a real Chromium: opened, a range edited, sent as a link, undone by Back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CHANCE = re.compile(r"In ([\d,]+) of 1,000 draws")


def open_section(page: Page) -> None:
    page.get_by_text("How sure is this?").click(timeout=2_000 * PATIENCE)  # once all stands still
    expect(page.get_by_text(CHANCE)).to_be_visible()
    settled(page)


def wins(page: Page) -> int:
    found = CHANCE.search(page.get_by_text(CHANCE).inner_text())
    assert found
    return int(found.group(1).replace(",", ""))


def test_an_edited_range_moves_the_chance_travels_in_the_address_and_back_undoes_it(
    server: str, page: Page, browser: Browser
) -> None:
    opened(page, f"{server}/moderation?v=2")
    open_section(page)
    before = wins(page)
    expect(page.get_by_text("Which assumption moves the decision?")).to_be_visible()
    page.get_by_role("spinbutton", name="Low (USD)").fill("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"moderation\.harm_per_missed\.low=1&?"))
    expect(page.get_by_text(f"In {before} of 1,000 draws")).to_have_count(0)
    settled(page)
    after = wins(page)
    assert after < before
    fresh = browser.new_page()
    opened(fresh, page.url)
    open_section(fresh)
    assert wins(fresh) == after
    expect(fresh.get_by_role("spinbutton", name="Low (USD)")).to_have_value("1")
    fresh.close()
    while "harm_per_missed.low" in page.url:
        page.go_back()
        settled(page)
        page.wait_for_timeout(500)
    expect(page.get_by_text(f"In {before} of 1,000 draws")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Low (USD)")).to_have_value("15")
    assert "harm_per_missed" not in page.url
