"""Measures of error: by hand, against scikit-learn, against a sample, and what each rewards."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_pinball_loss,
    root_mean_squared_error,
)

from aipm_metrics.errors import MetricsError
from aipm_metrics.models import forecast_errors
from aipm_metrics.models.demand_laws import LAWS, Demand, demand
from aipm_metrics.models.expected_errors import expected_errors, wished_stock
from aipm_metrics.models.forecast_errors import error_table

ACTUAL = [20, 40, 100, 120, 30, 90]
HIGH = [30, 50, 110, 130, 38, 100]
LOW = [18, 36, 92, 110, 27, 82]


def law_of(law: str, mean: float, spread: float) -> Demand:
    sd = {"poisson": None, "negative binomial": np.sqrt(mean + (spread * mean) ** 2)}
    return demand(law, mean, sd.get(law, spread * mean))


# --- by hand ---


def test_every_measure_is_better_and_the_cost_is_72_percent_higher() -> None:
    found = error_table(ACTUAL, [HIGH, LOW], 3.5, 10, "refuse")
    assert found.mae == pytest.approx([58 / 6, 35 / 6])
    assert found.rmse == pytest.approx([np.sqrt(564 / 6), np.sqrt(257 / 6)])
    assert found.mape == pytest.approx([0.21852, 0.09204], abs=5e-6)
    assert found.wape == pytest.approx([58 / 400, 35 / 400])
    assert found.bias == pytest.approx([58 / 6, -35 / 6])
    assert found.cost * 6 == pytest.approx([203, 350])
    assert found.cost[1] / found.cost[0] - 1 == pytest.approx(0.724, abs=5e-4)
    assert found.smape[1] < found.smape[0]


def test_error_is_forecast_minus_actual_and_the_docstring_says_so() -> None:
    assert "Error is forecast minus actual." in " ".join((forecast_errors.__doc__ or "").split())
    assert error_table([10], [12], 1, 1, "refuse").bias[0] == 2  # over-forecast: too many
    assert error_table([10], [8], 1, 1, "refuse").bias[0] == -2
    over = error_table([10], [12], 3, 100, "refuse")
    assert over.cost[0] == 6  # so cost_over prices a positive error


def test_three_hours_by_hand() -> None:
    found = error_table([10, 20, 30], [12, 18, 33], 1, 4, "refuse")
    assert found.pinball[0] == pytest.approx(0.8666667, abs=5e-8)  # (0.4 + 1.6 + 0.6) / 3
    assert found.cost[0] == pytest.approx(13 / 3)
    assert found.cost[0] == pytest.approx(5 * found.pinball[0])
    assert error_table([10, 20, 30], [12, 18, 33], 1, 1, "refuse").pinball[0] == pytest.approx(
        7 / 6
    )


def test_ape_is_harder_on_high_forecasts() -> None:
    assert error_table([10], [8], 1, 1, "refuse").mape[0] == pytest.approx(0.2)
    assert error_table([8], [10], 1, 1, "refuse").mape[0] == pytest.approx(0.25)
    # A fair coin of 1 and 3: forecasting 1 is the best by MAPE, though the mean is 2.
    coin = error_table([1, 3], [[f, f] for f in (1, 1.5, 2, 3)], 1, 1, "refuse")
    assert coin.mape == pytest.approx([1 / 3, 1 / 2, 2 / 3, 1.0])


def test_what_is_done_with_hours_of_nought_is_said_with_their_number() -> None:
    actual, forecast = [0, 0, 100, 100], [[50, 50, 90, 80], [0, 0, 90, 80]]
    out = error_table(actual, forecast, 1, 1, "leave out")
    assert out.mape == pytest.approx([0.15, 0.15])  # over-forecasting empty hours is free
    assert (out.zeros, out.left_out, out.zero_policy) == (2, 2, "leave out")
    one = error_table(actual, forecast, 1, 1, "count as one")
    assert one.mape == pytest.approx([(50 + 50 + 0.1 + 0.2) / 4, 0.3 / 4])
    assert (one.zeros, one.left_out) == (2, 0)
    assert out.smape[0] == one.smape[0]  # defined where the forecast is not nought
    assert out.smape[1] == pytest.approx(2 * one.smape[1])
    with pytest.raises(MetricsError, match="2 of 4 hours are 0"):
        error_table(actual, forecast, 1, 1, "refuse")
    none = error_table([0, 0], [[0, 0]], 1, 1, "leave out")
    assert np.isnan([none.mape[0], none.smape[0], none.wape[0]]).all()
    assert np.isnan(error_table([1], [2], 0, 0, "refuse").pinball[0])


# --- another library ---


@settings(deadline=None)
@given(seed=st.integers(0, 10**6))
def test_scikit_learn_agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    h, m = int(rng.integers(1, 60)), int(rng.integers(1, 4))
    y, f = rng.gamma(2, 20, h) + 1e-3, rng.gamma(2, 20, (m, h))
    over, under = rng.uniform(0.1, 10, 2)
    found = error_table(y, f, over, under, "refuse")
    for i in range(m):
        assert found.mae[i] == pytest.approx(mean_absolute_error(y, f[i]), rel=1e-9)
        assert found.rmse[i] == pytest.approx(root_mean_squared_error(y, f[i]), rel=1e-9)
        assert found.mape[i] == pytest.approx(mean_absolute_percentage_error(y, f[i]), rel=1e-9)
        pinball = mean_pinball_loss(y, f[i], alpha=found.quantile)
        assert found.pinball[i] == pytest.approx(pinball, rel=1e-9)
        assert found.cost[i] == pytest.approx((over + under) * pinball, rel=1e-9)


# --- expected errors ---


@pytest.mark.parametrize(
    ("forecast", "mape", "cost"),
    [(69.7676326, 0.451494, 226.6047), (100, 0.540536, 164.7166), (119.7217, 0.669869, 141.1656),
     (165.694, 1.087332, 122.4375)],
)  # fmt: skip
def test_a_lognormal_demand_whose_best_mape_costs_most(
    forecast: float, mape: float, cost: float
) -> None:
    """Logarithm of demand: mean ln 100, standard deviation 0.6; checked by a simulation of 10^6."""
    mean = 100 * np.exp(0.18)
    of = demand("lognormal", mean, mean * np.sqrt(np.expm1(0.36)))
    found = expected_errors(of, forecast, 0.8, "leave out")
    assert found.mape == pytest.approx(mape, abs=6e-7)
    assert 5 * found.pinball == pytest.approx(cost, abs=6e-5)
    assert wished_stock(of, "mape", 0.8) == pytest.approx(100 * np.exp(-0.36), rel=1e-12)
    assert wished_stock(of, "pinball", 0.8) == pytest.approx(165.694, abs=6e-4)


MEASURES = ("mae", "rmse", "bias", "wape", "mape", "smape", "pinball")


@pytest.mark.parametrize("policy", ["leave out", "count as one"])
@pytest.mark.parametrize("law", LAWS)
def test_a_large_sample_has_the_errors_that_are_expected(law: str, policy: str) -> None:
    rng, n, batches = np.random.default_rng(7), 10_000, 25
    of = law_of(law, 5, 0.45)
    said = expected_errors(of, 6.0, 0.3, policy)  # type: ignore[arg-type]
    tables = [
        error_table(
            np.maximum(of.quantile(rng.random(n)), 0), np.full((1, n), 6.0), 0.7, 0.3,
            policy,  # type: ignore[arg-type]
        )
        for _ in range(batches)
    ]  # fmt: skip
    for name in MEASURES:
        if law == "normal" and name == "mape":
            assert np.isnan(said.mape)
            continue
        each = np.array([float(getattr(t, name)[0]) for t in tables])
        error = each.std(ddof=1) / np.sqrt(batches)
        assert getattr(said, name) == pytest.approx(each.mean(), abs=4 * error), name
    zeros = sum(t.zeros for t in tables) / (n * batches)
    p = said.no_demand
    assert p == pytest.approx(zeros, abs=4 * np.sqrt(p * (1 - p) / (n * batches)))


@settings(max_examples=40, deadline=None)
@given(
    law=st.sampled_from(LAWS), mean=st.floats(2, 300), spread=st.floats(0.1, 1.2),
    share=st.floats(0.05, 0.95), measure=st.sampled_from(["mae", "rmse", "mape", "pinball"]),
)  # fmt: skip
def test_no_other_forecast_is_better_by_the_measure_that_asks_for_it(
    law: str, mean: float, spread: float, share: float, measure: str
) -> None:
    of = law_of(law, mean, spread)
    best = wished_stock(of, measure, share)
    if np.isnan(best):
        assert (law, measure) == ("normal", "mape")
        return
    assume(best > 0)
    least = getattr(expected_errors(of, best, share, "leave out"), measure)
    for other in best * np.array([0.7, 0.95, 1.05, 1.4]):
        found = getattr(expected_errors(of, float(other), share, "leave out"), measure)
        assert found >= least - 1e-9 * max(least, 1)


@pytest.mark.parametrize("law", LAWS)
def test_the_least_smape_beats_a_fine_grid(law: str) -> None:
    of = law_of(law, 20, 0.5)
    best = wished_stock(of, "smape", 0.5)
    grid = of.quantile(np.linspace(0.03, 0.97, 41))
    losses = [expected_errors(of, float(f), 0.5, "leave out").smape for f in grid if f > 0]
    assert expected_errors(of, best, 0.5, "leave out").smape <= min(losses) + 1e-9


@pytest.mark.parametrize(
    ("actual", "forecast", "said"),
    [
        ([-1.0], [1.0], "`actual` must lie in"),
        ([1.0], [np.nan], "`forecasts` must lie in"),
        ([], [[]], "`actual` must be one row of at least one hour"),
        ([1.0, 2.0], [[1.0]], "`forecasts` must be rows of 2 hours each"),
    ],
)
def test_refusals(actual: list[float], forecast: list[float], said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        error_table(actual, forecast, 1, 1, "leave out")


def test_an_unknown_policy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(MetricsError, match="`zero_policy` must be one of leave out, count as one"):
        error_table([1], [1], 1, 1, "drop")  # type: ignore[arg-type]
