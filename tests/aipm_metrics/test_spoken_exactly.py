"""Sums that fit in one sentence, and thresholds that whoever types them in gets again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.spoken_exactly import cut_exactly, sums

USD = st.floats(0.01, 1e12)
SIZES = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}


def heard(said: str) -> float:
    """Read a sum back."""
    sign = -1 if said.startswith("-") else 1
    digits = said.lstrip("-$").replace(",", "")
    unit = next((letter for letter in ("bn", "tn", "m", "k") if digits.endswith(letter)), "")
    return sign * float(digits.removesuffix(unit)) * SIZES.get(unit, 1.0)


@given(USD, USD)
def test_the_difference_said_is_that_of_the_sums_said(first: float, second: float) -> None:
    one, other, apart = map(heard, sums(first, second))
    assert abs(one - other) == pytest.approx(
        apart, rel=1e-9, abs=1e-4 * math.ulp(1e12) + 1e-9 * one
    )
    assert apart == pytest.approx(abs(first - second), rel=0.011, abs=0.0101)
    assert one == pytest.approx(first, abs=max(0.0051 * abs(first - second), 0.0051), rel=0.05)


def test_what_was_said_wrongly_once() -> None:
    assert sums(6_384, 9_041)[2] == "$2,660"  # not: $6,400 and $9,000, which saves $2,700
    assert sums(2_320_100, 2_316_500)[:2] == ("$2,320,100", "$2,316,500")
    assert sums(5, 5) == ("$5", "$5", "$0")
    assert sums(float("nan"), 5)[2] == "undefined"


@given(st.floats(-1e9, 1e9))
def test_a_threshold_is_the_same_when_typed_in(t: float) -> None:
    assert float(cut_exactly(t)) == t


def test_ends_are_words() -> None:
    assert cut_exactly(math.inf) == "flag nothing"
    assert cut_exactly(0.25, flags_all_at=0.25) == "flag everything"
    assert cut_exactly(math.nan) == "none"
