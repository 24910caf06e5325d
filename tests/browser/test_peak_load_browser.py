"""Peak load in a real Chromium: servers under the hand, presets, and the dot on its curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures.peak_load import CAUSES
from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.peak_load import PeakLoadScenario, run_day
from aipm_metrics.sentences import peak_load as words
from aipm_metrics.sentences.peak_load_spots import chosen_spot
from aipm_metrics.spoken import money
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCENARIOS = {
    "defaults": PeakLoadScenario(),
    "a storm": PeakLoadScenario.model_validate(PeakLoadScenario.presets["the retry storm"]),
}


def said(scenario: PeakLoadScenario, servers: float) -> dict[str, Any]:
    """Everything the core says of one number of servers."""
    result = run_day(scenario.model_copy(update={"servers": servers}))
    spot = chosen_spot(result)
    usd = {cause: float(result.chosen.cost_by_cause[cause]) for cause in CAUSES
           if np.any(result.sweep.cost_by_cause[cause])}  # fmt: skip
    return {
        "cut": spot.number[0],
        "cards": [list(card) for card in words.cards(result)],
        "against": words.comparison_at(spot)[0],
        "aloud": " ".join(words.aloud(result)),
        "ratios": [[name, told[0]] for name, told in words.ratios_at(spot)],
        "people": sorted([words.CELLS[c], n[0]] for c, n in words.people_at(spot).items()),
        "causes": [[CAUSES[cause][1], money(n)] for cause, n in usd.items()],
    }


def agrees(page: Page, scenario: PeakLoadScenario) -> float:
    """See that everything shown is what the core says; return the number of servers shown."""
    seen = shown(page)
    assert seen["rows"] == [seen["row"]]  # every panel is at one number
    servers = float(seen["value"])
    core = said(scenario, servers)
    seen["people"].sort()
    assert {name: seen[name] for name in core} == core
    return servers


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_shown_under_the_hand_is_what_the_core_says(
    server: str, page: Page, name: str
) -> None:
    scenario = SCENARIOS[name]
    open_live(page, f"{server}{to_link(scenario)}")
    assert agrees(page, scenario) == scenario.servers
    track, seen = box_of(page, ".track"), set()
    drag_over(page, track, (0.5, 0.5))
    for across in [0, 1, *np.random.default_rng(7).uniform(0, 1, 10)]:
        page.mouse.move(*track.at(float(across)))
        seen.add(agrees(page, scenario))
    assert len(seen) > 8
    assert min(seen) == 1
    page.mouse.up()
    committed(page)
    servers = agrees(page, scenario)
    kept, refusals = from_link(page.url)
    assert not refusals
    assert kept == scenario.model_copy(update={"servers": servers})
    # A picture along the servers can be taken hold of as well.
    drag_over(page, box_of(page, "[data-panel=hours] .stage"), (0.3, 0.5), (0.6, 0.5))
    assert agrees(page, scenario) != servers
    page.mouse.up()
    committed(page)


# Where plotly has drawn the points of the curve, and where the overlay has put the dot.
DOT = """() => {
  const panel = document.querySelector("[data-panel=tradeoff]");
  const at = (e) => { const b = e.getBoundingClientRect();
    return [b.left + b.width / 2, b.top + b.height / 2]; };
  return { dot: at(panel.querySelector("circle.chosen")),
           points: [...panel.querySelector(".scatterlayer .trace .points").children].map(at) };
}"""


def test_the_dot_stands_on_its_point_though_the_axis_is_a_logarithm(
    server: str, page: Page
) -> None:
    open_live(page, f"{server}{to_link(PeakLoadScenario())}")
    box_of(page, "[data-panel=tradeoff]")
    thumb = page.locator(".aipm-live [role=slider]")
    for key, row in ((None, 9), ("Home", 0), ("ArrowRight", 1)):
        if key:
            thumb.press(key)
        assert shown(page)["row"] == row
        found = page.evaluate(DOT)
        np.testing.assert_allclose(found["dot"], found["points"][row], atol=1.5)


def test_a_preset_on_a_phone(server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    open_live(page, f"{server}/peak_load")
    page.evaluate("() => document.querySelector('[data-testid=stExpandSidebarButton]')?.click()")
    page.get_by_test_id("stSidebar").get_by_role("button", name="Presets").click()
    page.get_by_role("menuitem", name="a chat LLM").click()
    scenario = PeakLoadScenario.model_validate(PeakLoadScenario.presets["a chat LLM"])
    page.wait_for_function(
        "() => document.querySelector('.aipm-live [role=slider]')?.ariaValueNow === '4'"
    )
    committed(page)
    agrees(page, scenario)
    wide = page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
    assert not wide
    page.close()
