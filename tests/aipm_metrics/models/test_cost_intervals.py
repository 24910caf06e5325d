"""Cost per row against the rows themselves, its laws, and how often its interval is right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.cost_intervals import cost_difference, cost_per_row

counts = st.integers(0, 500)
prices = st.floats(0.01, 1e6)


@given(counts, counts, counts, prices, prices)
def test_it_is_the_mean_of_the_rows_with_its_standard_error(
    fn: int, fp: int, right: int, miss: float, false: float
) -> None:
    rows = np.repeat([miss, false, 0.0], [fn, fp, right])
    found = cost_per_row(fn, fp, rows.size, cost_fn=miss, cost_fp=false)
    if rows.size == 0:
        assert found.status == "undefined"
        return
    assert found.value == pytest.approx(rows.mean(), rel=1e-9)
    scale = max(miss, false)
    assert found.error == pytest.approx(rows.std() / np.sqrt(rows.size), rel=1e-6, abs=1e-7 * scale)
    assert 0 <= found.low <= found.value <= found.high
    assert found.errors <= fn + fp + 1e-6


@given(st.integers(1, 500), counts, counts, prices, prices, st.floats(0.01, 100))
def test_it_does_not_hang_on_the_currency(
    fn: int, fp: int, right: int, miss: float, false: float, rate: float
) -> None:
    n = fn + fp + right
    one = cost_per_row(fn, fp, n, cost_fn=miss, cost_fp=false)
    other = cost_per_row(fn, fp, n, cost_fn=rate * miss, cost_fp=rate * false)
    assert other.value == pytest.approx(rate * one.value, rel=1e-9)
    assert other.errors == pytest.approx(one.errors, rel=1e-9)


def test_few_dear_misses_among_many_alarms_are_too_few() -> None:
    assert cost_per_row(9, 0, 1000, cost_fn=100, cost_fp=1).status == "too few"
    assert cost_per_row(5, 500, 5000, cost_fn=1000, cost_fp=1).status == "too few"
    assert cost_per_row(5, 500, 5000, cost_fn=1, cost_fp=1).status == "said"
    assert cost_per_row(0, 0, 50, cost_fn=1, cost_fp=1).status == "too few"


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng, n, draws = np.random.default_rng(3), 2000, 2000
    fn, fp, _ = rng.multinomial(n, [0.05, 0.2, 0.75], draws).T
    truth = 20 * 0.05 + 3 * 0.2
    found = [cost_per_row(int(a), int(b), n, cost_fn=20, cost_fp=3)
             for a, b in zip(fn, fp, strict=True)]  # fmt: skip
    held = np.mean([each.low <= truth <= each.high for each in found])
    assert held == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / draws) + 0.003)


def test_a_difference_is_that_of_two_independent_means() -> None:
    one = cost_per_row(80, 300, 2000, cost_fn=20, cost_fp=3)
    other = cost_per_row(40, 200, 1500, cost_fn=20, cost_fp=3)
    found = cost_difference(one, other)
    assert found.value == pytest.approx(one.value - other.value)
    width = norm.ppf(0.975) * np.hypot(one.error, other.error)
    assert (found.low, found.high) == pytest.approx((found.value - width, found.value + width))
    assert cost_difference(other, one).value == pytest.approx(-found.value)


def test_more_errors_than_rows_are_refused() -> None:
    with pytest.raises(MetricsError, match=r"must lie in \[0, 5\]"):
        cost_per_row(3, 3, 5, cost_fn=1, cost_fp=1)
