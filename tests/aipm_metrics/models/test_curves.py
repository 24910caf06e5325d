"""Points for pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.curves import (
    POINTS,
    Spacing,
    curves_of_rows,
    curves_of_score,
    place,
    value_at,
)
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.reported_score import ReportedScore

LOW, HIGH = 1e-6, 1 - 1e-6
SCORE = ReportedScore(Binormal.from_auc(0.9), 0.05)


def rows(seed: int, n: int, *, probabilities: bool) -> Empirical:
    rng = np.random.default_rng(seed)
    label = np.append([0, 1], rng.random(n) < 0.3).astype(int)
    score = np.round(rng.normal(label), 2)
    return Empirical.from_rows(1 / (1 + np.exp(-score)) if probabilities else score, label)


# --- laws ---


@given(st.lists(st.floats(LOW, HIGH), max_size=8))
def test_every_threshold_asked_for_is_among_the_points(also: list[float]) -> None:
    curves = curves_of_score(SCORE, LOW, HIGH, 0.15, also)
    assert set(also) <= set(curves.threshold.tolist())
    assert (np.diff(curves.threshold) > 0).all()
    assert (curves.threshold[0], curves.threshold[-1]) == (LOW, HIGH)


@given(st.lists(st.floats(LOW, HIGH), max_size=8))
def test_the_points_lie_on_the_scores_own_curve(also: list[float]) -> None:
    curves = curves_of_score(SCORE, LOW, HIGH, 0.15, also)
    rates = SCORE.rates(curves.threshold)
    assert curves.rates.tpr.tolist() == rates.tpr.tolist()
    assert curves.rates.fpr.tolist() == rates.fpr.tolist()


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2_000), st.booleans())
def test_points_of_rows_are_distinct_scores_and_lie_on_their_curve(
    seed: int, n: int, probabilities: bool
) -> None:
    held = rows(seed, n, probabilities=probabilities)
    curves = curves_of_rows(held, None, [])
    assert set(curves.threshold.tolist()) <= set(held.thresholds.tolist())
    assert (curves.low, curves.high) == (held.thresholds[0], held.thresholds[-1])
    assert {curves.low, curves.high} <= set(curves.threshold.tolist())
    assert curves.rates.tpr.tolist() == held.rates(curves.threshold).tpr.tolist()
    assert curves.threshold.size <= POINTS
    inside = held.thresholds[0] >= 0 and held.thresholds[-1] <= 1
    assert curves.spacing == ("log-odds" if inside else "linear")
    assert inside or not probabilities


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2_000), st.booleans())
def test_the_bins_of_each_class_hold_the_whole_class(
    seed: int, n: int, probabilities: bool
) -> None:
    held = rows(seed, n, probabilities=probabilities)
    curves = curves_of_rows(held, None, [])
    densities = curves.densities
    assert densities.binned
    places = place(held.thresholds, curves.spacing)
    width = max(places[-1] - places[0], 1e-9) / densities.at.size
    for density in (densities.negatives, densities.positives):
        assert density.sum() * width == pytest.approx(1, rel=1e-6)
        assert (density >= 0).all()


@given(st.floats(1e-6, 1 - 1e-6))
def test_a_place_on_the_axis_is_the_threshold_it_came_from(threshold: float) -> None:
    for spacing in ("log-odds", "linear"):
        kind: Spacing = "log-odds" if spacing == "log-odds" else "linear"
        back = value_at(place(threshold, kind), kind)
        assert float(back) == pytest.approx(threshold, rel=1e-9)


# --- limits ---


def test_thresholds_outside_the_limits_are_left_out() -> None:
    outside = [0.0, 1.0, np.inf, np.nan]
    plain = curves_of_score(SCORE, LOW, HIGH, 0.15, [])
    asked = curves_of_score(SCORE, LOW, HIGH, 0.15, outside)
    assert asked.threshold.tolist() == plain.threshold.tolist()


def test_certain_probabilities_are_drawn_at_the_edge() -> None:
    assert place(np.array([0.0, 1.0]), "log-odds").tolist() == pytest.approx([-13.8155, 13.8155])


def test_a_model_that_knows_nothing_has_no_densities() -> None:
    blind = curves_of_score(ReportedScore(Binormal(0.0), 0.1), LOW, HIGH, 0.1, [])
    assert np.isnan(blind.densities.negatives).all()
    assert not blind.densities.binned


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0, -40.0, 1e4])
def test_rows_with_one_distinct_score_have_one_point(score: float) -> None:
    curves = curves_of_rows(Empirical.from_rows([score] * 3, [0, 1, 1]), None, [])
    assert curves.threshold.tolist() == [score]
    assert (float(curves.rates.tpr[0]), float(curves.rates.fpr[0])) == (1, 1)
    assert np.isfinite(curves.densities.positives).all()


def test_the_strictest_scores_are_all_there_however_many_rows() -> None:
    """Where harm is rare the decision is made among the top few scores."""
    held = Empirical.from_rows(np.arange(100_000), np.arange(100_000) % 100 == 99)
    strictest = held.thresholds[-8:]
    assert set(strictest.tolist()) <= set(curves_of_rows(held, None, []).threshold.tolist())


# --- the hand's positions ---


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(-1e6, 1e6), st.booleans())
def test_a_chosen_threshold_beyond_every_score_of_the_rows_is_a_position_too(
    seed: int, chosen: float, probabilities: bool
) -> None:
    held = rows(seed, 300, probabilities=probabilities)
    curves = curves_of_rows(held, chosen, [])
    assert chosen in curves.threshold
    assert (np.diff(curves.threshold) > 0).all()
    assert set(curves.threshold.tolist()) - {chosen} <= set(held.thresholds.tolist())
    assert (curves.low, curves.high) == (held.thresholds[0], held.thresholds[-1])
    at = int(np.searchsorted(curves.threshold, chosen))
    assert float(curves.rates.tpr[at]) == float(held.rates(chosen).tpr)


def test_other_thresholds_beyond_every_score_are_no_positions() -> None:
    held = rows(1, 300, probabilities=False)
    curves = curves_of_rows(held, None, [-1e6, 1e6, np.inf, -np.inf, np.nan])
    assert curves.threshold.tolist() == curves_of_rows(held, None, []).threshold.tolist()


# --- hills ---


def mass(score: ReportedScore, curves_low: float, curves_high: float) -> list[float]:
    """Share of each class that scores between two thresholds."""
    low, high = score.rates(curves_low), score.rates(curves_high)
    return [float(low.fpr - high.fpr), float(low.tpr - high.tpr)]


@pytest.mark.parametrize("auc", [0.501, 0.505, 0.52, 0.6, 0.9, 0.96, 0.9999])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("prevalence", [1e-5, 0.01, 0.5])
def test_a_hill_has_the_area_of_its_class(
    auc: float, temperature: float, prevalence: float
) -> None:
    """However narrow: a model that knows next to nothing gives everybody nearly one score."""
    score = ReportedScore(Binormal.from_auc(auc), prevalence, temperature)
    densities = curves_of_score(score, LOW, HIGH, 0.15, []).densities
    at = place(densities.at, "log-odds")
    assert (np.diff(at) > 0).all()
    for density, share in zip(
        (densities.negatives, densities.positives), mass(score, LOW, HIGH), strict=True
    ):
        assert np.trapezoid(density, at) == pytest.approx(share, abs=0.01)
