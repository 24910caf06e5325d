"""Mean waits from two moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queueing import (
    allen_cunneen_mean_wait,
    kingman_mean_wait,
    mg1_mean_wait,
    mmc_mean_wait,
    sakasegawa_mean_wait,
    variability_of,
)

BUSY = st.floats(0.01, 0.99)
CV = st.floats(0, 4)
MEAN = st.floats(1e-3, 1e3)

# --- laws ---


@given(BUSY, MEAN, CV, CV)
def test_with_one_server_all_three_are_kingmans(
    busy: float, mean: float, ca: float, cs: float
) -> None:
    kingman = kingman_mean_wait(busy / mean, mean, ca, cs)
    for other in (allen_cunneen_mean_wait, sakasegawa_mean_wait):
        assert other(busy / mean, mean, 1, ca, cs) == pytest.approx(kingman, rel=1e-9)


@given(BUSY, MEAN, CV)
def test_kingman_is_exact_for_poisson_arrivals(busy: float, mean: float, cs: float) -> None:
    exact = mg1_mean_wait(busy / mean, mean, cs)
    assert kingman_mean_wait(busy / mean, mean, 1, cs) == pytest.approx(exact, rel=1e-9)


@given(BUSY, MEAN, st.integers(1, 200))
def test_allen_cunneen_is_exact_for_exponential_services(
    busy: float, mean: float, servers: int
) -> None:
    rate = busy * servers / mean
    exact = mmc_mean_wait(rate, 1 / mean, servers)
    assert allen_cunneen_mean_wait(rate, mean, servers, 1, 1) == pytest.approx(exact, rel=1e-9)


@given(st.floats(0.9, 0.999), st.integers(1, 20))
def test_sakasegawa_comes_close_in_heavy_traffic(busy: float, servers: int) -> None:
    exact = mmc_mean_wait(busy * servers, 1, servers)
    assert sakasegawa_mean_wait(busy * servers, 1, servers, 1, 1) == pytest.approx(exact, rel=0.1)


# --- numbers in the head ---


@pytest.mark.parametrize(
    ("busy", "servers", "ca", "cs", "allen_cunneen"),
    [
        pytest.param(0.7, 10, 1, 1.5, 0.12010, id="Allen (1990): Erlang C times 1.625"),
        pytest.param(0.9, 10, 1, 0.5, 0.41796, id="times 0.625"),
        pytest.param(0.9, 10, 2, 1, 1.67183, id="bursts, times 2.5"),
        pytest.param(0.95, 100, 1, 1.5, 0.16460, id="a hundred servers"),
    ],
)
def test_allen_cunneen(
    busy: float, servers: int, ca: float, cs: float, allen_cunneen: float
) -> None:
    found = allen_cunneen_mean_wait(busy * servers, 1, servers, ca, cs)
    assert found == pytest.approx(allen_cunneen, abs=5e-6)


def test_sakasegawa_by_hand() -> None:
    """Seven servers of eight busy: the exponent is sqrt(18) - 1."""
    expected = (7 / 8) ** (18**0.5 - 1) / (8 * (1 / 8))
    assert sakasegawa_mean_wait(7, 1, 8, 1, 1) == pytest.approx(expected, rel=1e-12)


# --- limits and refusals ---


def test_nothing_to_spare_is_endless_and_no_arrivals_no_wait() -> None:
    assert kingman_mean_wait([0, 1], 1, 0, 0).tolist() == [0, np.inf]
    assert allen_cunneen_mean_wait([0, 4], 1, 4, 0, 0).tolist() == [0, np.inf]
    assert sakasegawa_mean_wait([0, 4, 5], 1, 4, 1, 1).tolist() == [0, np.inf, np.inf]


def test_what_never_varies_never_waits() -> None:
    assert allen_cunneen_mean_wait(3, 1, 4, 0, 0) == 0
    assert variability_of(0, 0) == 0


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`ca` must be finite and >= 0; got -1"):
        variability_of(-1, 1)
    with pytest.raises(MetricsError, match="`cs` must be finite"):
        kingman_mean_wait(0.5, 1, 1, np.nan)
    with pytest.raises(MetricsError, match="`mean_s` must be finite and > 0"):
        allen_cunneen_mean_wait(0.5, 0, 1, 1, 1)
    with pytest.raises(MetricsError, match="`servers` must be whole"):
        sakasegawa_mean_wait(0.5, 1, 0, 1, 1)
