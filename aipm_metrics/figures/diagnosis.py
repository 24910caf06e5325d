"""Pictures of a diagnosis: a finished result in, pictures out; three of them follow the hand.

Over 250 lines because each of five pictures stands whole, what follows the hand beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.picture import Follow, Shape, Spec
from aipm_metrics.figures.style import MARKS, Palette, frame, palette, threshold_ticks
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import count, money, share

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.diagnosis import DiagnosisResult

__all__ = [
    "SHAPES",
    "benefit_figure",
    "cost_bars",
    "cost_figure",
    "cost_follows",
    "people_groups",
    "reliance_figure",
    "reliance_follows",
    "roc_figure",
    "roc_follows",
    "thumbnail",
    "use_figure",
    "use_follows",
]  # fmt: skip

NO_AI, FAST, EXPLAINED = "no AI", "fast and opaque", "slow and explained"
# A design is told from the others by its dash as well as by its colour.
DESIGNS = {
    NO_AI: ("compared", "dot"), FAST: ("wronged", "dash"), EXPLAINED: ("caught", "solid"),
}  # fmt: skip
CAUSES = {
    "missed": ("missed", "missed cancers"), "workups": ("wronged", "needless work-ups"),
    "time": ("desk", "clinicians' time"), "ai": ("left_alone", "the AI"),
}  # fmt: skip
SHAPES: dict[str, Shape] = {
    "caught": "square", "missed": "diamond", "wronged": "triangle", "left alone": "dot",
}  # fmt: skip
POINTS = {"explained": "explained, least", "fast": "fast, least"}
CHANCES = (1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9)
DRAWN = 201  # points of a line; the hand has more
THOUSAND = 1_000


def _places(result: DiagnosisResult) -> Floats:
    return place(result.curves.threshold, result.curves.spacing)


def _some(result: DiagnosisResult) -> Any:
    """Rows to draw a line through: a few hundred, both ends, and every mark."""
    every = result.curves.threshold
    marked = [p.threshold for p in result.points]
    rows = np.linspace(0, every.size - 1, min(DRAWN, every.size)).round().astype(int)
    return np.union1d(rows, np.flatnonzero(np.isin(every, marked)))


def _along(result: DiagnosisResult) -> str:
    """Title the threshold's axis."""
    return (
        "AI calls ill from this chance" if result.rows is None else "AI calls ill from this score"
    )


def _ticks(result: DiagnosisResult) -> dict[str, Any]:
    """Lay out the threshold's axis, with so few labels that they fit a third of a screen."""
    curves = result.curves
    axis = threshold_ticks(curves, curves.threshold)
    if result.rows is None:
        axis["tickvals"] = [float(place(t, curves.spacing)) for t in CHANCES]
        axis["ticktext"] = [share(t) for t in CHANCES]
    return axis


def _line(x: Any, y: Any, name: str, colour: str, dash: str, width: float = 2) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "hoverinfo": "skip",
            "line": {"color": colour, "dash": dash, "width": width}}  # fmt: skip


def _dot(
    x: float, y: float, name: str, kind: str, told: str, colour: str, paper: str
) -> dict[str, Any]:
    edge = colour if kind.endswith("open") else paper
    return {
        "type": "scatter", "x": [x], "y": [y], "mode": "markers", "name": name,
        "showlegend": False,
        "marker": {"symbol": kind, "size": 11, "color": colour, "line": {"width": 1.5,
                                                                        "color": edge}},
        "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip


def people_groups(result: DiagnosisResult) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Women with cancer apart from those without: the cells each can be in, and their number."""
    positives, of = result.people.positives, result.people.of
    return (("caught", "missed"), positives), (("wronged", "left alone"), of - positives)


def cost_figure(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw what each design costs along the AI's threshold."""
    colours, rows = palette(dark=dark), _some(result)
    layout = frame(colours, x=_along(result), y="cost (USD a month)", height=380)
    layout["xaxis"] |= _ticks(result)
    x, data = _places(result)[rows], []
    for design, (field, dash) in DESIGNS.items():
        usd = np.broadcast_to(result.sweeps[design].cost, result.curves.threshold.shape)[rows]
        chosen = design == result.scenario.design
        data.append(_line(x, usd, f"<b>{design}</b>" if chosen else design,
                          getattr(colours, field), dash, 3 if chosen else 2))  # fmt: skip
    layout["yaxis"] |= {"tickprefix": "$", "tickformat": "~s"}
    for point in result.points[:2]:
        if not result.curves.low <= point.threshold <= result.curves.high:
            continue
        best = point.name == result.lowest_cost.name
        colour = colours.best if best else getattr(colours, DESIGNS[point.design][0])
        told = f"{POINTS[point.name]}: {money(point.cost)} a month"
        at = float(place(point.threshold, result.curves.spacing))
        data.append(_dot(at, point.cost, POINTS[point.name],
                         MARKS["best"] if best else MARKS["point"], told, colour,
                         colours.paper))  # fmt: skip
    return {"data": data, "layout": layout}


def cost_follows(result: DiagnosisResult) -> Follow:
    """Follow the threshold along the chosen design's cost."""
    usd = np.broadcast_to(result.sweep.cost, result.curves.threshold.shape)
    return Follow("line", _places(result), np.asarray(usd, float))


def cost_bars(
    result: DiagnosisResult, *, dark: bool
) -> tuple[tuple[str, str, Floats, Floats], ...]:
    """Cost of the chosen design by cause at every threshold.

    Returns
    -------
    tuple of (label, colour, part, usd)
        `usd` a month and its part of the cost there, (t,) each.
    """
    colours, sweep = palette(dark=dark), result.sweep
    shape = result.curves.threshold.shape
    return tuple(
        (label, getattr(colours, field), usd / np.asarray(sweep.cost), usd)
        for cause, (field, label) in CAUSES.items()
        for usd in (np.broadcast_to(np.asarray(sweep.cost_by_cause[cause], float), shape),)
    )


def roc_figure(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw the AI alone, the clinician alone, and the two teams."""
    colours, rows, s = palette(dark=dark), _some(result), result.scenario
    layout = frame(colours, x="healthy women sent to a work-up", y="cancers found", height=380)
    reach = max(0.4, min(1.0, 2.5 * s.human_fpr))
    layout["xaxis"] |= {"range": [-0.01, reach], "tickformat": ".0%"}
    low = max(0.0, min(0.5, s.human_tpr - 0.3))
    layout["yaxis"] |= {"range": [low, 1.02], "tickformat": ".0%"}
    alone = result.curves.rates
    data = [_line(alone.fpr[rows], alone.tpr[rows], "AI alone", colours.left_alone, "solid")]
    for design in (FAST, EXPLAINED):
        field, dash = DESIGNS[design]
        team = result.sweeps[design].rates
        data.append(_line(team.fpr[rows], team.tpr[rows], f"with it, {design}",
                          getattr(colours, field), dash, 2.5))  # fmt: skip
    told = f"clinician alone: finds {share(s.human_tpr)}, sends on {share(s.human_fpr)}"
    dot = _dot(s.human_fpr, s.human_tpr, "clinician alone", MARKS["compared"], told,
               colours.compared, colours.paper)  # fmt: skip
    data.append({**dot, "showlegend": True})
    return {"data": data, "layout": layout}


def roc_follows(result: DiagnosisResult) -> Follow:
    """Follow the threshold along the chosen team."""
    shape, rates = result.curves.threshold.shape, result.sweep.rates
    return Follow("dot", np.broadcast_to(rates.fpr, shape), np.broadcast_to(rates.tpr, shape))


def reliance_figure(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw what becomes of the readings on which clinician and AI differ, by threshold."""
    colours, rows = palette(dark=dark), _some(result)
    layout = frame(colours, x=_along(result), y="of 1,000 readings that look", height=380)
    layout["xaxis"] |= _ticks(result)
    layout["yaxis"]["rangemode"] = "tozero"
    found, x = result.sweeps[result.relied_on].reliance, _places(result)[rows]
    data = [
        _line(x, np.asarray(part)[rows] * THOUSAND, name, getattr(colours, field), dash)
        for part, name, field, dash in (
            (found.disagree, "they differ", "ink", "dot"),
            (found.appropriate, "resolved rightly", "caught", "solid"),
            (found.over, "AI wrong, followed", "missed", "dash"),
            (found.under, "AI right, not followed", "wronged", "dashdot"),
        )
    ]
    return {"data": data, "layout": layout}


def reliance_follows(result: DiagnosisResult) -> Follow:
    """Follow the threshold along what is resolved rightly."""
    rightly = np.asarray(result.sweeps[result.relied_on].reliance.appropriate)
    return Follow("line", _places(result), rightly * THOUSAND)


def benefit_figure(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw net benefit along the chance from which somebody would act."""
    colours, curve = palette(dark=dark), result.decision_curve
    layout = frame(colours, x="chance from which a work-up is worth it",
                   y="net benefit of 1,000 women (cancers)", height=380)  # fmt: skip
    x = np.log10(curve.threshold)
    lines = [
        (curve.everybody, "work-up for all", colours.faint, "solid"),
        (curve.clinician, "clinician alone", *_style(NO_AI, colours)),
        (curve.ai, "AI alone", colours.left_alone, "solid"),
        *((y, f"with it, {name}", *_style(name, colours)) for name, y in curve.teams.items()),
    ]
    data = [
        _line(x, y * THOUSAND, name, colour, dash)
        for y, name, colour, dash in lines
        if np.isfinite(y).any()
    ]
    top = result.scenario.prevalence * THOUSAND
    layout["yaxis"] |= {"range": [-0.15 * top, 1.1 * top], "zeroline": True,
                        "zerolinecolor": colours.compared}  # fmt: skip
    ticks = [t for t in (1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 0.5) if x[0] <= np.log10(t) <= x[-1]]
    layout["xaxis"] |= {"tickvals": np.log10(ticks).tolist(), "ticktext": [share(t) for t in ticks],
                        "range": [float(x[0]), float(x[-1])]}  # fmt: skip
    at = float(np.log10(result.probability))
    layout["shapes"] = [
        {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
         "line": {"color": colours.chosen, "width": 1, "dash": "dot"}}
    ]  # fmt: skip
    layout["annotations"] = [
        {"x": at, "y": 1, "yref": "paper", "yanchor": "top", "xanchor": "left", "showarrow": False,
         "text": f" a miss is worth {count(result.worth)} work-ups", "bgcolor": colours.paper,
         "font": {"color": colours.ink, "size": 12}}
    ]  # fmt: skip
    return {"data": data, "layout": layout}


def _style(design: str, colours: Palette) -> tuple[str, str]:
    field, dash = DESIGNS[design]
    return getattr(colours, field), dash


def use_figure(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw how use depends on the wait, opaque and explained."""
    colours, curve = palette(dark=dark), result.use_curve
    layout = frame(colours, x="wait for the AI's call (s)", y="readings that look at it",
                   height=380)  # fmt: skip
    layout["yaxis"] |= {"range": [0, 1.04], "tickformat": ".0%"}
    layout["xaxis"] |= {"rangemode": "tozero"}
    data = [
        _line(curve.wait_s, curve.explained, "explained", *_style(EXPLAINED, colours), 2.5),
        _line(curve.wait_s, curve.opaque, "opaque", *_style(FAST, colours), 2.5),
        _line([0, curve.slow[0]], [curve.slow[1]] * 2, "as used as explained", colours.compared,
              "dot", 1),
    ]  # fmt: skip
    for (wait, used), name, design in (
        (curve.fast, "fast and opaque", FAST), (curve.slow, "slow and explained", EXPLAINED)
    ):  # fmt: skip
        told = f"{name}: {share(used)} at {count(wait)} s"
        data.append(
            _dot(wait, used, name, MARKS["chosen"], told, _style(design, colours)[0],
                 colours.paper)
        )  # fmt: skip
    return {"data": data, "layout": layout}


def use_follows(result: DiagnosisResult) -> Follow:
    """Mark nothing: the threshold moves no use."""
    nowhere = np.full(result.curves.threshold.size, np.nan)
    return Follow("dot", nowhere, nowhere)


def thumbnail(result: DiagnosisResult, *, dark: bool) -> Spec:
    """Draw the three designs' costs, small and bare, for a card, the chosen one marked."""
    spec, colours, follow = cost_figure(result, dark=dark), palette(dark=dark), cost_follows(result)
    chosen = {
        "type": "scatter", "mode": "markers", "x": [float(follow.x[result.row])],
        "y": [result.cost], "hoverinfo": "skip",
        "marker": {"symbol": MARKS["chosen"], "size": 12, "color": colours.chosen},
    }  # fmt: skip
    layout = spec["layout"]
    layout["xaxis"]["visible"] = layout["yaxis"]["visible"] = False
    layout |= {"height": 140, "showlegend": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    return {"data": [*spec["data"], chosen], "layout": layout}
