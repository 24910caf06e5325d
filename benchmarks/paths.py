"""A million jobs before ten servers, beside a plain heap, SimPy, Ciw and the memory itself."""

from __future__ import annotations

import math
from heapq import heapreplace
from typing import TYPE_CHECKING, Any

import ciw
import numpy as np
import simpy

from aipm_metrics.models.arrivals import arrival_instants, draws_needed
from aipm_metrics.models.autoscaled_paths import simulate_autoscaled
from aipm_metrics.models.autoscaling import TargetTracking
from aipm_metrics.models.day_shape import HOUR_S, Burst, DayShape
from aipm_metrics.models.paths import simulate_waits
from aipm_metrics.models.replications import job_uniforms
from aipm_metrics.models.service_time import ServiceTime
from benchmarks.rounds import compare

if TYPE_CHECKING:
    from collections.abc import Generator

REPLICATIONS, JOBS = 200, 5_000
SERVERS, LOAD, TIMEOUT = 10, 0.9, 1.0
ROUNDS, SLOW_ROUNDS = 15, 2


class Own(ciw.dists.Distribution):  # type: ignore[misc]
    """In Ciw, the service times that belong to the customers."""

    def __init__(self, services: list[float]) -> None:
        self.services = services

    def sample(self, t: float, ind: Any) -> float:  # noqa: ARG002
        """Look up the one of this customer."""
        return float(self.services[ind.id_number - 1])


def with_ciw(arrivals: np.ndarray, services: np.ndarray) -> np.ndarray:
    """Simulate one replication in a network made for it."""
    gaps = np.diff(arrivals, prepend=0.0).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, math.inf])],
        service_distributions=[Own(services.tolist())], number_of_servers=[SERVERS],
    )  # fmt: skip
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(arrivals[-1] + 1e6)
    waits = np.full(arrivals.size, np.nan)
    for record in simulation.get_all_records():
        waits[record.id_number - 1] = record.waiting_time
    return waits


def with_simpy(arrivals: np.ndarray, services: np.ndarray) -> np.ndarray:
    """Simulate one replication, a process for each customer."""
    world, waits = simpy.Environment(), np.full(arrivals.size, np.nan)
    servers = simpy.Resource(world, SERVERS)

    def customer(i: int, service: float) -> Generator[simpy.Event, Any, None]:
        came = world.now
        with servers.request() as turn:
            yield turn
            waits[i] = world.now - came
            yield world.timeout(service)

    def source() -> Generator[simpy.Event, Any, None]:
        for i, (at, service) in enumerate(zip(arrivals.tolist(), services.tolist(), strict=True)):
            yield world.timeout(at - world.now)
            world.process(customer(i, service))

    world.process(source())
    world.run()
    return waits


def with_a_heap(arrivals: np.ndarray, services: np.ndarray, timeout: float) -> np.ndarray:
    """Simulate all, in the few lines of Python that everybody writes first."""
    rows = []
    for row, times in zip(arrivals.tolist(), services.tolist(), strict=True):
        free, waits = [0.0] * SERVERS, []
        for arrival, service in zip(row, times, strict=True):
            start = free[0]
            if start < arrival:
                start = arrival
            wait = start - arrival
            if wait <= timeout:
                heapreplace(free, start + service)
                waits.append(wait)
            else:
                waits.append(timeout)
        rows.append(waits)
    return np.array(rows)


def beside_the_peers(arrivals: np.ndarray, services: np.ndarray) -> None:
    """Compare all programs on the same draws; Ciw and SimPy in a table of their own."""

    def ours(timeout: float = math.inf) -> np.ndarray:
        return simulate_waits(arrivals, services, SERVERS, timeout)[0]

    for timeout in (math.inf, TIMEOUT):
        np.testing.assert_array_equal(ours(timeout), with_a_heap(arrivals, services, timeout))
    for row in range(2):
        for peer in (with_ciw, with_simpy):
            theirs = peer(arrivals[row], services[row])
            np.testing.assert_allclose(theirs, ours()[row], atol=1e-8)
    title = f"{arrivals.size:,} jobs, {SERVERS} servers, {arrivals.shape[0]} replications"
    compare(
        title,
        {
            "simulate_waits": ours,
            "simulate_waits, 1 s timeout": lambda: ours(TIMEOUT),
            "plain heapq loop": lambda: with_a_heap(arrivals, services, math.inf),
            "plain heapq loop, 1 s timeout": lambda: with_a_heap(arrivals, services, TIMEOUT),
            "limit: np.cumsum of the services": lambda: np.cumsum(services, axis=1),
            "limit: copy both arrays": lambda: (arrivals.copy(), services.copy()),
        },
        ROUNDS,
    )
    rows = list(zip(arrivals, services, strict=True))
    compare(
        "The same, beside event lists; target: Ciw at least 100 times as long",
        {
            "simulate_waits": ours,
            "SimPy": lambda: [with_simpy(*row) for row in rows],
            "Ciw": lambda: [with_ciw(*row) for row in rows],
        },
        SLOW_ROUNDS,
    )


def other_shapes(arrivals: np.ndarray, services: np.ndarray) -> None:
    """One long stream instead of many, and one server."""
    long = np.arange(REPLICATIONS)[:, None] * arrivals.max() + arrivals
    whole, work = long.reshape(1, -1), services.reshape(1, -1)
    slow = arrivals * SERVERS
    compare(
        f"{arrivals.size:,} jobs in other shapes",
        {
            f"{SERVERS} servers, {REPLICATIONS} replications": (
                lambda: simulate_waits(arrivals, services, SERVERS)
            ),
            f"{SERVERS} servers, 1 stream": lambda: simulate_waits(whole, work, SERVERS),
            "1 server, closed form": lambda: simulate_waits(slow, services, 1),
            "limit: cumsum, then maximum.accumulate": (
                lambda: np.maximum.accumulate(np.cumsum(services, axis=1), axis=1)
            ),
        },
        ROUNDS,
    )


def a_burst() -> None:
    """One hour with a burst, as a page would ask for it: draw, scale, serve."""
    day = DayShape(3.0, 0.6, 0.5, (Burst(1800, 900, 6.0),))
    coming, working = np.random.default_rng(2).spawn(2)
    u = job_uniforms(coming, 32, draws_needed(day, end_s=HOUR_S))
    drawn = arrival_instants(day, u, end_s=HOUR_S)
    v = job_uniforms(working, *drawn.shape)
    service = ServiceTime(2.0, 1.0)
    work = service.draw(v)
    policy = TargetTracking(target=0.7, cold_start_s=120.0)

    def autoscaled() -> object:
        return simulate_autoscaled(drawn, work, policy, 2.0, start_s=0, end_s=HOUR_S, timeout=30.0)

    def whole() -> object:
        moved = arrival_instants(day, u, end_s=HOUR_S)
        return simulate_waits(moved, service.draw(v), 14, 30.0)

    compare(
        f"An hour with a burst, 32 times: {np.isfinite(drawn).sum():,} jobs",
        {
            "move arrivals and services, simulate": whole,
            "of which: arrivals": lambda: arrival_instants(day, u, end_s=HOUR_S),
            "of which: services": lambda: service.draw(v),
            "of which: waits": lambda: simulate_waits(drawn, work, 14, 30.0),
            "waits behind an autoscaler": autoscaled,
        },
        ROUNDS,
    )


def main() -> None:
    """Print every table."""
    rng = np.random.default_rng(1)
    arrivals = np.cumsum(rng.exponential(1 / (LOAD * SERVERS), (REPLICATIONS, JOBS)), axis=1)
    services = rng.exponential(1.0, (REPLICATIONS, JOBS))
    other_shapes(arrivals, services)
    a_burst()
    beside_the_peers(arrivals, services)


if __name__ == "__main__":
    main()
