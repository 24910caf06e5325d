"""How sure is the buffer? Forecasting's own part of `scenarios.uncertainty`.

Every price, bias, spread and volume is drawn; the buffer and the forecast in use are decisions
and stand. The best buffer of a draw is a quantile of its demand, in closed form. Axis letters:
`t` buffers, `s` draws, `g` values of assumptions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.cost_bands import Bands
from aipm_metrics.models.draws import ranks
from aipm_metrics.models.sweep import Sweep, tally
from aipm_metrics.scenarios.forecasting import forecast_of
from aipm_metrics.scenarios.forecasting_knobs import NEW, OLD
from aipm_metrics.scenarios.forecasting_month import month_of, quantile_for
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.forecast_hours import ForecastHours
    from aipm_metrics.scenarios.forecasting import ForecastingResult, ForecastingScenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["cheapest_buffers", "how_sure"]

EVERY = 2  # positions of the hand between two points of a band


def how_sure(result: ForecastingResult) -> Uncertainty:
    """Put the answer of `forecast_outcomes` to the test of its own assumptions.

    Parameters
    ----------
    result
        Its scenario holds the ranges and the seed; its comparison point is the rival.

    Examples
    --------
    >>> from aipm_metrics.scenarios.forecasting import ForecastingScenario, forecast_outcomes
    >>> found = how_sure(forecast_outcomes(ForecastingScenario()))
    >>> found.chance.wins + found.chance.losses, found.best_cost.shape
    (1000, (1000,))
    """
    s = result.scenario
    rows = result.rows
    found = uncertain(
        s, result.rival, rows,  # type: ignore[arg-type] # a person's own hours
        best=lambda varied: cheapest_buffers(s, varied, rows),
    )  # fmt: skip
    at = np.unique(np.append(result.buffers[::EVERY], [s.buffer, result.buffers[-1]]))
    many: Any = s.model_copy(update=found.drawn)
    usd = np.sort(month_of(many, forecast_of(many, s.in_use, rows), at[:, None]).cost, axis=1)
    bands = Bands(at, *usd[:, ranks(usd.shape[1])].T)
    best = tally(found.best, float(at[0]), float(at[-1]), "linear")
    return replace(found, sweep=Sweep("linear", bands, best))


def cheapest_buffers(
    s: ForecastingScenario, varied: Mapping[str, Floats], rows: ForecastHours | None = None
) -> tuple[Floats, Floats]:
    """Cheapest buffer on the forecast in use as assumptions take many values, and lowest cost.

    Parameters
    ----------
    varied
        Values by knob, (g,) each.
    rows
        A person's own hours.

    Returns
    -------
    buffer, cost : (g,) floats
        Within the knob's limits; USD a month, of whichever forecast is the cheaper one then: the
        rival may be the other forecast.
    """
    many: Any = s.model_copy(update=dict(varied))
    knob, found = knobs_of(type(s))["buffer"], {}
    share = np.nan_to_num(quantile_for(many), nan=0.5)
    for which in (OLD, NEW):
        told = forecast_of(many, which, rows)
        buffer = np.clip(told.buffer_for(share), knob.low, knob.high)
        found[which] = buffer, np.asarray(month_of(many, told, buffer).cost, float)
    cost = np.minimum(found[OLD][1], found[NEW][1])
    return np.broadcast_to(found[s.in_use][0], cost.shape), cost
