"""Presenting in a real Chromium: button, keys, clicker, address, focus, projector and phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from aipm_metrics.sentences.moderation import steps
from tests.browser.reading import (
    DRAWN,
    agrees,
    asks_for_no_step_there_is,
    dialog,
    drag,
    ready,
    threshold_in,
    thumb,
)
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.reading import Shown

pytestmark = pytest.mark.browser

STEPS = steps(moderate(ModerationScenario()))
PROJECTOR, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
PANELS = "() => [...document.querySelectorAll('%s [data-panel]')].map((e) => e.dataset.panel)"
IN_FOCUS = """() => {
  const { activeElement: e } = document;
  return e.closest("[role=dialog]") ? e.getAttribute("aria-label") || e.textContent : "behind";
}"""
# What is presented stands above the notes and the foot, and nothing is wider than the screen.
SEEN = """() => {
  const dialog = document.querySelector("[role=dialog]");
  const foot = dialog.querySelector("footer").getBoundingClientRect();
  const notes = dialog.querySelector(".notes").getBoundingClientRect();
  const floor = notes.height ? notes.top : foot.top;
  const ours = "h1, .text:not(:empty), .dial, .people > svg, .stage, .main-svg, .card";
  const low = [...dialog.querySelectorAll(ours)].filter((e) => {
    const { top, bottom } = e.getBoundingClientRect();
    return top < 0 || bottom > floor;
  });
  const wide = [...dialog.querySelectorAll("*")].filter((e) => {
    const { left, right } = e.getBoundingClientRect();
    return !e.closest("svg svg, [hidden]") && (left < 0 || right > window.innerWidth);
  });
  const name = (e) => `${e.tagName} ${e.getAttribute("class")}`;
  return {
    low: foot.bottom > window.innerHeight ? ["footer"] : low.map(name),
    wide: dialog.scrollWidth > dialog.clientWidth ? ["dialog", ...wide.map(name)] : wide.map(name),
  };
}"""
MOVING = """() => [...document.querySelectorAll(".aipm-live, .aipm-live *")].filter((e) => {
  const { animationName, transitionDuration } = getComputedStyle(e);
  return animationName !== "none" || /[1-9]/.test(transitionDuration);
}).map((e) => e.outerHTML.slice(0, 100))"""


def at(page: Page, number: int) -> None:
    """The step is shown, with its panels and nobody else's, and the address says so."""
    _, title, _, _, panels = STEPS[number - 1]
    expect(dialog(page).locator(".place")).to_have_text(f"{number} of {len(STEPS)}")
    expect(dialog(page).get_by_role("heading", level=1)).to_have_text(title)
    assert tuple(page.evaluate(PANELS % "[role=dialog]")) == panels
    assert parse_qs(urlsplit(page.url).query)["present"] == [str(number)]


def length(page: Page) -> int:
    return int(page.evaluate("history.length"))


def test_the_button_begins_and_keys_lead_through_and_out(server: str, page: Page) -> None:
    ready(page, f"{server}/moderation?v=2")
    opener = page.get_by_role("button", name="Present")
    address, entries, home = page.url, length(page), page.evaluate(PANELS % ".aipm-live")

    def back_on_the_page() -> None:
        expect(dialog(page)).to_have_count(0)
        expect(page).to_have_url(address)
        assert page.evaluate(PANELS % ".aipm-live[data-ready]") == home

    opener.click()
    began = dialog(page).locator(".timer").inner_text()
    keys_lead_through(page)
    notes_come_and_go(page)
    expect(dialog(page).locator(".timer")).not_to_have_text(began)
    page.keyboard.press("Escape")
    back_on_the_page()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    at(page, 1)
    dialog(page).get_by_role("button", name="Close").click()
    back_on_the_page()
    expect(opener).to_be_focused()
    opener.click()
    dialog(page).get_by_role("button", name="Next").click()
    at(page, 2)
    assert length(page) == entries + 1  # presented three times, and no way out left one behind
    page.go_back()
    back_on_the_page()
    page.go_forward()
    at(page, 2)
    moves_with_the_keys(page)
    at(page, 2)  # though the server had never heard of a step


def keys_lead_through(page: Page) -> None:
    """Keys and a clicker move as they should, and none of it makes an entry."""
    at(page, 1)
    entries = length(page)
    for key, step in [
        ("ArrowRight", 2), ("PageDown", 3), ("Space", 4), ("Enter", 5), ("ArrowRight", 5),
        ("PageUp", 4), ("ArrowLeft", 3), ("Home", 1), ("PageUp", 1), ("End", 5),
    ]:  # fmt: skip
        page.keyboard.press(key)
        at(page, step)
    assert length(page) == entries


def notes_come_and_go(page: Page) -> None:
    """From the last step: the speaker's notes are that step's."""
    notes = dialog(page).get_by_role("complementary", name="Speaker notes")
    expect(notes).to_be_hidden()
    page.keyboard.press("n")
    expect(notes).to_have_text(str(STEPS[4][3][0]))
    expect(notes).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(notes).to_have_text(words.aloud(moderate(ModerationScenario()))[2])
    page.keyboard.press("N")
    expect(notes).to_be_hidden()


def test_a_choice_while_presenting_counts_once_and_tab_stays_inside(
    server: str, page: Page
) -> None:
    sent = heard(page)
    ready(page, f"{server}/moderation?v=2&present=2")
    at(page, 2)
    keyed = moves_with_the_keys(page)
    at(page, 2)
    page.keyboard.press("PageDown")  # the clicker's: the dial has the focus, the speaker goes on
    at(page, 3)

    entries, so_far = length(page), len(sent)
    held = drag(page, -150)
    assert held.row != keyed.row
    assert agrees(page) == held
    assert (length(page), len(sent)) == (entries + 1, so_far + 1)
    at(page, 3)
    tab_stays_inside(page)

    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert agrees(page).cards == held.cards
    exact = page.get_by_role("spinbutton", name="Removal threshold").input_value()
    assert f"{threshold_in(page):.6g}" == exact
    page.get_by_role("button", name="lowest cost").click()
    expect(page).to_have_url(re.compile("threshold=0.0824"))
    agrees(page)
    assert "present" not in page.url  # though the server still remembers one


def moves_with_the_keys(page: Page) -> Shown:
    """Arrow keys on the dial move the threshold, first here in this page's life."""
    before = agrees(page)
    thumb(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("moderation.threshold="))
    keyed = agrees(page)
    assert keyed.threshold != before.threshold
    return keyed


def heard(page: Page) -> list[object]:
    """Collect what the page sends to the server."""
    sent: list[object] = []

    def hear(frame: object) -> None:
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    return sent


def tab_stays_inside(page: Page) -> None:
    inside = {"Removal threshold", "Back", "Next", "Notes", "Close"}
    for key in ("Tab", "Shift+Tab"):
        reached = []
        for _ in range(len(inside) + 1):
            page.keyboard.press(key)
            reached.append(page.evaluate(IN_FOCUS))
        assert set(reached) == inside
    page.keyboard.press("PageUp")
    page.keyboard.press("Shift+Tab")  # from the title
    assert page.evaluate(IN_FOCUS) == "Close"
    dialog(page).click(position={"x": 5, "y": 5})  # on the paper, which takes no focus
    page.keyboard.press("Tab")
    assert page.evaluate(IN_FOCUS) in inside
    exact = page.get_by_role("spinbutton", name="Removal threshold")
    assert not exact.evaluate("(e) => { e.focus(); return document.activeElement === e; }")


@pytest.mark.parametrize(("scheme", "nonsense"), [("light", "99999"), ("dark", "-1")])
def test_every_step_fits_a_projector_and_a_phone(
    server: str, browser: Browser, scheme: str, nonsense: str
) -> None:
    page = browser.new_page(viewport=PROJECTOR, color_scheme=scheme)  # type: ignore[arg-type]
    ready(page, f"{server}/moderation?v=2&present={nonsense}")
    asks_for_no_step_there_is(page)
    page.get_by_role("button", name="Present").click()
    for size in (PROJECTOR, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for step in range(1, len(STEPS) + 1):
            page.keyboard.press("Home" if step == 1 else "PageDown")
            at(page, step)
            seen = page.evaluate(SEEN)
            assert not seen["wide"], (size, step)
            assert size == PHONE or not seen["low"], step
            if step == 3:  # the picture makes room for the notes
                page.keyboard.press("n")
                page.evaluate(DRAWN)
                assert size == PHONE or not page.evaluate(SEEN)["low"]
                page.keyboard.press("n")
            if size == PROJECTOR and step in (2, 4):
                assert violations(page) == []
    assert page.evaluate(MOVING) == []
    page.close()
