"""Jobs before servers that follow what has come so far."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.arrivals import arrival_instants, draws_needed
from aipm_metrics.models.autoscaled_paths import (
    measured_load,
    server_schedule,
    simulate_autoscaled,
)
from aipm_metrics.models.autoscaling import TargetTracking, follow
from aipm_metrics.models.day_shape import HOUR_S, Burst, DayShape
from aipm_metrics.models.paths import simulate_waits
from aipm_metrics.models.replications import job_uniforms, mean_of_jobs
from aipm_metrics.models.service_time import ServiceTime

LOADS = st.lists(
    st.lists(st.integers(0, 20).map(float), min_size=12, max_size=12), min_size=1, max_size=3
)
COLD = st.sampled_from([0.0, 15.0, 45.0, 300.0])
INF = math.inf

# --- laws ---


@given(LOADS, COLD, st.sampled_from([0.0, 30.0]), st.sampled_from([0.0, -900.0, 3600.0]))
def test_the_schedule_has_as_many_servers_as_the_fleet(
    loads: list[list[float]], cold: float, window: float, start: float
) -> None:
    """Two ways to count: servers one by one, and the fewest of the last ticks."""
    policy = TargetTracking(target=0.5, cold_start_s=cold, down_window_s=window)
    fleet = follow(policy, loads)
    ready, retire = server_schedule(fleet, cold, start)
    for tick in range(12):
        now = start + tick * 15.0
        working = ((ready <= now) & (now < retire)).sum(axis=1)
        assert (working == fleet.ready[:, tick]).all()
    assert ((ready < retire) | np.isinf(ready)).all()


@given(LOADS, COLD)
def test_servers_are_paid_from_order_to_retirement(loads: list[list[float]], cold: float) -> None:
    """All of them, as long as none is let go before it is ready."""
    policy = TargetTracking(target=0.5, cold_start_s=cold, down_window_s=600)
    fleet = follow(policy, loads)
    ready, retire = server_schedule(fleet, cold)
    end = 12 * 15.0
    paid = np.where(np.isposinf(ready), 0, np.minimum(retire, end) - np.maximum(ready - cold, 0))
    assert paid.sum(axis=1) / HOUR_S == pytest.approx(fleet.server_hours, rel=1e-12)


@given(st.integers(0, 99), st.integers(1, 5), st.sampled_from([0.5, INF]))
def test_a_rule_with_no_choice_is_a_fixed_number_of_servers(
    seed: int, servers: int, timeout: float
) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(0.3, (2, 50)), axis=1)
    services = rng.exponential(1, (2, 50))
    policy = TargetTracking(target=0.7, minimum=servers, maximum=servers)
    waits, served, fleet = simulate_autoscaled(
        arrivals, services, policy, 1.0, start_s=0, end_s=60, timeout=timeout
    )
    plain = simulate_waits(arrivals, services, servers, timeout)
    assert waits == pytest.approx(plain[0], abs=1e-11)
    assert (served == plain[1]).all()
    assert (fleet.ordered == servers).all()


@given(st.integers(0, 99), st.sampled_from([7.0, 10.0, 60.0]))
def test_every_arrival_is_measured_once(seed: int, tick: float) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.sort(rng.uniform(-50, 150, (3, 40)), axis=1)
    arrivals[0, -5:], arrivals[1, -3:] = INF, math.nan
    load = measured_load(arrivals, 2.0, tick_s=tick, start_s=0, end_s=100)
    inside = ((arrivals >= 0) & (arrivals < 100)).sum(axis=1)
    assert load.sum(axis=1) * tick / 2 == pytest.approx(inside, rel=1e-12)
    assert load.shape == (3, math.ceil(100 / tick))
    edges = np.arange(load.shape[1] + 1) * tick
    counts = [np.histogram(row[(row >= 0) & (row < 100)], edges)[0] for row in arrivals]
    assert load * tick / 2 == pytest.approx(np.array(counts, float))


# --- by hand ---


def test_a_job_starts_when_the_ordered_server_is_warm() -> None:
    """Ten jobs in the first tick; at 15 s the order goes out, and 20 s later it works."""
    arrivals = np.array([[*range(10), 40.0]])
    policy = TargetTracking(target=1.0, cold_start_s=20.0, tolerance=0.0)
    waits, _, fleet = simulate_autoscaled(
        arrivals, np.full((1, 11), 60.0), policy, 6.0, start_s=0, end_s=45, initial=1
    )
    assert fleet.ordered.tolist() == [[1, 4, 4]]
    assert fleet.ready.tolist() == [[1, 1, 1]]
    starts = (arrivals + waits)[0]
    assert starts.tolist() == [0, 35, 35, 35, 60, 95, 95, 95, 120, 155, 155]


# --- random: what a cold start does to a burst ---


@cache
def burst(cold: float, servers: int = 0) -> tuple[float, float, float]:
    """Share of a burst's jobs that give up after 30 s, its error, and server hours.

    Two seconds of work a job, 3 jobs a second, and 6 more for 15 minutes.
    """
    day = DayShape(3.0, bursts=(Burst(1800, 900, 6.0),))
    s, end = 12, HOUR_S
    coming, working = np.random.default_rng(23).spawn(2)
    u = job_uniforms(coming, s, draws_needed(day, end_s=end))
    arrivals = arrival_instants(day, u, end_s=end)
    services = ServiceTime(2.0, 1.0).draw(job_uniforms(working, *arrivals.shape))
    limits = {"minimum": servers, "maximum": servers} if servers else {}
    policy = replace(TargetTracking(target=0.7, cold_start_s=cold), **limits)
    _, served, fleet = simulate_autoscaled(
        arrivals, services, policy, 2.0, start_s=0, end_s=end, timeout=30
    )
    lost = mean_of_jobs(~served, (arrivals >= 1800) & (arrivals < 2700))
    return lost.value, lost.error, float(fleet.server_hours.mean())


def test_a_colder_start_loses_more_of_a_burst_at_the_same_price() -> None:
    warm, cool, cold = (burst(x) for x in (0.0, 120.0, 300.0))
    assert warm[0] == 0
    assert cool[0] > 4 * cool[1] > 0
    assert cold[0] - cool[0] > 4 * (cold[1] + cool[1])
    assert warm[2] == cool[2] == cold[2]


def test_few_fixed_servers_lose_a_burst_and_many_cost_more_than_those_that_follow() -> None:
    few, many, following = burst(0.0, servers=12), burst(0.0, servers=24), burst(0.0)
    assert few[0] > 0.2
    assert few[2] == pytest.approx(12)
    assert many[0] < 1e-3
    assert following[2] < many[2]


# --- refusals ---


def test_refusals_name_the_field() -> None:
    for arrivals, end in (([0.0], 10.0), ([[0.0]], 0.0)):
        with pytest.raises(MetricsError, match=r"`arrivals` must have shape .* and `end_s` come"):
            measured_load(arrivals, 1.0, tick_s=5, start_s=0, end_s=end)
    with pytest.raises(MetricsError, match="`mean_service_s` must lie in"):
        measured_load([[0.0]], -1.0, tick_s=5, start_s=0, end_s=10)
    with pytest.raises(MetricsError, match="`tick_s` must lie in"):
        measured_load([[0.0]], 1.0, tick_s=0, start_s=0, end_s=10)
