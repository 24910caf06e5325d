"""Forecasting's pictures: what they draw is what the result says."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from aipm_metrics.figures import forecasting as figures
from aipm_metrics.figures.style import palette
from aipm_metrics.scenarios.forecasting import ForecastingResult, ForecastingScenario
from aipm_metrics.scenarios.forecasting import forecast_outcomes as answer

DEFAULT = answer(ForecastingScenario())
COUNTS = answer(ForecastingScenario(law="negative binomial", demand=6))


@pytest.mark.parametrize("result", [DEFAULT, COUNTS], ids=["lognormal", "counts"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "draw",
    [figures.cost_figure, figures.demand_figure, figures.errors_figure, figures.pay_figure,
     figures.landscape_figure, figures.thumbnail],
)  # fmt: skip
def test_plotly_takes_every_picture_and_both_axes_are_titled(
    draw: Any, result: ForecastingResult, dark: bool
) -> None:
    fig = go.Figure(draw(result, dark=dark))
    assert len(fig.data) >= 2
    assert fig.layout.xaxis.title.text
    assert fig.layout.yaxis.title.text


def test_the_causes_of_cost_stack_up_to_the_cost() -> None:
    areas = [t for t in figures.cost_figure(DEFAULT, dark=False)["data"] if "stackgroup" in t]
    assert sum(t["y"] for t in areas) == pytest.approx(DEFAULT.sweep.cost, rel=1e-12)
    dots = [t for t in figures.cost_figure(DEFAULT, dark=False)["data"] if "marker" in t]
    for point, dot in zip(sorted(DEFAULT.points, key=lambda p: p.buffer), dots, strict=True):
        assert (dot["x"][0], dot["y"][0]) == pytest.approx((point.buffer, point.cost), rel=1e-9)


def test_the_hill_splits_at_the_drivers_sent() -> None:
    follow = figures.demand_follows(DEFAULT, dark=False)
    assert follow.x == pytest.approx(1 + DEFAULT.buffers)
    (hill,) = follow.hills
    colours = palette(dark=False)
    assert (hill.below, hill.above) == (colours.wronged, colours.missed)
    area = np.trapezoid(hill.y, hill.x)
    assert area == pytest.approx(0.998, abs=2e-3)  # all but the tails
    left = hill.x <= 1
    assert np.trapezoid(hill.y[left], hill.x[left]) == pytest.approx(
        float(DEFAULT.chosen.enough), abs=0.02
    )
    old = answer(ForecastingScenario(in_use="the old one"))
    assert figures.demand_follows(old, dark=False).hills[0].x is old.hills[0].at


def test_counts_are_drawn_in_bins_one_to_a_ride() -> None:
    hill = figures.demand_follows(COUNTS, dark=False).hills[0]
    assert hill.binned
    assert np.diff(hill.x) * float(COUNTS.new.sent(0.0)) == pytest.approx(1.0)


def test_pay_and_rides_lost_follow_the_hand() -> None:
    follow = figures.pay_follows(DEFAULT)
    assert follow.y is not None
    assert follow.y[DEFAULT.row] == pytest.approx(DEFAULT.chosen.pay)
    assert follow.x[DEFAULT.row] == pytest.approx(DEFAULT.chosen.lost / DEFAULT.chosen.asked)


def test_lines_of_equal_accuracy_go_through_both_forecasts() -> None:
    land = DEFAULT.landscape
    assert land is not None
    s = DEFAULT.scenario
    for bias, spread, errors, month in zip(
        (s.old_bias, s.new_bias), (s.old_spread, s.new_spread), DEFAULT.duel.errors,
        DEFAULT.duel.plainly, strict=True,
    ):  # fmt: skip
        i, j = np.abs(land.spread - spread).argmin(), np.abs(land.bias - bias).argmin()
        assert land.wape[i, j] == pytest.approx(errors.wape, rel=0.05)
        assert land.cost[i, j] == pytest.approx(float(month.cost), rel=0.08)
    lines = figures.landscape_figure(DEFAULT, dark=False)["data"][1:3]
    assert [t["contours"]["start"] for t in lines] == [e.wape for e in DEFAULT.duel.errors]
    assert answer(ForecastingScenario(law="Poisson")).landscape is None


def test_bars_are_parts_of_the_largest() -> None:
    bars = figures.cost_bars(DEFAULT, dark=False)
    parts = np.array([part for _, _, part, _ in bars])
    assert parts.max(axis=0) == pytest.approx(1.0)
    assert sum(usd for *_, usd in bars) == pytest.approx(DEFAULT.sweep.cost)
    free = ForecastingScenario(guarantee=0, quit_cost=0, margin=0, rider_value=0, surge_cost=0)
    assert figures.cost_bars(answer(free), dark=False) == []


def test_colours_and_shapes_tell_the_cells_of_a_group_apart() -> None:
    for cells, size in figures.people_groups():
        assert size == 1000
        assert len({figures.SHAPES[c] for c in cells}) == len(cells)
        assert len({figures.CELL_COLOURS[c] for c in cells}) == len(cells)
