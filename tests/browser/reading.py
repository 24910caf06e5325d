"""What the live part shows, read in one go, and what the core says at the page's address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from aipm_metrics.links import from_link
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from tests.browser.conftest import settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

READ = """() => {
  const panel = (name) => document.querySelector(`[data-panel=${name}]`);
  const texts = (name, what) => [...panel(name).querySelectorAll(what)].map((e) => e.textContent);
  const dot = panel("cost").querySelector("circle.chosen");
  const rows = [...document.querySelectorAll("[data-panel]")].map((e) => e.dataset.row);
  return {
    threshold: panel("dial").querySelector(".now").textContent,
    cards: [...panel("cards").querySelectorAll(".card")].map(
      (card) => ["dt", ".value", ".change"].map((e) => card.querySelector(e).textContent),
    ),
    sentence: texts("aloud", "p").join(""),
    people: texts("people", ".legend span").sort(),
    dot: [dot.getAttribute("cx"), dot.getAttribute("cy")],
    row: [...new Set(rows)].join(),
  };
}"""
ANSWERED = """() => !document.documentElement.hasAttribute("data-aipm-moving")"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@dataclass(frozen=True)
class Shown:
    """Words of the panels, the dot's place in the cost picture, and every panel's row."""

    threshold: str
    cards: list[list[str]]
    sentence: str
    people: list[str]
    dot: list[str]
    row: str


def ready(page: Page, address: str) -> Page:
    """Open an address and wait for its live part."""
    page.goto(address)
    page.locator(".aipm-live[data-ready]").wait_for()
    if address.startswith("http"):
        settled(page)
    return page


def shown(page: Page) -> Shown:
    return Shown(**page.evaluate(READ))


def answered(page: Page) -> Shown:
    """Wait until the server has answered the hand."""
    page.wait_for_function(ANSWERED)
    settled(page)
    page.evaluate(DRAWN)
    return shown(page)


def agrees(page: Page) -> Shown:
    """See that every panel says what the core says of the scenario in the address."""
    here = answered(page)
    scenario, refusals = from_link(page.url)
    assert isinstance(scenario, ModerationScenario)
    assert not refusals
    result = moderate(scenario)
    assert here.row == str(result.row)
    assert here.cards == [[c.label, c.value, c.change] for c in words.cards(result)]
    assert here.sentence == " ".join(words.aloud(result))
    assert here.people == sorted(f"{said} {label}" for label, said in words.people(result))
    return here


def thumb(page: Page) -> Locator:
    return page.locator("[data-panel=dial]").get_by_role("slider")


def drag(page: Page, by: int) -> Shown:
    """Take the dial along, hold it, read what is shown under the hand, and let go."""
    box = thumb(page).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=6)
    page.evaluate(DRAWN)
    held = shown(page)
    page.mouse.up()
    return held


def presses(page: Page, key: str, until: str, most: int = 80) -> None:
    """Press a key until the element in focus is the one wanted."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"() => document.activeElement.matches({until!r})"):
            return
    raise AssertionError(f"{key} never reached {until}")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Presentation")


def asks_for_no_step_there_is(page: Page) -> None:
    """The page is shown as if the address had not asked."""
    agrees(page)
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_text("Part of this link was not taken")).to_have_count(0)


def threshold_in(page: Page) -> float:
    return float(parse_qs(urlsplit(page.url).query)["moderation.threshold"][0])
