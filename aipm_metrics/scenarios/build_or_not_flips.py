"""What would turn the choice at Build or not, and what it leans on.

Axis letters: `k` prices, `m` lengths of the plan, `g` values of one knob.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.models.flips_along import linear_flips, nearest_flips
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import LENGTHS, ways_of
from aipm_metrics.scenarios.contract import Assumption

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs, Option

__all__ = ["NearestFlips", "assumptions_of", "distance", "flips_of", "nearest_flips_of"]

# Prices of mistakes move the model's cutoff; every cost is a straight line in all the others.
MISTAKES = ("cost_fn", "cost_fp")
RATES = ("items_per_month", "prevalence", "auc")
PIECES = 17


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """The nearest flip point of every plan.

    Attributes
    ----------
    knobs
        The prices searched.
    each : (k, m) floats, in each knob's unit
        Its own flip point; ``nan`` where it turns nothing within its limits.
    which : (m,) ints
        Which of them is nearest; -1 where none turns the choice.
    at : (m,) floats, in that knob's unit
    """

    knobs: tuple[Knob, ...]
    each: Floats
    which: NDArray[np.intp]
    at: Floats


def nearest_flips_of(s: BuildOrNotKnobs, rivals: NDArray[np.intp]) -> NearestFlips:
    """Flip points of all prices in use, of every plan against what it is compared with.

    Parameters
    ----------
    s
    rivals : (m,) ints
        Place in `OPTIONS`.
    """
    knobs = tuple(knob for name, knob in _priced(s).items() if name not in RATES)
    each = np.stack(
        [_curved(s, knob, rivals) if knob.name in MISTAKES else _straight(s, knob, rivals)
         for knob in knobs]
    )  # fmt: skip
    far = np.stack([distance(s, knob, each[i]) for i, knob in enumerate(knobs)])
    which = far.argmin(axis=0)
    none = np.isinf(far.min(axis=0))
    at = np.take_along_axis(each, which[None], 0)[0]
    return NearestFlips(knobs, each, np.where(none, -1, which), at)


def _straight(s: BuildOrNotKnobs, knob: Knob, rivals: NDArray[np.intp]) -> Floats:
    def saved(values: Floats) -> Floats:
        column = np.broadcast_to(values, (LENGTHS.size, values.size))
        return _saved(s, knob, column, rivals, np.arange(LENGTHS.size))

    return linear_flips(knob, saved)


def _curved(s: BuildOrNotKnobs, knob: Knob, rivals: NDArray[np.intp]) -> Floats:
    def saved(values: Floats, rows: Any) -> Floats:
        return _saved(s, knob, values, rivals, np.arange(LENGTHS.size)[rows])

    pieces = np.append(knob.low, np.geomspace(1e-3, knob.high, PIECES))
    every = np.broadcast_to(pieces, (LENGTHS.size, pieces.size))
    here = float(getattr(s, knob.name))
    return nearest_flips(knob, here, saved, every, np.full(LENGTHS.size, np.inf))


def _saved(
    s: BuildOrNotKnobs, knob: Knob, values: Floats, rivals: NDArray[np.intp], rows: Any
) -> Floats:
    """USD a month that plans of some lengths save as a knob takes (m, g) values, (m, g)."""
    needed = {s.option, *(OPTIONS[i] for i in set(rivals.tolist()))}
    lengths = LENGTHS[rows][:, None, None]
    moved = ways_of(s.model_copy(update={knob.name: values}), lengths, needed)
    cost = {o: np.broadcast_to(way.cost[..., 0], values.shape) for o, way in moved.items()}
    there = cost[s.option]
    for option in moved:
        there = np.where(rivals[rows, None] == OPTIONS.index(option), cost[option], there)
    return np.asarray(there - cost[s.option])


def flips_of(s: BuildOrNotKnobs, rival: Option, nearest: NearestFlips) -> tuple[Flip, ...]:
    """One flip point per price, rate or quality in use, the nearest first."""
    row = int(s.months) - 1
    found = []
    for name, knob in _priced(s).items():
        today = float(getattr(s, name))
        if knob in nearest.knobs:
            at = float(nearest.each[nearest.knobs.index(knob), row])
            found.append(Flip(knob, today, at, float(distance(s, knob, at))))
            continue

        def saved(values: Floats, name: str = name) -> Floats:
            ways = ways_of(s.model_copy(update={name: values}), [s.months], (s.option, rival))
            here, there = (ways[o].cost[..., -1] for o in (s.option, rival))
            return np.broadcast_to(there - here, values.shape)

        found.append(flip_of(knob, today, saved))
    return tuple(sorted(found, key=lambda flip: flip.distance))


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
            moved = ways_of(s.model_copy(update={name: half}), [s.months], (s.option, rival))
            saved = moved[rival].cost[..., -1] - moved[s.option].cost[..., -1]
            swing = float(np.ptp(saved))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _priced(s: BuildOrNotKnobs) -> dict[str, Knob]:
    idle = s.idle(s.__dict__, with_rows=False)
    told = knobs_of(type(s)).items()
    return {name: knob for name, knob in told if knob.priced and name not in idle}


def distance(s: BuildOrNotKnobs, knob: Knob, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(getattr(s, knob.name))) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))
