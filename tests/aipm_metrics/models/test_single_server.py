"""One server: M/G/1, M/D/1 and priorities."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queueing import (
    md1_wait_cdf,
    mg1_mean_wait,
    mmc_mean_wait,
    priority_mean_waits,
)

BUSY = st.floats(0.01, 0.99)

# --- laws ---


@given(BUSY, st.floats(1e-3, 1e3), st.floats(0, 5))
def test_pollaczek_khintchine_is_linear_in_the_squared_variation(
    busy: float, mean: float, cv: float
) -> None:
    steady, exponential, any_cv = (mg1_mean_wait(busy / mean, mean, v) for v in (0, 1, cv))
    assert exponential == pytest.approx(mmc_mean_wait(busy / mean, 1 / mean, 1), rel=1e-9)
    assert steady == pytest.approx(exponential / 2, rel=1e-12)
    assert any_cv == pytest.approx(steady + cv**2 * (exponential - steady), rel=1e-9)


@settings(max_examples=25)
@given(st.floats(0.05, 0.9))
def test_the_area_over_the_distribution_is_the_mean(busy: float) -> None:
    t = np.linspace(0, 40 / (1 - busy), 1001)
    t = np.unique(np.append(t, np.arange(int(t[-1]) + 1)))  # the density jumps at whole services
    shares = 1 - md1_wait_cdf(busy, 1, t)
    assert np.trapezoid(shares, t) == pytest.approx(mg1_mean_wait(busy, 1, 0), rel=0.02, abs=1e-3)
    assert (np.diff(shares) <= 1e-12).all()


@given(st.lists(st.floats(0, 0.24), min_size=1, max_size=4), st.floats(1e-3, 1e3))
def test_ranks_only_move_waiting_from_one_class_to_another(loads: list[float], mu: float) -> None:
    """Kleinrock (1965): the load-weighted sum of waits is the same in any order."""
    rates = np.array(loads) * mu
    waits = priority_mean_waits(rates, mu)
    whole = np.sum(rates) * mg1_mean_wait(np.sum(rates), 1 / mu, 1)
    assert np.sum(rates * waits) == pytest.approx(whole, rel=1e-9, abs=1e-300)
    assert (np.diff(waits) >= -1e-12 * waits[1:]).all()


# --- published numbers and other ways to count ---


@pytest.mark.parametrize(
    ("rate", "squared_cv", "wait"),
    [(0.5, 0, 0.5), (0.5, 1, 1), (0.8, 0, 2), (0.8, 0.25, 2.5), (0.8, 1, 4), (0.8, 4, 10),
     (0.9, 1, 9), (0.9, 2, 13.5)],
)  # fmt: skip
def test_pollaczek_khintchine_in_the_head(rate: float, squared_cv: float, wait: float) -> None:
    """Gross & Harris, sec. 5.1: rho (1 + cs**2) / (2 (1 - rho)) services."""
    assert mg1_mean_wait(rate, 1, squared_cv**0.5) == pytest.approx(wait, rel=1e-9)


def test_non_preemptive_priorities_of_ciws_own_test() -> None:
    """Ciw, test_priority_system_compare_literature: whole times 2 and 6."""
    assert priority_mean_waits([0.2, 0.6], 1) + 1 == pytest.approx([2, 6], rel=1e-12)


def crommelin(busy: str, wait: str) -> float:
    """Crommelin's alternating sum, mean service 1, with a hundred digits to lose."""
    with localcontext() as context:
        context.prec = 100
        rate, t = Decimal(busy), Decimal(wait)
        total, factorial = Decimal(0), Decimal(1)
        for j in range(int(t) + 1):
            factorial *= j or 1
            x = rate * (j - t)
            total += (x**j if j else 1) / factorial * (-x).exp()
        return float((1 - rate) * total)


@pytest.mark.parametrize("busy", ["0.1", "0.5", "0.8", "0.95"])
@pytest.mark.parametrize("wait", ["0", "0.3", "1", "1.5", "5", "12.25", "40", "79.9"])
def test_crommelins_sum_to_a_billionth(busy: str, wait: str) -> None:
    assert md1_wait_cdf(float(busy), 1, float(wait)) == pytest.approx(
        crommelin(busy, wait), rel=1e-9
    )


def test_a_long_line_keeps_its_digits() -> None:
    """Far out the tail is exponential: P(W > t + 1) / P(W > t) tends to a constant."""
    tails = 1 - md1_wait_cdf(0.95, 2, [200.0, 202.0, 204.0])
    assert tails[2] / tails[1] == pytest.approx(tails[1] / tails[0], rel=1e-6)
    assert md1_wait_cdf(0.8 / 2, 2, 10) == pytest.approx(md1_wait_cdf(0.8, 1, 5), rel=1e-12)


def test_the_exponential_queue_by_quadrature_of_its_workload() -> None:
    """M/M/1: the mean wait is the area under rho exp(-(mu - lambda) t)."""
    area, _ = integrate.quad(lambda t: 0.8 * np.exp(-0.2 * t), 0, np.inf)
    assert mg1_mean_wait(0.8, 1, 1) == pytest.approx(area, rel=1e-9)


# --- limits ---


def test_a_server_with_nothing_to_spare_never_gets_through() -> None:
    assert mg1_mean_wait([0.5, 1.0, 2.0], 1, 0).tolist() == [0.5, np.inf, np.inf]
    assert md1_wait_cdf(1.0, 1, [0, 100]).tolist() == [0, 0]


def test_the_first_in_rank_get_through_whatever_the_others_do() -> None:
    """A busy server's rest of a service is one service long, exponential as it is."""
    waits = priority_mean_waits([0.5, 0.7], 1)
    assert waits.tolist() == [2, np.inf]
    assert priority_mean_waits([0.0, 0.0], 1).tolist() == [0, 0]
    assert priority_mean_waits(np.full((3, 2), 0.2), np.ones((3, 1))).shape == (3, 2)


def test_nobody_comes() -> None:
    assert mg1_mean_wait(0, 1, 3) == 0
    assert md1_wait_cdf(0, 1, [0, 3]).tolist() == [1, 1]


# --- refusals ---


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`mean_s` must be finite and > 0; got 0"):
        mg1_mean_wait(1, 0, 1)
    with pytest.raises(MetricsError, match="`cv` must be finite and >= 0"):
        mg1_mean_wait(1, 1, -1)
    with pytest.raises(MetricsError, match="`arrival_rate` must be finite"):
        mg1_mean_wait(np.nan, 1, 1)
    with pytest.raises(MetricsError, match="`wait` must be at most 4000 services; got 5000"):
        md1_wait_cdf(0.5, 1, 5000)
    with pytest.raises(MetricsError, match="`arrival_rates` must be finite"):
        priority_mean_waits([1, -1], 1)
