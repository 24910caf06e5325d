"""Address bar, Back and Forward: what makes an entry, and that each entry is a place one was."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, opened, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "pages" / "_shared" / "one_entry.js"


@dataclass(frozen=True)
class Stand:
    """Where one is: the address, and the cards that are shown there; none on Home."""

    url: str
    cards: list[str]


def length(page: Page) -> int:
    return int(page.evaluate("history.length"))


def at_moderation(page: Page, unlike: Stand | None = None) -> Stand:
    """Stand still on Moderation, and somewhere else than before."""
    deadline, last = time.monotonic() + PATIENCE, Stand("", [])
    while time.monotonic() < deadline:
        settled(page)
        here = _now(page)
        moved = unlike is None or (here.url != unlike.url and here.cards != unlike.cards)
        if here == last and len(here.cards) > 3 and moved:
            return here
        last = here
        page.wait_for_timeout(400)
    pytest.fail(f"did not come to stand: {last}, unlike {unlike}")


def at_home(page: Page) -> Stand:
    page.get_by_role("heading", name="What do a model's metrics").wait_for()
    settled(page)
    return Stand(page.url, [])


def lands_on(page: Page, stand: Stand) -> None:
    """Wait until the page stands there, and see that it stays."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and _now(page) != stand:
        page.wait_for_timeout(100)
    settled(page)
    page.wait_for_timeout(300)
    assert _now(page) == stand, f"{_now(page)}\n{stand}"


def _now(page: Page) -> Stand:
    return Stand(page.url, page.locator("[data-panel=cards] .card").all_inner_texts())


def type_threshold(page: Page, text: str) -> None:
    page.get_by_role("spinbutton", name="Removal threshold").fill(text)
    page.keyboard.press("Enter")


def step_slider(page: Page) -> None:
    page.get_by_role("slider", name="Harmful share on a slider").focus()
    page.keyboard.press("ArrowRight")


def drag(page: Page) -> None:
    thumb = page.get_by_role("slider", name="Removal threshold", exact=True).bounding_box()
    assert thumb
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y, steps=8)
    page.mouse.up()


def preset(page: Page, name: str) -> None:
    page.get_by_role("button", name="Presets").click()
    page.get_by_text(name).click()


def reset(page: Page) -> None:
    page.get_by_role("button", name="Reset", exact=True).click()


def mark(page: Page, name: str) -> None:
    page.get_by_role("group", name="Positions with a name").get_by_text(name).first.click()


def menu(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()


def walk(
    page: Page, gestures: list[tuple[Callable[[], None], int]], started: Stand
) -> tuple[list[Stand], Stand]:
    """Make gestures on Moderation; each makes so many entries. Return all but the last entry."""
    behind, here = [], started
    for gesture, entries in gestures:
        before = length(page)
        gesture()
        after = at_moderation(page, unlike=here)
        assert length(page) - before == entries, (after.url, here.url)
        behind += [here] * entries
        here = after
    return behind, here


def test_each_gesture_makes_its_entries_and_back_lands_where_one_was(
    server: str, page: Page
) -> None:
    opened(page, server)
    home = at_home(page)
    before = length(page)
    menu(page, "Moderation")
    started = at_moderation(page)
    assert length(page) - before == 1
    behind, here = walk(
        page,
        [
            (lambda: type_threshold(page, "0.2"), 0),  # a native knob replaces
            (lambda: drag(page), 1),
            (lambda: step_slider(page), 1),
            (lambda: preset(page, "election night"), 1),
            (lambda: mark(page, "lowest cost"), 1),
            (lambda: type_threshold(page, "0.3"), 0),
            (lambda: reset(page), 1),
            (lambda: preset(page, "small community"), 1),
        ],
        started,
    )
    assert "moderation.value_per_author=200" in here.url
    assert "moderation.trained_prevalence=0.01" in behind[3].url  # brought into view by the preset
    before = length(page)
    menu(page, "Home")
    assert at_home(page).url.rstrip("/") == home.url.rstrip("/")
    assert length(page) - before == 1
    places = [home, *behind, here]
    for stand in reversed(places):
        page.go_back()
        lands_on(page, stand)
    for stand in places[1:]:
        page.go_forward()
        lands_on(page, stand)
    page.go_back()
    page.go_back()  # two steps, the second before the first has been answered
    lands_on(page, places[-3])
    page.reload()
    lands_on(page, places[-3])
    page.go_back()
    lands_on(page, places[-4])


def test_a_change_after_back_stays_in_its_place_or_makes_a_new_one(server: str, page: Page) -> None:
    started = at_moderation(opened(page, f"{server}/moderation?v=2"))
    (first,), lowest = walk(page, [(lambda: mark(page, "lowest cost"), 1)], started)
    page.go_back()
    lands_on(page, first)
    _, changed = walk(page, [(lambda: type_threshold(page, "0.4"), 0)], first)
    page.go_forward()
    lands_on(page, lowest)
    page.go_back()
    lands_on(page, changed)
    forward = length(page)
    step_slider(page)  # makes an entry in place of the one ahead
    stepped = at_moderation(page, unlike=changed)
    assert length(page) == forward
    page.go_back()
    lands_on(page, changed)
    page.go_forward()
    lands_on(page, stepped)


def test_a_key_held_down_is_one_gesture(server: str, page: Page) -> None:
    started = at_moderation(opened(page, f"{server}/moderation?v=2"))
    before = length(page)
    page.get_by_role("slider", name="Harmful share on a slider").focus()
    for _ in range(6):  # without a release between: the browser says that it repeats
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(60)
    page.keyboard.up("ArrowRight")
    held = at_moderation(page, unlike=started)
    assert length(page) - before == 1
    page.go_back()
    lands_on(page, started)
    page.go_forward()
    lands_on(page, held)


def test_a_number_just_typed_is_there_when_one_comes_back_from_another_page(
    server: str, page: Page
) -> None:
    """The press that opens the other page is also what ends the typing."""
    started = at_moderation(opened(page, f"{server}/moderation?v=2"))
    before = length(page)
    page.get_by_role("spinbutton", name="Removal threshold").fill("0.0375")
    away = page.get_by_test_id("stSidebar").get_by_role("link", name="Home", exact=True)
    away.click(delay=150)  # as long as a finger takes
    home = at_home(page)
    assert length(page) - before == 1
    page.go_back()
    typed = at_moderation(page, unlike=started)
    assert "moderation.threshold=0.0375" in typed.url
    expect(page.get_by_role("spinbutton", name="Removal threshold")).to_have_value("0.0375")
    page.go_forward()
    lands_on(page, home)
    menu(page, "Moderation")
    expect(page).to_have_url(re.compile("moderation.threshold=0.0375"))


def test_rows_come_and_go_with_their_entry_and_outlive_a_preset(server: str, page: Page) -> None:
    started = at_moderation(opened(page, f"{server}/moderation?v=2"))
    page.get_by_text("Your own scored rows").click()
    sample = page.get_by_role("button", name="Try the sample")
    behind, told = walk(
        page,
        [(sample.click, 1), (lambda: preset(page, "election night"), 1)],
        started,
    )
    assert "rows=" not in started.url
    for stand in (behind[1], told):
        assert "rows=f5a9a5edcbe8b92c" in stand.url
        assert "v=2" in stand.url
    menu(page, "Home")
    home = at_home(page)
    for stand in (told, *reversed(behind)):
        page.go_back()
        lands_on(page, stand)
    for stand in (behind[1], told, home):
        page.go_forward()
        lands_on(page, stand)
    menu(page, "Moderation")
    assert at_moderation(page).cards == told.cards
    model = page.get_by_role("button", name="Back to the simulated model")
    (rows,), simulated = walk(page, [(model.click, 1)], at_moderation(page))
    assert "rows=" not in simulated.url
    page.go_back()
    lands_on(page, rows)
    page.go_forward()
    lands_on(page, simulated)
    again = page.get_by_role("button", name="Use them again")
    page.wait_for_timeout(1_000)  # ms in which the box folds up that was open for rows in use
    if not again.is_visible():
        page.get_by_text("Your own scored rows").click()
    assert walk(page, [(again.click, 1)], simulated)[1].cards == rows.cards


def test_an_address_put_right_on_opening_leaves_no_trace(server: str, page: Page) -> None:
    opened(page, f"{server}/moderation?v=2")
    before = length(page)
    opened(page, f"{server}/moderation?v=2&moderation.auc=7&moderation.trained_prevalence=0.03")
    at_moderation(page)
    assert "auc" not in page.url
    assert length(page) - before == 1
    page.go_back()
    at_moderation(page)
    assert page.url == f"{server}/moderation?v=2"


def test_the_rule_itself(page: Page) -> None:
    """On an empty page, where nothing else touches the history."""
    page.add_init_script(path=SCRIPT)
    page.route("**/*", lambda route: route.fulfill(body="<p>x</p>", content_type="text/html"))
    page.goto("http://here.example/")

    def entries(*acts: str) -> int:
        before = length(page)
        for act in acts:
            if act == "key":
                page.keyboard.press("a")
            elif act == "press":
                page.mouse.click(5, 5)
            else:
                page.evaluate(f"history.{act}State({{}}, '', '/{before}-{len(act)}')")
        return length(page) - before

    assert entries("push", "push") == 0  # no gesture yet
    assert entries("key", "push", "push", "replace", "push") == 1
    assert entries("push") == 0
    assert entries("press", "replace", "push") == 0
    assert entries("press", "push", "key", "push") == 2
    ahead = page.url
    page.go_back()
    assert entries("push") == 0  # what follows Back keeps the way forward
    page.go_forward()
    expect(page).to_have_url(ahead)
