"""Rates with their intervals: which counts each is a share of, over groups at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import wilson
from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.rate_intervals import rate_intervals

CELLS = st.tuples(*[st.integers(0, 300)] * 4)


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_each_rate_is_that_of_its_cells(groups: list[tuple[int, int, int, int]]) -> None:
    tp, fp, fn, tn = np.array(groups).T
    found, cells = rate_intervals(tp, fp, tp + fn, fp + tn), Confusion(tp=tp, fp=fp, fn=fn, tn=tn)
    assert found.recall.value == pytest.approx(cells.recall, nan_ok=True)
    assert found.fpr.value == pytest.approx(1 - cells.specificity, nan_ok=True)
    assert found.precision.value == pytest.approx(cells.precision, nan_ok=True)
    for i, (a, b, c, d) in enumerate(groups):
        for ours, one in (
            (found.recall, wilson(a, a + c)), (found.fpr, wilson(b, b + d)),
            (found.precision, wilson(a, a + b)), (found.prevalence, wilson(a + c, a + b + c + d)),
        ):  # fmt: skip
            assert (ours.low[i], ours.high[i]) == pytest.approx((one.low, one.high), nan_ok=True)
            assert (ours.status[i] == "undefined") == (one.trials == 0)


def test_thresholds_and_groups_broadcast() -> None:
    tp, fp = np.array([[9, 5, 0], [8, 4, 1]]), np.array([[50, 9, 0], [60, 8, 2]])
    found = rate_intervals(tp, fp, np.array([[10], [8]]), np.array([[90], [100]]))
    assert found.prevalence.value.shape == found.recall.value.shape == (2, 3)
    assert found.precision.status[0, 2] == "undefined"


def test_more_flagged_than_there_are_is_refused() -> None:
    with pytest.raises(MetricsError, match=r"`successes` must lie in \[0, 10\]; got 11"):
        rate_intervals(11, 0, 10, 10)
