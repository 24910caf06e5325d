"""Pictures of how sure a choice is: a finished answer in, plotly figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.figures.style import MARKS, Palette, blank, palette, thin_ticks, threshold_axis
from aipm_metrics.knobs import decision_of
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import decided, decision_noun, money, with_unit

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.sweep import Sweep
    from aipm_metrics.models.tornado import Bar
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["bands_figure", "tornado_figure"]

MOST_BARS = 8
ROW = 46  # px a bar takes, its label included
MARGIN = 0.2  # of the stretch that must be seen, on either side
ROOM = 1.25  # of the dearest thing marked


def bands_figure(found: Uncertainty, thresholds: tuple[float, float], *, dark: bool) -> go.Figure:
    """Draw the cost with its band, and below it where the best threshold lies in how many draws.

    Parameters
    ----------
    found
        The answer, of a question that has a sweep.
    thresholds
        The choice's and its rival's.
    """
    colours, sweep = palette(dark=dark), found.sweep
    knob = decision_of(type(found.scenario))
    noun, unit = decision_noun(knob), knob.unit if knob else ""
    fig = blank(colours, x=noun, y="cost (USD a month)", height=440)
    if sweep is None:
        return fig
    bands = sweep.bands
    ceiling = ROOM * max(found.cost_spread.high, found.rival_cost_spread.high)
    shown = _shown(sweep, thresholds)
    x = place(bands.threshold[shown], sweep.spacing)
    _band(fig, x, bands.high[shown], bands.low[shown], colours)
    fig.add_scatter(x=x, y=bands.middle[shown], name="middle of the draws", mode="lines",
                    line={"color": colours.ink, "width": 2}, customdata=bands.threshold[shown],
                    hovertemplate=f"{noun} %{{customdata:.4g}}: $%{{y:,.0f}}<extra></extra>",
                    )  # fmt: skip
    fig.add_bar(x=place(sweep.best.at, sweep.spacing), y=sweep.best.draws, yaxis="y2",
                name=f"cheapest {noun}", marker_color=colours.best, marker_line_width=0,
                customdata=sweep.best.at,
                hovertemplate="about %{customdata:.3g}: %{y:,} draws<extra></extra>")  # fmt: skip
    fig.update_layout(
        bargap=0,
        yaxis={"domain": [0.34, 1], "range": [0, ceiling], "tickprefix": "$", "tickformat": "~s"},
        yaxis2={**fig.layout.yaxis.to_plotly_json(), "domain": [0, 0.24], "rangemode": "tozero",
                "title": {"text": "draws", "standoff": 8}, "nticks": 3},
    )  # fmt: skip
    threshold_axis(fig, sweep, bands.threshold[shown], unit)
    thin_ticks(fig)
    fig.update_xaxes(anchor="y2")
    _marks(fig, found, sweep, thresholds, colours)
    return fig


def _shown(sweep: Sweep, thresholds: tuple[float, float]) -> slice:
    """Stretch of thresholds to draw: both choices, every draw's best, and a margin."""
    at = sweep.bands.threshold
    occupied = sweep.best.at[sweep.best.draws > 0]
    wanted = place(np.clip([*thresholds, *occupied], at[0], at[-1]), sweep.spacing)
    margin = MARGIN * (float(np.ptp(wanted)) or 1.0)
    places = place(at, sweep.spacing)
    first, last = np.searchsorted(places, [wanted.min() - margin, wanted.max() + margin])
    return slice(max(int(first) - 1, 0), int(last) + 1)


def _band(fig: go.Figure, x: Floats, high: Floats, low: Floats, colours: Palette) -> None:
    edge = {"width": 0.5, "color": colours.compared}
    fig.add_scatter(x=x, y=high, mode="lines", line=edge, showlegend=False, hoverinfo="skip")
    fig.add_scatter(x=x, y=low, mode="lines", line=edge, fill="tonexty", hoverinfo="skip",
                    fillcolor=_faded(colours.compared), name="nine draws of ten")  # fmt: skip


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.28)"


def _marks(
    fig: go.Figure, found: Uncertainty, sweep: Sweep, thresholds: tuple[float, float],
    colours: Palette,
) -> None:  # fmt: skip
    """Mark both choices at the middle of what they cost."""
    ends, knob = sweep.bands.threshold[[0, -1]], decision_of(type(found.scenario))
    for name, kind, colour, threshold, cost in (
        ("compared", "compared", colours.compared, thresholds[1], found.rival_cost_spread),
        ("chosen", "chosen", colours.chosen, thresholds[0], found.cost_spread),
    ):
        fig.add_scatter(
            x=[float(place(np.clip(threshold, *ends), sweep.spacing))], y=[cost.middle],
            mode="markers", name=name,
            marker={"symbol": MARKS[kind], "size": 12, "color": colour,
                    "line": {"width": 1.5, "color": colours.paper}},
            hovertemplate=f"{name}: {decision_noun(knob)} {decided(knob, threshold)}, "
                          f"{money(cost.middle)} a month, "
                          f"nine draws of ten {money(cost.low)} to {money(cost.high)}"
                          "<extra></extra>",
        )  # fmt: skip


def tornado_figure(found: Uncertainty, *, dark: bool) -> go.Figure:
    """Draw how far the saving moves as each assumption goes to its low and to its high."""
    colours, bars = palette(dark=dark), found.tornado[:MOST_BARS]
    fig = blank(colours, x="saved against the comparison (USD a month)", y="",
                height=110 + ROW * max(len(bars), 1))  # fmt: skip
    rows = np.arange(len(bars))
    for name, colour, values, said in (
        ("at its low", colours.compared, [b.at_low for b in bars], [b.low for b in bars]),
        ("at its high", colours.ink, [b.at_high for b in bars], [b.high for b in bars]),
    ):
        fig.add_bar(
            y=rows, x=np.array(values) - found.saving_now, base=found.saving_now, width=0.38,
            orientation="h", name=name, marker_color=colour, marker_line_width=0,
            hovertext=[
                f"{b.knob.label} {name}, {with_unit(v, b.knob.unit)}: saves {money(usd)}"
                for b, v, usd in zip(bars, said, values, strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
    for row, bar in enumerate(bars):
        fig.add_annotation(
            x=0, xref="paper", y=row - 0.4, text=_label(bar), showarrow=False, xanchor="left",
            yanchor="middle", font={"color": colours.ink, "size": 12}, bgcolor=colours.paper,
            borderpad=1,
        )  # fmt: skip
    _lines(fig, found.saving_now, colours)
    fig.update_layout(barmode="overlay")
    ends = [0.0, found.saving_now, *(v for b in bars for v in (b.at_low, b.at_high))]
    pad = 0.06 * (max(ends) - min(ends)) or 1.0
    fig.update_xaxes(tickprefix="$", tickformat="~s", range=[min(ends) - pad, max(ends) + pad])
    return fig.update_yaxes(visible=False, range=[len(bars) - 0.4, -1.2])


def _lines(fig: go.Figure, now: float, colours: Palette) -> None:
    """Draw where things stand, and where the decision flips."""
    for x, dash, width in ((now, "solid", 1), (0.0, "dot", 2)):
        fig.add_vline(x=x, line={"color": colours.compared, "width": width, "dash": dash},
                      layer="below")  # fmt: skip
    fig.add_annotation(
        x=0, y=-0.95, text="here the decision flips", showarrow=False, bgcolor=colours.paper,
        xanchor="left" if now >= 0 else "right", font={"color": colours.ink, "size": 12},
    )  # fmt: skip


def _label(bar: Bar) -> str:
    ends = f"{with_unit(bar.low, bar.knob.unit)} to {with_unit(bar.high, bar.knob.unit)}"
    return f"{bar.knob.label}, {ends}" + ("<b> flips</b>" if bar.flips else "")
