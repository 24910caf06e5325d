"""Means over replications of sample paths, within four standard errors of the exact ones."""

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import factorial, gammaln

from aipm_metrics.models.paths import simulate_waits
from aipm_metrics.models.replications import Mean, mean_of_jobs
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


def erlang_c(load: float, servers: int) -> float:
    """Chance to wait: Gross & Harris (1998), "Fundamentals of Queueing Theory", sec. 2.3."""
    k = np.arange(servers)
    rest = load**servers / factorial(servers) / (1 - load / servers)
    return float(rest / ((load**k / factorial(k)).sum() + rest))


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (1.5, 2), (4.0, 5), (8.0, 10), (45.0, 50)])
def test_waits_of_memoryless_queues(load: float, servers: int) -> None:
    """M/M/c: chance ``C`` to wait, mean ``C / (c - load)``, tail ``C exp(-(c - load) t)``."""
    waits, _, counted = simulated(load, servers, EXPONENTIAL)
    c, spare = erlang_c(load, servers), servers - load
    assert agrees(mean_of_jobs(waits > 0, counted), c)
    assert agrees(mean_of_jobs(waits, counted), c / spare)
    assert agrees(mean_of_jobs(waits > 1 / spare, counted), c * math.exp(-1))


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
@pytest.mark.parametrize(("load", "cv"), [(0.5, 0.0), (0.5, 1.0), (0.7, 0.5), (0.7, 1.5)])
def test_waits_for_one_server_depend_on_the_variation(
    load: float, cv: float, family: Family
) -> None:
    """Pollaczek-Khinchine: ``load mean (1 + cv**2) / (2 (1 - load))``."""
    waits, _, counted = simulated(load, 1, ServiceTime(1.0, cv, family))
    exact = load * (1 + cv**2) / (2 * (1 - load))
    assert agrees(mean_of_jobs(waits, counted), exact)
    assert agrees(mean_of_jobs(waits > 0, counted), load)


@pytest.mark.parametrize(("time", "exact"), [(0, 0.2), (1, 0.4451081857), (5, 0.8995027618)])
def test_waits_before_a_metronome_of_a_server(time: int, exact: float) -> None:
    """M/D/1 at load 0.8: Crommelin (1932), P.O. Electrical Engineers Journal 25, 41-50.

    ``P(W <= t) = (1 - r) sum over j <= t of (r (j - t))**j / j! exp(-r (j - t))``
    """
    j = np.arange(time + 1)
    terms = (0.8 * (j - time)) ** j / factorial(j) * np.exp(-0.8 * (j - time))
    assert 0.2 * terms.sum() == pytest.approx(exact, abs=1e-10)
    waits, _, counted = simulated(0.8, 1, ServiceTime.deterministic(1.0))
    # Sums of the constant make waits of exactly nothing or exactly 1 s by rounding only.
    assert agrees(mean_of_jobs(waits <= time + 1e-9, counted), exact)


def abandoned(load: float, servers: int, timeout: float) -> tuple[float, float]:
    """Shares lost and made to wait in M/M/c + D, by the density of the work in the way.

    Baccelli & Hebuterne (1981), "On queues with impatient customers", Performance '81, 159-179.
    """
    k = np.arange(servers)
    p = np.exp(k * math.log(load) - gammaln(k + 1))
    spare = servers - load
    inside = -math.expm1(-spare * timeout) / spare if spare else timeout
    edge = math.exp(-spare * timeout)
    waiting = load * p[-1] * (inside + edge / servers)
    whole = p.sum() + waiting
    return load * p[-1] * edge / servers / whole, waiting / whole


@pytest.mark.parametrize(
    ("load", "servers", "timeout", "lost"),
    [
        (9.0, 10, 1.0, 0.0315972),
        (12.0, 10, 1.0, 0.1774236),
        (10.0, 10, 1.0, 0.0682),
        (0.9, 1, 2.0, 0.2187637),
        (20.0, 10, 0.5, 0.5002379),
        (9.0, 10, 0.0, 0.1679632),  # Erlang's loss formula
    ],
)
def test_who_gives_up_after_a_set_time(
    load: float, servers: int, timeout: float, lost: float
) -> None:
    waits, served, counted = simulated(load, servers, EXPONENTIAL, timeout)
    share, waiting = abandoned(load, servers, timeout)
    assert share == pytest.approx(lost, abs=5e-5)
    assert agrees(mean_of_jobs(~served, counted), share)
    assert agrees(mean_of_jobs((waits > 0) | ~served, counted), waiting)
    assert not waits[~served].size or waits[~served].max() == timeout
