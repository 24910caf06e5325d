"""Whole people of one crowd: they add up, nobody is a whole person off, nothing is favoured."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.whole_crowds import whole_crowds

CELLS = ("good", "wrong", "late", "unanswered")


def by_hand(parts: list[Fraction], of: int) -> list[int]:
    """Hamilton's method in exact arithmetic, one crowd at a time."""
    whole = [int(p * of) for p in parts]
    rest = [p * of - n for p, n in zip(parts, whole, strict=True)]
    for i in sorted(range(len(parts)), key=lambda i: (-rest[i], i))[: of - sum(whole)]:
        whole[i] += 1
    return whole


@given(
    st.lists(st.lists(st.integers(0, 10_000), min_size=4, max_size=4).filter(any), min_size=1),
    st.integers(1, 1000),
)
def test_it_is_hamiltons_method_at_every_position(rows: list[list[int]], of: int) -> None:
    parts = [[Fraction(n, sum(row)) for n in row] for row in rows]
    columns = {c: np.array([float(p[i]) for p in parts]) for i, c in enumerate(CELLS)}
    found = whole_crowds(columns, of)
    assert list(found) == list(CELLS)
    for t, exact in enumerate(parts):
        here = [int(found[c][t]) for c in CELLS]
        assert sum(here) == of
        assert all(abs(n - p * of) < 1 for n, p in zip(here, exact, strict=True))
        left = [p * of - int(p * of) for p in exact]
        if len(set(left)) == len(left):  # equal in fractions need not be equal in floats
            assert here == by_hand(exact, of)


def test_of_equal_remainders_the_cell_named_first_is_rounded_up() -> None:
    found = whole_crowds({"a": np.array([0.25]), "b": np.array([0.25]), "c": np.array([0.5])}, 2)
    assert [int(n[0]) for n in found.values()] == [1, 0, 1]


def test_a_hair_less_than_a_whole_person_is_one() -> None:
    assert 0.29 * 100 < 29
    found = whole_crowds({"ill": np.array([0.29]), "well": np.array([0.71])}, 100)
    assert (int(found["ill"][0]), int(found["well"][0])) == (29, 71)


@pytest.mark.parametrize("cell", range(3))
def test_everybody_in_one_cell_stays_there(cell: int) -> None:
    shares = {str(i): np.full(5, float(i == cell)) for i in range(3)}
    found = whole_crowds(shares, 1000)
    assert [n.tolist() for n in found.values()] == [[1000 * (i == cell)] * 5 for i in range(3)]


def test_a_share_that_never_changes_may_be_one_number() -> None:
    found = whole_crowds(
        {"a": np.array([0.5, 0.25]), "b": np.array([0.5, 0.75]), "c": np.array(0.0)}, 4
    )
    assert [n.tolist() for n in found.values()] == [[2, 1], [2, 3], [0, 0]]
