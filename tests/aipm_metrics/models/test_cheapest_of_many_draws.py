"""The best threshold of every draw, beside the exact search of one and beside every score."""

import numpy as np
import pytest

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.binormal_search import lowest_cost_cutoff
from aipm_metrics.models.cheapest_cutoffs import cheapest_cutoffs
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.roc_hull import cheapest_on_rows, corners
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.scenarios.moderation_chain import axis_of, costs_of
from tests.aipm_metrics.scenario_draws import draw_rows
from tests.aipm_metrics.scenarios.drawn import drawn_knobs

FIELDS = RateCost.__slots__
OVERPAID = 1e-9  # of the lowest cost, at most


def one_of(cost: RateCost, s: int) -> RateCost:
    many = np.broadcast_arrays(*(getattr(cost, name) for name in FIELDS))
    return RateCost(**{name: float(v[s]) for name, v in zip(FIELDS, many, strict=True)})


def stacked(costs: list[RateCost]) -> RateCost:
    return RateCost(**{n: np.array([float(getattr(c, n)) for c in costs]) for n in FIELDS})


def test_no_draw_overpays_whatever_the_prices_valleys_and_corners_included() -> None:
    """All at once here, each alone and exactly there; over every knob's full range."""
    scenarios = [
        ModerationScenario.model_validate(v) for v in drawn_knobs(np.random.default_rng(31), 300)
    ]
    costs = [costs_of(s)[0] for s in scenarios]
    models = [Binormal.from_auc(s.auc) for s in scenarios]
    cutoffs, lowest = cheapest_cutoffs(np.array([m.separation for m in models]), stacked(costs))
    for cutoff, usd, model, cost in zip(cutoffs, lowest, models, costs, strict=True):
        least = float(cost(model.rates(lowest_cost_cutoff(model, cost))))
        assert float(cost(model.rates(cutoff))) == pytest.approx(usd, rel=1e-12)
        assert usd <= least * (1 + OVERPAID)
        assert usd >= least * (1 - 1e-11)


def test_where_the_minimum_is_sharp_the_cutoff_is_the_same() -> None:
    rng = np.random.default_rng(4)
    d = rng.uniform(1, 3, 50)
    cost = RateCost(per_miss=rng.uniform(1, 100, 50), per_false=rng.uniform(1, 100, 50),
                    at_stake=rng.uniform(0, 500, 50), chance=rng.uniform(0, 0.2, 50),
                    exposures=rng.uniform(1, 20, 50))  # fmt: skip
    found, _ = cheapest_cutoffs(d, cost)
    alone = [lowest_cost_cutoff(Binormal(d[s]), one_of(cost, s)) for s in range(50)]
    np.testing.assert_allclose(found, alone, atol=1e-6)


def test_ties_go_to_whoever_flags_fewest() -> None:
    nothing_costs = RateCost(per_miss=np.zeros(2), per_false=0.0)
    assert cheapest_cutoffs(np.array([2.0, 0.0]), nothing_costs)[0].tolist() == [np.inf, np.inf]
    misses_only = RateCost(per_miss=np.array([1.0]), per_false=0.0)
    assert cheapest_cutoffs(np.array([0.0]), misses_only)[0].tolist() == [-np.inf]


def test_the_corners_of_the_rows_hold_the_best_of_every_score_in_every_draw() -> None:
    rng = np.random.default_rng(8)
    for _ in range(25):
        rows = draw_rows(rng, probabilities=bool(rng.integers(2)))
        many = 40
        cost = RateCost(
            per_miss=10 ** rng.uniform(-1, 3, many), per_false=10 ** rng.uniform(-1, 3, many),
            at_stake=10 ** rng.uniform(-1, 4, many), chance=rng.uniform(0, 1, many),
            exposures=10 ** rng.uniform(0, 3, many),
        )  # fmt: skip
        thresholds, lowest = cheapest_on_rows(rows, cost)
        axis = EmpiricalAxis(rows)
        for s in range(many):
            alone = axis.cheapest(one_of(cost, s))
            assert alone is not None
            assert lowest[s] == pytest.approx(float(one_of(cost, s)(alone.rates)), rel=1e-11)
            assert thresholds[s] == alone.threshold


def test_corners_are_few_and_their_slopes_only_rise() -> None:
    rng = np.random.default_rng(1)
    label = rng.random(20_000) < 0.1
    rows = Empirical.from_rows(rng.normal(2 * label, 1), label)
    thresholds, rates = corners(rows)
    assert thresholds[-1] == np.inf
    assert thresholds.size < 200
    steps = np.diff(rates.tpr) / np.minimum(np.diff(rates.fpr), -1e-300)
    assert (np.diff(steps) > -1e-9).all()


def test_equal_settings_of_one_question_find_what_its_page_finds() -> None:
    s = ModerationScenario()
    axis, (money, _) = axis_of(s, None), costs_of(s)
    alone = axis.cheapest(money)
    assert alone is not None
    cutoffs, _ = cheapest_cutoffs(np.array([axis.model.separation]), stacked([money]))  # type: ignore[union-attr]
    assert float(axis.threshold_at(cutoffs)[0]) == pytest.approx(alone.threshold)  # type: ignore[union-attr]
