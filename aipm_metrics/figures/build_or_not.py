"""Pictures of building a model or not: cost and volume along the plan, rates, the map.

Axis letters: `m` lengths of the plan, `x` and `y` values of the two knobs of the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.picture import Follow, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.spoken import count, with_unit

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not import BuildOrNotResult
    from aipm_metrics.scenarios.build_or_not_map import Axis

__all__ = [
    "SHAPES",
    "cost_bars",
    "cost_figure",
    "map_figure",
    "months_follow",
    "people_groups",
    "roc_figure",
    "roc_follows",
    "thumbnail",
    "volume_figure",
    "volume_follows",
]

SHAPES: dict[str, Shape] = {
    "caught": "square", "missed": "disc", "wronged": "diamond", "left alone": "dot",
}  # fmt: skip
WAYS = {"nothing": "desk", "rules": "wronged", "people": "missed", "a model": "caught"}
DASHES = {"nothing": "dot", "rules": "dash", "people": "dashdot", "a model": "solid"}
MOST_TICKS = 5  # as many powers of ten as a phone has room for
TICKS = {
    "auc": (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999),
    "prevalence": (1e-4, 0.001, 0.01, 0.1, 0.5),
}
LABELS = {"nothing": "top right"}  # where a way's name is out of the lines' way
CAUSES = {
    "misses": ("missed", "misses"), "false alarms": ("wronged", "false alarms"),
    "running": ("desk", "running it"), "building": ("caught", "building it"),
}  # fmt: skip


def people_groups(result: BuildOrNotResult) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Positives apart from negatives."""
    positives, of = result.people.positives, result.people.of
    return (("caught", "missed"), positives), (("wronged", "left alone"), of - positives)


def months_follow(result: BuildOrNotResult) -> Follow:
    """Follow the plan along an axis of months."""
    return Follow("line", result.months)


def cost_figure(result: BuildOrNotResult, *, dark: bool) -> Spec:
    """Draw what each way costs a month along the length of the plan."""
    colours = palette(dark=dark)
    layout = _frame(colours, y="cost (USD a month)", height=380)
    ceiling = 1.15 * float(np.median(result.costs.max(axis=0)))
    layout["yaxis"] |= {"range": [0, ceiling], "tickprefix": "$", "tickformat": "~s"}
    data = [
        {
            "type": "scatter", "x": result.months, "y": way.cost, "name": option, "mode": "lines",
            "line": {"color": getattr(colours, WAYS[option]), "dash": DASHES[option], "width": 2.5},
            "hoverinfo": "skip",
        }
        for option, way in result.ways.items()
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def volume_figure(result: BuildOrNotResult, *, dark: bool) -> Spec:
    """Draw over what volumes a model is the cheapest way, along the length of the plan."""
    colours, now = palette(dark=dark), result.scenario.items_per_month
    layout = _frame(colours, y="items a month")
    layout["yaxis"] |= {"type": "log", "tickformat": "~s", "dtick": 1}
    found = result.volumes
    lines = [
        ("a model pays from", found.low, colours.caught, "solid"),
        ("now", np.full(result.months.size, now), colours.compared, "dash"),
    ]
    ends = np.where(found.high < found.most, found.high, np.nan)
    if np.isfinite(ends).any():
        lines.insert(1, ("and up to", ends, colours.caught, "dot"))
    data = [
        {
            "type": "scatter", "x": result.months, "y": y, "name": name, "mode": "lines",
            "line": {"color": colour, "dash": dash, "width": 2}, "hoverinfo": "skip",
        }
        for name, y, colour, dash in lines
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def volume_follows(result: BuildOrNotResult) -> Follow:
    """Follow the plan along the volume from which a model pays."""
    return Follow("line", result.months, result.volumes.low)


def roc_figure(result: BuildOrNotResult, *, dark: bool) -> Spec:
    """Draw all four ways as rates, the model as a curve, and their hull."""
    colours, hull = palette(dark=dark), result.hull
    layout = frame(colours, x="negatives flagged (FPR)", y="positives found (recall)")
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= {"range": [-0.02, 1.02], "tickformat": ".0%"}
    data: list[dict[str, Any]] = [
        _line(hull.curve.fpr, hull.curve.tpr, "a model", colours.caught, "solid"),
        _line(hull.fpr, hull.tpr, "best of mixtures", colours.best, "dot"),
    ]
    for option, (fpr, tpr) in hull.points.items():
        colour = getattr(colours, WAYS[option])
        data.append(
            {
                "type": "scatter", "x": [fpr], "y": [tpr],
                "name": option, "mode": "markers+text", "text": [option],
                "textposition": LABELS.get(option, "bottom right"), "showlegend": False,
                "hoverinfo": "skip",
                "marker": {"symbol": "square", "size": 10, "color": colour},
            }
        )  # fmt: skip
    return {"data": data, "layout": layout}


def roc_follows(result: BuildOrNotResult) -> Follow:
    """Follow the choice's rates as the plan grows longer."""
    return Follow("dot", result.way.fpr, result.way.tpr)


def map_figure(result: BuildOrNotResult, *, dark: bool) -> Spec:
    """Draw the cheapest way over the two knobs of the map."""
    colours, found, s = palette(dark=dark), result.map, result.scenario
    across, up = found.across, found.up
    layout = frame(colours, x=_titled(across.knob), y=_titled(up.knob), height=420)
    for axis, along in (("xaxis", across), ("yaxis", up)):
        layout[axis] |= _ticks(along) | {"showgrid": False, "tickangle": 0}
    areas = [getattr(colours, WAYS[option]) for option in OPTIONS]
    scale = [[(i + 1) // 2 / len(OPTIONS), areas[i // 2]] for i in range(2 * len(OPTIONS))]
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap", "x": across.place(across.values), "y": up.place(up.values),
            "z": found.best, "zmin": -0.5, "zmax": len(OPTIONS) - 0.5, "colorscale": scale,
            "showscale": False, "hoverinfo": "skip", "opacity": 0.85,
        },
        *(_key(option, areas[i]) for i, option in enumerate(OPTIONS) if (found.best == i).any()),
        {
            "type": "scatter", "x": across.place([getattr(s, across.knob.name)]),
            "y": up.place([getattr(s, up.knob.name)]), "mode": "markers", "name": "now",
            "hovertemplate": "now<extra></extra>",
            "marker": {"symbol": MARKS["chosen"], "size": 13, "color": colours.paper,
                       "line": {"width": 3, "color": colours.ink}},
        },
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def _key(option: str, colour: str) -> dict[str, Any]:
    """Name an area in the legend; drawn nowhere else."""
    return {
        "type": "scatter", "x": [None], "y": [None], "mode": "markers", "name": option,
        "hoverinfo": "skip", "marker": {"symbol": "square", "size": 11, "color": colour},
    }  # fmt: skip


def cost_bars(result: BuildOrNotResult, *, dark: bool) -> list[tuple[str, str, Floats, Floats]]:
    """Every cause of the choice's cost: label, colour, part of the largest, USD."""
    colours, usd = palette(dark=dark), result.way.usd
    each = {c: np.broadcast_to(usd[c], result.months.shape) for c in CAUSES}
    most = np.maximum(np.max(list(each.values()), axis=0), 1e-300)
    return [
        (label, getattr(colours, field), each[cause] / most, each[cause])
        for cause, (field, label) in CAUSES.items()
    ]


def thumbnail(result: BuildOrNotResult, *, dark: bool) -> Spec:
    """Draw the cost of the four ways small and bare, for a card."""
    spec = cost_figure(result, dark=dark)
    layout = spec["layout"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {"height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    return spec


def _frame(colours: Palette, *, y: str, height: int = 320) -> Spec:
    layout = frame(colours, x="length of the plan (months)", y=y, height=height)
    layout["xaxis"] |= {"range": [0, 61], "tickvals": [1, 12, 24, 36, 48, 60]}
    return layout


def _line(x: Any, y: Any, name: str, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": y, "name": name, "mode": "lines", "hoverinfo": "skip",
        "line": {"color": colour, "dash": dash, "width": 2},
    }  # fmt: skip


def _titled(knob: Knob) -> str:
    return f"{knob.label} ({knob.unit})" if knob.unit else knob.label


def _ticks(along: Axis) -> Spec:
    """Name a few round values along a side of the map."""
    knob, low, high = along.knob, along.values[0], along.values[-1]
    if knob.name in TICKS:
        ticks = np.array(TICKS[knob.name])
    elif knob.scale == "log":
        powers = np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        ticks = 10.0 ** (powers if powers.size <= MOST_TICKS else powers[1::2])
    else:
        ticks = np.linspace(low, high, 5)
    unit = knob.unit.partition(" ")[0]

    def said(value: float) -> str:
        return with_unit(value, unit) if unit in {"share", "USD", ""} else count(value)

    return {"tickvals": along.place(ticks).tolist(), "ticktext": [said(v) for v in ticks]}
