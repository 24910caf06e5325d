"""Pictures of a step limit, read back from what plotly has checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures import api_spend as figures
from aipm_metrics.figures.picture import figure
from aipm_metrics.figures.style import MARKS, palette
from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario, spend
from tests.aipm_metrics.scenarios.spend_brute_force import drawn, near_defaults

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    from aipm_metrics.figures.picture import Spec

CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "at today's": {"step_limit": 150},
    "no runaways": {"runaway_share": 0},
    "nothing fits": {"model": "own prices", "own_window": 100},
    "two limits agree": {"today_limit": 35},
    **{name: dict(preset) for name, preset in ApiSpendScenario.presets.items()},
}
RNG = np.random.default_rng(8)
RESULTS = {
    **{name: spend(ApiSpendScenario.model_validate(knobs)) for name, knobs in CASES.items()},
    **{f"drawn {i}": spend((drawn, near_defaults)[i % 2](RNG)) for i in range(4)},
}
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)
DRAWS: list[Callable[..., Spec]] = [
    figures.cost_figure, figures.finish_figure, figures.good_figure, figures.run_figure,
    figures.thumbnail,
]  # fmt: skip


def checked(draw: Callable[..., Spec], r: ApiSpendResult, *, dark: bool = False) -> go.Figure:
    """The figure, checked by plotly; a warning is an error."""
    return figure(draw(r, dark=dark))


def marks(fig: go.Figure) -> list[Any]:
    return [t for t in fig.data if t.mode == "markers"]


@EVERY
@pytest.mark.parametrize("dark", [False, True])
def test_every_picture_is_one_plotly_takes(r: ApiSpendResult, dark: bool) -> None:
    for draw in DRAWS:
        fig = checked(draw, r, dark=dark)
        assert fig.data
        if draw is not figures.thumbnail:
            assert fig.layout.xaxis.title.text == "step limit"
            assert "USD" in fig.layout.yaxis.title.text or "share" in fig.layout.yaxis.title.text
    told = figures.volumes_figure(r, dark=dark)
    assert told.layout.yaxis.title.text == "USD a month"


@EVERY
def test_layers_add_up_to_the_cost_and_marks_lie_on_it(r: ApiSpendResult) -> None:
    fig = checked(figures.cost_figure, r)
    layers = [t for t in fig.data if t.stackgroup]
    limits = np.rint(10 ** np.asarray(layers[0].x)).astype(int)
    np.testing.assert_allclose(
        np.sum([t.y for t in layers], axis=0), np.asarray(r.sweep.cost)[limits - 1], rtol=1e-9
    )
    assert {1, 500} <= set(limits.tolist())
    top = fig.layout.yaxis.range[1]
    for trace in marks(fig):
        limit = round(10 ** float(trace.x[0]))
        usd = float(np.asarray(r.sweep.cost)[limit - 1])
        # One that is too dear for the picture stands at its edge.
        assert trace.y[0] == pytest.approx(min(usd, top * 1.1 / 1.2))
        assert 0 <= trace.y[0] <= top
        assert f"{limit:,} steps" in trace.hovertemplate
    labelled = {(a.text, float(a.x)) for a in fig.layout.annotations}
    assert labelled == {(t.name, float(t.x[0])) for t in marks(fig)}


@EVERY
def test_every_point_and_today_are_marked_once(r: ApiSpendResult) -> None:
    found = {round(10 ** float(t.x[0])): t for t in marks(checked(figures.cost_figure, r))}
    worth = {int(p.limit) for p in r.points if p.feasible} | {int(r.scenario.today_limit)}
    assert set(found) == worth
    assert "today" in found[int(r.scenario.today_limit)].name.split(", ")
    assert "lowest cost" in found[int(r.lowest_cost.limit)].name.split(", ")
    today = found[int(r.scenario.today_limit)]
    assert today.marker.symbol == MARKS["compared"]


@EVERY
def test_follows_are_the_results_own_numbers(r: ApiSpendResult) -> None:
    place = np.log10(np.arange(1, 501))
    for follow, y in (
        (figures.cost_follows(r), r.sweep.cost),
        (figures.finish_follows(r), r.sweep.finished / r.scenario.tasks_per_month),
        (figures.good_follows(r), np.asarray(r.sweep.per_good) * 1000),
        (figures.run_follows(r), r.run),
    ):
        assert follow.kind == "line"
        np.testing.assert_allclose(follow.x, place, rtol=1e-12)
        np.testing.assert_allclose(np.asarray(follow.y), np.asarray(y, float), rtol=1e-12)


@EVERY
def test_bars_are_parts_of_one_scale(r: ApiSpendResult) -> None:
    bars = figures.cost_bars(r, dark=False)
    assert len(bars) == len(r.cost_by_cause)
    np.testing.assert_allclose(sum(usd for *_, usd in bars), r.sweep.cost, rtol=1e-9)
    for _, colour, part, usd in bars:
        assert len(colour) == 7
        assert (part <= 1 + 1e-12).all()
        assert (part >= -1e-12).all()
        assert ((usd > 0) == (part > 0)).all()
    fills = {t.fillcolor for t in checked(figures.cost_figure, r).data if t.stackgroup}
    assert fills == {colour for _, colour, *_ in bars}


def test_where_prices_jump_and_the_window_ends_is_drawn() -> None:
    r = RESULTS["defaults"]
    fig = checked(figures.run_figure, r)
    told = {a.text: float(s.x0) for a, s in zip(fig.layout.annotations, fig.layout.shapes,
                                                strict=True)}  # fmt: skip
    (tier,) = r.tier_steps
    s = r.scenario
    growth = s.added_tokens + s.output_tokens
    assert s.prompt_tokens + (tier - 1) * growth <= 272_000 < s.prompt_tokens + tier * growth
    assert told == {
        "dearer prices": pytest.approx(np.log10(tier)),
        "window full": pytest.approx(np.log10(217)),
    }


@EVERY
def test_people_stand_in_groups_with_shapes_of_their_own(r: ApiSpendResult) -> None:
    groups = figures.people_groups(r)
    names = [name for cells, _ in groups for name in cells]
    assert sum(size for _, size in groups) == r.crowd.of
    assert len(set(names)) == len(names)
    assert len({figures.SHAPES[name] for name in names}) == len(names)
    for cells, size in groups:
        assert (sum(r.crowd.people[name] for name in cells) == size).all()


@pytest.mark.parametrize("dark", [False, True])
def test_colours_mean_what_they_mean_elsewhere(dark: bool) -> None:
    colours = palette(dark=dark).by_name
    assert figures.CELL_COLOURS["finished"] == "caught"
    assert set(figures.CELL_COLOURS.values()) <= set(colours)
    lines = checked(figures.finish_figure, RESULTS["defaults"], dark=dark).data
    assert len({line.line.dash for line in lines}) == len(lines)  # told apart in grey


def test_both_bills_are_drawn_where_they_are() -> None:
    r = RESULTS["defaults"]
    api, own, now = figures.volumes_figure(r, dark=False).data
    np.testing.assert_allclose(api.y, r.volumes.api)
    np.testing.assert_allclose(own.y, r.volumes.own)
    assert sorted(now.y) == sorted([r.hosting.api_bill, r.hosting.own_bill])
    assert set(now.x) == {r.scenario.tasks_per_month}
