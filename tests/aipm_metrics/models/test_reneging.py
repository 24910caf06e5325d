"""M/M/c with a fixed timeout, and Erlang A."""

from heapq import heapreplace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.erlang_a import erlang_a
from aipm_metrics.models.queueing import (
    erlang_b,
    erlang_c,
    mmc_mean_wait,
    mmc_sojourn_tail,
    mmc_timeout,
    mmc_wait_tail,
)
from tests.aipm_metrics.models.queues import solved_chain

RATE = st.floats(0.01, 60)
SERVERS = st.integers(1, 40)
TIMEOUT = st.floats(0, 20)

# --- laws of the fixed timeout ---


@given(RATE, SERVERS, TIMEOUT)
def test_shares_are_shares_and_nobody_waits_longer_than_the_timeout(
    rate: float, servers: int, timeout: float
) -> None:
    queue = mmc_timeout(rate, 1, servers, timeout)
    assert 0 <= queue.abandoned <= queue.delayed <= 1
    assert 0 <= queue.mean_wait_served <= timeout
    assert queue.mean_wait_served <= queue.mean_wait * (1 + 1e-9) or queue.abandoned < 1e-12
    assert queue.wait_tail(timeout) == 0
    assert queue.wait_tail(0) == pytest.approx(queue.delayed if timeout else 0, rel=1e-9)
    assert 0 <= queue.busy <= 1


@given(RATE, SERVERS, TIMEOUT, st.floats(0, 5))
def test_patience_and_servers_never_cost_customers(
    rate: float, servers: int, timeout: float, more: float
) -> None:
    now = mmc_timeout(rate, 1, servers, timeout).abandoned
    assert mmc_timeout(rate, 1, servers, timeout + more).abandoned <= now * (1 + 1e-9)
    assert mmc_timeout(rate, 1, servers + 1, timeout).abandoned <= now * (1 + 1e-9)


@given(RATE, SERVERS, TIMEOUT)
def test_what_is_served_is_what_the_servers_do(rate: float, servers: int, timeout: float) -> None:
    """Busy servers from the states below `servers`, which are those of any M/M/c."""
    queue = mmc_timeout(rate, 1, servers, timeout)
    below = np.cumprod([1.0, *(rate / k for k in range(1, servers))])
    mean_below = (below * np.arange(servers)).sum() / below.sum()
    busy = (1 - queue.delayed) * mean_below + queue.delayed * servers
    assert rate * (1 - queue.abandoned) == pytest.approx(busy, rel=1e-9)


@given(RATE, SERVERS, TIMEOUT, st.floats(1e-3, 1e3))
def test_the_unit_of_time_does_not_matter(
    rate: float, servers: int, timeout: float, unit: float
) -> None:
    one = mmc_timeout(rate, 1, servers, timeout)
    other = mmc_timeout(rate * unit, unit, servers, timeout / unit)
    assert other.abandoned == pytest.approx(one.abandoned, rel=1e-7, abs=1e-200)
    assert other.mean_wait_served * unit == pytest.approx(one.mean_wait_served, rel=1e-7, abs=1e-99)


@settings(max_examples=40)
@given(st.floats(0.5, 40), st.integers(1, 30), st.floats(0.1, 6))
def test_means_and_tails_by_quadrature(rate: float, servers: int, timeout: float) -> None:
    """The density of the wait faced, integrated from where it is written down in the literature."""
    growth = rate - servers

    def density(v: float) -> float:
        return float(np.exp(growth * min(v, timeout) - servers * max(v - timeout, 0)))

    line = 1 / erlang_b(rate, servers - 1)  # p[0] .. p[c-1], over p[c-1]
    within = integrate.quad(density, 0, timeout, epsabs=0)[0]
    after = density(timeout) / servers
    whole = line + rate * (within + after)
    queue = mmc_timeout(rate, 1, servers, timeout)
    assert queue.abandoned == pytest.approx(rate * after / whole, rel=1e-6)
    assert queue.delayed == pytest.approx(rate * (within + after) / whole, rel=1e-6)
    moment = integrate.quad(lambda v: v * density(v), 0, timeout, epsabs=0)[0]
    served = 1 - queue.abandoned
    assert queue.mean_wait_served * served == pytest.approx(rate * moment / whole, rel=1e-6)
    half = timeout / 2
    beyond = integrate.quad(density, half, timeout, epsabs=0)[0] + after
    assert queue.wait_tail(half) == pytest.approx(rate * beyond / whole, rel=1e-6)


@settings(max_examples=40)
@given(st.floats(0.5, 40), st.integers(1, 30), st.floats(0.1, 6), st.floats(0, 8))
def test_densities_are_the_slopes_of_their_tails(
    rate: float, servers: int, timeout: float, at: float
) -> None:
    queue, step = mmc_timeout(rate, 1, servers, timeout), 1e-5
    if abs(at - timeout) < 2 * step:
        at += 4 * step
    for of in (queue.served_after, queue.through_after):
        slope = (of(at)[0] - of(at + step)[0]) / step
        assert of(at + step / 2)[1] == pytest.approx(slope, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(("rate", "servers", "timeout"), [(2.5, 2, 0.7), (1.5, 2, 2.0)])
def test_simulated_customers_agree_within_four_standard_errors(
    rate: float, servers: int, timeout: float
) -> None:
    """A line served by hand: each takes the server that is free first, or leaves."""
    runs, customers = 60, 3_000
    rng = np.random.default_rng(11)
    found = np.empty((runs, 3))
    for run in range(runs):
        arrivals = rng.exponential(1 / rate, customers).cumsum().tolist()
        services = rng.exponential(1.0, customers).tolist()
        free, waits, times = [0.0] * servers, [], []
        for a, s in zip(arrivals, services, strict=True):
            wait = max(free[0] - a, 0.0)
            if wait < timeout:
                heapreplace(free, a + wait + s)
                waits.append(wait)
                times.append(wait + s)
        found[run] = 1 - len(waits) / customers, np.mean(waits), np.mean(np.array(times) > 1.5)
    queue = mmc_timeout(rate, 1, servers, timeout)
    late = queue.through_after(1.5)[0] / (1 - queue.abandoned)
    expected = np.array([queue.abandoned, queue.mean_wait_served, late])
    error = found.std(axis=0, ddof=1) / np.sqrt(runs)
    assert (np.abs(found.mean(axis=0) - expected) < 4 * error).all()


# --- numbers of the fixed timeout ---


@pytest.mark.parametrize(
    ("rate", "servers", "timeout", "abandoned", "delayed"),
    [
        pytest.param(9, 10, 1, 0.0315972, 0.5745270, id="nine in ten"),
        pytest.param(12, 10, 1, 0.1774236, 0.9444831, id="overload"),
        pytest.param(0.9, 1, 2, 0.2187637, 0.7031126, id="one server"),
        pytest.param(20, 10, 0.5, 0.5002379, 0.9971051, id="twice too much"),
        pytest.param(10, 10, 1, 0.0682118, 0.7503300, id="as much work as they can do"),
    ],
)
def test_zeltyn_mandelbaum_2005_section_4(
    rate: float, servers: int, timeout: float, abandoned: float, delayed: float
) -> None:
    """Their formulas for patience that is constant, worked out once more by quadrature above."""
    queue = mmc_timeout(rate, 1, servers, timeout)
    assert queue.abandoned == pytest.approx(abandoned, abs=5e-8)
    assert queue.delayed == pytest.approx(delayed, abs=5e-8)


def test_at_saturation_the_limit_is_taken_and_its_neighbours_agree() -> None:
    """At arrival rate = total service rate the textbook's fraction is 0 / 0."""
    at, near = (mmc_timeout(10 * f, 1, 10, 1) for f in (1, 1 + 1e-9))
    assert at.abandoned == pytest.approx(near.abandoned, rel=1e-7)
    assert at.mean_wait_served == pytest.approx(near.mean_wait_served, rel=1e-7)
    assert round(float(at.abandoned), 4) == 0.0682


# --- limits of the fixed timeout ---


@given(RATE, SERVERS)
def test_no_patience_is_erlangs_loss_formula(rate: float, servers: int) -> None:
    assert mmc_timeout(rate, 1, servers, 0).abandoned == pytest.approx(
        erlang_b(rate, servers), rel=1e-9
    )


@given(st.floats(0.05, 0.9), SERVERS, st.floats(0, 3))
def test_endless_patience_is_erlangs_delay_formula(busy: float, servers: int, at: float) -> None:
    rate = busy * servers
    queue = mmc_timeout(rate, 1, servers, 1e4)
    assert queue.abandoned == 0
    assert queue.delayed == pytest.approx(erlang_c(rate, servers), rel=1e-9)
    assert queue.mean_wait_served == pytest.approx(mmc_mean_wait(rate, 1, servers), rel=1e-9)
    assert queue.wait_tail(at) == pytest.approx(mmc_wait_tail(rate, 1, servers, at), rel=1e-9)
    through = mmc_sojourn_tail(rate, 1, servers, at)
    assert queue.through_after(at)[0] == pytest.approx(through, rel=1e-9)


def test_hopeless_overload_serves_what_can_be_served() -> None:
    """No number overflows: a thousand times the work, patience of a thousand services."""
    queue = mmc_timeout(10_000, 1, 10, 1_000)
    assert queue.abandoned == pytest.approx(0.999, rel=1e-9)
    assert queue.mean_wait_served == pytest.approx(1_000, rel=1e-3)
    assert queue.busy == pytest.approx(1)


def test_nobody_comes_and_nobody_leaves() -> None:
    queue = mmc_timeout(0, 1, [1, 3], 2)
    assert queue.abandoned.tolist() == queue.delayed.tolist() == [0, 0]
    assert queue.mean_wait_served.tolist() == [0, 0]


def test_everything_broadcasts() -> None:
    queue = mmc_timeout([1.0, 2.0, 3.0], 1, [[1], [2]], 0.5)
    assert queue.abandoned.shape == queue.mean_wait_served.shape == (2, 3)
    assert queue.abandoned[1, 2] == mmc_timeout(3.0, 1, 2, 0.5).abandoned


# --- Erlang A ---


@pytest.mark.parametrize(
    ("servers", "delayed", "abandoned", "busy", "wait"),
    [pytest.param(14, 0.145260, 0.013984, 0.704297, 0.069919, id="pyworkforce tests, Erlang A")],
)
def test_a_call_centre_with_patience(
    servers: int, delayed: float, abandoned: float, busy: float, wait: float
) -> None:
    """100 calls in 30 min of 3 min each, patience 5 min."""
    found = erlang_a(100 / 30, 1 / 3, servers, 5)
    assert found.delayed == pytest.approx(delayed, abs=5e-7)
    assert found.abandoned == pytest.approx(abandoned, abs=5e-7)
    assert found.busy == pytest.approx(busy, abs=5e-7)
    assert found.mean_wait == pytest.approx(wait, abs=5e-7)


@settings(max_examples=40)
@given(st.floats(0.1, 30), st.integers(1, 20), st.floats(0.05, 3))
def test_erlang_a_is_the_solved_chain(rate: float, servers: int, patience: float) -> None:
    most = servers + int(40 + 4 * rate * patience)
    deaths = [min(k + 1, servers) + max(k + 1 - servers, 0) / patience for k in range(most)]
    shares = solved_chain([rate] * most, deaths)
    in_line = shares @ np.maximum(np.arange(most + 1) - servers, 0)
    found = erlang_a(rate, 1, servers, patience)
    assert found.delayed == pytest.approx(shares[servers:].sum(), rel=1e-7, abs=1e-9)
    assert found.abandoned == pytest.approx(in_line / patience / rate, rel=1e-7, abs=1e-9)
    assert found.mean_wait == pytest.approx(in_line / rate, rel=1e-7, abs=1e-9)


@given(st.floats(0.01, 3), st.integers(1, 50), st.floats(-4, 9))
def test_erlang_a_by_its_own_series(busy: float, servers: int, log_patience: float) -> None:
    """Term by term, where that takes under ten thousand of them, all positive."""
    patience = 10.0**log_patience
    a, x = servers * patience, busy * servers * patience
    j = np.arange(1, 20_001)
    logs = np.cumsum(np.log(x) - np.log(a + j))
    if logs[-1] > -40 or logs.max() > 600:
        return
    terms = np.append(1.0, np.exp(logs))
    over, lost = terms.sum(), erlang_b(busy * servers, servers)
    delayed = over * lost / (1 - lost + over * lost)
    giving_up = (terms[1:] * j).sum() / over / x
    found = erlang_a(busy * servers, 1, servers, patience)
    # Ten thousand logarithms added up, or an incomplete gamma at 1e5 erlangs: eight digits.
    assert found.delayed == pytest.approx(delayed, rel=1e-8)
    assert found.abandoned == pytest.approx(delayed * giving_up, rel=1e-7)


@given(st.floats(0.05, 0.95), SERVERS)
def test_endless_patience_is_erlang_c(busy: float, servers: int) -> None:
    found = erlang_a(busy * servers, 1, servers, 1e12)
    assert found.delayed == pytest.approx(erlang_c(busy * servers, servers), rel=1e-7)
    assert found.mean_wait == pytest.approx(mmc_mean_wait(busy * servers, 1, servers), rel=1e-7)
    assert found.abandoned == pytest.approx(0, abs=1e-9)


def test_erlang_a_in_overload_and_without_anybody() -> None:
    overload = erlang_a(1e4, 1, 10, 1e3)
    assert overload.abandoned == pytest.approx(0.999, rel=1e-9)
    assert overload.delayed == pytest.approx(1)
    idle = erlang_a(0, 1, 3, 1)
    assert (idle.delayed, idle.abandoned, idle.mean_wait, idle.busy) == (0, 0, 0, 0)


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`timeout` must be finite and >= 0; got -1"):
        mmc_timeout(1, 1, 1, -1)
    with pytest.raises(MetricsError, match="`timeout` must be finite"):
        mmc_timeout(1, 1, 1, np.inf)
    with pytest.raises(MetricsError, match="`arrival_rate` must be finite"):
        mmc_timeout(np.nan, 1, 1, 1)
    with pytest.raises(MetricsError, match="`mean_patience` must be finite and > 0; got 0"):
        erlang_a(1, 1, 1, 0)
    with pytest.raises(MetricsError, match="`wait` must be finite and >= 0"):
        mmc_timeout(1, 1, 1, 1).wait_tail(-1)
