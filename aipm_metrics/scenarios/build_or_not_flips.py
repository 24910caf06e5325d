"""What would turn the choice at Build or not, and from what volume on a model pays.

Axis letters: `m` months of the plan, `v` volumes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.models.flips_along import linear_flips
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import MOST_MONTHS, ways_of
from aipm_metrics.scenarios.contract import Assumption

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs, Option
    from aipm_metrics.scenarios.build_or_not_plan import Way

__all__ = [
    "NearestFlips",
    "assumptions_of",
    "break_evens_of",
    "flips_of",
    "nearest_flips_of",
    "volumes_of",
]

# Prices that every cost is linear in.
LINEAR = (
    "model_build", "model_run", "price_per_thousand", "retrain_cost", "rules_build", "rules_run",
    "wage",
)  # fmt: skip
VOLUMES = 257
BREAK_EVENS = ("items_per_month", "auc", "prevalence")


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """The nearest flip point of every plan.

    Attributes
    ----------
    knobs
        The prices searched.
    which : (m,) ints
        Which of them is nearest; -1 where none turns the choice within its limits.
    at : (m,) floats, in that knob's unit
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def flips_of(s: BuildOrNotKnobs, rival: Option) -> tuple[Flip, ...]:
    """One flip point per price, rate or quality in use, the nearest first."""
    found = []
    for name, knob in _priced(s).items():

        def saved(values: Floats, name: str = name) -> Floats:
            ways = ways_of(s.model_copy(update={name: values}), int(s.months))
            here, there = (ways[o].cost[..., -1] for o in (s.option, rival))
            return np.broadcast_to(there - here, values.shape)

        found.append(flip_of(knob, float(getattr(s, name)), saved))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def break_evens_of(s: BuildOrNotKnobs) -> tuple[Flip, ...]:
    """Where a model starts or stops being the cheapest way: volume, quality, positives."""
    told, found = knobs_of(type(s)), []
    for name in BREAK_EVENS:

        def ahead(values: Floats, name: str = name) -> Floats:
            return _ahead(s.model_copy(update={name: values}), int(s.months))[..., -1]

        found.append(flip_of(told[name], float(getattr(s, name)), ahead))
    return tuple(found)


def _ahead(s: BuildOrNotKnobs, months: int) -> Floats:
    """USD a month by which a model is cheaper than the cheapest of the others, (..., m)."""
    ways = ways_of(s, months)
    others = [ways[option].cost for option in OPTIONS if option != "a model"]
    shape = np.broadcast_shapes(ways["a model"].cost.shape, *(cost.shape for cost in others))
    lowest = np.min([np.broadcast_to(cost, shape) for cost in others], axis=0)
    return np.asarray(lowest - ways["a model"].cost)


def volumes_of(s: BuildOrNotKnobs) -> Floats:
    """Items a month from which on a model is the cheapest way, of every plan.

    The highest volume at which it starts to be. Every cost is a straight line in the volume, or
    two that meet where people run out of hours, so that between two volumes close to one another
    the crossing is that of straight lines.

    Returns
    -------
    (m,) floats
        ``nan`` where a model is not cheapest at any volume; the lowest where it always is.
    """
    knob = knobs_of(type(s))["items_per_month"]
    v = knob.spread(VOLUMES)
    if s.people_hours > 0:
        v = np.unique(np.append(v, np.clip(s.people_hours * 60 / s.minutes_per_item, *v[[0, -1]])))
    ahead = _ahead(s.model_copy(update={"items_per_month": v}), MOST_MONTHS).T
    wins = ahead > 0
    starts = wins[:, 1:] & ~wins[:, :-1]
    last = starts.shape[1] - 1 - starts[:, ::-1].argmax(axis=1)
    rows = np.arange(last.size)
    low, high = ahead[rows, last], ahead[rows, last + 1]
    part = np.divide(-low, high - low, out=np.zeros_like(low), where=high != low)
    at = v[last] + part * (v[last + 1] - v[last])
    at = np.where(starts.any(axis=1), at, np.where(wins.all(axis=1), v[0], np.nan))
    return np.where(wins[:, -1], at, np.nan)


def nearest_flips_of(
    s: BuildOrNotKnobs, ways: dict[Option, Way], rivals: NDArray[np.intp]
) -> NearestFlips:
    """Nearest flip point among the prices, of every plan against its rival."""
    del ways
    knobs = tuple(knob for name, knob in _priced(s).items() if name in LINEAR)
    every = np.arange(MOST_MONTHS)
    found = []
    for knob in knobs:

        def saved(values: Floats, knob: Knob = knob) -> Floats:
            moved = ways_of(s.model_copy(update={knob.name: values[0]}))
            cost = {o: np.broadcast_to(moved[o].cost, (values.size, MOST_MONTHS)) for o in OPTIONS}
            there = np.stack([cost[o] for o in OPTIONS])[rivals, :, every]
            return np.asarray(there - cost[s.option].T)

        found.append(linear_flips(knob, saved))
    at = np.stack(found)
    far = np.stack([_distance(s, knob, at[i]) for i, knob in enumerate(knobs)])
    which = far.argmin(axis=0)
    none = np.isinf(far.min(axis=0))
    nearest = np.take_along_axis(at, which[None], 0)[0]
    return NearestFlips(knobs, np.where(none, -1, which), np.where(none, np.nan, nearest))


def assumptions_of(s: BuildOrNotKnobs, rival: Option) -> tuple[Assumption, ...]:
    """Every knob in use, the one that moves the saving most first."""
    idle = s.idle(s.__dict__, with_rows=False)
    found = []
    for name, knob in knobs_of(type(s)).items():
        if name in idle:
            continue
        value, swing = getattr(s, name), np.nan
        if knob.scale != "choice" and not (knob.constraint or knob.decision):
            half = np.clip(np.array([0.5, 1.5]) * value, knob.low, knob.high)
            moved = ways_of(s.model_copy(update={name: half}), int(s.months))
            saved = moved[rival].cost[..., -1] - moved[s.option].cost[..., -1]
            swing = float(np.ptp(saved))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _priced(s: BuildOrNotKnobs) -> dict[str, Knob]:
    idle = s.idle(s.__dict__, with_rows=False)
    told = knobs_of(type(s)).items()
    return {name: knob for name, knob in told if knob.priced and name not in idle}


def _distance(s: BuildOrNotKnobs, knob: Knob, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(getattr(s, knob.name))) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))
