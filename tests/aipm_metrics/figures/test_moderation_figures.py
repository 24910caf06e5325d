"""Pictures of a removal threshold, read back from what plotly has checked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from aipm_metrics.figures.moderation import (
    cost_bars,
    cost_figure,
    cost_follows,
    precision_recall_figure,
    precision_recall_follows,
    roc_figure,
    roc_follows,
    scores_figure,
    scores_follow,
    thumbnail,
)
from aipm_metrics.figures.picture import Follow, Spec, figure
from aipm_metrics.figures.style import DARK, LIGHT, MARKS, palette
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.curves import place
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable

Draw = Callable[..., Spec]
FIGURES: list[Draw] = [
    cost_figure, scores_figure, roc_figure, precision_recall_figure, thumbnail,
]  # fmt: skip
ROWS = draw_rows(np.random.default_rng(4), probabilities=True)
SCORES = draw_rows(np.random.default_rng(4), probabilities=False)


def with_rows(rows: Empirical, **prices: float) -> ModerationResult:
    cut = float(np.quantile(rows.thresholds, 0.6, method="nearest"))
    today = float(rows.thresholds[-2])
    told = {"rows": rows.fingerprint, "threshold": cut, "today_threshold": today, **prices}
    return moderate(ModerationScenario.model_validate(told), rows)


RESULTS = {
    "defaults": moderate(ModerationScenario()),
    "today": moderate(ModerationScenario(threshold=0.5)),
    "blind": moderate(ModerationScenario(auc=0.5)),
    "no desk": moderate(ModerationScenario(desk_hours=0)),
    "quiet": moderate(
        ModerationScenario(harm_per_missed=0, views_per_missed=0, reports_per_missed=0)
    ),
    "costly": moderate(ModerationScenario(leave_after_wrongful=0, appeal_share=0)),
    "rows": with_rows(ROWS),
    "scores": with_rows(SCORES),
    "quiet scores": with_rows(SCORES, harm_per_missed=0, views_per_missed=0, reports_per_missed=0),
    "today beyond": with_rows(SCORES, today_threshold=1e6),
    "chosen beyond": with_rows(SCORES, threshold=-1e6),
    **{name: moderate(ModerationScenario.model_validate(v)) for name, v in
       ModerationScenario.presets.items()},
}  # fmt: skip
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)


def drawn(draw: Draw, r: ModerationResult, *, dark: bool = False) -> go.Figure:
    """The figure, checked by plotly; a warning is an error."""
    return figure(draw(r, dark=dark))


def marks(fig: go.Figure) -> list[Any]:
    return [t for t in fig.data if t.mode == "markers"]


def at(trace: Any) -> tuple[float, float]:
    (x,), (y,) = trace.x, trace.y
    return float(x), float(y)


def same_places(fig: go.Figure, expected: list[tuple[float, float]]) -> None:
    found = sorted(at(trace) for trace in marks(fig))
    np.testing.assert_allclose(found, sorted(expected), rtol=1e-9, atol=1e-12)


def edge(r: ModerationResult, threshold: float) -> float:
    return float(place(float(np.clip(threshold, r.curves.low, r.curves.high)), r.curves.spacing))


def edges(r: ModerationResult) -> Floats:
    return np.array([edge(r, t) for t in r.curves.threshold.tolist()])


def in_reach(r: ModerationResult) -> list[Any]:
    """Months on the line: today's and the operating points', those that a hand can choose."""
    worth = [r.scenario.today_threshold, *(p.threshold for p in r.points if p.feasible)]
    rows = np.flatnonzero(np.isin(r.curves.threshold, worth))
    return [r.sweep.at(int(row)) for row in rows]


# --- what stands still ---


@EVERY
def test_cost_marks_stand_at_their_threshold_and_cost(r: ModerationResult) -> None:
    fig = drawn(cost_figure, r)
    expected = [(edge(r, p.threshold), p.cost) for p in r.points if p.feasible]
    expected.append((edge(r, r.scenario.today_threshold), float(r.today.cost)))
    same_places(fig, expected)
    assert all(np.isfinite(at(t)).all() for t in marks(fig))
    (today,) = [t for t in marks(fig) if t.marker.symbol == MARKS["compared"]]
    assert today.name == "today"
    assert at(today) == pytest.approx(expected[-1])
    low, high = sorted(fig.layout.xaxis.range)
    assert all(low <= x <= high for x, _ in map(at, marks(fig)))
    bottom, top = fig.layout.yaxis.range
    assert all(bottom <= y <= top for _, y in map(at, marks(fig)))
    labelled = {(a.text, float(a.x), float(a.y)) for a in fig.layout.annotations}
    assert labelled == {(t.name, *at(t)) for t in marks(fig)}


@EVERY
def test_the_chosen_mark_is_in_no_picture_because_it_moves(r: ModerationResult) -> None:
    for draw in FIGURES:
        fig = drawn(draw, r)
        assert not fig.layout.shapes
        assert not [t for t in marks(fig) if t.marker.symbol == MARKS["chosen"]]
        assert not [t for t in marks(fig) if t.marker.color == LIGHT.chosen]


@EVERY
def test_stacked_causes_add_up_to_the_cost(r: ModerationResult) -> None:
    causes = [t for t in drawn(cost_figure, r).data if t.stackgroup]
    assert len(causes) == len(r.causes)
    for trace in causes:
        np.testing.assert_array_equal(trace.x, causes[0].x)
        assert (np.asarray(trace.y) >= 0).all()
    x, total = np.asarray(causes[0].x), np.sum([t.y for t in causes], axis=0)
    assert (np.diff(x) >= 0).all()
    places, cost = edges(r), np.asarray(r.sweep.cost)
    for i in range(x.size):
        assert np.isclose(cost[places == x[i]], total[i], rtol=1e-12, atol=1e-9).any()
    for month in in_reach(r):
        told = total[x == edge(r, float(month.threshold))]
        assert np.isclose(told, month.cost, rtol=1e-9).any()


@EVERY
def test_a_thinned_line_leaves_out_no_peak_and_no_valley(r: ModerationResult) -> None:
    """Between two points drawn, the cost is between theirs."""
    fig = drawn(cost_figure, r)
    causes = [t for t in fig.data if t.stackgroup]
    x, total = np.asarray(causes[0].x), np.sum([t.y for t in causes], axis=0)
    places, cost = edges(r), np.asarray(r.sweep.cost)
    shown = (places >= x[0]) & (places <= x[-1])
    ends = [np.searchsorted(x, places[shown], side) for side in ("left", "right")]
    beside = np.array([total[np.clip(i - 1 + j, 0, x.size - 1)] for i in ends for j in (0, 1)])
    slack = (0.005 if r.rows is None else 0.05) * fig.layout.yaxis.range[1]
    assert (cost[shown] >= beside.min(axis=0) - slack).all()
    assert (cost[shown] <= beside.max(axis=0) + slack).all()


def test_points_beyond_the_slider_are_drawn_at_its_edge() -> None:
    for name, right in (("quiet", True), ("costly", False), ("quiet scores", True)):
        r = RESULTS[name]
        low, high = r.curves.low, r.curves.high
        assert not low <= r.lowest_cost.threshold <= high
        xs = [x for x, _ in map(at, marks(drawn(cost_figure, r)))]
        assert float(place(high if right else low, r.curves.spacing)) in xs


def test_points_that_cannot_be_had_are_not_drawn() -> None:
    r = RESULTS["no desk"]
    assert [p.feasible for p in r.points] == [True, False, True, True]
    for draw in (cost_figure, roc_figure):
        assert len(marks(drawn(draw, r))) == 3 + 1


@EVERY
def test_roc_marks_and_curve(r: ModerationResult) -> None:
    fig = drawn(roc_figure, r)
    expected = [(p.fpr, p.tpr) for p in r.points if p.feasible]
    expected.append((float(r.today.rates.fpr), float(r.today.rates.tpr)))
    same_places(fig, expected)
    coin, curve = (t for t in fig.data if t.mode == "lines")
    np.testing.assert_array_equal(coin.x, coin.y)
    assert (np.diff(curve.x) <= 0).all()
    assert (np.diff(curve.y) <= 0).all()
    assert (curve.x[-1], curve.y[-1]) == (0, 0)
    on_curve = set(zip(np.asarray(curve.x).tolist(), np.asarray(curve.y).tolist(), strict=True))
    swept = zip(r.curves.rates.fpr.tolist(), r.curves.rates.tpr.tolist(), strict=True)
    assert on_curve <= {*swept, (0.0, 0.0)}
    for month in in_reach(r):
        assert (float(month.rates.fpr), float(month.rates.tpr)) in on_curve


@EVERY
def test_precision_marks_leave_out_what_is_undefined(r: ModerationResult) -> None:
    fig = drawn(precision_recall_figure, r)
    expected = [(p.tpr, p.precision) for p in r.points if p.feasible]
    expected.append((float(r.today.rates.tpr), float(r.today.confusion.precision)))
    expected = [(x, y) for x, y in expected if not np.isnan(y)]
    if expected:
        same_places(fig, expected)
    assert len(marks(fig)) == len(expected)
    (level,) = [t for t in fig.data if t.name == "flag everything"]
    assert level.x == (0, 1)
    assert level.y == (r.scenario.prevalence,) * 2


@pytest.mark.parametrize("name", ["defaults", "rows", "scores"])
def test_axes_are_titled_with_their_units(name: str) -> None:
    r = RESULTS[name]
    for draw, x, y in (
        (cost_figure, "threshold", "USD a month"),
        (scores_figure, "score", "log odds" if name != "scores" else "per unit of score"),
        (roc_figure, "FPR", "recall"),
        (precision_recall_figure, "recall", "precision"),
    ):
        fig = drawn(draw, r)
        assert x in fig.layout.xaxis.title.text
        assert y in fig.layout.yaxis.title.text
    for draw in (roc_figure, precision_recall_figure):
        assert drawn(draw, r).layout.xaxis.tickformat.endswith("%")
    ticks = drawn(cost_figure, r).layout.xaxis
    if r.curves.spacing == "log-odds":
        said = [float(text) for text in ticks.ticktext]
        np.testing.assert_allclose(ticks.tickvals, place(np.array(said), "log-odds"))


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("dark", [False, True])
def test_each_theme_uses_its_own_colours_and_the_figure_can_be_sent(draw: Draw, dark: bool) -> None:
    fig = drawn(draw, RESULTS["defaults"], dark=dark)
    assert fig.layout.font.color == palette(dark=dark).ink
    told, other = fig.to_json(), LIGHT if dark else DARK
    for colour in (other.caught, other.wronged, other.missed, other.ink):
        assert colour not in told


# --- what moves ---


def the_months(follow: Follow, x: Floats, y: Floats | None) -> None:
    np.testing.assert_array_equal(follow.x, x)
    if y is None:
        assert follow.y is None
    else:
        np.testing.assert_array_equal(follow.y, y)


@EVERY
def test_what_follows_the_hand_is_the_sweep(r: ModerationResult) -> None:
    rates, cells = r.curves.rates, r.sweep.confusion
    the_months(cost_follows(r), edges(r), np.asarray(r.sweep.cost))
    the_months(roc_follows(r), rates.fpr, rates.tpr)
    the_months(precision_recall_follows(r), cells.recall, cells.precision)
    the_months(scores_follow(r, dark=False), edges(r), None)
    undefined = np.isnan(np.asarray(precision_recall_follows(r).y, float))
    np.testing.assert_array_equal(undefined, np.asarray(cells.flagged) == 0)


@EVERY
def test_at_the_chosen_row_what_follows_is_the_result(r: ModerationResult) -> None:
    cost, roc, precision = cost_follows(r), roc_follows(r), precision_recall_follows(r)
    assert cost.y is not None
    assert roc.y is not None
    assert precision.y is not None
    assert (cost.x[r.row], cost.y[r.row]) == (edge(r, r.scenario.threshold), r.cost)
    here = r.chosen
    assert (roc.x[r.row], roc.y[r.row]) == (here.rates.fpr, here.rates.tpr)
    np.testing.assert_array_equal(
        (precision.x[r.row], precision.y[r.row]), (here.confusion.recall, here.confusion.precision)
    )


@EVERY
def test_marks_lie_where_the_hand_passes(r: ModerationResult) -> None:
    """Drag to a mark's threshold, and the moving dot stands on it."""
    for draw, follow in (
        (cost_figure, cost_follows(r)),
        (roc_figure, roc_follows(r)),
        (precision_recall_figure, precision_recall_follows(r)),
    ):
        assert follow.y is not None
        fixed = np.array([at(t) for t in marks(drawn(draw, r))]).reshape(-1, 2)
        for month in in_reach(r):
            row = int(np.searchsorted(r.curves.threshold, month.threshold))
            dot = follow.x[row], follow.y[row]
            if not np.isnan(dot).any():
                assert np.isclose(fixed, dot, rtol=1e-9, atol=1e-12).all(axis=1).any()


@EVERY
def test_hills_change_from_left_alone_to_removed_and_have_area_one(r: ModerationResult) -> None:
    fig, follow = drawn(scores_figure, r), scores_follow(r, dark=False)
    if np.isnan(r.curves.densities.negatives).all():
        assert (follow.hills, fig.data) == ((), ())
        assert "one and the same score" in fig.layout.annotations[0].text
        return
    harmless, harmful = follow.hills
    assert (harmless.below, harmless.above) == (LIGHT.left_alone, LIGHT.wronged)
    assert (harmful.below, harmful.above) == (LIGHT.missed, LIGHT.caught)
    rates = r.curves.rates
    for hill, line, rate in zip(follow.hills, fig.data, (rates.fpr, rates.tpr), strict=True):
        np.testing.assert_array_equal(hill.x, line.x)
        np.testing.assert_array_equal(hill.y, line.y)
        assert hill.binned == (r.rows is not None)
        area = (
            hill.y.sum() * np.diff(hill.x).mean() if hill.binned else np.trapezoid(hill.y, hill.x)
        )
        if hill.binned:
            assert hill.heights is None
        else:  # on the line, and not on a chord between two of its points
            assert hill.heights is not None
            inside = (follow.x >= hill.x[0]) & (follow.x <= hill.x[-1])
            chord = np.interp(follow.x[inside], hill.x, hill.y)
            np.testing.assert_allclose(hill.heights[inside], chord, atol=0.01 * hill.y.max())
            corner = np.isin(follow.x, hill.x)
            np.testing.assert_allclose(
                hill.heights[corner], chord[corner[inside]], rtol=1e-6, atol=1e-12
            )
        within = 1 if hill.binned else np.ptp(rate)  # the rest scores beyond the picture's edge
        assert area == pytest.approx(within, abs=0.01)


@EVERY
def test_bars_are_the_causes_and_share_one_scale(r: ModerationResult) -> None:
    bars = cost_bars(r, dark=False)
    full = drawn(cost_figure, r).layout.yaxis.range[1] / 1.25 or 1.0
    assert len({colour for _, colour, _, _ in bars}) == len(bars)
    for (_, _, part, usd), cause in zip(bars, r.causes, strict=True):
        np.testing.assert_array_equal(usd, r.sweep.cost_by_cause[cause])
        np.testing.assert_allclose(part, usd / np.maximum(full, r.sweep.cost), rtol=1e-12)
    assert np.all(np.sum([part for _, _, part, _ in bars], axis=0) <= 1 + 1e-12)
    np.testing.assert_allclose(sum(usd for *_, usd in bars), r.sweep.cost, rtol=1e-12)


# --- any scenario ---


def test_pictures_hold_for_any_scenario() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(1), 40):
        r = moderate(scenario, rows)
        for draw in FIGURES:
            for trace in drawn(draw, r).data:
                assert len(trace.x) == len(trace.y)
        for t in marks(drawn(cost_figure, r)):
            assert np.isfinite(at(t)).all()
        for follow in (cost_follows(r), roc_follows(r), precision_recall_follows(r)):
            assert follow.y is not None
            assert follow.x.size == follow.y.size == r.curves.threshold.size
            assert np.isfinite(follow.x).all()


def test_the_thumbnail_is_bare_and_cut_at_the_threshold() -> None:
    r = RESULTS["defaults"]
    fig = drawn(thumbnail, r)
    assert (fig.layout.xaxis.visible, fig.layout.yaxis.visible) == (False, False)
    assert fig.layout.showlegend is False
    cut, colours = edge(r, r.scenario.threshold), LIGHT.by_name
    sides = {t.line.color: np.asarray(t.x) for t in fig.data if t.fill == "tozeroy"}
    assert set(sides) == {colours[c] for c in ("caught", "wronged", "missed", "left_alone")}
    for removed in ("caught", "wronged"):
        assert (sides[colours[removed]] >= cut).all()
    for left in ("missed", "left_alone"):
        assert (sides[colours[left]] <= cut).all()
