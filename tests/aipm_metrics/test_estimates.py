"""Wilson's interval and the exact one: laws, limits, published numbers, refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import clopper_pearson, wilson

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
