"""How many requests come at which hour."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.day_shape import DAY_S, HOUR_S, Burst, DayShape

RATES = st.floats(0.01, 1e4)
LENGTHS = st.just(0.0) | st.floats(1, DAY_S)
BURSTS = st.builds(Burst, st.floats(0, DAY_S), LENGTHS, st.floats(0, 1e3))
DAYS = st.builds(
    DayShape,
    RATES,
    st.floats(0, 1) | st.sampled_from([0.0, 1.0]),
    st.floats(0, 24),
    st.lists(BURSTS, max_size=3).map(tuple),
)
TIMES = st.floats(-2 * DAY_S, 3 * DAY_S)

# --- laws ---


@given(DAYS, TIMES)
def test_every_day_is_like_the_last(day: DayShape, t: float) -> None:
    assert day.cumulated(t + DAY_S) - day.cumulated(t) == pytest.approx(day.per_day, rel=1e-9)


@given(DAYS, st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_inverse_of_the_cumulated_rate_is_its_inverse(
    day: DayShape, shares: list[float]
) -> None:
    expected = np.sort(shares) * 3 * day.per_day - day.per_day
    times = day.time_of(expected)
    assert day.cumulated(times) == pytest.approx(expected, rel=1e-9, abs=1e-9 * day.per_day)
    assert (np.diff(times) >= 0).all()


@pytest.mark.parametrize("amplitude", [0.9, 0.999, 1.0])
def test_the_inverse_holds_where_hardly_anything_comes(amplitude: float) -> None:
    day = DayShape(100.0, amplitude, peak_hour=15.3)
    expected = day.cumulated(3.3 * HOUR_S + np.linspace(-900, 900, 10_001))
    assert np.abs(day.cumulated(day.time_of(expected)) - expected).max() < 1e-7


@given(DAYS, st.lists(TIMES, min_size=2, max_size=9, unique=True))
def test_bins_hold_together_what_the_whole_stretch_holds(day: DayShape, edges: list[float]) -> None:
    edges = sorted(edges)
    assume(np.diff(edges).min() > 1e-3)  # s; of a bin much shorter nothing but rounding is left
    means = day.mean_rates(edges)
    whole = day.cumulated(edges[-1]) - day.cumulated(edges[0])
    assert means @ np.diff(edges) == pytest.approx(whole, rel=1e-9, abs=1e-6)
    assert (means <= day.peak * (1 + 1e-6) + 1e-6).all()


@given(DAYS, TIMES)
def test_no_rate_exceeds_the_peak(day: DayShape, t: float) -> None:
    assert 0 <= day.rate(t) <= day.peak * (1 + 1e-12)


@given(DAYS)
def test_the_peak_is_reached(day: DayShape) -> None:
    """Beside a plain grid, and just inside every edge and turn."""
    edges = [e for b in day.bursts for e in (b.start_s, b.start_s + b.length_s)]
    near = np.array([e + step for e in [*edges, day.peak_hour * HOUR_S] for step in (-1e-5, 0)])
    highest = max(day.rate(near).max(), day.rate(np.linspace(0, DAY_S, 501)).max())
    assert day.peak == pytest.approx(highest, rel=1e-4)


# --- limits ---


def test_without_a_wave_the_rate_is_the_mean() -> None:
    day = DayShape(3.0)
    assert day.rate([0.0, 1e4, 1e6]).tolist() == [3, 3, 3]
    assert (day.peak, day.per_day, day.peak_to_mean) == (3, 3 * DAY_S, 1)


def test_where_nothing_ever_comes_nothing_is_ever_due() -> None:
    day = DayShape(0.0)
    assert (day.peak, day.per_day) == (0, 0)
    assert math.isnan(day.peak_to_mean)
    assert day.time_of([0.0, 1.0]).tolist() == [math.inf, math.inf]


def test_with_bursts_alone_the_time_between_them_is_jumped() -> None:
    day = DayShape(0.0, bursts=(Burst(100, 10, 2.0), Burst(200, 10, 2.0)))
    assert day.time_of([1.0, 20.0, 20.5, 41.0]) == pytest.approx(
        [100.5, 110, 200.25, DAY_S + 100.5]
    )


def test_a_burst_that_passes_midnight_goes_on_in_the_morning() -> None:
    day = DayShape(1.0, bursts=(Burst(DAY_S - 30, 60, 3.0),))
    assert day.rate([0.0, 29.9, 30.0, DAY_S - 31, DAY_S - 30]).tolist() == [4, 4, 1, 1, 4]
    assert day.mean_rates([-60.0, -30, 30, 60]) == pytest.approx([1, 4, 1])


def test_bursts_at_one_time_add_up_and_one_may_last_all_day() -> None:
    day = DayShape(1.0, bursts=(Burst(50, DAY_S, 2.0), Burst(1000, 60, 4.0)))
    assert day.rate([0.0, 1010.0]).tolist() == [3, 7]
    assert day.peak == 7


# --- published numbers, and quadrature ---


@given(DAYS, st.floats(0, DAY_S), st.floats(0, DAY_S))
def test_the_cumulated_rate_is_the_integral_of_the_rate(day: DayShape, a: float, b: float) -> None:
    start, end = sorted([a, b])
    edges = {e % DAY_S for x in day.bursts for e in (x.start_s, x.start_s + x.length_s)}
    cuts = sorted({start, end, *(e for e in edges if start < e < end)})
    parts = [quad(day.rate, x, y, epsrel=1e-10)[0] for x, y in pairwise(cuts)]
    found = day.cumulated(end) - day.cumulated(start)
    assert found == pytest.approx(math.fsum(parts), rel=1e-6, abs=1e-6 * day.per_day)


@pytest.mark.parametrize(
    ("turns", "ratio", "lag_s", "highest"),
    [
        (3600, 0.99984773, 9.99898, 799.954),
        (60, 0.69062112, 7.72012, 500 * (1 + 0.6 * 0.69062112)),
    ],
)
def test_busy_servers_of_an_unlimited_pool_lag_behind_the_wave(
    turns: float, ratio: float, lag_s: float, highest: float
) -> None:
    """Eick, Massey & Whitt (1993), Management Science 39, 241-252.

    50 requests a second with amplitude 0.6 and exponential service of 10 s, in a cycle of
    `turns` seconds; here the cycle is a day, so that all times are stretched alike.
    """
    stretch = DAY_S / turns
    day, rate = DayShape(50 / stretch, 0.6, peak_hour=0), 0.1 / stretch
    turn = 2 * math.pi / DAY_S

    def busy(t: float) -> float:
        """``m(t) = int rate(t - u) P(service > u) du``, over 40 service times."""
        ends = np.linspace(0, 40 / rate, 41)
        return math.fsum(
            quad(lambda u: day.rate(t - u) * math.exp(-rate * u), a, b, epsrel=1e-10)[0]
            for a, b in pairwise(ends)
        )

    assert 1 / math.hypot(1, turn / rate) == pytest.approx(ratio, abs=5e-9)
    assert math.atan(turn / rate) / turn / stretch == pytest.approx(lag_s, abs=5e-6)
    assert busy(lag_s * stretch) == pytest.approx(highest, rel=1e-6)
    assert busy(lag_s * stretch) == pytest.approx(500 * (1 + 0.6 * ratio), rel=1e-6)
    assert busy(lag_s * stretch + DAY_S / 4) == pytest.approx(500, rel=1e-6)


# --- refusals ---


def test_refusals_name_the_field_and_its_limits() -> None:
    with pytest.raises(OutOfRangeError, match=r"`amplitude` must lie in \[0, 1\]; got 1.2"):
        DayShape(1.0, 1.2)
    with pytest.raises(OutOfRangeError, match=r"`peak_hour` must lie in \[0, 24\]"):
        DayShape(1.0, peak_hour=25)
    with pytest.raises(MetricsError, match="`mean_per_s` must be a number of requests per s"):
        DayShape(math.nan)
    with pytest.raises(MetricsError, match=r"`extra_per_s` must be .* at least 0; got -1"):
        Burst(0, 60, -1)
    with pytest.raises(OutOfRangeError, match=r"`length_s` must lie in \[0, 86400\]"):
        Burst(0, -60, 1)
    with pytest.raises(OutOfRangeError, match="`start_s` must lie in"):
        Burst(math.nan, 60, 1)


@pytest.mark.parametrize("edges", [[0.0, 2.0, 1.0], [0.0, 0.0], [[0.0, 1.0]], [0.0, math.nan]])
def test_edges_must_ascend(edges: list[float]) -> None:
    with pytest.raises(MetricsError, match="`edges_s` must be one row of ascending times"):
        DayShape(1.0).mean_rates(edges)
