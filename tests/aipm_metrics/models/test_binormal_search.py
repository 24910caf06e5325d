"""The best cutoff on two bell curves."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.binormal_search import (
    cutoff_at_recall,
    cutoffs_within,
    highest_f1_cutoff,
    lowest_cost_cutoff,
)
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.reported_score import ReportedScore

SEPARATION = st.floats(0.3, 5)
USD = st.floats(0.01, 100)
SHARE = st.floats(0.001, 0.5)

# --- laws ---


@given(SEPARATION, st.floats(0.02, 50))
def test_a_linear_cost_is_lowest_at_the_likelihood_ratio_of_the_prices(
    d: float, ratio: float
) -> None:
    """Green & Swets (1966), ch. 1: x = d/2 + ln(per_false / per_miss) / d."""
    assume(abs(np.log(ratio) / d) < 5)
    cost = RateCost(per_miss=1.0, per_false=ratio)
    x = lowest_cost_cutoff(Binormal(d), cost)
    expected = d / 2 + np.log(ratio) / d
    ends = cost(Binormal(d).rates(np.array([-np.inf, np.inf]))).min()
    if cost(Binormal(d).rates(expected)) < ends * (1 - 1e-9):
        assert x == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(SEPARATION, USD, USD, st.floats(0.01, 0.99))
def test_with_the_classes_swapped_the_best_threshold_is_the_other_chance_at_the_same_cost(
    d: float, per_miss: float, per_false: float, prevalence: float
) -> None:
    model = Binormal(d)
    cost = RateCost(per_miss=prevalence * per_miss, per_false=(1 - prevalence) * per_false)
    swapped = RateCost(per_miss=cost.per_false, per_false=cost.per_miss)
    one = ReportedScore(model, prevalence).cheapest(cost)
    other = ReportedScore(model, 1 - prevalence).cheapest(swapped)
    assert one is not None
    assert other is not None
    assert swapped(other.rates) == pytest.approx(cost(one.rates), rel=1e-9)
    if 0 < one.threshold < 1 and 0 < other.threshold < 1:
        assert other.threshold == pytest.approx(1 - one.threshold, rel=1e-6, abs=1e-9)
        assert one.threshold == pytest.approx(per_false / (per_false + per_miss), rel=1e-6)


@settings(max_examples=60)
@given(SEPARATION, USD, USD, st.floats(0, 100), SHARE, st.floats(1, 500), st.floats(-4, 6))
def test_no_other_cutoff_is_cheaper(
    d: float, miss: float, false: float, stake: float, chance: float, n: float, x: float
) -> None:
    cost = RateCost(per_miss=miss, per_false=false, at_stake=stake, chance=chance, exposures=n)
    best = cost(Binormal(d).rates(lowest_cost_cutoff(Binormal(d), cost)))
    assert best <= cost(Binormal(d).rates(x)) * (1 + 1e-9)


@settings(max_examples=60)
@given(SEPARATION, USD, USD, st.floats(-3, 3), st.floats(0.1, 3), st.floats(0, 1))
def test_within_limits_the_best_cutoff_keeps_them_and_beats_the_rest_inside(
    d: float, miss: float, false: float, low: float, width: float, place: float
) -> None:
    cost = RateCost(per_miss=miss, per_false=false, at_stake=miss, chance=0.5, exposures=100)
    x = lowest_cost_cutoff(Binormal(d), cost, low, low + width)
    assert low <= x <= low + width
    inside = low + place * width
    assert cost(Binormal(d).rates(x)) <= cost(Binormal(d).rates(inside)) * (1 + 1e-9)


@settings(max_examples=60)
@given(SEPARATION, st.floats(0, 100), st.floats(0, 100), st.floats(0, 120), st.floats(-8, 12))
def test_the_cutoffs_allowed_are_those_whose_load_fits(
    d: float, miss: float, false: float, limit: float, x: float
) -> None:
    load = RateCost(per_miss=miss, per_false=false)
    asked = float(load(Binormal(d).rates(x)))
    assume(abs(asked - limit) > 1e-9 * (1 + limit))
    allowed = cutoffs_within(Binormal(d), load, limit)
    fits = allowed is not None and allowed[0] <= x <= allowed[1]
    assert fits == (asked <= limit)


@given(SEPARATION, st.floats(0.001, 0.999))
def test_the_cutoff_of_a_recall_reaches_it_and_only_just(d: float, floor: float) -> None:
    x = cutoff_at_recall(Binormal(d), floor)
    assert Binormal(d).rates(x).tpr >= floor
    assert Binormal(d).rates(x + 1e-9).tpr < floor


@given(SEPARATION, SHARE, st.floats(-3, 8))
def test_no_other_cutoff_has_a_higher_f1(d: float, prevalence: float, x: float) -> None:
    model = Binormal(d)
    best = model.rates(highest_f1_cutoff(model, prevalence)).confusion(prevalence).f1
    assert best >= model.rates(x).confusion(prevalence).f1 * (1 - 1e-12)


@given(SEPARATION, SHARE)
def test_f1_is_highest_where_the_posterior_is_half_of_it(d: float, prevalence: float) -> None:
    """Lipton, Elkan & Naryanaswamy (2014), ECML PKDD, theorem 1."""
    model = Binormal(d)
    x = highest_f1_cutoff(model, prevalence)
    f1 = model.rates(x).confusion(prevalence).f1
    assert model.posterior(x, prevalence) == pytest.approx(f1 / 2, rel=1e-9)


# --- limits ---


def test_without_separation_all_or_nothing_is_best_and_ties_flag_nothing() -> None:
    blind = Binormal(0.0)
    assert lowest_cost_cutoff(blind, RateCost(per_miss=2, per_false=1)) == -np.inf
    assert lowest_cost_cutoff(blind, RateCost(per_miss=1, per_false=2)) == np.inf
    assert lowest_cost_cutoff(blind, RateCost(per_miss=1, per_false=1)) == np.inf
    assert highest_f1_cutoff(blind, 0.1) == -np.inf
    assert (cutoff_at_recall(blind, 0.5), cutoff_at_recall(blind, 0)) == (-np.inf, np.inf)


def test_a_load_no_cutoff_keeps_has_no_cutoffs() -> None:
    load = RateCost(per_miss=10, per_false=10)
    assert cutoffs_within(Binormal(1.0), load, 1) is None
    assert cutoffs_within(Binormal(0.0), load, 1) is None
    assert cutoffs_within(Binormal(0.0), load, 10) == (-np.inf, np.inf)
    assert cutoffs_within(Binormal(1.0), load, 10) == (-np.inf, np.inf)
    assert cutoffs_within(Binormal(0.0), RateCost(per_miss=2, per_false=1), 1) == (-np.inf,) * 2


@given(SEPARATION)
def test_a_recall_reached_at_the_mean_of_the_negatives_is_found_there(d: float) -> None:
    """Around a cutoff of 0 neighbouring floats are far closer than a recall can tell apart."""
    floor = float(Binormal(d).rates(0.0).tpr)
    assume(floor < 1 - 1e-6)
    x = cutoff_at_recall(Binormal(d), floor)
    assert Binormal(d).rates(x).tpr >= floor
    assert x == pytest.approx(0, abs=1e-8)


def test_a_slope_as_small_as_a_float_can_be_is_weighed_against_a_high_price() -> None:
    """Where all are wronged one more wrong drives 1e-320 away; over the price that is 0."""
    model = Binormal(1.0)
    cost = RateCost(per_miss=1e10, per_false=0, at_stake=1, chance=0.9, exposures=323)
    best = cost(model.rates(lowest_cost_cutoff(model, cost)))
    assert best <= cost(model.rates(-np.inf)) * (1 + 1e-12)


# --- published numbers ---


@pytest.mark.parametrize(
    ("dearer", "cutoff", "recall", "fpr", "cost"),
    [(100, 0.994975, 0.842558, 0.159874, 315.718), (10, 2.146267, 0.441855, 0.015926, 71.581),
     (1, 3.297560, 0.097219, 0.000488, 9.5106)],
)  # fmt: skip
def test_the_optimal_cutoff_for_a_ratio_of_prices(
    dearer: int, cutoff: float, recall: float, fpr: float, cost: float
) -> None:
    """d' = 2, 1 % positive, per 1,000: the ideal observer of Green & Swets (1966), ch. 1."""
    price = RateCost(per_miss=10 * dearer, per_false=990)
    x = lowest_cost_cutoff(Binormal(2.0), price)
    rates = Binormal(2.0).rates(x)
    assert round(x, 6) == pytest.approx(cutoff, abs=1.1e-6)
    assert (round(float(rates.tpr), 6), round(float(rates.fpr), 6)) == (recall, fpr)
    assert float(price(rates)) == pytest.approx(cost, abs=6e-4)
    assert Binormal(2.0).posterior(x, 0.01) == pytest.approx(1 / (1 + dearer), rel=1e-9)


def test_what_is_fixed_moves_no_cutoff_however_large() -> None:
    """A bill of 10^18 would round the rest away, were it compared with it."""
    for bill in (0.0, 1e18):
        cost = RateCost(per_miss=1, per_false=1, fixed=bill)
        assert lowest_cost_cutoff(Binormal(2.0), cost) == 1.0
