"""What a person and an AI are together: limits, laws, a simulation that knows no formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from aipm_metrics.errors import OutOfRangeError
from aipm_metrics.models.reliance import calls_of, reliance_of, team_rates

RATE = st.floats(0, 1)
LIKENESS = st.floats(-1, 1)
SIX = st.tuples(RATE, RATE, RATE, RATE, RATE, RATE)


@given(SIX, LIKENESS)
def test_always_following_is_the_ai_and_never_is_the_person(rates: Any, r: float) -> None:
    h1, h0, a1, a0, _, _ = rates
    assert team_rates(h1, h0, a1, a0, 1, 1, r) == pytest.approx((a1, a0), abs=1e-12)
    assert team_rates(h1, h0, a1, a0, 0, 0, r) == pytest.approx((h1, h0), abs=1e-12)


@given(SIX)
def test_independent_readers_have_products(rates: Any) -> None:
    h1, h0, a1, a0, right, wrong = rates
    tpr = h1 * a1 + (1 - h1) * a1 * right + h1 * (1 - a1) * (1 - wrong)
    fpr = h0 * a0 + (1 - h0) * a0 * wrong + h0 * (1 - a0) * (1 - right)
    assert team_rates(h1, h0, a1, a0, right, wrong) == pytest.approx((tpr, fpr), abs=1e-12)


@given(SIX, LIKENESS, st.floats(0, 1))
def test_following_what_is_right_helps_and_what_is_wrong_hurts(
    rates: Any, r: float, more: float
) -> None:
    h1, h0, a1, a0, right, wrong = rates
    tpr, fpr = team_rates(h1, h0, a1, a0, right, wrong, r)
    better = team_rates(h1, h0, a1, a0, right + more * (1 - right), wrong, r)
    assert better[0] >= tpr - 1e-12
    assert better[1] <= fpr + 1e-12
    worse = team_rates(h1, h0, a1, a0, right, wrong + more * (1 - wrong), r)
    assert worse[0] <= tpr + 1e-12
    assert worse[1] >= fpr - 1e-12


@given(SIX, LIKENESS)
def test_with_both_answers_turned_round_nothing_changes(rates: Any, r: float) -> None:
    h1, h0, a1, a0, right, wrong = rates
    tpr, fpr = team_rates(h1, h0, a1, a0, right, wrong, r)
    turned = team_rates(1 - h0, 1 - h1, 1 - a0, 1 - a1, right, wrong, r)
    assert turned == pytest.approx((1 - fpr, 1 - tpr), abs=1e-9)


@given(SIX, LIKENESS)
def test_who_follows_only_what_is_right_beats_both(rates: Any, r: float) -> None:
    h1, h0, a1, a0, _, _ = rates
    tpr, fpr = team_rates(h1, h0, a1, a0, 1, 0, r)
    assert tpr >= max(h1, a1) - 1e-12
    assert fpr <= min(h0, a0) + 1e-12


@given(SIX, LIKENESS, RATE)
def test_every_disagreement_is_resolved_in_one_way(rates: Any, r: float, prevalence: float) -> None:
    h1, h0, a1, a0, right, wrong = rates
    ill, well = calls_of(h1, a1, r), calls_of(h0, a0, r)
    found = reliance_of(ill, well, prevalence, right, wrong)
    differ = prevalence * ill.differ + (1 - prevalence) * well.differ
    assert found.disagree == pytest.approx(differ, abs=1e-12)
    # Mistakes of the team: both wrong, or a disagreement resolved wrongly.
    tpr, fpr = team_rates(h1, h0, a1, a0, right, wrong, r)
    both_miss = 1 - h1 - a1 + ill.both
    mistakes = prevalence * both_miss + (1 - prevalence) * well.both + found.over + found.under
    assert prevalence * (1 - tpr) + (1 - prevalence) * fpr == pytest.approx(mistakes, abs=1e-9)


def test_a_crowd_that_is_followed_one_by_one_agrees() -> None:
    rng, n = np.random.default_rng(7), 400_000
    h1, h0, a1, a0, right, wrong, r = 0.8, 0.1, 0.7, 0.2, 0.6, 0.35, 0.5
    expected = team_rates(h1, h0, a1, a0, right, wrong, r)
    for human, ai, ill, rate in ((h1, a1, True, expected[0]), (h0, a0, False, expected[1])):
        seen = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], n)
        person, machine = seen[:, 0] <= ndtri(human), seen[:, 1] <= ndtri(ai)
        followed = rng.random(n) < np.where(machine == ill, right, wrong)
        call = np.where((person != machine) & followed, machine, person)
        assert abs(call.mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / n)


def test_arrays_broadcast() -> None:
    tpr, fpr = team_rates(0.8, 0.1, np.linspace(0, 1, 5), np.zeros((3, 1)), 0.5, 0.5, 0.2)
    assert np.shape(tpr) == (5,)
    assert np.shape(fpr) == (3, 1)


@pytest.mark.parametrize("name", ["human_tpr", "human_fpr", "ai_tpr", "ai_fpr", "follow_right",
                                  "follow_wrong"])  # fmt: skip
def test_a_rate_beyond_one_is_refused_by_name(name: str) -> None:
    given_ = {"human_tpr": 0.8, "human_fpr": 0.1, "ai_tpr": 0.7, "ai_fpr": 0.2,
              "follow_right": 0.5, "follow_wrong": 0.5, name: 1.5}  # fmt: skip
    with pytest.raises(OutOfRangeError, match=rf"`{name}` must lie in \[0, 1\]; got 1.5"):
        team_rates(**given_)


@pytest.mark.parametrize("correlation", [-1.2, 1.2, np.nan])
def test_an_impossible_correlation_is_refused(correlation: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"`correlation` must lie in \[-1, 1\]"):
        team_rates(0.8, 0.1, 0.7, 0.2, 0.5, 0.5, correlation)
