"""A day of changing demand, one bin at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.queueing import (
    mmc_mean_wait,
    mmc_sojourn_quantile,
    mmc_sojourn_tail,
    mmc_wait_quantile,
    mmc_wait_tail,
)
from aipm_metrics.models.stationary_day import stationary_day

RATES = st.lists(st.floats(0, 20), min_size=1, max_size=8).map(np.array)
SERVERS = st.integers(1, 25)
SHARE = st.floats(0.01, 0.9999)


def sinusoid(mean: float, amplitude: float, bins: int) -> Floats:
    middle = (np.arange(bins) + 0.5) / bins
    return np.asarray(mean * (1 + amplitude * np.sin(2 * np.pi * middle)))


# --- laws ---


@given(RATES, SERVERS, SHARE)
def test_quantiles_are_where_the_days_tail_falls_to_the_rest(
    rates: Floats, servers: int, share: float
) -> None:
    day = stationary_day(rates, 1, servers)
    wait, time = day.wait_quantile(share), day.sojourn_quantile(share)
    assert np.isinf(time) == (day.unstable_share >= 1 - share)
    if np.isfinite(time):
        assert day.share_over(time) == pytest.approx(1 - share, rel=1e-8)
        over = day.share_waiting_over(wait)
        assert over == pytest.approx(1 - share, rel=1e-8) if wait > 0 else over <= 1 - share
        assert wait <= time
    else:
        assert np.isinf(wait)


@given(RATES, SERVERS, st.floats(0, 30))
def test_the_day_is_the_arrival_weighted_mixture_of_its_bins(
    rates: Floats, servers: int, limit: float
) -> None:
    day = stationary_day(rates, 1, servers)
    weights = rates if rates.sum() else np.ones_like(rates)
    for of, tail in (
        (day.share_waiting_over, mmc_wait_tail),
        (day.share_over, mmc_sojourn_tail),
    ):
        each = tail(rates, 1, servers, limit)
        assert of(limit) == pytest.approx(np.average(each, weights=weights), rel=1e-12, abs=1e-99)
    assert day.unstable.tolist() == (rates >= servers).tolist()


@given(RATES, SERVERS, SHARE)
def test_no_day_is_worse_than_its_worst_bin_or_better_than_its_best(
    rates: Floats, servers: int, share: float
) -> None:
    day = stationary_day(rates, 1, servers)
    bins = day.wait_quantile_by_bin(share)
    assert bins.tolist() == mmc_wait_quantile(rates, 1, servers, share).tolist()
    assert bins.min() * (1 - 1e-9) <= day.wait_quantile(share) <= bins.max() * (1 + 1e-9)


@given(st.floats(0.01, 20), st.integers(1, 6), SERVERS, SHARE)
def test_a_flat_day_is_one_queue(rate: float, bins: int, servers: int, share: float) -> None:
    day = stationary_day(np.full(bins, rate), 1, servers)
    exact = mmc_wait_quantile(rate, 1, servers, share)
    for same in (day, day.at_the_mean_rate()):
        assert same.wait_quantile(share) == pytest.approx(exact, rel=1e-9, abs=1e-12)
        assert same.sojourn_quantile(share) == pytest.approx(
            mmc_sojourn_quantile(rate, 1, servers, share), rel=1e-9
        )
        assert same.mean_wait == pytest.approx(mmc_mean_wait(rate, 1, servers), rel=1e-9)


@given(RATES, SERVERS, SHARE, st.floats(1e-2, 1e3))
def test_neither_the_unit_of_time_nor_the_order_of_bins_matters(
    rates: Floats, servers: int, share: float, unit: float
) -> None:
    # A load equal to the servers stays so in any unit only if the unit does not round it.
    rates = np.where(np.isclose(rates, servers), servers * 1.5, rates)
    day = stationary_day(rates, 1, servers)
    other = stationary_day(rates[::-1] * unit, unit, servers)
    for one, two in (
        (day.wait_quantile(share), other.wait_quantile(share)),
        (day.sojourn_quantile(share), other.sojourn_quantile(share)),
        (day.mean_wait, other.mean_wait),
    ):
        assert two * unit == pytest.approx(one, rel=1e-7, abs=1e-9)


@settings(max_examples=30)
@given(RATES, st.floats(0.05, 0.999))
def test_servers_on_an_axis_are_one_day_each(rates: Floats, share: float) -> None:
    servers = np.arange(1, 26)
    days = stationary_day(rates, 1, servers[:, None])
    waits, times = days.wait_quantile(share), days.sojourn_quantile(share)
    assert waits.shape == times.shape == days.mean_wait.shape == servers.shape
    for of in (waits, times):
        assert (of[1:] <= of[:-1] * (1 + 1e-9)).all()
    one = stationary_day(rates, 1, 13)
    assert waits[12] == pytest.approx(one.wait_quantile(share), rel=1e-9)
    assert times[12] == pytest.approx(one.sojourn_quantile(share), rel=1e-9)


# --- the lie of the average ---


def test_a_sinusoidal_day_waits_ten_times_as_long_as_its_mean_rate_promises() -> None:
    """Ten servers, 2 s each, 3 a second on average and 4.8 at the peak; by quadrature."""
    day = stationary_day(sinusoid(3, 0.6, 288), 0.5, 10)
    assert day.wait_quantile(0.99) == pytest.approx(12.137427, abs=1e-6)
    assert day.mean_wait == pytest.approx(1.0438490, abs=1e-6)
    peak = mmc_wait_quantile(4.8, 0.5, 10, 0.99)
    assert day.wait_quantile_by_bin(0.99).max() == pytest.approx(peak, rel=0.01)
    average = day.at_the_mean_rate()
    assert average.wait_quantile(0.99) == pytest.approx(mmc_wait_quantile(3, 0.5, 10, 0.99))
    assert average.wait_quantile(0.99) == pytest.approx(1.157747, abs=1e-6)
    assert average.mean_wait == pytest.approx(0.0506496, abs=1e-7)


def test_customers_of_the_peak_really_wait_that_long() -> None:
    """A simulated day per replication, 2,000 times: within four standard errors."""
    rng, bins = np.random.default_rng(7), 24
    day = stationary_day(sinusoid(3, 0.6, bins), 0.5, 10)
    bin_of = rng.choice(bins, size=(200, 2_000), p=day.share)
    waits = rng.random(bin_of.shape) < day.delayed[bin_of]
    drawn = np.where(waits, rng.exponential(1 / day.decay[bin_of]), 0.0)
    over = (drawn > day.wait_quantile(0.99)).mean(axis=1)
    assert abs(over.mean() - 0.01) < 4 * over.std(ddof=1) / np.sqrt(over.size)
    means = drawn.mean(axis=1)
    assert abs(means.mean() - day.mean_wait) < 4 * means.std(ddof=1) / np.sqrt(means.size)


# --- limits ---


def test_unstable_bins_leave_the_rest_of_the_day_its_quantiles() -> None:
    """One bin of four is swamped: a third of the customers never get through."""
    day = stationary_day([1.0, 1.0, 2.0, 2.0], [1.1, 1.1, 2.2, 2.0], 1)
    assert day.unstable.tolist() == [False, False, False, True]
    assert day.unstable_share == pytest.approx(1 / 3)
    assert np.isinf(day.mean_wait)
    assert day.wait_quantile([0.5, 0.66, 0.67]).tolist()[2] == np.inf
    assert np.isfinite(day.wait_quantile([0.5, 0.66])).all()
    assert day.share_waiting_over(1e9) == pytest.approx(1 / 3)
    assert day.share_over(1e9) == pytest.approx(1 / 3)
    assert day.wait_quantile_by_bin(0.9)[3] == np.inf


def test_an_unstable_bin_nobody_comes_in_does_not_exist() -> None:
    """Zero arrivals are never too many."""
    assert stationary_day([0.0, 0.5], 1, 1).unstable_share == 0
    assert np.isfinite(stationary_day([0.0, 0.5], 1, 1).mean_wait)


def test_a_day_without_customers_is_that_of_an_occasional_one() -> None:
    day = stationary_day(np.zeros(4), 2.0, 1)
    assert (day.mean_wait, day.wait_quantile(0.99), day.share_waiting_over(0)) == (0, 0, 0)
    assert day.sojourn_quantile(0.5) == pytest.approx(np.log(2) / 2)
    assert day.share.tolist() == [0.25] * 4


def test_certainty_takes_forever() -> None:
    day = stationary_day([0.5, 0.9], 1, 1)
    assert day.wait_quantile([0, 1]).tolist() == [0, np.inf]
    assert day.sojourn_quantile([0, 1]).tolist() == [0, np.inf]
    swamped = stationary_day([2.0, 3.0], 1, 1)
    assert swamped.wait_quantile([0, 0.5, 1]).tolist() == [np.inf] * 3
    assert swamped.sojourn_quantile(0.5) == np.inf


def test_servers_may_change_over_the_day() -> None:
    day = stationary_day([1.0, 4.0], 1, [2, 6])
    assert day.mean_wait == pytest.approx((mmc_mean_wait(1, 1, 2) + 4 * mmc_mean_wait(4, 1, 6)) / 5)
    assert day.at_the_mean_rate().mean_wait == pytest.approx(mmc_mean_wait(2.5, 1, 4))


def test_every_draw_may_have_its_own_day() -> None:
    rng = np.random.default_rng(1)
    rates = rng.uniform(1, 3, (50, 1)) * sinusoid(1, 0.6, 12)
    mu, servers = rng.uniform(0.4, 0.6, (50, 1)), rng.integers(10, 16, (50, 1))
    days = stationary_day(rates, mu, servers)
    waits, times = days.wait_quantile(0.95), days.sojourn_quantile(0.95)
    assert waits.shape == times.shape == (50,)
    for i in (0, 17, 49):
        one = stationary_day(rates[i], mu[i], servers[i])
        assert waits[i] == pytest.approx(one.wait_quantile(0.95), rel=1e-9)
        assert times[i] == pytest.approx(one.sojourn_quantile(0.95), rel=1e-9)


def test_variability_stretches_the_wait_and_not_the_chance_to_wait() -> None:
    rates = sinusoid(3, 0.6, 12)
    smooth, plain = (stationary_day(rates, 0.5, 10, variability=v) for v in (0.5, 1.0))
    assert smooth.mean_wait == pytest.approx(plain.mean_wait / 2)
    assert smooth.share_delayed == plain.share_delayed
    assert smooth.wait_quantile(0.99) == pytest.approx(plain.wait_quantile(0.99) / 2)
    assert smooth.at_the_mean_rate().mean_wait < smooth.mean_wait


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`rates` must be finite and >= 0; got -1"):
        stationary_day([1, -1], 1, 1)
    with pytest.raises(MetricsError, match="`service_rate` must be finite and > 0"):
        stationary_day([1], 0, 1)
    with pytest.raises(MetricsError, match="`servers` must be whole"):
        stationary_day([1], 1, [1, 0])
    with pytest.raises(MetricsError, match="`variability` must be finite and > 0"):
        stationary_day([1], 1, 2, variability=0)
    day = stationary_day([1], 1, 2, variability=0.5)
    with pytest.raises(MetricsError, match=r"`variability` must be 1 .*; got 0\.5"):
        day.sojourn_quantile(0.9)
    with pytest.raises(MetricsError, match="`variability` must be 1"):
        day.share_over(1)
    with pytest.raises(MetricsError, match="`probability` must lie"):
        day.wait_quantile(1.2)
    with pytest.raises(MetricsError, match="`limit` must be finite and >= 0"):
        day.share_waiting_over(-1)
