"""Pictures of a removal threshold, read back from the data and layout plotly was given."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from aipm_metrics.figures.moderation import (
    BLOCK,
    CELLS,
    cost_figure,
    people_figure,
    precision_recall_figure,
    roc_figure,
    scores_figure,
    thumbnail,
)
from aipm_metrics.figures.style import DARK, LIGHT, MARKS, palette
from aipm_metrics.models.curves import place
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from tests.aipm_metrics.said import numbers
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable

Draw = Callable[..., go.Figure]
FIGURES: list[Draw] = [
    cost_figure, scores_figure, roc_figure, precision_recall_figure, people_figure, thumbnail,
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
    **{name: moderate(ModerationScenario.model_validate(v)) for name, v in
       ModerationScenario.presets.items()},
}  # fmt: skip
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)


def marks(fig: go.Figure) -> list[Any]:
    return [t for t in fig.data if t.mode == "markers"]


def at(trace: Any) -> tuple[float, float]:
    (x,), (y,) = trace.x, trace.y
    return float(x), float(y)


def same_places(fig: go.Figure, expected: list[tuple[float, float]]) -> None:
    drawn = sorted(at(trace) for trace in marks(fig))
    np.testing.assert_allclose(drawn, sorted(expected), rtol=1e-9, atol=1e-12)


def months(r: ModerationResult) -> list[Any]:
    """The choice, and today's setting where that is the comparison."""
    return [r.chosen] + ([r.compared] if r.compared_with == "today" else [])


def edge(r: ModerationResult, threshold: float) -> float:
    return float(place(float(np.clip(threshold, r.curves.low, r.curves.high)), r.curves.spacing))


@EVERY
def test_cost_marks_stand_at_their_threshold_and_cost(r: ModerationResult) -> None:
    fig = cost_figure(r, dark=False)
    expected = [(edge(r, p.threshold), p.cost) for p in r.points if p.feasible]
    expected += [(edge(r, m.threshold), float(m.cost)) for m in months(r)]
    same_places(fig, expected)
    assert all(np.isfinite(at(t)).all() for t in marks(fig))
    (chosen,) = [t for t in marks(fig) if t.marker.symbol == MARKS["chosen"]]
    assert at(chosen) == pytest.approx((edge(r, r.scenario.threshold), r.cost))
    today = [at(t) for t in marks(fig) if t.marker.symbol == MARKS["compared"]]
    assert len(today) == (r.compared_with == "today")
    low, high = sorted(fig.layout.xaxis.range)
    assert all(low <= x <= high for x, _ in map(at, marks(fig)))
    bottom, top = fig.layout.yaxis.range
    assert all(bottom <= y <= top for _, y in map(at, marks(fig)))
    assert len(fig.layout.annotations) == len(marks(fig))


@EVERY
def test_stacked_causes_add_up_to_the_cost(r: ModerationResult) -> None:
    causes = [t for t in cost_figure(r, dark=False).data if t.stackgroup]
    assert len(causes) == len(r.cost_by_cause)
    places = place(r.curves.threshold, r.curves.spacing)
    for trace in causes:
        np.testing.assert_array_equal(trace.x, causes[0].x)
        assert (np.asarray(trace.y) >= 0).all()
    shown = np.isin(places, causes[0].x)
    total = np.sum([t.y for t in causes], axis=0)
    np.testing.assert_allclose(total, np.asarray(r.sweep.cost)[shown], rtol=1e-12, atol=1e-9)
    at_chosen = total[np.flatnonzero(causes[0].x == edge(r, r.scenario.threshold))]
    np.testing.assert_allclose(at_chosen, [r.cost], rtol=1e-9)


def test_points_beyond_the_slider_are_drawn_at_its_edge() -> None:
    for name, right in (("quiet", True), ("costly", False), ("quiet scores", True)):
        r = RESULTS[name]
        low, high = r.curves.low, r.curves.high
        assert not low <= r.lowest_cost.threshold <= high
        fig = cost_figure(r, dark=False)
        xs = [x for x, _ in map(at, marks(fig))]
        assert float(place(high if right else low, r.curves.spacing)) in xs


def test_points_that_cannot_be_had_are_not_drawn() -> None:
    r = RESULTS["no desk"]
    assert [p.feasible for p in r.points] == [True, False, True, True]
    for draw in (cost_figure, roc_figure):
        assert len(marks(draw(r, dark=False))) == 3 + 2


@EVERY
def test_roc_marks_and_curve(r: ModerationResult) -> None:
    fig = roc_figure(r, dark=False)
    expected = [(p.fpr, p.tpr) for p in r.points if p.feasible]
    expected += [(float(m.rates.fpr), float(m.rates.tpr)) for m in months(r)]
    same_places(fig, expected)
    coin, curve = (t for t in fig.data if t.mode == "lines")
    np.testing.assert_array_equal(coin.x, coin.y)
    assert (np.diff(curve.x) <= 0).all()
    assert (np.diff(curve.y) <= 0).all()
    assert (curve.x[-1], curve.y[-1]) == (0, 0)
    on_curve = set(zip(np.asarray(curve.x), np.asarray(curve.y), strict=True))
    assert (float(r.chosen.rates.fpr), float(r.chosen.rates.tpr)) in on_curve


@EVERY
def test_precision_marks_leave_out_what_is_undefined(r: ModerationResult) -> None:
    fig = precision_recall_figure(r, dark=False)
    expected = [(p.tpr, p.precision) for p in r.points if p.feasible]
    expected += [(float(m.rates.tpr), float(m.confusion.precision)) for m in months(r)]
    expected = [(x, y) for x, y in expected if not np.isnan(y)]
    if expected:
        same_places(fig, expected)
    assert len(marks(fig)) == len(expected)
    (level,) = fig.layout.shapes
    assert level.y0 == level.y1 == r.scenario.prevalence


@EVERY
def test_scores_are_cut_at_the_threshold(r: ModerationResult) -> None:
    fig = scores_figure(r, dark=False)
    cut = float(place(r.scenario.threshold, r.curves.spacing))
    (line,) = fig.layout.shapes
    assert line.x0 == line.x1 == pytest.approx(cut)
    colours = {getattr(LIGHT, field): cell for cell, (field, _, _) in CELLS.items()}
    bars = r.rows is not None
    cells = [colours[t.marker.color if bars else t.line.color] for t in fig.data]
    assert sorted(cells) == sorted(CELLS)
    for cell, trace in zip(cells, fig.data, strict=True):
        x = np.asarray(trace.x)
        above = cell in {"wronged", "caught"}
        assert (x >= cut - 1e-9).all() if above else (x <= cut + 1e-9).all(), cell
    if bars:  # every bin is drawn once per class
        n = sum(np.asarray(t.x).size for t in fig.data)
        assert n == 2 * r.curves.densities.at.size


@EVERY
def test_icons_are_the_people_and_blocks_say_their_number(r: ModerationResult) -> None:
    fig, people = people_figure(r, dark=False), r.people
    icons = Counter({t.marker.symbol: np.asarray(t.x).size for t in fig.data})
    texts = [a.text for a in fig.layout.annotations]
    assert len(texts) == len(CELLS)
    blocks = 0
    for text, (cell, (field, label, symbol)) in zip(texts, CELLS.items(), strict=True):
        n = people.people[cell]
        assert label in text
        assert icons[symbol] == (n if n <= BLOCK else 0)
        blocks += n > BLOCK
        if cell in people.one_in:
            assert n == 0
            assert numbers(text)[0] == 1
        else:
            assert numbers(text)[0] == n
        for trace in fig.data:
            if trace.marker.symbol == symbol:
                assert trace.marker.color == getattr(LIGHT, field)
    assert len(fig.layout.shapes) == blocks
    assert sum(people.people.values()) == people.of
    spots = [spot for t in fig.data for spot in zip(t.x, t.y, strict=True)]
    assert len(set(spots)) == len(spots)  # nobody stands on somebody else
    low, high = sorted(fig.layout.yaxis.range)
    assert all(low <= y <= high for _, y in spots)


@pytest.mark.parametrize("name", ["defaults", "rows", "scores"])
def test_axes_are_titled_with_their_units(name: str) -> None:
    r = RESULTS[name]
    for draw, x, y in (
        (cost_figure, "threshold", "USD a month"),
        (scores_figure, "score", "log odds" if name != "scores" else "per unit of score"),
        (roc_figure, "false positive rate", "recall"),
        (precision_recall_figure, "recall", "precision"),
    ):
        fig = draw(r, dark=False)
        assert x in fig.layout.xaxis.title.text
        assert y in fig.layout.yaxis.title.text
    for draw in (roc_figure, precision_recall_figure):
        assert draw(r, dark=False).layout.xaxis.tickformat.endswith("%")
    ticks = cost_figure(r, dark=False).layout.xaxis
    if r.curves.spacing == "log-odds":
        said = [float(text) for text in ticks.ticktext]
        np.testing.assert_allclose(ticks.tickvals, place(np.array(said), "log-odds"))


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("dark", [False, True])
def test_each_theme_uses_its_own_colours_and_the_figure_can_be_sent(draw: Draw, dark: bool) -> None:
    fig = draw(RESULTS["defaults"], dark=dark)
    assert fig.layout.font.color == palette(dark=dark).ink
    told, other = fig.to_json(), LIGHT if dark else DARK
    for colour in (other.caught, other.wronged, other.missed, other.ink):
        assert colour not in told


def test_figures_hold_for_any_scenario() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(1), 40):
        r = moderate(scenario, rows)
        for draw in FIGURES:
            for trace in draw(r, dark=False).data:
                assert len(trace.x) == len(trace.y)
        for t in marks(cost_figure(r, dark=False)):
            assert np.isfinite(at(t)).all()


def test_the_thumbnail_is_bare() -> None:
    fig = thumbnail(RESULTS["defaults"], dark=False)
    assert (fig.layout.xaxis.visible, fig.layout.yaxis.visible) == (False, False)
    assert fig.layout.showlegend is False
