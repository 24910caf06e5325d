"""The four thresholds somebody would defend, on both kinds of score."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.operating_points import OperatingPoint, ScoreAxis, operating_points
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.reported_score import ReportedScore

USD = st.floats(0.1, 100)


def axes(seed: int) -> list[ScoreAxis]:
    rng = np.random.default_rng(seed)
    label = np.append([0, 1], rng.random(60) < 0.4).astype(int)
    rows = Empirical.from_rows(np.round(rng.normal(label), 1), label)
    return [EmpiricalAxis(rows), ReportedScore(Binormal.from_auc(rng.uniform(0.6, 0.99)), 0.2)]


def points(
    axis: ScoreAxis, cost: RateCost, load: RateCost, limit: float, floor: float = 0.8
) -> tuple[OperatingPoint, ...]:
    return operating_points(axis, cost, load, limit=limit, floor=floor, prevalence=0.2)


# --- laws ---


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), USD, USD, st.floats(0, 100), st.floats(0, 1))
def test_every_point_keeps_its_promise(
    seed: int, miss: float, false: float, limit: float, floor: float
) -> None:
    cost, load = RateCost(per_miss=miss, per_false=false), RateCost(per_miss=20, per_false=80)
    for axis in axes(seed):
        free, fits, recalls, f1 = points(axis, cost, load, limit, floor)
        assert (free.price, free.feasible, recalls.feasible, f1.feasible) == (0, True, True, True)
        assert recalls.tpr >= floor
        assert min(recalls.price, f1.price) >= -1e-9 * free.cost
        assert f1.f1 >= max(free.f1, recalls.f1) * (1 - 1e-12)
        if fits.feasible:
            assert fits.load <= limit
            assert fits.price >= -1e-9 * free.cost
        else:
            assert fits.load > limit


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), USD, USD)
def test_cost_and_load_are_those_of_the_rates_told(seed: int, miss: float, false: float) -> None:
    cost, load = RateCost(per_miss=miss, per_false=false), RateCost(per_miss=2, per_false=8)
    for axis in axes(seed):
        for point in points(axis, cost, load, 100.0):
            expected = (1 - point.tpr, point.fpr)
            assert point.cost == pytest.approx(miss * expected[0] + false * expected[1], rel=1e-9)
            assert point.load == pytest.approx(2 * expected[0] + 8 * expected[1], rel=1e-9)
            caught, wronged = 0.2 * point.tpr, 0.8 * point.fpr
            assert point.f1 == pytest.approx(2 * caught / (caught + wronged + 0.2), rel=1e-9)


# --- limits ---


@pytest.mark.parametrize("axis", axes(1), ids=["rows", "simulated"])
def test_a_limit_that_binds_nothing_prices_nothing(axis: ScoreAxis) -> None:
    cost = RateCost(per_miss=5, per_false=3)
    free, fits, recalls, _ = points(axis, cost, cost, np.inf, floor=0)
    assert (fits.threshold, recalls.threshold) == (free.threshold, free.threshold)
    assert (fits.price, recalls.price) == (0, 0)


@pytest.mark.parametrize("axis", axes(1), ids=["rows", "simulated"])
def test_with_nothing_flagged_precision_is_undefined(axis: ScoreAxis) -> None:
    free = points(axis, RateCost(per_miss=0, per_false=1), RateCost(per_miss=0, per_false=1), 1)[0]
    assert free.threshold == np.inf
    assert np.isnan(free.precision)
    assert (free.tpr, free.fpr, free.f1) == (0, 0, 0)


# --- refusals ---


@pytest.mark.parametrize("axis", axes(1), ids=["rows", "simulated"])
def test_what_is_not_feasible_has_no_numbers_but_the_least_load(axis: ScoreAxis) -> None:
    load = RateCost(per_miss=10, per_false=10)
    fits = points(axis, load, load, 0.5)[1]
    assert not fits.feasible
    told = [fits.threshold, fits.cost, fits.price, fits.tpr, fits.fpr, fits.precision, fits.f1]
    assert np.isnan(told).all()
    lightest = axis.cheapest(load)
    assert lightest is not None
    assert fits.load == pytest.approx(float(load(lightest.rates)), rel=1e-12)
    assert fits.load > 0.5
