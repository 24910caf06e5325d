"""The whole way by keyboard alone: drag, present, compare, decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.presets import pairs
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences.comparison import aloud
from aipm_metrics.sentences.moderation import steps
from tests.browser.conftest import settled
from tests.browser.reading import (
    agrees,
    asks_for_no_step_there_is,
    dialog,
    presses,
    ready,
    shown,
    threshold_in,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STEPS = steps(moderate(ModerationScenario()))
MODELS = pairs()["Moderation: old model against new"]


def test_from_the_page_to_a_decision_by_keyboard_alone(server: str, page: Page) -> None:
    ready(page, f"{server}/moderation?present=x")
    asks_for_no_step_there_is(page)
    before = shown(page)
    presses(page, "Tab", "[data-panel=dial] [role=slider]")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page).to_have_url(re.compile("moderation.threshold="))
    mine = agrees(page)
    assert mine.cards != before.cards

    presses(page, "Shift+Tab", ".aipm-live button.open")
    page.keyboard.press("Enter")
    for step in range(1, len(STEPS) + 1):
        expect(dialog(page).locator(".place")).to_have_text(f"{step} of {len(STEPS)}")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert agrees(page) == mine
    decides_by_keyboard(page, ModerationScenario(threshold=threshold_in(page)))


def decides_by_keyboard(page: Page, mine: ModerationScenario) -> None:
    """Go and compare, look at another pair, choose a side of it."""
    presses(page, "Shift+Tab", "[data-testid=stMain] a[href*=compare]")
    page.keyboard.press("Enter")
    expect(page.get_by_text(aloud(compare(mine, ModerationScenario()))[0])).to_be_visible()
    settled(page)
    presses(page, "Tab", "[data-testid=stMain] [role=radio]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text(aloud(compare(*MODELS))[0])).to_be_visible()
    settled(page)
    presses(page, "Tab", "[role=radiogroup][aria-label=Chosen] *")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url("**chosen=b")
    expect(page.get_by_role("button", name="Entry (Markdown)")).to_be_visible()
