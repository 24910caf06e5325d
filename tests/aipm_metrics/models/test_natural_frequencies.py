"""Shares as whole people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.natural_frequencies import MOST, natural_frequencies

NAMES = ("caught", "wronged", "missed", "left alone")
WEIGHTS = st.lists(
    st.just(0.0) | st.floats(1e-9, 1) | st.floats(-9, 0).map(lambda v: float(10**v)),
    min_size=4, max_size=4,
).filter(lambda w: sum(w) > 0)  # fmt: skip


def shares(weights: list[float]) -> dict[str, float]:
    return dict(zip(NAMES, (w / sum(weights) for w in weights), strict=True))


# --- laws ---


@given(WEIGHTS)
def test_the_people_add_up_and_nobody_is_negative(weights: list[float]) -> None:
    told = natural_frequencies(shares(weights))
    assert sum(told.people.values()) == told.of
    assert min(told.people.values()) >= 0
    assert told.of in (10, 100, 1_000, 10_000)
    assert tuple(told.people) == NAMES


@given(WEIGHTS)
def test_every_cell_that_is_not_empty_has_a_person_or_is_told_in_words(
    weights: list[float],
) -> None:
    told = natural_frequencies(shares(weights))
    for name, share in shares(weights).items():
        if share == 0:
            assert told.people[name] == 0
            assert name not in told.one_in
        elif name in told.one_in:
            assert told.people[name] == 0
            assert told.one_in[name] == pytest.approx(1 / share, rel=1e-12)
            assert told.one_in[name] > told.of
        else:
            assert told.people[name] >= 1


@given(WEIGHTS)
def test_no_cell_is_a_whole_person_off_but_the_largest_that_takes_up_the_rest(
    weights: list[float],
) -> None:
    told = natural_frequencies(shares(weights))
    for name, share in shares(weights).items():
        slack = len(told.one_in) if told.people[name] == max(told.people.values()) else 0
        assert abs(told.people[name] - share * told.of) < 1 + slack + 1e-6


@given(WEIGHTS)
def test_a_smaller_crowd_would_not_show_everybody(weights: list[float]) -> None:
    told = natural_frequencies(shares(weights))
    rarest = min(s for s in shares(weights).values() if s > 0)
    if told.of > 10:
        assert rarest * told.of / 10 < 1
    if told.of < MOST:
        assert rarest * told.of >= 1 - 1e-6


# --- limits ---


def test_one_cell_that_holds_everybody() -> None:
    told = natural_frequencies({"a": 1.0, "b": 0.0})
    assert (told.of, told.people, told.one_in) == (10, {"a": 10, "b": 0}, {})


def test_a_cell_of_exactly_a_hundredth_is_one_in_a_hundred() -> None:
    told = natural_frequencies({"ill": 0.1 * 0.1, "well": 1 - 0.1 * 0.1})
    assert told.people == {"ill": 1, "well": 99}


@pytest.mark.parametrize("share", [1e-5, 1e-12, 1e-300])
def test_a_cell_too_rare_to_draw_is_told_as_one_in_so_many(share: float) -> None:
    told = natural_frequencies({"rare": float(np.float64(share)), "rest": 1 - share})
    assert told.people == {"rare": 0, "rest": MOST}
    assert told.one_in["rare"] == pytest.approx(1 / share, rel=1e-12)


@pytest.mark.parametrize("share", [1e-310, 5e-324])
def test_a_share_too_small_to_be_one_in_any_number_is_nobody(share: float) -> None:
    told = natural_frequencies({"rare": np.float64(share), "rest": np.float64(1.0)})
    assert told.people["rare"] == 0
    assert told.people["rest"] == told.of
    assert np.isfinite(list(told.one_in.values())).all()


# --- published numbers ---


def test_a_thousand_women_as_gigerenzer_and_hoffrage_draw_them() -> None:
    """Gigerenzer & Hoffrage (1995), Psychological Review 102, p. 688: 8, 95, 2 and 895."""
    told = natural_frequencies({"hit": 0.008, "false": 0.095, "miss": 0.002, "clear": 0.895})
    assert (told.of, list(told.people.values())) == (1_000, [8, 95, 2, 895])


def test_seats_by_largest_remainder_as_hamilton_gave_them_out() -> None:
    """Balinski & Young (1982), "Fair Representation", ch. 2: fractions decide the last seats."""
    told = natural_frequencies({"a": 0.416, "b": 0.338, "c": 0.246})
    assert told.people == {"a": 4, "b": 3, "c": 3}  # 4.16, 3.38, 2.46: the last seat to .46
