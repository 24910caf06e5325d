"""Pictures of an error budget, read back from the figure against the answer they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures.error_budget import (
    COLOURS,
    SHAPES,
    alerts_figure,
    alerts_follows,
    cost_bars,
    cost_figure,
    cost_follows,
    incident_figure,
    people_groups,
    spent_figure,
    spent_follows,
    split_figure,
    thumbnail,
)
from aipm_metrics.figures.picture import Spec, figure
from aipm_metrics.figures.style import DARK, LIGHT, MARKS, palette
from aipm_metrics.models.curves import place
from aipm_metrics.scenarios.error_budget import ErrorBudgetResult, ErrorBudgetScenario, budget
from aipm_metrics.scenarios.error_budget_chain import MODES
from tests.aipm_metrics.scenarios.error_budget_draws import draw_budget

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    Draw = Callable[..., Spec]

DRAWN = {
    "defaults": budget(ErrorBudgetScenario()),
    "no incident": budget(ErrorBudgetScenario(incident_rate=0)),
    "nothing fails": budget(ErrorBudgetScenario(**{f"observed_{mode}": 0 for mode in MODES})),
    **{
        name: budget(ErrorBudgetScenario.model_validate(told))
        for name, told in ErrorBudgetScenario.presets.items()
    },
}
EVERY = pytest.mark.parametrize("r", DRAWN.values(), ids=DRAWN)
FIGURES = (cost_figure, spent_figure, alerts_figure, split_figure, incident_figure)


def drawn(draw: Draw, r: ErrorBudgetResult, *, dark: bool = False) -> go.Figure:
    """The figure, checked by plotly; a warning is an error."""
    return figure(draw(r, dark=dark))


def lines(fig: go.Figure) -> dict[str, Any]:
    return {t.name: t for t in fig.data if t.type == "scatter" and t.mode == "lines"}


# --- cost ---


@EVERY
def test_the_two_costs_add_up_to_the_line_above_them(r: ErrorBudgetResult) -> None:
    told = lines(drawn(cost_figure, r))
    together = np.asarray(told["together"].y)
    np.testing.assert_allclose(
        np.asarray(told["bad answers"].y) + told["keeping to it"].y, together, rtol=1e-12
    )
    rows = np.searchsorted(place(r.slos, "log-odds"), told["together"].x)
    np.testing.assert_array_equal(np.asarray(r.sweep.cost)[rows], together)


@EVERY
def test_marks_stand_at_their_slo_and_cost_inside_the_picture(r: ErrorBudgetResult) -> None:
    fig = drawn(cost_figure, r)
    marks = {t.name: t for t in fig.data if t.mode == "markers"}
    feasible = [p for p in r.points if p.feasible]
    assert len(marks) == len(feasible) + 1
    assert marks["today"].y[0] == float(r.today.cost)
    assert marks["lowest cost"].marker.symbol == MARKS["best"]
    low, high = fig.layout.yaxis.range
    left, right = fig.layout.xaxis.range
    for mark in marks.values():
        assert low <= np.log10(mark.y[0]) <= high
        assert left <= mark.x[0] <= right
    assert {a.text for a in fig.layout.annotations} == set(marks)
    for label in fig.layout.annotations:
        assert low <= label.ay <= high  # an axis of powers of ten counts them


@EVERY
def test_bars_are_parts_of_the_cost_there(r: ErrorBudgetResult) -> None:
    bars = cost_bars(r, dark=False)
    assert sum(part for _, _, part, _ in bars) == pytest.approx(np.ones(r.slos.size))
    np.testing.assert_allclose(sum(usd for *_, usd in bars), r.sweep.cost, rtol=1e-12)


# --- who has spent it ---


@EVERY
def test_the_waterfall_ends_where_all_of_it_does(r: ErrorBudgetResult) -> None:
    bars = drawn(spent_figure, r).data[0]
    sizes, starts = np.asarray(bars.x), np.asarray(bars.base)
    assert starts[1:-1] == pytest.approx(np.cumsum(sizes[:-2]), abs=1e-15)
    assert starts[-2] + sizes[-2] == pytest.approx(sizes[-1], abs=1e-15)
    assert sizes[-1] == pytest.approx(r.union)
    assert starts[-1] == 0
    np.testing.assert_array_equal(sizes[:-1], r.observed)


@EVERY
def test_budgets_that_are_drawn_are_todays_and_the_cheapest(r: ErrorBudgetResult) -> None:
    fig = drawn(spent_figure, r)
    for name, line in lines(fig).items():
        bad = 1 - (r.scenario.today_slo if "today" in name else r.lowest_cost.slo)
        assert line.x == (bad, bad)
        assert bad <= fig.layout.xaxis.range[1]


# --- alerts ---


@EVERY
def test_a_line_of_an_alert_is_when_it_fires_and_ends_where_it_never_does(
    r: ErrorBudgetResult,
) -> None:
    told = lines(drawn(alerts_figure, r))
    assert told.pop("incident over").y[0] == r.scenario.incident_minutes
    names = {f"{a.severity}, " for a in r.policy}
    assert len(told) == len(r.policy)
    assert all(any(name.startswith(start) for start in names) for name in told)
    fast = told["page, 60\N{NO-BREAK SPACE}min"]
    rows = np.searchsorted(place(r.slos, "log-odds"), fast.x)
    fire = np.asarray(r.sweep.fire)[rows, 0]
    np.testing.assert_array_equal(np.isnan(np.asarray(fast.y, float)), np.isinf(fire))
    there = np.isfinite(fire)
    np.testing.assert_array_equal(np.asarray(fast.y, float)[there], fire[there])


def test_an_incident_without_failures_says_that_nothing_fires() -> None:
    fig = drawn(alerts_figure, DRAWN["no incident"])
    assert fig.layout.annotations[0].text == "No alert fires at any SLO."


# --- what follows the hand ---


@EVERY
def test_what_follows_the_hand_is_the_sweep(r: ErrorBudgetResult) -> None:
    cost, spent, alerts = cost_follows(r), spent_follows(r), alerts_follows(r)
    np.testing.assert_array_equal(cost.x, place(r.slos, "log-odds"))
    np.testing.assert_allclose(10 ** np.asarray(cost.y), r.sweep.cost, rtol=1e-12)
    np.testing.assert_array_equal(spent.x, r.sweep.bad)
    assert spent.y is None
    assert spent.x[r.row] == pytest.approx(1 - r.scenario.slo)
    paged = np.asarray(r.sweep.paged)
    np.testing.assert_array_equal(np.isnan(np.asarray(alerts.y)), np.isinf(paged))


# --- at the chosen SLO ---


@EVERY
def test_the_split_shows_every_rule_and_what_is_spent(r: ErrorBudgetResult) -> None:
    spends, *rules = drawn(split_figure, r).data
    n = r.scenario.requests_per_month
    told = np.asarray(spends.x, float)
    np.testing.assert_array_equal(np.isnan(told), r.observed == 0)
    np.testing.assert_allclose(told[r.observed > 0], r.observed[r.observed > 0] * n)
    assert len(rules) == len(r.splits)
    for trace, split in zip(rules, r.splits, strict=True):
        np.testing.assert_allclose(trace.x, split.allowed * n)
        assert trace.name.startswith("<b>") == (split.rule == r.scenario.rule)
    assert len({trace.marker.symbol.removesuffix("-open") for trace in rules}) == len(rules)


@EVERY
def test_the_incident_shows_its_windows_and_the_rates_that_page(r: ErrorBudgetResult) -> None:
    fig = drawn(incident_figure, r)
    assert len(fig.data) == 4
    long, short = r.incident.burn[0]
    for trace, burn in zip(fig.data, (long, short), strict=False):
        seen = np.asarray(trace.y, float)
        np.testing.assert_array_equal(seen[burn > 0], burn[burn > 0])
    levels = [s.y0 for s in fig.layout.shapes if s.type == "line"]
    assert levels == [a.factor for a in r.policy if a.severity == "page"]
    assert fig.layout.shapes[0].x1 == r.scenario.incident_minutes
    low, high = fig.layout.yaxis.range
    assert all(low <= np.log10(level) <= high for level in levels)


# --- all of them ---


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("dark", [False, True])
def test_each_theme_uses_its_own_colours_and_the_figure_can_be_sent(draw: Draw, dark: bool) -> None:
    fig = drawn(draw, DRAWN["defaults"], dark=dark)
    assert fig.layout.font.color == palette(dark=dark).ink
    other = LIGHT if dark else DARK
    told = fig.to_json()
    assert not [colour for colour in (other.missed, other.caught, other.ink) if colour in told]


def test_axes_are_titled_and_count_nines() -> None:
    for draw, x, y in (
        (cost_figure, "SLO", "USD a month"), (spent_figure, "share of answers", ""),
        (alerts_figure, "SLO", "fires"), (split_figure, "answers a month", ""),
        (incident_figure, "minutes", "burn rate"),
    ):  # fmt: skip
        fig = drawn(draw, DRAWN["defaults"])
        assert x in fig.layout.xaxis.title.text
        assert y in fig.layout.yaxis.title.text
    ticks = drawn(cost_figure, DRAWN["defaults"]).layout.xaxis.ticktext
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in ticks] == [
        "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %",
    ]  # fmt: skip


def test_every_cell_has_a_shape_and_a_colour_of_its_own() -> None:
    ((cells, of),) = people_groups(DRAWN["defaults"])
    assert cells == (*MODES, "good")
    assert of == DRAWN["defaults"].crowd == 10_000
    assert DRAWN["nine good answers in ten"].crowd == 1_000
    assert set(SHAPES) == set(COLOURS) == set(cells)
    assert len(set(SHAPES.values())) == len(set(COLOURS.values())) == len(cells)


def test_the_thumbnail_is_bare_and_marks_the_choice() -> None:
    r = DRAWN["defaults"]
    fig = drawn(thumbnail, r)
    assert (fig.layout.xaxis.visible, fig.layout.yaxis.visible) == (False, False)
    assert not fig.layout.annotations
    assert fig.data[-1].y[0] == r.cost


def test_pictures_hold_for_any_scenario() -> None:
    rng = np.random.default_rng(6)
    for _ in range(15):
        r = budget(draw_budget(rng))
        for draw in FIGURES:
            for trace in drawn(draw, r).data:
                assert len(trace.x) == len(trace.y)
        assert np.isfinite(cost_follows(r).x).all()
