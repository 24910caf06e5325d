"""Pictures of two forecasts: where demand falls, what errors cost, who is short and who idle.

Over 250 lines because each of five pictures has its spec and what follows in it side by side.
Axis letters: `t` positions of the hand, `g` points of the landscape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.picture import Follow, Hill, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.forecasting import ForecastingResult

__all__ = [
    "CELL_COLOURS", "SHAPES", "cost_bars", "cost_figure", "demand_figure", "demand_follows",
    "errors_figure", "landscape_figure", "pay_figure", "pay_follows", "people_groups",
    "sent_follow", "thumbnail",
]  # fmt: skip

CAUSES = {
    "top-ups": ("wronged", "top-ups of idle hours"),
    "drivers who leave": ("desk", "drivers who leave"),
    "surge": ("left_alone", "surge"),
    "rides lost": ("missed", "rides lost"),
    "riders who leave": ("viewers", "riders who leave"),
}
CELL_COLOURS = {
    "on_time": "caught", "rescued": "viewers", "lost": "missed", "busy": "left_alone",
    "idle": "wronged",
}  # fmt: skip
SHAPES: dict[str, Shape] = {
    "on_time": "square", "rescued": "ring", "lost": "cross", "busy": "dot", "idle": "diamond",
}  # fmt: skip
SHORT = {
    "lowest_cost": "lowest cost",
    "as_forecast": "trust it",
    "median": "MAE",
    "mape": "MAPE",
}
TALL = 1.3  # times the highest mark, above which a cost is cut off


def people_groups() -> tuple[tuple[tuple[str, ...], int], ...]:
    """Riders, and driver-hours: two groups of 1,000."""
    return (("on_time", "rescued", "lost"), 1000), (("busy", "idle"), 1000)


def sent_follow(result: ForecastingResult) -> Follow:
    """Follow the drivers sent along an axis of buffers."""
    return Follow("line", result.buffers)


def cost_figure(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw cost by cause along the drivers sent, with the operating points."""
    colours, sweep = palette(dark=dark), result.sweep
    marks = _marks(result, colours)
    ceiling = _ceiling(result, [row for row, *_ in marks])
    layout = _frame(result, colours, y="cost of errors (USD a month)", height=380)
    layout["yaxis"] |= {"range": [0, ceiling * 1.25], "tickprefix": "$", "tickformat": "~s"}
    data: list[dict[str, Any]] = [
        _area(result.buffers, sweep.cost_by_cause[cause], label, getattr(colours, field))
        for cause, (field, label) in CAUSES.items()
        if np.any(sweep.cost_by_cause[cause])
    ]
    layout["annotations"] = []
    usd = np.broadcast_to(np.asarray(sweep.cost, float), result.buffers.shape)
    for i, (row, name, kind, colour) in enumerate(marks):
        at, cost = float(result.buffers[row]), float(usd[row])
        data.append(_dot(at, cost, name, kind, colour, f"{name}: {at:+.1%}, ${cost:,.0f} a month"))
        layout["annotations"].append(_label(at, name, i, result, colours))
    return {"data": data, "layout": layout}


def demand_figure(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw where demand falls when either forecast says the same."""
    colours = palette(dark=dark)
    layout = frame(colours, x="rides asked for, as a share of the forecast", y="how often")
    layout["xaxis"] |= {"tickformat": ".0%"}
    layout["yaxis"] |= {"rangemode": "tozero", "showticklabels": False}
    old, new = result.hills
    data = [
        {
            "type": "scatter", "mode": "lines", "x": hill.at, "y": hill.height, "name": name,
            "line": {"color": colours.ink, "width": 1.5, "dash": dash,
                     "shape": "hvh" if hill.binned else "linear"},
            "hoverinfo": "skip",
        }
        for hill, name, dash in ((old, "old forecast", "dot"), (new, "new forecast", "solid"))
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def demand_follows(result: ForecastingResult, *, dark: bool) -> Follow:
    """Follow the drivers sent: demand left of them leaves some idle, right of them short."""
    colours = palette(dark=dark)
    hill = result.hills[0] if result.told is result.old else result.hills[1]
    shown = Hill(hill.at, hill.height, colours.wronged, colours.missed, hill.binned)
    return Follow("line", 1 + result.buffers, hills=(shown,))


def errors_figure(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw the rides not given and the drivers idle along the drivers sent."""
    colours, m = palette(dark=dark), result.sweep
    layout = _frame(result, colours, y="share")
    layout["yaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    lines = (
        ("riders without a ride", m.lost / m.asked, colours.missed, "solid"),
        ("riders who wait for surge", m.rescued / m.asked, colours.viewers, "dash"),
        ("driver time idle", 1 - m.use, colours.wronged, "solid"),
        ("zone-hours with drivers enough", m.enough, colours.ink, "dot"),
    )
    data = [
        {
            "type": "scatter", "x": result.buffers, "name": name, "mode": "lines",
            "y": np.broadcast_to(np.asarray(y, float), result.buffers.shape),
            "line": {"color": colour, "dash": dash, "width": 2}, "hoverinfo": "skip",
        }
        for name, y, colour, dash in lines
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def pay_figure(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw what a driver's hour pays against the rides not given."""
    colours = palette(dark=dark)
    x, y = _lost(result), np.asarray(result.sweep.pay, float)
    layout = frame(colours, x="riders without a ride (share)", y="driver pay (USD an hour)")
    layout["xaxis"] |= {"tickformat": ".0%"}
    layout["yaxis"] |= {"tickprefix": "$"}
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "x": x, "y": y, "mode": "lines", "showlegend": False,
            "line": {"color": colours.desk, "width": 1.5}, "hoverinfo": "skip",
        }
    ]  # fmt: skip
    for row, name, kind, colour in _marks(result, colours):
        data.append(_dot(x[row], y[row], name, kind, colour, f"{name}: ${y[row]:.2f} an hour"))
    today = result.today
    data.append(_dot(float(today.lost / today.asked), float(today.pay), "today", "compared",
                     colours.compared, f"today: ${float(today.pay):.2f} an hour"))  # fmt: skip
    return {"data": data, "layout": layout}


def pay_follows(result: ForecastingResult) -> Follow:
    """Follow the drivers sent through pay and rides not given."""
    return Follow("dot", _lost(result), np.asarray(result.sweep.pay, float))


def landscape_figure(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw the cost of trusting a forecast as it is, and lines of equal accuracy."""
    colours, s, land = palette(dark=dark), result.scenario, result.landscape
    layout = frame(colours, x="bias (share of demand)", y="spread (share of demand)", height=380)
    if land is None:
        return {"data": [], "layout": layout}
    layout["xaxis"] |= {"tickformat": "+.0%", "range": [land.bias[0], land.bias[-1]]}
    layout["yaxis"] |= {"tickformat": ".0%", "range": [land.spread[0], land.spread[-1]]}
    bar = {"title": {"text": "USD a month", "side": "right"}, "tickprefix": "$",
           "tickformat": "~s", "thickness": 10, "outlinewidth": 0}  # fmt: skip
    data: list[dict[str, Any]] = [
        {
            "type": "contour", "x": land.bias, "y": land.spread, "z": land.cost,
            "colorscale": [[0, colours.paper], [1, colours.missed]], "ncontours": 14,
            "line": {"width": 0}, "colorbar": bar, "hoverinfo": "skip", "showlegend": False,
        }
    ]  # fmt: skip
    forecasts = (
        ("old", s.old_bias, s.old_spread, "compared", "dot", result.duel.errors[0].wape),
        ("new", s.new_bias, s.new_spread, "chosen", "dash", result.duel.errors[1].wape),
    )
    for name, _, _, _, dash, wape in forecasts:
        data.append(
            {
                "type": "contour", "x": land.bias, "y": land.spread, "z": land.wape,
                "contours": {"start": wape, "end": wape, "size": 1, "coloring": "none"},
                "line": {"color": colours.ink, "width": 1.5, "dash": dash}, "showscale": False,
                "hoverinfo": "skip", "name": f"as accurate as the {name} one", "showlegend": True,
            }
        )  # fmt: skip
    for name, bias, spread, kind, _, wape in forecasts:
        colour = getattr(colours, kind)
        data.append(_dot(bias, spread, name, kind, colour, f"the {name} forecast: WAPE {wape:.1%}"))
        data[-1] |= {"mode": "markers+text", "text": [name], "textposition": "top center",
                     "textfont": {"color": colours.ink, "size": 13}}  # fmt: skip
    return {"data": data, "layout": layout}


def cost_bars(result: ForecastingResult, *, dark: bool) -> list[tuple[str, str, Floats, Floats]]:
    """Every cause at every position: label, colour, part of the largest, USD."""
    colours, usd = palette(dark=dark), result.sweep.cost_by_cause
    used = [cause for cause in CAUSES if np.any(usd[cause])]
    each = [np.broadcast_to(np.asarray(usd[c], float), result.buffers.shape) for c in used]
    if not used:
        return []
    most = np.maximum(np.max(each, axis=0), 1e-300)
    return [
        (CAUSES[cause][1], getattr(colours, CAUSES[cause][0]), part / most, part)
        for cause, part in zip(used, each, strict=True)
    ]


def thumbnail(result: ForecastingResult, *, dark: bool) -> Spec:
    """Draw where demand falls small and bare, for a card."""
    spec = demand_figure(result, dark=dark)
    layout, colours = spec["layout"], palette(dark=dark)
    for trace, colour in zip(spec["data"], (colours.compared, colours.wronged), strict=True):
        trace |= {"fill": "tozeroy", "fillcolor": f"{colour}60"}
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout["shapes"] = [
        {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper",
         "line": {"color": colours.ink, "width": 2}}
    ]  # fmt: skip
    layout |= {"height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    return spec


def _frame(result: ForecastingResult, colours: Palette, *, y: str, height: int = 320) -> Spec:
    layout = frame(colours, x="drivers over the forecast", y=y, height=height)
    low, high = float(result.buffers[0]), float(result.buffers[-1])
    pad = (high - low) * 0.02
    layout["xaxis"] |= {"range": [low - pad, high + pad], "tickformat": "+.0%"}
    return layout


def _area(x: Floats, y: Any, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": np.broadcast_to(np.asarray(y, float), x.shape),
        "name": name, "stackgroup": "all", "mode": "lines", "hoverinfo": "skip",
        "line": {"width": 0.5, "color": colour}, "fillcolor": f"{colour}d0",
    }  # fmt: skip


def _marks(result: ForecastingResult, colours: Palette) -> list[tuple[int, str, str, str]]:
    """Every point to mark but the chosen one, which moves: row, name, kind, colour."""
    found: dict[int, tuple[list[str], str, str]] = {}
    for point in result.points:
        if point.feasible:
            row = result.row_of(point.buffer)
            kind = "best" if point.name == "lowest_cost" else "point"
            names, first, colour = found.get(row, ([], kind, colours.best))
            found[row] = [*names, SHORT[point.name]], first, colour
    if result.is_today.any():
        row = result.row_of(result.scenario.today_buffer)
        names, kind, colour = found.get(row, ([], "compared", colours.compared))
        found[row] = [*names, "today"], kind, colour
    return [
        (row, ", ".join(names), kind, colour)
        for row, (names, kind, colour) in sorted(found.items())
    ]


def _dot(x: float, y: float, name: str, kind: str, colour: str, told: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": [float(x)], "y": [float(y)], "name": name, "mode": "markers",
        "marker": {"symbol": MARKS[kind], "size": 11, "color": colour,
                   "line": {"width": 2, "color": colour}},
        "hovertemplate": f"{told}<extra></extra>", "showlegend": False,
    }  # fmt: skip


def _label(
    at: float, name: str, i: int, result: ForecastingResult, colours: Palette
) -> dict[str, Any]:
    """Name a mark above it, at one of four heights so that neighbours stay apart."""
    middle = at < (float(result.buffers[0]) + float(result.buffers[-1])) / 2
    return {
        "x": at, "y": 0.98 - 0.08 * (i % 4), "yref": "paper", "text": name, "showarrow": False,
        "xanchor": "left" if middle else "right", "font": {"size": 12, "color": colours.ink},
    }  # fmt: skip


def _ceiling(result: ForecastingResult, rows: list[int]) -> float:
    """Height that shows every mark and the choice, and does not let the ends hide the rest."""
    usd = np.broadcast_to(np.asarray(result.sweep.cost, float), result.buffers.shape)
    return float(max(usd[[*rows, result.row]].max() * TALL, 2 * usd.min(), 1.0))


def _lost(result: ForecastingResult) -> Floats:
    return np.asarray(result.sweep.lost / result.sweep.asked, float)
