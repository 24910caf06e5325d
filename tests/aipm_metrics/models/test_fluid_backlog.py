"""What piles up after a step in the rate, while new servers start."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import OutOfRangeError
from aipm_metrics.models.fluid_backlog import StepBacklog, step_backlog
from aipm_metrics.models.paths import simulate_scheduled
from aipm_metrics.models.replications import mean_of_jobs

RATES = st.floats(0.1, 1e3)

# --- laws ---


@given(RATES, RATES, RATES, st.floats(0, 600), st.floats(1.01, 3))
def test_a_colder_start_piles_up_in_proportion(
    rate: float, before: float, after: float, cold: float, colder: float
) -> None:
    once, again = (step_backlog(rate, before, after, cold * x) for x in (1.0, colder))
    for a, b in ((once.jobs, again.jobs), (once.longest_wait_s, again.longest_wait_s),
                 (once.drain_s, again.drain_s)):  # fmt: skip
        assert b == pytest.approx(a * colder, rel=1e-9)


@given(RATES, RATES, st.floats(0, 600))
def test_who_has_enough_servers_or_warm_ones_has_no_backlog(
    rate: float, more: float, cold: float
) -> None:
    nothing = StepBacklog(0.0, 0.0, 0.0)
    assert step_backlog(rate, rate + more, rate, cold) == nothing
    assert step_backlog(rate + more, rate, rate, 0.0) == nothing


def test_servers_that_never_suffice_never_drain_it() -> None:
    short = step_backlog(10.0, 6.0, 8.0, 60.0)
    assert (short.drain_s, short.longest_wait_s) == (math.inf, math.inf)
    level = step_backlog(10.0, 6.0, 10.0, 60.0)
    assert (level.jobs, level.longest_wait_s, level.drain_s) == (240, 24, math.inf)
    assert step_backlog(10.0, 0.0, 20.0, 60.0).longest_wait_s == 60


# --- beside the queue itself ---


def test_a_metronome_queue_piles_up_what_the_fluid_does() -> None:
    """1,000 jobs a second for 60 servers of 0.1 s; 60 more after 120 s."""
    rate, n = 1000.0, 400_000
    arrivals = np.arange(n) / rate
    ready = [-math.inf] * 60 + [120.0] * 60
    waits, _ = simulate_scheduled([arrivals], np.full((1, n), 0.1), ready)
    expected = step_backlog(rate, 600.0, 1200.0, 120.0)
    starts = arrivals + waits[0]
    waiting = ((arrivals < 120) & (starts >= 120)).sum()
    assert waiting == pytest.approx(expected.jobs, abs=70)  # a batch of servers starts at once
    assert waits.max() == pytest.approx(expected.longest_wait_s, abs=0.2)
    drained = arrivals[(arrivals > 120) & (waits[0] < 0.05)][0]
    assert drained - 120 == pytest.approx(expected.drain_s, abs=1)


def test_chance_only_adds_to_it() -> None:
    rng = np.random.default_rng(5)
    arrivals = np.cumsum(rng.exponential(0.1, (40, 2400)), axis=1)
    services = rng.exponential(1.0, (40, 2400))
    ready = [-math.inf] * 6 + [120.0] * 6
    waits, _ = simulate_scheduled(arrivals, services, ready)
    waiting = ((arrivals < 120) & (arrivals + waits >= 120)).sum(axis=1, keepdims=True)
    found = mean_of_jobs(waiting)
    assert found.value > step_backlog(10.0, 6.0, 12.0, 120.0).jobs - 2 * found.error


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(OutOfRangeError, match="`cold_start_s` must lie in"):
        step_backlog(1, 1, 1, -1)
    with pytest.raises(OutOfRangeError, match="`rate_per_s` must lie in"):
        step_backlog(math.nan, 1, 1, 1)
