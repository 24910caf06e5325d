"""How long each job of a simulated stream waits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.paths import FEW, simulate_scheduled, simulate_waits
from tests.aipm_metrics.models.plain_queues import ByEvents, Server, by_heap

Floats = NDArray[np.float64]
INF = math.inf
EIGHTHS = st.integers(0, 40).map(lambda n: n / 8)  # sums of these are exact, and often tie
JOBS = st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=1, max_size=14)
SEEDS, SERVERS = st.integers(0, 999), st.integers(1, 6)
TIMEOUTS = st.just(INF) | EIGHTHS
MANY = FEW + 6  # replications enough to be stepped together


def stream(jobs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Gaps and services to arrivals and services."""
    return np.cumsum([gap for gap, _ in jobs]).tolist(), [service for _, service in jobs]


def drawn(seed: int, s: int, n: int, servers: int, load: float = 0.9) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / (load * servers), (s, n)), axis=1)
    return arrivals, rng.exponential(1, (s, n))


# --- the same queue, told in other ways ---


@given(SEEDS, SERVERS, st.sampled_from([0.0, 0.3, 2.0, INF]), st.sampled_from([2, MANY]))
def test_every_wait_is_that_of_a_plain_heap(
    seed: int, servers: int, timeout: float, replications: int
) -> None:
    """Exactly, both ways of stepping; a patient line before one server to rounding."""
    arrivals, services = drawn(seed, replications, 40, servers)
    waits, served = simulate_waits(arrivals, services, servers, timeout)
    for i in range(replications):
        plain = by_heap(arrivals[i].tolist(), services[i].tolist(), servers, timeout)
        if servers == 1 and timeout == INF:
            assert waits[i] == pytest.approx(plain[0], abs=1e-11)
        else:
            assert waits[i].tolist() == plain[0]
        assert served[i].tolist() == plain[1]


@given(JOBS, SERVERS, TIMEOUTS)
def test_every_wait_is_that_of_a_line_of_people_before_a_clock(
    jobs: list[tuple[float, float]], servers: int, timeout: float
) -> None:
    """Nobody there knows when a server will be free, and whoever gives up walks away."""
    arrivals, services = stream(jobs)
    line = ByEvents([Server(-INF, INF) for _ in range(servers)], timeout)
    expected = line.run(arrivals, services)
    for copies in (1, MANY):
        waits, served = simulate_waits([arrivals] * copies, [services] * copies, servers, timeout)
        assert (waits == expected[0]).all()
        assert (served == expected[1]).all()
    # Little's law: people in line, over time, are the waits of all, the lost ones' too.
    assert line.queue_seconds == waits[0].sum()


@given(JOBS, st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=1, max_size=5), TIMEOUTS)
def test_servers_that_come_and_go_serve_a_line_before_a_clock(
    jobs: list[tuple[float, float]], schedule: list[tuple[float, float]], timeout: float
) -> None:
    arrivals, services = stream([(gap, service + 1 / 8) for gap, service in jobs])
    ready = [start for start, _ in schedule]
    retire = [start + 2 * stay for start, stay in schedule]
    line = ByEvents([Server(*stay) for stay in zip(ready, retire, strict=True)], timeout)
    expected = line.run(arrivals, services)
    waits, served = simulate_scheduled([arrivals], [services], ready, retire, timeout)
    assert waits[0].tolist() == expected[0]
    assert served[0].tolist() == expected[1]


@given(SEEDS, st.integers(1, 60))
def test_one_server_is_lindleys_recursion(seed: int, jobs: int) -> None:
    """Lindley (1952): ``W' = max(0, W + service - gap)``; the closed form has no loop."""
    arrivals, services = drawn(seed, 3, jobs, 1)
    waits, served = simulate_waits(arrivals, services, 1)
    wait = np.zeros(3)
    for i in range(jobs):
        assert waits[:, i] == pytest.approx(wait, abs=1e-11)
        assert ((waits[:, i] > 0) == (wait > 0)).all()  # who does not wait, does not wait 1e-14 s
        if i + 1 < jobs:
            wait = np.maximum(0, wait + services[:, i] - (arrivals[:, i + 1] - arrivals[:, i]))
    assert served.all()


@given(SEEDS, SERVERS, st.sampled_from([0.5, 3.0, INF]))
def test_servers_that_always_stay_need_no_schedule(seed: int, servers: int, timeout: float) -> None:
    arrivals, services = drawn(seed, 3, 30, servers)
    plain = simulate_waits(arrivals, services, servers, timeout)
    scheduled = simulate_scheduled(arrivals, services, [-INF] * servers, INF, timeout)
    assert plain[0] == pytest.approx(scheduled[0], abs=1e-11)
    assert (plain[1] == scheduled[1]).all()


# --- laws of the same draws ---


@given(SEEDS, SERVERS, st.floats(0.5, 1.2))
def test_one_server_more_makes_nobody_wait_longer(seed: int, servers: int, load: float) -> None:
    arrivals, services = drawn(seed, MANY, 40, servers, load)
    fewer, more = (simulate_waits(arrivals, services, c)[0] for c in (servers, servers + 1))
    assert (more <= fewer + 1e-11).all()


@given(SEEDS, SERVERS, st.floats(1, 2))
def test_longer_service_makes_nobody_wait_less(seed: int, servers: int, longer: float) -> None:
    arrivals, services = drawn(seed, 3, 40, servers)
    brief, slow = (simulate_waits(arrivals, services * x, servers)[0] for x in (1, longer))
    assert (slow >= brief - 1e-11).all()


@given(SEEDS, st.lists(st.floats(0, 20), min_size=1, max_size=4), st.floats(0, 20))
def test_a_colder_start_makes_nobody_wait_less(
    seed: int, ready: list[float], colder: float
) -> None:
    arrivals, services = drawn(seed, 2, 40, len(ready))
    warm, cold = (
        simulate_scheduled(arrivals, services, np.array(ready) + x)[0] for x in (0.0, colder)
    )
    assert (cold >= warm - 1e-9).all()


def test_with_a_timeout_one_server_more_can_lose_somebody() -> None:
    """Who would have given up is served, and blocks those who come later."""
    arrivals = [[0.0, 3.0, 4.0, 8.0, 10.0]]
    services = [[4.0, 6.0, 1000.0, 1000.0, 1.0]]
    assert simulate_waits(arrivals, services, 1, timeout=1)[1][0, -1]
    assert not simulate_waits(arrivals, services, 2, timeout=1)[1][0, -1]


@given(SEEDS, SERVERS, TIMEOUTS)
def test_jobs_start_in_the_order_in_which_they_come(
    seed: int, servers: int, timeout: float
) -> None:
    arrivals, services = drawn(seed, 1, 60, servers, 1.1)
    waits, served = simulate_waits(arrivals, services, servers, timeout)
    starts = (arrivals + waits)[served]
    assert (np.diff(starts) >= -1e-11).all()
    assert ((waits >= 0) & (waits <= timeout)).all()
    assert (waits[~served] == timeout).all()


@given(SEEDS, SERVERS, TIMEOUTS)
def test_no_more_jobs_run_at_once_than_there_are_servers(
    seed: int, servers: int, timeout: float
) -> None:
    arrivals, services = drawn(seed, 1, 60, servers, 1.1)
    waits, served = simulate_waits(arrivals, services, servers, timeout)
    starts = (arrivals + waits)[served]
    ends = starts + services[served]
    running = ((starts <= starts[:, None]) & (starts[:, None] < ends - 1e-9)).sum(axis=1)
    assert running.max(initial=0) <= servers
    assert served.sum() + (waits == timeout)[~served].sum() == arrivals.size


@given(SEEDS, SERVERS, TIMEOUTS)
def test_the_unit_of_time_does_not_matter(seed: int, servers: int, timeout: float) -> None:
    """Doubling is exact, so these are the same digits."""
    arrivals, services = drawn(seed, MANY, 20, servers)
    once = simulate_waits(arrivals, services, servers, timeout)
    twice = simulate_waits(2 * arrivals, 2 * services, servers, 2 * timeout)
    assert np.array_equal(2 * once[0], twice[0])
    assert np.array_equal(once[1], twice[1])


@given(JOBS, SERVERS, TIMEOUTS, st.sampled_from([INF, math.nan]), st.sampled_from([1, MANY]))
def test_missing_arrivals_change_nobody_elses_wait(
    jobs: list[tuple[float, float]], servers: int, timeout: float, missing: float, copies: int
) -> None:
    arrivals, services = stream(jobs)
    whole = simulate_waits([arrivals] * copies, [services] * copies, servers, timeout)
    padded = simulate_waits(
        [[*arrivals, missing, missing]] * copies, [[*services, math.nan, -1.0]] * copies,
        servers, timeout,
    )  # fmt: skip
    assert np.array_equal(padded[0][:, :-2], whole[0])
    assert np.array_equal(padded[1][:, :-2], whole[1])
    assert np.isnan(padded[0][:, -2:]).all()
    assert not padded[1][:, -2:].any()


def test_long_streams_are_laid_out_in_blocks_and_still_one_stream() -> None:
    arrivals, services = drawn(3, 70, 2000, 3)  # more jobs than one block holds
    waits, _ = simulate_waits(arrivals, services, 3)
    assert waits[::30].tolist() == simulate_waits(arrivals[::30], services[::30], 3)[0].tolist()


# --- limits ---


def test_without_jobs_nobody_waits() -> None:
    for s, n in ((0, 5), (2, 0), (MANY, 0)):
        for servers in (1, 3):
            waits, served = simulate_waits(np.empty((s, n)), np.empty((s, n)), servers)
            assert waits.shape == served.shape == (s, n)
    assert simulate_scheduled(np.empty((2, 0)), np.empty((2, 0)), [0.0])[0].shape == (2, 0)


def test_with_as_many_servers_as_jobs_nobody_waits() -> None:
    waits, served = simulate_waits(*drawn(4, MANY, 9, 1, load=5), 9)
    assert not waits.any()
    assert served.all()


def test_jobs_may_come_before_midnight() -> None:
    arrivals = [[-20.0, -15.0, 3.0]]
    assert simulate_waits(arrivals, [[10.0] * 3], 1)[0].tolist() == [[0, 5, 0]]
    assert simulate_waits(arrivals * MANY, [[10.0] * 3] * MANY, 1, 99)[0][0].tolist() == [0, 5, 0]


def test_whoever_would_wait_exactly_the_timeout_is_served() -> None:
    waits, served = simulate_waits([[0.0, 0.0, 0.0]], [[2.0] * 3], 1, timeout=2)
    assert waits.tolist() == [[0, 2, 2]]
    assert served.tolist() == [[True, True, False]]


def test_where_no_server_is_left_jobs_wait_without_end() -> None:
    arrivals, services = [[0.0, 1.0, 5.0]], [[3.0, 3.0, 3.0]]
    waits, served = simulate_scheduled(arrivals, services, [0.0], [4.0])
    assert waits.tolist() == [[0, 2, INF]]
    assert served.tolist() == [[True, True, False]]
    waits, served = simulate_scheduled(arrivals, services, [0.0], [4.0], timeout=7)
    assert waits.tolist() == [[0, 2, 7]]
    assert served.tolist() == [[True, True, False]]
    assert np.isinf(simulate_scheduled(arrivals, services, [9.0, INF], [8.0, INF])[0]).all()


def test_each_replication_may_have_its_own_schedule() -> None:
    arrivals, services = [[0.0, 0.0]] * 2, [[5.0, 5.0]] * 2
    waits, _ = simulate_scheduled(arrivals, services, [[0.0, 1.0], [0.0, INF]])
    assert waits.tolist() == [[0, 1], [0, 5]]


# --- refusals ---


@pytest.mark.parametrize(
    ("arrivals", "services"),
    [([0.0, 1.0], [1.0, 1.0]), ([[0.0, 1.0]], [[1.0]]), ([[[0.0]]], [[[1.0]]]), (0.0, 1.0)],
)
def test_arrivals_and_services_have_one_shape(arrivals: list[float], services: list[float]) -> None:
    for simulate in (simulate_waits, simulate_scheduled):
        with pytest.raises(MetricsError, match="`arrivals` and `services` must have one shape"):
            simulate(arrivals, services, 1)


@pytest.mark.parametrize("row", [[1.0, 0.0], [INF, 0.0], [math.nan, 0.0], [-INF, 0.0]])
def test_arrivals_that_do_not_ascend_are_refused(row: list[float]) -> None:
    with pytest.raises(MetricsError, match="`arrivals` must ascend along each row, missing ones"):
        simulate_waits([[0.0, 1.0], row], [[1.0, 1.0]] * 2, 1)


@pytest.mark.parametrize("service", [-0.1, math.nan, INF])
def test_a_service_is_a_number_of_seconds(service: float) -> None:
    with pytest.raises(MetricsError, match="`services` must be numbers of seconds, at least 0"):
        simulate_waits([[0.0, 1.0]], [[1.0, service]], 1)


def test_servers_are_counted_and_at_least_one() -> None:
    jobs = [[0.0]], [[1.0]]
    for servers in (0, -1):
        with pytest.raises(MetricsError, match=f"`servers` must be at least 1; got {servers}"):
            simulate_waits(*jobs, servers)
    with pytest.raises(MetricsError, match=r"`servers` must be a whole number; got 1.5"):
        simulate_waits(*jobs, 1.5)  # type: ignore[arg-type]
    assert simulate_waits(*jobs, np.int64(2))[1].all()


@pytest.mark.parametrize("timeout", [-1.0, math.nan])
def test_a_timeout_is_no_less_than_nothing(timeout: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"`timeout` must lie in \[0, inf\]"):
        simulate_waits([[0.0]], [[1.0]], 1, timeout)
    with pytest.raises(OutOfRangeError, match=r"`timeout` must lie in \[0, inf\]"):
        simulate_scheduled([[0.0]], [[1.0]], [0.0], timeout=timeout)


def test_a_schedule_fits_the_replications() -> None:
    jobs = [[0.0]] * 2, [[1.0]] * 2
    for ready, retire in (([[0.0]] * 3, INF), ([], INF), (0.0, INF), ([0.0, 1.0], [1.0])):
        with pytest.raises(MetricsError, match=r"must have shape \(c,\) or \(2, c\)"):
            simulate_scheduled(*jobs, ready, retire)
    for ready, retire in (([math.nan], INF), ([0.0], math.nan)):
        with pytest.raises(MetricsError, match="must be instants, or inf for never"):
            simulate_scheduled(*jobs, ready, retire)
