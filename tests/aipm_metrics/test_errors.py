"""Refusals name the field, its limits, its unit and what was given, whatever was given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError, OutOfRangeError, Refusal, RowsError, within

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("kind", [MetricsError, OutOfRangeError, RowsError])
def test_every_refusal_can_be_caught_as_a_value_error(kind: type[Exception]) -> None:
    assert issubclass(kind, MetricsError)
    assert issubclass(kind, ValueError)


def test_out_of_range_names_field_limits_unit_and_value() -> None:
    said = str(OutOfRangeError("desk_hours", 0, 1e7, -3, "hours a month"))
    for part in ("`desk_hours`", "[0, 1e+07]", "hours a month", "-3"):
        assert part in said


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-2, 3))
def test_within_takes_the_limits_and_what_lies_between(a: float, b: float, x: float) -> None:
    low, high = sorted((a, b))
    assert within("p", low, low, high) == low
    assert within("p", high, low, high) == high
    if low <= x <= high:
        assert within("p", x, low, high) == x
    else:
        with pytest.raises(OutOfRangeError, match="`p`"):
            within("p", x, low, high)


@pytest.mark.parametrize("bad", [NAN, INF, -INF, 1.2, -1e-300])
def test_within_names_the_first_value_outside(bad: float) -> None:
    with pytest.raises(OutOfRangeError) as told:
        within("auc", np.array([0.5, bad, 7.0]), 0, 1)
    assert str(told.value) == f"`auc` must lie in [0, 1]; got {bad}"


def test_within_keeps_shapes() -> None:
    assert np.ndim(within("p", 0.5, 0, 1)) == 0
    assert within("p", [[0.1, 0.2]], 0, 1).shape == (1, 2)
    assert within("p", [], 0, 1).shape == (0,)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_refusal_is_short_and_printable_whatever_it_quotes(field: str, given_: str) -> None:
    refusal = Refusal.of(field, "must lie in [0, 1]", given_)
    assert refusal.sentence.isprintable()
    assert len(refusal.sentence) <= 2 * Refusal.LONGEST + 60
    assert "must lie in [0, 1]" in refusal.sentence
    assert refusal.sentence.endswith(".")
    if len(given_) <= Refusal.LONGEST and given_.isprintable():
        assert given_ in refusal.sentence


def test_a_shortened_text_shows_that_it_was() -> None:
    assert Refusal.of("v", "must be 1", "9" * 500).given == "9" * (Refusal.LONGEST - 1) + "…"
    assert Refusal.of("v", "must be 1", "9" * Refusal.LONGEST).given == "9" * Refusal.LONGEST


def test_right_to_left_marks_and_line_breaks_do_not_get_through() -> None:
    assert Refusal.of("a\nb", "must be 1", "\u202e\x00\u2028x").sentence.count("?") == 4
