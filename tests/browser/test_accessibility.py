"""Axe on every page, and on those of parts of their own in the dark theme on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from aipm_metrics.scenarios import SCENARIOS
from tests.browser.conftest import opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Rules that Streamlit 1.67's own widgets break, and in which; nothing else is let through.
STREAMLITS_OWN = {
    "presentation-role-conflict": "stFileUploaderDropzone",
    "scrollable-region-focusable": "stTable",  # a table wider than a phone cannot take focus
}


def violations(page: Page) -> list[str]:
    """List what axe finds, less what Streamlit's own widgets are known for."""
    found = []
    for rule in Axe().run(page).response["violations"]:
        for node in rule["nodes"]:
            widget = STREAMLITS_OWN.get(rule["id"], "nobody's")
            element = page.locator(node["target"][0])
            inside = f"element => element.closest('[data-testid={widget}]') !== null"
            if widget == "nobody's" or not element.evaluate(inside):
                found.append(f"{rule['id']} ({rule['impact']}): {node['html'][:200]}")
    return found


EVERY = ("", "compare", "your_data", *(s.page for s in SCENARIOS))
# Those whose parts are met on no other page; the rest are made of these.
DARK = ("", "compare", "your_data", "moderation", "diagnosis", "peak_load")


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [*((path, 1440, "light") for path in EVERY), *((path, 390, "dark") for path in DARK)],
)
def test_axe_finds_nothing_of_ours(
    server: str, browser: Browser, path: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, f"{server}/{path}")
    for summary in page.locator("[data-testid=stMain] details summary").all():
        summary.click()
        page.wait_for_timeout(300)  # ms until Streamlit has heard of it, and asks the script
        settled(page)
    at_rest(page)
    assert violations(page) == []
    page.close()


def at_rest(page: Page) -> None:
    """Wait until nothing fades any more: what is half faded has half the contrast."""
    settled(page)
    if page.locator(".aipm-live").count():
        page.locator(".aipm-live[data-ready]").wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stElementContainer]')]"
        ".every((element) => getComputedStyle(element).opacity === '1')"
    )


def test_axe_finds_nothing_in_the_upload_box(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation?rows=0123456789abcdef")
    assert violations(page) == []
