"""Servers that follow a daily load, many settings at once, against one followed tick by tick."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.autoscaling import TargetTracking, follow
from aipm_metrics.models.autoscaling_many import follow_daily
from aipm_metrics.models.confusion import Floats

TICKS = 288  # of five minutes


def by_the_tick(
    load: Floats, target: float, low: int, high: int, cold: float, days: float
) -> tuple[Floats, Floats]:
    """The last day of `autoscaling.follow`, which knows no tomorrow, after so many days."""
    rule = TargetTracking(target=target, minimum=low, maximum=high, tick_s=300.0,
                          cold_start_s=cold)  # fmt: skip
    before = np.tile(load, int(np.ceil(days)))[-int(days * load.size) :]
    fleet = follow(rule, np.concatenate([before, load]))
    return fleet.ordered[-load.size :].astype(float), fleet.ready[-load.size :].astype(float)


@settings(max_examples=15)
@given(
    mean=st.floats(0.5, 60), swing=st.floats(0, 1), burst=st.floats(0, 80),
    target=st.floats(0.1, 1), low=st.integers(1, 10), more=st.integers(0, 150),
    cold=st.floats(0, 1800),
)  # fmt: skip
def test_a_day_is_followed_from_the_evening_before(
    mean: float, swing: float, burst: float, target: float, low: int, more: int, cold: float
) -> None:
    hours = np.arange(TICKS) / 12
    load = mean * (1 + swing * np.cos((hours - 9) * np.pi / 12))
    load[150:156] += burst
    ordered, ready = follow_daily(load, target=target, minimum=low, maximum=low + more,
                                  tick_s=300.0, cold_start_s=cold)  # fmt: skip
    evening, awake = by_the_tick(load, target, low, low + more, cold, days=0.25)
    np.testing.assert_array_equal(ordered, evening)
    late = int(np.ceil(cold / 300 - 1e-9))
    np.testing.assert_array_equal(ready[late:], awake[late:])
    assert (ready <= ordered).all()
    assert ((ordered >= low) & (ordered <= low + more)).all()
    # Where it starts is forgotten but for what the tolerance lets stand: after many such days
    # there are about as many server hours.
    long, _ = by_the_tick(load, target, low, low + more, cold, days=4)
    assert ordered.sum() == pytest.approx(long.sum(), rel=0.12)


def test_settings_do_not_touch_one_another() -> None:
    load = 10 * (1 + 0.6 * np.cos(np.linspace(0, 2 * np.pi, TICKS, endpoint=False)))
    targets, colds = np.array([0.5, 0.7, 0.9]), np.array([0.0, 120.0, 1800.0])
    ordered, ready = follow_daily(load, target=targets[:, None], minimum=1, maximum=40,
                                  tick_s=300.0, cold_start_s=colds)  # fmt: skip
    assert ordered.shape == ready.shape == (3, 3, TICKS)
    for i, target in enumerate(targets):
        for j, cold in enumerate(colds):
            alone = follow_daily(load, target=target, minimum=1, maximum=40, tick_s=300.0,
                                 cold_start_s=cold)  # fmt: skip
            np.testing.assert_array_equal((ordered[i, j], ready[i, j]), alone)


@pytest.mark.parametrize("cold", [0.0, 600.0])
def test_no_cold_start_is_no_wait_for_a_server(cold: float) -> None:
    load = np.where(np.arange(TICKS) < TICKS // 2, 2.0, 30.0)
    ordered, ready = follow_daily(load, target=0.7, minimum=1, maximum=99, tick_s=300.0,
                                  cold_start_s=cold)  # fmt: skip
    assert (ready == ordered).all() == (cold == 0)
    assert ordered.max() == np.ceil(30 / 0.7)
