"""Pictures of how sure a choice is: read back from the figure, against the answer they show."""

import dataclasses

import numpy as np
import pytest

from aipm_metrics.figures.uncertainty import MOST_BARS, bands_figure, tornado_figure
from aipm_metrics.models.curves import place
from aipm_metrics.models.sweep import Tally
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from aipm_metrics.scenarios.uncertainty import uncertain
from tests.aipm_metrics.scenario_draws import draw_runnable

FOUND = how_sure(moderate(ModerationScenario()))
CUTS = (0.15, 0.5)


@pytest.mark.parametrize("dark", [False, True])
def test_the_band_holds_the_middle_and_the_choices_are_marked_on_it(*, dark: bool) -> None:
    fig = bands_figure(FOUND, CUTS, dark=dark)
    high, low, middle = fig.data[:3]
    assert (np.asarray(low.y) <= middle.y).all()
    assert (np.asarray(middle.y) <= high.y).all()
    marks = {
        trace.name: trace
        for trace in fig.data
        if trace.type == "scatter" and trace.mode == "markers"
    }
    for name, cut, cost in (
        ("chosen", 0.15, FOUND.cost_spread), ("compared", 0.5, FOUND.rival_cost_spread)
    ):  # fmt: skip
        assert marks[name].x[0] == pytest.approx(float(place(cut, "log-odds")))
        assert marks[name].y[0] == cost.middle
        on_line = np.interp(marks[name].x[0], middle.x, middle.y)
        assert on_line == pytest.approx(cost.middle, rel=2e-3)


def test_both_panels_share_one_axis_and_every_draw_inside_is_in_a_bar() -> None:
    fig = bands_figure(FOUND, CUTS, dark=False)
    bars = next(trace for trace in fig.data if trace.type == "bar")
    assert sum(bars.y) + FOUND.sweep.best.below + FOUND.sweep.best.above == 1000  # type: ignore[union-attr]
    assert (bars.xaxis, bars.yaxis) == (None, "y2")
    low, high = fig.layout.xaxis.range
    seen = np.asarray(bars.x)[np.asarray(bars.y) > 0]
    assert low <= seen.min()
    assert seen.max() <= high
    assert fig.layout.yaxis2.domain[1] < fig.layout.yaxis.domain[0]


def test_a_question_without_a_sweep_gets_an_empty_picture() -> None:
    bare = uncertain(ModerationScenario(threshold=0.1), ModerationScenario(threshold=0.2))
    assert len(bands_figure(bare, CUTS, dark=False).data) == 0


def test_all_best_thresholds_beyond_the_axis_leave_a_picture() -> None:
    nothing = Tally(np.array([0.5]), np.array([0]), below=0, above=1000)
    off = dataclasses.replace(FOUND, sweep=dataclasses.replace(FOUND.sweep, best=nothing))  # type: ignore[type-var]
    fig = bands_figure(off, (0.15, float("inf")), dark=False)
    assert np.isfinite(
        np.asarray([t.x[0] for t in fig.data if t.type == "scatter" and t.mode == "markers"])
    ).all()


@pytest.mark.parametrize("dark", [False, True])
def test_bars_reach_from_where_things_stand_to_both_ends(*, dark: bool) -> None:
    fig = tornado_figure(FOUND, dark=dark)
    low, high = fig.data
    for i, bar in enumerate(FOUND.tornado[:MOST_BARS]):
        assert low.base + low.x[i] == pytest.approx(bar.at_low)
        assert high.base + high.x[i] == pytest.approx(bar.at_high)
    assert len(low.x) == MOST_BARS
    left, right = fig.layout.xaxis.range
    assert left < 0 < right  # where the decision flips is always seen


def test_what_flips_is_said_on_its_bar() -> None:
    s = ModerationScenario(ranges=(("harm_per_missed", 1.0, 60.0),))
    fig = tornado_figure(how_sure(moderate(s)), dark=False)
    flipping = [note.text for note in fig.layout.annotations if "<b> flips</b>" in note.text]
    assert flipping == ["Harm of a missed post, $1 to $60<b> flips</b>"]


def test_every_scenario_can_be_drawn() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(3), 15):
        result = moderate(scenario, rows)
        found = how_sure(result)
        cuts = (scenario.threshold, float(result.compared.threshold))
        for fig in (bands_figure(found, cuts, dark=False), tornado_figure(found, dark=True)):
            for axis in (fig.layout.xaxis.range, fig.layout.yaxis.range):
                assert np.isfinite(axis).all()
