"""Pictures of somebody's own rows: a finished profile in, plotly figures out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.style import MARKS, blank, palette, thin_ticks, threshold_axis
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import money, share
from aipm_metrics.spoken_exactly import cut_exactly

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.figures.style import Palette
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.curves import Curves
    from aipm_metrics.rows.profile_parts import RowsProfile, Spot

__all__ = [
    "amounts_figure",
    "cost_figure",
    "elkan_figure",
    "precision_recall_figure",
    "roc_figure",
    "scores_figure",
    "thumbnail",
]

DRAWN = 241  # points of a line
TOP, MIDDLE = 0.75, 0.5  # of a square of shares: above and right of these a name has no room
HEADROOM = 1.6  # of the dearest mark: what the cost's picture shows
KINDS = {"a": ("A", "compared"), "b": ("B", "chosen"), "best": ("lowest cost", "best")}


def _spots(p: RowsProfile) -> list[tuple[str, str, Spot]]:
    """Name the lowest cost, A and B, with kind and spot; in this order, so that B lies on top."""
    return [(*KINDS[spot.name], spot) for spot in (p.best, p.a, p.b)]


def _thinned(threshold_: Floats, p: RowsProfile) -> Any:
    """Rows to draw a line through: a few hundred, and every mark."""
    some = np.linspace(0, threshold_.size - 1, min(DRAWN, threshold_.size)).round().astype(int)
    marks = np.searchsorted(threshold_, [s.threshold for _, _, s in _spots(p)])
    return np.union1d(some, np.minimum(marks, threshold_.size - 1))


def cost_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw what each threshold costs on these rows, with A, B and the lowest."""
    colours, curves = palette(dark=dark), p.curves
    ceiling = HEADROOM * max(spot.cost for _, _, spot in _spots(p)) or 1.0
    rows = _shown(curves.threshold, p.cost, [s.threshold for _, _, s in _spots(p)], ceiling)
    fig = blank(colours, x="threshold", y="cost (USD on these rows)", height=340)
    fig.add_scatter(
        x=place(curves.threshold[rows], curves.spacing), y=p.cost[rows], mode="lines",
        line={"color": colours.ink, "width": 2}, customdata=curves.threshold[rows],
        hovertemplate="%{customdata:.4g}: $%{y:,.0f}<extra></extra>", name="cost",
    )  # fmt: skip
    for name, kind, spot in _spots(p):
        at = _at(spot.threshold, p)
        _mark(fig, at, spot.cost, name, kind, colours,
              f"{name}, {cut_exactly(spot.threshold)}: {money(spot.cost)}")  # fmt: skip
    threshold_axis(fig, curves, curves.threshold[rows])
    thin_ticks(fig)
    _name_marks(fig, [(_at(s.threshold, p), s.cost, n) for n, _, s in _spots(p)], colours)
    return fig.update_layout(showlegend=False, yaxis=_dollars(ceiling))


def _shown(at: Floats, cost: Floats, marked: list[float], ceiling: float) -> Any:
    """Rows worth drawing: every mark, and as far as the cost stays on the chart."""
    marks = np.searchsorted(at, marked).clip(0, at.size - 1)
    inside = np.append(np.flatnonzero(cost <= ceiling), marks)
    rows = np.arange(max(int(inside.min()) - 1, 0), min(int(inside.max()) + 2, at.size))
    some = rows[np.linspace(0, rows.size - 1, min(DRAWN, rows.size)).round().astype(int)]
    return np.union1d(some, marks)


def _dollars(ceiling: float) -> dict[str, Any]:
    """Axis of costs; below a thousand dollars a short form would say milli, which reads million."""
    form = "~s" if ceiling >= 1000 else ",.0f" if ceiling >= 10 else ",.2f"
    return {"range": [0, ceiling], "tickprefix": "$", "tickformat": form}


def _at(threshold_: float, p: RowsProfile) -> float:
    """Place of a threshold on its axis; what lies beyond all scores stands at the edge."""
    return float(place(np.clip(threshold_, p.curves.low, p.curves.high), p.curves.spacing))


def _mark(
    fig: go.Figure, x: float, y: float, name: str, kind: str, colours: Palette, told: str,
    *, hollow: bool = False,
) -> None:  # fmt: skip
    """Mark a point; hollow where a table calls its share too few to say."""
    colour = colours.by_name[kind]
    symbol = f"{MARKS[kind]}{'-open' * hollow}"
    fig.add_scatter(
        x=[x], y=[y], mode="markers", name=name, showlegend=False,
        marker={"symbol": symbol, "size": 11, "color": colour,
                "line": {"width": 2, "color": colour} if hollow
                else {"width": 1.5, "color": colours.paper}},
        hovertemplate=f"{told}<extra></extra>",
    )  # fmt: skip


def _said(e: Estimate) -> str:
    return share(e.value) if e.status == "said" else "an uncertain share"


def _name_marks(
    fig: go.Figure, marks: list[tuple[float, float, str]], colours: Palette, *,
    aside: bool = False, top: float = np.inf,
) -> None:  # fmt: skip
    """Name marks above or beside them, each at a height of its own; one name for one place.

    Above `top` there is no room: there a name stands below its mark, on the side with room.
    """
    places: dict[tuple[float, float], list[str]] = {}
    for x, y, name in marks:
        places.setdefault((x, y), []).append(name)
    for i, ((x, y), names) in enumerate(sorted(places.items())):
        where = (
            {"ax": 26, "ay": 10 + 22 * (i % 3 == 1), "xanchor": "left"} if aside
            else {"ax": -14 if x > MIDDLE else 14, "ay": 30 + 19 * (i % 3),
                  "xanchor": "right" if x > MIDDLE else "left"} if y > top
            else {"ax": 0, "ay": -(26 + 19 * (i % 3))}
        )  # fmt: skip
        fig.add_annotation(
            x=x, y=y, text=", ".join(reversed(names)), showarrow=True, arrowhead=0, arrowwidth=1,
            arrowcolor=colours.compared, standoff=7, bgcolor=colours.paper, borderpad=1,
            font={"color": colours.ink, "size": 12}, **where,
        )  # fmt: skip


def scores_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw where events and other rows score, and where A and B cut."""
    colours, curves = palette(dark=dark), p.curves
    fig = _hills(curves, f"events ({p.event})", colours)
    b_is_lower = p.b.threshold < p.a.threshold
    for name, spot, dash, lower in (
        ("A", p.a, "dash", not b_is_lower), ("B", p.b, "solid", b_is_lower),
    ):  # fmt: skip
        x = _at(spot.threshold, p)
        fig.add_vline(x, line={"color": colours.ink, "width": 1.5, "dash": dash})
        fig.add_annotation(
            x=x, y=1, yref="paper", yanchor="top", text=f"<b>{name}</b>", showarrow=False,
            xanchor="right" if lower else "left", xshift=-3 if lower else 3,
            font={"color": colours.ink, "size": 13}, bgcolor=colours.paper, borderpad=1,
        )  # fmt: skip
    threshold_axis(fig, curves, curves.densities.at)
    thin_ticks(fig)
    return fig.update_yaxes(rangemode="tozero")


def _hills(curves: Curves, events: str, colours: Palette) -> go.Figure:
    fig = blank(colours, x="score", y="how common (each area is 1)", height=340)
    d, at = curves.densities, place(curves.densities.at, curves.spacing)
    for name, density, colour, dash in (
        ("other rows", d.negatives, colours.wronged, "dot"),
        (events, d.positives, colours.caught, "solid"),
    ):
        fig.add_scatter(
            x=at, y=density, name=_short(name), mode="lines", fill="tozeroy",
            line={"color": colour, "width": 1.5, "shape": "hvh", "dash": dash},
            fillcolor=f"{colour}40", hoverinfo="skip",
        )  # fmt: skip
    return fig


def _short(text: str) -> str:
    """Shorten a label's value for a legend, where tags would be read as such."""
    return escape(text if len(text) <= 24 else f"{text[:23]}…", quote=False)


def roc_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw recall against the share of other rows flagged."""
    colours, rates = palette(dark=dark), p.curves.rates
    fig = blank(
        colours, x="false alarms among other rows (rate)", y="events caught (recall)", height=340
    )
    fig.add_scatter(x=[0, 1], y=[0, 1], mode="lines", hoverinfo="skip", name="a coin",
                    line={"color": colours.compared, "dash": "dot"})  # fmt: skip
    rows = _thinned(p.curves.threshold, p)
    _rates(fig, np.append(rates.fpr[rows], 0.0), np.append(rates.tpr[rows], 0.0), colours)
    for name, kind, s in _spots(p):
        _mark(fig, s.fpr.value, s.recall.value, name, kind, colours,
              f"{name}, {cut_exactly(s.threshold)}: {_said(s.recall)} caught, "
              f"{_said(s.fpr)} of others flagged",
              hollow="too few" in {s.recall.status, s.fpr.status})  # fmt: skip
    marks = [(s.fpr.value, s.recall.value, n) for n, _, s in _spots(p)]
    _name_marks(fig, marks, colours, aside=True)
    return _unit_square(fig)


def precision_recall_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw precision against recall."""
    colours, rates = palette(dark=dark), p.curves.rates
    fig = blank(colours, x="events caught (recall)", y="flags that are right (precision)",
                height=340)  # fmt: skip
    base = p.prevalence.value
    fig.add_scatter(x=[0, 1], y=[base, base], mode="lines", hoverinfo="skip", name="flag all",
                    line={"color": colours.compared, "dash": "dot"})  # fmt: skip
    rows = _thinned(p.curves.threshold, p)
    _rates(fig, rates.tpr[rows], p.precision[rows], colours)
    marks = []
    for name, kind, s in _spots(p):
        if s.tp + s.fp == 0:
            continue  # nothing is flagged: no precision
        _mark(fig, s.recall.value, s.precision.value, name, kind, colours,
              f"{name}, {cut_exactly(s.threshold)}: {_said(s.recall)} caught, "
              f"{_said(s.precision)} of flags right",
              hollow="too few" in {s.recall.status, s.precision.status})  # fmt: skip
        marks.append((s.recall.value, s.precision.value, name))
    _name_marks(fig, marks, colours, top=TOP)
    return _unit_square(fig)


def _rates(fig: go.Figure, x: Floats, y: Floats, colours: Palette) -> None:
    fig.add_scatter(
        x=x, y=y, mode="lines", line={"color": colours.caught, "width": 2}, name="these rows",
        hovertemplate="%{x:.2%}, %{y:.2%}<extra></extra>",
    )  # fmt: skip


def _unit_square(fig: go.Figure) -> go.Figure:
    return fig.update_layout(
        showlegend=False,
        xaxis={"range": [-0.02, 1.02], "tickformat": ".0%"},
        yaxis={"range": [-0.02, 1.04], "tickformat": ".0%"},
    )


def amounts_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw what each threshold costs where a miss costs the row's own amount."""
    colours, m = palette(dark=dark), p.amounts
    fig = blank(colours, x="threshold", y="cost (USD on these rows)", height=340)
    if m is None:
        return fig
    ceiling = HEADROOM * max(m.cost_b, m.best_cost) or 1.0
    rows = _shown(m.threshold, m.cost, [m.best_threshold, p.b.threshold], ceiling)
    fig.add_scatter(
        x=place(m.threshold[rows], p.curves.spacing), y=m.cost[rows], mode="lines", name="cost",
        line={"color": colours.ink, "width": 2}, customdata=m.threshold[rows],
        hovertemplate="%{customdata:.4g}: $%{y:,.0f}<extra></extra>",
    )  # fmt: skip
    marks = []
    for name, kind, at, usd in (
        ("lowest cost", "best", m.best_threshold, m.best_cost),
        ("B", "chosen", p.b.threshold, m.cost_b),
    ):  # fmt: skip
        _mark(fig, _at(at, p), usd, name, kind, colours, f"{name}, {cut_exactly(at)}: {money(usd)}")
        marks.append((_at(at, p), usd, name))
    _name_marks(fig, marks, colours)
    threshold_axis(fig, p.curves, m.threshold[rows])
    thin_ticks(fig)
    return fig.update_layout(showlegend=False, yaxis=_dollars(ceiling))


def elkan_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw the score from which a flag pays, or would, along the row's amount."""
    colours, m = palette(dark=dark), p.amounts
    pays = m is not None and m.rule is not None and m.rule.pays
    fig = blank(
        colours, x="amount of the row (USD)", height=340,
        y="score from which a flag pays" if pays else "score from which a flag would pay",
    )  # fmt: skip
    if m is None:
        return fig
    fig.add_scatter(
        x=m.row_amounts, y=m.row_thresholds, mode="lines+markers", name="each row's own threshold",
        line={"color": colours.best, "width": 2}, marker={"symbol": "diamond", "size": 8},
        hovertemplate="$%{x:,.4g}: from %{y:.4f}<extra></extra>",
    )  # fmt: skip
    fig.add_hline(p.b.threshold, line={"color": colours.ink, "dash": "dash", "width": 1.5},
                  annotation={"text": "B", "font": {"color": colours.ink, "size": 12}})  # fmt: skip
    fig.update_xaxes(type="log", tickprefix="$", dtick=1)
    return fig.update_yaxes(range=[0, 1.04])


def thumbnail(curves: Curves, *, dark: bool) -> go.Figure:
    """Draw where events and others score, small and bare, for a card."""
    fig = _hills(curves, "events", palette(dark=dark))
    hidden = {"visible": False}
    return fig.update_layout(xaxis=hidden, yaxis=hidden, height=140, showlegend=False,
                             margin={"l": 0, "r": 0, "t": 0, "b": 0})  # fmt: skip
