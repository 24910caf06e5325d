"""The peers this project is measured beside: apart from it, and drawing as much as it does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go

from aipm_metrics.figures.moderation import cost_figure
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from benchmarks.peers.charts import CHARTS, POINTS, START, THRESHOLDS, figures, numbers

ROOT = Path(__file__).parents[1]


def names(file: str) -> set[str]:
    return set(re.findall(r"^[\w-]+", (ROOT / file).read_text(), re.MULTILINE))


def lines(file: str) -> set[str]:
    return set((ROOT / file).read_text().splitlines())


def test_the_peers_stay_out_of_every_other_environment() -> None:
    peers = {"dash", "explainerdashboard", "polars"}
    assert peers <= names("benchmarks/requirements-peers.txt")
    assert not peers & (names("requirements.txt") | names("requirements-dev.txt"))
    assert ".venv-peers/" in lines(".gitignore")


def test_everybody_draws_with_the_same_plotly() -> None:
    plotly = {line for line in lines("requirements.txt") if line.startswith("plotly")}
    assert len(plotly) == 1
    assert plotly <= lines("benchmarks/requirements-peers.txt")


def test_the_peers_lines_have_as_many_points_as_ours() -> None:
    drawn = cost_figure(moderate(ModerationScenario()), dark=False)["data"]
    ours = {len(trace["x"]) for trace in drawn} - {1}
    theirs = {len(t.x) for figure in figures(START) for t in figure.data} - {1}
    assert ours == theirs == {POINTS}


def test_every_chart_says_the_state_it_shows() -> None:
    for state in (START, START._replace(threshold=float(THRESHOLDS[3]))):
        drawn = figures(state)
        assert [f.layout.title.text for f in drawn] == [f"{name}: {state}" for name in CHARTS]


def test_a_step_changes_every_chart_and_every_number() -> None:
    """A peer that had nothing to redraw would look fast."""
    one, other = START, START._replace(threshold=float(THRESHOLDS[41]))
    for a, b in zip(figures(one), figures(other), strict=True):
        assert go.Figure(a).update_layout(title="") != go.Figure(b).update_layout(title="")
    said, said_after = numbers(one), numbers(other)
    assert all(said[name] != said_after[name] for name in said)
    assert np.isfinite([float(re.sub(r"[^\d.]", "", value)) for value in said.values()]).all()
