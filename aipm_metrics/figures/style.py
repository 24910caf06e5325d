"""Colours that mean one thing everywhere, and the frame every picture hangs in.

The four cells differ in hue, in lightness and in shape, so that they can be told apart under
deuteranopia, in grey and in both themes. Axis titles carry units; a chart's heading is the
question it answers and stands in the page, above the picture.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

import plotly.graph_objects as go

from aipm_metrics.models.curves import place
from aipm_metrics.spoken import with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.curves import Spacing

__all__ = [
    "DARK",
    "LIGHT",
    "MARKS",
    "Palette",
    "blank",
    "frame",
    "palette",
    "thin_ticks",
    "threshold_axis",
    "threshold_ticks",
]


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours, as CSS.

    Attributes
    ----------
    caught, wronged, missed, left_alone
        The four cells of the confusion matrix.
    late, viewers, desk, model
        The further causes of cost: two lighter kinds of `missed`, two neutrals.
    chosen, best, compared
        The operating points.
    ink, faint, paper
        Text, grid lines, background.
    """

    caught: str
    wronged: str
    missed: str
    left_alone: str
    late: str
    viewers: str
    desk: str
    model: str
    chosen: str
    best: str
    compared: str
    ink: str
    faint: str
    paper: str

    @property
    def by_name(self) -> dict[str, str]:
        """Every colour by its name."""
        return asdict(self)


LIGHT = Palette(
    caught="#2563a8", wronged="#c27803", missed="#86144f", left_alone="#b6bec9",
    late="#a84379", viewers="#c77ba5", desk="#7b8794", model="#3b4a5e",
    chosen="#101828", best="#0f766e", compared="#667085",
    ink="#1d2939", faint="#e4e7ec", paper="#ffffff",
)  # fmt: skip
DARK = Palette(
    caught="#4a94e6", wronged="#f3b64b", missed="#e86aa6", left_alone="#4b5768",
    late="#f2a3c8", viewers="#a9507f", desk="#8b98a9", model="#c9d2dd",
    chosen="#f9fafb", best="#4fd1c0", compared="#a3adba",
    ink="#e6eaf0", faint="#2a323d", paper="#10151c",
)  # fmt: skip
MARKS = {"chosen": "circle", "best": "diamond", "compared": "square", "point": "diamond-open"}
FONT = '"Source Sans", sans-serif'
FEW = (1e-5, 1e-3, 0.1, 0.9, 0.999)
MANY = (1e-4, 1e-3, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.999)
NINES = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
CLOSE = (
    0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.992, 0.994,
    0.995, 0.996, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99995, 0.99999,
)  # fmt: skip
NINE = 2.5  # log odds; an axis shorter than two of these sees few nines
TICKS = 8  # at most so many labels along a threshold, where a phone must have room for them
WIDE = 14.0  # log odds; a longer axis has room for few labels


def palette(*, dark: bool) -> Palette:
    """Colours of one theme."""
    return DARK if dark else LIGHT


def blank(colours: Palette, *, x: str, y: str, height: int = 320) -> go.Figure:
    """Make an empty picture with both axes titled, units included."""
    return go.Figure(layout=frame(colours, x=x, y=y, height=height))


def frame(colours: Palette, *, x: str, y: str, height: int = 320) -> dict[str, Any]:
    """Lay out an empty picture with both axes titled, units included."""
    # Measuring every label to hide one that sticks out costs a fifth of drawing: there is room.
    axis: dict[str, Any] = {
        "gridcolor": colours.faint, "zeroline": False, "linecolor": colours.faint,
        "automargin": True, "ticklabeloverflow": "allow",
    }  # fmt: skip
    return {
        "height": height,
        "margin": {"l": 8, "r": 24, "t": 12, "b": 8},
        "font": {"color": colours.ink, "size": 13, "family": FONT},
        "paper_bgcolor": colours.paper,  # so that a saved picture keeps its theme
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {**axis, "title": {"text": x, "standoff": 8}},
        "yaxis": {**axis, "title": {"text": y, "standoff": 8}},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hovermode": "closest",
        "dragmode": False,
    }


class Spaced(Protocol):
    """Anything along the threshold that knows how its axis is spaced."""

    @property
    def spacing(self) -> Spacing:
        """By log odds, or by the score itself."""


def threshold_axis(fig: go.Figure, curves: Spaced, shown: Floats, unit: str = "") -> None:
    """Space the x axis as the threshold's slider is, over the thresholds shown."""
    fig.update_xaxes(**threshold_ticks(curves, shown, unit))


def threshold_ticks(curves: Spaced, shown: Floats, unit: str = "") -> dict[str, Any]:
    """Lay out an axis as the threshold's slider is, over the thresholds shown.

    Where all of them lie above one half, the ticks count nines; `unit` is what they are said in.
    """
    low, high = float(place(shown.min(), curves.spacing)), float(place(shown.max(), curves.spacing))
    pad = (high - low) * 0.02
    axis: dict[str, Any] = {"range": [low - pad, high + pad], "tickangle": 0}
    if curves.spacing == "log-odds":
        nines = NINES if high - low > 2 * NINE else CLOSE
        among = nines if low > 0 else FEW if high - low > WIDE else MANY
        ticks = [t for t in among if low <= float(place(t, "log-odds")) <= high]
        axis["tickvals"] = [float(place(t, "log-odds")) for t in ticks]
        axis["ticktext"] = [with_unit(t, unit) for t in ticks]
    return axis


def thin_ticks(fig: go.Figure) -> None:
    """Leave out labels that would touch on a phone; log odds crowd in the middle."""
    axis = fig.layout.xaxis
    apart = (axis.range[1] - axis.range[0]) / TICKS
    kept: list[tuple[float, str]] = []
    for tick in zip(axis.tickvals or (), axis.ticktext or (), strict=True):
        if not kept or tick[0] - kept[-1][0] >= apart:
            kept.append(tick)
    if kept:
        fig.update_xaxes(tickvals=[at for at, _ in kept], ticktext=[text for _, text in kept])
