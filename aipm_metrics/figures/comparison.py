"""Pictures of two answers side by side: a finished comparison in, plotly figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.figures.style import MARKS, blank, palette
from aipm_metrics.spoken import money, undefined, with_unit

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from aipm_metrics.comparisons.compared import Compared, Turn

__all__ = ["money_figure", "thumbnail", "turn_figure"]

IN_ALL = "in all"
BAR = 52  # px a bar takes, its words above it included


def money_figure(compared: Compared, *, dark: bool) -> go.Figure:
    """Draw what B saves and what it costs more, by cause, and in all."""
    colours = palette(dark=dark)
    names = [*(o.outcome.label for o in compared.parts), IN_ALL]
    usd = np.array([*(o.difference for o in compared.parts), compared.cost_difference])
    per = f" a {compared.per}" if compared.per else ""
    low, high = float(np.nanmin(usd, initial=0.0)), float(np.nanmax(usd, initial=0.0))
    pad = 0.04 * (high - low or 1.0)
    fig = blank(colours, x=f"B saves | B costs more (USD{per})", y="",
                height=80 + BAR * len(names))  # fmt: skip
    # The sign is said by side and by words; the colour repeats it, and differs in grey.
    fig.add_bar(
        x=usd, y=list(range(len(names))), orientation="h", showlegend=False, width=0.36,
        marker={"color": [colours.best if value < 0 else colours.chosen for value in usd]},
        customdata=names, hovertemplate="%{customdata}: %{x:$,.2f}" + per + "<extra></extra>",
    )  # fmt: skip
    notes = [
        # Above its bar, not beside it: a narrow screen has no room for two columns.
        _note(f"{name} <b>{_said(value)}</b>", 0, row - 0.36, colours.ink,
              xref="paper", xanchor="left", bgcolor=colours.paper, borderpad=0)
        for row, (name, value) in enumerate(zip(names, usd, strict=True))
    ]  # fmt: skip
    return fig.update_layout(
        annotations=notes,
        xaxis={
            "range": [low - pad, high + pad], "tickprefix": "$", "tickformat": "~s", "nticks": 5,
            "zeroline": True, "zerolinecolor": colours.compared, "zerolinewidth": 1,
        },
        yaxis={"range": [len(names) - 0.6, -0.7], "visible": False},
    )  # fmt: skip


def _said(usd: float) -> str:
    if undefined(usd) or usd == 0:
        return "undefined" if undefined(usd) else "the same"
    return f"saves {money(-usd)}" if usd < 0 else f"costs {money(usd)} more"


def turn_figure(turn: Turn, *, dark: bool, per: str) -> go.Figure:
    """Draw both costs as one assumption moves, its value now, and where the lines cross."""
    colours, flip = palette(dark=dark), turn.turning.flip
    knob = flip.knob
    unit = f" ({knob.unit})" if knob.unit else ""
    cost = f"cost (USD a {per})" if per else "cost (USD)"
    fig = blank(colours, x=f"{knob.label}{unit}", y=cost, height=340)
    lines = (("A", turn.cost_a, colours.compared, "dash"), ("B", turn.cost_b, colours.chosen, None))
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "x": turn.values, "y": usd, "name": name, "mode": "lines",
            "line": {"color": colour, "width": 2.5, "dash": dash},
            "hovertemplate": f"{name}: " + "%{y:$,.0f} at %{x:,.4g}<extra></extra>",
        }
        for name, usd, colour, dash in lines
    ]  # fmt: skip
    notes = [
        _note(f"<b>{name}</b>", _place(turn.values[-1], knob.scale), float(usd[-1]), colour,
              xanchor="left", xshift=4,
              # the higher above its line and the other below: they may end close together
              yanchor="bottom" if usd[-1] > (turn.cost_a[-1] + turn.cost_b[-1]) / 2 else "top")
        for name, usd, colour, _ in lines
    ]  # fmt: skip
    now = _place(flip.today, knob.scale)
    notes.append(_note(f"now {with_unit(flip.today, knob.unit)}", now, 1, colours.ink,
                       yref="paper", yanchor="bottom"))  # fmt: skip
    if not undefined(flip.at):
        height = float(np.interp(flip.at, turn.values, turn.cost_a))
        told = f"equal at {with_unit(flip.at, knob.unit)}"
        traces.append(
            {"type": "scatter", "x": [flip.at], "y": [height], "mode": "markers", "name": "equal",
             "marker": {"symbol": MARKS["best"], "size": 12, "color": colours.best,
                        "line": {"width": 1.5, "color": colours.paper}},
             "hovertemplate": f"{told}<extra></extra>"}
        )  # fmt: skip
        notes.append(
            _note(told, _place(flip.at, knob.scale), height, colours.ink, showarrow=True, ax=0,
                  ay=-34, arrowhead=0, arrowwidth=1, arrowcolor=colours.compared, standoff=7,
                  bgcolor=colours.paper)
        )  # fmt: skip
    fig.add_traces(traces)
    return fig.update_layout(
        showlegend=False,
        annotations=notes,
        shapes=[
            {"type": "line", "x0": flip.today, "x1": flip.today, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"color": colours.compared, "width": 1, "dash": "dot"}}
        ],
        margin={"t": 34, "r": 28},
        yaxis={"tickprefix": "$", "tickformat": "~s"},
        xaxis={} if knob.scale == "linear" else {"type": "log", "dtick": 1},
    )  # fmt: skip


def _note(text: str, x: float, y: float, colour: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "x": x, "y": y, "showarrow": False,
            "font": {"color": colour, "size": 13}, **more}  # fmt: skip


def _place(value: float, scale: str) -> float:
    """Where an annotation stands: plotly wants the logarithm on a logarithmic axis."""
    return float(value) if scale == "linear" else float(np.log10(value))


def thumbnail(turn: Turn, *, dark: bool) -> go.Figure:
    """Draw the crossing small and bare, for a card."""
    fig = turn_figure(turn, dark=dark, per="")
    hidden = {"visible": False}
    return fig.update_layout(xaxis=hidden, yaxis=hidden, height=140,
                             margin={"l": 0, "r": 0, "t": 0, "b": 0})  # fmt: skip
