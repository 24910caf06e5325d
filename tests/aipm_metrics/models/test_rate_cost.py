"""What a pair of error rates costs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.rate_cost import RateCost

SHARE = st.floats(0, 1)
USD = st.floats(0, 1e9)


@st.composite
def costs(draw: st.DrawFn) -> RateCost:
    return RateCost(
        per_miss=draw(USD), per_false=draw(USD), at_stake=draw(USD), chance=draw(SHARE),
        exposures=draw(st.floats(1, 1000)), fixed=draw(USD),
    )  # fmt: skip


# --- laws ---


@given(costs(), SHARE, SHARE)
def test_the_cost_is_what_is_fixed_and_the_sum_of_its_three_causes(
    cost: RateCost, tpr: float, fpr: float
) -> None:
    left = 1 - (1 - cost.chance * fpr) ** cost.exposures
    expected = cost.per_miss * (1 - tpr) + cost.per_false * fpr + cost.at_stake * left
    slack = 1e-6 + 1e-12 * cost.at_stake
    assert cost.moving(Rates(tpr, fpr)) == pytest.approx(expected, rel=1e-9, abs=slack)
    assert cost(Rates(tpr, fpr)) == pytest.approx(cost.fixed + expected, rel=1e-9, abs=slack)


@given(costs(), SHARE, SHARE, SHARE)
def test_catching_more_never_costs_more_and_wronging_more_never_less(
    cost: RateCost, tpr: float, low: float, high: float
) -> None:
    low, high = sorted([low, high])
    slack = 1 + 1e-12
    assert cost(Rates(high, tpr)) <= cost(Rates(low, tpr)) * slack
    assert cost(Rates(tpr, low)) <= cost(Rates(tpr, high)) * slack


@given(costs(), SHARE, SHARE, st.floats(0.01, 100))
def test_all_prices_times_k_is_k_times_the_cost(
    cost: RateCost, tpr: float, fpr: float, k: float
) -> None:
    scaled = RateCost(
        per_miss=k * cost.per_miss, per_false=k * cost.per_false, at_stake=k * cost.at_stake,
        chance=cost.chance, exposures=cost.exposures, fixed=k * cost.fixed,
    )  # fmt: skip
    rates = Rates(tpr, fpr)
    assert scaled(rates) == pytest.approx(k * cost(rates), rel=1e-9)
    assert scaled.per_unit_fpr(rates) == pytest.approx(k * cost.per_unit_fpr(rates), rel=1e-9)


@given(USD, USD, SHARE, SHARE)
def test_with_the_classes_swapped_the_same_decisions_cost_the_same(
    per_miss: float, per_false: float, tpr: float, fpr: float
) -> None:
    """A miss of one class is a false alarm of the other; nobody leaving."""
    cost = RateCost(per_miss=per_miss, per_false=per_false)
    swapped = RateCost(per_miss=per_false, per_false=per_miss)
    assert swapped(Rates(tpr=1 - fpr, fpr=1 - tpr)) == pytest.approx(
        cost(Rates(tpr, fpr)), rel=1e-9, abs=1e-6
    )


@given(costs(), SHARE, st.floats(0.01, 0.99))
def test_the_extra_cost_per_unit_of_fpr_is_the_slope(
    cost: RateCost, tpr: float, fpr: float
) -> None:
    step = 1e-7
    above, below = (cost.moving(Rates(tpr, fpr + s)) for s in (step, -step))
    slope = cost.per_unit_fpr(Rates(tpr, fpr))
    assert slope >= 0
    scale = cost.per_miss + cost.per_false + cost.at_stake * max(1.0, cost.exposures)
    assert slope == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-6 * scale)


# --- limits ---


def test_deciding_everything_rightly_costs_nothing() -> None:
    cost = RateCost(per_miss=7, per_false=5, at_stake=11, chance=0.5, exposures=3)
    assert cost(Rates(tpr=1.0, fpr=0.0)) == 0
    assert cost(Rates(tpr=0.0, fpr=1.0)) == 7 + 5 + 11 * 7 / 8


def test_rates_in_arrays_cost_in_arrays() -> None:
    cost = RateCost(per_miss=100, per_false=10)
    rates = Rates(np.array([0.0, 0.5]), np.array([0.0, 1.0]))
    assert cost(rates).tolist() == [100, 60]
