"""Pictures of somebody's own rows: what they hold is the profile's, nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aipm_metrics.estimates import wilson, wilson_each
from aipm_metrics.figures import your_data as figures
from aipm_metrics.figures import your_data_shares as shares
from aipm_metrics.models.curves import curves_of_rows, place
from aipm_metrics.rows.asked import Prices
from aipm_metrics.rows.profile import profile
from aipm_metrics.rows.sample import sample_counts
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences import your_data_tables as tables
from tests.aipm_metrics.rows.own_rows import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    from aipm_metrics.rows.profile_parts import RowsProfile

EVERY = [
    figures.cost_figure, figures.scores_figure, figures.roc_figure,
    figures.precision_recall_figure, figures.amounts_figure, figures.elkan_figure,
    shares.calibration_figure, shares.months_figure, shares.mix_figure,
]  # fmt: skip
every = pytest.mark.parametrize("draw", EVERY, ids=lambda draw: draw.__name__)


@pytest.fixture(scope="module")
def p() -> RowsProfile:
    return profile(counted(), Prices(), 0.5, 0.2)


def trace(fig: go.Figure, name: str) -> go.Scatter:
    return next(t for t in fig.data if t.name == name)


@every
@pytest.mark.parametrize("dark", [False, True])
def test_axes_say_what_they_are_and_every_point_is_a_number(
    draw: Callable[..., go.Figure], dark: bool, p: RowsProfile
) -> None:
    fig = draw(p, dark=dark)
    assert fig.layout.xaxis.title.text
    assert fig.layout.yaxis.title.text
    assert fig.data
    for t in fig.data:
        assert np.isfinite(np.asarray(t.y, float)).all()


def test_costs_are_drawn_at_their_thresholds(p: RowsProfile) -> None:
    fig = figures.cost_figure(p, dark=False)
    line = trace(fig, "cost")
    at = np.searchsorted(p.curves.threshold, line.customdata)
    assert line.y == pytest.approx(p.cost[at])
    assert line.x == pytest.approx(place(np.asarray(line.customdata), p.curves.spacing))
    for name, spot in (("A", p.a), ("B", p.b), ("lowest cost", p.best)):
        mark = trace(fig, name)
        assert mark.y[0] == spot.cost
        assert spot.threshold in line.customdata
        assert any(name in note.text for note in fig.layout.annotations)


def test_marks_lie_on_the_curves(p: RowsProfile) -> None:
    roc, pr = (draw(p, dark=True) for draw in (figures.roc_figure, figures.precision_recall_figure))
    for name, spot in (("A", p.a), ("B", p.b), ("lowest cost", p.best)):
        x, y = trace(roc, name).x[0], trace(roc, name).y[0]
        line = trace(roc, "these rows")
        assert (x, y) == (spot.fpr.value, spot.recall.value)
        assert np.hypot(np.subtract(line.x, x), np.subtract(line.y, y)).min() < 1e-12
        assert trace(pr, name).y[0] == spot.precision.value


def test_two_points_in_one_place_have_one_name(p: RowsProfile) -> None:
    same = profile(counted(), Prices(), 0.5, p.best.threshold)
    notes = [note.text for note in figures.cost_figure(same, dark=False).layout.annotations]
    assert sorted(notes) == ["A", "B, lowest cost"]


def test_nothing_flagged_has_no_precision_to_draw() -> None:
    nothing = profile(counted(), Prices(), 2.0, 0.2)
    fig = figures.precision_recall_figure(nothing, dark=False)
    assert "A" not in {t.name for t in fig.data}


def test_calibration_has_its_intervals(p: RowsProfile) -> None:
    assert p.calibration is not None
    fig = shares.calibration_figure(p, dark=False)
    dots = next(t for t in fig.data if t.mode == "markers")
    assert len(dots.x) == p.calibration.score.size
    assert (np.asarray(dots.error_y.array) >= 0).all()
    assert (np.asarray(dots.error_y.arrayminus) >= 0).all()


def test_a_label_is_never_markup(p: RowsProfile) -> None:
    fig = figures.scores_figure(replace(p, event='<a href="x">y</a>'), dark=False)
    assert all("<" not in t.name for t in fig.data)


def test_months_are_in_order_with_their_intervals(p: RowsProfile) -> None:
    dots, line = shares.months_figure(p, dark=False).data
    assert list(dots.x) == list(line.x) == [g.name for g in p.months] == sorted(dots.x)
    assert dots.y == pytest.approx([g.recall.value for g in p.months])
    assert set(dots.marker.symbol) == {"circle"}


def months_of(p: RowsProfile) -> RowsProfile:
    """Five months: one told by too few rows, one without any event, three that can be said."""
    recalls = [wilson(90, 100), wilson(80, 100), wilson(3, 5), wilson(0, 0), wilson(85, 100)]
    names = [f"2026-0{i}" for i in range(1, 6)]
    kind = p.months[0]
    return replace(p, months=tuple(
        replace(kind, name=name, recall=recall) for name, recall in zip(names, recalls, strict=True)
    ))  # fmt: skip


def test_a_month_that_the_table_calls_too_few_is_hollow_and_joined_to_none(p: RowsProfile) -> None:
    few = months_of(p)
    fig = shares.months_figure(few, dark=False)
    dots, *lines = fig.data
    assert list(dots.x) == ["2026-01", "2026-02", "2026-03", "2026-05"]
    assert [s.endswith("-open") for s in dots.marker.symbol] == [False, False, True, False]
    assert [list(t.x) for t in lines if t.mode == "lines"] == [["2026-01", "2026-02"]]
    assert list(fig.layout.xaxis.categoryarray) == [g.name for g in few.months]
    assert [t.name for t in fig.data if t.showlegend] == ["too few to say"]
    said = words.described(few, "months")
    assert "Hollow, with too few rows to say: 1." in said
    assert "Left out, without any: 1." in said
    assert "Hollow" not in words.described(p, "months")
    place = tables.group_header("month").index("recall at B")
    recalls = [line[place] for line in tables.group_rows(few.months)]
    assert ["too few" in r for r in recalls] == [False, False, True, False, False]


def test_a_tenth_that_the_table_calls_too_few_is_hollow(p: RowsProfile) -> None:
    c = p.calibration
    assert c is not None
    n = np.asarray(c.rows) // np.where(np.arange(c.rows.size) < 2, 60, 1)
    few = replace(p, calibration=replace(c, observed=wilson_each(n // 2, n), rows=n))
    dots = next(t for t in shares.calibration_figure(few, dark=False).data if t.mode == "markers")
    hollow = [s.endswith("-open") for s in dots.marker.symbol]
    assert hollow == ["too few" in line[2] for line in tables.calibration_rows(few)]
    assert sum(hollow) == 2
    assert "Hollow, with too few rows to say: 2 of" in words.described(few, "calibration")


def test_a_mark_that_the_table_calls_too_few_is_hollow(p: RowsProfile) -> None:
    few = replace(p, b=replace(p.b, precision=wilson(3, 5)))
    fig = figures.precision_recall_figure(few, dark=False)
    assert trace(fig, "B").marker.symbol.endswith("-open")
    assert not trace(fig, "A").marker.symbol.endswith("-open")
    assert "too few" in tables.spot_rows(few)[1][tables.SPOT_HEADER.index("precision")]
    said = words.described(few, "pr")
    assert "at B an uncertain share" in said
    assert "hollow mark" in said
    assert "hollow" not in words.described(p, "pr")


def test_the_card_shows_the_sample() -> None:
    fig = figures.thumbnail(curves_of_rows(sample_counts(), None, ()), dark=True)
    assert len(fig.data) == 2
    assert not fig.layout.xaxis.visible


def test_costs_by_amount_are_drawn_where_they_fit_and_no_further(p: RowsProfile) -> None:
    assert p.amounts is not None
    fig = figures.amounts_figure(p, dark=False)
    line, (low, high) = trace(fig, "cost"), fig.layout.xaxis.range
    inside = np.asarray(line.y) <= fig.layout.yaxis.range[1]
    assert inside[1:-1].all() or inside.mean() > 0.8
    for name in ("B", "lowest cost"):
        assert low <= trace(fig, name).x[0] <= high


def test_small_costs_are_not_told_in_thousandths(p: RowsProfile) -> None:
    free = replace(p, **{s: replace(getattr(p, s), cost=0.0) for s in ("a", "b", "best")})
    assert figures.cost_figure(free, dark=False).layout.yaxis.tickformat == ",.2f"
    assert figures.cost_figure(p, dark=False).layout.yaxis.tickformat == "~s"


def test_a_name_at_the_top_stands_below_its_mark(p: RowsProfile) -> None:
    spots = {s: replace(getattr(p, s), recall=wilson(9, 9), precision=wilson(9, 9), tp=9)
             for s in ("a", "b", "best")}  # fmt: skip
    (name,) = figures.precision_recall_figure(replace(p, **spots), dark=False).layout.annotations
    assert name.ay > 0
    assert name.xanchor == "right"
