"""Shares as whole people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.natural_frequencies import (
    ENOUGH,
    MOST,
    Frequencies,
    crowd_size,
    natural_frequencies,
)

NAMES = ("caught", "missed", "wronged", "left alone")
SHARES = st.floats(0, 1) | st.floats(-9, 0).map(lambda v: float(10**v))
MIXES = st.floats(1e-5, 1 - 1e-5) | st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])


def exact(told: Frequencies, prevalence: float, tpr: float, fpr: float) -> dict[str, float]:
    """Each cell of the crowd before anybody is rounded."""
    return {
        "caught": told.of * prevalence * tpr,
        "missed": told.of * prevalence * (1 - tpr),
        "wronged": told.of * (1 - prevalence) * fpr,
        "left alone": told.of * (1 - prevalence) * (1 - fpr),
    }


# --- laws ---


@given(MIXES, SHARES, SHARES)
def test_the_people_add_up_within_each_class_and_nobody_is_negative(
    prevalence: float, tpr: float, fpr: float
) -> None:
    told = natural_frequencies(prevalence, Rates(tpr=tpr, fpr=fpr))
    n = told.people
    assert tuple(n) == NAMES
    assert n["caught"] + n["missed"] == told.positives
    assert sum(n.values()) == told.of
    assert min(n.values()) >= 0
    assert all(isinstance(people, int) for people in n.values())


@given(MIXES, SHARES, SHARES)
def test_no_cell_is_more_than_one_person_off(prevalence: float, tpr: float, fpr: float) -> None:
    told = natural_frequencies(prevalence, Rates(tpr=tpr, fpr=fpr))
    for cell, people in exact(told, prevalence, tpr, fpr).items():
        assert abs(told.people[cell] - people) <= 1 + 1e-6


@given(MIXES, SHARES, SHARES)
def test_one_in_so_many_is_the_share_turned_over(prevalence: float, tpr: float, fpr: float) -> None:
    told = natural_frequencies(prevalence, Rates(tpr=tpr, fpr=fpr))
    for cell, people in exact(told, prevalence, tpr, fpr).items():
        if people == 0:
            assert told.one_in[cell] == np.inf
        else:
            assert told.one_in[cell] == pytest.approx(told.of / people, rel=1e-6)


@given(MIXES, st.lists(SHARES, min_size=2, max_size=40), st.lists(SHARES, min_size=2, max_size=40))
def test_as_the_threshold_rises_people_only_leave_the_removed(
    prevalence: float, recalls: list[float], alarms: list[float]
) -> None:
    t = min(len(recalls), len(alarms))
    tpr, fpr = (np.sort(rates[:t])[::-1] for rates in (recalls, alarms))
    n = natural_frequencies(prevalence, Rates(tpr=tpr, fpr=fpr)).people
    for cell, sign in (("caught", -1), ("wronged", -1), ("missed", 1), ("left alone", 1)):
        assert n[cell].shape == (t,)
        assert (sign * np.diff(n[cell]) >= 0).all()


@given(MIXES, st.lists(SHARES, min_size=1, max_size=20))
def test_many_thresholds_at_once_are_one_crowd_each_alone(
    prevalence: float, tpr: list[float]
) -> None:
    """The crowd never grows or shrinks as the threshold moves."""
    together = natural_frequencies(prevalence, Rates(tpr=np.array(tpr), fpr=np.array(tpr) / 2))
    for i, recall in enumerate(tpr):
        alone = natural_frequencies(prevalence, Rates(tpr=recall, fpr=recall / 2))
        assert (together.of, together.positives) == (alone.of, alone.positives)
        assert {cell: int(n[i]) for cell, n in together.people.items()} == alone.people
        assert {cell: float(n[i]) for cell, n in together.one_in.items()} == alone.one_in


@given(MIXES)
def test_the_crowd_is_the_smallest_round_number_with_enough_of_the_rarer_class(
    prevalence: float,
) -> None:
    of, rarer = crowd_size(prevalence), min(prevalence, 1 - prevalence)
    assert of in (1_000, 10_000)
    assert of == MOST or of * rarer >= ENOUGH - 1e-6
    assert of * rarer / 10 < ENOUGH


# --- limits ---


@pytest.mark.parametrize(("prevalence", "positives"), [(0.0, 0), (1e-9, 0), (1.0, 10_000)])
def test_a_class_of_nobody_has_nobody_on_either_side(prevalence: float, positives: int) -> None:
    told = natural_frequencies(prevalence, Rates(tpr=0.5, fpr=0.5))
    assert (told.of, told.positives) == (MOST, positives)
    assert told.people["caught"] == told.people["missed"] == positives // 2


def test_a_tenth_stored_as_a_hair_less_is_a_tenth() -> None:
    assert crowd_size(0.1) == crowd_size(0.3 - 0.2) == crowd_size(1 - 0.9) == 1_000


def test_half_a_person_is_rounded_up_on_both_sides_of_the_threshold() -> None:
    """2.5 of 100 caught, however the product was rounded."""
    for recall in (0.025, 0.1 * 0.25):
        told = natural_frequencies(0.1, Rates(tpr=recall, fpr=0.0))
        assert (told.people["caught"], told.people["missed"]) == (3, 97)


@pytest.mark.parametrize("share", [1e-5, 1e-12, 1e-300])
def test_a_cell_too_rare_to_draw_is_told_as_one_in_so_many(share: float) -> None:
    told = natural_frequencies(0.5, Rates(tpr=share, fpr=0.0))
    assert told.people["caught"] == 0
    assert told.one_in["caught"] == pytest.approx(2 / share, rel=1e-12)


@pytest.mark.parametrize("share", [1e-310, 5e-324])
def test_a_share_too_small_to_be_one_in_any_number_is_nobody(share: float) -> None:
    told = natural_frequencies(0.5, Rates(tpr=np.float64(share), fpr=np.float64(0.0)))
    assert told.people["caught"] == 0
    assert told.one_in["caught"] == np.inf


# --- published numbers ---


def test_a_thousand_women_as_gigerenzer_and_hoffrage_draw_them() -> None:
    """Gigerenzer & Hoffrage (1995), Psychological Review 102, p. 688: 8, 2, 95 and 895.

    One in a hundred is ill, so that ours are ten thousand women: ten times as many in each cell.
    """
    told = natural_frequencies(0.01, Rates(tpr=0.8, fpr=95 / 990))
    assert (told.of, list(told.people.values())) == (10_000, [80, 20, 950, 8_950])
