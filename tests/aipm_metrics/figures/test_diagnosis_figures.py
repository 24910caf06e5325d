"""Pictures of a diagnosis, read back from what plotly has checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aipm_metrics.figures import diagnosis as figures
from aipm_metrics.figures.picture import figure
from aipm_metrics.models.curves import place
from aipm_metrics.scenarios.diagnosis import DiagnosisResult, DiagnosisScenario, diagnose
from tests.aipm_metrics.scenarios.test_diagnosis import on_rows

DRAWN = [figures.cost_figure, figures.roc_figure, figures.reliance_figure, figures.use_figure,
         figures.benefit_figure, figures.thumbnail]  # fmt: skip
TOLD = [diagnose(DiagnosisScenario()), diagnose(DiagnosisScenario(design="no AI")),
        diagnose(DiagnosisScenario(evidence="nothing", temperature=0.6)), on_rows()]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("result", TOLD, ids=["default", "no AI", "no effect", "rows"])
@pytest.mark.parametrize("draw", DRAWN)
def test_plotly_takes_every_picture(draw: Any, result: DiagnosisResult, dark: bool) -> None:
    fig = figure(draw(result, dark=dark))
    assert len(fig.data) >= 3
    for trace in fig.data:
        assert np.isfinite(np.asarray(trace.y, float)).any(), trace.name


@pytest.mark.parametrize("result", TOLD, ids=["default", "no AI", "no effect", "rows"])
def test_the_hand_follows_the_lines(result: DiagnosisResult) -> None:
    for name, read in (
        ("cost", result.sweep.cost), ("roc", result.sweep.rates.tpr),
        ("reliance", result.sweeps[result.relied_on].reliance.appropriate * 1_000),
    ):  # fmt: skip
        follow = getattr(figures, f"{name}_follows")(result)
        assert follow.y is not None
        assert np.shape(follow.x) == np.shape(follow.y) == result.curves.threshold.shape
        assert np.broadcast_to(read, follow.y.shape) == pytest.approx(follow.y)
    assert np.isnan(figures.use_follows(result).x).all()


def test_three_designs_differ_in_dash_and_colour() -> None:
    fig = figure(figures.cost_figure(TOLD[0], dark=False))
    lines = [trace for trace in fig.data if trace.mode == "lines"]
    assert len({trace.line.dash for trace in lines}) == 3
    assert len({trace.line.color for trace in lines}) == 3
    assert [trace.name for trace in lines if trace.name.startswith("<b>")] == [
        "<b>slow and explained</b>"
    ]


def test_what_is_marked_lies_where_the_core_says() -> None:
    told = TOLD[0]
    fig = figure(figures.cost_figure(told, dark=False))
    dots = {trace.name: (trace.x[0], trace.y[0]) for trace in fig.data if trace.mode == "markers"}
    for point, name in zip(told.points, ("explained, least", "fast, least"), strict=False):
        expected = float(place(point.threshold, "log-odds")), point.cost
        assert dots[name] == pytest.approx(expected)


def test_the_causes_add_up_to_the_cost() -> None:
    for result in TOLD:
        bars = figures.cost_bars(result, dark=False)
        assert sum(usd for *_, usd in bars) == pytest.approx(result.sweep.cost)
        assert sum(part for *_, part, _ in bars) == pytest.approx(np.ones_like(bars[0][3]))


def test_the_ai_alone_has_no_curve_where_its_scores_are_no_chances() -> None:
    names = [trace.name for trace in figure(figures.benefit_figure(TOLD[0], dark=False)).data]
    assert "AI alone" in names
    at = figure(figures.benefit_figure(TOLD[0], dark=False)).layout.shapes[0].x0
    assert at == pytest.approx(np.log10(TOLD[0].probability))
