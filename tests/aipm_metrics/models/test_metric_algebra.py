"""From any sufficient set of metrics back to the matrix; and which sets are sufficient."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.metric_algebra import CELLS, METRICS, independent, solve, value_of
from aipm_metrics.models.metric_reading import GIVEN
from tests.aipm_metrics.models.matrices import confusion, full, matrices, share

GENERIC = (613, 89, 251, 4_001)
SETS = tuple(combinations(GIVEN, 4))
SUFFICIENT = tuple(names for names in SETS if len(independent(confusion(GENERIC), names)) == 4)
Cells = tuple[int, int, int, int]


def test_how_many_sets_of_four_are_sufficient() -> None:
    """Dependent are: no count at all; and three of which two give the third."""
    counts = {"volume", "positives", "flagged"}
    dependent = [
        {"volume", "positives", "prevalence"}, {"volume", "flagged", "flagged_share"},
        {"precision", "recall", "f1"}, {"positives", "flagged", "f1", "precision"},
        {"positives", "flagged", "f1", "recall"}, {"positives", "flagged", "precision", "recall"},
        {"prevalence", "flagged_share", "precision", "recall"},
        {"prevalence", "flagged_share", "precision", "f1"},
        {"prevalence", "flagged_share", "recall", "f1"},
        {"positives", "flagged", "prevalence", "flagged_share"},
    ]  # fmt: skip
    for names in SETS:
        known = not counts & set(names) or any(d <= set(names) for d in dependent)
        if known:
            assert names not in SUFFICIENT, names
    assert len(SUFFICIENT) == 210 - sum(
        not counts & set(names) or any(d <= set(names) for d in dependent) for names in SETS
    )


@given(full, st.sampled_from(SUFFICIENT))
def test_the_matrix_comes_back_from_every_sufficient_set(
    cells: Cells, names: tuple[str, ...]
) -> None:
    start = confusion(cells)
    sizes = _spread(start, names)
    assume(sizes < 1e5)  # nearly the same thing said twice has no exact answer in floats
    found = solve({name: value_of(name, start) for name in names})
    for cell in CELLS:
        assert getattr(found, cell) == pytest.approx(getattr(start, cell), abs=1e-9 * start.total)


def _spread(cells: Confusion, names: tuple[str, ...]) -> float:
    rows = [
        np.array(METRICS[n].part) - value_of(n, cells) * np.array(METRICS[n].whole) for n in names
    ]
    return float(np.linalg.cond(np.array(rows)))


@given(matrices)
def test_metrics_are_what_their_words_say(cells: Cells) -> None:
    for name in METRICS:
        expected = share(name, cells)
        found = value_of(name, confusion(cells))
        if expected is None:
            assert np.isnan(found), name
        else:
            assert found == pytest.approx(float(expected), rel=1e-14), name


@given(st.tuples(*[st.integers(1, 40)] * 4))
def test_metrics_agree_with_scikit_learn(cells: Cells) -> None:
    tp, fp, fn, tn = cells
    truth = [1] * tp + [0] * fp + [1] * fn + [0] * tn
    flag = [1] * tp + [1] * fp + [0] * fn + [0] * tn
    start = confusion(cells)
    for name, by in (
        ("precision", oracle.precision_score), ("recall", oracle.recall_score),
        ("f1", oracle.f1_score), ("accuracy", oracle.accuracy_score),
    ):  # fmt: skip
        assert value_of(name, start) == pytest.approx(by(truth, flag)), name


def test_many_values_at_once_agree_with_one_at_a_time() -> None:
    precision = np.array([0.5, 0.75, 0.9, 0.0])
    told = {"volume": 100.0, "positives": 10.0, "recall": 0.6}
    found = solve({**told, "precision": precision})
    for i, value in enumerate(precision):
        one = solve({**told, "precision": value})
        for cell in CELLS:
            np.testing.assert_array_equal(getattr(found, cell)[i], getattr(one, cell))
    assert np.isnan(found.fp[3])  # six caught, none of the flagged right: cannot be


def test_a_negative_cell_is_refused() -> None:
    """Precision 0.9 of 50 flagged are 45 caught, of 10 positives."""
    cells = solve({"volume": 100, "positives": 10, "flagged": 50, "precision": 0.9})
    assert np.isnan([cells.tp, cells.fp, cells.fn, cells.tn]).all()


@pytest.mark.parametrize("many", [3, 5])
def test_too_few_or_too_many_are_refused(many: int) -> None:
    with pytest.raises(MetricsError, match=f"4 metrics; got {many}"):
        solve(dict.fromkeys(GIVEN[:many], 0.5))
