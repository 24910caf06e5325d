"""How many servers a target needs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queueing import (
    erlang_c,
    fewest_servers,
    halfin_whitt_delayed,
    mmc_wait_quantile,
    square_root_staffing,
)


@given(st.floats(0, 60), st.floats(0.1, 10), st.floats(0, 0.999), st.floats(0, 5))
def test_the_fewest_will_do_and_one_fewer_will_not(
    load: float, mu: float, share: float, wait: float
) -> None:
    servers = int(fewest_servers(load * mu, mu, share, wait))
    assert mmc_wait_quantile(load * mu, mu, servers, share) <= wait + 1e-9
    if servers > 1:
        assert mmc_wait_quantile(load * mu, mu, servers - 1, share) > wait - 1e-9


def test_economies_of_scale() -> None:
    """Services of 2 s, 99 % to wait at most half a second: busy 33 % and 96 % of the time."""
    rates = np.array([1, 3, 4.8, 10, 50, 200])
    servers = fewest_servers(rates, 0.5, 0.99, 0.5)
    assert servers.tolist() == [6, 12, 16, 28, 112, 415]
    assert (2 * rates / servers).round(3).tolist() == [0.333, 0.5, 0.6, 0.714, 0.893, 0.964]


@pytest.mark.parametrize(
    ("rate", "share", "wait", "servers"),
    [
        pytest.param(30 / 60, 0.9, 0, 6, id="Wolfram ErlangC: 30 calls an hour of 5 min"),
        pytest.param(10.6 / 5, 0.1, 0.0, 11, id="a load of 10.6 can be served by 11"),
    ],
)
def test_published_and_hand_made(rate: float, share: float, wait: float, servers: int) -> None:
    assert fewest_servers(rate, 0.2, share, wait) == servers


def test_the_square_root_rule_by_hand() -> None:
    assert square_root_staffing([100, 99, 0], [1.5, 0, 3]).tolist() == [115, 99, 1]
    assert square_root_staffing(0.25, 0) == 1


@pytest.mark.parametrize(
    ("safety", "delayed"), [(0.5, 0.516), (1, 0.237), (1.5, 0.095), (2, 0.033)]
)
def test_a_hundred_erlangs_with_some_safety(safety: float, delayed: float) -> None:
    """Erlang C at the staffing of the rule."""
    exact = erlang_c(100, square_root_staffing(100, safety))
    assert round(float(exact), 3) == delayed
    assert halfin_whitt_delayed(safety) == pytest.approx(exact, rel=0.25)


@given(st.floats(0, 4))
def test_halfin_and_whitts_limit(safety: float) -> None:
    """Theorem 1, by scipy's normal; a million erlangs are nearly there."""
    expected = 1 / (1 + safety * stats.norm.cdf(safety) / stats.norm.pdf(safety))
    assert halfin_whitt_delayed(safety) == pytest.approx(expected, rel=1e-9)


def test_many_servers_come_close_to_the_limit() -> None:
    load = 40_000
    exact = erlang_c(load, square_root_staffing(load, 1.0))
    assert halfin_whitt_delayed(1.0) == pytest.approx(exact, rel=0.01)


def test_limits() -> None:
    assert fewest_servers(0, 1, 0.99, 0) == 1
    assert halfin_whitt_delayed([0, 50]).tolist() == [1, 0]
    assert fewest_servers(np.ones((2, 1)), 1, [0.5, 0.9, 0.99], 0).shape == (2, 3)


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`probability` must be below 1"):
        fewest_servers(1, 1, 1, 1)
    with pytest.raises(MetricsError, match="`wait` must be finite"):
        fewest_servers(1, 1, 0.9, np.inf)
    with pytest.raises(MetricsError, match="`arrival_rate` needs more than 100000 servers"):
        fewest_servers(2e5, 1, 0.9, 1)
    with pytest.raises(MetricsError, match="`safety` must be finite"):
        square_root_staffing(1, -1)
