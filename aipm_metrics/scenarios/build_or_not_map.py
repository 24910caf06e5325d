"""The cheapest way over two knobs at once.

Each knob goes over its range on its own scale, with two exceptions: an AUC is spaced by the
separation behind it, or all that matters would be at its end; a price that could be a billion goes
up to a few times what it is. Axis letters: `x` and `y` values of the two knobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.binormal import Binormal
from aipm_metrics.scenarios.build_or_not_knobs import ALONG, OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import ways_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs

__all__ = ["Axis", "Map", "map_of"]

SIDE = 61
TIMES = 4  # what a price is, and a map goes up to


@dataclass(frozen=True, slots=True)
class Axis:
    """One knob along a side of the map.

    Attributes
    ----------
    knob
    values : (x,) floats, in the knob's unit, ascending
        The scenario's own is one of them.
    """

    knob: Knob
    values: Floats

    def place(self, values: ArrayLike) -> Floats:
        """Where some values stand along the side."""
        if self.knob.name == "auc":
            return np.asarray(Binormal.from_auc(values).separation)
        return self.knob.to_axis(values)


@dataclass(frozen=True, slots=True)
class Map:
    """The cheapest way at every pair of values of two knobs.

    Attributes
    ----------
    across, up : Axis, of x and of y values
    best : (y, x) ints
        Place in `OPTIONS`.
    """

    across: Axis
    up: Axis
    best: NDArray[np.intp]


def map_of(s: BuildOrNotKnobs) -> Map:
    """Work out the cheapest way over the two knobs of the map."""
    x, y = (_axis(s, ALONG[which]) for which in (s.across, s.up))
    at: dict[str, Floats] = {x.knob.name: x.values[None, :], y.knob.name: y.values[:, None]}
    shape = (y.values.size, x.values.size)
    if s.across == s.up:  # a map of one knob is a row of stripes
        at = {x.knob.name: np.broadcast_to(x.values, shape)}
    ways = ways_of(s.model_copy(update=at), [s.months])
    cost = np.stack([np.broadcast_to(ways[o].cost[..., 0], shape) for o in OPTIONS])
    return Map(x, y, cost.argmin(axis=0))


def _axis(s: BuildOrNotKnobs, name: str) -> Axis:
    knob, now = knobs_of(type(s))[name], float(getattr(s, name))
    values = knob.spread(SIDE)
    values[[0, -1]] = knob.low, knob.high  # to the last digit
    if name == "auc":
        low, high = Binormal.from_auc([knob.low, knob.high]).separation
        values = np.clip(Binormal(np.linspace(low, high, SIDE)).auc, knob.low, knob.high)
    elif knob.unit == "USD":
        values = np.linspace(0.0, min(TIMES * max(now, knob.default), knob.high), SIDE)
    return Axis(knob, np.unique(np.append(values, now)))
