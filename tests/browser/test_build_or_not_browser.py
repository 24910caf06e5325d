"""Build or not in a real Chromium: the length of the plan under the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario, compare_options
from aipm_metrics.sentences import build_or_not as words
from aipm_metrics.sentences.build_or_not_spots import chosen_spot, every_spot
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STALE = BuildOrNotScenario.model_validate(BuildOrNotScenario.presets["rules that went stale"])


def said(scenario: BuildOrNotScenario, months: float) -> dict[str, Any]:
    """Everything the core says of one length of the plan."""
    result = compare_options(scenario.model_copy(update={"months": months}))
    spots = chosen_spot(result)
    return {
        "cut": every_spot(result).months[int(months) - 1],
        "cards": [list(card) for card in words.cards(result)],
        "against": words.comparison_at(spots)[0],
        "aloud": " ".join(words.aloud(result)),
        "ratios": [[name, told[0]] for name, told in words.ratios_at(spots)],
        "people": sorted(
            [words.CELLS[cell], told[0]] for cell, told in words.people_at(spots).items()
        ),
    }


def agrees(page: Page, scenario: BuildOrNotScenario) -> float:
    """See that everything shown is what the core says; return the length shown."""
    seen = shown(page)
    assert seen["rows"] == [seen["row"]]  # every panel is at one length
    months = float(seen["value"])
    core = said(scenario, months)
    seen["people"].sort()
    assert {name: seen[name] for name in core} == core
    return months


@pytest.mark.parametrize("scenario", [BuildOrNotScenario(), STALE], ids=["defaults", "stale"])
def test_what_is_shown_under_the_hand_is_what_the_core_says(
    server: str, page: Page, scenario: BuildOrNotScenario
) -> None:
    open_live(page, f"{server}{to_link(scenario)}")
    assert agrees(page, scenario) == 24
    track, seen = box_of(page, ".track"), set()
    drag_over(page, track, (0.4, 0.5))
    for across in (0, 0.1, 0.33, 0.61, 0.8, 1, 0.7):
        page.mouse.move(*track.at(across))
        seen.add(agrees(page, scenario))
    assert {1.0, 60.0} < seen
    page.mouse.up()
    committed(page)
    months = agrees(page, scenario)
    kept, refusals = from_link(page.url)
    assert not refusals
    assert kept == scenario.model_copy(update={"months": months})
    plot = box_of(page, "[data-panel=volume] .stage")  # pictures can be taken hold of as well
    drag_over(page, plot, (0.6, 0.5), (0.4, 0.5))
    assert agrees(page, scenario) != months
    page.mouse.up()
    committed(page)
