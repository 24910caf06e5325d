"""Near 0 and 1 neither a rate nor a threshold loses the digits that money depends on."""

import pytest

from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.scenarios import brute_force


def test_the_lowest_cost_promised_is_the_cost_where_the_choice_is_todays_own() -> None:
    """The best threshold is so near 1 that it rounds to 1; its rates must not."""
    result = moderate(
        ModerationScenario(
            auc=0.9999, prevalence=0.5, temperature=0.5, threshold=0.5, today_threshold=0.5,
            items_per_author=1, leave_after_wrongful=1, value_per_author=1e5,
            harm_per_missed=0.001, views_per_missed=0, reviewer_wage=0,
        )
    )  # fmt: skip
    assert result.compared_with == "lowest cost"
    assert float(result.compared.cost) == pytest.approx(result.lowest_cost.cost, rel=1e-9)


def test_a_rare_miss_at_a_high_price_keeps_its_digits() -> None:
    """Two misses in 10^13 positives: 1 - tpr would keep three digits of them."""
    scenario = ModerationScenario(
        auc=0.9999, prevalence=0.5, harm_per_missed=1e6, reviewer_wage=0.001, value_per_author=0
    )
    exact = brute_force.Grid(scenario.model_dump()).lowest(brute_force.cost).refined
    assert moderate(scenario).lowest_cost.cost == pytest.approx(exact, rel=1e-9)
