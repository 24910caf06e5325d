"""The threshold under the hand, in a real Chromium.

What is shown while a hand moves is word for word what the core says of that threshold; nothing
is asked of the server before the hand lets go; and then all three agree: page, address, Python.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from aipm_metrics.spoken import cut, money
from tests.aipm_metrics.scenario_draws import draw_values
from tests.browser.conftest import server_process, settled
from tests.browser.live_part import (
    box_of,
    committed,
    drag_over,
    listen,
    open_live,
    shown,
    thumb,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.live_part import Box

pytestmark = pytest.mark.browser

# Four scenarios take forty seconds; LIVE_SCENARIOS=20 takes all.
SCENARIOS = int(os.environ.get("LIVE_SCENARIOS", "4"))
THRESHOLDS = 50


def said(scenario: ModerationScenario, threshold: float) -> dict[str, Any]:
    """Everything the core says of one threshold."""
    result = moderate(scenario.model_copy(update={"threshold": threshold}))
    cards = words.cards(result)
    outcomes = ", ".join(f"{card.value} {card.label}" for card in cards)
    people = words.people(result)
    causes = [(words.CAUSES[cause], result.cost_by_cause[cause]) for cause in result.causes]
    counted = "; ".join(f"{n} {label}" for label, n in people)
    return {
        "cut": cut(threshold),
        "told": f"{cut(threshold)}: {outcomes}",
        "cards": [[card.label, card.value, card.change] for card in cards],
        "against": words.comparison(result),
        "aloud": " ".join(words.aloud(result)),
        "ratios": [list(told) for told in words.ratios(result)],
        "people": sorted([label, n] for label, n in people),
        "causes": [[label, money(usd)] for label, usd in causes],
        "icons": {words.described(result, "people"), *counted.split("; ")},
    }


def agrees(page: Page, scenario: ModerationScenario) -> float:
    """See that everything shown is what the core says; return the threshold shown."""
    seen = shown(page)
    threshold = float(seen["value"])
    assert seen["rows"] == [seen["row"]]  # every panel is at one threshold
    core = said(scenario, threshold)
    seen["people"].sort()
    described = core.pop("icons")
    assert {name: seen[name] for name in core} == core
    assert all(part in seen["icons"] for part in described)
    return threshold


def knob_in(page: Page, name: str) -> float:
    """What the address says of a knob."""
    (text,) = parse_qs(urlsplit(page.url).query)[f"moderation.{name}"]
    return float(text)


def link_offered(page: Page) -> ModerationScenario:
    """The scenario that Python has, as the link to copy tells it."""
    link = page.get_by_label("Link to exactly this").first.input_value()
    scenario, refusals = from_link(link)
    assert not refusals
    assert isinstance(scenario, ModerationScenario)
    return scenario


def drawn(many: int) -> list[ModerationScenario]:
    rng = np.random.default_rng(1815)
    return [ModerationScenario.model_validate(draw_values(rng)) for _ in range(many)]


# --- server = browser ---


@pytest.mark.parametrize("scenario", drawn(SCENARIOS), ids=range(SCENARIOS))
def test_what_is_shown_under_the_hand_is_what_the_core_says(
    server: str, page: Page, scenario: ModerationScenario
) -> None:
    open_live(page, f"{server}{to_link(scenario)}")
    assert link_offered(page).model_copy(update={"row_mix": scenario.row_mix}) == scenario
    assert agrees(page, scenario) == scenario.threshold
    track, seen = box_of(page, ".track"), set()
    rng = np.random.default_rng(3)
    page.mouse.move(*track.at(0.5))
    page.mouse.down()
    for across in [0, 1, *rng.uniform(-0.02, 1.02, THRESHOLDS - 2)]:
        page.mouse.move(*track.at(float(across), float(rng.uniform(-2, 3))))
        seen.add(agrees(page, scenario))
    page.mouse.up()
    committed(page)
    assert agrees(page, scenario) == link_offered(page).threshold
    assert len(seen) >= THRESHOLDS * 0.8


def test_at_todays_own_threshold_and_every_mark_too(server: str, page: Page) -> None:
    scenario = ModerationScenario(prevalence=0.02, today_threshold=0.3)
    open_live(page, f"{server}{to_link(scenario)}")
    marks = page.get_by_role("group", name="Positions with a name").get_by_role("button")
    names = marks.all_inner_texts()
    assert len(names) >= 4
    for i in range(len(names)):
        marks.nth(i).click()
        committed(page)
        assert cut(agrees(page, scenario)) in names[i]
    assert any("today" in name for name in names)


# --- nothing is asked before the hand lets go ---


def test_nothing_is_sent_while_dragging_and_one_choice_on_letting_go(
    server: str, page: Page
) -> None:
    sent = listen(page)
    open_live(page, f"{server}/moderation?v=2")
    page.wait_for_timeout(1_000)  # whatever opening still has to say
    faded = "element => getComputedStyle(element).opacity"
    native = page.locator("[class*=st-key-follows]").first
    assert float(native.evaluate(faded)) == 1
    track, before, url = box_of(page, ".track"), len(sent), page.url
    drag_over(page, track, (0.4, 0.5), (0.6, 0.5), (0.2, 0.5), (0.35, 0.5))
    here = shown(page)
    assert here["moving"]
    assert float(native.evaluate(faded)) < 0.5  # what Python drew elsewhere is out of date
    page.wait_for_timeout(700)
    assert len(sent) == before
    assert page.url == url
    page.mouse.up()
    committed(page)
    page.wait_for_timeout(700)
    runs = [message for message in sent[before:] if message.HasField("rerun_script")]
    assert len(sent) - before == len(runs) == 1
    expect(native).to_have_css("opacity", "1")
    value = float(here["value"])
    after = shown(page)
    assert (after["value"], after["moving"]) == (here["value"], False)
    assert knob_in(page, "threshold") == value
    assert link_offered(page).threshold == value
    number = page.get_by_role("spinbutton", name="Removal threshold")
    assert float(number.input_value()) == pytest.approx(value, rel=1e-5)


def test_a_drag_that_ends_where_it_began_is_no_choice(server: str, page: Page) -> None:
    sent = listen(page)
    open_live(page, f"{server}/moderation?v=2")
    thumb(page).press("ArrowRight")
    committed(page)
    page.wait_for_timeout(1_000)
    before, entries = len(sent), page.evaluate("history.length")
    here = shown(page)
    box = box_of(page, ".thumb")
    drag_over(page, box, (0.5, 0.5), (4, 0.5), (0.5, 0.5))
    page.mouse.up()
    page.wait_for_timeout(700)
    assert (len(sent), page.evaluate("history.length")) == (before, entries)
    assert shown(page) == here


# --- wherever the hand is ---


@pytest.mark.parametrize(("picture", "stops"), [
    ("cost", ((0.3, 0.5), (0.5, 0.4), (0.7, 0.6))),
    ("scores", ((0.3, 0.5), (0.5, 0.4), (0.6, 0.6))),
    ("roc", ((0.2, 0.2), (0.25, 0.4), (0.6, 0.15))),
    ("precision", ((0.5, 0.4), (0.7, 0.3), (0.8, 0.6))),
])  # fmt: skip
def test_a_picture_is_dragged_as_the_dial_is(
    server: str, page: Page, picture: str, stops: tuple[tuple[float, float], ...]
) -> None:
    open_live(page, f"{server}/moderation?v=2")
    scenario = ModerationScenario()
    stage = box_of(page, f"[data-panel={picture}] .stage")
    drag_over(page, stage, *stops[:1])
    seen = [agrees(page, scenario)]
    for stop in stops[1:]:
        page.mouse.move(*stage.at(*stop), steps=3)
        seen.append(agrees(page, scenario))
        near_the_hand(page, picture, stage, stop)
    page.mouse.up()
    committed(page)
    assert len(set(seen)) == len(stops)
    assert link_offered(page).threshold == seen[-1] == agrees(page, scenario)


def near_the_hand(page: Page, picture: str, stage: Box, stop: tuple[float, float]) -> None:
    """The moving line stands under the hand; a dot stands on its curve, nowhere farther."""
    kind = "line" if picture in {"cost", "scores"} else "circle"
    mark = page.locator(f".aipm-live [data-panel={picture}] .before {kind}.chosen").bounding_box()
    assert mark
    x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
    assert stage.x <= x <= stage.x + stage.width
    assert stage.y <= y <= stage.y + stage.height
    if kind == "line":
        assert abs(x - stage.at(*stop)[0]) < 6


def test_a_finger_drags_and_a_finger_that_scrolls_does_not(server: str, browser: Browser) -> None:
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    open_live(page, f"{server}/moderation?v=2")
    touch = phone.new_cdp_session(page)

    def finger(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    track, started = box_of(page, ".track"), shown(page)["value"]
    finger("touchStart", *track.at(0.45))
    for across in (0.5, 0.55, 0.6, 0.65):
        finger("touchMove", *track.at(across))
        agrees(page, ModerationScenario())
    finger("touchEnd")
    committed(page)
    dragged = shown(page)["value"]
    assert dragged != started
    assert link_offered(page).threshold == agrees(page, ModerationScenario()) == float(dragged)

    stage = box_of(page, "[data-panel=cost] .stage")
    top = page.evaluate(SCROLLED)
    finger("touchStart", *stage.at(0.5, 0.8))
    for down in (0.7, 0.5, 0.3, 0.1, -0.1):
        finger("touchMove", *stage.at(0.5, down))
        page.wait_for_timeout(30)
    finger("touchEnd")
    page.wait_for_timeout(500)
    assert page.evaluate(SCROLLED) > top + 50
    assert shown(page)["value"] == dragged
    phone.close()


SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def test_keys_move_by_steps_leaps_and_to_the_ends_and_back_returns(server: str, page: Page) -> None:
    scenario = ModerationScenario()
    open_live(page, f"{server}/moderation?v=2")
    slider, started = thumb(page), shown(page)
    low, high = (float(slider.get_attribute(f"aria-value{end}") or "nan") for end in ("min", "max"))
    rows, entries = [started["row"]], page.evaluate("history.length")
    slider.focus()
    for key, step in (
        ("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1), ("ArrowDown", -1),
        ("Shift+ArrowRight", 20), ("PageDown", -20), ("PageUp", 20), ("Shift+ArrowLeft", -20),
    ):  # fmt: skip
        page.keyboard.press(key)
        rows.append(shown(page)["row"])
        assert rows[-1] - rows[-2] == step, key
        agrees(page, scenario)
    page.keyboard.press("Home")
    assert agrees(page, scenario) == low
    page.keyboard.press("ArrowLeft")
    assert agrees(page, scenario) == low
    page.keyboard.press("End")
    assert agrees(page, scenario) == high
    committed(page)
    assert link_offered(page).threshold == high
    assert page.evaluate("history.length") == entries + 1  # the keys in a row were one choice
    page.go_back()
    expect(slider).to_have_attribute("aria-valuetext", started["told"])
    committed(page)
    assert shown(page)["cards"] == started["cards"]
    assert agrees(page, scenario) == scenario.threshold


# --- another knob ---

# Marks the drawings, and looks at every frame: which table, which cards beside which sentence.
WATCH = """() => {
  const root = document.querySelector(".aipm-live");
  root.kept = true;
  for (const one of root.querySelectorAll(".plot, [role=slider]")) one.kept = true;
  window.frames_ = new Set();
  const look = () => {
    const now = document.querySelector(".aipm-live");
    const text = (what) => now.querySelector(what)?.textContent ?? "nothing";
    window.frames_.add(JSON.stringify([text("[data-panel=cards]"), text("[data-panel=aloud] p"),
      text("[data-panel=ratios]"), text("[data-panel=people] .legend")]));
    requestAnimationFrame(look);
  };
  look();
}"""
KEPT = """() => [...document.querySelectorAll(
  ".aipm-live[data-ready], .aipm-live .plot, .aipm-live [role=slider]"
)].map((one) => one.kept === true)"""


def test_another_knob_updates_in_place_and_no_two_panels_ever_disagree(
    server: str, page: Page
) -> None:
    open_live(page, f"{server}/moderation?v=2")
    before = shown(page)
    page.evaluate(WATCH)
    number = page.get_by_role("spinbutton", name="Harmful share")
    tables = {before["table"]}
    for share in ("0.02", "0.05"):
        number.fill(share)
        number.press("Enter")
        known = sorted(tables)
        page.wait_for_function(
            "known => !known.includes(document.querySelector('.aipm-live').dataset.table)",
            arg=known,
        )
        settled(page)
        tables.add(shown(page)["table"])
        agrees(page, ModerationScenario(prevalence=float(share)))
    kept = page.evaluate(KEPT)
    assert len(kept) >= 6
    assert all(kept)
    assert len(page.evaluate("[...window.frames_]")) == len(tables) == 3


# --- other tabs, another server ---


def test_two_tabs_do_not_disturb_each_other(server: str, context: BrowserContext) -> None:
    one, other = context.new_page(), context.new_page()
    for tab in (one, other):
        open_live(tab, f"{server}/moderation?v=2")
    still = shown(other)
    drag_over(one, box_of(one, ".track"), (0.5, 0.5), (0.6, 0.5))
    assert shown(other) == still
    one.mouse.up()
    committed(one)
    moved = shown(one)
    assert moved["value"] != still["value"]
    assert shown(other) == still
    thumb(other).press("PageDown")
    committed(other)
    assert agrees(other, ModerationScenario()) != float(moved["value"])
    assert shown(one) == moved


def test_the_page_outlives_its_server(tmp_path: Path, page: Page) -> None:
    with server_process(tmp_path / "first.txt") as (address, _):
        port = int(address.rpartition(":")[2])
        open_live(page, f"{address}/moderation?v=2&moderation.auc=0.9")
        thumb(page).press("PageUp")
        committed(page)
        kept = shown(page)
    drag_over(page, box_of(page, ".track"), (0.5, 0.5), (0.55, 0.5))
    scenario = ModerationScenario(auc=0.9)
    agrees(page, scenario)  # without any server at all
    drag_over_back = box_of(page, ".track")
    page.mouse.move(*drag_over_back.at(0.4))
    page.mouse.up()
    with server_process(tmp_path / "second.txt", port=port):
        page.wait_for_function(
            "() => document.querySelector('[data-testid=stApp]')"
            ".getAttribute('data-test-connection-state') === 'CONNECTED'"
        )
        settled(page)
        page.wait_for_timeout(1_000)
        drag_over(page, box_of(page, ".track"), (0.5, 0.5), (0.62, 0.5))
        chosen = agrees(page, scenario)
        page.mouse.up()
        committed(page)
        expect(page).to_have_url(re.compile(re.escape(f"moderation.threshold={chosen!r}")))
        assert link_offered(page) == scenario.model_copy(update={"threshold": chosen})
        assert shown(page)["value"] != kept["value"]
        page.goto("about:blank")
    assert "Traceback" not in (tmp_path / "second.txt").read_text()
