"""Wilson's interval and the exact one: laws, limits, published numbers, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import (
    FEW,
    WIDE,
    clopper_pearson,
    few_or_wide,
    wilson,
    wilson_each,
)  # fmt: skip

TRIALS = st.integers(1, 10_000)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(TRIALS)
    return draw(st.integers(0, trials)), trials


@given(counts())
def test_the_share_lies_within_its_interval(drawn: tuple[int, int]) -> None:
    told = wilson(*drawn)
    assert 0 <= told.low <= told.value <= told.high <= 1


@given(counts())
def test_swapping_success_and_failure_mirrors_the_interval(drawn: tuple[int, int]) -> None:
    successes, trials = drawn
    told, mirrored = wilson(successes, trials), wilson(trials - successes, trials)
    assert told.low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(counts())
def test_more_rows_at_the_same_share_narrow_the_interval(drawn: tuple[int, int]) -> None:
    successes, trials = drawn
    few, many = wilson(successes, trials), wilson(4 * successes, 4 * trials)
    assert many.high - many.low < few.high - few.low


@given(counts(), st.floats(0.5, 0.999))
def test_scipy_gives_the_same_interval(drawn: tuple[int, int], confidence: float) -> None:
    told = wilson(*drawn, confidence=confidence)
    ends = binomtest(*drawn).proportion_ci(confidence, method="wilson")
    assert (told.low, told.high) == pytest.approx((ends.low, ends.high), abs=1e-9)


def test_without_trials_nothing_is_known() -> None:
    told = wilson(0, 0)
    assert math.isnan(told.value)
    assert told.too_few


@pytest.mark.parametrize(("successes", "trials"), [(-1, 10), (11, 10)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(MetricsError, match=r"`successes` must lie in \[0, 10\]"):
        wilson(successes, trials)


# --- many at once, and what can be said of them ---


@given(st.lists(counts(), min_size=1, max_size=6))
def test_many_shares_are_as_one_and_one(drawn: list[tuple[int, int]]) -> None:
    successes, trials = np.array(drawn).T
    told = wilson_each(successes[:, None], trials[:, None])
    for i, pair in enumerate(drawn):
        ends = binomtest(*pair).proportion_ci(0.95, method="wilson")
        one = told.at(i, 0)
        assert (one.low, one.high) == pytest.approx((ends.low, ends.high), abs=1e-9)
        assert (one.value, one.trials) == (pair[0] / pair[1], pair[1])


def test_groups_without_trials_stand_beside_others() -> None:
    told = wilson_each([0, 500, 3, 5], [0, 1000, 9, 10])
    assert np.isnan([told.value[0], told.low[0], told.high[0]]).all()
    assert told.status.tolist() == ["undefined", "said", "too few", "too few"]


@given(counts())
def test_a_share_is_said_where_its_interval_is_narrow_and_its_trials_are_enough(
    drawn: tuple[int, int],
) -> None:
    told = wilson_each(*drawn)
    said = drawn[1] >= FEW and told.high - told.low <= WIDE
    assert told.status[()] == ("said" if said else "too few")


def test_the_limits_of_few_and_of_wide_themselves_are_enough() -> None:
    assert few_or_wide(0.0, WIDE, FEW) == "said"
    assert few_or_wide(0.0, WIDE, FEW - 1) == "too few"
    assert few_or_wide(0.0, np.nextafter(WIDE, 1), FEW) == "too few"


def test_one_impossible_count_among_many_is_refused() -> None:
    with pytest.raises(MetricsError, match=r"`successes` must lie in \[0, 4\]; got 5"):
        wilson_each([1, 5], [3, 4])


# --- Clopper and Pearson's ---


@given(counts(), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_exact_interval_is_scipys(drawn: tuple[int, int], confidence: float) -> None:
    told = clopper_pearson(*drawn, confidence)
    theirs = binomtest(*drawn).proportion_ci(confidence, "exact")
    assert (told.low, told.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(counts())
def test_the_exact_interval_mirrors_and_holds_its_share(drawn: tuple[int, int]) -> None:
    successes, trials = drawn
    told, mirrored = clopper_pearson(*drawn), clopper_pearson(trials - successes, trials)
    assert told.low <= told.value <= told.high
    assert told.low == pytest.approx(1 - mirrored.high, abs=1e-9)


def test_the_exact_interval_of_nothing_is_undefined_and_nonsense_is_refused() -> None:
    assert math.isnan(clopper_pearson(0, 0).high)
    with pytest.raises(MetricsError, match=r"`successes` must lie in \[0, 3\]; got 4"):
        clopper_pearson(4, 3)
