"""Forecast errors free of units: each over what yesterday's value would have missed by.

Axis letters: `n` hours of the past, `h` hours forecast. Error is forecast less actual.

Hyndman & Koehler (2006), "Another look at measures of forecast accuracy", International Journal
of Forecasting 22, 679-688, for MASE; Makridakis, Spiliotis & Assimakopoulos (2022), "The M5
competition", International Journal of Forecasting 38, 1325-1336, for RMSSE and the scaled
pinball loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["ScaledErrors", "scaled_errors"]


@dataclass(frozen=True, slots=True)
class ScaledErrors:
    """Errors over those of repeating the hour before; ``nan`` where the past never changed.

    Attributes
    ----------
    mase : float
        Mean absolute error, over the past's mean absolute change.
    rmsse : float
        Root of the mean squared error, over the past's mean squared change.
    spl : float
        Mean pinball loss, over the past's mean absolute change.
    """

    mase: float
    rmsse: float
    spl: float


def scaled_errors(
    past: ArrayLike, actual: ArrayLike, forecast: ArrayLike, quantile: float = 0.5
) -> ScaledErrors:
    """Scale a forecast's errors by what repeating the last value would have missed in the past.

    Parameters
    ----------
    past : (n,) floats
        Two or more hours before the forecast.
    actual, forecast : (h,) floats
        A single forecast broadcasts.
    quantile : float, 0 to 1
        Of the pinball loss.

    Raises
    ------
    MetricsError
        When the past is shorter than two hours, or nothing is forecast.
    OutOfRangeError
        When `quantile` is outside [0, 1].

    Examples
    --------
    The past changed by 1 an hour, and the forecast misses by 2: twice as bad as repeating.

    >>> scaled_errors([1, 2, 3], [5], [7]).mase
    2.0
    """
    told, came = np.asarray(past, float), np.asarray(actual, float)
    if told.ndim != 1 or told.size < 2:
        raise MetricsError(f"`past` must have two hours or more in a row; got {told.shape}")
    if not came.size:
        raise MetricsError("`actual` must have an hour or more; got none")
    share = float(within("quantile", quantile, 0, 1))
    error = np.asarray(forecast, float) - came
    pinball = np.where(error < 0, -share * error, (1 - share) * error)
    change, change2 = float(np.abs(np.diff(told)).mean()), float((np.diff(told) ** 2).mean())
    if change == 0:
        return ScaledErrors(np.nan, np.nan, np.nan)
    return ScaledErrors(
        float(np.abs(error).mean() / change), float(np.sqrt((error**2).mean() / change2)),
        float(pinball.mean() / change),
    )  # fmt: skip
