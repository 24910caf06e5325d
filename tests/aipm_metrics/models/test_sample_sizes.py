"""How many requests a claim takes: MLPerf's own numbers, and the binomial itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.sample_sizes import for_margin, with_failures, without_failure


@pytest.mark.parametrize(
    ("good", "margin", "n"),
    [(0.90, 0.005, 23_886), (0.95, 0.0025, 50_425), (0.97, 0.0015, 85_811),
     (0.99, 0.0005, 262_742)],
    ids=lambda v: f"MLPerf Inference rules, queries for a tail-latency percentile: {v}",
)  # fmt: skip
def test_sizes_for_a_margin(good: float, margin: float, n: int) -> None:
    assert for_margin(good, margin) == n


@pytest.mark.parametrize(
    ("good", "failures", "n"),
    [(0.9, 0, 44), (0.9, 1, 64), (0.9, 2, 81), (0.9, 5, 127), (0.9, 10, 197),
     (0.95, 0, 90), (0.95, 1, 130), (0.95, 2, 165), (0.95, 5, 259), (0.95, 10, 398),
     (0.99, 0, 459), (0.99, 1, 662), (0.99, 2, 838), (0.99, 5, 1307), (0.99, 10, 2010)],
    ids=lambda v: f"MLPerf Inference rules, early stopping at 99 %: {v}",
)  # fmt: skip
def test_sizes_with_failures(good: float, failures: int, n: int) -> None:
    assert with_failures(failures, good) == n


@settings(deadline=None, max_examples=60)
@given(st.floats(0.2, 0.995), st.integers(0, 8), st.floats(0.5, 0.999))
def test_it_is_the_least_number_the_binomial_allows(
    good: float, failures: int, confidence: float
) -> None:
    n = with_failures(failures, good, confidence)
    # The chance of so few failures or fewer, if the share were just `good`.
    assert binom.cdf(failures, n, 1 - good) <= 1 - confidence + 1e-9
    if n - 1 > failures:
        assert binom.cdf(failures, n - 1, 1 - good) > 1 - confidence - 1e-9


@given(st.floats(0.01, 0.9999), st.floats(0.5, 0.999))
def test_without_failure_is_the_case_of_none(good: float, confidence: float) -> None:
    assert abs(without_failure(good, confidence) - with_failures(0, good, confidence)) <= 1


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`good` must lie between 0 and 1"):
        without_failure(1.0)
    with pytest.raises(MetricsError, match="`confidence` must lie between 0 and 1"):
        with_failures(0, 0.9, 1.0)
    with pytest.raises(MetricsError, match="`failures` must be at least 0; got -1"):
        with_failures(-1, 0.9)
