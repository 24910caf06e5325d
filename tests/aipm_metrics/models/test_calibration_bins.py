"""Reliability from counts: row by row, scikit-learn's curve, what a perfect score shows."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.calibration_bins import (
    CalibrationBins,
    calibration_bins,
    log_odds_edges,
    mean_deviation,
)
from aipm_metrics.models.empirical import Empirical

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12).filter(
    lambda rows: any(p + n for p, n in rows)
)


def of_rows(score: object, label: object, **options: object) -> CalibrationBins:
    rows = Empirical.from_rows(score, label)  # type: ignore[arg-type]
    return calibration_bins(
        rows.thresholds, rows.positives_at, rows.negatives_at, **options  # type: ignore[arg-type]
    )  # fmt: skip


# --- laws ---


@given(COUNTS, st.integers(1, 8))
def test_every_row_is_in_one_bin_and_the_gap_is_that_of_its_rows(
    rows: list[tuple[int, int]], bins: int
) -> None:
    at_pos, at_neg = np.array(rows).T
    score = (np.arange(len(rows)) + 0.5) / len(rows)
    found = calibration_bins(score, at_pos, at_neg, bins=bins)
    n = at_pos.sum() + at_neg.sum()
    assert found.rows.sum() == n
    assert found.observed.trials.tolist() == found.rows.tolist()
    assert found.rows.size <= bins
    assert (found.rows > 0).all()
    assert found.expected_positives == pytest.approx(score @ (at_pos + at_neg))
    assert found.observed_positives == at_pos.sum()
    gap = 0.0
    for low, high in zip(found.low, found.high, strict=True):
        inside = (score >= low) & (score <= high)
        p, both = at_pos[inside].sum(), (at_pos + at_neg)[inside].sum()
        gap += abs(p - score[inside] @ (at_pos + at_neg)[inside]) / n
        assert both > 0
    assert found.expected_calibration_error == pytest.approx(gap, abs=1e-12)


@given(COUNTS, st.integers(1, 8))
def test_bins_hold_about_as_many_rows_but_for_the_score_they_share(
    rows: list[tuple[int, int]], bins: int
) -> None:
    at_pos, at_neg = np.array(rows).T
    found = calibration_bins(np.arange(len(rows)), at_pos, at_neg, bins=bins)
    largest = (at_pos + at_neg).max()
    assert found.rows.max() <= found.rows.sum() / bins + largest


def test_groups_share_the_bins_and_each_has_its_own_share() -> None:
    rng = np.random.default_rng(6)
    score, counts = np.sort(rng.random(40)), rng.integers(0, 5, (2, 3, 40))
    counts[:, 2] = 0
    found = calibration_bins(score, *counts, bins=5)
    assert found.rows.shape == found.mean_score.shape == (3, 5)
    edges = found.low[1:]
    for i in range(2):
        alone = calibration_bins(score, counts[0, i], counts[1, i], edges=edges)
        assert found.rows[i].tolist() == alone.rows.tolist()
        assert found.mean_score[i] == pytest.approx(alone.mean_score)
        assert found.expected_calibration_error[i] == pytest.approx(
            alone.expected_calibration_error
        )
        assert found.gap_by_chance[i] == pytest.approx(alone.gap_by_chance)
    assert np.isnan(found.mean_score[2]).all()
    assert np.isnan([found.expected_calibration_error[2], found.gap_by_chance[2]]).all()
    assert (found.observed.status[2] == "undefined").all()


@given(st.integers(0, 40), st.sampled_from([0.0, 0.01, 0.25, 0.5, 0.8, 1.0]))
def test_de_moivres_mean_deviation_is_the_sum_over_all_outcomes(n: int, p: float) -> None:
    exact, q = Fraction(0), Fraction(p)
    for k in range(n + 1 if n else 0):
        exact += comb(n, k) * q**k * (1 - q) ** (n - k) * abs(Fraction(k, n) - q)
    assert mean_deviation(n, p) == pytest.approx(float(exact), abs=1e-12)


# --- limits ---


@pytest.mark.parametrize("beyond", [-0.1, 1.1])
def test_scores_that_are_no_probabilities_have_shares_but_no_gap(beyond: float) -> None:
    score = sorted([0.5, beyond])
    found = calibration_bins(score, [1, 3], [4, 2], bins=2)
    assert not found.probabilities
    assert found.observed.value.tolist() == [0.2, 0.6]
    assert np.isnan(
        [found.expected_calibration_error, found.gap_by_chance, found.expected_positives]
    ).all()


def test_a_score_nobody_has_does_not_make_the_others_improbable() -> None:
    assert calibration_bins([0.2, 0.4, 7.0], [1, 1, 0], [1, 1, 0]).probabilities


def test_a_score_shared_by_all_is_one_bin() -> None:
    found = calibration_bins([0.0, 0.3, 1.0], [0, 30, 0], [0, 70, 0], bins=10)
    assert found.low.tolist() == found.high.tolist() == [0.3]
    assert found.rows.tolist() == [100]
    assert found.expected_calibration_error == pytest.approx(0, abs=1e-12)
    assert found.gap_by_chance == pytest.approx(np.sqrt(2 * 0.3 * 0.7 / np.pi / 100), rel=0.01)


def test_edges_belong_to_the_bin_above_and_empty_bins_are_left_out() -> None:
    found = calibration_bins([0.1, 0.5, 0.6], [1, 1, 1], [1, 1, 1], edges=[0.2, 0.3, 0.5])
    assert found.low.tolist() == [0.1, 0.5]
    assert found.rows.tolist() == [2, 4]


def test_log_odds_edges_are_symmetric_and_reach_rare_events() -> None:
    edges = log_odds_edges()
    assert edges.size == 9
    assert edges[0] == pytest.approx(1e-4)
    assert edges == pytest.approx(1 - edges[::-1])


# --- another library ---


def test_scikit_learns_calibration_curve_on_the_same_edges() -> None:
    rng = np.random.default_rng(9)
    score = rng.beta(0.6, 2, 5000)
    label = rng.random(5000) < score**1.4
    share, mean = calibration_curve(label, score, n_bins=12, strategy="uniform")
    found = of_rows(score, label, edges=np.linspace(0, 1, 13)[1:-1])
    assert found.observed.value == pytest.approx(share, abs=1e-12)
    assert found.mean_score == pytest.approx(mean, abs=1e-12)


def test_scikit_learns_curve_of_equal_counts_without_ties() -> None:
    rng = np.random.default_rng(10)
    score = rng.random(1000)
    label = rng.random(1000) < score
    share, mean = calibration_curve(label, score, n_bins=10, strategy="quantile")
    found = of_rows(score, label, bins=10)
    assert found.rows.tolist() == [100] * 10
    assert found.observed.value == pytest.approx(share, abs=1e-12)
    assert found.mean_score == pytest.approx(mean, abs=1e-12)


# --- random ---


def test_a_perfect_score_shows_the_gap_of_chance_and_its_intervals_hold() -> None:
    """2,000 tables at once, each 20 scores of 40 rows; every score a bin of its own."""
    rng, tables = np.random.default_rng(12), 2000
    score = (np.arange(20) + 0.5) / 20
    positive = rng.binomial(40, score, (tables, 20))
    found = calibration_bins(score, positive, 40 - positive, bins=20)
    gaps = found.expected_calibration_error
    assert gaps.mean() == pytest.approx(
        found.gap_by_chance[0], abs=4 * gaps.std() / np.sqrt(tables)
    )
    held = (found.observed.low <= score) & (score <= found.observed.high)
    assert 0.93 < held.mean() < 0.97
    summed = found.observed_positives - found.expected_positives
    assert abs(summed.mean()) < 4 * summed.std() / np.sqrt(tables)


# --- refusals ---


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bins": 0}, "`bins` must be at least 1; got 0"),
        ({"edges": [0.5, 0.5]}, "`edges` must ascend"),
    ],
)
def test_bins_that_cannot_be_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        of_rows([0.1, 0.9], [0, 1], **options)


def test_scores_that_do_not_ascend_and_no_rows_are_refused() -> None:
    for score, rows in (([0.5, 0.5], [1, 1]), ([0.1, 0.5], [0, 0])):
        with pytest.raises(MetricsError, match="`thresholds` must ascend, and some row"):
            calibration_bins(score, rows, rows)


def test_log_odds_edges_out_of_their_limits_are_refused() -> None:
    with pytest.raises(MetricsError, match=r"`least` must lie between 0 and 0\.5"):
        log_odds_edges(0.5)
    with pytest.raises(MetricsError, match="`bins` must be at least 3; got 2"):
        log_odds_edges(bins=2)
