"""The comparison in a real Chromium: address, Back, the way there and back, downloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.links import compare_from_link
from aipm_metrics.comparisons.presets import pairs, starter
from aipm_metrics.reports.decision_log import Entry
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.sentences.comparison import aloud
from tests.browser.conftest import opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from aipm_metrics.scenarios.contract import Scenario

pytestmark = pytest.mark.browser
MODELS = pairs()["Moderation: old model against new"]


def shows(page: Page, a: Scenario, b: Scenario) -> None:
    """The page says what the core says of these two."""
    expect(page.get_by_text(aloud(compare(a, b))[0])).to_be_visible()
    settled(page)


def holds(page: Page, a: Scenario, b: Scenario) -> None:
    told = compare_from_link(page.url)
    assert (told.a.scenario, told.b.scenario) == (a, b)


def test_the_address_carries_both_sides_and_back_returns(server: str, page: Page) -> None:
    opened(page, f"{server}/compare")
    shows(page, *starter())
    holds(page, *starter())
    page.get_by_text("old model against new").click()
    shows(page, *MODELS)
    holds(page, *MODELS)
    page.get_by_role("button", name="Swap A and B").click()
    shows(page, MODELS[1], MODELS[0])
    holds(page, MODELS[1], MODELS[0])
    page.go_back()
    shows(page, *MODELS)
    holds(page, *MODELS)
    page.go_back()
    shows(page, *starter())
    page.go_forward()
    shows(page, *MODELS)
    page.reload()
    shows(page, *MODELS)


def test_from_moderation_to_the_comparison_and_back_into_either_side(
    server: str, page: Page
) -> None:
    threshold = page.get_by_role("spinbutton", name="Removal threshold")
    opened(page, f"{server}/moderation?v=2&moderation.threshold=0.03")
    expect(threshold).to_have_value("0.03")
    mine = ModerationScenario(threshold=0.03)
    page.get_by_test_id("stMain").get_by_role("link", name="Compare").click()
    shows(page, mine, ModerationScenario())
    holds(page, mine, ModerationScenario())
    page.get_by_role("link", name="Open in Moderation").last.click()
    expect(threshold).to_have_value("0.15")  # nothing but defaults, and still it is taken
    settled(page)
    page.go_back()
    shows(page, mine, ModerationScenario())
    page.get_by_role("link", name="Open in Moderation").first.click()
    expect(threshold).to_have_value("0.03")
    assert "moderation.threshold=0.03" in page.url


def test_a_decision_is_chosen_explained_and_taken_away(server: str, page: Page) -> None:
    opened(page, f"{server}/compare")
    page.get_by_role("radiogroup", name="Chosen").or_(
        page.get_by_role("group", name="Chosen")
    ).get_by_text("B: Moderation: defaults").click()
    page.wait_for_url("**chosen=b")
    page.get_by_role("textbox", name="Why").fill("Fewer people are harmed.")
    page.get_by_role("button", name="Write the entry").click()
    page.get_by_text("Read the entry").click()
    expect(page.get_by_text("> Fewer people are harmed.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Entry (JSON)").click()
    assert download.value.suggested_filename.endswith(".json")
    entry = Entry.from_json(Path(download.value.path()).read_text())
    assert (entry.chosen, entry.why) == ("b", "Fewer people are harmed.")
    assert entry.scenarios() == starter()
    assert entry.link.startswith(f"{server}/compare?")


@pytest.mark.parametrize(
    ("path", "last", "holds"),
    [
        ("compare", "Turning points", "the harm of a missed post,both,$30,$5.43"),
        ("moderation", "Some thresholds", ",known as"),
    ],
)
def test_the_last_table_of_the_menu_is_within_reach(
    server: str, page: Page, path: str, last: str, holds: str
) -> None:
    """The menu is placed while it is empty: in one column, its end was below the window."""
    opened(page, f"{server}/{path}")
    main, tall = page.get_by_test_id("stMain"), 0
    while tall != (tall := main.evaluate("main => main.scrollHeight")):
        page.wait_for_timeout(1_000)  # charts come in and push the foot of the page down
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.get_by_role("button", name="Tables (CSV)").click()
    page.get_by_role("button", name=last).wait_for()
    for _ in range(10):  # a chart that comes in late pushes the menu down with its button
        settled(page)
        main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
        page.wait_for_timeout(500)
        box = page.get_by_role("button", name=last).bounding_box()
        foot = box["y"] + box["height"] if box else 0
        if 0 < foot <= 1000:
            break
    assert 0 < foot <= 1000  # without scrolling inside the menu
    with page.expect_download() as download:
        page.get_by_role("button", name=last).click()
    name = f"{path}-{last.lower().replace(' ', '-')}.csv"
    assert download.value.suggested_filename == name
    assert holds in Path(download.value.path()).read_text()


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_chart_is_saved_under_the_question_it_answers(server: str, page: Page, kind: str) -> None:
    opened(page, f"{server}/compare")
    page.get_by_test_id("stPlotlyChart").nth(1).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name=f'Save "When does A win again?" as {kind}').click()
    assert download.value.suggested_filename == f"compare-turn.{kind.lower()}"
    saved = Path(download.value.path()).read_bytes()
    if kind == "PNG":
        assert saved.startswith(b"\x89PNG")
        assert int.from_bytes(saved[16:20], "big") == 2 * 900
    else:
        assert b"When does A win again?" in saved
        assert b"equal at" in saved


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_spills_over_the_side(server: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, f"{server}/compare?chosen=a")
    page.get_by_test_id("stPlotlyChart").nth(1).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
