"""Hills that overlap can be told apart in grey."""

import pytest

from aipm_metrics.figures.moderation import scores_figure, scores_follow
from aipm_metrics.figures.picture import figure
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.figures.test_figure_style import TOLD_APART_IN_GREY, lab, linear


def lightness(colour: str) -> float:
    return float(lab(linear(colour))[0])


@pytest.mark.parametrize("dark", [False, True])
def test_hills_that_overlap_differ_in_grey(dark: bool) -> None:
    """Dark `caught` and `wronged` are 5 steps of lightness apart, and hills have no shapes."""
    result = moderate(ModerationScenario())
    lines = figure(scores_figure(result, dark=dark)).data
    hills = scores_follow(result, dark=dark).hills
    assert [line.name for line in lines] == ["harmless", "harmful"]
    dashes = {line.line.dash for line in lines}
    for side in ("below", "above"):
        one, other = (lightness(getattr(hill, side)) for hill in hills)
        assert abs(one - other) > TOLD_APART_IN_GREY or len(dashes) == 2
