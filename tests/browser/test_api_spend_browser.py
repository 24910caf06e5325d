"""The step limit under the hand, in a real Chromium: page, address and Python agree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from aipm_metrics.links import to_link
from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
from aipm_metrics.sentences import api_spend as words
from tests.browser.conftest import cards
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def agrees(page: Page, scenario: ApiSpendScenario) -> int:
    """See that everything shown is what the core says; return the limit shown."""
    seen = shown(page)
    limit = int(seen["value"])
    assert seen["rows"] == [seen["row"]] == [limit - 1]
    r = spend(scenario.model_copy(update={"step_limit": float(limit)}))
    told = words.cards(r)
    assert seen["cards"] == [[card.label, card.value, card.change] for card in told]
    assert seen["aloud"] == " ".join(words.aloud(r))
    assert seen["against"] == words.comparison(r)
    assert seen["ratios"] == [list(ratio) for ratio in words.ratios(r)]
    assert sorted(seen["people"]) == sorted([label, n] for label, n in words.people(r))
    return limit


def test_a_drag_over_the_dial_says_what_the_core_says(server: str, page: Page) -> None:
    scenario = ApiSpendScenario(cap=15_000, runaway_share=0.05)
    open_live(page, f"{server}{to_link(scenario)}")
    assert agrees(page, scenario) == 20
    track = box_of(page, ".track")
    drag_over(page, track, (0.3, 0.5), (0.05, 0.5))
    seen = {agrees(page, scenario)}
    for across in (0.2, 0.5, 0.66, 0.9, 1.0):
        page.mouse.move(*track.at(across))
        seen.add(agrees(page, scenario))
    page.mouse.move(*track.at(0.7))
    page.mouse.up()
    committed(page)
    chosen = agrees(page, scenario)
    assert len(seen) == 6
    assert 500 in seen
    (field,) = parse_qs(urlsplit(page.url).query)["api_spend.step_limit"]
    assert float(field) == chosen
    expect(page.get_by_role("spinbutton", name="Step limit")).to_have_value(str(chosen))
    picture = box_of(page, "[data-panel=run] .stage")
    drag_over(page, picture, (0.5, 0.5), (0.4, 0.5))
    page.mouse.up()
    committed(page)
    assert agrees(page, scenario) != chosen


def test_a_preset_a_mark_and_a_model_of_ones_own(server: str, page: Page) -> None:
    open_live(page, f"{server}/api_spend")
    before = cards(page)
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("menuitem", name="the runaway agent").click()
    runaway = cards(page, unlike=before)
    preset = ApiSpendScenario.model_validate(ApiSpendScenario.presets["the runaway agent"])
    assert [text.split("\n")[1] for text in runaway] == [
        c.value for c in words.cards(spend(preset))
    ]
    marks = page.get_by_role("group", name="Positions with a name")
    marks.get_by_text("lowest cost").first.click()
    committed(page)
    limit = agrees(page, preset)
    assert limit == spend(preset).lowest_cost.limit
