"""What would turn the choice at Peak load: prices, one at a time.

Every cost is a sum of amounts times prices, so that the price at which two choices cost the same
is a closed form: today's, plus what one costs more over what it needs less of. Axis letter: `t`
positions of the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.peak_load_month import PRICES, costs_with

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs
    from aipm_metrics.scenarios.peak_load_month import Month

__all__ = ["NearestFlips", "assumptions_of", "flips_of", "nearest_flips_of"]

NOISE = 1e-9  # of an amount: less than this is rounding


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """The nearest flip point of every number of servers.

    Attributes
    ----------
    knobs
        The prices in use.
    which : (t,) ints
        Which of them is nearest; -1 where none turns the choice within its limits.
    at : (t,) floats, in that knob's unit
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def flips_of(s: PeakLoadKnobs, chosen: Month, compared: Month) -> tuple[Flip, ...]:
    """One flip point per price in use, the nearest first."""
    found = []
    for knob in _prices(s):
        at = float(_turns(s, knob, chosen, compared))
        found.append(Flip(knob, getattr(s, knob.name), at, float(_distance(s, knob, at))))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def nearest_flips_of(s: PeakLoadKnobs, sweep: Month, rivals: NDArray[np.intp]) -> NearestFlips:
    """Nearest flip point of every position against its rival's."""
    knobs = _prices(s)
    at = np.stack([_turns(s, knob, sweep, sweep, rivals) for knob in knobs])
    far = np.stack([_distance(s, knob, at[i]) for i, knob in enumerate(knobs)])
    which = far.argmin(axis=0)
    none = np.isinf(far.min(axis=0))
    nearest = np.take_along_axis(at, which[None], 0)[0]
    return NearestFlips(knobs, np.where(none, -1, which), np.where(none, np.nan, nearest))


def assumptions_of(s: PeakLoadKnobs, rival: float) -> tuple[Assumption, ...]:
    """Every knob in use, the one that moves the saving most first."""
    idle = s.idle(s.__dict__, with_rows=False)
    pair = np.array([[s.servers], [rival]])
    found = []
    for name, knob in knobs_of(type(s)).items():
        if name in idle:
            continue
        value, swing = getattr(s, name), np.nan
        if knob.scale != "choice" and not (knob.constraint or knob.decision):
            half = np.clip(np.array([0.5, 1.5]) * value, knob.low, knob.high)
            here, there = costs_with(s, {"servers": pair, name: half})
            swing = float(np.ptp(there - here))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _prices(s: PeakLoadKnobs) -> tuple[Knob, ...]:
    idle, told = s.idle(s.__dict__, with_rows=False), knobs_of(type(s))
    return tuple(told[name] for name in PRICES if name not in idle)


def _turns(
    s: PeakLoadKnobs, knob: Knob, chosen: Month, compared: Month, rivals: Any = ...
) -> Floats:
    """Price at which both cost the same; ``nan`` outside its limits, and where nothing turns."""
    mine, other = (np.asarray(m.amounts[knob.name], float) for m in (chosen, compared))
    usd = np.asarray(compared.cost, float)[rivals] - np.asarray(chosen.cost, float)
    needs = mine - np.broadcast_to(other, np.shape(compared.cost))[rivals]
    real = np.abs(needs) > NOISE * np.maximum(np.abs(mine), 1.0)
    at = getattr(s, knob.name) + usd / np.where(real, needs, np.inf)
    inside = real & (at >= knob.low) & (at <= knob.high)
    return np.asarray(np.where(inside, at, np.nan))


def _distance(s: PeakLoadKnobs, knob: Knob, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(getattr(s, knob.name))) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))
