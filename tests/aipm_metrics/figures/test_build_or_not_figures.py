"""Pictures of building a model or not, read back from the figure against the answer they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures.build_or_not import (
    DASHES,
    SHAPES,
    WAYS,
    cost_bars,
    cost_figure,
    map_figure,
    months_follow,
    people_groups,
    roc_figure,
    roc_follows,
    thumbnail,
    volume_figure,
    volume_follows,
)
from aipm_metrics.figures.picture import Spec, figure
from aipm_metrics.figures.style import DARK, LIGHT, MARKS, palette
from aipm_metrics.scenarios.build_or_not import (
    BuildOrNotResult,
    BuildOrNotScenario,
    compare_options,
)
from aipm_metrics.scenarios.build_or_not_knobs import ALONG, OPTIONS
from tests.aipm_metrics.scenarios.build_or_not_draws import draw_build

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    Draw = Callable[..., Spec]

DRAWN = {
    "defaults": compare_options(BuildOrNotScenario()),
    "a month": compare_options(BuildOrNotScenario(months=1, option="rules")),
    "nothing costs": compare_options(BuildOrNotScenario(cost_fn=0, cost_fp=0)),
    **{
        name: compare_options(BuildOrNotScenario.model_validate(told))
        for name, told in BuildOrNotScenario.presets.items()
    },
}
EVERY = pytest.mark.parametrize("r", DRAWN.values(), ids=DRAWN)
FIGURES = (cost_figure, volume_figure, roc_figure, map_figure, thumbnail)


def drawn(draw: Draw, r: BuildOrNotResult, *, dark: bool = False) -> go.Figure:
    """The figure, checked by plotly; a warning is an error."""
    return figure(draw(r, dark=dark))


@EVERY
def test_each_way_has_a_line_of_its_cost(r: BuildOrNotResult) -> None:
    fig = drawn(cost_figure, r)
    assert [t.name for t in fig.data] == list(OPTIONS)
    for trace in fig.data:
        np.testing.assert_array_equal(trace.y, r.ways[trace.name].cost)
        np.testing.assert_array_equal(trace.x, r.months)
    low, high = fig.layout.yaxis.range
    assert low == 0
    assert r.costs.max(axis=0)[24:].max() <= high  # a long plan is inside the picture
    assert r.costs.min() <= high


@EVERY
def test_bars_are_the_causes_of_the_choices_cost(r: BuildOrNotResult) -> None:
    bars = cost_bars(r, dark=False)
    np.testing.assert_allclose(sum(usd for *_, usd in bars), r.way.cost, rtol=1e-12)
    parts = np.array([part for _, _, part, _ in bars])
    assert ((parts >= 0) & (parts <= 1)).all()
    assert (parts.max(axis=0)[r.way.cost > 0] == 1).all()


@EVERY
def test_the_volume_that_is_drawn_is_where_a_model_pays(r: BuildOrNotResult) -> None:
    told = {t.name: t for t in drawn(volume_figure, r).data}
    np.testing.assert_array_equal(np.asarray(told["a model pays from"].y, float), r.volumes.low)
    assert set(told["now"].y) == {r.scenario.items_per_month}
    ends = (r.volumes.high < r.volumes.most).any()
    assert ("and up to" in told) == bool(ends)
    np.testing.assert_array_equal(volume_follows(r).y, r.volumes.low)


@EVERY
def test_every_way_is_marked_where_it_is_when_new(r: BuildOrNotResult) -> None:
    fig = drawn(roc_figure, r)
    marks = {t.name: t for t in fig.data if t.mode == "markers+text"}
    assert {name: (t.x[0], t.y[0]) for name, t in marks.items()} == r.hull.points
    lines = {t.name: t for t in fig.data if t.mode == "lines"}
    np.testing.assert_array_equal(lines["best of mixtures"].y, r.hull.tpr)
    follow = roc_follows(r)
    np.testing.assert_array_equal(follow.x, r.way.fpr)
    np.testing.assert_array_equal(follow.y, r.way.tpr)


@EVERY
def test_the_map_marks_now_on_the_area_of_the_cheapest(r: BuildOrNotResult) -> None:
    fig = drawn(map_figure, r)
    areas, *keys, now = fig.data
    z = np.asarray(areas.z)
    np.testing.assert_array_equal(z, r.map.best)
    column, row = (np.flatnonzero(np.asarray(a) == v)[0] for a, v in
                   ((areas.x, now.x[0]), (areas.y, now.y[0])))  # fmt: skip
    best = r.costs[:, r.row]
    assert best[int(z[row, column])] == pytest.approx(best.min(), rel=1e-9)
    assert {t.name for t in keys} == {OPTIONS[i] for i in set(z.ravel().tolist())}
    for key in keys:  # a name in the legend has its area's colour
        part = (OPTIONS.index(key.name) + 0.5) / len(OPTIONS)
        colours = [c for at, c in areas.colorscale if abs(at - part) <= 0.125 + 1e-9]
        assert key.marker.color in colours
    assert now.marker.symbol == MARKS["chosen"]


@pytest.mark.parametrize("which", ALONG)
def test_ticks_of_a_map_are_inside_it_and_all_different(which: Any) -> None:
    r = compare_options(BuildOrNotScenario(across=which, up="AUC"))
    fig = drawn(map_figure, r)
    axis, x = fig.layout.xaxis, np.asarray(fig.data[0].x, float)
    assert 3 <= len(axis.tickvals) <= 7
    assert len(set(axis.ticktext)) == len(axis.ticktext)
    assert x.min() - 1e-9 <= min(axis.tickvals)
    assert max(axis.tickvals) <= x.max() + 1e-9
    assert list(fig.layout.yaxis.ticktext) == ["0.5", "0.7", "0.8", "0.9", "0.95", "0.99", "0.999"]


def test_ticks_of_items_are_powers_of_ten() -> None:
    ticks = drawn(map_figure, DRAWN["defaults"]).layout.xaxis.ticktext
    assert [t.replace("\N{NO-BREAK SPACE}", " ") for t in ticks] == [
        "1,000", "100,000", "10 million", "1 billion",
    ]  # fmt: skip


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("dark", [False, True])
def test_each_theme_uses_its_own_colours_and_the_figure_can_be_sent(draw: Draw, dark: bool) -> None:
    fig = drawn(draw, DRAWN["defaults"], dark=dark)
    assert fig.layout.font.color == palette(dark=dark).ink
    other = LIGHT if dark else DARK
    told = fig.to_json()
    assert not [colour for colour in (other.missed, other.caught, other.ink) if colour in told]


def test_axes_are_titled() -> None:
    for draw, x, y in (
        (cost_figure, "months", "USD a month"), (volume_figure, "months", "items a month"),
        (roc_figure, "FPR", "recall"), (map_figure, "Items", "AUC"),
    ):  # fmt: skip
        fig = drawn(draw, DRAWN["defaults"])
        assert x in fig.layout.xaxis.title.text
        assert y in fig.layout.yaxis.title.text


def test_ways_differ_without_colours_and_cells_have_shapes() -> None:
    assert len(set(DASHES.values())) == len(set(WAYS.values())) == len(OPTIONS)
    groups = people_groups(DRAWN["defaults"])
    assert {cell for cells, _ in groups for cell in cells} == set(SHAPES)
    assert sum(n for _, n in groups) == DRAWN["defaults"].people.of
    np.testing.assert_array_equal(months_follow(DRAWN["defaults"]).x, np.arange(1, 61))


def test_the_thumbnail_is_bare() -> None:
    fig = drawn(thumbnail, DRAWN["defaults"])
    assert (fig.layout.xaxis.visible, fig.layout.yaxis.visible) == (False, False)
    assert fig.layout.showlegend is False


def test_pictures_hold_for_any_scenario() -> None:
    for seed in range(12):
        r = compare_options(draw_build(seed))
        for draw in FIGURES:
            for trace in drawn(draw, r).data:
                assert len(trace.x) > 0
