"""Every optimum of `moderate`, against brute force on 1,000 scenarios of every kind."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from aipm_metrics.models.operating_points import OperatingPoint
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.scenarios import brute_force
from tests.aipm_metrics.scenarios.brute_force import Grid, Lowest
from tests.aipm_metrics.scenarios.drawn import drawn_knobs

SEED, SCENARIOS = 2024, 400
CLOSE = 1e-9


class Tried(NamedTuple):
    """One scenario, what the library found, what brute force found, and the valleys of its cost."""

    knobs: dict[str, Any]
    points: tuple[OperatingPoint, ...]
    brute: tuple[Lowest, ...]
    valleys: tuple[float, ...]  # the cost at each interior minimum, left to right


def tried(knobs: dict[str, Any]) -> Tried:
    grid = Grid(knobs)
    valleys = grid.interior_minima() if grid.d > 0 else []
    costs = brute_force.cost(knobs, grid.cells)
    return Tried(
        knobs,
        moderate(ModerationScenario(**knobs)).points,
        (
            grid.lowest(brute_force.cost),
            grid.lowest(brute_force.cost, brute_force.spare_hours),
            grid.lowest(brute_force.cost, brute_force.spare_recall),
            grid.lowest(brute_force.minus_f1),
        ),
        tuple(float(costs[i]) for i in valleys),
    )


@pytest.fixture(scope="module")
def all_tried() -> list[Tried]:
    return [tried(knobs) for knobs in drawn_knobs(np.random.default_rng(SEED), SCENARIOS)]


def test_the_scenarios_bite(all_tried: list[Tried]) -> None:
    """A third has two valleys, with the winner on either side; corners and limits occur."""
    double = [t.valleys for t in all_tried if len(t.valleys) == 2]
    assert len(double) >= 100
    assert sum(left < right for left, right in double) >= 20
    assert sum(left > right for left, right in double) >= 20
    assert sum(t.knobs["auc"] == 0.5 for t in all_tried) >= 8
    assert sum(not t.points[1].feasible for t in all_tried) >= 20
    assert sum(t.points[1].feasible and t.points[1].price > 0 for t in all_tried) >= 40
    assert sum(t.points[2].price > 0 for t in all_tried) >= 40
    assert sum(t.points[0].threshold == np.inf for t in all_tried) >= 8
    assert sum(t.points[0].threshold == 0 for t in all_tried) >= 2


@pytest.mark.parametrize("place", [0, 1, 2], ids=["lowest_cost", "within_load", "recall_floor"])
def test_no_cutoff_on_a_dense_grid_is_cheaper(all_tried: list[Tried], place: int) -> None:
    for t in all_tried:
        if np.isfinite(t.brute[place].on_grid):
            assert t.points[place].cost <= t.brute[place].on_grid * (1 + CLOSE), t.knobs


@pytest.mark.parametrize("place", [0, 1, 2], ids=["lowest_cost", "within_load", "recall_floor"])
def test_the_cost_equals_the_grid_narrowed_down(all_tried: list[Tried], place: int) -> None:
    for t in all_tried:
        if t.points[place].feasible:
            expected = t.brute[place].refined
            assert t.points[place].cost == pytest.approx(expected, rel=CLOSE), t.knobs


def test_not_feasible_exactly_where_brute_force_finds_nothing(all_tried: list[Tried]) -> None:
    for t in all_tried:
        found = [np.isfinite(brute.refined) for brute in t.brute]
        assert [point.feasible for point in t.points] == found, t.knobs


def test_the_desk_is_never_asked_for_more_than_it_has(all_tried: list[Tried]) -> None:
    for t in all_tried:
        if t.points[1].feasible:
            assert t.points[1].load <= t.knobs["desk_hours"] * (1 + 1e-12), t.knobs
        else:
            assert t.points[1].load > t.knobs["desk_hours"], t.knobs


def test_when_the_desk_is_too_small_the_least_it_would_need_is_told(
    all_tried: list[Tried],
) -> None:
    for t in all_tried:
        if not t.points[1].feasible:
            least = Grid(t.knobs).lowest(brute_force.hours).refined
            assert t.points[1].load == pytest.approx(least, rel=CLOSE), t.knobs
            assert np.isnan([t.points[1].threshold, t.points[1].cost, t.points[1].price]).all()


def test_recall_never_falls_below_its_floor(all_tried: list[Tried]) -> None:
    for t in all_tried:
        assert t.points[2].tpr >= t.knobs["recall_floor"], t.knobs


def test_no_cutoff_has_a_higher_f1(all_tried: list[Tried]) -> None:
    for t in all_tried:
        assert t.points[3].f1 == pytest.approx(-t.brute[3].refined, rel=CLOSE), t.knobs


def test_every_point_costs_what_its_own_rates_cost(all_tried: list[Tried]) -> None:
    """Cost, load, precision and price, worked out again from the rates alone."""
    for t in all_tried:
        positives = t.knobs["items_per_month"] * t.knobs["prevalence"]
        negatives = t.knobs["items_per_month"] * (1 - t.knobs["prevalence"])
        for point in (p for p in t.points if p.feasible):
            cells = brute_force.Cells(
                positives * float(point.rates.fnr), negatives * point.fpr, positives * point.tpr
            )
            assert point.cost == pytest.approx(brute_force.cost(t.knobs, cells), rel=CLOSE)
            assert point.load == pytest.approx(brute_force.hours(t.knobs, cells), rel=CLOSE)
            flagged = cells.tp + cells.fp
            expected = cells.tp / flagged if flagged else np.nan
            assert point.precision == pytest.approx(expected, rel=CLOSE, nan_ok=True)
            dearer = point.cost - t.points[0].cost
            assert point.price == pytest.approx(dearer, abs=1e-12 * point.cost)
            assert point.price >= -1e-11 * point.cost
