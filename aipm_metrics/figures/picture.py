"""A picture as plain data, drawn where it is looked at.

A `Spec` is what plotly draws, before plotly has checked it: building and checking figure objects
takes longer than all of the mathematics, and a browser needs neither. Tests build the checked
figure from it. What moves with the hand is not in the spec but beside it, as a `Follow`.
Axis letters: `t` thresholds, `b` points or bins of a hill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import plotly.graph_objects as go

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["Follow", "Hill", "Picture", "Shape", "Spec", "figure"]

Spec = dict[str, Any]
# What people of one cell look like, so that cells differ where colours do not.
Shape = Literal["square", "disc", "diamond", "dot", "triangle", "ring", "cross"]


@dataclass(frozen=True, slots=True)
class Hill:
    """A distribution whose two sides of the threshold have colours of their own.

    Attributes
    ----------
    x, y : (b,) floats
        Points of a line, or centres and heights of bins.
    below, above
        Colours, as CSS.
    binned
    heights : (t,) floats or None
        Its height at every threshold it can be cut at, so that a picture is cut without a
        guess; None for bins, whose height is the bin's.
    """

    x: Floats
    y: Floats
    below: str
    above: str
    binned: bool
    heights: Floats | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """Where the chosen threshold is in a picture, at every threshold.

    Attributes
    ----------
    kind
        "line": a line across at `x`, with a dot at `y` if there is one; "dot": a dot alone.
    x, y : (t,) floats, on the axes of the picture
        ``nan`` where there is nothing to mark.
    hills
        Areas whose colour changes at the line.
    """

    kind: Literal["line", "dot"]
    x: Floats
    y: Floats | None = None
    hills: tuple[Hill, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture that follows the hand.

    Attributes
    ----------
    name
        In code and in file names.
    question, alt
        What it answers; what it shows, for whoever cannot see it.
    spec
        What stands still.
    follow
        What moves.
    """

    name: str
    question: str
    alt: str
    spec: Spec
    follow: Follow


def figure(spec: Spec | go.Figure) -> go.Figure:
    """Build the figure plotly has checked; of a figure, a copy."""
    return go.Figure(spec)
