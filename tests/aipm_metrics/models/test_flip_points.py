"""Where a difference changes sign."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel

from aipm_metrics.knobs import knob, knobs_of
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.flip_points import flip_of, sign_changes, signs_beside

GRID = np.linspace(-10, 10, 401)
PLACES = st.just(0.0) | st.floats(1e-6, 9.9) | st.floats(-9.9, -1e-6)
ROOTS = st.lists(PLACES, min_size=0, max_size=5).map(sorted)


class Example(BaseModel):
    plain: float = knob(5, 0, 10, "Plain", group="g", help="h")
    volume: float = knob(10, 1, 1000, "Volume", group="g", help="h", scale="log")
    share: float = knob(0.01, 1e-4, 0.5, "Share", group="g", help="h", scale="log-odds")


KNOBS = knobs_of(Example)

# --- laws ---


@given(ROOTS, st.sampled_from([-2.0, 0.5, 1e9]))
def test_the_roots_of_a_polynomial_are_those_of_numpy(roots: list[float], scale: float) -> None:
    assume(all(b - a > 0.11 for a, b in pairwise(roots)))
    coefficients = np.polynomial.polynomial.polyfromroots(roots) * scale
    expected = np.sort(np.polynomial.polynomial.polyroots(coefficients).real)
    found = sign_changes(lambda x: np.polynomial.polynomial.polyval(x, coefficients), GRID)
    assert found == pytest.approx(expected.tolist(), abs=1e-6)


@given(PLACES)
def test_a_root_is_found_to_the_last_digits(root: float) -> None:
    (found,) = sign_changes(lambda x: (x - root) * (1 + x**2), GRID)
    assert found == pytest.approx(root, rel=1e-12, abs=1e-15)


@given(st.floats(-9.9, 9.9))
def test_touching_nought_without_passing_is_no_change(root: float) -> None:
    assert sign_changes(lambda x: (x - root) ** 2, GRID) == ()


@given(st.floats(-9, 9), st.floats(0.5, 5), st.booleans())
def test_a_stretch_of_noughts_is_indifference_unless_the_sign_differs_beyond_it(
    start: float, width: float, back: bool
) -> None:
    def f(x: Floats) -> Floats:
        rising = np.maximum(x - start - width, 0)
        return np.minimum(x - start, 0) * (-1 if back else 1) + rising

    found = sign_changes(f, GRID)
    if back or start + width >= 10:
        assert found == ()
    else:
        assert len(found) == 1
        assert start - 1e-9 <= found[0] <= start + width + 1e-9


@given(st.sampled_from(sorted(KNOBS)), st.floats(0.01, 0.99), st.floats(0.02, 0.98))
def test_the_flip_is_the_root_and_its_distance_a_share_of_the_range_on_its_own_scale(
    name: str, root_place: float, today_place: float
) -> None:
    told = KNOBS[name]
    low, high = told.to_axis([told.low, told.high])
    root, today = (float(told.from_axis(low + p * (high - low))) for p in (root_place, today_place))
    flip = flip_of(told, today, lambda values: values - root)
    assert flip.at == pytest.approx(root, rel=1e-12)
    assert flip.distance == pytest.approx(abs(root_place - today_place), abs=1e-9)
    assert (flip.knob, flip.today) == (told, today)


@given(st.floats(0.5, 4.5), st.floats(5.5, 9.5), st.floats(0, 10))
def test_of_several_flips_the_nearest_is_told(a: float, b: float, today: float) -> None:
    assume(abs(abs(a - today) - abs(b - today)) > 1e-6)
    flip = flip_of(KNOBS["plain"], today, lambda x: (x - a) * (x - b))
    assert flip.at == pytest.approx(min(a, b, key=lambda root: abs(root - today)), rel=1e-9)


# --- limits ---


def test_without_a_change_of_sign_there_is_no_flip() -> None:
    flip = flip_of(KNOBS["plain"], 5.0, lambda x: x + 1)
    assert np.isnan(flip.at)
    assert flip.distance == np.inf


def test_a_difference_of_nought_everywhere_is_no_flip() -> None:
    assert np.isnan(flip_of(KNOBS["plain"], 5.0, lambda x: 0 * x).at)


def test_an_exact_nought_on_a_point_is_that_point_once() -> None:
    assert sign_changes(lambda x: x - 3, np.linspace(0, 6, 3)) == (3.0,)
    assert sign_changes(lambda x: x, np.array([-1.0, 0.0, 1.0])) == (0.0,)


def test_today_itself_beyond_the_limits_is_measured_from_where_it_is() -> None:
    flip = flip_of(KNOBS["share"], 0.75, lambda x: x - 0.25)
    assert flip.at == pytest.approx(0.25, rel=1e-12)
    span = np.log(0.5 / 0.5) - np.log(1e-4 / (1 - 1e-4))
    assert flip.distance == pytest.approx((np.log(3) + np.log(3)) / span, rel=1e-9)


def test_a_root_of_a_billionth_keeps_its_digits() -> None:
    points = np.array([0.0, 1.0])
    assert sign_changes(lambda x: x - 1e-9, points) == pytest.approx((1e-9,), rel=1e-12)


def test_a_root_beside_todays_value_is_seen_between_two_points() -> None:
    """Two changes closer than the grid are told apart by today's own value between them."""
    step = 10 / 511
    a, b = 3.2 * step, 3.8 * step
    flip = flip_of(KNOBS["plain"], 3.5 * step, lambda x: (x - a) * (x - b))
    assert flip.at == pytest.approx(a, rel=1e-9) or flip.at == pytest.approx(b, rel=1e-9)


@given(st.sampled_from(sorted(KNOBS)), st.floats(0.02, 0.98), st.sampled_from([-1.0, 1.0]))
def test_the_signs_beside_a_root_are_those_of_either_side(
    name: str, place: float, slope: float
) -> None:
    told = KNOBS[name]
    low, high = told.to_axis([told.low, told.high])
    root = float(told.from_axis(low + place * (high - low)))
    assert signs_beside(told, root, lambda x: slope * (x - root)) == (-slope, slope)
    assert signs_beside(told, root, lambda x: slope * (x - root) ** 2) == (slope, slope)
    assert signs_beside(told, root, np.zeros_like) == (0.0, 0.0)
    assert signs_beside(told, root, lambda x: x * np.nan) == (0.0, 0.0)


def test_beyond_the_range_there_is_no_side() -> None:
    assert signs_beside(KNOBS["plain"], 0, lambda x: x) == (0.0, 1.0)
    assert signs_beside(KNOBS["plain"], 10, lambda x: x) == (1.0, 0.0)
