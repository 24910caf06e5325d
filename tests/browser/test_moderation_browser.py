"""Moderation in a real Chromium: what AppTest cannot see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from aipm_metrics.links import from_link
from aipm_metrics.rows.sample import sample_path
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.browser.conftest import cards, opened, running_server, settled

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


def threshold(page: Page) -> float:
    return float(page.get_by_role("spinbutton", name="Removal threshold").input_value())


def set_threshold(page: Page, text: str) -> None:
    page.get_by_role("spinbutton", name="Removal threshold").fill(text)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("moderation.threshold="))
    settled(page)


def test_a_deep_link_may_be_the_first_request_of_a_new_server(tmp_path: Path, page: Page) -> None:
    with running_server(tmp_path / "log.txt") as server:
        opened(page, f"{server}/moderation?v=2&moderation.threshold=0.03")
        expect(page.get_by_role("spinbutton", name="Removal threshold")).to_have_value("0.03")
        assert page.get_by_role("link", name="Home").count()
        page.goto("about:blank")
    log = (tmp_path / "log.txt").read_text()
    assert "Traceback" not in log
    assert "default value but also had its value set" not in log


def test_a_knob_changes_outcome_and_address_and_a_fresh_browser_sees_the_same(
    server: str, page: Page, browser: Browser
) -> None:
    opened(page, f"{server}/moderation")
    before = cards(page)
    set_threshold(page, "0.0375")
    after = cards(page, unlike=before)
    assert before != after
    assert "moderation.threshold=0.0375" in page.url
    assert "v=2" in page.url
    fresh = browser.new_page()
    assert cards(opened(fresh, page.url)) == after
    fresh.close()


def test_copy_link_gives_the_canonical_link(
    server: str, page: Page, context: BrowserContext, browser: Browser
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{server}/moderation?v=2&moderation.auc=0.91")
    set_threshold(page, "0.0123456789")
    button = page.get_by_role("button", name="Copy link").first
    button.evaluate(  # it says so for two seconds, which a busy machine may sleep through
        "one => new MutationObserver(() => { window.told ??= one.textContent; })"
        ".observe(one, {childList: true, characterData: true, subtree: true})"
    )
    button.click()
    page.wait_for_function("() => window.told !== undefined")
    assert page.evaluate("window.told") == "Copied"
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{server}/moderation?v=2&")
    scenario, refusals = from_link(link)
    assert not refusals
    assert scenario == ModerationScenario(auc=0.91, threshold=0.0123456789, row_mix="the rows' own")
    fresh = browser.new_page()
    assert cards(opened(fresh, link)) == cards(page)
    fresh.close()


def test_a_step_of_the_dial_lands_in_number_and_address(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation")
    cards(page)
    page.get_by_role("slider", name="Removal threshold", exact=True).press("ArrowLeft")
    expect(page).to_have_url(re.compile("moderation.threshold="))
    expect(page.get_by_role("spinbutton", name="Removal threshold")).not_to_have_value("0.15")
    assert threshold(page) < 0.15
    said = float(page.url.partition("moderation.threshold=")[2].partition("&")[0])
    assert threshold(page) == pytest.approx(said, rel=1e-5)
    settled(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("moderation.threshold="))
    expect(page.get_by_role("spinbutton", name="Removal threshold")).to_have_value("0.15")


def test_a_preset_and_the_way_back(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation")
    before = cards(page)
    page.get_by_role("button", name="Presets").click()
    page.get_by_text("election night").click()
    expect(page).to_have_url(re.compile("moderation.prevalence=0.1"))
    settled(page)
    assert cards(page, unlike=before) != before
    assert "moderation.calibration=as+trained" in page.url.replace("%20", "+")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page).not_to_have_url(re.compile("moderation.prevalence"))
    expect(page.get_by_role("spinbutton", name="Harmful share")).to_have_value("0.01")
    assert cards(page) == before


def test_a_tap_moves_the_threshold_to_the_lowest_cost(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation")
    page.get_by_role("group", name="Positions with a name").get_by_text("lowest cost").click()
    expect(page).to_have_url(re.compile(r"moderation.threshold=0.0824\d+"))
    expect(page.get_by_role("spinbutton", name="Removal threshold")).to_have_value("0.0824792")


def test_a_hostile_link_opens_with_defaults_and_a_calm_sentence(server: str, page: Page) -> None:
    plain = cards(opened(page, f"{server}/moderation"))
    image = quote("![x](http://127.0.0.1:9/t.png)<img src=x onerror=alert(1)>")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    opened(
        page,
        f"{server}/moderation?v=2&moderation.auc={image}&moderation.prevalence=1e309"
        f"&moderation.threshold=%D9%A0.3&moderation.{image}=1&moderation.desk_hours={'9' * 5000}",
    )
    assert cards(page) == plain
    said = page.get_by_text("Part of this link was not taken").inner_text()
    for name in ("auc", "prevalence", "threshold", "desk_hours"):
        assert name in said
    assert not [url for url in asked if ":9/t.png" in url]
    assert "auc" not in page.url
    page.get_by_role("button", name="Understood").click()
    expect(page.get_by_text("Part of this link was not taken")).to_have_count(0)


def test_rows_are_attached_and_the_link_does_not_carry_them(
    server: str, page: Page, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"  # not quite the sample, which a link is known by
    file.write_text("".join(sample_path().read_text().splitlines(keepends=True)[:-1]))
    opened(page, f"{server}/moderation")
    page.get_by_text("Your own scored rows").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Use these rows").click()
    expect(page).to_have_url(re.compile("rows=[0-9a-f]{16}"))
    expect(page.get_by_text("4,999 rows of")).to_be_visible()
    mine = cards(page)

    other = browser.new_page()
    opened(other, page.url)
    expect(other.get_by_text("This link speaks of somebody's scored rows")).to_be_visible()
    assert other.locator("[data-panel=cards]").count() == 0
    other.locator("input[type=file]").set_input_files(file)
    other.get_by_role("button", name="Use these rows").click()
    assert cards(other) == mine
    other.close()


def test_a_file_over_the_limit_is_refused_in_words(server: str, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as out:
        out.truncate(200 * 2**20)
    opened(page, f"{server}/moderation")
    page.get_by_text("Your own scored rows").click()
    expect(page.get_by_text("at most 100 MB").first).to_be_visible()
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("File must be 100.0MB or smaller")).to_be_visible()


def test_moving_between_pages_keeps_attached_rows(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation")
    page.get_by_text("Your own scored rows").click()
    page.get_by_role("button", name="Try the sample").click()
    expect(page).to_have_url(re.compile("rows="))
    mine = cards(page)
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="What do a model's metrics").wait_for()
    page.get_by_role("link", name="Moderation", exact=True).click()
    assert cards(page) == mine


def test_the_whole_path_by_keyboard_alone(server: str, page: Page) -> None:
    opened(page, server)
    for _ in range(30):
        page.keyboard.press("Tab")
        if "/moderation" in str(page.evaluate("document.activeElement.href || ''")):
            break
    page.keyboard.press("Enter")
    settled(page)
    before = cards(page)
    for _ in range(80):
        page.keyboard.press("Tab")
        named = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if str(named) == "Removal threshold" and page.locator(":focus[role=slider]").count():
            break
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("moderation.threshold="))
    assert cards(page, unlike=before) != before


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_spills_over_the_side(server: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("", "moderation"):
        opened(page, f"{server}/{path}")
        spill = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert spill <= 0
