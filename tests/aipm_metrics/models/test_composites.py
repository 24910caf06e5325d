"""Services made of services: hand-worked numbers and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import OutOfRangeError
from aipm_metrics.models.composites import called_often, in_series, with_fallback
from aipm_metrics.models.error_budget import budget_minutes

SHARES = st.floats(0, 1)


def test_by_hand_three_parts_of_three_nines_in_series() -> None:
    whole = in_series([0.999] * 3)
    assert whole == pytest.approx(0.997002999, abs=1e-12)
    assert budget_minutes(whole, 30) == pytest.approx(129.47, abs=0.01)


def test_by_hand_a_fallback_and_a_fan_out() -> None:
    assert with_fallback(0.99, 0.99) == pytest.approx(0.9999, abs=1e-12)
    # Dean & Barroso 2013, "The tail at scale": 63 % of requests to 100 servers meet a 1 % tail.
    assert 1 - called_often(0.99, 100) == pytest.approx(0.633968, abs=1e-6)


@given(st.lists(SHARES, min_size=1, max_size=5))
def test_a_chain_is_no_better_than_its_weakest_part(parts: list[float]) -> None:
    assert in_series(parts) <= min(parts) + 1e-15


@given(SHARES, SHARES)
def test_a_fallback_never_harms_and_order_does_not_matter(one: float, other: float) -> None:
    assert with_fallback(one, other) >= max(one, other) - 1e-15
    assert with_fallback(one, other) == pytest.approx(with_fallback(other, one), abs=1e-15)


@given(SHARES, st.integers(0, 20))
def test_calls_are_a_series_of_one_part(good: float, calls: int) -> None:
    assert called_often(good, calls) == pytest.approx(float(in_series([1.0, *[good] * calls])))


def test_a_share_beyond_one_is_refused_by_name() -> None:
    with pytest.raises(OutOfRangeError, match=r"`fallback` must lie in \[0, 1\]; got 99"):
        with_fallback(0.9, 99)
