"""Means over replications of sample paths, within four standard errors of the exact ones."""

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from aipm_metrics.models.paths import simulate_waits
from aipm_metrics.models.queueing import (
    erlang_b,
    md1_wait_cdf,
    mg1_mean_wait,
    mmc_mean_wait,
    mmc_timeout,
    mmc_wait_quantile,
    mmc_wait_tail,
)
from aipm_metrics.models.replications import Mean, mean_of_jobs, quantile_of_jobs
from aipm_metrics.models.service_time import Family, ServiceTime

Floats = NDArray[np.float64]
REPLICATIONS, JOBS = 200, 3000
EXPONENTIAL = ServiceTime.exponential(1.0)


@cache
def uniforms() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(17)
    return rng.random((REPLICATIONS, JOBS)), rng.random((REPLICATIONS, JOBS))


def simulated(
    rate: float, servers: int, service: ServiceTime, timeout: float = math.inf
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Waits, who was served, and who counts: those after the first third."""
    u, v = uniforms()
    arrivals = np.cumsum(-np.log1p(-u) / rate, axis=1)
    waits, served = simulate_waits(arrivals, service.draw(v), servers, timeout)
    counted = np.zeros(waits.shape, bool)
    counted[:, JOBS // 3 :] = True
    return waits, served, counted


def agrees(mean: Mean, exact: float) -> bool:
    assert 0 < mean.error < 0.2 * exact  # else it would agree with anything
    return abs(mean.value - exact) <= 4 * mean.error


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (1.5, 2), (4.0, 5), (8.0, 10), (45.0, 50)])
def test_waits_of_memoryless_queues(load: float, servers: int) -> None:
    """M/M/c: mean and tail."""
    waits, _, counted = simulated(load, servers, EXPONENTIAL)
    assert agrees(mean_of_jobs(waits, counted), mmc_mean_wait(load, 1.0, servers))
    for time in (0.0, 1 / (servers - load), 2 / (servers - load)):
        exact = mmc_wait_tail(load, 1.0, servers, time)
        assert agrees(mean_of_jobs(waits > time, counted), exact)


@pytest.mark.parametrize(("load", "servers"), [(1.5, 2), (8.0, 10)])
def test_percentiles_of_memoryless_queues(load: float, servers: int) -> None:
    waits, _, counted = simulated(load, servers, EXPONENTIAL)
    for share in (0.9, 0.95):
        found = quantile_of_jobs(waits, share, counted)
        exact = mmc_wait_quantile(load, 1.0, servers, share)
        reach = 2 * max(found.high - found.value, found.value - found.low)  # these are 2 errors
        assert 0 < reach < 0.3 * exact
        assert abs(found.value - exact) <= reach


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
@pytest.mark.parametrize(("load", "cv"), [(0.5, 0.0), (0.5, 1.0), (0.7, 0.5), (0.7, 1.5)])
def test_waits_for_one_server_depend_on_the_variation(
    load: float, cv: float, family: Family
) -> None:
    """M/G/1: the formula of Pollaczek and Khinchine knows no family."""
    waits, _, counted = simulated(load, 1, ServiceTime(1.0, cv, family))
    assert agrees(mean_of_jobs(waits, counted), mg1_mean_wait(load, 1.0, cv))
    assert agrees(mean_of_jobs(waits > 0, counted), load)


@pytest.mark.parametrize("time", [0, 1, 5])
def test_waits_before_a_metronome_of_a_server(time: int) -> None:
    """M/D/1. Sums of the constant make waits of exactly 1 s by rounding only."""
    waits, _, counted = simulated(0.8, 1, ServiceTime.deterministic(1.0))
    share = mean_of_jobs(waits <= time + 1e-9, counted)
    assert agrees(share, md1_wait_cdf(0.8, 1.0, time))


@pytest.mark.parametrize(
    ("load", "servers", "timeout"),
    [(9.0, 10, 1.0), (12.0, 10, 1.0), (10.0, 10, 1.0), (0.9, 1, 2.0), (20.0, 10, 0.5)],
)
def test_who_gives_up_after_a_set_time(load: float, servers: int, timeout: float) -> None:
    """M/M/c + D."""
    waits, served, counted = simulated(load, servers, EXPONENTIAL, timeout)
    exact = mmc_timeout(load, 1.0, servers, timeout)
    assert agrees(mean_of_jobs(~served, counted), exact.abandoned)
    assert agrees(mean_of_jobs(waits > 0, counted), exact.delayed)
    assert agrees(mean_of_jobs(waits, counted), exact.mean_wait)
    assert agrees(mean_of_jobs(waits, counted & served), exact.mean_wait_served)


def test_who_cannot_wait_at_all_is_lost_as_erlang_says() -> None:
    _, served, counted = simulated(9.0, 10, EXPONENTIAL, 0.0)
    assert agrees(mean_of_jobs(~served, counted), erlang_b(9.0, 10))
