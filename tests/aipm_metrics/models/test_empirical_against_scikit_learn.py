"""Counted rows against scikit-learn, on 200 random row sets with ties."""

import numpy as np
import pytest
from sklearn import metrics

from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.empirical import Empirical
from tests.aipm_metrics.models.row_sets import Rows, row_sets

SETS = row_sets(200, seed=2011)


def counted(rows: Rows) -> Empirical:
    return Empirical.from_rows(*rows)


def cells(rows: Empirical, threshold: float) -> Confusion:
    rates = rows.rates(threshold)
    tp, fp = round(float(rates.tpr) * rows.positives), round(float(rates.fpr) * rows.negatives)
    return Confusion(tp=tp, fp=fp, fn=rows.positives - tp, tn=rows.negatives - fp)


def test_the_row_sets_are_as_varied_as_they_are_meant_to_be() -> None:
    sizes = [len(score) for score, _ in SETS]
    levels = [np.unique(score).size for score, _ in SETS]
    shares = [float(np.mean(label == 1)) for _, label in SETS]
    assert min(sizes) == 2
    assert max(sizes) > 400
    assert min(levels) <= 2
    assert max(levels) > 200
    assert (min(shares) < 0.05, max(shares) > 0.9) == (True, True)
    assert sum(few < n / 3 for few, n in zip(levels, sizes, strict=True)) > 50
    assert {score.dtype.kind for score, _ in SETS} == {"f", "i"}


def test_counts_are_those_of_confusion_matrix_at_thresholds() -> None:
    for score, label in SETS:
        ours = Empirical.from_rows(score, label)
        tn, fp, fn, tp, thresholds = metrics.confusion_matrix_at_thresholds(label, score)
        assert ours.thresholds[::-1].tolist() == thresholds.tolist()
        assert ours.tp[::-1].tolist() == tp.tolist()
        assert ours.fp[::-1].tolist() == fp.tolist()
        assert (ours.positives - ours.tp)[::-1].tolist() == fn.tolist()
        assert (ours.negatives - ours.fp)[::-1].tolist() == tn.tolist()


def test_rates_are_those_of_roc_curve_bit_by_bit() -> None:
    for score, label in SETS:
        fpr, tpr, thresholds = metrics.roc_curve(label, score, drop_intermediate=False)
        rates = Empirical.from_rows(score, label).rates(thresholds)
        assert rates.tpr.tolist() == tpr.tolist()
        assert rates.fpr.tolist() == fpr.tolist()


def test_the_area_is_that_of_roc_auc_score() -> None:
    for score, label in SETS:
        expected = metrics.roc_auc_score(label, score)
        assert Empirical.from_rows(score, label).auc == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("precision", metrics.precision_score),
        ("recall", metrics.recall_score),
        ("f1", metrics.f1_score),
        ("accuracy", metrics.accuracy_score),
        ("mcc", metrics.matthews_corrcoef),
    ],
)
def test_ratios_at_sampled_thresholds_are_those_of_scikit_learn(name: str, oracle: object) -> None:
    assert callable(oracle)
    rng = np.random.default_rng(5)
    compared = 0
    for rows in SETS:
        ours, (score, label) = counted(rows), rows
        picks = rng.choice(ours.thresholds, min(3, ours.thresholds.size), replace=False)
        for threshold in [*picks, *(picks + 0.25)]:
            value = getattr(cells(ours, float(threshold)), name)
            if not np.isnan(value):  # scikit-learn says 0 where we say undefined
                flagged = (score.astype(float) >= threshold).astype(int)
                expected = oracle(label.astype(int), flagged)
                assert value == pytest.approx(expected, rel=1e-12, abs=1e-12)
                compared += 1
    assert compared > 500
