"""Moving one metric while another is held: what stands still, what is reached, how far it goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.metric_algebra import value_of
from aipm_metrics.models.tradeoff_line import HOLDABLE, TradeoffLine
from tests.aipm_metrics.models.matrices import confusion, full

Cells = tuple[int, int, int, int]
MOVABLE = ("precision", "recall", "f1", "fpr", "accuracy", "flagged_share", "fnr")
held = st.sampled_from(HOLDABLE)
moved = st.sampled_from(MOVABLE)


def pairs() -> st.SearchStrategy[tuple[str, str]]:
    """What changes and what is held; these must be two things."""
    return st.tuples(moved, held).filter(lambda two: two[0] != two[1] and two != ("fnr", "recall"))


@given(full, pairs(), st.floats(0, 1))
def test_the_metric_is_reached_and_the_other_one_and_the_world_stand_still(
    cells: Cells, two: tuple[str, str], share: float
) -> None:
    metric, kept = two
    line = TradeoffLine(confusion(cells), kept)
    low, high = line.bounds(metric)
    assume(high - low > 1e-6)
    wanted = low + share * (high - low)
    there = line.reach(metric, wanted)
    assume(not np.isnan(there.tp))  # at the very ends rounding may fall outside
    start = confusion(cells)
    assert value_of(metric, there) == pytest.approx(wanted, abs=1e-7)
    if float(there.flagged) > 1e-6:
        assert value_of(kept, there) == pytest.approx(value_of(kept, start), rel=1e-7, abs=1e-9)
    for name in ("volume", "positives"):
        assert value_of(name, there) == pytest.approx(value_of(name, start))


@given(full, pairs(), st.floats(1e-6, 0.5))
def test_beyond_its_bounds_nothing_is_reached(
    cells: Cells, two: tuple[str, str], extra: float
) -> None:
    metric, kept = two
    line = TradeoffLine(confusion(cells), kept)
    low, high = line.bounds(metric)
    for wanted in (low - extra, high + extra):
        assert np.isnan(line.reach(metric, wanted).tp)


@given(full, pairs())
def test_standing_still_is_where_it_starts(cells: Cells, two: tuple[str, str]) -> None:
    metric, kept = two
    start = confusion(cells)
    line = TradeoffLine(start, kept)
    low, high = line.bounds(metric)
    now = value_of(metric, start)
    assert low - 1e-9 <= now <= high + 1e-9
    assume(high - low > 1e-6)
    there = line.reach(metric, now)
    assert there.fp == pytest.approx(start.fp, abs=1e-6 * start.total)


def test_a_five_per_cent_drop_in_precision_by_hand() -> None:
    """80 of 100 flagged are right; at 76 % the same 80 take 105.26 flagged."""
    start = Confusion(tp=80.0, fp=20.0, fn=20.0, tn=880.0)
    there = TradeoffLine(start, "recall").reach("precision", 0.76)
    assert there.fp == pytest.approx(80 / 0.76 - 80)
    assert there.fn == 20
    swapped = TradeoffLine(start, "flagged_share").reach("precision", 0.76)
    assert (swapped.tp, swapped.fp) == (pytest.approx(76), pytest.approx(24))
    fewer = TradeoffLine(start, "fpr").reach("precision", 0.76)
    assert (fewer.tp, fewer.fp) == (pytest.approx(20 * 0.76 / 0.24), pytest.approx(20))


def test_what_does_not_move_says_so() -> None:
    """With half of the flagged right, one more of each leaves accuracy as it is."""
    line = TradeoffLine(Confusion(tp=10.0, fp=10.0, fn=10.0, tn=70.0), "precision")
    assert np.isnan(line.step_to("accuracy", 0.9))
    assert line.step_to("accuracy", 0.8) == 0
    assert line.bounds("accuracy") == pytest.approx((0.8, 0.8))


def test_without_a_volume_false_alarms_have_no_end() -> None:
    line = TradeoffLine(Confusion(tp=80.0, fp=20.0, fn=20.0, tn=np.nan), "recall")
    there = line.reach("precision", 0.001)
    assert there.fp == pytest.approx(79_920)
    assert np.isnan(there.tn)
    assert line.bounds("precision") == (0, 1)
    assert np.isnan(line.reach("fpr", 0.1).tp)


def test_nothing_flagged_has_no_precision_to_hold() -> None:
    line = TradeoffLine(Confusion(tp=0.0, fp=0.0, fn=10.0, tn=90.0), "precision")
    assert np.isnan(line.reach("recall", 0.5).tp)


def test_many_values_at_once_agree_with_one_at_a_time() -> None:
    line = TradeoffLine(Confusion(tp=80.0, fp=20.0, fn=20.0, tn=880.0), "recall")
    wanted = np.array([0.1, 0.5, 0.76, 1.0, 1.2])
    many = line.reach("precision", wanted)
    for i, value in enumerate(wanted):
        np.testing.assert_array_equal(many.fp[i], line.reach("precision", value).fp)


def test_what_cannot_be_held_is_refused_by_name() -> None:
    with pytest.raises(MetricsError, match="one of recall, precision, flagged_share, fpr; got f1"):
        TradeoffLine(Confusion(tp=1.0, fp=1.0, fn=1.0, tn=1.0), "f1")
