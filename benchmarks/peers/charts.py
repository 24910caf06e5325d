"""Four linked charts and five numbers of one threshold, as every Plotly peer draws them.

The same figures for all of them, with the same number of points as Moderation's: scores, cost by
cause, ROC, precision and recall. Imports nothing of the project, so that a peer runs from an
environment of its own. Every chart carries the state it shows in its title: that is how the
stopwatch knows that a chart, and not merely the control, shows the new value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from scipy.special import expit, logit, ndtr, ndtri

__all__ = ["AUCS", "CHARTS", "START", "THRESHOLDS", "State", "figures", "numbers"]

POINTS = 241  # per line; as many as Moderation's sweep has
PREVALENCE, ITEMS = 0.01, 2_000_000
COST_MISSED, COST_WRONGED, COST_VIEWERS, COST_DESK = 20.0, 4.0, 6.0, 1.5  # USD each
CHARTS = ("scores", "cost", "roc", "precision")
COLOURS = ("#86144f", "#c77ba5", "#c27803", "#7b8794")
THRESHOLDS = np.round(expit(np.linspace(-6, 2, 81)), 5)
AUCS = np.round(np.arange(0.70, 0.9601, 0.005), 3)


class State(NamedTuple):
    """The two knobs: a threshold on the probability scale, and how good the model is."""

    threshold: float
    auc: float

    def __str__(self) -> str:
        """Return what every chart's title and the numbers say."""
        return f"threshold {self.threshold:.5f}, AUC {self.auc:.3f}"


START = State(float(THRESHOLDS[40]), 0.9)


class Rates(NamedTuple):
    """Rates at thresholds, and the latent cutoff they stand for."""

    cutoff: np.ndarray
    tpr: np.ndarray
    fpr: np.ndarray
    cost: np.ndarray  # (4, t), USD a month by cause
    precision: np.ndarray


def _rates(thresholds: np.ndarray, auc: float) -> Rates:
    apart = np.sqrt(2) * ndtri(auc)
    cutoff = (logit(thresholds) - logit(PREVALENCE)) / apart + apart / 2
    tpr, fpr = ndtr(apart - cutoff), ndtr(-cutoff)
    missed = ITEMS * PREVALENCE * (1 - tpr)
    wronged = ITEMS * (1 - PREVALENCE) * fpr
    cost = np.array(
        [COST_MISSED * missed, COST_VIEWERS * missed, COST_WRONGED * wronged, COST_DESK * wronged]
    )
    flagged = PREVALENCE * tpr + (1 - PREVALENCE) * fpr
    return Rates(cutoff, tpr, fpr, cost, PREVALENCE * tpr / flagged)


def numbers(state: State) -> dict[str, str]:
    """Say the five numbers of a threshold."""
    at = _rates(np.array([state.threshold]), state.auc)
    fpr, tpr, cost = float(at.fpr[0]), float(at.tpr[0]), float(at.cost.sum())
    return {
        "left up": f"{ITEMS * PREVALENCE * (1 - tpr):,.0f}",
        "wrongly removed": f"{ITEMS * (1 - PREVALENCE) * fpr:,.0f}",
        "recall": f"{tpr:.2%}",
        "precision": f"{float(at.precision[0]):.2%}",
        "cost": f"${cost:,.0f}",
    }


def figures(state: State) -> list[go.Figure]:
    """Draw the four charts of a state, in the order of `CHARTS`."""
    grid = expit(np.linspace(-8, 4, POINTS))
    lines, at = _rates(grid, state.auc), _rates(np.array([state.threshold]), state.auc)
    drawn = [
        _scores(state, at),
        _cost(grid, lines, state, at),
        _curve(lines.fpr, lines.tpr, float(at.fpr[0]), float(at.tpr[0])),
        _curve(lines.tpr, lines.precision, float(at.tpr[0]), float(at.precision[0])),
    ]
    for name, figure in zip(CHARTS, drawn, strict=True):
        figure.update_layout(
            title=f"{name}: {state}", height=330, margin={"l": 50, "r": 10, "t": 50, "b": 40}
        )
    return drawn


def _scores(state: State, at: Rates) -> go.Figure:
    """Draw two hills, each cut in two at the threshold: four filled lines."""
    apart, edge = np.sqrt(2) * ndtri(state.auc), float(at.cutoff[0])
    figure = go.Figure()
    for middle, names in ((0.0, ("left alone", "wronged")), (apart, ("missed", "caught"))):
        for name, x in zip(
            names, (np.linspace(-4, edge, POINTS), np.linspace(edge, 4 + apart, POINTS)),
            strict=True,
        ):  # fmt: skip
            y = np.exp(-((x - middle) ** 2) / 2)
            figure.add_scatter(x=x, y=y, name=name, mode="lines", fill="tozeroy")
    return figure.add_vline(x=edge)


def _cost(grid: np.ndarray, lines: Rates, state: State, at: Rates) -> go.Figure:
    """Draw cost by cause, stacked, with the threshold and the cheapest one."""
    figure, x = go.Figure(), logit(grid)
    for cause, colour in zip(lines.cost, COLOURS, strict=True):
        figure.add_scatter(x=x, y=cause, stackgroup="cause", mode="lines", line_color=colour)
    best, total = int(lines.cost.sum(axis=0).argmin()), float(at.cost.sum())
    figure.add_scatter(x=[x[best]], y=[lines.cost[:, best].sum()], mode="markers", name="cheapest")
    figure.add_scatter(x=[logit(state.threshold)], y=[total], mode="markers", name="chosen")
    return figure.add_vline(x=float(logit(state.threshold)))


def _curve(x: np.ndarray, y: np.ndarray, at_x: float, at_y: float) -> go.Figure:
    """Draw a curve and the chosen point on it."""
    figure = go.Figure().add_scatter(x=x, y=y, mode="lines", name="curve")
    return figure.add_scatter(x=[at_x], y=[at_y], mode="markers", name="chosen")
