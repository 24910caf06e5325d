"""The shortest decimal: within its interval, and no other there is shorter."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aipm_metrics.models.shortest_decimals import plainest_threshold, shortest_decimal

NUMBER = st.floats(-1e6, 1e6) | st.floats(0, 1) | st.floats(0, 1, width=32)


def places(value: float) -> int:
    """Decimals of a number as it is written; negative for zeros before the point."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return int(exponent) * -1


@given(NUMBER, NUMBER)
@example(0.234375, 0.24)  # a float below the decimal it is written as
def test_it_lies_within_and_is_as_short_as_the_ends(one: float, other: float) -> None:
    above, up_to = min(one, other), max(one, other)
    if above == up_to:
        return
    found = shortest_decimal(above, up_to)
    assert above < found <= up_to
    if found:  # 0 has no digits
        assert places(found) <= places(up_to)


@given(st.integers(1, 9_998), st.integers(1, 9_998))
def test_none_with_fewer_decimals_lies_within(one: int, other: int) -> None:
    above, up_to = sorted((one, other))
    if above == up_to:
        return
    found = places(shortest_decimal(above / 1e4, up_to / 1e4))
    for fewer in range(max(found, 0)):
        step = 10 ** (4 - fewer)
        assert up_to // step * step <= above


@pytest.mark.parametrize("ends", [(0.0, 1e-9), (0.5, float(np.nextafter(0.5, 1))), (-1.0, 0.0)])
def test_neighbours_and_zero(ends: tuple[float, float]) -> None:
    above, up_to = ends
    assert above < shortest_decimal(above, up_to) <= up_to


def test_it_flags_the_very_same_rows() -> None:
    scores = np.unique(np.random.default_rng(4).random(500).astype(np.float32).astype(float))
    for k in range(scores.size):
        threshold = plainest_threshold(scores, k)
        assert ((scores >= threshold) == (scores >= scores[k])).all()
        assert len(repr(threshold)) < 12 or k == 0  # the lowest stays as it is
