"""M/M/c without impatience."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queueing import (
    erlang_c,
    mmc_mean_wait,
    mmc_sojourn_quantile,
    mmc_sojourn_tail,
    mmc_wait_quantile,
    mmc_wait_tail,
)
from tests.aipm_metrics.models.queues import solved_chain

BUSY = st.floats(0.01, 0.995)
SERVERS = st.integers(1, 100)
SHARE = st.floats(0.001, 0.9999)

# --- laws ---


@given(BUSY, SERVERS, SHARE, st.floats(1e-3, 1e3))
def test_quantiles_are_where_the_tail_falls_to_the_rest(
    busy: float, servers: int, share: float, mu: float
) -> None:
    rate = busy * servers * mu
    wait = mmc_wait_quantile(rate, mu, servers, share)
    above = mmc_wait_tail(rate, mu, servers, wait)
    assert above == pytest.approx(1 - share, rel=1e-9) if wait > 0 else above <= 1 - share
    time = mmc_sojourn_quantile(rate, mu, servers, share)
    assert mmc_sojourn_tail(rate, mu, servers, time) == pytest.approx(1 - share, rel=1e-9)
    assert time >= wait


@given(BUSY, SERVERS, SHARE)
def test_the_unit_of_time_does_not_matter(busy: float, servers: int, share: float) -> None:
    second = busy * servers, 1.0, servers
    minute = busy * servers * 60, 60.0, servers
    assert mmc_mean_wait(*minute) * 60 == pytest.approx(mmc_mean_wait(*second), rel=1e-9)
    for quantile in (mmc_wait_quantile, mmc_sojourn_quantile):
        per_second = quantile(*second, share)
        assert quantile(*minute, share) * 60 == pytest.approx(per_second, rel=1e-9, abs=1e-12)


@given(st.floats(0.01, 50), SERVERS, SHARE)
def test_a_server_more_never_makes_anybody_wait_longer(
    rate: float, servers: int, share: float
) -> None:
    for of in (mmc_wait_quantile, mmc_sojourn_quantile):
        assert of(rate, 1, servers + 1, share) <= of(rate, 1, servers, share) * (1 + 1e-12)


@given(BUSY, SERVERS)
def test_means_are_the_areas_under_the_tails(busy: float, servers: int) -> None:
    rate, end = busy * servers, 60 / min(1, servers * (1 - busy))
    mean = mmc_mean_wait(rate, 1, servers)
    t = np.linspace(0, end, 20_001)
    assert integrate.simpson(mmc_wait_tail(rate, 1, servers, t), x=t) == pytest.approx(
        mean, rel=1e-6, abs=1e-9
    )
    assert integrate.simpson(mmc_sojourn_tail(rate, 1, servers, t), x=t) == pytest.approx(
        mean + 1, rel=1e-6
    )


@given(st.floats(0.01, 0.99), SHARE)
def test_one_server_lets_go_exponentially(busy: float, share: float) -> None:
    assert mmc_sojourn_quantile(busy, 1, 1, share) == pytest.approx(
        -np.log1p(-share) / (1 - busy), rel=1e-9
    )


@settings(max_examples=30)
@given(st.integers(1, 30), st.floats(0.05, 0.7))
def test_littles_law_on_the_solved_chain(servers: int, busy: float) -> None:
    """Mean number in line, by linear equations, is the arrival rate times the mean wait."""
    rate, most = busy * servers, servers + 80
    shares = solved_chain([rate] * most, [float(min(k + 1, servers)) for k in range(most)])
    in_line = shares @ np.maximum(np.arange(most + 1) - servers, 0)
    assert rate * mmc_mean_wait(rate, 1, servers) == pytest.approx(in_line, rel=1e-7, abs=1e-10)
    assert erlang_c(rate, servers) == pytest.approx(shares[servers:].sum(), rel=1e-7, abs=1e-10)


# --- published numbers ---


@pytest.mark.parametrize(
    ("rate", "mu", "servers", "in_line", "time"),
    [
        pytest.param(9, 5, 2, 7.674, 1.053, id="Octave queueing qsmmm, two servers"),
        pytest.param(9, 5, 4, 0.105, 0.212, id="Octave queueing qsmmm, four servers"),
        pytest.param(1, 1.25, 1, 3.2, 4.0, id="queuecomputer vignette, M/M/1"),
    ],
)
def test_numbers_in_line_and_times(
    rate: float, mu: float, servers: int, in_line: float, time: float
) -> None:
    wait = mmc_mean_wait(rate, mu, servers)
    assert rate * wait == pytest.approx(in_line, abs=5e-4)
    assert wait + 1 / mu == pytest.approx(time, abs=5e-4)


@pytest.mark.parametrize(
    ("servers", "target", "service_level"),
    [
        pytest.param(14, 0.33, 0.887853, id="pyworkforce tests, 14 agents"),
        pytest.param(14, 1 / 3, 0.888350, id="pyworkforce issue 35, 20 s to the second"),
        pytest.param(15, 0.33, 0.941127, id="pyworkforce tests, 15 agents"),
    ],
)
def test_service_levels_of_a_call_centre(servers: int, target: float, service_level: float) -> None:
    """100 calls in 30 min of 3 min each."""
    late = mmc_wait_tail(100 / 30, 1 / 3, servers, target)
    assert 1 - late == pytest.approx(service_level, abs=5e-7)


# --- limits ---


def test_the_rates_of_waiting_and_service_may_meet() -> None:
    """Two servers, one erlang: spare = mu, and the textbook's fraction is 0 / 0."""
    t = np.array([0.5, 2.0, 8.0])
    expected = np.exp(-t) * (1 + t / 3)
    assert mmc_sojourn_tail(1, 1, 2, t) == pytest.approx(expected, rel=1e-14)
    near = mmc_sojourn_tail(1 + 1e-9, 1, 2, t)
    assert near == pytest.approx(expected, rel=1e-8)
    assert mmc_sojourn_quantile(1, 1, 2, 0.99) == pytest.approx(5.665961, abs=5e-7)


def test_of_many_servers_only_the_service_is_left() -> None:
    assert mmc_sojourn_quantile(5, 1, 1000, 0.99) == pytest.approx(stats.expon.ppf(0.99))
    assert mmc_wait_quantile(5, 1, 1000, 0.999999) == 0


def test_too_much_work_is_an_endless_wait_and_no_error() -> None:
    rates = [3.0, 4.0, 5.0]
    assert np.isinf(mmc_mean_wait(rates, 1, 4)).tolist() == [False, True, True]
    assert np.isinf(mmc_wait_quantile(rates, 1, 4, 0.01)).tolist() == [False, True, True]
    assert np.isinf(mmc_sojourn_quantile(rates, 1, 4, 0.01)).tolist() == [False, True, True]
    assert mmc_wait_tail(5, 1, 4, [0, 1e6]).tolist() == [1, 1]
    assert mmc_sojourn_tail(5, 1, 4, [0, 1e6]).tolist() == [1, 1]


def test_nobody_comes_and_nobody_waits() -> None:
    assert mmc_mean_wait(0, 1, 3) == 0
    assert mmc_wait_tail(0, 1, 3, [0, 1]).tolist() == [0, 0]
    assert mmc_wait_quantile(0, 1, 3, [0, 0.5, 1]).tolist() == [0, 0, 0]


def test_certainty_takes_forever_and_nothing_takes_nothing() -> None:
    assert mmc_wait_quantile(1, 1, 2, [0, 1]).tolist() == [0, np.inf]
    assert mmc_sojourn_quantile(1, 1, 2, [0, 1]).tolist() == [0, np.inf]


def test_everything_broadcasts() -> None:
    rate, servers = np.array([1.0, 2.0, 9.0]), np.array([[3], [4]])
    for of in (mmc_wait_quantile, mmc_sojourn_quantile):
        found = of(rate, 1, servers, 0.9)
        assert found.shape == (2, 3)
        assert found[1, 1] == pytest.approx(of(2.0, 1, 4, 0.9), rel=1e-13)
        assert np.shape(of(1, 1, 2, 0.9)) == ()


# --- refusals ---


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((-1, 1, 1, 0.5), "`arrival_rate` must be finite and >= 0; got -1"),
        ((1, 0, 1, 0.5), "`service_rate` must be finite and > 0; got 0"),
        ((1, 1, 0, 0.5), "`servers` must be whole"),
        ((1, 1, 1, 1.5), r"`probability` must lie in \[0, 1\]; got 1.5"),
        ((1, 1, 1, np.nan), "`probability` must lie"),
    ],
)
def test_refusals(inputs: tuple[float, float, int, float], said: str) -> None:
    for of in (mmc_wait_quantile, mmc_sojourn_quantile):
        with pytest.raises(MetricsError, match=said):
            of(*inputs)


def test_negative_times_are_refused() -> None:
    with pytest.raises(MetricsError, match="`wait` must be finite and >= 0"):
        mmc_wait_tail(1, 1, 2, -1)
    with pytest.raises(MetricsError, match="`time` must be finite and >= 0"):
        mmc_sojourn_tail(1, 1, 2, np.inf)
