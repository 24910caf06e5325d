"""The nearest flip point of every threshold at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.knobs import Knob, knobs_of
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.flip_points import flip_of
from aipm_metrics.models.flips_along import leaving_turn, linear_flips, nearest_flips
from aipm_metrics.scenarios.moderation import ModerationScenario

KNOBS = knobs_of(ModerationScenario)
PLAIN, SHARE = KNOBS["value_per_viewer"], KNOBS["prevalence"]  # linear, and by log odds
NUMBERS = st.just(PLAIN.low) | st.floats(1e-6, PLAIN.high)
ANY = st.lists(NUMBERS, min_size=1, max_size=12)
SLOPES = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)


# --- linear differences ---


@given(ANY, SLOPES)
def test_a_linear_difference_turns_where_it_is_nought(roots: list[float], slope: float) -> None:
    at = np.array(roots)[:, None]
    found = linear_flips(PLAIN, lambda x: slope * (x - at))
    inside = (at[:, 0] > PLAIN.low) & (at[:, 0] < PLAIN.high)
    np.testing.assert_allclose(found[inside], at[inside, 0], rtol=1e-9, atol=1e-9)
    assert np.isnan(found[~inside]).all()  # on a limit it touches nought and does not turn


@given(ANY, SLOPES)
def test_one_that_turns_beyond_the_limits_turns_nowhere(roots: list[float], slope: float) -> None:
    for beyond in (PLAIN.low - 1 - np.array(roots), PLAIN.high + 1 + np.array(roots)):
        at = beyond[:, None]

        def difference(x: Floats, at: Floats = at) -> Floats:
            return slope * (x - at)

        assert np.isnan(linear_flips(PLAIN, difference)).all()


def test_two_sides_equal_all_along_are_no_flip() -> None:
    assert np.isnan(linear_flips(PLAIN, lambda x: np.zeros((3, x.shape[1])))).all()
    assert np.isnan(linear_flips(PLAIN, lambda x: np.full((3, x.shape[1]), 7.0))).all()


def test_a_root_found_never_leaves_the_limits() -> None:
    """Where the slope is all but endless, a quotient may round past the limit."""
    steep = np.array([[1e300], [1e-300]])
    found = linear_flips(PLAIN, lambda x: steep * (x - np.nextafter(PLAIN.high, 0)))
    assert ((found >= PLAIN.low) & (found <= PLAIN.high)).all()


# --- where a chance of leaving matters most ---


def people_lost(chance: Floats, fpr: float, rival: float, exposures: float) -> Floats:
    return np.asarray((1 - chance * fpr) ** exposures - (1 - chance * rival) ** exposures)


@given(st.floats(1e-4, 1), st.floats(1e-4, 1), st.floats(1.01, 1000))
def test_the_turn_is_the_largest_difference_of_a_dense_search(
    fpr: float, rival: float, exposures: float
) -> None:
    """No chance on a fine grid separates the two more than the one found, and it lies between."""
    turn = float(leaving_turn(np.array([fpr]), rival, exposures)[0])
    grid = np.concatenate([np.linspace(0, 1, 2_001), np.geomspace(1e-6, 1, 2_001)])
    apart = np.abs(people_lost(grid, fpr, rival, exposures))
    if fpr == rival:
        assert np.isnan(turn)
        assert (apart == 0).all()
        return
    best = turn if 0 <= turn <= 1 else 1.0
    most = float(np.abs(people_lost(np.array([best]), fpr, rival, exposures))[0])
    assert most >= apart.max() * (1 - 1e-9) - 1e-15


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 1000))
def test_between_limits_and_turn_the_difference_only_rises_or_only_falls(
    fpr: float, rival: float, exposures: float
) -> None:
    turn = float(np.nan_to_num(leaving_turn(np.array([fpr]), rival, exposures)[0], nan=0.0))
    turn = min(max(turn, 0.0), 1.0)
    for low, high in ((0.0, turn), (turn, 1.0)):
        steps = np.diff(people_lost(np.linspace(low, high, 301), fpr, rival, exposures))
        assert (steps >= -1e-12).all() or (steps <= 1e-12).all()


def test_one_post_an_author_makes_has_no_turn() -> None:
    """The difference is linear in the chance then."""
    assert np.isnan(leaving_turn(np.array([0.1, 0.2]), 0.3, 1.0)).all()


def test_equal_rates_have_no_turn_and_neither_have_none_at_all() -> None:
    assert np.isnan(leaving_turn(np.array([0.3]), 0.3, 8.0)).all()
    assert np.isnan(leaving_turn(np.array([0.0]), 0.0, 8.0)).all()


# --- any difference ---


def between(roots: Floats, knob: Knob) -> Floats:
    """Values that keep the roots of each row apart: the limits, and a point between neighbours."""
    places = np.sort(knob.to_axis(roots), axis=1)
    middles = knob.from_axis((places[:, 1:] + places[:, :-1]) / 2)
    ends = np.broadcast_to([knob.low, knob.high], (len(roots), 2))
    return np.sort(np.concatenate([ends, middles], axis=1), axis=1)


def oscillating(roots: Floats, knob: Knob) -> Callable[[Floats, Any], Floats]:
    """A function of values (t, g) that is nought at each row's roots and nowhere else."""

    def difference(x: Floats, rows: Any) -> Floats:
        apart = knob.to_axis(x)[:, :, None] - knob.to_axis(roots[rows])[:, None, :]
        return np.asarray(np.prod(apart, axis=2), float)

    return difference


@pytest.mark.parametrize("knob", [PLAIN, SHARE], ids=lambda k: k.name)
@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_of_several_turns_is_found(knob: Knob, seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = knob.to_axis([knob.low, knob.high])
    places = rng.uniform(low, high, (40, int(rng.integers(1, 5))))
    roots, here = knob.from_axis(places), float(rng.uniform(low, high))
    today = float(knob.from_axis(here))
    found = nearest_flips(
        knob, today, oscillating(roots, knob), between(roots, knob), np.full(40, np.inf)
    )
    expected = np.abs(places - here).min(axis=1)
    np.testing.assert_allclose(np.abs(knob.to_axis(found) - here), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_a_turn_beyond_reach_is_not_told_and_one_within_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    roots = rng.uniform(PLAIN.low, PLAIN.high, (40, 2))
    today = float(rng.uniform(PLAIN.low, PLAIN.high))
    far = np.abs(roots - today).min(axis=1)
    reach = far * rng.choice([0.5, 0.999, 1.001, 3.0], 40)
    found = nearest_flips(PLAIN, today, oscillating(roots, PLAIN), between(roots, PLAIN), reach)
    np.testing.assert_array_equal(np.isnan(found), reach < far)
    np.testing.assert_allclose(np.abs(found - today)[reach > far], far[reach > far], rtol=1e-9)


def _of_all(difference: Callable[[Floats], Floats], x: Floats, _: Any) -> Floats:
    return difference(x)


def test_a_touch_and_a_stretch_of_indifference_are_no_turn() -> None:
    """As in `flip_of`: the sign must differ on the two sides."""
    pieces = np.array([[PLAIN.low, 40.0, 60.0, PLAIN.high]])
    everywhere = np.array([np.inf])
    even: tuple[Callable[[Floats], Floats], ...] = (
        lambda x: (x - 50) ** 2,
        lambda x: np.maximum(np.abs(x - 50) - 10, 0),
        lambda x: 0 * x,
    )
    for difference in even:

        def of_all(x: Floats, _: Any, alone: Callable[[Floats], Floats] = difference) -> Floats:
            return alone(x)

        assert np.isnan(nearest_flips(PLAIN, 10.0, of_all, pieces, everywhere)).all()
        assert np.isnan(flip_of(PLAIN, 10.0, difference).at)


def test_a_choice_that_is_even_today_flips_today() -> None:
    pieces = np.array([[PLAIN.low, PLAIN.high]])
    found = nearest_flips(PLAIN, 50.0, lambda x, _: x - 50.0, pieces, np.array([np.inf]))
    assert found.tolist() == [50.0]
    assert flip_of(PLAIN, 50.0, lambda x: x - 50.0).at == 50.0
