"""How sure is a step limit: the best limit of every draw by trying all, bands over the draws."""

from __future__ import annotations

import numpy as np
import pytest

from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
from aipm_metrics.scenarios.api_spend_chain import MOST_STEPS
from aipm_metrics.scenarios.api_spend_uncertainty import how_sure, limit_costs
from aipm_metrics.scenarios.uncertainty import Uncertainty, chance_cheaper


@pytest.fixture(scope="module")
def found() -> Uncertainty:
    return how_sure(spend(ApiSpendScenario()))


def test_the_best_limit_of_a_draw_is_its_cheapest(found: Uncertainty) -> None:
    for i in (0, 137, 999):
        told = {name: float(values[i]) for name, values in found.drawn.items()}
        there = spend(ApiSpendScenario().model_copy(update=told))
        assert there.lowest_cost.limit == found.best[i]
        assert there.lowest_cost.cost == pytest.approx(found.best_cost[i], rel=1e-9)
        assert there.cost == pytest.approx(found.cost[i], rel=1e-9)


def test_nothing_beats_the_best_and_bands_hold_nine_draws_of_ten(found: Uncertainty) -> None:
    assert (found.best_cost <= found.cost * (1 + 1e-12)).all()
    assert (found.best_cost <= found.rival_cost * (1 + 1e-12)).all()
    assert found.sweep is not None
    bands = found.sweep.bands
    assert bands.threshold.tolist() == list(range(1, MOST_STEPS + 1))
    row = int(ApiSpendScenario().step_limit) - 1
    spread = found.cost_spread
    told = (spread.low, spread.middle, spread.high)
    assert (bands.low[row], bands.middle[row], bands.high[row]) == pytest.approx(told)
    best = found.sweep.best
    assert best.draws.sum() + best.below + best.above == 1000


def test_decisions_and_limits_are_not_drawn(found: Uncertainty) -> None:
    assert {"step_limit", "today_limit", "cap", "calls_per_minute", "max_retries", "alert_share",
            "target_utilisation", "model"}.isdisjoint(found.drawn)  # fmt: skip
    assert {"runaway_share", "added_tokens", "cost_per_handed", "cache_share"} <= set(found.drawn)


def test_costs_of_every_limit_are_the_scenarios_own() -> None:
    s = ApiSpendScenario()
    varied = {"runaway_share": np.array([0.01, 0.1]), "cost_per_handed": np.array([1.0, 9.0])}
    usd = limit_costs(s, varied)
    for limit in (1, 20, 400):
        at = s.model_copy(update={"step_limit": float(limit)})
        np.testing.assert_allclose(usd[:, limit - 1], at.costs(varied), rtol=1e-12)


def test_a_comparison_knows_the_question_by_its_contract_only() -> None:
    chance = chance_cheaper(ApiSpendScenario(), ApiSpendScenario(step_limit=150))
    assert chance.value > 0.9
    assert chance_cheaper(ApiSpendScenario(), ApiSpendScenario()).ties == 1000
