"""The cost of a budget and its lowest: against a fine grid, term by term, and at the limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.budget_cost import MOST_TAKEN, BudgetCost

MONEY, TINY = st.floats(1, 1e8), st.floats(1e-3, 1e3)
LOW, HIGH = 1e-5, 0.2
GRID = np.geomspace(LOW, HIGH, 4001)


@st.composite
def costs(draw: st.DrawFn) -> BudgetCost:
    claimed = draw(st.booleans())
    return BudgetCost(
        harm=draw(MONEY), keeping=draw(TINY), claim=draw(st.floats(1e-6, 0.5)) if claimed else 0.0,
        claim_harm=draw(MONEY) if claimed else 0.0, claim_keeping=draw(TINY) if claimed else 0.0,
    )  # fmt: skip


@settings(deadline=None)
@given(costs())
def test_nothing_on_a_fine_grid_is_cheaper(cost: BudgetCost) -> None:
    best = float(cost.cheapest(LOW, HIGH))
    assert LOW <= best <= HIGH
    # Where a claim is served first, the cost is steep just above it.
    above = float(cost.claim) + np.geomspace(1e-9, HIGH, 2001)
    grid = np.append(GRID, above[(above >= LOW) & (above <= HIGH)])
    least = float(cost(grid).min())
    assert float(cost(best)) <= least * (1 + 1e-12)
    assert float(cost(best)) == pytest.approx(least, rel=1e-3)


@given(MONEY, TINY)
def test_without_a_claim_both_terms_are_equal_at_the_lowest(harm: float, keeping: float) -> None:
    allowed, kept = BudgetCost(harm=harm, keeping=keeping).split(np.sqrt(keeping / harm))
    assert allowed == pytest.approx(kept, rel=1e-9)


@given(costs(), st.floats(LOW, HIGH))
def test_a_budget_costs_what_its_two_parts_do(cost: BudgetCost, budget: float) -> None:
    first = float(cost.taken(budget))
    by_hand = cost.harm * (budget - first) + cost.keeping / (budget - first)
    if cost.claim:
        most = MOST_TAKEN * budget
        least = min(cost.claim, most)
        assert least <= first <= most
        p = np.linspace(least, most, 2001)
        other = cost.harm * (budget - p) + cost.keeping / (budget - p)
        other += cost.claim_harm * p + cost.claim_keeping / p
        assert float(cost(budget)) <= other.min() * (1 + 1e-9)
        by_hand += cost.claim_harm * first + cost.claim_keeping / first
    else:
        assert first == 0
    assert float(cost(budget)) == pytest.approx(by_hand, rel=1e-9)


@given(costs(), st.floats(0.01, 100))
def test_dearer_money_moves_nothing(cost: BudgetCost, factor: float) -> None:
    dearer = BudgetCost(
        harm=cost.harm * factor, keeping=cost.keeping * factor, claim=cost.claim,
        claim_harm=cost.claim_harm * factor, claim_keeping=cost.claim_keeping * factor,
    )  # fmt: skip
    best, same = float(cost.cheapest(LOW, HIGH)), float(dearer.cheapest(LOW, HIGH))
    assert float(cost(same)) == pytest.approx(float(cost(best)), rel=1e-9)


def test_many_draws_are_single_ones() -> None:
    rng = np.random.default_rng(5)
    fields = {n: rng.uniform(1, 9, 6) for n in ("harm", "keeping", "claim_harm", "claim_keeping")}
    claim = np.array([0.0, 1e-4, 0.01, 0.1, 0.5, 0.0])
    together = BudgetCost(**fields, claim=claim).cheapest(LOW, HIGH)
    for i in range(6):
        alone = BudgetCost(**{n: float(v[i]) for n, v in fields.items()}, claim=float(claim[i]))
        assert float(alone.cheapest(LOW, HIGH)) == together[i]
