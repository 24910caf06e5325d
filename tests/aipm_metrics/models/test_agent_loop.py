"""Steps of an agent's loop: the law of their number, limits, and what a coin would do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.errors import OutOfRangeError
from aipm_metrics.models.agent_loop import (
    Visits,
    expected_attempts,
    gathered,
    loop_cost,
    step_chances,
    work,
)
from aipm_metrics.models.pricing import Rates

MEAN, SHAPE, SURVIVES = st.floats(1, 100), st.floats(0.3, 20), st.floats(0.5, 1)


@given(st.floats(1.01, 100), SHAPE)
def test_the_number_of_steps_is_one_more_than_a_negative_binomial(mean: float, r: float) -> None:
    """scipy's `nbinom`, for Johnson, Kemp & Kotz (2005), ch. 5."""
    expected = stats.nbinom.pmf(np.arange(200), r, r / (r + mean - 1))
    np.testing.assert_allclose(step_chances(mean, r, 200), expected, rtol=1e-9, atol=1e-13)


@given(st.floats(1, 10), st.floats(0.5, 20))
def test_its_mean_is_the_mean(mean: float, shape: float) -> None:
    chances = step_chances(mean, shape, 2000)
    assert chances.sum() == pytest.approx(1, rel=1e-9)
    assert chances @ np.arange(1, 2001) == pytest.approx(mean, rel=1e-9)


def test_shape_one_is_the_coin() -> None:
    np.testing.assert_allclose(step_chances(4, 1, 9), stats.geom.pmf(np.arange(1, 10), 1 / 4))


def test_a_task_of_one_step_takes_one() -> None:
    assert step_chances(1, 3, 3).tolist() == [1, 0, 0]
    assert step_chances([1, 2], [[1], [3], [5]], 7).shape == (3, 2, 7)


@given(MEAN, SHAPE, SURVIVES)
def test_a_higher_limit_finishes_more_and_cuts_off_fewer(
    mean: float, shape: float, survives: float
) -> None:
    told = work(mean, shape, survives, 60)
    assert (np.diff(told.finished) >= 0).all()
    assert (np.diff(told.cut_off) <= 1e-15).all()
    assert (np.diff(told.stopped) <= 0).all()
    assert (told.finished + told.cut_off <= 1 + 1e-12).all()
    for visits in (told.tasks, told.runaways):
        assert (np.diff(np.diff(visits.calls)) <= 1e-12).all()  # fewer and fewer get that far
    if survives == 1:
        np.testing.assert_allclose(told.finished + told.cut_off, 1, rtol=1e-9)
        assert (told.stopped == 1).all()
    assert (told.runaways.calls >= told.tasks.calls - 1e-12).all()


@given(MEAN, SHAPE, SURVIVES)
def test_the_parts_do_not_depend_on_how_far_one_looks(
    mean: float, shape: float, survives: float
) -> None:
    short, long = (work(mean, shape, survives, n) for n in (10, 50))
    np.testing.assert_array_equal(short.finished, long.finished[:11])
    np.testing.assert_array_equal(short.tasks.again, long.tasks.again[:11])


def test_no_step_allowed_finishes_nothing() -> None:
    told = work(8, 2, 0.9, 5)
    assert (told.finished[0], told.cut_off[0], told.stopped[0]) == (0, 1, 1)
    assert told.tasks.calls[0] == told.runaways.depth[0] == 0


def test_visits_count_depth_and_what_is_sent_again() -> None:
    told = Visits.of(np.ones(4))
    assert told.calls.tolist() == [0, 1, 2, 3, 4]
    assert told.depth.tolist() == [0, 0, 1, 3, 6]
    assert told.again.tolist() == [0, 0, 0, 1, 3]


@pytest.mark.parametrize(("mean", "shape", "failure", "retries"), [(6, 1, 0.3, 1), (9, 3, 0.1, 0)])
def test_the_loop_played_out(mean: float, shape: float, failure: float, retries: int) -> None:
    """Tasks of random length, attempts that fail at random, a limit of twelve steps."""
    limit, many, rng = 12, 40_000, np.random.default_rng(1961)
    needs = 1 + rng.negative_binomial(shape, shape / (shape + mean - 1), many)
    tries = rng.geometric(1 - failure, (many, limit))  # attempts until one goes through
    fails = tries > retries + 1
    first_failure = np.where(fails.any(axis=1), fails.argmax(axis=1) + 1, limit + 1)
    last = np.minimum(needs, limit)
    reached = np.minimum(first_failure, last)
    got_through = first_failure > last
    attempts = np.where(np.arange(limit) < reached[:, None], np.minimum(tries, retries + 1), 0).sum(
        axis=1
    )
    told = work(mean, shape, 1 - failure ** (retries + 1), limit)
    per_step = expected_attempts(failure, retries)
    for seen, formula in (
        (got_through & (needs <= limit), told.finished[limit]),
        (got_through & (needs > limit), told.cut_off[limit]),
        (reached, told.tasks.calls[limit]),
        (reached * (reached - 1) / 2, told.tasks.depth[limit]),
        (attempts, told.tasks.calls[limit] * per_step),
    ):
        assert abs(seen.mean() - formula) < 4 * seen.std() / np.sqrt(many)


# --- attempts ---


@given(st.floats(0, 0.99), st.integers(0, 20))
def test_attempts_are_a_geometric_series(failure: float, retries: int) -> None:
    series = sum(failure**k for k in range(retries + 1))
    assert expected_attempts(failure, retries) == pytest.approx(series, rel=1e-9)


def test_attempts_without_failures_are_one_and_certain_failure_is_refused() -> None:
    assert expected_attempts([0, 0.5], [9, 1]).tolist() == [1, 1.5]
    with pytest.raises(OutOfRangeError, match="`failure`"):
        expected_attempts(1, 3)
    with pytest.raises(OutOfRangeError, match="`max_retries`"):
        expected_attempts(0.1, -1)


# --- the closed form ---


@pytest.mark.parametrize(("steps", "usd"), [(1, 0.0135), (5, 0.1125), (10, 0.3375), (20, 1.125)])
def test_a_loop_grows_with_the_square_of_its_steps(steps: int, usd: float) -> None:
    """By hand: 2,000 tokens, 1,000 added and 500 put out a step, 3 and 15 USD per million."""
    told = Rates(input=3, cache_read=0.3, cache_write=3.75, output=15)
    by_step = sum((2000 + j * 1500) * 3 + 500 * 15 for j in range(steps)) / 1e6
    assert loop_cost(steps, 2000, 1000, 500, told) == pytest.approx(usd, rel=1e-9)
    assert by_step == pytest.approx(usd, rel=1e-9)


def test_a_prefix_is_read_at_any_shape_of_steps() -> None:
    prefix = np.arange(12.0).reshape(3, 4)
    assert gathered(prefix, np.array([[0], [3]])).tolist() == [[0, 4, 8], [3, 7, 11]]
    assert gathered(prefix, np.array(2)).tolist() == [2, 6, 10]
    assert gathered(np.array([0.0, 5.0]), np.array([[1, 0]])).tolist() == [[5, 0]]
