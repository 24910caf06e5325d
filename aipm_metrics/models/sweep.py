"""Everything along the threshold when the assumptions are uncertain: what it costs, what is best.

Axis letters: `b` bins, `s` draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.curves import Spacing, place, value_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.cost_bands import Bands

__all__ = ["Sweep", "Tally", "tally"]

BINS = 120


@dataclass(frozen=True, slots=True)
class Tally:
    """How often the best threshold lies where.

    Attributes
    ----------
    at : (b,) floats, ascending
        The middle of each bin, a threshold.
    draws : (b,) integers
        Draws whose best threshold lies in the bin.
    below, above : int
        Draws whose best threshold lies below or above them all; the rest are in the bins.
    """

    at: Floats
    draws: NDArray[np.int64]
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything along the threshold.

    Attributes
    ----------
    spacing
        How the threshold axis is spaced.
    bands
        The cost.
    best
        The best threshold, on the same axis.
    """

    spacing: Spacing
    bands: Bands
    best: Tally


def tally(best: Floats, low: float, high: float, spacing: Spacing) -> Tally:
    """Count best thresholds in bins of equal width on the axis they are drawn on.

    Parameters
    ----------
    best : (s,) floats
        ``inf`` flags nothing.
    low, high : floats
        The ends of the axis.

    Examples
    --------
    >>> found = tally(np.array([0.0, 5.0, 5.01, 10.0, np.inf]), 1.0, 10.0, "linear")
    >>> int(found.draws.max()), int(found.draws.sum()), found.below, found.above
    (2, 3, 1, 1)
    """
    inside = best[(best >= low) & (best <= high)]
    start, end = place(np.array([low, high]), spacing)
    drawn, edges = np.histogram(place(inside, spacing), BINS, (start, max(end, start + 1e-9)))
    centres = value_at((edges[:-1] + edges[1:]) / 2, spacing)
    return Tally(centres, drawn, int((best < low).sum()), int((best > high).sum()))
