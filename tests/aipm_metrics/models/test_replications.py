"""Means and quantiles of simulated jobs, with their errors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.replications import Mean, job_uniforms, mean_of_jobs, quantile_of_jobs

VALUES = arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 8)),
                elements=st.floats(-1e3, 1e3, allow_subnormal=False))  # fmt: skip

# --- laws ---


@given(VALUES)
def test_with_equal_counts_it_is_the_mean_of_means_and_its_usual_error(values: np.ndarray) -> None:
    found, means = mean_of_jobs(values), values.mean(axis=1)
    assert found.value == pytest.approx(means.mean(), rel=1e-9, abs=1e-9)
    assert found.error == pytest.approx(stats.sem(means), rel=1e-9, abs=1e-9)
    assert (found.jobs, found.replications) == (values.size, values.shape[0])


@given(VALUES, st.floats(0.1, 10), st.floats(-100, 100))
def test_another_unit_changes_the_mean_and_its_error_alike(
    values: np.ndarray, unit: float, shift: float
) -> None:
    counted = values > np.median(values) - 1
    once, again = mean_of_jobs(values, counted), mean_of_jobs(values * unit + shift, counted)
    assert again.value == pytest.approx(once.value * unit + shift, rel=1e-9, abs=1e-8)
    assert again.error == pytest.approx(once.error * unit, rel=1e-6, abs=1e-6)


@given(VALUES)
def test_the_order_of_jobs_and_replications_does_not_matter(values: np.ndarray) -> None:
    turned = values[::-1, ::-1]
    assert mean_of_jobs(turned).error == pytest.approx(mean_of_jobs(values).error, abs=1e-8)
    assert quantile_of_jobs(turned, 0.9).value == quantile_of_jobs(values, 0.9).value


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_the_least_value_that_so_many_do_not_exceed(
    values: np.ndarray, share: float
) -> None:
    q = quantile_of_jobs(values, share)
    assert q.low <= q.value <= q.high
    assert (values <= q.value).mean() >= share - 1e-9
    assert (values < q.value).mean() < share + 1e-9 or q.value == values.min()


def test_missing_jobs_are_not_counted() -> None:
    values = [[1.0, 2.0, math.nan], [4.0, math.nan, math.nan]]
    assert mean_of_jobs(values).value == pytest.approx(7 / 3)
    assert mean_of_jobs(values, [[True, False, False], [True, False, False]]).value == 2.5
    assert quantile_of_jobs(values, 0.5).value == 2


@given(st.integers(0, 99), st.integers(1, 5), st.integers(0, 20), st.integers(0, 20))
def test_more_jobs_keep_the_draws_of_those_there_were(seed: int, s: int, n: int, more: int) -> None:
    few, many = (job_uniforms(np.random.default_rng(seed), s, jobs) for jobs in (n, n + more))
    assert few.shape == (s, n)
    assert (many[:, :n] == few).all()
    assert np.unique(many).size == many.size


# --- limits ---


def test_what_cannot_be_known_is_not_a_number() -> None:
    alone = mean_of_jobs([[1.0, 3.0]])
    assert alone.value == 2
    assert math.isnan(alone.error)
    nobody = mean_of_jobs([[math.nan], [math.nan]])
    assert math.isnan(nobody.value)
    assert nobody.jobs == 0
    assert math.isnan(quantile_of_jobs([[math.nan]], 0.5).value)
    assert math.isnan(quantile_of_jobs([[1.0, 2.0]], 0.5).low)


def test_who_waits_without_end_makes_the_mean_so_and_not_the_median() -> None:
    values = [[0.0, 1.0, math.inf]] * 3
    found = mean_of_jobs(values)
    assert found.value == math.inf
    assert math.isnan(found.error)
    assert quantile_of_jobs(values, 0.5).value == 1
    assert quantile_of_jobs(values, 1.0).value == math.inf


# --- random ---


def test_errors_cover_the_truth_as_often_as_they_say() -> None:
    """Jobs of a replication share a common shift, and counts differ: 2,000 simulations of 60."""
    rng = np.random.default_rng(11)
    runs, s, n = 2000, 60, 8
    values = rng.normal(size=(runs, s, 1)) + rng.exponential(1, (runs, s, n))
    counted = rng.random((runs, s, n)) < 0.7
    found = [mean_of_jobs(v, c) for v, c in zip(values, counted, strict=True)]
    inside = sum(abs(f.value - 1) <= 1.96 * f.error for f in found) / runs
    assert abs(inside - 0.95) < 4 * math.sqrt(0.95 * 0.05 / runs) + 0.01  # 60 are not many
    medians = [quantile_of_jobs(v, 0.5, c) for v, c in zip(values, counted, strict=True)]
    truth = np.median(rng.normal(size=2_000_000) + rng.exponential(1, 2_000_000))
    inside = sum(q.low <= truth <= q.high for q in medians) / runs
    assert abs(inside - 0.954) < 4 * math.sqrt(0.954 * 0.046 / runs) + 0.01


# --- refusals ---


def test_shapes_must_fit() -> None:
    for values, counted in (([1.0, 2.0], None), ([[1.0, 2.0]], [[True]])):
        with pytest.raises(MetricsError, match=r"`values` and `counted` must have one shape"):
            mean_of_jobs(values, counted)
        with pytest.raises(MetricsError, match=r"`values` and `counted` must have one shape"):
            quantile_of_jobs(values, 0.5, counted)
    with pytest.raises(OutOfRangeError, match=r"`probability` must lie in \[0, 1\]"):
        quantile_of_jobs([[1.0]], 1.5)
    assert mean_of_jobs([[True, False]] * 4) == Mean(0.5, 0.0, 8, 4)
