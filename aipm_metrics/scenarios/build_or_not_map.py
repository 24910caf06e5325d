"""The cheapest way over two knobs at once. Axis letters: `x` and `y` values of the two knobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.build_or_not_knobs import ALONG, OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import ways_of

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs

__all__ = ["Map", "map_of"]

SIDE = 61


@dataclass(frozen=True, slots=True)
class Map:
    """The cheapest way at every pair of values of two knobs.

    Attributes
    ----------
    x, y : (x,), (y,) floats, in their knobs' units
    best : (y, x) ints
        Place in `OPTIONS`.
    """

    x: Floats
    y: Floats
    best: Any


def map_of(s: BuildOrNotKnobs) -> Map:
    """Work out the cheapest way over the two knobs of the map, each over its whole range."""
    told = knobs_of(type(s))
    across, up = ALONG[s.across], ALONG[s.up]
    x, y = (np.unique(np.append(told[n].spread(SIDE), getattr(s, n))) for n in (across, up))
    at: dict[str, Floats] = {across: x[None, :], up: y[:, None]}
    if across == up:  # a map of one knob is a row of stripes
        at = {across: np.broadcast_to(x[None, :], (x.size, x.size))}
    ways = ways_of(s.model_copy(update=at), [s.months])
    shape = (y.size, x.size)
    cost = np.stack([np.broadcast_to(ways[o].cost[..., -1], shape) for o in OPTIONS])
    return Map(x, y, cost.argmin(axis=0))
