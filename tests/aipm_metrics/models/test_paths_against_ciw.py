"""The same queue in Ciw, which keeps a list of events and an object for every customer.

A burst in the middle, three servers, and customers who renege. Ciw is for development only.
"""

import math
from typing import Any

import ciw
import numpy as np
import pytest
from numpy.typing import NDArray

from aipm_metrics.models.arrivals import arrival_instants, draws_needed
from aipm_metrics.models.day_shape import Burst, DayShape
from aipm_metrics.models.paths import simulate_waits
from aipm_metrics.models.replications import Mean, mean_of_jobs
from aipm_metrics.models.service_time import ServiceTime

Floats = NDArray[np.float64]
DAY = DayShape(2.0, bursts=(Burst(40.0, 30.0, 4.0),))  # constant pieces, as Ciw wants them
END, SERVERS, TIMEOUT = 100.0, 3, 0.8
REPLICATIONS = 60


class Own(ciw.dists.Distribution):  # type: ignore[misc]
    """The service times that belong to the customers, whoever gives up."""

    def __init__(self, services: list[float]) -> None:
        self.services = services

    def sample(self, t: float, ind: Any) -> float:  # noqa: ARG002
        return float(self.services[ind.id_number - 1])


def in_ciw(arrivals: ciw.dists.Distribution, services: ciw.dists.Distribution) -> list[Any]:
    """Simulate in a network made anew, as Ciw draws arrivals when it is made."""
    network = ciw.create_network(
        arrival_distributions=[arrivals], service_distributions=[services],
        number_of_servers=[SERVERS],
        reneging_time_distributions=[ciw.dists.Deterministic(TIMEOUT)],
    )  # fmt: skip
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(END + 100)
    return [r for r in simulation.get_all_records() if r.record_type in {"service", "renege"}]


def ours(seed: int, service: ServiceTime) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    u = rng.random((draws_needed(DAY, end_s=END), REPLICATIONS)).T
    arrivals = arrival_instants(DAY, u, end_s=END)
    return arrivals, service.draw(rng.random(arrivals.shape[::-1]).T)


@pytest.mark.parametrize("row", range(5))
def test_customer_by_customer_the_waits_are_the_same(row: int) -> None:
    arrivals, services = ours(3, ServiceTime(1.0, 1.5))
    waits, served = simulate_waits(arrivals, services, SERVERS, TIMEOUT)
    here = arrivals[row] < math.inf
    assert not served[row][here].all()  # some do give up
    gaps = np.diff(arrivals[row][here], prepend=0.0).tolist()
    records = in_ciw(ciw.dists.Sequential([*gaps, math.inf]), Own(services[row].tolist()))
    assert len(records) == here.sum()
    for r in records:
        assert served[row, r.id_number - 1] == (r.record_type == "service")
        assert waits[row, r.id_number - 1] == pytest.approx(r.waiting_time, abs=1e-9)


def test_with_its_own_draws_as_many_give_up_and_as_many_wait() -> None:
    """Four standard errors of the difference, of as many replications each."""
    service = ServiceTime.exponential(1.0)
    arrivals, services = ours(4, service)
    waits, served = simulate_waits(arrivals, services, SERVERS, TIMEOUT)
    ciw.seed(4)
    theirs = np.full((3, REPLICATIONS, 600), math.nan)
    for i in range(REPLICATIONS):
        coming = ciw.dists.PoissonIntervals(
            rates=[2.0, 6.0, 2.0], endpoints=[40.0, 70.0, END], max_sample_date=END
        )
        found = in_ciw(coming, ciw.dists.Exponential(1.0))
        columns = [(r.record_type == "renege", r.waiting_time, r.arrival_date) for r in found]
        theirs[:, i, : len(columns)] = np.array(columns).T

    def agree(a: Mean, b: Mean) -> bool:
        error = math.hypot(a.error, b.error)
        return 0 < error < 0.2 * a.value and abs(a.value - b.value) <= 4 * error

    for start, end in ((0, 40), (40, 70), (70, END)):
        mine = (arrivals >= start) & (arrivals < end)
        other = (theirs[2] >= start) & (theirs[2] < end)
        assert agree(mean_of_jobs(~served, mine), mean_of_jobs(theirs[0], other))
        assert agree(mean_of_jobs(waits, mine), mean_of_jobs(theirs[1], other))
    count, their_count = ((x < END).sum(axis=1, keepdims=True) for x in (arrivals, theirs[2]))
    assert agree(mean_of_jobs(count), mean_of_jobs(their_count))
