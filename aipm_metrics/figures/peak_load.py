"""Pictures of a day's peak: cost, requests, hours and the tradeoff along the number of servers.

Over 250 lines because each of six pictures has its spec and what follows in it side by side.
Axis letters: `t` positions of the hand, `x` points of a curve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.picture import Follow, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load import PeakLoadPoint, PeakLoadResult
    from aipm_metrics.scenarios.peak_load_paths import Simulated

__all__ = [
    "SHAPES",
    "cost_bars",
    "cost_figure",
    "day_figure",
    "hours_figure",
    "people_groups",
    "requests_figure",
    "servers_follow",
    "simulated_figure",
    "tail_figure",
    "thumbnail",
    "tradeoff_figure",
    "tradeoff_follows",
]

CAUSES = {
    "servers": ("desk", "servers"),
    "answers": ("left_alone", "answers"),
    "wrong answers": ("wronged", "wrong answers"),
    "waiting": ("viewers", "waiting"),
    "no answer": ("missed", "no answer"),
}
CELL_COLOURS = {"good": "caught", "wrong": "wronged", "late": "viewers", "unanswered": "missed"}
SHAPES: dict[str, Shape] = {
    "good": "square", "wrong": "diamond", "late": "ring", "unanswered": "cross",
}  # fmt: skip
SHORT = {
    "lowest_cost": "lowest cost",
    "keeps_promise": "keeps promise",
    "cheapest_good": "cheapest good",
    "sized_for_mean": "sized for average",
}
HAIR = 1e-9  # of the requests: less is what a difference leaves of nothing
HOURS = (0, 3, 6, 9, 12, 15, 18, 21, 24)


def people_groups() -> tuple[tuple[tuple[str, ...], int], ...]:
    """One group: every request is in one of four cells."""
    return ((tuple(SHAPES), 1000),)


def cell_colour(cell: str, *, dark: bool) -> str:
    """Colour of a cell of people."""
    return palette(dark=dark).by_name[CELL_COLOURS[cell]]


def servers_follow(result: PeakLoadResult) -> Follow:
    """Follow the number of servers along an axis of servers."""
    return Follow("line", result.servers)


def cost_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw cost by cause along the number of servers, with the operating points."""
    colours, sweep = palette(dark=dark), result.sweep
    ceiling = _ceiling(result)
    layout = _frame(result, colours, y="cost (USD a month)", height=380)
    layout["yaxis"] |= {"range": [0, ceiling * 1.25], "tickprefix": "$", "tickformat": "~s"}
    data: list[dict[str, Any]] = [
        _area(result.servers, sweep.cost_by_cause[cause], label, getattr(colours, field))
        for cause, (field, label) in CAUSES.items()
        if np.any(sweep.cost_by_cause[cause])
    ]
    layout["annotations"] = []
    for i, (at, name, kind, colour) in enumerate(_marks(result, colours)):
        cost = float(result.sweep.at(result.row_of(at)).cost)
        data.append(_dot(at, cost, name, kind, colour, f"{name}: {at:.0f}, ${cost:,.0f} a month"))
        layout["annotations"].append(_label(at, name, i, result, colours))
    return {"data": data, "layout": layout}


def requests_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw what becomes of requests along the number of servers, and what was promised."""
    colours, m, day = palette(dark=dark), result.sweep, result.day
    by_model = day.over(day.in_time)
    parts = (
        ("in time, model", by_model, colours.caught),
        ("in time, fallback", m.in_time - by_model, colours.left_alone),
        ("too late", m.late / m.requests, colours.viewers),
        ("no answer", m.unanswered / m.requests, colours.missed),
    )
    layout = _frame(result, colours, y="share of requests")
    layout["yaxis"] |= {"range": [0, 1], "tickformat": ".0%"}
    layout["legend"] |= {"font": {"size": 11}}  # six names over a narrow picture
    data = [
        _area(result.servers, part, name, colour)
        for name, part, colour in parts
        if np.any(np.asarray(part) > HAIR)
    ]
    lines = (
        ("the average", result.mean.in_time, "dot", colours.ink),
        ("promised", np.full(result.servers.size, result.scenario.sla_share), "dash", colours.best),
    )
    for name, y, dash, colour in lines:
        data.append(
            {
                "type": "scatter", "x": result.servers, "y": y, "name": name, "mode": "lines",
                "line": {"color": colour, "dash": dash, "width": 2}, "hoverinfo": "skip",
            }
        )  # fmt: skip
    return {"data": data, "layout": layout}


def hours_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw the share not answered in time by hour, at every number of servers."""
    colours = palette(dark=dark)
    missed = 1 - result.in_time_by_hour.T
    bins = missed.shape[0]
    layout = _frame(result, colours, y="hour of the day")
    layout["yaxis"] |= {
        "tickvals": list(HOURS), "ticktext": [f"{h}:00" for h in HOURS], "range": [0, 24],
    }  # fmt: skip
    data = [
        {
            "type": "heatmap", "x": result.servers, "y": (np.arange(bins) + 0.5) * 24 / bins,
            "z": np.round(missed, 4), "zmin": 0, "zmax": 1, "hoverinfo": "skip",
            "colorscale": [[0, colours.paper], [1, colours.missed]],
            "colorbar": {
                "title": {"text": "not in time", "side": "right"}, "tickformat": ".0%",
                "thickness": 10, "outlinewidth": 0, "tickvals": [0, 0.5, 1],
            },
        }
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def tradeoff_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw the price of good outcomes against how many there are."""
    colours = palette(dark=dark)
    x, y = _good(result), result.sweep.price_per_good * 1000
    layout = frame(colours, x="in time and right (share of requests)",
                   y="USD per 1,000 good outcomes")  # fmt: skip
    layout["xaxis"] |= {"tickformat": ".0%"}
    layout["yaxis"] |= {
        "type": "log", "tickformat": ",~f",
        "tickvals": [digit * 10.0**k for k in range(-4, 12) for digit in (1, 2, 5)],
    }  # fmt: skip
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "x": x, "y": y, "mode": "lines+markers", "showlegend": False,
            "line": {"color": colours.desk, "width": 1.5}, "hoverinfo": "skip",
            "marker": {"size": 4, "color": colours.desk},
        }
    ]  # fmt: skip
    for at, name, kind, colour in _marks(result, colours):
        row = result.row_of(at)
        data.append(_dot(x[row], y[row], name, kind, colour, f"{name}: {at:.0f} servers"))
    return {"data": data, "layout": layout}


def tradeoff_follows(result: PeakLoadResult) -> Follow:
    """Follow the number of servers through the tradeoff."""
    usd = np.asarray(result.sweep.price_per_good * 1000)
    return Follow("dot", _good(result), np.where(usd > 0, usd, np.nan))  # a logarithm has no 0


def day_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw what comes and what the chosen servers can do, over the day."""
    colours, day = palette(dark=dark), result.day.row(result.row)
    rates, offered, can = (
        np.asarray(day.by_hour(a)).reshape(-1)
        for a in (day.flow.rates, day.offered, result.full_rate)
    )
    hours = (np.arange(rates.size) + 0.5) * 24 / rates.size
    layout = frame(colours, x="hour of the day", y="requests a second")
    layout["xaxis"] |= {"tickvals": list(HOURS), "ticktext": [f"{h}:00" for h in HOURS]}
    layout["yaxis"]["rangemode"] = "tozero"
    lines = [
        ("requests", rates, colours.ink, "solid", None),
        ("with retries", offered, colours.missed, "solid", None),
        ("what the servers can do", can, colours.best, "dash", "hvh"),
        (
            "the average",
            np.full(rates.size, float(day.mean_rate[0])),
            colours.compared,
            "dot",
            None,
        ),
    ]
    data = [
        {
            "type": "scatter", "x": hours, "y": y, "name": name, "mode": "lines",
            "line": {"color": colour, "dash": dash, "width": 2, "shape": shape or "linear"},
        }
        for name, y, colour, dash, shape in lines
        if name != "with retries" or not np.allclose(offered, rates)
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def tail_figure(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw how many answers take longer than each time: the day's, and the average's."""
    colours, tails = palette(dark=dark), result.tails
    layout = frame(colours, x="time to the answer (s)", y="share of answers that take longer")
    layout["yaxis"] |= {"type": "log", "tickformat": "~%", "range": [-3, 0.05]}
    data = [
        {
            "type": "scatter", "x": tails.time, "y": np.where(y > 0, y, np.nan), "name": name,
            "mode": "lines", "line": {"color": colour, "dash": dash, "width": 2},
        }
        for name, y, colour, dash in (
            ("over the day", tails.day, colours.missed, "solid"),
            ("if every hour were average", tails.mean, colours.compared, "dot"),
        )
    ]  # fmt: skip
    s = result.scenario
    data.append(_dot(s.sla_s, 1 - s.sla_share, "promised", "best", colours.best,
                     f"{1 - s.sla_share:.2%} may take longer than {s.sla_s:g} s"))  # fmt: skip
    return {"data": data, "layout": layout}


def simulated_figure(found: Simulated, *, dark: bool) -> Spec:
    """Draw the share that waits longer than each time, simulated and in closed form."""
    colours = palette(dark=dark)
    layout = frame(colours, x="wait (s)", y="share that waits longer and is served")
    layout["yaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    data = [
        {
            "type": "scatter", "x": found.waits, "y": found.closed, "name": "closed form",
            "mode": "lines", "line": {"color": colours.desk, "width": 2},
        },
        {
            "type": "scatter", "x": found.waits, "y": found.over, "mode": "markers",
            "name": "simulated, give or take two standard errors",
            "marker": {"color": colours.caught, "size": 6},
            "error_y": {"type": "data", "array": 2 * found.error, "color": colours.caught,
                        "thickness": 1.5, "width": 3},
        },
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def cost_bars(result: PeakLoadResult, *, dark: bool) -> list[tuple[str, str, Floats, Floats]]:
    """Every cause at every number of servers: label, colour, part of the largest, USD."""
    colours, usd = palette(dark=dark), result.sweep.cost_by_cause
    used = [cause for cause in CAUSES if np.any(usd[cause])]
    each = [np.broadcast_to(np.asarray(usd[c], float), result.servers.shape) for c in used]
    most = np.maximum(np.max(each, axis=0, initial=0.0), 1e-300)  # nothing need cost anything
    return [
        (CAUSES[cause][1], getattr(colours, CAUSES[cause][0]), part / most, part)
        for cause, part in zip(used, each, strict=True)
    ]


def thumbnail(result: PeakLoadResult, *, dark: bool) -> Spec:
    """Draw the requests small and bare, for a card."""
    spec = requests_figure(result, dark=dark)
    layout = spec["layout"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {"height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    return spec


def _frame(result: PeakLoadResult, colours: Palette, *, y: str, height: int = 320) -> Spec:
    layout = frame(colours, x="servers", y=y, height=height)
    layout["xaxis"]["range"] = [0.5, float(result.servers[-1]) + 0.5]
    return layout


def _area(x: Floats, y: Any, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": np.broadcast_to(np.asarray(y, float), x.shape),
        "name": name, "stackgroup": "all", "mode": "lines", "hoverinfo": "skip",
        "line": {"width": 0.5, "color": colour}, "fillcolor": f"{colour}d0",
    }  # fmt: skip


def _marks(result: PeakLoadResult, colours: Palette) -> list[tuple[float, str, str, str]]:
    """Every point to mark but the chosen one, which moves: place, name, kind, colour."""
    found: dict[float, tuple[list[str], str, str]] = {}

    def add(p: PeakLoadPoint) -> None:
        kind = "best" if p.name == "lowest_cost" else "point"
        names, first, colour = found.get(p.servers, ([], kind, colours.best))
        found[p.servers] = [*names, SHORT[p.name]], first, colour

    for point in result.points:
        if point.feasible:
            add(point)
    today = result.scenario.today_servers
    names, kind, colour = found.get(today, ([], "compared", colours.compared))
    found[today] = [*names, "today"], kind, colour
    return [
        (at, ", ".join(names), kind, colour) for at, (names, kind, colour) in sorted(found.items())
    ]


def _dot(x: float, y: float, name: str, kind: str, colour: str, told: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": [float(x)], "y": [float(y)], "name": name, "mode": "markers",
        "marker": {"symbol": MARKS[kind], "size": 11, "color": colour,
                   "line": {"width": 2, "color": colour}},
        "hovertemplate": f"{told}<extra></extra>", "showlegend": False,
    }  # fmt: skip


def _label(
    at: float, name: str, i: int, result: PeakLoadResult, colours: Palette
) -> dict[str, Any]:
    """Name a mark above it, at one of three heights so that neighbours stay apart."""
    middle = at < result.servers[-1] / 2
    return {
        "x": at, "y": 0.98 - 0.09 * (i % 3), "yref": "paper", "text": name, "showarrow": False,
        "xanchor": "left" if middle else "right", "font": {"size": 12, "color": colours.ink},
    }  # fmt: skip


def _ceiling(result: PeakLoadResult) -> float:
    """Height that shows every mark, and does not let a few servers' losses hide the rest."""
    shown = [result.row_of(p.servers) for p in result.points if p.feasible]
    cost = np.broadcast_to(np.asarray(result.sweep.cost, float), result.servers.shape)
    return float(max(cost[[*shown, result.row, -1]].max(), 2 * cost.min())) or 1.0


def _good(result: PeakLoadResult) -> Floats:
    return np.asarray(result.sweep.in_time_right / result.sweep.requests)
