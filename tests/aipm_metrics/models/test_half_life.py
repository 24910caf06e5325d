"""What halves in equal times, beside the exponential distribution of another library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import expon

from aipm_metrics.models.half_life import gone, half_life_until, left, time_until

TIMES = st.floats(0, 1e4)
HALVES = st.floats(0.1, 1e6)


@given(TIMES, HALVES)
def test_scipys_exponential_distribution_agrees(time: float, half_life: float) -> None:
    law = expon(scale=half_life / np.log(2))
    assert gone(time, half_life) == pytest.approx(law.cdf(time), rel=1e-12)
    assert left(time, half_life) == pytest.approx(law.sf(time), rel=1e-9)


@given(TIMES, TIMES, HALVES)
def test_what_is_left_after_two_waits_is_the_product(one: float, two: float, half: float) -> None:
    product = left(one, half) * left(two, half)
    assert left(one + two, half) == pytest.approx(product, rel=1e-9)
    assert left(one, half) + gone(one, half) == pytest.approx(1, rel=1e-15)


@given(st.floats(1e-6, 0.999), HALVES)
def test_both_ways_back_are_inverses(share: float, half_life: float) -> None:
    time = time_until(share, half_life)
    assert gone(time, half_life) == pytest.approx(share, rel=1e-9)
    assert half_life_until(share, time) == pytest.approx(half_life, rel=1e-9)


def test_the_ends_are_told() -> None:
    assert time_until(np.array([0.0, 1.0]), 80).tolist() == [0, np.inf]
    assert half_life_until(np.array([0.0, 1.0]), 80).tolist() == [np.inf, 0]
    assert gone(1e-12, 80) == pytest.approx(1e-12 / 80 * np.log(2), rel=1e-12)
