"""Pictures of a day's peak, read back from what plotly has checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures.peak_load import (
    CAUSES,
    SHAPES,
    cell_colour,
    cost_bars,
    cost_figure,
    day_figure,
    hours_figure,
    people_groups,
    requests_figure,
    servers_follow,
    simulated_figure,
    tail_figure,
    thumbnail,
    tradeoff_figure,
    tradeoff_follows,
)
from aipm_metrics.figures.picture import Spec, figure
from aipm_metrics.figures.style import DARK, LIGHT, MARKS
from aipm_metrics.scenarios.peak_load import PeakLoadResult, PeakLoadScenario, run_day
from aipm_metrics.sentences.peak_load import CELLS
from tests.aipm_metrics.scenarios.peak_load_draws import draw_days

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    Draw = Callable[..., Spec]

RESULTS = {
    "defaults": run_day(PeakLoadScenario()),
    "today": run_day(PeakLoadScenario(servers=8)),
    "overrun": run_day(PeakLoadScenario(mean_rate=400)),
    "nobody answered": run_day(
        PeakLoadScenario(mean_rate=300, when_full="no answer", abandoned="is still done")
    ),
    "free": run_day(PeakLoadScenario(server_price=0, call_price=0, fallback_price=0, cost_late=0,
                                     cost_fp=0, cost_fn=0)),
    **{name: run_day(PeakLoadScenario.model_validate(v))
       for name, v in PeakLoadScenario.presets.items()},
}  # fmt: skip
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)
FIGURES = (cost_figure, requests_figure, hours_figure, tradeoff_figure, day_figure, tail_figure,
           thumbnail)  # fmt: skip


def drawn(draw: Draw, r: PeakLoadResult, *, dark: bool = False) -> go.Figure:
    return figure(draw(r, dark=dark))


def marks(fig: go.Figure) -> list[Any]:
    return [t for t in fig.data if t.mode == "markers"]


def stacked(fig: go.Figure) -> dict[str, Any]:
    return {t.name: np.asarray(t.y) for t in fig.data if t.stackgroup}


def lines(fig: go.Figure) -> dict[str, Any]:
    return {t.name: t for t in fig.data if t.mode == "lines" and not t.stackgroup}


@EVERY
def test_stacked_causes_are_the_cost(r: PeakLoadResult) -> None:
    fig, cost = drawn(cost_figure, r), np.broadcast_to(r.sweep.cost, r.servers.shape)
    total = sum(stacked(fig).values(), np.zeros(r.servers.size))
    np.testing.assert_allclose(total, cost, rtol=1e-9, atol=1e-9)
    bottom, top = fig.layout.yaxis.range
    assert bottom == 0 < top
    for mark in marks(fig):
        (x,), (y,) = mark.x, mark.y
        assert y == pytest.approx(cost[int(x) - 1])
        assert y <= top
        assert str(round(x)) in mark.hovertemplate


@EVERY
def test_marks_are_the_points_and_today_each_place_once(r: PeakLoadResult) -> None:
    worth = {p.servers for p in r.points if p.feasible} | {r.scenario.today_servers}
    for draw in (cost_figure, tradeoff_figure):
        found = marks(drawn(draw, r))
        assert len(found) == len(worth)
        best = [t for t in found if t.marker.symbol == MARKS["best"]]
        assert len(best) == 1
        assert "lowest cost" in best[0].name
        assert sum("today" in t.name for t in found) == 1
        assert not [t for t in found if t.marker.symbol == MARKS["chosen"]]
    labels = [a.text for a in drawn(cost_figure, r).layout.annotations]
    assert labels == [t.name for t in marks(drawn(cost_figure, r))]


@EVERY
def test_requests_are_all_of_them(r: PeakLoadResult) -> None:
    fig = drawn(requests_figure, r)
    total = sum(stacked(fig).values())
    np.testing.assert_allclose(total, 1, atol=1e-9)
    falls_back = r.scenario.when_full == "the fallback answers"
    assert ("no answer" in stacked(fig)) <= (not falls_back)
    assert ("in time, fallback" in stacked(fig)) <= falls_back
    kept = sum(y for name, y in stacked(fig).items() if name.startswith("in time"))
    np.testing.assert_allclose(kept, r.sweep.in_time, atol=1e-9)
    told = lines(fig)
    np.testing.assert_array_equal(told["the average"].y, r.mean.in_time)
    assert set(np.asarray(told["promised"].y)) == {r.scenario.sla_share}


@EVERY
def test_hours_are_shares_not_in_time(r: PeakLoadResult) -> None:
    (heat,) = drawn(hours_figure, r).data
    z = np.asarray(heat.z)
    assert z.shape == (96, r.servers.size)
    np.testing.assert_allclose(z, 1 - r.in_time_by_hour.T, atol=6e-5)
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert (heat.y[0], heat.y[-1]) == (0.125, 23.875)


@EVERY
def test_the_chosen_dot_runs_along_the_tradeoff(r: PeakLoadResult) -> None:
    fig, follow = drawn(tradeoff_figure, r), tradeoff_follows(r)
    (curve,) = [t for t in fig.data if t.mode == "lines+markers"]
    np.testing.assert_array_equal(curve.x, follow.x)
    y = np.asarray(curve.y, float)
    np.testing.assert_array_equal(np.where(y > 0, y, np.nan), follow.y)
    assert follow.kind == "dot"
    if not y[r.row] > 0:
        return
    month = r.chosen
    at = follow.x[r.row], np.asarray(follow.y)[r.row]
    good = float(month.in_time_right / month.requests)
    np.testing.assert_allclose(at, (good, float(month.price_per_good) * 1000), rtol=1e-9)


@EVERY
def test_a_line_follows_the_servers(r: PeakLoadResult) -> None:
    follow = servers_follow(r)
    assert follow.kind == "line"
    np.testing.assert_array_equal(follow.x, r.servers)
    for draw in (cost_figure, requests_figure, hours_figure):
        low, high = drawn(draw, r).layout.xaxis.range
        assert low < 1
        assert high > r.servers[-1]


@EVERY
def test_a_day_shows_its_requests_and_what_can_be_done(r: PeakLoadResult) -> None:
    told = lines(drawn(day_figure, r))
    rates = np.asarray(told["requests"].y)
    day = r.day.row(r.row)
    np.testing.assert_allclose(rates, day.by_hour(day.flow.rates).reshape(-1), rtol=1e-12)
    assert np.mean(rates) == pytest.approx(float(np.ravel(day.mean_rate)[0]), rel=1e-9)
    assert set(np.asarray(told["the average"].y)) == {float(np.ravel(day.mean_rate)[0])}
    again = r.scenario.when_full == "no answer" and r.scenario.retries
    assert ("with retries" in told) <= bool(again)
    if "with retries" in told:
        assert (np.asarray(told["with retries"].y) >= rates * (1 - 1e-9)).all()
    assert (np.asarray(told["what the servers can do"].y) > 0).all()


@EVERY
def test_tails_and_the_promise(r: PeakLoadResult) -> None:
    fig = drawn(tail_figure, r)
    (promise,) = marks(fig)
    assert (promise.x[0], promise.y[0]) == (r.scenario.sla_s, 1 - r.scenario.sla_share)
    told = lines(fig)
    for name, tail in (("over the day", r.tails.day), ("if every hour were average", r.tails.mean)):
        y = np.asarray(told[name].y, float)
        shown = ~np.isnan(y)
        np.testing.assert_array_equal(y[shown], tail[shown])
        assert (y[shown] > 0).all()  # the axis is a logarithm


@EVERY
def test_bars_are_the_causes_each_against_the_largest(r: PeakLoadResult) -> None:
    bars = cost_bars(r, dark=False)
    total = sum((usd for *_, usd in bars), np.zeros(r.servers.size))
    np.testing.assert_allclose(total, np.broadcast_to(r.sweep.cost, total.shape), atol=1e-9)
    for _, colour, part, usd in bars:
        assert colour.startswith("#")
        assert ((part >= 0) & (part <= 1)).all()
        assert usd.shape == r.servers.shape
    if bars:
        most = np.max([part for _, _, part, _ in bars], axis=0)
        np.testing.assert_allclose(most[np.asarray(total) > 0], 1)


def test_the_simulation_is_drawn_with_its_error() -> None:
    found = RESULTS["defaults"].simulated()
    fig = figure(simulated_figure(found, dark=False))
    closed, points = fig.data
    np.testing.assert_array_equal(closed.y, found.closed)
    np.testing.assert_array_equal(points.y, found.over)
    np.testing.assert_array_equal(points.error_y.array, 2 * found.error)


def test_people_have_a_shape_and_a_colour_each() -> None:
    ((cells, of),) = people_groups()
    assert set(cells) == set(SHAPES) == set(CELLS)
    assert of == sum(int(n[0]) for n in RESULTS["defaults"].people.values())
    for dark in (False, True):
        assert len({cell_colour(cell, dark=dark) for cell in cells}) == len(cells)
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert len({field for field, _ in CAUSES.values()}) == len(CAUSES)


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("dark", [False, True])
def test_each_theme_has_its_own_colours(draw: Draw, dark: bool) -> None:
    fig = drawn(draw, RESULTS["the retry storm"], dark=dark)
    mine, other = (DARK, LIGHT) if dark else (LIGHT, DARK)
    assert fig.layout.font.color == mine.ink
    told = fig.to_json()
    for colour in (other.caught, other.missed, other.viewers, other.ink, other.best):
        assert colour not in told


def test_pictures_hold_for_any_day() -> None:
    for s in draw_days(np.random.default_rng(77), 5):
        r = run_day(s)
        for draw in FIGURES:
            for trace in drawn(draw, r).data:
                assert len(trace.x) == len(trace.y) or trace.type == "heatmap"


def test_the_thumbnail_is_bare() -> None:
    fig = drawn(thumbnail, RESULTS["defaults"])
    assert (fig.layout.xaxis.visible, fig.layout.yaxis.visible) == (False, False)
    assert fig.layout.showlegend is False
    assert fig.layout.height == 140
