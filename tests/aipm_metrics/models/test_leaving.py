"""How many people leave after being wronged again and again."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.models.leaving import leaving_share, leaving_slope

SHARE = st.floats(0, 1)
EXPOSURES = st.floats(1, 1000)

# --- laws ---


@given(SHARE, SHARE, EXPOSURES)
def test_a_share_of_people_leaves_and_never_more_than_all(
    rate: float, chance: float, n: float
) -> None:
    share = leaving_share(rate, chance, n)
    assert 0 <= share <= 1
    assert share <= n * rate * chance * (1 + 1e-12) + 1e-300


@given(SHARE, SHARE, SHARE, EXPOSURES)
def test_more_wrongs_never_drive_fewer_away(a: float, b: float, chance: float, n: float) -> None:
    low, high = sorted([a, b])
    assert leaving_share(low, chance, n) <= leaving_share(high, chance, n)
    assert leaving_slope(low, chance, n) >= leaving_slope(high, chance, n) >= 0


@given(st.fractions(0, 1, max_denominator=50), st.fractions(0, 1, max_denominator=50),
       st.integers(1, 30))  # fmt: skip
def test_the_share_is_exact_arithmetic_to_a_billionth(
    rate: Fraction, chance: Fraction, n: int
) -> None:
    exact = 1 - (1 - chance * rate) ** n
    assert leaving_share(float(rate), float(chance), n) == pytest.approx(float(exact), rel=1e-9)


@given(SHARE, SHARE, st.integers(1, 200))
def test_leaving_is_at_least_one_success_in_n_trials(rate: float, chance: float, n: int) -> None:
    """Feller (1968), vol. 1, ch. VI.2, by scipy's binomial survival function."""
    expected = stats.binom.sf(0, n, rate * chance)
    assert leaving_share(rate, chance, n) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(st.floats(0.01, 0.9), st.floats(0.01, 0.9), st.floats(1, 100))
def test_the_slope_is_the_change_of_the_share(rate: float, chance: float, n: float) -> None:
    step = 1e-6
    above, below = (leaving_share(rate + s, chance, n) for s in (step, -step))
    assert leaving_slope(rate, chance, n) == pytest.approx(
        (above - below) / (2 * step), rel=1e-5, abs=1e-7
    )


# --- limits ---


def test_certain_wrongs_that_are_certain_to_drive_away_drive_everybody_away() -> None:
    assert leaving_share(1.0, 1.0, [1.0, 8.0, 1000.0]).tolist() == [1, 1, 1]
    assert leaving_slope(1.0, 1.0, [1.0, 8.0]).tolist() == [1, 0]


def test_without_wrongs_or_without_consequences_nobody_leaves() -> None:
    assert leaving_share([0.0, 1.0], [1.0, 0.0], 8.0).tolist() == [0, 0]


def test_a_tiny_rate_keeps_its_digits() -> None:
    assert leaving_share(1e-18, 0.5, 8) == pytest.approx(4e-18, rel=1e-12)


def test_arrays_broadcast() -> None:
    assert np.shape(leaving_share(np.zeros(3), 0.1, np.ones((2, 1)))) == (2, 3)
