"""A person's own hours: counted exactly, whatever the buffer, and refused in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import RowsError
from aipm_metrics.models.forecast_errors import error_table
from aipm_metrics.models.forecast_hours import CountedForecast, ForecastHours

SEEDS = st.integers(0, 10**6)


def drawn(seed: int) -> CountedForecast:
    rng = np.random.default_rng(seed)
    h = int(rng.integers(2, 60))
    actual, forecast = rng.poisson(3, h).astype(float), rng.gamma(2, 2, h).round(1)
    actual[0], forecast[0] = 1.0, 1.0  # something is asked for, and something forecast
    return CountedForecast(actual, forecast)


@settings(deadline=None)
@given(SEEDS)
def test_every_buffer_is_counted_as_the_long_way_counts_it(seed: int) -> None:
    hours = drawn(seed)
    for buffer in (-0.9, -0.31, 0.0, 0.17, 2.9):
        stock = hours.forecast * (1 + buffer)
        assert hours.sent(buffer) == pytest.approx(stock.mean())
        assert hours.short(buffer) == pytest.approx(
            np.maximum(hours.actual - stock, 0).mean(), abs=1e-9
        )
        assert hours.enough(buffer) == pytest.approx((hours.actual <= stock + 1e-9).mean())


@settings(deadline=None)
@given(SEEDS, st.floats(0.05, 0.95))
def test_no_other_buffer_is_cheaper(seed: int, share: float) -> None:
    hours = drawn(seed)
    best = float(hours.buffer_for(share))
    others = np.append(np.linspace(-1, 5, 60), hours.ratios[np.isfinite(hours.ratios)] - 1)
    cost = _cost(hours, share, others)
    assert (cost >= _cost(hours, share, np.array([best])) - 1e-9).all()


def _cost(hours: CountedForecast, share: float, buffers: np.ndarray) -> np.ndarray:
    short = hours.short(buffers)
    cost = share * short + (1 - share) * (hours.sent(buffers) - hours.rides + short)
    return np.asarray(cost)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.sampled_from(["mae", "rmse", "mape", "pinball"]))
def test_the_measure_that_asks_for_a_buffer_likes_no_other_better(seed: int, measure: str) -> None:
    hours = drawn(seed)
    best = hours.wished(measure, 0.3)

    def loss(buffer: float) -> float:
        told = error_table(hours.actual, hours.forecast * (1 + buffer), 0.7, 0.3, "leave out")
        return float(getattr(told, measure)[0])

    for other in np.linspace(-0.9, 3, 40):
        assert loss(float(other)) >= loss(best) - 1e-9


def test_a_link_knows_hours_by_their_numbers() -> None:
    hours = ForecastHours.of([8, 13], [10, 10], [9, 12])
    assert hours.fingerprint == ForecastHours.of([8, 13], [10, 10], [9, 12]).fingerprint
    assert hours.fingerprint != ForecastHours.of([8, 13], [10, 10], [9, 12.5]).fingerprint
    assert ForecastHours.of([8, 13], [10, 10]).new.forecast.tolist() == [10, 10]


@pytest.mark.parametrize(
    ("actual", "old", "new", "said"),
    [
        ([1, -2], [1, 2], [1, 2], "Actual must be at least 0 and finite in every hour; got -2"),
        ([1, 2], [1, np.inf], [1, 2], "The old forecast must be at least 0 and finite"),
        ([1, 2], [1, 2], [0, 0], "The new forecast is 0 in every hour"),
        ([1], [1], [1], "At least two hours"),
        ([1, 2], [1, 2, 3], [1, 2], "At least two hours with an actual and every forecast"),
    ],
)
def test_refusals(actual: list[float], old: list[float], new: list[float], said: str) -> None:
    with pytest.raises(RowsError, match=said):
        ForecastHours.of(actual, old, new)
