"""Instants at which requests come."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.arrivals import arrival_instants, draws_needed
from aipm_metrics.models.day_shape import DAY_S, HOUR_S, Burst, DayShape
from aipm_metrics.models.replications import job_uniforms
from aipm_metrics.models.service_time import ServiceTime

Floats = NDArray[np.float64]
NINE = DayShape(0.003, 0.8, 9, (Burst(12 * HOUR_S, 900, 0.03),))
SEEDS, CA2 = st.integers(0, 999), st.sampled_from([0.0, 0.25, 1.0, 4.0])


def uniforms(seed: int, replications: int, columns: int) -> Floats:
    return job_uniforms(np.random.default_rng(seed), replications, columns)


def drawn(seed: int, day: DayShape, ca2: float = 1.0, replications: int = 3,
          start: float = 0.0, end: float = DAY_S) -> Floats:  # fmt: skip
    columns = draws_needed(day, ca2=ca2, start_s=start, end_s=end)
    u = uniforms(seed, replications, columns)
    return arrival_instants(day, u, ca2=ca2, start_s=start, end_s=end)


def within_four_errors(values: Floats, expected: float) -> bool:
    error = values.std(ddof=1) / math.sqrt(values.size)
    return bool(abs(values.mean() - expected) <= 4 * error + 1e-9)


# --- laws ---


@given(SEEDS, CA2, st.floats(0, 1), st.floats(0, 24), st.floats(0, DAY_S), st.floats(60, DAY_S))
def test_arrivals_ascend_within_the_stretch_and_end_in_infinity(
    seed: int, ca2: float, amplitude: float, peak: float, start: float, length: float
) -> None:
    day = DayShape(0.002, amplitude, peak, (Burst(3 * HOUR_S, 600, 0.02),))
    instants = drawn(seed, day, ca2, start=start, end=start + length)
    comes = np.isfinite(instants)
    assert ((instants >= start) & (instants < start + length))[comes].all()
    assert (instants[:, 1:] >= instants[:, :-1]).all()
    assert instants.shape[1] == comes.sum(axis=1).max(initial=0)  # no column is empty


@settings(max_examples=40)
@given(SEEDS, CA2, st.floats(0.001, 0.01), st.floats(1, 3))
def test_a_higher_rate_brings_every_arrival_earlier(
    seed: int, ca2: float, rate: float, more: float
) -> None:
    """The same job, moved: no new noise."""
    columns = draws_needed(DayShape(rate * more), ca2=ca2)
    u = uniforms(seed, 2, columns)
    few, many = (arrival_instants(DayShape(r, 0.5, 9), u, ca2=ca2) for r in (rate, rate * more))
    assert (many[:, : few.shape[1]] <= few * (1 + 1e-12)).all()


@settings(max_examples=40)
@given(SEEDS, CA2, st.integers(0, 50))
def test_uniforms_to_spare_change_nothing(seed: int, ca2: float, spare: int) -> None:
    columns = draws_needed(DayShape(0.002), ca2=ca2)
    some, more = (
        arrival_instants(DayShape(0.002), uniforms(seed, 3, n), ca2=ca2)
        for n in (columns, columns + spare)
    )
    assert np.array_equal(some, more)


@settings(max_examples=40)
@given(SEEDS, CA2)
def test_a_wave_moves_arrivals_and_makes_none(seed: int, ca2: float) -> None:
    """Over whole days a wave expects what its mean does, so every job only changes its time."""
    u = uniforms(seed, 3, draws_needed(DayShape(0.001), ca2=ca2))
    flat, wave = (arrival_instants(DayShape(0.001, a, 9), u, ca2=ca2) for a in (0.0, 0.9))
    assert np.isfinite(flat).sum(axis=1).tolist() == np.isfinite(wave).sum(axis=1).tolist()
    back = DayShape(0.001, 0.9, 9).cumulated(wave[np.isfinite(wave)])
    assert back == pytest.approx(flat[np.isfinite(flat)] * 0.001, rel=1e-9, abs=1e-9)


@given(SEEDS, st.floats(0.001, 0.01), st.floats(0, 1))
def test_a_metronome_never_misses_by_a_whole_request(
    seed: int, rate: float, amplitude: float
) -> None:
    day = DayShape(rate, amplitude, 9)
    counts = np.isfinite(drawn(seed, day, ca2=0.0)).sum(axis=1)
    assert (np.abs(counts - day.per_day) <= 1 + 1e-9).all()


# --- limits ---


def test_where_nothing_ever_comes_there_is_no_column() -> None:
    assert drawn(0, DayShape(0.0)).shape == (3, 0)
    assert arrival_instants(DayShape(1.0), np.empty((0, 5)), end_s=1.0).shape == (0, 0)


def test_arrivals_may_run_over_several_days() -> None:
    instants = drawn(1, NINE, replications=100, start=-DAY_S, end=2 * DAY_S)
    assert within_four_errors(np.isfinite(instants).sum(axis=1), 3 * NINE.per_day)
    assert np.nanmin(instants) < -DAY_S + 4 * HOUR_S


# --- random ---


@pytest.mark.parametrize("ca2", [0.0, 0.5, 1.0, 4.0])
def test_every_hour_brings_what_is_expected_of_it(ca2: float) -> None:
    edges = np.linspace(0, DAY_S, 25)
    instants = drawn(5, NINE, ca2, replications=400)
    counts = np.array([np.histogram(row, edges)[0] for row in instants], float)
    expected = NINE.mean_rates(edges) * HOUR_S
    error = counts.std(axis=0, ddof=1) / 20
    assert (np.abs(counts.mean(axis=0) - expected) <= 4 * error + 1e-9).all()
    assert within_four_errors(counts.sum(axis=1), NINE.per_day)


@pytest.mark.parametrize("ca2", [0.25, 1.0, 4.0])
def test_counts_vary_as_much_as_the_gaps(ca2: float) -> None:
    """Variance over mean of a count tends to ca2 (Cox 1962, ch. 4); for Poisson it is 1."""
    instants = drawn(6, NINE, ca2, replications=500)
    counts = np.isfinite(instants).sum(axis=1)
    squares = (counts - NINE.per_day) ** 2 / NINE.per_day
    assert within_four_errors(squares, ca2)


def test_poisson_counts_of_two_hours_know_nothing_of_each_other() -> None:
    instants = drawn(7, NINE, replications=500)
    early, late = (
        ((instants >= a * HOUR_S) & (instants < (a + 1) * HOUR_S)).sum(axis=1) for a in (8, 9)
    )
    expected = NINE.mean_rates(np.array([8, 9, 10]) * HOUR_S) * HOUR_S
    assert within_four_errors((early - expected[0]) * (late - expected[1]), 0.0)
    assert within_four_errors((early - expected[0]) ** 2, expected[0])


@pytest.mark.parametrize("mean_s", [600.0, 4 * HOUR_S])
def test_busy_servers_of_an_unlimited_pool_follow_the_exact_wave(mean_s: float) -> None:
    """Mt/M/infinity: Eick, Massey & Whitt (1993), Management Science 39, 241-252.

    ``m(t) = rate / mu (1 + A (cos wt + w/mu sin wt) / (1 + (w/mu)**2))``, and the number busy
    is Poisson, so its variance is the same.
    """
    mean, amplitude, turn = 0.01, 0.8, 2 * math.pi / DAY_S
    day, before = DayShape(mean, amplitude, peak_hour=0), 25 * mean_s
    instants = drawn(8, day, replications=600, start=-before, end=DAY_S)
    services = ServiceTime.exponential(mean_s).draw(uniforms(9, *instants.shape))
    for t in np.array([0, 5, 13, 20]) * HOUR_S:
        busy = ((instants <= t) & (t < instants + services)).sum(axis=1).astype(float)
        lag = turn * mean_s
        wave = (math.cos(turn * t) + lag * math.sin(turn * t)) / (1 + lag**2)
        exact = mean * mean_s * (1 + amplitude * wave)
        assert within_four_errors(busy, exact)
        assert within_four_errors((busy - exact) ** 2, exact)


# --- refusals ---


def test_too_few_uniforms_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(
        MetricsError, match=r"`uniforms` must have about \d+ columns to reach 86400"
    ):
        arrival_instants(DayShape(1.0), np.full((2, 10), 0.5))


def test_what_is_asked_for_is_enough_even_for_the_unluckiest() -> None:
    """Short gaps only: each at its 30th percentile, for ever."""
    day = DayShape(0.001)
    short = np.full((1, draws_needed(day)), 0.3)
    with pytest.raises(MetricsError, match="`uniforms` must have"):
        arrival_instants(day, short)  # no luck is that bad: 0.3**150
    for seed in range(5):
        assert drawn(seed, day, ca2=4.0, replications=100).size  # would be refused


@pytest.mark.parametrize("shape", [(5,), (2, 1), (2, 2, 5)])
def test_uniforms_have_a_row_for_each_replication(shape: tuple[int, ...]) -> None:
    with pytest.raises(MetricsError, match=r"`uniforms` must have shape \(s, m\) with m >= 2"):
        arrival_instants(DayShape(1.0), np.zeros(shape))


def test_other_refusals() -> None:
    u = np.full((1, 9), 0.5)
    with pytest.raises(MetricsError, match="`end_s` must lie after `start_s`; got 5 to 5 s"):
        arrival_instants(DayShape(1.0), u, start_s=5, end_s=5)
    with pytest.raises(OutOfRangeError, match=r"`ca2` must lie in \[0, 100\]"):
        arrival_instants(DayShape(1.0), u, ca2=-1, end_s=1)
    with pytest.raises(OutOfRangeError, match="`uniforms` must lie in"):
        arrival_instants(DayShape(1.0), u + 1, end_s=1)
    with pytest.raises(OutOfRangeError, match="`ca2` must lie in"):
        draws_needed(DayShape(1.0), ca2=math.nan)
    with pytest.raises(MetricsError, match="`end_s` must lie after `start_s`"):
        draws_needed(DayShape(1.0), end_s=math.inf)
