"""Errors over those of repeating the hour before: worked by hand, laws, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.scaled_errors import scaled_errors

PAST = [10.0, 12.0, 11.0, 15.0, 14.0]


def test_worked_by_hand() -> None:
    """Changes 2, 1, 4, 1: mean 2, mean square 5.5. Misses 1 over and 2 under."""
    found = scaled_errors(PAST, [13, 16], 14, 0.8)
    assert found.mase == pytest.approx(0.75, abs=1e-12)
    assert found.rmsse == pytest.approx(np.sqrt(2.5 / 5.5), abs=1e-12)
    assert found.spl == pytest.approx((0.2 + 1.6) / 2 / 2, abs=1e-12)


@given(st.floats(0.1, 100), st.floats(0, 1))
def test_units_do_not_matter(scale: float, quantile: float) -> None:
    """All three are the same in any unit."""
    one = scaled_errors(PAST, [13, 16], [14, 12], quantile)
    other = scaled_errors(np.array(PAST) * scale, [13 * scale, 16 * scale],
                          [14 * scale, 12 * scale], quantile)  # fmt: skip
    assert (other.mase, other.rmsse, other.spl) == pytest.approx((one.mase, one.rmsse, one.spl))


def test_repeating_the_past_scores_one_on_the_past_itself() -> None:
    found = scaled_errors(PAST, PAST[1:], PAST[:-1])
    assert (found.mase, found.rmsse) == pytest.approx((1, 1))
    assert found.spl == pytest.approx(0.5)  # half of the absolute error, at the median


def test_a_past_that_never_changed_scales_nothing() -> None:
    assert np.isnan(scaled_errors([3, 3, 3], [4], [5]).mase)


@pytest.mark.parametrize(
    ("past", "actual", "named"), [([1.0], [2.0], "`past`"), ([1.0, 2.0], [], "`actual`")]
)
def test_too_little_is_refused(past: list[float], actual: list[float], named: str) -> None:
    with pytest.raises(MetricsError, match=named):
        scaled_errors(past, actual, [1.0])
    with pytest.raises(MetricsError, match="quantile"):
        scaled_errors(PAST, [1.0], [1.0], 1.5)
