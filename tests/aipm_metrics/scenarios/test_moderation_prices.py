"""How the best threshold answers to prices: the laws of cost-sensitive decisions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from tests.aipm_metrics.scenarios.drawn import PRICES, near_defaults, two_valleys

SEEDS = st.integers(0, 2**32 - 1)
HONEST = {"temperature": 1.0, "calibration": "today's mix"}
LINEAR = HONEST | {"value_per_author": 0.0}


def best(knobs: dict[str, object]) -> ModerationResult:
    return moderate(ModerationScenario(**knobs))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(1e-4, 0.5), st.floats(1, 500))
def test_a_calibrated_model_is_cut_at_the_price_of_a_false_alarm_over_both_prices(
    seed: int, prevalence: float, miss: float
) -> None:
    """t* = C_FP / (C_FP + C_FN), whatever the prevalence (Elkan 2001, IJCAI, eq. 2)."""
    auc = float(np.random.default_rng(seed).uniform(0.85, 0.999))
    wronged = 0.25 * 6 / 60 * 22
    knobs = LINEAR | {
        "auc": auc, "prevalence": prevalence, "harm_per_missed": miss, "views_per_missed": 0,
        "reports_per_missed": 0,
    }  # fmt: skip
    assert best(knobs | {"model_price": 900}).lowest_cost.threshold == pytest.approx(
        wronged / (wronged + miss), rel=1e-9
    )
    assert best(knobs).lowest_cost.threshold == pytest.approx(wronged / (wronged + miss), rel=1e-9)


def test_on_the_latent_scale_the_same_cut_moves_with_prevalence() -> None:
    rare, common = (best(LINEAR | {"prevalence": p}).lowest_cost for p in (0.001, 0.1))
    assert rare.threshold == pytest.approx(common.threshold, rel=1e-9)
    assert rare.tpr < common.tpr - 0.1


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_a_dearer_miss_never_lowers_the_best_recall(seed: int, valleys: bool) -> None:
    rng = np.random.default_rng(seed)
    knobs = two_valleys(rng) if valleys else near_defaults(rng)
    prices = np.sort(rng.uniform(0, 3 * knobs["harm_per_missed"], 6))
    recalls = [best(knobs | {"harm_per_missed": usd}).lowest_cost.tpr for usd in prices.tolist()]
    assert (np.diff(recalls) >= -1e-9).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_dearer_author_never_raises_the_best_false_positive_rate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    knobs = near_defaults(rng)
    prices = np.sort(rng.uniform(0, 3 * knobs["value_per_author"], 5))
    wronged = [best(knobs | {"value_per_author": usd}).lowest_cost.fpr for usd in prices.tolist()]
    assert (np.diff(wronged) <= 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([0.25, 0.5, 2.0]))
def test_all_prices_times_k_moves_no_threshold_and_costs_k_times(seed: int, k: float) -> None:
    knobs = near_defaults(np.random.default_rng(seed))
    for name in PRICES:
        knobs[name] = min(knobs[name], 450.0)
    every = (*PRICES, "model_price")
    one, other = best(knobs), best(knobs | {name: k * knobs[name] for name in every})
    assert other.cost == pytest.approx(k * one.cost, rel=1e-12)
    assert other.saving == pytest.approx(k * one.saving, rel=1e-12)
    for a, b in zip(one.points, other.points, strict=True):
        assert b.threshold == pytest.approx(a.threshold, rel=1e-9, nan_ok=True)
        assert b.cost == pytest.approx(k * a.cost, rel=1e-12, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0.05, 0.95))
def test_a_cost_every_miss_carries_may_be_booked_as_harm_or_as_viewers_lost(
    seed: int, share: float
) -> None:
    """Only the sum per missed post counts for the choice, not the account it is booked on."""
    knobs = near_defaults(np.random.default_rng(seed)) | {"value_per_viewer": 10.0}
    usd = knobs["views_per_missed"] * knobs["leave_after_harm"] * 10
    moved = knobs | {
        "harm_per_missed": knobs["harm_per_missed"] + share * usd,
        "value_per_viewer": 10 * (1 - share),
    }
    one, other = best(knobs), best(moved)
    assert other.cost == pytest.approx(one.cost, rel=1e-9)
    assert other.lowest_cost.cost == pytest.approx(one.lowest_cost.cost, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_constraint_never_makes_anything_cheaper_and_a_looser_one_never_dearer(
    seed: int,
) -> None:
    knobs = near_defaults(np.random.default_rng(seed))
    hours = best(knobs).lowest_cost.load
    assume(0 < hours < 5e6)
    costs = []
    for share in (0.2, 0.5, 0.9, 1.1, 2.0):
        point = best(knobs | {"desk_hours": hours * share}).within_desk
        costs.append(point.cost if point.feasible else np.inf)
        assert not point.feasible or point.price >= -1e-9 * point.cost
    assert all(a >= b * (1 - 1e-9) for a, b in pairwise(costs))
    assert costs[-1] == pytest.approx(best(knobs).lowest_cost.cost, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.5, 2), st.floats(1e-4, 0.4))
def test_how_a_score_is_reported_moves_thresholds_but_neither_optima_nor_their_cost(
    seed: int, temperature: float, trained: float
) -> None:
    knobs = near_defaults(np.random.default_rng(seed))
    honest = best(knobs | HONEST)
    other = best(
        knobs
        | {"temperature": temperature, "calibration": "as trained", "trained_prevalence": trained}
    )
    for a, b in zip(honest.points, other.points, strict=True):
        assert b.cost == pytest.approx(a.cost, rel=1e-12, nan_ok=True)
        assert b.fpr == pytest.approx(a.fpr, rel=1e-12, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.001, 0.2))
def test_a_better_model_never_costs_more_at_its_best(seed: int, gain: float) -> None:
    knobs = near_defaults(np.random.default_rng(seed))
    knobs["auc"] = 0.6 + (knobs["auc"] - 0.7) * 0.6
    worse, better = (best(knobs | {"auc": knobs["auc"] + g}).lowest_cost for g in (0, gain))
    assert better.cost <= worse.cost * (1 + 1e-9)
