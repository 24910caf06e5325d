"""Pictures of shares with their intervals: by score, and month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.figures.style import blank, palette
from aipm_metrics.models.curves import place
from aipm_metrics.spoken import between, share, threshold

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.figures.style import Palette
    from aipm_metrics.models.curves import Spacing
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = ["calibration_figure", "mix_figure", "months_figure"]

CHANCES = (1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
TOO_FEW = "too few to say"
LEAST = 1e-5  # the smallest chance that the calibration's axes reach


def calibration_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw the share of events by score, with intervals, beside what the score says."""
    colours, c = palette(dark=dark), p.calibration
    fig = blank(colours, x="what the score says", y="share of events", height=340)
    if c is None:
        return fig
    spacing: Spacing = "log-odds"
    score, seen = np.asarray(c.score), np.asarray(c.observed.value)
    low, high = np.asarray(c.observed.low), np.asarray(c.observed.high)
    every = np.concatenate([score, seen, low, high])
    inside = every[(every > LEAST) & (every < 1 - LEAST)]
    least = max(float(inside.min(initial=0.5)) / 2, LEAST)
    most = min(1 - (1 - float(inside.max(initial=0.5))) / 2, 1 - LEAST)
    ends = np.array([least, most])
    fig.add_scatter(
        x=place(ends, spacing), y=place(ends, spacing), mode="lines", name="if scores were right",
        line={"color": colours.compared, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    x, y = (place(np.clip(v, least, most), spacing) for v in (score, seen))
    few = c.observed.status != "said"
    fig.add_scatter(
        x=x, y=y, mode="markers", name="a tenth of the rows, 95 % interval",
        marker={"color": colours.caught, "size": 9, "symbol": _symbols(few)},
        error_y={
            "type": "data", "symmetric": False, "color": colours.caught, "thickness": 1.5,
            "array": place(np.clip(high, least, most), spacing) - y,
            "arrayminus": y - place(np.clip(low, least, most), spacing),
        },
        customdata=[
            f"{between(threshold(float(s)), threshold(float(s + m)))} said, {share(float(o))} "
            f"happened ({share(float(lo))} to {share(float(hi))}), {int(n):,} rows"
            for s, m, o, lo, hi, n in zip(score, c.unknown, seen, low, high, c.rows, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    if few.any():
        _explain(fig, colours.caught)
    shown = [t for t in CHANCES if least <= t <= most]
    axis = {"tickvals": place(np.array(shown), spacing), "ticktext": [threshold(t) for t in shown],
            "range": place(ends, spacing).tolist(), "tickangle": 0}  # fmt: skip
    return fig.update_layout(xaxis=axis, yaxis=axis)


def months_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw recall at B, month by month, with intervals."""
    colours = palette(dark=dark)
    told = [(g.name, g.recall) for g in p.months if g.name is not None]
    return _by_month(told, colours, "events caught at B (recall)", colours.caught)


def mix_figure(p: RowsProfile, *, dark: bool) -> go.Figure:
    """Draw the share of events, month by month, with intervals."""
    colours = palette(dark=dark)
    told = [(g.name, g.prevalence) for g in p.months if g.name is not None]
    return _by_month(told, colours, "events among all rows", colours.wronged)


def _by_month(
    told: list[tuple[str, Estimate]], colours: Palette, of: str, colour: str
) -> go.Figure:
    fig = blank(colours, x="month", y=of, height=300)
    months = [name for name, _ in told]
    told = [(name, e) for name, e in told if e.status != "undefined"]
    few = np.array([e.status != "said" for _, e in told], bool)
    value, low, high = (
        np.array([getattr(e, end) for _, e in told]) for end in ("value", "low", "high")
    )
    fig.add_scatter(
        x=[name for name, _ in told], y=value, mode="markers", showlegend=False,
        marker={"size": 8, "color": colour, "symbol": _symbols(few)},
        error_y={"type": "data", "symmetric": False, "array": high - value,
                 "arrayminus": value - low, "color": colour, "thickness": 1.2},
        customdata=[_hover(e) for _, e in told],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    for x, y in _runs(months, {name: e.value for name, e in told if e.status == "said"}):
        fig.add_scatter(
            x=x, y=y, mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": colour, "width": 1.5},
        )  # fmt: skip
    if few.any():
        _explain(fig, colour)
    fig.update_xaxes(
        type="category", categoryorder="array", categoryarray=months, tickangle=0, nticks=6
    )
    most = float(np.nanmax(high, initial=0.0)) or 1.0
    return fig.update_yaxes(range=[0, min(1.15 * most, 1.04)], tickformat=".0%" if most > 0.1
                            else ".1%")  # fmt: skip


def _hover(e: Estimate) -> str:
    ends = f"({share(e.low)} to {share(e.high)})"
    return f"{share(e.value)} {ends}" if e.status == "said" else f"{TOO_FEW} {ends}"


def _symbols(few: NDArray[np.bool_]) -> list[str]:
    """Hollow where a table calls it too few to say."""
    return ["circle-open" if hollow else "circle" for hollow in few]


def _explain(fig: go.Figure, colour: str) -> None:
    """Say in the legend what a hollow point is."""
    fig.add_scatter(
        x=[None], y=[None], mode="markers", name=TOO_FEW, showlegend=True, hoverinfo="skip",
        marker={"color": colour, "size": 8, "symbol": "circle-open"},
    )  # fmt: skip
    fig.update_layout(showlegend=True)


def _runs(months: list[str], said: dict[str, float]) -> list[tuple[list[str], list[float]]]:
    """Split into neighbouring months that can be said: no line leads across one that cannot."""
    runs: list[tuple[list[str], list[float]]] = []
    for before, month in zip([None, *months], months, strict=False):
        if month not in said:
            continue
        if before not in said:
            runs.append(([], []))
        runs[-1][0].append(month)
        runs[-1][1].append(said[month])
    return [run for run in runs if len(run[0]) > 1]
