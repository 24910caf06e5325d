"""Pictures of a removal threshold: a finished result in, plotly figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_metrics.figures.style import MARKS, Palette, blank, palette, threshold_axis
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import cut, money, one_in, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.moderation import ModerationResult

__all__ = [
    "cost_figure",
    "people_figure",
    "precision_recall_figure",
    "roc_figure",
    "scores_figure",
    "thumbnail",
]

CELLS = {
    "caught": ("caught", "harmful, removed", "square"),
    "missed": ("missed", "harmful, left up", "circle"),
    "wronged": ("wronged", "harmless, removed", "diamond"),
    "left alone": ("left_alone", "harmless, left alone", "square-open"),
}
CAUSES = {
    "harm": ("missed", "harm of missed posts"),
    "viewers": ("viewers", "viewers who leave"),
    "authors": ("wronged", "authors who leave"),
    "desk": ("desk", "the desk's time"),
}
SHORT = {
    "lowest_cost": "lowest cost",
    "within_load": "desk",
    "at_recall_floor": "recall floor",
    "highest_f1": "F1",
}
ROOMY = 100  # up to so many icons in a cell, they are drawn large
BLOCK = 400  # more icons than this are one block with its number


class Mark(NamedTuple):
    """A threshold worth a mark: its name, shape, colour and rates."""

    name: str
    said: str
    kind: str
    colour: str
    threshold: float
    cost: float
    tpr: float
    fpr: float
    precision: float


def _marks(result: ModerationResult, colours: Palette) -> list[Mark]:
    """Every point to mark, the chosen one last so that it is drawn on top."""
    found, all_at = [], result.curves.flags_all_at
    for p in result.points:
        kind = "best" if p.name == "lowest_cost" else "point"
        if p.feasible:
            found.append(
                Mark(SHORT[p.name], cut(p.threshold, flags_all_at=all_at), kind, colours.best,
                     p.threshold, p.cost, p.tpr, p.fpr, p.precision)
            )  # fmt: skip
    for name, kind, colour, month in (
        ("today", "compared", colours.compared, result.compared),
        ("chosen", "chosen", colours.chosen, result.chosen),
    ):
        if name == "chosen" or result.compared_with == "today":
            found.append(
                Mark(name, cut(month.threshold, flags_all_at=all_at), kind, colour,
                     float(month.threshold), float(month.cost),
                     float(month.rates.tpr), float(month.rates.fpr),
                     float(month.confusion.precision))
            )  # fmt: skip
    return found


def people_figure(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw the four cells as people out of a round number."""
    colours, people = palette(dark=dark), result.people
    most = max([n for n in people.people.values() if n <= BLOCK], default=0)
    per_row, size = (25, 11) if most <= ROOMY else (50, 6)
    fig, top = blank(colours, x="", y=""), 0.0
    for cell, (field, label, symbol) in CELLS.items():
        n, colour = people.people[cell], getattr(colours, field)
        told = f"{label}: {one_in(people.one_in[cell])}" if cell in people.one_in else label
        fig.add_annotation(
            x=-0.6, y=top, text=told if cell in people.one_in else f"<b>{n:,}</b> {told}",
            showarrow=False, xanchor="left", font={"color": colours.ink, "size": 14},
        )  # fmt: skip
        top += 1.1
        if n > BLOCK:
            fig.add_shape(
                type="rect", x0=-0.5, x1=per_row - 0.5, y0=top - 0.4, y1=top + 1.9,
                fillcolor=colour, line_width=0,
            )  # fmt: skip
            top += 3.0
        elif n:
            i = np.arange(n)
            fig.add_scatter(
                x=i % per_row, y=top + i // per_row * 25 / per_row, mode="markers", name=label,
                hoverinfo="skip", showlegend=False,
                marker={"symbol": symbol, "size": size, "color": colour},
            )  # fmt: skip
            top += np.ceil(n / per_row) * 25 / per_row + 0.6
    fig.update_xaxes(visible=False, range=[-1, per_row])
    fig.update_yaxes(visible=False, range=[top, -0.8])
    return fig.update_layout(height=int(max(320, 60 + 20 * top)))


def thumbnail(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw the score distributions small and bare, for a card."""
    fig = scores_figure(result, dark=dark)
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    return fig.update_layout(height=140, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def scores_figure(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw where harmful and harmless posts score, cut at the threshold."""
    colours, curves = palette(dark=dark), result.curves
    d, edge = curves.densities, float(place(result.chosen.threshold, curves.spacing))
    unit = "per unit of log odds" if curves.spacing == "log-odds" else "per unit of score"
    fig = blank(colours, x="score (probability)" if result.rows is None else "score",
                y=f"share {unit}")  # fmt: skip
    at = place(d.at, curves.spacing)
    # Hills have no shapes to tell them apart in grey: the harmless one is outlined in dashes.
    for density, below, above, dash in (
        (d.negatives, "left alone", "wronged", "dash"),
        (d.positives, "missed", "caught", "solid"),
    ):
        for cell, part in ((below, at < edge), (above, at >= edge)):
            field, label, _ = CELLS[cell]
            colour = getattr(colours, field)
            if d.binned:
                fig.add_bar(x=at[part], y=density[part], name=label, marker_color=colour,
                            opacity=0.8, marker_line_width=0, hoverinfo="skip")  # fmt: skip
            else:
                x = np.sort(np.append(at[part], edge))
                fig.add_scatter(x=x, y=np.interp(x, at, density), name=label, mode="lines",
                                line={"color": colour, "width": 2, "dash": dash}, fill="tozeroy",
                                hoverinfo="skip")  # fmt: skip
    fig.update_layout(barmode="overlay", bargap=0)
    if np.isnan(d.negatives).all():
        fig.update_yaxes(visible=False, range=[0, 1])
        fig.add_annotation(
            text="Every post has one and the same score.", showarrow=False,
            x=0.5, y=0.5, xref="paper", yref="paper", font={"color": colours.ink, "size": 14},
        )  # fmt: skip
    threshold_axis(fig, curves, d.at)
    fig.add_vline(x=edge, line={"color": colours.chosen, "width": 2})
    return fig


def cost_figure(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw cost by cause along the threshold, with the operating points."""
    colours, curves, sweep = palette(dark=dark), result.curves, result.sweep
    marks = _marks(result, colours)
    ceiling = 1.3 * max(mark.cost for mark in marks)
    shown = _shown(result, marks, ceiling)
    fig = blank(colours, x="threshold", y="cost (USD a month)", height=380)
    for cause, (field, label) in CAUSES.items():
        fig.add_scatter(
            x=place(curves.threshold[shown], curves.spacing), y=sweep.cost_by_cause[cause][shown],
            name=label, stackgroup="cause", mode="lines",
            line={"width": 0.5, "color": getattr(colours, field)}, hoverinfo="skip",
        )  # fmt: skip
    fig.update_yaxes(range=[0, ceiling * 1.25], tickprefix="$", tickformat="~s")
    threshold_axis(fig, curves, curves.threshold[shown])
    low, high = fig.layout.xaxis.range
    for i, mark in enumerate(sorted(marks, key=lambda m: m.threshold)):
        x = float(place(np.clip(mark.threshold, curves.low, curves.high), curves.spacing))
        fig.add_scatter(
            x=[x], y=[mark.cost], mode="markers", name=mark.name, showlegend=False,
            marker={"symbol": MARKS[mark.kind], "size": 12, "color": mark.colour,
                    "line": {"width": 1.5, "color": colours.paper if mark.kind != "point"
                             else mark.colour}},
            hovertemplate=f"{mark.name}: threshold {mark.said}, "
                          f"${mark.cost:,.0f} a month<extra></extra>",
        )  # fmt: skip
        fig.add_annotation(
            x=x, y=mark.cost, ax=0, ay=-(26 + 19 * (i % 4)), showarrow=True, arrowwidth=1,
            arrowcolor=colours.compared, arrowhead=0, standoff=7,
            xanchor=("left" if x < low + 0.1 * (high - low)
                     else "right" if x > high - 0.1 * (high - low) else "center"),
            text=f"<b>{mark.name}</b>" if mark.kind == "chosen" else mark.name,
            font={"color": colours.ink, "size": 12}, bgcolor=colours.paper, borderpad=1,
        )  # fmt: skip
    return fig


def _shown(result: ModerationResult, marks: list[Mark], ceiling: float) -> slice:
    """Stretch of thresholds to draw: all marks, and as far as the cost stays on the chart."""
    curves = result.curves
    inside = np.flatnonzero(np.asarray(result.sweep.cost) <= ceiling)
    places = np.searchsorted(curves.threshold, [np.clip(m.threshold, curves.low, curves.high)
                                                for m in marks])  # fmt: skip
    last = curves.threshold.size - 1
    first = min(int(places.min()), int(inside[0]) if inside.size else last)
    final = max(int(places.max()), int(inside[-1]) if inside.size else 0)
    return slice(max(first - 2, 0), min(final + 3, last + 1))


def roc_figure(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw recall against the share of harmless posts removed."""
    colours, rates = palette(dark=dark), result.curves.rates
    fig = blank(colours, x="harmless posts removed (false positive rate)",
                y="harmful posts removed (recall)", height=360)  # fmt: skip
    fpr, tpr = np.append(rates.fpr, 0.0), np.append(rates.tpr, 0.0)
    fig.add_scatter(x=[0, 1], y=[0, 1], mode="lines", name="a coin",
                    line={"color": colours.compared, "dash": "dot"}, hoverinfo="skip")  # fmt: skip
    _curve(fig, fpr, tpr, "ROC", colours)
    for mark in _marks(result, colours):
        _dot(fig, mark.fpr, mark.tpr, mark, colours)
    fig.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    return fig.update_yaxes(range=[-0.02, 1.04], tickformat=".0%")


def precision_recall_figure(result: ModerationResult, *, dark: bool) -> go.Figure:
    """Draw precision against recall."""
    colours, cells = palette(dark=dark), result.sweep.confusion
    fig = blank(colours, x="harmful posts removed (recall)",
                y="removed posts that are harmful (precision)", height=360)  # fmt: skip
    fig.add_hline(y=result.scenario.prevalence, line={"color": colours.compared, "dash": "dot"})
    _curve(fig, cells.recall, cells.precision, "precision", colours)
    for mark in _marks(result, colours):
        if not np.isnan(mark.precision):
            _dot(fig, mark.tpr, mark.precision, mark, colours)
    fig.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    return fig.update_yaxes(range=[-0.02, 1.04], tickformat=".0%")


def _curve(fig: go.Figure, x: Floats, y: Floats, name: str, colours: Palette) -> None:
    fig.add_scatter(x=x, y=y, mode="lines", name=name, showlegend=False,
                    line={"color": colours.caught, "width": 2},
                    hovertemplate="%{x:.2%}, %{y:.2%}<extra></extra>")  # fmt: skip


def _dot(fig: go.Figure, x: float, y: float, mark: Mark, colours: Palette) -> None:
    fig.add_scatter(
        x=[x], y=[y], mode="markers", name=mark.name,
        marker={"symbol": MARKS[mark.kind], "size": 11, "color": mark.colour,
                "line": {"width": 1.5, "color": mark.colour if mark.kind == "point"
                         else colours.paper}},
        hovertemplate=f"{mark.name}, threshold {mark.said}: {share(x)}, "
                      f"{share(y)}, {money(mark.cost)} a month<extra></extra>",
    )  # fmt: skip
