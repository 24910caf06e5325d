"""Optima on counted rows, against a loop over every distinct score and flagging nothing."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.operating_points import OperatingPoint
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.scenarios import brute_force
from tests.aipm_metrics.scenarios.drawn import drawn_knobs

SETS = 100
TIE = 1e-12  # closer than this share of the lowest counts as equal


def drawn_rows(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    n = int(rng.integers(2, 200))
    label = (rng.random(n) < rng.uniform(0.05, 0.6)).astype(int)
    label[:2] = 0, 1
    levels = int(rng.integers(1, 40))
    scale = rng.choice([1.0, 1 / 40, 100.0])
    score = np.round(rng.normal(label * rng.uniform(0, 2), 1) * levels / 4) * scale
    return score, label


class Loop:
    """Posts in each cell at every threshold, counted row by row, the strictest threshold last."""

    def __init__(
        self, k: dict[str, Any], score: NDArray[np.float64], label: NDArray[np.int64]
    ) -> None:
        self.thresholds = [*sorted(set(score.tolist())), np.inf]
        positives, negatives = int((label == 1).sum()), int((label == 0).sum())
        mix = positives / label.size if k["row_mix"] == "the rows' own" else k["prevalence"]
        self.k = k | {"prevalence": mix}
        items = k["items_per_month"]
        self.cells, self.recalls = [], []
        for t in self.thresholds:
            caught = sum(1 for s, y in zip(score, label, strict=True) if s >= t and y == 1)
            wronged = sum(1 for s, y in zip(score, label, strict=True) if s >= t and y == 0)
            self.recalls.append(caught / positives)
            self.cells.append(
                brute_force.Cells(
                    fn=items * mix * (positives - caught) / positives,
                    fp=items * (1 - mix) * wronged / negatives,
                    tp=items * mix * caught / positives,
                )
            )
        self.costs = [float(brute_force.cost(self.k, c)) for c in self.cells]
        self.hours = [float(brute_force.hours(self.k, c)) for c in self.cells]
        self.f1s = [-float(brute_force.minus_f1(self.k, c)) for c in self.cells]

    def best(self, allowed: list[bool]) -> tuple[float, float] | None:
        """Strictest threshold of lowest cost, with that cost."""
        costs = [c if ok else np.inf for c, ok in zip(self.costs, allowed, strict=True)]
        if min(costs) == np.inf:
            return None
        last = max(i for i, c in enumerate(costs) if c <= min(costs) * (1 + TIE))
        return self.thresholds[last], costs[last]


@pytest.fixture(scope="module")
def all_tried() -> list[tuple[Loop, tuple[OperatingPoint, ...]]]:
    rng = np.random.default_rng(1947)
    found: list[tuple[Loop, tuple[OperatingPoint, ...]]] = []
    for i, knobs in enumerate(drawn_knobs(rng, SETS)):
        score, label = drawn_rows(rng)
        k = knobs | {"row_mix": "the rows' own" if i % 2 else "as set"}
        if i % 4 == 0:  # everything free but one price: whole stretches of thresholds tie
            k |= {"value_per_author": 0.0, "reviewer_wage": 0.0, "desk_hours": 1e7}
        loop = Loop(k, score, label)
        if i % 3 == 0:
            k["desk_hours"] = float(min(np.median(loop.hours) * 1.01, 1e7))
            loop = Loop(k, score, label)
        rows = Empirical.from_rows(score, label)
        scenario = ModerationScenario(**k | {"rows": rows.fingerprint})
        found.append((loop, moderate(scenario, rows).points))
    return found


def agree(point: OperatingPoint, expected: tuple[float, float] | None) -> None:
    assert point.feasible == (expected is not None)
    if expected is not None:
        assert point.threshold == expected[0]
        assert point.cost == pytest.approx(expected[1], rel=1e-9)


def test_the_lowest_cost_is_that_of_the_loop_and_ties_flag_fewest(
    all_tried: list[tuple[Loop, tuple[OperatingPoint, ...]]],
) -> None:
    tied = 0
    for loop, points in all_tried:
        agree(points[0], loop.best([True] * len(loop.thresholds)))
        tied += sum(c <= min(loop.costs) * (1 + TIE) for c in loop.costs) > 1
    assert tied >= 5


def test_the_lowest_cost_within_the_desk_is_that_of_the_loop(
    all_tried: list[tuple[Loop, tuple[OperatingPoint, ...]]],
) -> None:
    outcomes = set()
    for loop, points in all_tried:
        fits = [hours <= loop.k["desk_hours"] for hours in loop.hours]
        agree(points[1], loop.best(fits))
        outcomes.add((points[1].feasible, points[1].threshold == points[0].threshold))
        if not points[1].feasible:
            assert points[1].load == pytest.approx(min(loop.hours), rel=1e-9)
    assert outcomes == {(True, True), (True, False), (False, False)}


def test_the_lowest_cost_at_the_recall_floor_is_that_of_the_loop(
    all_tried: list[tuple[Loop, tuple[OperatingPoint, ...]]],
) -> None:
    for loop, points in all_tried:
        agree(points[2], loop.best([r >= loop.k["recall_floor"] for r in loop.recalls]))
    assert any(points[2].price > 0 for _, points in all_tried)


def test_the_highest_f1_is_that_of_the_loop_and_ties_flag_fewest(
    all_tried: list[tuple[Loop, tuple[OperatingPoint, ...]]],
) -> None:
    for loop, points in all_tried:
        best = max(loop.f1s)
        last = max(i for i, f1 in enumerate(loop.f1s) if f1 >= best * (1 - TIE))
        assert points[3].threshold == loop.thresholds[last]
        assert points[3].f1 == pytest.approx(best, rel=1e-9)
