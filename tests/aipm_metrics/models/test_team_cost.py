"""Where a person and an AI cost least together, against brute force and the AI alone."""

from __future__ import annotations

import numpy as np
import pytest

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.binormal_search import lowest_cost_cutoff
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.team_cost import FIELDS, TeamCost, cheapest_cutoff

SETTINGS = 200
GRID = np.concatenate([[-np.inf], np.linspace(-9, 13, 2_201), [np.inf]])


def drawn(rng: np.random.Generator) -> TeamCost:
    low_high = {
        "human_tpr": (0.4, 0.99), "human_fpr": (0.01, 0.5), "follow_right": (0, 1),
        "follow_wrong": (0, 1), "correlation": (-0.95, 0.95), "per_miss": (0, 5),
        "per_false": (0, 5), "per_dispute_ill": (0, 0.5), "per_dispute_well": (0, 0.5),
    }  # fmt: skip
    return TeamCost(**{name: rng.uniform(*low_high[name], SETTINGS) for name in FIELDS})


def one_of(cost: TeamCost, i: int) -> TeamCost:
    return TeamCost(**{name: getattr(cost, name)[i] for name in FIELDS})


@pytest.fixture(scope="module")
def searched() -> tuple[TeamCost, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    cost, separation = drawn(rng), rng.uniform(0.05, 4, SETTINGS)
    return cost, separation, *cheapest_cutoff(separation, cost)


def test_no_cutoff_of_a_fine_grid_is_cheaper(
    searched: tuple[TeamCost, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    cost, separation, cutoff, usd = searched
    for i in range(SETTINGS):
        mine, model = one_of(cost, i), Binormal(separation[i])
        assert usd[i] <= mine(model.rates(GRID)).min() + 1e-9
        assert usd[i] == pytest.approx(float(mine(model.rates(cutoff[i]))), abs=1e-9)


def test_the_sign_is_that_of_the_change_in_cost() -> None:
    cost, x, d, step = drawn(np.random.default_rng(5)), np.linspace(-3, 5, 161), 1.7, 1e-5
    for i in range(0, SETTINGS, 10):
        mine, model = one_of(cost, i), Binormal(d)
        change = mine(model.rates(x + step)) - mine(model.rates(x - step))
        sure = np.abs(change) > 1e-9
        assert (np.sign(change) == np.sign(mine.rising(x, d)))[sure].all()


@pytest.mark.parametrize("per_miss", [0.2, 1.0, 40.0])
def test_whoever_always_follows_is_cut_as_the_ai_alone(per_miss: float) -> None:
    always = TeamCost(human_tpr=0.8, human_fpr=0.2, follow_right=1, follow_wrong=1,
                      correlation=0.4, per_miss=per_miss, per_false=1)  # fmt: skip
    cutoff, usd = cheapest_cutoff(1.8, always)
    alone = RateCost(per_miss=per_miss, per_false=1)
    best = lowest_cost_cutoff(Binormal(1.8), alone)
    assert cutoff[0] == pytest.approx(best, abs=1e-9)
    assert usd[0] == pytest.approx(float(alone(Binormal(1.8).rates(best))), abs=1e-12)


def test_who_never_follows_needs_no_call_from_the_ai() -> None:
    never = TeamCost(human_tpr=0.8, human_fpr=0.2, follow_right=0, follow_wrong=0, per_miss=10,
                     per_false=1)  # fmt: skip
    cutoff, usd = cheapest_cutoff(1.8, never)
    assert cutoff[0] == np.inf
    assert usd[0] == pytest.approx(10 * 0.2 + 0.2, abs=1e-12)
