"""Caps on what is spent: the formula of the overshoot against the meter played out."""

from __future__ import annotations

import numpy as np
import pytest

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.pricing import cap_overshoot
from aipm_metrics.models.spend_caps import hourly_bound, hours_to_cap, simulated_overshoot


@pytest.mark.parametrize(
    ("cost", "rate", "lag", "latency", "calls"),
    [(0.10, 200 / 60, 0, 5, 600), (0.10, 200 / 60, 60, 5, 3000), (0.02, 50, 10, 3, 7000)],
)
def test_the_formula_is_what_happens_on_average(
    cost: float, rate: float, lag: float, latency: float, calls: int
) -> None:
    rng = np.random.default_rng(20261125)
    beyond = simulated_overshoot(calls * cost, cost, rate, lag, latency, 400, rng)
    error = beyond.std(ddof=1) / np.sqrt(beyond.size)
    assert 0 < error < 0.05 * beyond.mean()
    assert abs(beyond.mean() - cap_overshoot(cost, rate, lag, latency)) < 4 * error


def test_whatever_the_meter_lets_through_is_at_least_the_cap() -> None:
    beyond = simulated_overshoot(100, 0.7, 2, 3, 1, 50, np.random.default_rng(2))
    assert (beyond >= 0).all()
    assert np.allclose((beyond + 100) / 0.7, np.round((beyond + 100) / 0.7))


def test_a_cap_that_is_reached_at_once_is_refused() -> None:
    with pytest.raises(MetricsError, match="`cap` must be at least 300 USD"):
        simulated_overshoot(200, 1, 1, 25, 5, 2, np.random.default_rng(1))


def test_a_loop_reaches_its_cap_when_the_money_is_gone() -> None:
    assert hours_to_cap([100, 100], [50, 0]).tolist() == [2, np.inf]
    # Ten cents a call and 200 calls a minute are 4,800 USD in four hours.
    assert hourly_bound(0.10, 200) * 4 == pytest.approx(4800)
    assert hours_to_cap(4800, hourly_bound(0.10, 200)) == pytest.approx(4)
