"""Burn rates: published numbers, laws, limits, and a minute grid counted one minute at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.error_budget import (
    MINUTES_A_DAY,
    budget_minutes,
    budget_spent,
    burn_rate,
    minutes_to_exhaustion,
    rolling_share,
)

HOUR = 60.0
SLOS = st.floats(0.5, 0.99999)
RATES = st.floats(1e-6, 1)

# --- published: The Site Reliability Workbook (2018), ch. 5 ---


@pytest.mark.parametrize(
    ("rate", "burn", "days"),
    [(0.001, 1, 30), (0.002, 2, 15), (0.01, 10, 3), (1.0, 1000, 0.03)],
    ids=lambda value: f"SRE Workbook 2018 Table 5-4: {value}",
)
def test_burn_rates_and_the_time_they_leave(rate: float, burn: float, days: float) -> None:
    assert burn_rate(rate * 1e6, 1e6, 0.999) == pytest.approx(burn, rel=1e-9)
    left = minutes_to_exhaustion(rate, 0.999, 30) / MINUTES_A_DAY
    assert left == pytest.approx(days, rel=1e-9)


def test_sre_workbook_2018_a_burn_rate_of_35_leaves_20_hours_and_a_half() -> None:
    hours = minutes_to_exhaustion(35 * 0.001, 0.999, 30) / HOUR
    assert hours == pytest.approx(30 * 24 / 35, rel=1e-9)  # 20.57; the Workbook says 20.5


def test_sre_workbook_2018_low_traffic_one_failure_of_ten_is_a_hundred_times() -> None:
    """Ch. 5 says that it is 1,000 times; 10 % of requests against 0.1 % is 100 times."""
    assert burn_rate(1, 10, 0.999) == pytest.approx(100, rel=1e-9)
    assert budget_spent(0.1, HOUR, 0.999, 30) == pytest.approx(0.13889, abs=1e-5)  # its "13.9 %"


@pytest.mark.parametrize(
    ("slo", "spent"), [(0.999, 1.38889), (0.9, 0.0138889)], ids=["its 140 %", "its 1.4 %"]
)
def test_sre_workbook_2018_an_hour_of_outage(slo: float, spent: float) -> None:
    assert budget_spent(1, HOUR, slo, 30) == pytest.approx(spent, rel=1e-4)


def test_sre_workbook_2018_five_nines_are_gone_in_26_seconds() -> None:
    assert minutes_to_exhaustion(1, 0.99999, 30) * 60 == pytest.approx(25.92, rel=1e-6)


def test_coderslingo_com_has_14_4_times_spend_a_month_in_2_hours_but_it_takes_50() -> None:
    assert minutes_to_exhaustion(14.4 * 0.001, 0.999, 30) / HOUR == pytest.approx(50, rel=1e-9)


def test_pranaavnotes_has_a_burn_of_1_spend_5_percent_in_6_hours_but_it_takes_6_times() -> None:
    assert budget_spent(0.001, 6 * HOUR, 0.999, 30) == pytest.approx(0.05 / 6, rel=1e-9)
    assert budget_spent(6 * 0.001, 6 * HOUR, 0.999, 30) == pytest.approx(0.05, rel=1e-9)


@pytest.mark.parametrize(
    ("slo", "days", "minutes"),
    [
        (0.99, 30, 432), (0.99, 28, 403.2), (0.99, 30.4375, 438.3), (0.99, 365, 5_256),
        (0.999, 30, 43.2), (0.999, 28, 40.32), (0.999, 30.4375, 43.83), (0.999, 365, 525.6),
        (0.9995, 28, 20.16), (0.9999, 30, 4.32), (0.9999, 28, 4.032), (0.9999, 30.4375, 4.383),
        (0.9999, 365, 52.56), (0.99999, 30, 0.432),
    ],
)  # fmt: skip
def test_minutes_of_outage_by_length_of_month(slo: float, days: float, minutes: float) -> None:
    """By hand: (1 - SLO) x days x 1,440. Public tables mix 30 and 30.44 days in one column."""
    assert budget_minutes(slo, days) == pytest.approx(minutes, rel=1e-6)


# --- laws ---


@given(RATES, SLOS, st.floats(1, 365))
def test_a_steady_rate_spends_everything_by_the_time_it_is_exhausted(
    rate: float, slo: float, days: float
) -> None:
    minutes = minutes_to_exhaustion(rate, slo, days)
    assert budget_spent(rate, minutes, slo, days) == pytest.approx(1, rel=1e-9)
    assert burn_rate(rate, 1, slo) * minutes == pytest.approx(days * MINUTES_A_DAY, rel=1e-9)


@given(st.integers(0, 100), st.integers(1, 100), SLOS)
def test_the_unit_of_requests_does_not_matter(bad: int, more: int, slo: float) -> None:
    total = bad + more
    assert burn_rate(bad, total, slo) == pytest.approx(burn_rate(7 * bad, 7 * total, slo))


# --- limits and refusals ---


def test_what_is_not_defined_is_not_nought() -> None:
    assert np.isnan(burn_rate(0, 0, 0.99))
    assert np.isnan(burn_rate(0, 5, 1))
    assert burn_rate(1, 5, 1) == np.inf
    assert burn_rate(0, 5, 0.99) == 0
    assert minutes_to_exhaustion(0, 0.99, 30) == np.inf
    assert minutes_to_exhaustion(0, 1, 30) == np.inf


def test_refusals_name_field_and_limits() -> None:
    with pytest.raises(OutOfRangeError, match=r"`slo` must lie in \[0, 1\]; got 99\.9"):
        burn_rate(1, 10, 99.9)
    with pytest.raises(MetricsError, match="`bad` must lie between 0 and `total`"):
        burn_rate(11, 10, 0.99)
    with pytest.raises(OutOfRangeError, match=r"`error_rate` must lie in \[0, 1\]; got 1\.5"):
        budget_spent(1.5, 1, 0.99, 30)
    with pytest.raises(MetricsError, match="`window` must be at least 1"):
        rolling_share([1], [1], 0)


# --- the minute grid ---


def one_by_one(bad: list[float], total: list[float], window: int) -> list[float]:
    """As a person would count: the last so many minutes, the ones before the first all good."""
    padded_bad, padded = [0.0] * window + bad, [total[0]] * window + total
    found = []
    for end in range(window + 1, len(padded) + 1):
        busy = sum(padded[end - window : end])
        found.append(sum(padded_bad[end - window : end]) / busy if busy else np.nan)
    return found


@settings(deadline=None)
@given(
    arrays(np.int64, st.integers(1, 40), elements=st.integers(0, 1000)),
    st.integers(1, 50),
    st.integers(0, 2**32 - 1),
)
def test_rolling_sums_are_counted_sums(total: np.ndarray, window: int, seed: int) -> None:
    bad = np.random.default_rng(seed).integers(0, total + 1)
    told = rolling_share(bad, total, window)
    counted = one_by_one(bad.astype(float).tolist(), total.astype(float).tolist(), window)
    np.testing.assert_allclose(told, counted, rtol=1e-9, atol=1e-9)


def test_many_settings_are_many_single_ones() -> None:
    rng = np.random.default_rng(4)
    total = rng.integers(1, 50, (3, 200))
    bad = rng.integers(0, total)
    together = rolling_share(bad, total, 30)
    for i in range(3):
        np.testing.assert_array_equal(together[i], rolling_share(bad[i], total[i], 30))
