"""What would turn the choice at Forecasting: prices, one at a time, and the new forecast's bias.

Every cost is a sum of amounts times prices, so the price at which two choices cost the same is a
closed form: today's, plus what one costs more over what it needs less of. Axis letter: `t`
buffers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.forecasting_month import PRICES, costs_with

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.forecasting_knobs import ForecastingKnobs
    from aipm_metrics.scenarios.forecasting_month import Month

__all__ = ["NearestFlips", "assumptions_of", "flips_of", "nearest_flips_of"]

NOISE = 1e-9  # of an amount: less than this is rounding


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """The nearest flip point of every buffer.

    Attributes
    ----------
    knobs
        The prices.
    which : (t,) ints
        Which of them is nearest; -1 where none turns the choice within its limits.
    at : (t,) floats, in that knob's unit
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def flips_of(
    s: ForecastingKnobs, rival: ForecastingKnobs, chosen: Month, compared: Month
) -> tuple[Flip, ...]:
    """One flip point per price and one per bias and spread in use, the nearest first.

    A bias and a spread are searched, not solved; they are left out on a person's own hours.
    """
    found = []
    for knob in _prices(s):
        at = float(_turns(s, knob, chosen, compared))
        found.append(Flip(knob, getattr(s, knob.name), at, float(_distance(s, knob, at))))
    idle, told = s.idle(s.__dict__, with_rows=bool(s.rows)), knobs_of(type(s))
    for name in ("new_bias", "new_spread"):
        if name in idle:
            continue

        def saving(values: Floats, name: str = name) -> Floats:
            return costs_with(rival, {name: values}) - costs_with(s, {name: values})

        found.append(flip_of(told[name], float(getattr(s, name)), saving))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def nearest_flips_of(s: ForecastingKnobs, sweep: Month, rivals: Month) -> NearestFlips:
    """Nearest price of every buffer against its rival, (t,) both."""
    knobs = _prices(s)
    at = np.stack([_turns(s, knob, sweep, rivals) for knob in knobs])
    far = np.stack([_distance(s, knob, at[i]) for i, knob in enumerate(knobs)])
    which = far.argmin(axis=0)
    none = np.isinf(far.min(axis=0))
    nearest = np.take_along_axis(at, which[None], 0)[0]
    return NearestFlips(knobs, np.where(none, -1, which), np.where(none, np.nan, nearest))


def assumptions_of(
    s: ForecastingKnobs, rival: ForecastingKnobs, told: tuple[Any, Any] = (None, None)
) -> tuple[Assumption, ...]:
    """Every knob in use, the one that moves the saving most first.

    Parameters
    ----------
    s, rival
        The choice and what it is compared with.
    told
        Their forecasts, where those are not read off the knobs.
    """
    idle, found = s.idle(s.__dict__, with_rows=bool(s.rows)), []
    for name, knob in knobs_of(type(s)).items():
        if name in idle:
            continue
        value, swing = getattr(s, name), np.nan
        if knob.scale != "choice" and not (knob.constraint or knob.decision):
            half = np.clip(np.array([0.5, 1.5]) * value, knob.low, knob.high)
            here, there = (
                costs_with(x, {name: half}, by) for x, by in zip((s, rival), told, strict=True)
            )
            swing = float(np.ptp(there - here))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _prices(s: ForecastingKnobs) -> tuple[Knob, ...]:
    told = knobs_of(type(s))
    return tuple(told[name] for name in PRICES)


def _turns(s: ForecastingKnobs, knob: Knob, chosen: Month, compared: Month) -> Floats:
    """Price at which both cost the same; ``nan`` outside its limits, and where nothing turns."""
    mine, other = (np.asarray(m.amounts[knob.name], float) for m in (chosen, compared))
    needs = mine - other
    real = np.abs(needs) > NOISE * np.maximum(np.abs(mine), 1.0)
    usd = np.asarray(compared.cost, float) - np.asarray(chosen.cost, float)
    at = getattr(s, knob.name) + usd / np.where(real, needs, np.inf)
    inside = real & (at >= knob.low) & (at <= knob.high)
    return np.asarray(np.where(inside, at, np.nan))


def _distance(s: ForecastingKnobs, knob: Knob, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(getattr(s, knob.name))) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))
