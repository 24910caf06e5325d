"""Hills that overlap can be told apart in grey."""

import pytest

from aipm_metrics.figures.moderation import CELLS, scores_figure
from aipm_metrics.figures.style import Palette, palette
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.figures.test_figure_style import TOLD_APART_IN_GREY, lab, linear


def lightness(colours: Palette, cell: str) -> float:
    return float(lab(linear(getattr(colours, CELLS[cell][0])))[0])


@pytest.mark.parametrize("dark", [False, True])
def test_hills_that_overlap_differ_in_grey(dark: bool) -> None:
    """Dark `caught` and `wronged` are 5 steps of lightness apart, and hills have no shapes."""
    colours = palette(dark=dark)
    fig = scores_figure(moderate(ModerationScenario()), dark=dark)
    strokes = {trace.name: trace.line.dash for trace in fig.data}
    for one, other in (("caught", "wronged"), ("missed", "left alone")):
        steps = abs(lightness(colours, one) - lightness(colours, other))
        dashes = {strokes[CELLS[cell][1]] for cell in (one, other)}
        assert steps > TOLD_APART_IN_GREY or len(dashes) == 2
