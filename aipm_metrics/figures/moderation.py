"""Pictures of a removal threshold: a finished result in, pictures that follow the hand out.

Over 300 lines because each of four pictures has its spec and what follows in it side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from aipm_metrics.figures.picture import Follow, Hill, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette, threshold_ticks
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import cut, money, share

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.moderation import ModerationResult

__all__ = [
    "SHAPES",
    "cost_bars",
    "cost_figure",
    "cost_follows",
    "people_groups",
    "precision_recall_figure",
    "precision_recall_follows",
    "roc_figure",
    "roc_follows",
    "scores_figure",
    "scores_follow",
    "thumbnail",
]

CAUSES = {
    "harm": ("missed", "harm of missed posts"),
    "late": ("late", "harm before removal"),
    "viewers": ("viewers", "viewers who leave"),
    "authors": ("wronged", "authors who leave"),
    "desk": ("desk", "the desk's time"),
    "model": ("model", "the model"),
}
SHORT = {
    "lowest_cost": "lowest cost",
    "within_load": "desk",
    "at_recall_floor": "recall floor",
    "highest_f1": "F1",
}
SHAPES: dict[str, Shape] = {
    "caught": "square", "missed": "disc", "wronged": "diamond", "left alone": "dot",
}  # fmt: skip
DRAWN = 241  # points of a line; the hand has more


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
    """Every point to mark but the chosen one, which moves."""
    found, all_at = [], result.curves.flags_all_at
    for p in result.points:
        kind = "best" if p.name == "lowest_cost" else "point"
        if p.feasible:
            found.append(
                Mark(SHORT[p.name], cut(p.threshold, flags_all_at=all_at), kind, colours.best,
                     p.threshold, p.cost, p.tpr, p.fpr, p.precision)
            )  # fmt: skip
    t = result.today
    found.append(
        Mark("today", cut(t.threshold, flags_all_at=all_at), "compared", colours.compared,
             float(t.threshold), float(t.cost), float(t.rates.tpr), float(t.rates.fpr),
             float(t.confusion.precision))
    )  # fmt: skip
    return found


def _thinned(result: ModerationResult, stretch: slice = slice(None)) -> Any:
    """Rows to draw a line through: a few hundred, both ends, and every mark."""
    rows = np.arange(result.curves.threshold.size)[stretch]
    some = rows[np.linspace(0, rows.size - 1, min(DRAWN, rows.size)).round().astype(int)]
    marked = [result.scenario.today_threshold, *(p.threshold for p in result.points)]
    marks = np.flatnonzero(np.isin(result.curves.threshold, marked))
    return np.union1d(some, marks[(marks >= rows[0]) & (marks <= rows[-1])])


def thumbnail(result: ModerationResult, *, dark: bool) -> Spec:
    """Draw the score distributions small and bare, for a card, cut at the chosen threshold."""
    spec, follow = scores_figure(result, dark=dark), scores_follow(result, dark=dark)
    edge = float(follow.x[result.row])
    for hill in follow.hills:
        for colour, part in ((hill.below, hill.x <= edge), (hill.above, hill.x >= edge)):
            spec["data"].append({
                "type": "scatter", "mode": "lines", "x": hill.x[part], "y": hill.y[part],
                "fill": "tozeroy", "line": {"color": colour, "width": 0}, "hoverinfo": "skip",
            })  # fmt: skip
    layout = spec["layout"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {"height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    return spec


def people_groups(result: ModerationResult) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Harmful posts apart from harmless ones: the cells each can be in, and their number."""
    positives, of = result.people.positives, result.people.of
    return (("caught", "missed"), positives), (("wronged", "left alone"), of - positives)


def scores_figure(result: ModerationResult, *, dark: bool) -> Spec:
    """Draw where harmful and harmless posts score."""
    colours, curves = palette(dark=dark), result.curves
    d, at = curves.densities, place(curves.densities.at, curves.spacing)
    log_odds = "per unit of log odds, ln(p / (1 - p))"
    unit = log_odds if curves.spacing == "log-odds" else "per unit of score"
    layout = frame(colours, x="score (probability)" if result.rows is None else "score",
                   y=f"share {unit}")  # fmt: skip
    layout["xaxis"] |= threshold_ticks(curves, d.at)
    layout["yaxis"]["rangemode"] = "tozero"
    # Hills have no shapes to tell them apart in grey: the harmless one is outlined in dashes.
    lines = [
        {
            "type": "scatter", "mode": "lines", "x": at, "y": density, "name": name,
            "line": {"color": colours.ink, "width": 1.5, "dash": dash,
                     "shape": "hvh" if d.binned else "linear"},
            "hoverinfo": "skip",
        }
        for density, name, dash in (
            (d.negatives, "harmless", "dot"), (d.positives, "harmful", "solid"),
        )
    ]  # fmt: skip
    if np.isnan(d.negatives).all():
        lines = []
        layout["yaxis"] |= {"visible": False, "range": [0, 1]}
        layout["annotations"] = [{
            "text": "Every post has one and the same score.", "showarrow": False,
            "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper",
            "font": {"color": colours.ink, "size": 14},
        }]  # fmt: skip
    return {"data": lines, "layout": layout}


def scores_follow(result: ModerationResult, *, dark: bool) -> Follow:
    """Follow the threshold through the scores: what is right of it is removed."""
    colours, curves = palette(dark=dark), result.curves
    d, at = curves.densities, place(curves.densities.at, curves.spacing)
    harmless, harmful = d.cut or (None, None)
    hills = (
        Hill(at, d.negatives, colours.left_alone, colours.wronged, d.binned, harmless),
        Hill(at, d.positives, colours.missed, colours.caught, d.binned, harmful),
    )
    none = np.isnan(d.negatives).all()
    return Follow("line", _places(result), hills=() if none else hills)


def _places(result: ModerationResult) -> Floats:
    """Place of every threshold; those beyond the slider stand at its edge."""
    curves = result.curves
    return place(np.clip(curves.threshold, curves.low, curves.high), curves.spacing)


def cost_figure(result: ModerationResult, *, dark: bool) -> Spec:
    """Draw cost by cause along the threshold, with the operating points."""
    colours, curves, sweep = palette(dark=dark), result.curves, result.sweep
    marks = _marks(result, colours)
    ceiling = _ceiling(marks)
    rows, at = _thinned(result, _shown(result, marks, ceiling)), _places(result)
    layout = frame(colours, x="threshold", y="cost (USD a month)", height=380)
    layout["yaxis"] |= {"range": [0, ceiling * 1.25], "tickprefix": "$", "tickformat": "~s"}
    layout["xaxis"] |= threshold_ticks(curves, curves.threshold[rows])
    data = [
        {
            "type": "scatter", "x": at[rows], "y": sweep.cost_by_cause[cause][rows],
            "name": label, "stackgroup": "cause", "mode": "lines",
            "line": {"width": 0.5, "color": getattr(colours, field)}, "hoverinfo": "skip",
            "fillcolor": f"{getattr(colours, field)}d0",
        }
        for cause, field, label in _causes(result)
    ]  # fmt: skip
    low, high = layout["xaxis"]["range"]
    layout["annotations"] = []
    for i, mark in enumerate(sorted(marks, key=lambda m: m.threshold)):
        x = float(place(np.clip(mark.threshold, curves.low, curves.high), curves.spacing))
        told = f"{mark.name}: threshold {mark.said}, ${mark.cost:,.0f} a month"
        data.append(_dot(x, mark.cost, mark, colours, told) | {"showlegend": False})
        layout["annotations"].append(_label(x, mark, i, (low, high), colours))
    return {"data": data, "layout": layout}


def _causes(result: ModerationResult) -> list[tuple[str, str, str]]:
    """Every cause that plays a part: its name, its colour's and what it is called."""
    return [(cause, *CAUSES[cause]) for cause in result.causes]


def _label(
    x: float, mark: Mark, i: int, shown: tuple[float, float], colours: Palette
) -> dict[str, Any]:
    """Name a mark above it, at one of four heights so that neighbours stay apart."""
    low, high = shown
    return {
        "x": x, "y": mark.cost, "ax": 0, "ay": -(26 + 19 * (i % 4)), "showarrow": True,
        "arrowwidth": 1, "arrowcolor": colours.compared, "arrowhead": 0, "standoff": 7,
        "xanchor": ("left" if x < low + 0.1 * (high - low)
                    else "right" if x > high - 0.1 * (high - low) else "center"),
        "text": mark.name, "font": {"color": colours.ink, "size": 12},
        "bgcolor": colours.paper, "borderpad": 1,
    }  # fmt: skip


def cost_follows(result: ModerationResult) -> Follow:
    """Follow the threshold along its cost."""
    return Follow("line", _places(result), np.asarray(result.sweep.cost))


def cost_bars(
    result: ModerationResult, *, dark: bool
) -> tuple[tuple[str, str, Floats, Floats], ...]:
    """Cost by cause at every threshold.

    Returns
    -------
    tuple of (label, colour, part, usd)
        `usd` a month, and how much of a full bar that is, (t,) each; a full bar is the highest
        cost that the picture shows, or all of the cost where that is more.
    """
    colours = palette(dark=dark)
    full = np.maximum(_ceiling(_marks(result, colours)) or 1.0, result.sweep.cost)
    return tuple(
        (label, getattr(colours, field), usd / full, usd)
        for cause, field, label in _causes(result)
        for usd in (np.asarray(result.sweep.cost_by_cause[cause]),)
    )


def _ceiling(marks: list[Mark]) -> float:
    """Highest cost worth showing: a third above the dearest mark."""
    return 1.3 * max(mark.cost for mark in marks)


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


def roc_figure(result: ModerationResult, *, dark: bool) -> Spec:
    """Draw recall against the share of harmless posts removed."""
    colours, rates = palette(dark=dark), result.curves.rates
    layout = frame(colours, x="harmless removed (FPR)",
                   y="harmful removed (recall)")  # fmt: skip
    layout["xaxis"] |= {"range": [-0.02, 1.02], "tickformat": ".0%"}
    layout["yaxis"] |= {"range": [-0.02, 1.04], "tickformat": ".0%"}
    layout["showlegend"] = False
    rows = _thinned(result)
    fpr, tpr = np.append(rates.fpr[rows], 0.0), np.append(rates.tpr[rows], 0.0)
    coin = {"type": "scatter", "x": [0, 1], "y": [0, 1], "mode": "lines", "name": "a coin",
            "line": {"color": colours.compared, "dash": "dot"}, "hoverinfo": "skip"}  # fmt: skip
    dots = [_rate_dot(m.fpr, m.tpr, m, colours) for m in _marks(result, colours)]
    return {"data": [coin, _curve(fpr, tpr, "ROC", colours), *dots], "layout": layout}


def roc_follows(result: ModerationResult) -> Follow:
    """Follow the threshold along the ROC curve."""
    return Follow("dot", result.curves.rates.fpr, result.curves.rates.tpr)


def precision_recall_figure(result: ModerationResult, *, dark: bool) -> Spec:
    """Draw precision against recall."""
    colours, cells = palette(dark=dark), result.sweep.confusion
    layout = frame(colours, x="harmful removed (recall)",
                   y="removals that are right (precision)")  # fmt: skip
    layout["xaxis"] |= {"range": [-0.02, 1.02], "tickformat": ".0%"}
    layout["yaxis"] |= {"range": [-0.02, 1.04], "tickformat": ".0%"}
    layout["showlegend"] = False
    base = {
        "type": "scatter", "x": [0, 1], "y": [result.scenario.prevalence] * 2, "mode": "lines",
        "name": "flag everything", "line": {"color": colours.compared, "dash": "dot"},
        "hoverinfo": "skip",
    }  # fmt: skip
    rows = _thinned(result)
    line = _curve(cells.recall[rows], cells.precision[rows], "precision", colours)
    dots = [_rate_dot(m.tpr, m.precision, m, colours) for m in _marks(result, colours)
            if not np.isnan(m.precision)]  # fmt: skip
    return {"data": [base, line, *dots], "layout": layout}


def precision_recall_follows(result: ModerationResult) -> Follow:
    """Follow the threshold along precision and recall."""
    cells = result.sweep.confusion
    return Follow("dot", np.asarray(cells.recall), np.asarray(cells.precision))


def _curve(x: Floats, y: Floats, name: str, colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "name": name,
        "line": {"color": colours.caught, "width": 2},
        "hovertemplate": "%{x:.2%}, %{y:.2%}<extra></extra>",
    }  # fmt: skip


def _rate_dot(x: float, y: float, mark: Mark, colours: Palette) -> dict[str, Any]:
    told = f"{mark.name}, threshold {mark.said}: {share(x)}, {share(y)}, {money(mark.cost)} a month"
    return _dot(x, y, mark, colours, told)


def _dot(x: float, y: float, mark: Mark, colours: Palette, told: str) -> dict[str, Any]:
    edge = mark.colour if mark.kind == "point" else colours.paper
    return {
        "type": "scatter", "x": [x], "y": [y], "mode": "markers", "name": mark.name,
        "marker": {"symbol": MARKS[mark.kind], "size": 11, "color": mark.colour,
                   "line": {"width": 1.5, "color": edge}},
        "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip
