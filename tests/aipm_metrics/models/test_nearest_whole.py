"""The nearest values of whole cases, against every matrix there is."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aipm_metrics.models.consistency import Given, Region
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.metric_reading import GIVEN, read_metrics
from aipm_metrics.models.nearest_whole import Quotient, nearest_whole
from tests.aipm_metrics.models.matrices import share

if TYPE_CHECKING:
    from fractions import Fraction

MOST = 9
W = Given.written
LAST = "to the last one"
TO_NINE = range(MOST + 1)
EVERY = [c for c in product(TO_NINE, TO_NINE, TO_NINE, TO_NINE) if 0 < sum(c) <= MOST]


def values_of(rest: list[Given], said: Given) -> list[Fraction]:
    """Every value of one number in all matrices of at most nine cases that have the others."""
    return [
        value
        for cells in EVERY
        if (value := share(said.metric, cells)) is not None
        and all(
            (other := share(one.metric, cells)) is not None and one.low <= other <= one.high
            for one in rest
        )
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, MOST),
    st.dictionaries(st.sampled_from([n for n in GIVEN if n != "volume"]), st.integers(0, 100),
                    min_size=2, max_size=3),
)  # fmt: skip
def test_nearest_values_are_those_of_trying_every_matrix(
    volume: int, picked: dict[str, int]
) -> None:
    said = [
        W(name, percent / 100, "to 1 %")
        if METRICS[name].is_ratio
        else W(name, percent % (volume + 2), LAST)
        for name, percent in picked.items()
    ]
    rest = [W("volume", volume, LAST), *said[1:]]
    region = Region(rest)
    assume(region.possible)
    values, one = values_of(rest, said[0]), said[0]
    assume(not any(one.low <= value <= one.high for value in values))
    told = nearest_whole(region, one)
    below = max((value for value in values if value < one.low), default=None)
    above = min((value for value in values if value > one.high), default=None)
    assert (told.below and told.below.value) == below
    assert (told.above and told.above.value) == above


def test_without_a_volume_the_window_widens_until_there_is_one() -> None:
    """Brown and Heathers' idea: 91 % needs 11 cases or more; 10 of 11 are 90.9 %."""
    reading = read_metrics((("flagged", 7, LAST), ("precision", 0.91, "to 1 %")))
    flagged, precision = (one.nearest for one in reading.suspects)
    assert flagged is not None
    assert precision is not None
    assert (flagged.below, flagged.above) == (None, Quotient(11, 1))
    assert (precision.below, precision.above) == (Quotient(6, 7), Quotient(7, 7))


def test_where_fractions_refute_already_nothing_is_looked_for() -> None:
    reading = read_metrics(
        (("positives", 4000, LAST), ("flagged", 4800, LAST), ("recall", 0.54, "to 1 %"),
         ("precision", 0.91, "to 1 %"))
    )  # fmt: skip
    assert {one.nearest for one in reading.suspects} == {None}


def test_what_is_too_much_to_try_is_left_unsaid() -> None:
    rest = Region([W("volume", 2e9, LAST), W("recall", 0.5, "to 1 %")])
    told = nearest_whole(rest, W("precision", 0.5, "to 1 %"))
    assert (told.below, told.above) == (None, None)


@pytest.mark.parametrize("without", ["flagged", "recall", "precision"])
def test_others_that_whole_cases_refute_leave_a_number_nothing(without: str) -> None:
    """With 7 flagged, 91 % is wrong whatever recall is: recall is left no interval."""
    reading = read_metrics(
        (("flagged", 7, LAST), ("precision", 0.91, "to 1 %"), ("recall", 0.54, "to 1 %"))
    )
    assert reading.fractions
    left = reading.left_by_others[without]
    assert (left.low != left.low) is (without == "recall")
