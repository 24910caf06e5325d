"""Extreme rays against brute force over every choice of boundaries."""

from __future__ import annotations

from itertools import combinations
from math import gcd

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.double_description import extreme_rays

Ray = tuple[int, ...]
rows = st.lists(st.tuples(*[st.integers(-4, 4)] * 4), max_size=6)


def brute_force(inequalities: list[Ray], equations: list[Ray]) -> set[Ray]:
    """Every line that three boundaries leave, if it lies in the cone."""
    units = [tuple(int(i == j) for j in range(4)) for i in range(4)]
    faces = [*units, *inequalities, *equations]
    found = set()
    for three in combinations(faces, 3):
        ray = [
            (-1) ** i * round(np.linalg.det([[r[j] for j in range(4) if j != i] for r in three]))
            for i in range(4)
        ]
        for sign in (1, -1):
            line = [sign * x for x in ray]
            inside = all(_dot(row, line) >= 0 for row in [*units, *inequalities])
            if any(line) and inside and not any(_dot(row, line) for row in equations):
                found.add(tuple(x // gcd(*line) for x in line))
    return found


def _dot(row: Ray, line: list[int]) -> int:
    return sum(a * x for a, x in zip(row, line, strict=True))


@given(rows, st.lists(st.tuples(*[st.integers(-4, 4)] * 4), max_size=2))
def test_rays_are_those_of_brute_force(inequalities: list[Ray], equations: list[Ray]) -> None:
    found = extreme_rays(inequalities, equations, 4)
    assert set(found) == brute_force(inequalities, equations)
    assert len(found) == len(set(found))


def test_nothing_cut_leaves_the_axes_and_too_much_leaves_nothing() -> None:
    assert set(extreme_rays([], [], 2)) == {(1, 0), (0, 1)}
    assert extreme_rays([(-1, -1)], [], 2) == ()
