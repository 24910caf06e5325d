"""A day whose customers give up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.queueing import mmc_timeout
from aipm_metrics.models.stationary_day import stationary_day
from aipm_metrics.models.timeout_day import timeout_day

RATES = st.lists(st.floats(0, 20), min_size=1, max_size=6).map(np.array)
SERVERS = st.integers(1, 15)
TIMEOUT = st.floats(0.05, 8)
SHARE = st.floats(0.01, 0.9999)

# --- laws ---


@given(RATES, SERVERS, TIMEOUT, SHARE)
def test_quantiles_are_those_of_the_served(
    rates: Floats, servers: int, timeout: float, share: float
) -> None:
    day = timeout_day(rates, 1, servers, timeout)
    wait, time = day.wait_quantile(share), day.sojourn_quantile(share)
    assert 0 <= wait <= timeout
    assert wait <= time
    assert day.served_within(time) == pytest.approx(day.served * share, rel=1e-7)
    later = (day.share * day.queue.served_after(wait)[0]).sum()
    rest = (1 - share) * day.served
    assert later == pytest.approx(rest, rel=1e-7) if wait > 0 else later <= rest * (1 + 1e-9)


@given(RATES, SERVERS, TIMEOUT, st.floats(0, 9))
def test_the_day_is_the_arrival_weighted_mixture_of_its_bins(
    rates: Floats, servers: int, timeout: float, limit: float
) -> None:
    day = timeout_day(rates, 1, servers, timeout)
    weights = rates if rates.sum() else np.ones_like(rates)
    bins = [mmc_timeout(rate, 1, servers, timeout) for rate in rates]
    lost = [b.abandoned for b in bins]
    assert day.abandoned_by_bin.tolist() == lost
    assert day.abandoned == pytest.approx(np.average(lost, weights=weights), rel=1e-9, abs=1e-99)
    assert day.served + day.abandoned == pytest.approx(1)
    over = [b.wait_tail(limit) for b in bins]
    assert day.share_waiting_over(limit) == pytest.approx(
        np.average(over, weights=weights), rel=1e-9, abs=1e-99
    )
    served = weights * (1 - np.array(lost))
    waits = np.average([b.mean_wait_served for b in bins], weights=served)
    assert day.mean_wait_served == pytest.approx(waits, rel=1e-9, abs=1e-99)


@settings(max_examples=40)
@given(RATES, SERVERS, SHARE)
def test_with_endless_patience_it_is_the_day_without_timeouts(
    rates: Floats, servers: int, share: float
) -> None:
    rates = np.minimum(rates, 0.9 * servers)
    day, plain = timeout_day(rates, 1, servers, 1e4), stationary_day(rates, 1, servers)
    assert day.abandoned == 0
    assert day.mean_wait_served == pytest.approx(plain.mean_wait, rel=1e-9)
    assert day.wait_quantile(share) == pytest.approx(plain.wait_quantile(share), rel=1e-7)
    assert day.sojourn_quantile(share) == pytest.approx(plain.sojourn_quantile(share), rel=1e-7)


# --- limits ---


def test_certainty_is_the_timeout_and_for_the_whole_time_endless() -> None:
    day = timeout_day([1.0, 3.0], 1, 2, 0.5)
    assert day.wait_quantile([0, 1]).tolist() == [0, 0.5]
    assert day.sojourn_quantile([0, 1]).tolist() == [0, np.inf]


def test_without_patience_nobody_waits_and_without_customers_nobody_leaves() -> None:
    assert timeout_day([1.0, 3.0], 1, 2, 0).wait_quantile(0.99) == 0
    idle = timeout_day(np.zeros(3), 1, 2, 1)
    assert (idle.abandoned, idle.mean_wait_served, idle.wait_quantile(0.9)) == (0, 0, 0)


def test_settings_and_bins_may_have_their_own_servers_and_timeouts() -> None:
    rates = np.array([1.0, 4.0, 2.0])
    days = timeout_day(rates, 1, [[2, 5, 3], [3, 3, 3]], [[0.5], [2.0]])
    times, waits = days.sojourn_quantile(0.95), days.wait_quantile(0.95)
    assert times.shape == waits.shape == days.abandoned.shape == (2,)
    one = timeout_day(rates, 1, [2, 5, 3], 0.5)
    assert days.abandoned[0] == pytest.approx(one.abandoned)
    assert times[0] == pytest.approx(one.sojourn_quantile(0.95), rel=1e-9)
    assert waits[0] == pytest.approx(one.wait_quantile(0.95), rel=1e-9)


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`timeout` must be finite and >= 0"):
        timeout_day([1.0], 1, 1, -1)
    with pytest.raises(MetricsError, match="`arrival_rate` must be finite"):
        timeout_day([np.nan], 1, 1, 1)
    day = timeout_day([1.0], 1, 1, 1)
    with pytest.raises(MetricsError, match="`probability` must lie"):
        day.sojourn_quantile(-0.1)
    with pytest.raises(MetricsError, match="`limit` must be finite"):
        day.served_within(np.nan)
