"""The error budget in a real Chromium: the SLO under the hand, and the file that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
from aipm_metrics.sentences import error_budget as words
from aipm_metrics.spoken import money, share
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCENARIOS = {
    "defaults": ErrorBudgetScenario(),
    **{
        name: ErrorBudgetScenario.model_validate(told)
        for name, told in ErrorBudgetScenario.presets.items()
        if name in {"nine good answers in ten", "a dependency eats the budget"}
    },
}


def said(scenario: ErrorBudgetScenario, slo: float) -> dict[str, Any]:
    """Everything the core says of one SLO."""
    result = budget(scenario.model_copy(update={"slo": slo}))
    causes = zip(words.CAUSES.values(), result.chosen.cost_by_cause.values(), strict=True)
    return {
        "cut": share(slo),
        "cards": [[card.label, card.value, card.change] for card in words.cards(result)],
        "against": words.comparison(result),
        "aloud": " ".join(words.aloud(result)),
        "ratios": [list(told) for told in words.ratios(result)],
        "people": sorted([label, n] for label, n in words.people(result)),
        "causes": [[label, money(float(usd))] for label, usd in causes],
    }


def agrees(page: Page, scenario: ErrorBudgetScenario) -> float:
    """See that everything shown is what the core says; return the SLO shown."""
    seen = shown(page)
    assert seen["rows"] == [seen["row"]]  # every panel is at one SLO
    slo = float(seen["value"])
    core = said(scenario, slo)
    seen["people"].sort()
    assert {name: seen[name] for name in core} == core
    return slo


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_shown_under_the_hand_is_what_the_core_says(
    server: str, page: Page, name: str
) -> None:
    scenario = SCENARIOS[name]
    open_live(page, f"{server}{to_link(scenario)}")
    assert agrees(page, scenario) == scenario.slo
    track, seen = box_of(page, ".track"), set()
    drag_over(page, track, (0.5, 0.5))
    for across in [0, 1, *np.random.default_rng(7).uniform(0, 1, 12)]:
        page.mouse.move(*track.at(float(across)))
        seen.add(agrees(page, scenario))
    assert len(seen) > 10
    page.mouse.up()
    committed(page)
    slo = agrees(page, scenario)
    kept, refusals = from_link(page.url)
    assert not refusals
    assert kept == scenario.model_copy(update={"slo": slo})
    # The budget's own picture can be taken hold of as well: its line is the budget.
    plot = box_of(page, "[data-panel=spent] .stage")
    drag_over(page, plot, (0.6, 0.5), (0.75, 0.5))
    assert agrees(page, scenario) != slo
    page.mouse.up()
    committed(page)
    agrees(page, scenario)


def test_the_budget_leaves_as_openslo(server: str, page: Page, tmp_path: Path) -> None:
    scenario = ErrorBudgetScenario(slo=0.9925)
    open_live(page, f"{server}{to_link(scenario)}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="OpenSLO (YAML)").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "error-budget.yaml"
    told = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    assert {one["apiVersion"] for one in told} == {"openslo/v1"}
    slo = next(one for one in told if one["metadata"]["name"] == "good-answers")
    assert slo["spec"]["objectives"][0]["target"] == 0.9925
