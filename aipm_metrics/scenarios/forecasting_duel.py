"""Two forecasts side by side at Forecasting: by every measure, by what happens, and by rule.

Axis letters: `g` points of a landscape's axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.scenarios.forecasting_knobs import NEW
from aipm_metrics.scenarios.forecasting_month import (
    costs_of_errors,
    month_of,
    quantile_for,
    told_by,
)

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.expected_errors import ExpectedErrors
    from aipm_metrics.scenarios.forecasting_knobs import ForecastingKnobs
    from aipm_metrics.scenarios.forecasting_month import Month, Told

__all__ = [
    "MEASURES", "Duel", "Landscape", "Payer", "Wish", "cheapest_buffer", "duel_of",
    "landscape_of", "who_pays", "wishes_of",
]  # fmt: skip

MEASURES = ("mae", "rmse", "wape", "mape", "smape", "pinball")
WISHES = ("mae", "rmse", "mape", "smape", "pinball")  # WAPE asks for what MAE asks for
POINTS = 41
NOISE = 1e-9  # of a number: less than this is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """The old forecast and the new one, in that order in every pair.

    Attributes
    ----------
    errors
        Measures of error.
    plainly : pair of Month
        Both under today's rule: today's buffer on the forecast.
    chosen : pair of Month
        Both under the chosen buffer.
    best : pair of Month
        Each under its own cheapest buffer.
    """

    errors: tuple[ExpectedErrors, ExpectedErrors]
    plainly: tuple[Month, Month]
    chosen: tuple[Month, Month]
    best: tuple[Month, Month]

    def gained(self, measure: str) -> float:
        """How much less the new forecast is off, as a share of the old one's error."""
        old, new = (float(getattr(e, measure)) for e in self.errors)
        return 1 - new / old if old > 0 else float("nan")

    @property
    def better_by(self) -> tuple[str, ...]:
        """Measures by which the new forecast is the better one, the money's own left aside."""
        return tuple(m for m in MEASURES if m != "pinball" and self.gained(m) > NOISE)

    @property
    def worse_by(self) -> tuple[str, ...]:
        """Measures by which it is the worse one, the money's own left aside."""
        return tuple(m for m in MEASURES if m != "pinball" and self.gained(m) < -NOISE)

    @property
    def worth_of_forecast(self) -> float:
        """USD a month the new forecast saves under today's rule; negative when it costs."""
        return float(self.plainly[0].cost - self.plainly[1].cost)

    @property
    def worth_of_rule(self) -> float:
        """USD a month the cheapest buffer saves on the old forecast."""
        return float(self.plainly[0].cost - self.best[0].cost)

    @property
    def worth_of_both(self) -> float:
        """USD a month that the new forecast under its cheapest buffer saves."""
        return float(self.plainly[0].cost - self.best[1].cost)

    @property
    def in_conflict(self) -> tuple[str, ...]:
        """Measures that disagree with the money, under today's rule."""
        if abs(self.worth_of_forecast) <= NOISE * float(self.plainly[0].cost):
            return ()
        return self.better_by if self.worth_of_forecast < 0 else self.worse_by


@dataclass(frozen=True, slots=True)
class Wish:
    """What a measure of error silently asks for, of the forecast in use.

    Attributes
    ----------
    measure
    quantile
        Of demand that it would have stocked; ``nan`` where the measure is undefined.
    buffer
        That gets there; it need not be within the dial's reach.
    month : Month
        What happens then.
    """

    measure: str
    quantile: float
    buffer: float
    month: Month


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for an error: what one ride short and one too many cost them, and the month.

    Attributes
    ----------
    who
        ``riders``, ``drivers`` or ``company``.
    short, idle
        Of one ride: for riders the chance to stay without it, for the others USD.
    today, here
        A month's worth: rides without a driver, or USD.
    """

    who: str
    short: float
    idle: float
    today: float
    here: float


@dataclass(frozen=True, slots=True)
class Landscape:
    """Cost of trusting a forecast as it is, by how it errs.

    Attributes
    ----------
    bias, spread : (g,) floats, shares of demand
    cost : (g, g) floats, USD a month
        Row by spread, column by bias.
    wape : (g, g) floats
        The measure at the same places.
    """

    bias: Floats
    spread: Floats
    cost: Floats
    wape: Floats


def cheapest_buffer(s: ForecastingKnobs, told: Told, low: float, high: float) -> float:
    """Buffer of lowest cost on the dial; 0 where errors cost nothing."""
    share = float(quantile_for(s))
    if np.isnan(share):
        return 0.0
    return float(np.clip(told.buffer_for(share), low, high))


def duel_of(s: ForecastingKnobs, old: Told, new: Told, low: float, high: float) -> Duel:
    """Lay the two forecasts side by side.

    Parameters
    ----------
    s
    old, new
        The forecasts.
    low, high
        Ends of what a buffer may be.
    """
    share = float(np.nan_to_num(quantile_for(s), nan=0.5))
    both = (old, new)

    def under(buffers: tuple[float, float]) -> tuple[Month, Month]:
        first, second = (month_of(s, t, b) for t, b in zip(both, buffers, strict=True))
        return first, second

    return Duel(
        errors=(old.errors(share, s.zero_policy), new.errors(share, s.zero_policy)),
        plainly=under((s.today_buffer, s.today_buffer)), chosen=under((s.buffer, s.buffer)),
        best=under((cheapest_buffer(s, old, low, high), cheapest_buffer(s, new, low, high))),
    )  # fmt: skip


def wishes_of(s: ForecastingKnobs, told: Told) -> tuple[Wish, ...]:
    """Find the quantile that each measure silently asks for."""
    share = float(np.nan_to_num(quantile_for(s), nan=0.5))
    found = []
    for measure in WISHES:
        buffer = float(told.wished(measure, share))
        known = not np.isnan(buffer)
        month = month_of(s, told, buffer if known else 0.0)
        found.append(Wish(measure, float(month.enough) if known else np.nan, buffer, month))
    return tuple(found)


def who_pays(s: ForecastingKnobs, today: Month, here: Month) -> tuple[Payer, ...]:
    """Tell what each error costs riders, drivers and the company."""
    over, under = (float(c) for c in costs_of_errors(s))
    busy = s.ride_pay * s.rides_per_hour - s.guarantee  # what an idle hour leaves a driver short of
    return (
        Payer("riders", 1 - s.surge_share, 0.0, float(today.lost), float(here.lost)),
        Payer("drivers", 0.0, busy / s.rides_per_hour, *(float(m.idle) * busy
                                                         for m in (today, here))),
        Payer("company", under, over, float(today.cost), float(here.cost)),
    )  # fmt: skip


def landscape_of(s: ForecastingKnobs) -> Landscape:
    """Work out the cost of sending what a forecast says, over its bias and its spread."""
    widest = max(abs(s.old_bias), abs(s.new_bias), 0.2) * 1.5
    highest = max(s.old_spread, s.new_spread, 0.1) * 1.25
    bias = np.linspace(-min(widest, 0.6), min(widest, 1.0), POINTS)
    spread = np.linspace(0.01, min(highest, 2.0), POINTS)
    many: Any = s.model_copy(update={"new_bias": bias, "new_spread": spread[:, None]})
    told = told_by(many, NEW)
    month = month_of(many, told, 0.0)
    short, asked = told.short(0.0), told.rides
    wape = (2 * short + told.sent(0.0) - asked) / asked
    shape = (POINTS, POINTS)
    return Landscape(bias, spread, *(np.broadcast_to(a, shape) for a in (month.cost, wape)))
