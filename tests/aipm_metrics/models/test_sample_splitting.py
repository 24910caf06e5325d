"""The cheapest threshold judged by rows that did not choose it: honesty, limits, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import ndtr

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.sample_splitting import HeldOut, cheapest_held_out
from aipm_metrics.models.threshold_evidence import threshold_evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART, SHARE, MISS = 1.5, 0.1, 5.0  # of binormal scores; a false alarm costs 1
BEST = APART / 2 + np.log((1 - SHARE) / (SHARE * MISS)) / APART  # where a miss's odds are even


def drawn(rng: np.random.Generator, n: int = 1000) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores ascending and labels, each score its own."""
    label = rng.random(n) < SHARE
    score = rng.normal(size=n) + APART * label
    order = np.argsort(score)
    return score[order], label[order]


def true_cost(threshold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost per item in the world the rows are drawn from."""
    missed, alarms = ndtr(threshold - APART), ndtr(-threshold)
    return np.asarray(SHARE * MISS * missed + (1 - SHARE) * alarms)


def held_out(label: NDArray[np.bool_], place: int, **options: int) -> HeldOut:
    return cheapest_held_out(label, ~label, place, cost_fn=MISS, cost_fp=1, **options)


# --- random ---


def test_against_the_true_best_the_rows_that_chose_are_sure_and_the_others_are_not() -> None:
    """Nothing is cheaper than the threshold of lowest true cost: every "sure" is wrong."""
    rng, sets = np.random.default_rng(1), 150
    same, apart = np.empty(sets), np.empty(sets)
    for i in range(sets):
        score, label = drawn(rng)
        place = int(np.searchsorted(score, BEST))
        rows = Empirical.from_rows(score, label)
        price = RateCost(per_miss=MISS * rows.positives, per_false=rows.negatives)
        found = EmpiricalAxis(rows).cheapest(price)
        assert found is not None
        k = np.searchsorted(score, found.threshold)
        told = threshold_evidence(
            rows.tp[k], rows.fp[k], rows.tp[place], rows.fp[place], rows.positives, rows.negatives,
            cost_fn=MISS, cost_fp=1,
        )  # fmt: skip
        same[i] = told.chance
        apart[i] = held_out(label, place, splits=4).chance
    assert np.nanmean(same) > 0.75
    assert (same >= 0.95).mean() > 0.1
    assert apart.mean() < 0.5
    assert (apart >= 0.95).mean() < 0.02


def test_the_saving_it_tells_is_the_true_saving_of_what_it_chose() -> None:
    rng, sets = np.random.default_rng(2), 300
    off = np.empty(sets)
    for i in range(sets):
        score, label = drawn(rng)
        found = held_out(label, int(np.searchsorted(score, BEST + 0.6)), splits=2, seed=i)
        chosen = np.append(score, np.inf)[found.chosen]
        off[i] = found.saving - (true_cost(np.array(BEST + 0.6)) - true_cost(chosen)).mean()
    assert abs(off.mean()) < 4 * off.std() / np.sqrt(sets)


def test_a_threshold_far_off_is_found_out_with_many_rows() -> None:
    score, label = drawn(np.random.default_rng(3), 50_000)
    found = held_out(label, int(np.searchsorted(score, BEST + 0.6)))
    assert found.chance > 0.99
    assert found.saving > 0


# --- limits ---


def test_one_seed_gives_one_answer_and_another_another() -> None:
    _, label = drawn(np.random.default_rng(4))
    one, again, other = held_out(label, 700), held_out(label, 700), held_out(label, 700, seed=1)
    assert one.chances.tolist() == again.chances.tolist()
    assert one.chances.tolist() != other.chances.tolist()
    assert one.chances.size == 10


def test_the_chosen_one_itself_is_neither_cheaper_nor_dearer() -> None:
    found = cheapest_held_out([0, 900], [900, 0], 1, cost_fn=1, cost_fp=1)
    assert set(found.chosen.tolist()) == {1}
    assert found.chance == 0.5
    assert found.saving == 0


def test_where_misses_cost_nothing_flagging_nothing_is_chosen() -> None:
    found = cheapest_held_out([5, 9, 40], [90, 8, 7], 0, cost_fn=0, cost_fp=1)
    assert set(found.chosen.tolist()) == {3}
    assert found.chance == pytest.approx(1)


def test_of_equally_cheap_ones_the_one_that_flags_fewest_is_chosen() -> None:
    found = cheapest_held_out([0, 0, 90], [90, 0, 0], 0, cost_fn=1, cost_fp=1)
    assert set(found.chosen.tolist()) == {2}


def test_without_positives_there_is_nothing_to_say() -> None:
    found = cheapest_held_out([0, 0], [9, 9], 1, cost_fn=1, cost_fp=1)
    assert found.chance == 0.5
    assert found.saving == 0


# --- refusals ---


def test_a_place_that_is_not_there_and_no_split_are_refused() -> None:
    with pytest.raises(MetricsError, match=r"`place` must lie in \[0, 2\]; got 3"):
        cheapest_held_out([1, 1], [1, 1], 3, cost_fn=1, cost_fp=1)
    with pytest.raises(MetricsError, match="`splits` must be at least 1; got 0"):
        cheapest_held_out([1, 1], [1, 1], 1, cost_fn=1, cost_fp=1, splits=0)
