"""A number as written: read, written again, and what its last digit stands for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.written_numbers import (
    COUNTED,
    NOT_KNOWN,
    SHARED,
    half_unit,
    read_number,
    write_number,
)

SHARES = {
    "91 %": (0.91, "to 1 %"), "91%": (0.91, "to 1 %"), "0.91": (0.91, "to 1 %"),
    ".91": (0.91, "to 1 %"), "91": (0.91, "to 1 %"), "91.0 %": (0.91, "to 0.1 %"),
    "0.910": (0.91, "to 0.1 %"), "0.9": (0.9, "to 10 %"), "1": (1.0, "to 10 %"),
    "100 %": (1.0, "to 1 %"), "0.04 %": (0.0004, "to 0.01 %"), "0": (0.0, "to 10 %"),
    "0.123456": (0.123456, "exact"), "80 % exactly": (0.8, "exact"),
    "83.7 % to 1 %": (0.837, "to 1 %"), " 5 % ": (0.05, "to 1 %"), "": (0.0, NOT_KNOWN),
}  # fmt: skip
COUNTS = {
    "4,800": (4800, "to the last one"), "4800": (4800, "to the last one"),
    "about 4,800": (4800, "to 2 digits"), "~5,000": (5000, "to 1 digit"),
    "4.8k": (4800, "to 2 digits"), "2 million": (2e6, "to 1 digit"),
    "2.0 million": (2e6, "to 2 digits"), "2.00m": (2e6, "to 3 digits"),
    "1.234 million": (1_234_000, "to the last one"), "1.5 bn": (1.5e9, "to 2 digits"),
    "4,800 to 2 digits": (4800, "to 2 digits"), " ": (0, NOT_KNOWN),
}  # fmt: skip
NONSENSE = [
    "ninety", "nan", "inf", "-5", "1e3", "5;6", "<b>", "٩١", "0x1", "4,800 %%", "9" * 50, "5 $",
    "to 1 %", "about", "1.2.3",
]  # fmt: skip


@pytest.mark.parametrize("text", SHARES)
def test_shares_are_read(text: str) -> None:
    assert read_number(text, ratio=True) == SHARES[text]


@pytest.mark.parametrize("text", COUNTS)
def test_counts_are_read(text: str) -> None:
    assert read_number(text, ratio=False) == COUNTS[text]


@pytest.mark.parametrize("ratio", [True, False])
@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_in_words(text: str, *, ratio: bool) -> None:
    with pytest.raises(MetricsError, match=r"must be a|cannot be meant"):
        read_number(text, ratio=ratio)


@pytest.mark.parametrize(("text", "ratio"), [("101 %", True), ("250", True), ("91 %", False)])
def test_what_is_no_share_or_no_count_is_refused(text: str, *, ratio: bool) -> None:
    with pytest.raises(MetricsError, match="must be a"):
        read_number(text, ratio=ratio)


@given(st.floats(0, 1), st.sampled_from(SHARED), st.booleans())
def test_a_share_comes_back_from_its_text(value: float, rounding: str, percent: bool) -> None:
    text = write_number(value, rounding, ratio=True, percent=percent)
    if rounding == NOT_KNOWN:
        assert text == ""
    elif len(text) <= 40:
        found, known = read_number(text, ratio=True)
        assert known == rounding
        assert found == pytest.approx(value, rel=1e-12)


@given(st.integers(1, 10**10), st.sampled_from(COUNTED))
def test_a_count_comes_back_from_its_text(value: int, rounding: str) -> None:
    text = write_number(value, rounding, ratio=False)
    if rounding == NOT_KNOWN:
        assert text == ""
    else:
        assert read_number(text, ratio=False) == (value, rounding)


@pytest.mark.parametrize(
    ("value", "rounding", "half"),
    [
        (0.91, "to 1 %", Fraction(1, 200)), (0.91, "to 0.001 %", Fraction(1, 200_000)),
        (0.9, "to 10 %", Fraction(1, 20)), (4800, "to the last one", Fraction(1, 2)),
        (4800, "to 2 digits", Fraction(50)), (2e6, "to 1 digit", Fraction(500_000)),
        (2e6, "to 3 digits", Fraction(5_000)), (7, "to 2 digits", Fraction(1, 20)),
    ],
)  # fmt: skip
def test_half_a_unit_in_the_last_digit(value: float, rounding: str, half: Fraction) -> None:
    assert half_unit(value, rounding) == half


def test_exact_is_as_exact_as_a_float_travels() -> None:
    assert 0 < half_unit(0.8, "exact") < Fraction(1, 10**8)
