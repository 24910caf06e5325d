"""Pictures of a comparison show its numbers, and which side is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aipm_metrics.comparisons.compare import compare, turn_of
from aipm_metrics.comparisons.presets import starter
from aipm_metrics.figures.comparison import money_figure, thumbnail, turn_figure
from aipm_metrics.figures.style import palette
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.comparisons.toys import ToyScenario, draw_pair

if TYPE_CHECKING:
    from aipm_metrics.comparisons.compared import Compared

BOTH = pytest.mark.parametrize("dark", [False, True])


def started() -> Compared:
    return compare(*starter())


@BOTH
def test_every_part_of_the_money_has_a_bar_and_its_words(dark: bool) -> None:
    compared, colours = started(), palette(dark=dark)
    fig = money_figure(compared, dark=dark)
    (bars,) = fig.data
    expected = [o.difference for o in compared.parts] + [compared.cost_difference]
    np.testing.assert_allclose(bars.x, expected)
    for usd, colour, note in zip(bars.x, bars.marker.color, fig.layout.annotations, strict=True):
        assert colour == (colours.best if usd < 0 else colours.chosen)
        assert ("saves" in note.text) == (usd < 0)
        assert note.xref == "paper"  # above its bar, wherever that ends
    low, high = fig.layout.xaxis.range
    assert low < min(0, *bars.x)
    assert high > max(0, *bars.x)


@BOTH
def test_both_lines_cross_where_the_mark_is(dark: bool) -> None:
    compared, colours = started(), palette(dark=dark)
    turning = compared.turnings[0]
    fig = turn_figure(turn_of(compared, turning), dark=dark, per="month")
    a, b, mark = fig.data
    assert (a.name, b.name) == ("A", "B")
    assert a.line.dash != b.line.dash  # told apart in grey
    assert (a.line.color, b.line.color) == (colours.compared, colours.chosen)
    (at,), (height,) = mark.x, mark.y
    assert at == turning.flip.at
    for line in (a, b):
        assert np.interp(at, line.x, line.y) == pytest.approx(height, rel=1e-6)
    assert fig.layout.shapes[0].x0 == turning.flip.today
    assert {"<b>A</b>", "<b>B</b>", "now $30", "equal at $5.43"} == {
        note.text for note in fig.layout.annotations
    }
    assert fig.layout.xaxis.title.text == "Harm of a missed post (USD)"
    assert fig.layout.yaxis.title.text == "cost (USD a month)"


def test_a_logarithmic_knob_has_a_logarithmic_axis() -> None:
    compared = compare(ModerationScenario(threshold=0.3), ModerationScenario(threshold=0.6))
    turning = next(t for t in compared.turnings if t.flip.knob.name == "prevalence")
    fig = turn_figure(turn_of(compared, turning), dark=False, per="month")
    assert fig.layout.xaxis.type == "log"
    now = next(note for note in fig.layout.annotations if note.text.startswith("now"))
    assert now.x == pytest.approx(np.log10(turning.flip.today))  # plotly's own convention
    assert fig.layout.shapes[0].x0 == turning.flip.today


def test_without_a_turning_point_there_is_no_mark() -> None:
    better = ModerationScenario(auc=0.97, temperature=0.7)  # on every count
    compared = compare(ModerationScenario(auc=0.94), better)
    fig = turn_figure(turn_of(compared, compared.turnings[0]), dark=False, per="")
    assert len(fig.data) == 2
    assert fig.layout.yaxis.title.text == "cost (USD)"


def test_nothing_between_them_draws_nothing_but_zero() -> None:
    fig = money_figure(compare(ToyScenario(), ToyScenario()), dark=False)
    assert set(fig.data[0].x) == {0.0}
    assert all("the same" in note.text for note in fig.layout.annotations)
    assert fig.layout.xaxis.range[0] < fig.layout.xaxis.range[1]


def test_random_comparisons_can_all_be_drawn() -> None:
    for seed in range(20):
        a, b, rows = draw_pair(seed)
        compared = compare(a, b, rows, rows)
        money_figure(compared, dark=False)
        for turning in compared.turnings:
            turn_figure(turn_of(compared, turning), dark=True, per=compared.per)


def test_the_thumbnail_is_small_and_bare() -> None:
    compared = started()
    fig = thumbnail(turn_of(compared, compared.turnings[0]), dark=False)
    assert fig.layout.height == 140
    assert not fig.layout.xaxis.visible
    assert not fig.layout.yaxis.visible
