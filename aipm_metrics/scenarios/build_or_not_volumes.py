"""How many items a month a model needs, or bears, to be the cheapest way.

Every cost is a straight line in the number of items, or two that meet where people run out of
hours, so that the ends are exact. Axis letters: `m` lengths of the plan, `v` numbers of items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.scenarios.build_or_not_flips import distance
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import ways_of

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs

__all__ = ["Volumes", "break_evens_of", "volumes_of"]

OTHERS = tuple(option for option in OPTIONS if option != "a model")


@dataclass(frozen=True, slots=True)
class Volumes:
    """Items a month over which a model is the cheapest way, for every plan.

    Attributes
    ----------
    low, high : (m,) floats
        ``nan`` where there are none. Of two stretches, the one that today's number is in or
        nearest to, on a log scale.
    least, most : float
        Limits of what was searched; an end that is one of them is no end.
    """

    low: Floats
    high: Floats
    least: float
    most: float


def volumes_of(s: BuildOrNotKnobs) -> Volumes:
    """Find the stretch of volumes over which a model costs less than every other way."""
    knob = knobs_of(type(s))["items_per_month"]
    full = np.clip(s.people_hours * 60 / s.minutes_per_item, knob.low, knob.high)
    v = np.array([knob.low, full, knob.high])
    ahead = _ahead(s.model_copy(update={"items_per_month": v}))
    (low, high), (low2, high2) = (_wins(v[i : i + 2], ahead[:, i : i + 2]) for i in (0, 1))
    joined = (high == full) & (low2 == full)
    high, low2 = np.where(joined, high2, high), np.where(joined, low, low2)
    now = s.items_per_month
    second = _far(low2, high2, now) < _far(low, high, now)
    return Volumes(
        np.where(second, low2, low), np.where(second, high2, high), knob.low, knob.high
    )  # fmt: skip


def _ahead(s: BuildOrNotKnobs) -> Floats:
    """USD a month by which a model is cheaper than each of the others, (option, v, m)."""
    ways = ways_of(s)
    mine = ways["a model"].cost
    return np.stack([np.broadcast_to(ways[o].cost - mine, mine.shape) for o in OTHERS])


def _wins(ends: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    """Stretch between two volumes over which all of these straight lines are above 0, (m,)."""
    (left, right), (at_left, at_right) = ends, (ahead[:, 0], ahead[:, 1])
    turns = (at_left > 0) != (at_right > 0)
    part = np.divide(at_left, at_left - at_right, out=np.zeros_like(at_left), where=turns)
    root = left + part * (right - left)
    low = np.where(at_left > 0, left, np.where(at_right > 0, root, np.inf)).max(axis=0)
    high = np.where(at_right > 0, right, np.where(at_left > 0, root, -np.inf)).min(axis=0)
    none = ~(low < high)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def _far(low: Floats, high: Floats, now: float) -> Floats:
    """How far a volume is from a stretch, on a log scale; ``inf`` from one that is not there."""
    far = np.maximum(np.maximum(np.log(low / now), np.log(now / high)), 0.0)
    return np.where(np.isnan(far), np.inf, far)


def break_evens_of(s: BuildOrNotKnobs, volumes: Volumes) -> tuple[Flip, ...]:
    """Where a model starts or stops being the cheapest way: volume, quality, positives."""
    told, row = knobs_of(type(s)), int(s.months) - 1
    ends = np.array([volumes.low[row], volumes.high[row]])
    ends = ends[(ends > volumes.least) & (ends < volumes.most)]
    knob, now = told["items_per_month"], s.items_per_month
    far = distance(s, knob, ends)
    at, away = (ends[far.argmin()], far.min()) if ends.size else (np.nan, np.inf)
    found = [Flip(knob, now, float(at), float(away))]
    for name in ("auc", "prevalence"):

        def ahead(values: Floats, name: str = name) -> Floats:
            ways = ways_of(s.model_copy(update={name: values}), [s.months])
            costs = [np.broadcast_to(ways[o].cost[..., 0], values.shape) for o in OTHERS]
            return np.asarray(np.min(costs, axis=0) - ways["a model"].cost[..., 0])

        found.append(flip_of(told[name], float(getattr(s, name)), ahead))
    return tuple(found)
