"""How sure an area is: brute-force placements, other programs' figures, coverage, limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import brunnermunzel

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.delong import AucIntervals, auc_intervals
from aipm_metrics.models.empirical import Empirical
from tests.aipm_metrics.models.row_sets import row_sets

Floats = NDArray[np.float64]
COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8).filter(
    lambda rows: min(sum(p for p, _ in rows), sum(n for _, n in rows)) >= 2
)


def counted(score: object, label: object) -> AucIntervals:
    rows = Empirical.from_rows(score, label)  # type: ignore[arg-type]
    return auc_intervals(rows.positives_at, rows.negatives_at)


def by_every_pair(positives: Floats, negatives: Floats) -> tuple[float, float]:
    """Area and standard error from the placement of every row, as defined."""
    won = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    variance = won.mean(1).var(ddof=1) / len(positives) + won.mean(0).var(ddof=1) / len(negatives)
    return float(won.mean()), float(np.sqrt(variance))


# --- laws ---


@given(COUNTS)
def test_it_is_the_variance_of_placements_found_by_every_pair(rows: list[tuple[int, int]]) -> None:
    at_pos, at_neg = np.array(rows).T
    levels = np.arange(len(rows), dtype=float)
    area, error = by_every_pair(np.repeat(levels, at_pos), np.repeat(levels, at_neg))
    found = auc_intervals(at_pos, at_neg)
    assert found.estimate.value == pytest.approx(area, abs=1e-12)
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    assert 0 <= found.estimate.low <= found.estimate.value + 1e-12
    assert found.estimate.value <= found.estimate.high + 1e-12 <= 1 + 1e-12


@given(COUNTS)
def test_swapping_the_classes_mirrors_the_interval(rows: list[tuple[int, int]]) -> None:
    at_pos, at_neg = np.array(rows).T
    one, other = auc_intervals(at_pos, at_neg), auc_intervals(at_neg, at_pos)
    assert one.estimate.value == pytest.approx(1 - other.estimate.value, abs=1e-12)
    assert one.standard_error == pytest.approx(other.standard_error, abs=1e-12)
    assert one.estimate.low == pytest.approx(1 - other.estimate.high, abs=1e-9)


@given(COUNTS)
def test_scores_nobody_has_change_nothing(rows: list[tuple[int, int]]) -> None:
    at_pos, at_neg = np.array(rows).T
    spread = [np.insert(each, [0, len(each)], 0) for each in (at_pos, at_neg)]
    one, other = auc_intervals(at_pos, at_neg), auc_intervals(spread[0], spread[1])
    assert one.standard_error == other.standard_error
    assert one.estimate.low == other.estimate.low


def test_groups_at_once_are_as_each_alone() -> None:
    rng = np.random.default_rng(7)
    at_pos, at_neg = rng.integers(0, 5, (2, 3, 4, 30))
    found = auc_intervals(at_pos, at_neg)
    for i, j in np.ndindex(3, 4):
        alone = auc_intervals(at_pos[i, j], at_neg[i, j])
        assert found.estimate.at(i, j) == alone.estimate.at()
        assert found.standard_error[i, j] == alone.standard_error


# --- limits ---


@pytest.mark.parametrize(("area", "order"), [(1.0, 1), (0.0, -1)])
def test_a_perfect_ranking_of_few_rows_is_not_certain(area: float, order: int) -> None:
    """Five disjoint pairs all won: Wilson's interval on five of five."""
    found = auc_intervals([0, 5][::order], [20, 0][::order])
    assert found.estimate.value == area
    assert found.standard_error == 0
    z2 = float(ndtri(0.975)) ** 2
    ends = (5 / (5 + z2), 1.0) if area else (0.0, z2 / (5 + z2))
    assert (found.estimate.low, found.estimate.high) == pytest.approx(ends, abs=1e-12)


def test_a_score_that_is_the_same_for_all_wins_half_and_knows_little_from_few() -> None:
    found = auc_intervals([3], [4])
    assert found.estimate.value == 0.5
    assert found.estimate.high - found.estimate.low > 0.5


@pytest.mark.parametrize(("positives", "negatives"), [(0, 9), (1, 9), (9, 1), (0, 0)])
def test_below_two_rows_of_a_class_nothing_is_known(positives: int, negatives: int) -> None:
    found = auc_intervals([0, positives], [negatives, 0])
    assert np.isnan(found.estimate.value)
    assert np.isnan(found.standard_error)
    assert found.estimate.status == "undefined"


def test_one_inversion_among_a_million_rows_keeps_its_digits() -> None:
    n = 500_000  # all pairs won but one: one positive and one negative of placement 1 - 1/n
    found = auc_intervals([0, 1, 0, n - 1], [n - 1, 0, 1, 0])
    assert found.standard_error == pytest.approx(np.sqrt(2) / n**2, rel=1e-6)


# --- published numbers ---

# DeLong et al.'s patients with a bowel obstruction: albumin, protein, K-G score, survived or not.
PATIENTS_TEXT = """
    3.0 5.8 10 0 3.2 6.3 5 1 3.9 6.8 3 1 2.8 4.8 6 0 3.2 5.8 3 1 0.9 4.0 5 0 2.5 5.7 8 0
    1.6 5.6 5 1 3.8 5.7 5 1 3.7 6.7 6 1 3.2 5.4 4 1 3.8 6.6 6 1 4.1 6.6 5 1 3.6 5.7 5 1
    4.3 7.0 4 1 3.6 6.7 4 0 2.3 4.4 6 1 4.2 7.6 4 0 4.0 6.6 6 0 3.5 5.8 6 1 3.8 6.8 7 1
    3.0 4.7 8 0 4.5 7.4 5 1 3.7 7.4 5 1 3.1 6.6 6 1 4.1 8.2 6 1 4.3 7.0 5 1 4.3 6.5 4 1
    3.2 5.1 5 1 2.6 4.7 6 1 3.3 6.8 6 0 1.7 4.0 7 0 3.7 6.1 5 1 3.3 6.3 7 1 4.2 7.7 6 1
    3.5 6.2 5 1 2.9 5.7 9 0 2.1 4.8 7 1 2.8 6.2 8 0 4.0 7.0 7 1 3.3 5.7 6 1 3.7 6.9 5 1
    3.6 6.6 5 1
"""
PATIENTS = np.array(PATIENTS_TEXT.split(), float).reshape(-1, 4)


@pytest.mark.parametrize(
    ("score", "area", "error"),
    [
        pytest.param(PATIENTS[:, 0], 0.7366, 0.0927, id="SAS/STAT LOGISTIC ex. 72.8: albumin"),
        pytest.param(PATIENTS[:, 1], 0.6478, 0.1000, id="SAS/STAT LOGISTIC ex. 72.8: protein"),
        pytest.param(-PATIENTS[:, 2], 0.7258, 0.1028, id="SAS/STAT LOGISTIC ex. 72.8: K-G score"),
    ],
)
def test_the_standard_errors_sas_prints(score: Floats, area: float, error: float) -> None:
    """Data of DeLong, DeLong & Clarke-Pearson (1988)."""
    found = counted(score, PATIENTS[:, 3])
    assert round(float(found.estimate.value), 4) == area
    assert round(float(found.standard_error), 4) == error


def test_hanley_and_mcneils_ratings_as_stata_reads_them() -> None:
    """Hanley & McNeil (1982), Radiology 143, table I; Stata, [R] roctab: 0.8932, 0.0307."""
    found = auc_intervals([3, 2, 2, 11, 33], [33, 6, 6, 11, 2])
    assert round(float(found.estimate.value), 4) == 0.8932
    assert round(float(found.standard_error), 4) == 0.0307


def test_scipys_brunner_munzel_statistic_holds_the_same_error() -> None:
    """Their statistic is ``(auc - 1/2) / se``, of ranks: Brunner & Munzel (2000)."""
    compared = 0
    for score, label in row_sets(150, seed=1988):
        positive = label.astype(bool)
        if min(positive.sum(), (~positive).sum()) < 2:
            continue
        found = counted(score, label)
        if found.standard_error == 0:
            continue
        theirs = brunnermunzel(score[~positive].astype(float), score[positive].astype(float))
        ours = (found.estimate.value - 0.5) / found.standard_error
        assert abs(ours) == pytest.approx(abs(theirs.statistic), rel=1e-9, abs=1e-9)
        compared += 1
    assert compared > 80


# --- random ---


def test_the_interval_holds_the_truth_as_often_as_it_says_and_wald_does_not() -> None:
    """Binormal scores of area 0.95, 15 of a class: 4,000 sets of rows at once."""
    rng, sets, rows = np.random.default_rng(3), 4000, 15
    apart, area = float(ndtri(0.95)) * np.sqrt(2), 0.95
    score = rng.normal(size=(sets, 2 * rows))
    score[:, :rows] += apart
    positive = np.argsort(score, axis=1) < rows
    found = auc_intervals(positive, ~positive)
    assert ndtr(apart / np.sqrt(2)) == pytest.approx(area)
    held = (found.estimate.low <= area) & (area <= found.estimate.high)
    wald = np.abs(found.estimate.value - area) <= ndtri(0.975) * found.standard_error
    assert 0.93 < held.mean() < 0.99
    assert wald.mean() < 0.90
    assert found.estimate.value.mean() == pytest.approx(
        area, abs=4 * found.estimate.value.std() / np.sqrt(sets)
    )


# --- refusals ---


def test_negative_counts_are_refused() -> None:
    with pytest.raises(MetricsError, match="`positives_at` and `negatives_at` must be counts"):
        auc_intervals([1, -1], [2, 3])
