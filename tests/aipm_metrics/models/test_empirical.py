"""Counts of scored rows at every distinct score."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical

LEVELS = st.sampled_from([-2.0, -0.0, 0.0, 0.1, 0.30000000000000004, 0.3, 1.0, 1e9])
PAIRS = st.lists(
    st.tuples(LEVELS | st.floats(-1e6, 1e6), st.integers(0, 1)), min_size=2, max_size=40
).filter(lambda rows: {y for _, y in rows} == {0, 1})
Pairs = list[tuple[float, int]]


def counted(rows: Pairs) -> Empirical:
    score, label = zip(*rows, strict=True)
    return Empirical.from_rows(score, label)


# --- laws ---


@given(PAIRS, LEVELS | st.floats(allow_nan=False))
def test_a_rate_is_the_share_of_rows_at_or_above_the_threshold(
    rows: Pairs, threshold: float
) -> None:
    rates = counted(rows).rates(threshold)
    for kind, rate in ((1, rates.tpr), (0, rates.fpr)):
        of = [s for s, y in rows if y == kind]
        assert rate == sum(s >= threshold for s in of) / len(of)


@given(PAIRS)
def test_the_area_is_the_share_of_pairs_won_with_ties_half(rows: Pairs) -> None:
    """By hand over all pairs: Hanley & McNeil (1982), Radiology 143, 29-36."""
    won = [
        1.0 if p > n else 0.5 if p == n else 0.0
        for p, y in rows if y
        for n, z in rows if not z
    ]  # fmt: skip
    assert counted(rows).auc == pytest.approx(np.mean(won), rel=1e-12, abs=1e-15)


@given(PAIRS)
def test_every_row_is_counted_once(rows: Pairs) -> None:
    held = counted(rows)
    assert held.positives + held.negatives == len(rows)
    assert held.positives == held.positives_at.sum() == sum(y for _, y in rows)
    assert held.negatives == held.negatives_at.sum()
    assert (held.positives_at + held.negatives_at > 0).all()
    assert held.prevalence == sum(y for _, y in rows) / len(rows)
    assert (np.diff(held.thresholds) > 0).all()


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: Pairs, random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert counted(shuffled).fingerprint == counted(rows).fingerprint


@given(PAIRS)
def test_another_row_or_another_label_is_another_fingerprint(rows: Pairs) -> None:
    held = counted(rows)
    assert counted([*rows, rows[0]]).fingerprint != held.fingerprint
    other = [(s, 1 - y) for s, y in rows]
    same = (held.positives_at == held.negatives_at).all()
    assert (counted(other).fingerprint == held.fingerprint) == same
    assert len(held.fingerprint) == 16
    assert set(held.fingerprint) <= set("0123456789abcdef")


@given(PAIRS)
def test_the_area_does_not_change_under_a_rising_map_of_the_scores(rows: Pairs) -> None:
    mapped = [(2.0 * s, y) for s, y in rows]
    assert counted(mapped).auc == counted(rows).auc
    upside_down = [(-s, y) for s, y in rows]
    assert counted(upside_down).auc == pytest.approx(1 - counted(rows).auc, abs=1e-12)


@given(PAIRS)
def test_counts_by_score_are_the_same_rows(rows: Pairs) -> None:
    held = counted(rows)
    again = Empirical.from_counts(held.thresholds, held.positives_at, held.negatives_at)
    assert again.fingerprint == held.fingerprint
    assert again.tp.tolist() == held.tp.tolist()


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=2).filter(
    lambda rows: {y for _, y in rows} == {0, 1}))  # fmt: skip
def test_the_mean_at_the_rows_own_mix_is_the_mean_of_the_scores(rows: Pairs) -> None:
    held = counted(rows)
    assert held.mean(held.prevalence) == pytest.approx(np.mean([s for s, _ in rows]), abs=1e-12)
    ones = np.mean([s for s, y in rows if y])
    assert held.mean(1.0) == pytest.approx(ones, abs=1e-12)


def test_a_bound_is_part_of_the_fingerprint_and_none_changes_nothing() -> None:
    """The fingerprint of exact counts stands in links; it must stay what it was."""
    exact = Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    assert exact.max_error == 0
    assert exact.fingerprint == "9c1963d996000e3b"
    found = {
        Empirical.from_counts(exact.thresholds, exact.positives_at, exact.negatives_at, error)
        .fingerprint
        for error in (0.0, 0.001, 0.002)
    }  # fmt: skip
    assert len(found | {exact.fingerprint}) == 3


# --- limits ---


def test_minus_zero_and_zero_are_one_score() -> None:
    rows = Empirical.from_rows([-0.0, 0.0], [0, 1])
    assert rows.thresholds.tolist() == [0.0]
    assert float(rows.rates(-0.0).tpr) == float(rows.rates(0.0).fpr) == 1
    assert rows.auc == 0.5


def test_two_neighbouring_floats_are_two_scores() -> None:
    rows = Empirical.from_rows([0.3, 0.30000000000000004], [0, 1])
    assert rows.thresholds.size == 2
    assert rows.auc == 1


def test_infinite_thresholds_flag_everything_and_nothing() -> None:
    rates = Empirical.from_rows([1.0, 2.0], [0, 1]).rates([-np.inf, np.inf])
    assert rates.tpr.tolist() == rates.fpr.tolist() == [1, 0]


def test_the_mean_of_scores_beyond_a_probability_is_undefined() -> None:
    assert np.isnan(Empirical.from_rows([0.5, 1.5], [0, 1]).mean(0.5))
    assert np.isnan(Empirical.from_rows([-0.5, 0.5], [0, 1]).mean(0.5))


# --- published numbers ---


def test_the_example_of_scikit_learns_confusion_matrix_at_thresholds() -> None:
    """scikit-learn 1.8, docstrings of confusion_matrix_at_thresholds and metric_at_thresholds."""
    rows = Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    assert rows.thresholds[::-1].tolist() == [0.8, 0.4, 0.35, 0.1]
    assert rows.fp[::-1].tolist() == [0, 1, 1, 2]
    assert rows.tp[::-1].tolist() == [1, 1, 2, 2]
    cells = rows.rates(rows.thresholds[::-1]).confusion(rows.prevalence, 4)
    assert cells.tn.tolist() == [2, 1, 1, 0]
    assert cells.fn.tolist() == [1, 1, 0, 0]
    assert cells.accuracy.tolist() == [0.75, 0.5, 0.75, 0.5]
    assert rows.auc == 0.75


# --- refusals ---


@pytest.mark.parametrize(
    ("score", "label", "said"),
    [
        ([0.1, 0.2], [0], "2 scores but 1 labels"),
        ([0.1, np.inf], [0, 1], "`score` must be finite; 1 of 2 are not"),
        ([-np.inf, np.nan], [0, 1], "`score` must be finite; 2 of 2 are not"),
        ([0.1, 0.2], [0, 2], "`label` must be 0 or 1 in every row"),
        ([0.1, 0.2], [0, np.nan], "`label` must be 0 or 1 in every row"),
        ([0.1, 0.2], ["0", "1"], "`label` must be 0 or 1 in every row"),
        ([0.1, 0.2], [1, 1], "only one of the two label values"),
        ([0.1, 0.2], [0, 0], "only one of the two label values"),
        ([], [], "there are no rows"),
    ],
)
def test_rows_that_cannot_be_counted_are_refused(
    score: list[float], label: list[Any], said: str
) -> None:
    with pytest.raises(RowsError, match=said):
        Empirical.from_rows(score, label)


@pytest.mark.parametrize("scores", [[0.2, 0.1], [0.1, 0.1], [0.1, np.nan], [0.1, np.inf]])
def test_counts_whose_scores_do_not_rise_are_refused(scores: list[float]) -> None:
    with pytest.raises(RowsError, match="finite and ascending"):
        Empirical.from_counts(scores, [1, 0], [0, 1])
