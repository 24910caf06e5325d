"""Retries, and the collapse they can hold a queue in."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.bracketed_roots import root_between
from aipm_metrics.models.queueing import mmc_timeout, mmc_wait_tail
from aipm_metrics.models.retries import (
    RetryState,
    Work,
    attempts_per_request,
    retry_points,
    stuck,
    users_failed,
)

LOAD = st.floats(0.01, 1.5)
SERVERS = st.integers(1, 25)
TIMEOUT = st.floats(0, 4)
RETRIES = st.integers(0, 6)


def every_root(rate: float, servers: int, timeout: float, retries: int, work: str) -> list[float]:
    """By signs on a fine grid and Brent's method: another way to the same places."""

    def excess(x: Any) -> Any:
        failed = (
            mmc_wait_tail(x, 1, servers, timeout)
            if work == "wasted"
            else mmc_timeout(x, 1, servers, timeout).abandoned
        )
        return rate * sum(failed**k for k in range(retries + 1)) - x

    grid = np.linspace(rate * (1 - 1e-9), rate * (retries + 1) * (1 + 1e-9), 1201)
    change = np.flatnonzero(np.diff(np.sign(excess(grid))))
    return [brentq(excess, grid[i], grid[i + 1], xtol=1e-13, rtol=1e-14) for i in change]


# --- arithmetic of attempts ---


@given(st.floats(0, 1), RETRIES)
def test_attempts_are_a_geometric_sum(failed: float, retries: int) -> None:
    attempts = attempts_per_request(failed, retries)
    assert attempts == pytest.approx(sum(failed**k for k in range(retries + 1)), rel=1e-12)
    assert 1 <= attempts <= retries + 1
    # Every attempt that does not fail serves a request: what is served plus what fails is all.
    assert attempts * (1 - failed) + users_failed(failed, retries) == pytest.approx(1)


def test_attempts_broadcast() -> None:
    assert attempts_per_request([0.0, 0.5, 1.0], [[0], [1]]).tolist() == [[1, 1, 1], [1, 1.5, 2]]


# --- laws of the fixed points ---


@given(LOAD, SERVERS, TIMEOUT, RETRIES, st.sampled_from(["wasted", "cancelled"]))
def test_every_point_is_a_fixed_point(
    busy: float, servers: int, timeout: float, retries: int,
    work: Work,
) -> None:  # fmt: skip
    rate = busy * servers
    points = retry_points(rate, 1, servers, timeout, retries, work=work)
    there = [s for s in (points.calm, points.tipping, points.collapsed) if np.isfinite(s.offered)]
    assert there
    assert [s.offered for s in there] == sorted(s.offered for s in there)
    for state in there:
        again = rate * attempts_per_request(state.failed, retries)
        assert state.offered == pytest.approx(again, rel=1e-6)
        assert state.users_failed == pytest.approx(users_failed(state.failed, retries))
        failed = (
            mmc_wait_tail(state.offered, 1, servers, timeout)
            if work == "wasted"
            else mmc_timeout(state.offered, 1, servers, timeout).abandoned
        )
        assert state.failed == pytest.approx(failed, rel=1e-9)


@settings(max_examples=50)
@given(LOAD, SERVERS, TIMEOUT, st.integers(1, 6), st.sampled_from(["wasted", "cancelled"]))
def test_no_fixed_point_is_missed(
    busy: float, servers: int, timeout: float, retries: int,
    work: Work,
) -> None:  # fmt: skip
    rate = busy * servers
    points = retry_points(rate, 1, servers, timeout, retries, work=work)
    found = [
        float(s.offered)
        for s in (points.calm, points.tipping, points.collapsed)
        if np.isfinite(s.offered)
    ]
    gaps = np.diff(found)
    assume(not gaps.size or gaps.min() > 0.01 * rate * retries)  # two in one cell of the grid
    assume(abs(rate * (retries + 1) / servers - 1) > 1e-3)
    assert found == pytest.approx(every_root(rate, servers, timeout, retries, work), rel=1e-7)


@given(LOAD, SERVERS, TIMEOUT, RETRIES)
def test_where_work_is_cancelled_nothing_collapses(
    busy: float, servers: int, timeout: float, retries: int
) -> None:
    points = retry_points(busy * servers, 1, servers, timeout, retries, work="cancelled")
    assert np.isfinite(points.calm.offered)
    assert np.isnan(points.tipping.offered)
    assert not points.can_collapse


@given(LOAD, SERVERS, TIMEOUT, RETRIES, st.floats(0, 1))
def test_a_budget_is_kept_and_never_hurts(
    busy: float, servers: int, timeout: float, retries: int, budget: float
) -> None:
    rate = busy * servers
    both: tuple[Work, Work] = ("wasted", "cancelled")
    for work in both:
        free = retry_points(rate, 1, servers, timeout, retries, work=work).settled
        held = retry_points(rate, 1, servers, timeout, retries, work=work, budget=budget)
        for state in (held.calm, held.tipping, held.collapsed):
            assert not state.offered > rate * (1 + budget) * (1 + 1e-12)
        assert held.settled.offered <= free.offered * (1 + 1e-9)
        assert 0 <= held.settled.users_failed <= 1
        # Conservation: what is served is what is offered and does not fail.
        done = held.settled.offered * (1 - held.settled.failed)
        assert rate * (1 - held.settled.users_failed) == pytest.approx(done, rel=1e-6, abs=1e-9)


@given(st.floats(0.05, 0.99), SERVERS, TIMEOUT)
def test_without_retries_the_load_is_what_comes(busy: float, servers: int, timeout: float) -> None:
    points = retry_points(busy * servers, 1, servers, timeout, 0)
    assert points.calm.offered == busy * servers
    assert not points.can_collapse
    assert np.isnan(points.collapsed.offered)


# --- the lesson, in numbers ---

TEN = (1, 10, 1, 3)  # service rate, servers, timeout, retries


@pytest.mark.parametrize(
    ("rate", "calm", "tipping", "collapsed"),
    [(6, 6.011, 9.275, 24.0), (7, 7.091, 8.910, 28.0), (8, np.nan, np.nan, 32.0),
     (2, 2.0, np.nan, np.nan)],
)  # fmt: skip
def test_ten_servers_a_second_of_patience_and_three_retries(
    rate: float, calm: float, tipping: float, collapsed: float
) -> None:
    """Metastable failure, Bronson et al. (2021): calm and collapse at one and the same load."""
    points = retry_points(rate, *TEN)
    found = [points.calm.offered, points.tipping.offered, points.collapsed.offered]
    assert found == pytest.approx([calm, tipping, collapsed], abs=5e-4, nan_ok=True)
    assert bool(points.can_collapse) == np.isfinite(tipping)
    if np.isfinite(collapsed):
        assert (points.collapsed.failed, points.collapsed.users_failed) == (1, 1)


@pytest.mark.parametrize(
    ("rate", "offered", "failed"), [(8, 8.106, 0.0130), (9, 9.424, 0.0450), (10, 13.255, 0.2484)]
)
def test_the_same_queue_when_those_who_leave_are_taken_out(
    rate: float, offered: float, failed: float
) -> None:
    state = retry_points(rate, *TEN, work="cancelled").calm
    assert state.offered == pytest.approx(offered, abs=5e-4)
    assert state.failed == pytest.approx(failed, abs=5e-5)
    # By brute force: iterate from below, ten thousand times.
    x = float(rate)
    for _ in range(10_000):
        x = rate * float(attempts_per_request(mmc_timeout(x, 1, 10, 1).abandoned, 3))
        if abs(x - state.offered) < 1e-10:
            break
    assert x == pytest.approx(state.offered, rel=1e-9)


def test_a_budget_of_a_tenth_saves_the_queue_that_would_collapse() -> None:
    """At eight a second: 8.8 attempts a second, and 90 % of the users served."""
    points = retry_points(8, *TEN, budget=0.1)
    assert points.calm.offered == pytest.approx(8.8)
    assert np.isnan(points.collapsed.offered)
    assert points.calm.users_failed == pytest.approx(0.1024, abs=5e-5)


def test_a_day_stays_collapsed_until_the_load_is_low_enough() -> None:
    points = retry_points([6.0, 9.0, 6.0, 3.0, 2.0, 6.0], *TEN)
    assert stuck(points).tolist() == [False, True, True, True, False, False]
    assert stuck(retry_points([[6.0, 6.0], [9.0, 6.0]], *TEN)).tolist() == [
        [False, False], [True, True],
    ]  # fmt: skip


# --- limits ---


def test_nobody_comes() -> None:
    points = retry_points(0, *TEN)
    assert points.calm == RetryState(0, 0, 0)
    assert points.settled.offered == 0


def test_saturation_fails_everybody() -> None:
    points = retry_points([10.0, 12.0], *TEN)
    assert np.isnan(points.calm.offered).all()
    assert points.settled.offered.tolist() == [40, 48]
    assert retry_points(10, 1, 10, 1, 0).settled.users_failed == 1


def test_everything_broadcasts() -> None:
    points = retry_points(np.array([2.0, 6.0, 8.0]), 1, [[10], [12]], 1, 3)
    assert points.calm.offered.shape == points.tipping.failed.shape == (2, 3)
    assert points.settled.offered[0, 1] == retry_points(6, 1, 10, 1, 3).calm.offered


# --- roots in brackets ---


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6))
def test_roots_of_steep_and_flat_functions(roots: list[float]) -> None:
    where = np.array(roots)
    assert root_between(lambda x: (x - where) ** 3, -6.0, 6.0) == pytest.approx(where, abs=1e-4)
    assert root_between(lambda x: np.tanh(x - where), -6.0, 6.0) == pytest.approx(where, abs=1e-9)


def test_a_root_at_an_end_is_found() -> None:
    assert root_between(lambda x: x - 1, 1.0, 2.0) == 1
    assert root_between(lambda x: x - 2, 1.0, 2.0) == 2


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match=r"`retries` must be whole and lie in \[0, 100\]"):
        retry_points(1, 1, 1, 1, 1.5)
    with pytest.raises(MetricsError, match=r"`budget` must lie in \[0, 1\]; got 2"):
        retry_points(1, 1, 1, 1, 1, budget=2)
    with pytest.raises(MetricsError, match="`failed` must lie"):
        attempts_per_request(1.5, 1)
    with pytest.raises(MetricsError, match="`timeout` must be finite"):
        retry_points(1, 1, 1, np.inf, 1)
