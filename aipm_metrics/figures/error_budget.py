"""Pictures of an error budget: a finished result in, pictures out; three of them follow the hand.

Over 300 lines because each of five pictures stands whole, what follows the hand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.picture import Follow, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette, threshold_ticks
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import count, duration, money, share

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.curves import Spacing
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult

__all__ = [
    "COLOURS",
    "SHAPES",
    "alerts_figure",
    "alerts_follows",
    "cost_bars",
    "cost_figure",
    "cost_follows",
    "incident_figure",
    "people_groups",
    "spent_figure",
    "spent_follows",
    "split_figure",
    "thumbnail",
]

MODES = ("down", "slow", "wrong", "unsafe", "capped", "degraded")
LABELS = {
    "down": "down", "slow": "too slow", "wrong": "wrong", "unsafe": "unsafe", "capped": "capped",
    "degraded": "degraded",
}  # fmt: skip
# What got through is of the colour of missed harm, what was refused of wronged people.
COLOURS = {
    "down": "ink", "slow": "caught", "wrong": "viewers", "unsafe": "missed", "capped": "wronged",
    "degraded": "desk", "good": "left_alone",
}  # fmt: skip
SHAPES: dict[str, Shape] = {
    "down": "square", "slow": "ring", "wrong": "disc", "unsafe": "diamond", "capped": "triangle",
    "degraded": "cross", "good": "dot",
}  # fmt: skip
CAUSES = {"harm": ("missed", "bad answers", "dash"), "keeping": ("desk", "keeping to it", "dot")}
POINTS = {
    "lowest_cost": "lowest cost", "promised": "promised", "dependencies_allow": "dependencies",
    "kept_now": "kept now",
}  # fmt: skip
RULES = {
    "equal": ("equal parts", "circle-open"), "proportional": ("by cost", "square-open"),
    "square root": ("by root of cost", "triangle-up-open"), "by harm": ("by harm", "diamond-open"),
    "platform first": ("platform first", "star-open"),
}  # fmt: skip
ALERTS = ("missed", "wronged", "caught", "desk")  # an alert's colour, the fastest first
DASHES = ("solid", "dash", "dashdot", "solid")
WIDTHS = (2.0, 2.0, 2.0, 6.0)
WIDEST = WIDTHS.index(max(WIDTHS))
TIMES = {
    1 / 6: "10 s", 1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1_440: "1 day",
    4_320: "3 days",
}  # fmt: skip
DRAWN = 201  # points of a line; the hand has more
UNIT = "share of answers"


@dataclass(frozen=True, slots=True)
class _Spaced:
    """How the SLO's axis is spaced."""

    spacing: Spacing = "log-odds"


def _places(result: ErrorBudgetResult) -> Floats:
    return place(result.slos, "log-odds")


def _along(result: ErrorBudgetResult, colours: Palette, y: str, height: int = 320) -> Spec:
    """Frame a picture along the SLO."""
    layout = frame(colours, x="SLO", y=y, height=height)
    layout["xaxis"] |= threshold_ticks(_Spaced(), result.slos, UNIT)
    return {"data": [], "layout": layout}


def _some(result: ErrorBudgetResult) -> Any:
    """Rows to draw a line through: a few hundred, both ends, and every mark."""
    last = result.slos.size - 1
    marked = [result.scenario.today_slo, *(p.slo for p in result.points if p.feasible)]
    rows = np.linspace(0, last, DRAWN).round().astype(int)
    return np.union1d(rows, np.flatnonzero(np.isin(result.slos, marked)))


def _line(x: Any, y: Any, name: str, colour: str, dash: str, width: float = 2) -> dict[str, Any]:
    # A list is sent to its last digit: what is rounded to its range has none at the foot of an
    # axis of powers of ten.
    values = np.asarray(y).tolist()
    return {"type": "scatter", "mode": "lines", "x": x, "y": values, "name": name,
            "hoverinfo": "skip",
            "line": {"color": colour, "dash": dash, "width": width}}  # fmt: skip


def _marks(result: ErrorBudgetResult) -> list[tuple[str, str, float, float]]:
    """Name, kind, SLO and cost of every point but the chosen one, which moves."""
    found = [
        (POINTS[p.name], "best" if p.name == "lowest_cost" else "point", p.slo, p.cost)
        for p in result.points
        if p.feasible
    ]
    today = result.today
    found.append(("today", "compared", float(today.slo), float(today.cost)))
    return sorted(found, key=lambda mark: mark[2])


def people_groups(result: ErrorBudgetResult) -> tuple[tuple[tuple[str, ...], int], ...]:
    """One crowd: every way to fail in order, then those that do not."""
    return (((*MODES, "good"), result.crowd),)


# --- what each SLO costs ---


def cost_figure(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw what bad answers and keeping to it cost: they cross where the sum is lowest."""
    colours, rows, sweep = palette(dark=dark), _some(result), result.sweep
    spec, x = _along(result, colours, "cost (USD a month)", 380), _places(result)[rows]
    layout, total = spec["layout"], np.asarray(sweep.cost)
    spec["data"] = [
        _line(x, np.asarray(sweep.cost_by_cause[cause])[rows], label, getattr(colours, field), dash)
        for cause, (field, label, dash) in CAUSES.items()
    ]
    spec["data"].append(_line(x, total[rows], "together", colours.ink, "solid", 2.5))
    low, high = np.log10([total.min() / 5, total.max() * 2]).tolist()
    layout["yaxis"] |= {"type": "log", "range": [low, high], "dtick": 1, "tickprefix": "$",
                        "tickformat": "~s"}  # fmt: skip
    layout["annotations"] = []
    for i, (name, kind, slo, usd) in enumerate(_marks(result)):
        at = float(place(slo, "log-odds"))
        told = f"{name}: SLO {share(slo)}, ${usd:,.0f} a month"
        spec["data"].append(_dot(at, usd, name, kind, told, colours))
        layout["annotations"].append(
            {"x": at, "y": float(np.log10(usd)), "ax": at, "axref": "x", "ayref": "y",
             "ay": high - (high - low) * (0.04 + 0.075 * (i % 4)), "showarrow": True,
             "arrowwidth": 1, "arrowcolor": colours.compared, "arrowhead": 0, "standoff": 7,
             "text": name, "font": {"color": colours.ink, "size": 12}, "bgcolor": colours.paper,
             "borderpad": 1}
        )  # fmt: skip
    return spec


def _dot(x: float, y: float, name: str, kind: str, told: str, colours: Palette) -> dict[str, Any]:
    colour = colours.compared if kind == "compared" else colours.best
    edge = colour if kind == "point" else colours.paper
    return {
        "type": "scatter", "x": [x], "y": [y], "mode": "markers", "name": name,
        "showlegend": False,
        "marker": {"symbol": MARKS[kind], "size": 11, "color": colour,
                   "line": {"width": 1.5, "color": edge}},
        "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip


def cost_follows(result: ErrorBudgetResult) -> Follow:
    """Follow the SLO along its cost, whose axis counts powers of ten."""
    return Follow("line", _places(result), np.log10(np.asarray(result.sweep.cost)))


def cost_bars(
    result: ErrorBudgetResult, *, dark: bool
) -> tuple[tuple[str, str, Floats, Floats], ...]:
    """Cost by cause at every SLO.

    Returns
    -------
    tuple of (label, colour, part, usd)
        `usd` a month and its part of the cost there, (t,) each.
    """
    colours, total = palette(dark=dark), np.asarray(result.sweep.cost)
    return tuple(
        (label, getattr(colours, field), usd / total, usd)
        for cause, (field, label, _) in CAUSES.items()
        for usd in (np.asarray(result.sweep.cost_by_cause[cause]),)
    )


# --- who has spent it ---


def spent_figure(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw failures by mode stacked from left to right, each answer once."""
    colours, parts = palette(dark=dark), result.observed
    layout = frame(colours, x="share of answers that fail", y="")
    n = result.scenario.requests_per_month
    labels, ends = [*(LABELS[mode] for mode in MODES), "all"], np.append(parts, result.union)
    names = [f"{label} {count(part * n)}" for label, part in zip(labels, ends, strict=True)]
    bars = {
        "type": "bar", "orientation": "h", "y": names, "x": ends,
        "base": np.append(np.append(0.0, np.cumsum(parts)[:-1]), 0.0), "showlegend": False,
        "marker": {"color": [*(getattr(colours, COLOURS[m]) for m in MODES), colours.compared],
                   "line": {"width": 0}},
        "hovertext": [f"{label}: {share(part)} of answers, {count(part * n)} a month"
                      for label, part in zip(labels, ends, strict=True)],
        "hoverinfo": "text",
    }  # fmt: skip
    best, today = 1 - result.lowest_cost.slo, 1 - result.scenario.today_slo
    most = max(result.union, min(best, 2.5 * result.union) if result.union else best)
    layout["xaxis"] |= {"range": [0, 1.2 * most], "tickformat": ".3~%", "nticks": 6}
    layout["yaxis"] |= {"autorange": "reversed"}
    budgets = [
        _line([bad, bad], [names[0], names[-1]], name, colour, dash)
        for name, bad, colour, dash in (("today's budget", today, colours.compared, "dash"),
                                        ("cheapest budget", best, colours.best, "dot"))
        if bad <= 1.2 * most
    ]  # fmt: skip
    return {"data": [bars, *budgets], "layout": layout}


def spent_follows(result: ErrorBudgetResult) -> Follow:
    """Follow the budget that each SLO leaves."""
    return Follow("line", np.asarray(result.sweep.bad))


# --- when would somebody be woken ---


def alerts_figure(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw the time until each alert fires in this incident; a line ends where it never does."""
    colours, rows, s = palette(dark=dark), _some(result), result.scenario
    spec, x = _along(result, colours, "time until it fires"), _places(result)[rows]
    fire = np.asarray(result.sweep.fire, float)[rows]
    for i, here in enumerate(result.policy):
        minutes = np.where(np.isfinite(fire[:, i]), fire[:, i], np.nan)
        name = f"{here.severity}, {duration(here.long_min)}"
        line = _line(x, minutes, name, getattr(colours, ALERTS[i]), DASHES[i], WIDTHS[i])
        line["legendrank"] = i + 1
        # Of two that fire at one share of the budget, the wider line lies below the other.
        spec["data"].insert(0 if i == WIDEST else i, line)
    ends = x[[0, -1]]
    over = _line(ends, np.full(2, s.incident_minutes), "incident over", colours.compared, "dot", 1)
    spec["data"].append(over)
    layout = spec["layout"]
    layout["yaxis"] |= {
        "type": "log", "range": np.log10([0.02, 8_000]).tolist(), "tickvals": list(TIMES),
        "ticktext": list(TIMES.values()),
    }  # fmt: skip
    if not np.isfinite(fire).any():
        layout["annotations"] = [
            {"text": "No alert fires at any SLO.", "showarrow": False, "x": 0.5, "y": 0.5,
             "xref": "paper", "yref": "paper", "font": {"color": colours.ink, "size": 14}}
        ]  # fmt: skip
    return spec


def alerts_follows(result: ErrorBudgetResult) -> Follow:
    """Follow the first page that fires while the incident lasts, on an axis of powers of ten."""
    paged = np.asarray(result.sweep.paged, float)
    with np.errstate(divide="ignore"):
        there = np.where(np.isfinite(paged), np.log10(paged), np.nan)
    return Follow("line", _places(result), there)


# --- at the chosen SLO ---


def split_figure(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw what each mode spends, and what every rule would let it."""
    colours, n = palette(dark=dark), result.scenario.requests_per_month
    names = [LABELS[mode] for mode in MODES]
    layout = frame(colours, x="answers a month", y="", height=400)
    spent = np.where(result.observed > 0, result.observed * n, np.nan)
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "x": spent, "y": names, "name": "spends",
         "marker": {"symbol": "line-ns", "size": 22,
                    "line": {"width": 4, "color": colours.missed}},
         "hovertemplate": "%{y} spends %{x:,.0f}<extra></extra>"}
    ]  # fmt: skip
    for split in result.splits:
        name, symbol = RULES[split.rule]
        chosen = split.rule == result.scenario.rule
        colour = colours.chosen if chosen else colours.compared
        data.append(
            {"type": "scatter", "mode": "markers", "x": split.allowed * n, "y": names,
             "name": f"<b>{name}</b>" if chosen else name,
             "marker": {"symbol": symbol.removesuffix("-open") if chosen else symbol,
                        "size": 13 if chosen else 10, "color": colour,
                        "line": {"width": 1.5, "color": colour}},
             "hovertemplate": f"%{{y}} may spend %{{x:,.0f}} {name}: {money(split.cost)} a month"
                              "<extra></extra>"}
        )  # fmt: skip
    layout["xaxis"] |= {"type": "log", "dtick": 1, "tickformat": "~s"}
    layout["yaxis"] |= {"autorange": "reversed", "type": "category"}
    return {"data": data, "layout": layout}


def incident_figure(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw the burn rate in the windows of both pages, minute by minute."""
    colours, incident = palette(dark=dark), result.incident
    layout = frame(colours, x="minutes from its start", y="burn rate", height=400)
    pages = [here.alert for here in result.alerts if here.alert.severity == "page"]
    data, top = [], 1.0
    layout["shapes"] = [
        {"type": "rect", "x0": 0, "x1": result.scenario.incident_minutes, "y0": 0, "y1": 1,
         "yref": "paper", "fillcolor": colours.faint, "line": {"width": 0}, "layer": "below"}
    ]  # fmt: skip
    layout["annotations"] = []
    for alert, both, colour in zip(pages, incident.burn, (colours.missed, colours.caught),
                                   strict=True):  # fmt: skip
        for burn, minutes, dash in zip(both, (alert.long_min, alert.short_min), ("solid", "dot"),
                                       strict=True):  # fmt: skip
            seen = np.where(burn > 0, burn, np.nan)
            data.append(_line(incident.minute, seen, f"last {duration(minutes)}", colour, dash))
            top = max(top, float(burn.max()))
        layout["shapes"].append(
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": alert.factor,
             "y1": alert.factor, "line": {"color": colour, "width": 1, "dash": "dash"}}
        )  # fmt: skip
        layout["annotations"].append(
            {"x": 1, "xref": "paper", "xanchor": "right", "y": float(np.log10(alert.factor)),
             "yanchor": "bottom", "showarrow": False, "text": f"pages at {alert.factor:.3g}",
             "font": {"color": colour, "size": 12}}
        )  # fmt: skip
        top = max(top, alert.factor)
    low = float(np.log10(min(0.5, *(alert.factor / 4 for alert in pages))))
    layout["yaxis"] |= {"type": "log", "range": [low, float(np.log10(top * 2))], "dtick": 1}
    return {"data": data, "layout": layout}


def thumbnail(result: ErrorBudgetResult, *, dark: bool) -> Spec:
    """Draw the two costs that cross, small and bare, for a card, with the chosen SLO on them."""
    spec = cost_figure(result, dark=dark)
    colours, follow = palette(dark=dark), cost_follows(result)
    chosen = {
        "type": "scatter", "mode": "markers", "x": [float(follow.x[result.row])],
        "y": [result.cost], "hoverinfo": "skip",
        "marker": {"symbol": MARKS["chosen"], "size": 12, "color": colours.chosen},
    }  # fmt: skip
    layout = spec["layout"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {"height": 140, "showlegend": False, "annotations": [],
               "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}  # fmt: skip
    return {"data": [*spec["data"], chosen], "layout": layout}
