"""Parts of a crowd as whole people: they add up, and none strays by more than one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.whole_parts import whole_parts

PARTS = st.lists(st.floats(0, 0.2), min_size=1, max_size=5)


@given(PARTS, st.integers(1, 10_000))
def test_each_part_is_right_to_one_and_all_together_to_a_half(parts: list[float], of: int) -> None:
    people = whole_parts(parts, of)
    assert (people >= 0).all()
    assert (np.abs(people - np.array(parts) * of) <= 1 + 1e-6).all()
    assert abs(people.sum() - sum(parts) * of) <= 0.5 + 1e-6


def test_a_half_rounds_up() -> None:
    assert whole_parts([0.25, 0.25], 2).tolist() == [1, 0]
    assert whole_parts([], 7).tolist() == []
