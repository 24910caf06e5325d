"""Many roots at once: smooth crossings, jumps, roots at an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from aipm_metrics.models.illinois import illinois_roots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=20), st.floats(-3, 3))
def test_each_root_is_the_one_scipy_finds(roots: list[float], bend: float) -> None:
    at = np.array(roots)

    def function(x: Floats, which: NDArray[np.intp]) -> Floats:
        return np.asarray(np.expm1(bend * (x - at[which])) * np.sign(bend or 1) + x - at[which])

    every, low, high = np.arange(at.size), np.zeros(at.size), np.ones(at.size)
    found = illinois_roots(function, low, high, function(low, every), function(high, every))
    alone = [
        brentq(lambda x, i=i: float(function(np.array([x]), np.array([i]))[0]), 0, 1, xtol=1e-14)
        for i in range(at.size)
    ]
    np.testing.assert_allclose(found, alone, atol=1e-11)
    np.testing.assert_allclose(found, at, atol=1e-11)


@given(st.floats(0.001, 0.999), st.floats(1e-6, 1e6))
def test_a_jump_through_zero_is_found_as_surely(at: float, size: float) -> None:
    found = illinois_roots(
        lambda x, _: np.where(x < at, -1.0, size),
        np.zeros(1), np.ones(1), np.array([-1.0]), np.array([size]),
    )  # fmt: skip
    assert found[0] == pytest.approx(at, abs=1e-11)


def test_a_root_at_an_end_is_that_end() -> None:
    ends = illinois_roots(
        lambda x, _: x, np.array([0.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, -1.0]),
        np.array([1.0, 0.0]),
    )  # fmt: skip
    assert ends.tolist() == [0, 0]
    assert illinois_roots(lambda x, _: x, *[np.empty(0)] * 4).size == 0


def test_brackets_may_be_given_either_way_round() -> None:
    told = illinois_roots(
        lambda x, _: x - 3, np.array([5.0]), np.array([0.0]), np.array([2.0]), np.array([-3.0])
    )
    assert told[0] == pytest.approx(3)
