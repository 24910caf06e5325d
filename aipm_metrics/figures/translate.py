"""Pictures of metrics and what they mean: a finished result in, plotly figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.style import MARKS, Palette, blank, palette
from aipm_metrics.models.metric_algebra import RATIOS
from aipm_metrics.spoken import money, one_in, threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import plotly.graph_objects as go

    from aipm_metrics.models.suspects import Suspects
    from aipm_metrics.scenarios.translate import Change, Month, TranslateResult

__all__ = ["cost_figure", "misfit_figure", "open_figure", "people_figure", "thumbnail"]

Drawn = dict[str, list[dict[str, Any]]]  # traces, annotations and shapes of one picture

CELLS = {
    "caught": ("caught", "caught", "square"),
    "missed": ("missed", "missed", "circle"),
    "wronged": ("wronged", "false alarms", "diamond"),
    "left alone": ("left_alone", "left alone", "square"),
}
CAUSES = {
    "harm": ("missed", "harm of missed cases"),
    "people": ("wronged", "people who leave"),
    "support": ("desk", "support"),
}
NAMES = {
    "prevalence": "prevalence", "flagged_share": "share flagged", "precision": "precision",
    "recall": "recall", "f1": "F1", "fpr": "false positive rate", "accuracy": "accuracy",
    "fnr": "share missed", "volume": "volume", "positives": "positives", "flagged": "flagged",
}  # fmt: skip
PER_ROW = 25
ROOMY = 100  # up to so many icons in a cell, they are drawn large
BLOCK = 400  # more icons than this are one block with its number


def people_figure(result: TranslateResult, *, dark: bool) -> go.Figure:
    """Draw each cell as people out of a round number: those now, those added, those gone."""
    colours, top, per_row = palette(dark=dark), 0.0, PER_ROW
    drawn: Drawn = {"data": [], "annotations": [], "shapes": []}
    if result.people is not None:
        now, after = result.people
        each = [max(now.people[c], after.people[c]) for c in now.people]
        most = max([n for n in each if n <= BLOCK], default=0)
        per_row, size = (PER_ROW, 11) if most <= ROOMY else (2 * PER_ROW, 6)
        for cell in (c for c in CELLS if c in now.people):
            rare = [one_in(f.one_in[cell]) if cell in f.one_in else "" for f in (now, after)]
            counts = now.people[cell], after.people[cell]
            drawn["annotations"].append(_label(top, cell, counts, rare, colours))
            top = _icons(drawn, top + 1.1, cell, counts, per_row, size, colours)
    fig = blank(colours, x="", y="")
    fig.add_traces(drawn["data"])  # all at once: plotly checks the whole list at every addition
    return fig.update_layout(
        annotations=drawn["annotations"], shapes=drawn["shapes"],
        height=int(max(320, 60 + 20 * top)), xaxis={"visible": False, "range": [-1, per_row]},
        yaxis={"visible": False, "range": [top, -0.8]},
    )  # fmt: skip


def _label(
    top: float, cell: str, counts: tuple[int, int], rare: list[str], colours: Palette
) -> dict[str, Any]:
    """Write how many after the change, and how many before."""
    before, then = (word or f"{n:,}" for word, n in zip(rare, counts, strict=True))
    told = f"<b>{then}</b> {CELLS[cell][1]}"
    if before != then:
        told += f", {before} before"
    return {
        "x": -0.6, "y": top, "text": told, "showarrow": False, "xanchor": "left",
        "font": {"color": colours.ink, "size": 14},
    }  # fmt: skip


def _icons(
    drawn: Drawn, top: float, cell: str, counts: tuple[int, int], per_row: int, size: int,
    colours: Palette,
) -> float:  # fmt: skip
    """Draw one cell's people below `top`: filled who stay, ringed who come, faint who go."""
    field, label, symbol = CELLS[cell]
    colour, (now, after) = getattr(colours, field), counts
    if max(counts) > BLOCK:
        drawn["shapes"].append(
            {"type": "rect", "x0": -0.5, "x1": per_row - 0.5, "y0": top - 0.4, "y1": top + 1.9,
             "fillcolor": colour, "line": {"width": 0}}
        )  # fmt: skip
        return top + 3.0
    stay, squeeze = min(now, after), PER_ROW / per_row
    come = {"color": colour, "line": {"color": colours.chosen, "width": 2}}
    gone = {"symbol": f"{symbol}-open", "color": colour, "line": {"width": 1}}
    for first, last, name, marker in (
        (0, stay, label, {"color": colour}),
        (stay, after, f"{label}, more than now", come),
        (stay, now, f"{label}, fewer than now", gone),
    ):
        if last > first:
            i = np.arange(first, last)
            drawn["data"].append(
                {"type": "scatter", "x": i % per_row, "y": top + i // per_row * squeeze,
                 "mode": "markers", "name": name, "hoverinfo": "skip", "showlegend": False,
                 "marker": {"symbol": symbol, "size": size, **marker}}
            )  # fmt: skip
    rows = np.ceil(max(counts) / per_row)
    return top + float(rows) * squeeze + (0.6 if max(counts) else 0.2)


def thumbnail(result: TranslateResult, *, dark: bool) -> go.Figure:
    """Draw the cost along the metric small and bare, for a card."""
    fig = cost_figure(result, dark=dark)
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    fig.update_layout(height=140, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    fig.layout.annotations = ()  # updating with none would keep those there are
    return fig


def _marks(
    result: TranslateResult, colours: Palette
) -> Iterator[tuple[str, str, str, float, Month]]:
    """Points to mark: name, shape, colour, the metric's value, the month there."""

    def mark(change: Change | None, name: str, kind: str, colour: str) -> Iterator[
        tuple[str, str, str, float, Month]
    ]:  # fmt: skip
        if change is not None and change.month is not None and np.isfinite(change.wanted):
            yield name, kind, colour, change.wanted, change.month

    if result.now is not None and result.change is not None:
        yield "now", "compared", colours.compared, result.change.start, result.now
    yield from mark(result.target, "target", "best", colours.best)
    yield from mark(result.change, "after", "chosen", colours.chosen)


def cost_figure(result: TranslateResult, *, dark: bool) -> go.Figure:
    """Draw cost by cause along the metric that changes: now, after, and the target."""
    colours, metric = palette(dark=dark), result.scenario.changed
    fig = blank(colours, x=metric, y="cost (USD a month)", height=380)
    if result.sweep is None:
        return fig
    data: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    top, known = 0.0, []
    for cause, (field, label) in CAUSES.items():
        costs = np.asarray(result.sweep.cost_by_cause[cause], float)
        if np.isfinite(costs).any():
            known.append(cause)
            top += float(np.nanmax(costs))
            data.append(
                {"type": "scatter", "x": result.along, "y": costs, "name": label,
                 "stackgroup": "cause", "mode": "lines", "hoverinfo": "skip",
                 "line": {"width": 0.5, "color": getattr(colours, field)}}
            )  # fmt: skip
    for i, (name, kind, colour, value, there) in enumerate(_marks(result, colours)):
        usd = sum(float(there.cost_by_cause[cause]) for cause in known)
        said = threshold(value) if metric == "F1" else f"{threshold(value, scale=100)} %"
        data.append(
            {"type": "scatter", "x": [value], "y": [usd], "mode": "markers", "name": name,
             "showlegend": False,
             "marker": {"symbol": MARKS[kind], "size": 12, "color": colour,
                        "line": {"width": 1.5, "color": colours.paper}},
             "hovertemplate": f"{name}: {metric} {said}, {money(usd)} a month<extra></extra>"}
        )  # fmt: skip
        labels.append(
            {"x": value, "y": usd, "ax": 0, "ay": -(28 + 18 * (i % 3)), "showarrow": True,
             "arrowwidth": 1, "arrowcolor": colours.compared, "arrowhead": 0, "standoff": 7,
             "text": f"<b>{name}</b> {said}" if kind == "chosen" else f"{name} {said}",
             "font": {"color": colours.ink, "size": 12}, "bgcolor": colours.paper,
             "borderpad": 1}
        )  # fmt: skip
    fig.add_traces(data)
    return fig.update_layout(
        annotations=labels, xaxis={"tickformat": ".3~f" if metric == "F1" else ".3~p"},
        yaxis={"range": [0, (top or 1.0) * 1.3], "tickprefix": "$", "tickformat": "~s"},
    )  # fmt: skip


def open_figure(result: TranslateResult, *, dark: bool) -> go.Figure:
    """Draw the least and the most that each share can be."""
    colours, spans = palette(dark=dark), result.reading.spans
    given = {name for name, _, _ in result.reading.said}
    names = [n for n in RATIOS if np.isfinite(spans[n].low)][::-1]
    fig = blank(colours, x="what it can be", y="", height=60 + 40 * max(len(names), 2))
    for y, name in enumerate(names):
        low, high = spans[name].low, spans[name].high
        fig.add_scatter(
            x=[low, high], y=[y, y], mode="lines+markers", showlegend=False,
            line={"color": colours.chosen if name in given else colours.caught, "width": 6},
            marker={"size": 8, "symbol": "line-ns", "line": {"width": 2, "color": colours.ink}},
            hovertemplate=f"{NAMES[name]}: {low:.3%} to {high:.3%}<extra></extra>",
        )  # fmt: skip
    fig.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    return fig.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[f"<b>{NAMES[n]}</b>" if n in given else NAMES[n] for n in names],
        range=[-0.6, len(names) - 0.4],
    )


def _places(one: Suspects, said: float) -> list[float]:
    """Where one number would have to be, as multiples of what was said."""
    if one.nearest is not None:
        ends = (one.nearest.below, one.nearest.above)
        return [float(end.value) / said for end in ends if end is not None]
    low, high = one.allowed[0].low / said, one.allowed[0].high / said
    return [low, high if np.isfinite(high) else max(low, 1.0) * 1.5]


def misfit_figure(result: TranslateResult, *, dark: bool) -> go.Figure:
    """Draw what each number would have to be if it alone were wrong, as a multiple of it."""
    colours = palette(dark=dark)
    said = {name: value for name, value, _ in result.reading.said}
    single = [one for one in result.reading.suspects if len(one.metrics) == 1][::-1]
    shown = [one for one in single if said[one.metrics[0]] > 0]
    fig = blank(colours, x="as a multiple of the number given", y="",
                height=90 + 50 * max(len(shown), 1))  # fmt: skip
    reach = [1.0]
    for y, one in enumerate(shown):
        name = one.metrics[0]
        places = _places(one, said[name])
        reach += places
        # Between the nearest values of whole cases there is nothing, so nothing is drawn.
        fig.add_scatter(
            x=places, y=[y] * len(places), showlegend=False, name=NAMES[name],
            mode="lines+markers" if one.nearest is None else "markers",
            line={"color": colours.best, "width": 8},
            marker={"size": 12, "symbol": "diamond", "color": colours.best},
            hovertemplate=f"{NAMES[name]}: %{{x:.3f}} times what was said<extra></extra>",
        )  # fmt: skip
    fig.add_vline(x=1, line={"color": colours.chosen, "width": 2})
    fig.add_annotation(
        x=1, y=len(shown) - 0.35, text="as given", showarrow=False, xanchor="left", xshift=6,
        font={"color": colours.ink, "size": 12},
    )  # fmt: skip
    fig.update_xaxes(range=[0, 1.1 * max(reach)], ticksuffix=" x")
    return fig.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=[NAMES[one.metrics[0]] for one in shown],
        range=[-0.6, max(len(shown), 1) - 0.2],
    )  # fmt: skip
