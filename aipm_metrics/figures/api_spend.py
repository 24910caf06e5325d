"""Pictures of a step limit: a finished result in, pictures that follow the hand out.

Long because each of four pictures has its spec and what follows in it side by side. Limits
stand on an axis of their logarithm, as on the dial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from aipm_metrics.figures.picture import Follow, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, blank, frame, palette
from aipm_metrics.spoken import count, money

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendResult

__all__ = [
    "CELL_COLOURS",
    "SHAPES",
    "cost_bars",
    "cost_figure",
    "cost_follows",
    "finish_figure",
    "finish_follows",
    "good_figure",
    "good_follows",
    "people_groups",
    "places_of",
    "run_figure",
    "run_follows",
    "thumbnail",
    "volumes_figure",
]

# Work of tasks that finish is one colour in four tints; the rest as the cells of the crowd are.
CAUSES: dict[str, tuple[str, float, str, str]] = {
    "context": ("caught", 1.0, "earlier steps", "what earlier steps brought in"),
    "prompt": ("caught", 0.55, "prompt", "the prompt, again and again"),
    "writes": ("caught", 0.8, "cache", "writing to the cache"),
    "output": ("caught", 0.35, "output", "output"),
    "retries": ("wronged", 1.0, "retries", "failed attempts"),
    "runaways": ("missed", 1.0, "runaways", "runaways"),
    "people": ("desk", 0.6, "people", "people who finish tasks"),
}
SHORT = {
    "lowest_cost": "lowest cost",
    "cheapest_good": "per task right",
    "highest_net": "worth",
    "within_cap": "within cap",
    "no_limit": "no limit",
}
SHAPES: dict[str, Shape] = {
    "finished": "square", "cut off": "diamond", "lost": "dot", "stopped": "disc",
    "kept out": "ring",
}  # fmt: skip
CELL_COLOURS = {
    "finished": "caught", "cut off": "wronged", "lost": "left_alone", "stopped": "missed",
    "kept out": "viewers",
}  # fmt: skip
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
DRAWN = 160  # points of a line; the hand has more
FLAT = 2.0  # times the price at the lowest cost; dearer limits stand at the edge
DEAR = 4.0  # times the lowest cost; dearer limits than that stand at the edge
THOUSAND = 1_000.0


class Mark(NamedTuple):
    """A limit worth a mark: its names, colour, and row."""

    name: str
    kind: str
    colour: str
    row: int


def places_of(result: ApiSpendResult) -> Floats:
    """Place of every limit on its axis: its logarithm."""
    return np.asarray(np.log10(result.sweep.limit), float)


def people_groups(result: ApiSpendResult) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Tasks that can finish apart from runaways, where there are any."""
    crowd = result.crowd
    tame = (("finished", "cut off", "lost"), crowd.tasks)
    return (tame, (("stopped", "kept out"), crowd.runaways)) if crowd.runaways else (tame,)


def _marks(result: ApiSpendResult, colours: Palette) -> list[Mark]:
    """Every limit to mark but the chosen one, which moves; one mark where several agree."""
    found: dict[int, Mark] = {}
    told = [
        (SHORT[p.name], "best" if p.name == "lowest_cost" else "point", colours.best, p.limit)
        for p in result.points
        if p.feasible
    ]
    today = float(result.scenario.today_limit)
    for name, kind, colour, limit in [*told, ("today", "compared", colours.compared, today)]:
        row = int(limit) - 1
        first = found.get(row)
        names = f"{first.name}, {name}" if first else name
        if first is None or kind == "compared":
            found[row] = Mark(names, kind, colour, row)
        else:
            found[row] = first._replace(name=names)
    return [found[row] for row in sorted(found)]


def _thinned(result: ApiSpendResult) -> Any:
    """Rows to draw a line through: evenly along the axis, both ends, every mark and jump."""
    last = len(result.run)
    rows = np.geomspace(1, last, DRAWN).round().astype(int) - 1
    named = [int(p.limit) - 1 for p in result.points if p.feasible]
    jumps = [step + more for step in result.tier_steps for more in (-1, 0) if step + more < last]
    return np.unique([*rows, *named, *jumps, int(result.scenario.today_limit) - 1])


def _axis(colours: Palette, y: str, height: int = 320) -> dict[str, Any]:
    """Lay out a picture along the step limit."""
    layout = frame(colours, x="step limit", y=y, height=height)
    high = float(np.log10(TICKS[-1]))
    layout["xaxis"] |= {
        "range": [-0.03 * high, 1.03 * high], "tickangle": 0,
        "tickvals": [float(np.log10(t)) for t in TICKS], "ticktext": [f"{t}" for t in TICKS],
    }  # fmt: skip
    return layout


def thumbnail(result: ApiSpendResult, *, dark: bool) -> Spec:
    """Draw the cost along the limit small and bare, for a card."""
    spec = cost_figure(result, dark=dark)
    layout = spec["layout"]
    spec["data"] = [trace for trace in spec["data"] if trace["mode"] != "markers"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {
        "height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "annotations": [],
    }  # fmt: skip
    return spec


def cost_figure(result: ApiSpendResult, *, dark: bool) -> Spec:
    """Draw cost by cause along the limit, with the operating points."""
    colours, sweep = palette(dark=dark), result.sweep
    rows, at, top = _thinned(result), places_of(result), _ceiling(result)
    layout = _axis(colours, "cost (USD a month)", height=400)
    layout["yaxis"] |= {"range": [0, top * 1.2], "tickprefix": "$", "tickformat": "~s"}
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "x": at[rows], "y": np.asarray(sweep.cost_by_cause[cause])[rows],
            "name": short, "stackgroup": "cause", "mode": "lines", "hoverinfo": "skip",
            "line": {"width": 0.5, "color": _tint(colours, field, share)},
            "fillcolor": _tint(colours, field, share),
        }
        for cause, (field, share, short, _) in CAUSES.items()
    ]  # fmt: skip
    layout["legend"]["traceorder"] = "normal"
    layout["annotations"] = []
    for i, mark in enumerate(_marks(result, colours)):
        usd = float(np.asarray(sweep.cost)[mark.row])
        told = f"{mark.name}: {mark.row + 1:,} steps, ${usd:,.0f} a month"
        y = min(usd, top * 1.1)
        data.append(_dot(float(at[mark.row]), y, mark, colours, told) | {"showlegend": False})
        below = mark.kind == "compared" and y > top / 2
        layout["annotations"].append(
            _label(float(at[mark.row]), y, mark, -2 if below else i, colours)
        )
    return {"data": data, "layout": layout}


def cost_follows(result: ApiSpendResult) -> Follow:
    """Follow the limit along its cost."""
    return Follow("line", places_of(result), np.asarray(result.sweep.cost, float))


def cost_bars(result: ApiSpendResult, *, dark: bool) -> tuple[tuple[str, str, Floats, Floats], ...]:
    """Cost by cause at every limit.

    Returns
    -------
    tuple of (label, colour, part, usd)
        `usd` a month, and how much of a full bar that is, (t,) each; a full bar is the largest
        cause at today's limit, or at the limit itself where that is more.
    """
    colours = palette(dark=dark)
    largest = np.max([np.asarray(usd) for usd in result.sweep.cost_by_cause.values()], axis=0)
    full = np.maximum(largest, max(result.today.cost_by_cause.values()) or 1.0)
    return tuple(
        (label, _tint(colours, field, share), usd / full, usd)
        for cause, (field, share, _, label) in CAUSES.items()
        for usd in (np.asarray(result.sweep.cost_by_cause[cause], float),)
    )


def _ceiling(result: ApiSpendResult) -> float:
    """Highest cost worth showing: a third above today's, or some times the lowest."""
    cost, lowest = np.asarray(result.sweep.cost, float), result.lowest_cost.cost
    return 1.3 * min(float(cost.max()), max(DEAR * lowest, float(result.today.cost)))


def finish_figure(result: ApiSpendResult, *, dark: bool) -> Spec:
    """Draw which share of the tasks is finished, cut off, or kept out."""
    colours, sweep = palette(dark=dark), result.sweep
    rows, at, n = _thinned(result), places_of(result), result.scenario.tasks_per_month
    layout = _axis(colours, "share of the month's tasks")
    layout["yaxis"] |= {"range": [-0.02, 1.04], "tickformat": ".0%"}
    lines = (
        ("finished", sweep.finished, colours.caught, "solid"),
        ("cut off", sweep.cut_off, colours.wronged, "dash"),
        ("runaways stopped", sweep.stopped, colours.missed, "dot"),
        ("kept out", sweep.blocked, colours.compared, "dashdot"),
    )
    data = [
        {
            "type": "scatter", "x": at[rows], "y": np.asarray(tasks, float)[rows] / n,
            "mode": "lines", "name": name, "line": {"color": colour, "width": 2, "dash": dash},
            "customdata": rows + 1,
            "hovertemplate": f"{name}: %{{y:.2%}} at %{{customdata:,}} steps<extra></extra>",
        }
        for name, tasks, colour, dash in lines
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def finish_follows(result: ApiSpendResult) -> Follow:
    """Follow the limit along the share finished."""
    done = np.asarray(result.sweep.finished, float) / result.scenario.tasks_per_month
    return Follow("line", places_of(result), done)


def good_figure(result: ApiSpendResult, *, dark: bool) -> Spec:
    """Draw what the model is paid per thousand tasks done right."""
    colours, rows = palette(dark=dark), _thinned(result)
    per = np.asarray(result.sweep.per_good, float) * THOUSAND
    marks = [m for m in _marks(result, colours) if np.isfinite(per[m.row])]
    best = int(result.lowest_cost.limit) - 1
    top = FLAT * float(np.nan_to_num(max(np.nanmin(per, initial=np.inf), per[best]))) or 1.0
    layout = _axis(colours, "USD per 1,000 done right")
    layout["yaxis"] |= {"tickprefix": "$", "tickformat": "~s", "range": [0, top]}
    layout["showlegend"] = False
    line = _line(places_of(result)[rows], per[rows], rows, colours, "per 1,000 done right")
    dots = [
        _dot(float(places_of(result)[m.row]), min(float(per[m.row]), top * 0.97), m, colours,
             f"{m.name}: {m.row + 1:,} steps, {money(float(per[m.row]))}")
        for m in marks
    ]  # fmt: skip
    return {"data": [line, *dots], "layout": layout}


def good_follows(result: ApiSpendResult) -> Follow:
    """Follow the limit along the price per good outcome."""
    per = np.asarray(result.sweep.per_good, float) * THOUSAND
    return Follow("line", places_of(result), per)


def run_figure(result: ApiSpendResult, *, dark: bool) -> Spec:
    """Draw the cost of one task that runs to the limit, and where dearer prices begin."""
    colours, rows = palette(dark=dark), _thinned(result)
    layout = _axis(colours, "USD for one task")
    layout["yaxis"] |= {"tickprefix": "$", "rangemode": "tozero"}
    layout["showlegend"] = False
    layout["shapes"], layout["annotations"] = [], []
    ends = [(step, "dearer prices") for step in result.tier_steps]
    if 0 < result.window_steps < len(result.run):
        ends.append((result.window_steps, "window full"))
    for step, name in ends:
        x = float(np.log10(step))
        low, high = layout["xaxis"]["range"]
        layout["shapes"].append({
            "type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": colours.compared, "width": 1, "dash": "dot"},
        })  # fmt: skip
        layout["annotations"].append({
            "x": (x - low) / (high - low), "y": 1 - 0.12 * len(layout["annotations"]),
            "xref": "paper", "yref": "paper", "text": name, "showarrow": False,
            "xanchor": "right", "yanchor": "top", "bgcolor": colours.paper,
            "font": {"color": colours.ink, "size": 12},
        })  # fmt: skip
    line = _line(places_of(result)[rows], result.run[rows], rows, colours, "one task")
    return {"data": [line], "layout": layout}


def run_follows(result: ApiSpendResult) -> Follow:
    """Follow the limit along the cost of one run."""
    return Follow("line", places_of(result), result.run)


def volumes_figure(result: ApiSpendResult, *, dark: bool) -> go.Figure:
    """Draw both bills from few tasks a month to many; own servers come whole."""
    colours, v, s = palette(dark=dark), result.volumes, result.scenario
    fig = blank(colours, x="tasks a month", y="USD a month", height=340)
    for name, bills, colour, dash, shape in (
        ("API", v.api, colours.caught, "solid", "linear"),
        ("own GPUs", v.own, colours.ink, "dash", "linear"),
    ):
        fig.add_scatter(
            x=v.tasks, y=bills, name=name, mode="lines",
            line={"color": colour, "width": 2, "dash": dash, "shape": shape},
            hovertemplate=f"{name}: $%{{y:,.0f}} for %{{x:,.0f}} tasks<extra></extra>",
        )  # fmt: skip
    now = [(result.hosting.api_bill, "API"), (result.hosting.own_bill, "own GPUs")]
    fig.add_scatter(
        x=[s.tasks_per_month] * len(now), y=[usd for usd, _ in now], mode="markers", name="now",
        marker={"symbol": MARKS["chosen"], "size": 11, "color": colours.chosen,
                "line": {"width": 1.5, "color": colours.paper}},
        hovertext=[f"{name} now: {money(usd)} for {count(s.tasks_per_month)} tasks"
                   for usd, name in now],
        hoverinfo="text",
    )  # fmt: skip
    fig.update_xaxes(type="log", tickformat="~s", dtick=1)
    fig.update_yaxes(type="log", tickprefix="$", tickformat="~s", dtick=1)
    return fig


def _line(x: Floats, y: Floats, rows: Any, colours: Palette, name: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "name": name,
        "line": {"color": colours.caught, "width": 2}, "customdata": rows + 1,
        "hovertemplate": "$%{y:,.2f} at %{customdata:,} steps<extra></extra>",
    }  # fmt: skip


def _dot(x: float, y: float, mark: Mark, colours: Palette, told: str) -> dict[str, Any]:
    edge = mark.colour if mark.kind == "point" else colours.paper
    return {
        "type": "scatter", "x": [x], "y": [y], "mode": "markers", "name": mark.name,
        "marker": {"symbol": MARKS[mark.kind], "size": 11, "color": mark.colour,
                   "line": {"width": 1.5, "color": edge}},
        "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip


def _label(x: float, y: float, mark: Mark, i: int, colours: Palette) -> dict[str, Any]:
    """Name a mark above it, at one of three heights so that neighbours stay apart, or below."""
    high = float(np.log10(TICKS[-1]))
    return {
        "x": x, "y": y, "ax": 0, "ay": -(26 + 19 * (i % 3)) if i >= 0 else 26, "showarrow": True,
        "arrowwidth": 1, "arrowcolor": colours.compared, "arrowhead": 0, "standoff": 7,
        "xanchor": "left" if x < 0.1 * high else "right" if x > 0.85 * high else "center",
        "text": mark.name, "font": {"color": colours.ink, "size": 12},
        "bgcolor": colours.paper, "borderpad": 1,
    }  # fmt: skip


def _tint(colours: Palette, field: str, share: float) -> str:
    """Mix a colour into the paper, so that a light tint is as opaque as the colour itself."""
    parts = (
        round(share * int(ink[i : i + 2], 16) + (1 - share) * int(paper[i : i + 2], 16))
        for i in (1, 3, 5)
        for ink, paper in ((getattr(colours, field), colours.paper),)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
