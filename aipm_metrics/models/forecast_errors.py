"""How wrong forecasts were, by every measure people quote, and what the errors cost.

**Error is forecast minus actual.** Above nought is an over-forecast: too many were got ready.
Below nought is an under-forecast: too few. So a positive bias is a forecast that runs high.

Percentages of an actual of nought are undefined. What is done with those hours is a choice the
caller makes and the answer repeats, with their number: leaving them out, as much software does
without saying so, makes over-forecasting empty hours free. Axis letters: `h` hours, `m` forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.demand_laws import LARGEST
from aipm_metrics.models.newsvendor import critical_ratio

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["ZERO_POLICIES", "ErrorTable", "ZeroPolicy", "error_table", "percentage_errors"]

ZeroPolicy = Literal["leave out", "count as one", "refuse"]
ZERO_POLICIES: tuple[str, ...] = get_args(ZeroPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTable:
    """Measures of error of some forecasts; (m,) floats each, in the unit of demand or as shares.

    Attributes
    ----------
    mae, rmse, bias
        Mean absolute error, root of the mean square, mean error (forecast minus actual).
    wape
        Sum of absolute errors over the sum of actuals; ``nan`` where nothing was asked for.
    mape, smape
        Mean of ``|error| / actual`` and of ``2 |error| / (actual + forecast)``; ``nan`` where no
        hour is left to average.
    pinball
        Mean pinball loss at `quantile`; ``nan`` where both costs are nought.
    cost
        Mean cost an hour: ``cost_over`` per unit over, ``cost_under`` per unit under; it is the
        sum of both costs times the pinball loss.
    quantile : float
        The critical ratio of the two costs.
    zeros : int
        Hours whose actual is nought.
    left_out : int
        Of those, the hours that MAPE leaves out.
    zero_policy
    """

    mae: Floats
    rmse: Floats
    bias: Floats
    wape: Floats
    mape: Floats
    smape: Floats
    pinball: Floats
    cost: Floats
    quantile: float
    zeros: int
    left_out: int
    zero_policy: ZeroPolicy


def error_table(
    actual: ArrayLike,
    forecasts: ArrayLike,
    cost_over: float,
    cost_under: float,
    zero_policy: ZeroPolicy,
) -> ErrorTable:
    """Measure some forecasts of the same hours.

    Parameters
    ----------
    actual : (h,) floats, at least 0
        What was asked for.
    forecasts : (m, h) floats, at least 0
        What was forecast; (h,) is taken for one forecast.
    cost_over, cost_under : floats, at least 0
        Cost of one unit too many and of one too few.
    zero_policy
        Of hours whose actual is nought: ``leave out`` of MAPE, ``count as one`` (divide by 1
        instead), or ``refuse``. For sMAPE only hours with actual and forecast both nought are
        undefined: left out, or no error where nought counts as one.

    Raises
    ------
    MetricsError
        When shapes do not fit, a number is below 0, or an hour is nought and that is refused.

    Examples
    --------
    Three hours, forecast 2 too high, 2 too low and 3 too high; too few costs 4, too many 1:

    >>> found = error_table([10, 20, 30], [[12, 18, 33]], 1, 4, "refuse")
    >>> float(found.bias[0]), round(float(found.cost[0]), 4), found.quantile
    (1.0, 4.3333, 0.8)
    """
    y, f = _checked(actual, forecasts)
    error = f - y  # forecast minus actual
    over = within("cost_over", cost_over, 0, LARGEST) * np.maximum(error, 0.0)
    under = within("cost_under", cost_under, 0, LARGEST) * np.maximum(-error, 0.0)
    cost = (over + under).mean(axis=1)
    mape, smape, zeros = percentage_errors(y, f, zero_policy)
    total = float(y.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        return ErrorTable(
            mae=np.abs(error).mean(axis=1), rmse=np.sqrt((error**2).mean(axis=1)),
            bias=error.mean(axis=1), mape=mape, smape=smape, cost=cost,
            wape=np.abs(error).sum(axis=1) / (total or np.nan),
            pinball=cost / np.float64(cost_over + cost_under or np.nan),
            quantile=float(critical_ratio(cost_over, cost_under)), zeros=zeros,
            left_out=zeros if zero_policy == "leave out" else 0, zero_policy=zero_policy,
        )  # fmt: skip


def percentage_errors(y: Floats, f: Floats, zero_policy: ZeroPolicy) -> tuple[Floats, Floats, int]:
    """MAPE and sMAPE of each forecast, and how many hours are nought; see `error_table`.

    Examples
    --------
    An hour of nought, left out, and one that is 10 % off:

    >>> percentage_errors(np.array([0, 10.0]), np.array([[5, 9.0]]), "leave out")[0].tolist()
    [0.1]
    """
    if zero_policy not in ZERO_POLICIES:
        raise MetricsError(
            f"`zero_policy` must be one of {', '.join(ZERO_POLICIES)}; got {zero_policy}"
        )
    none, wrong = y == 0, np.abs(f - y)
    zeros = int(none.sum())
    if zeros and zero_policy == "refuse":
        raise MetricsError(
            f"`actual` must be above 0 in every hour for MAPE; {zeros} of {y.size} hours are 0. "
            "Leave them out or count them as one."
        )
    both, one = y + f, zero_policy == "count as one"
    mape = _mean_of(wrong, np.where(none, 1.0 if one else np.nan, y))
    return mape, _mean_of(2 * wrong, np.where(both == 0, 1.0 if one else np.nan, both)), zeros


def _mean_of(part: Floats, of: Floats) -> Floats:
    """Mean of a ratio over the hours in which it is defined; ``nan`` where there is none."""
    ratio = part / of
    here = ~np.isnan(ratio)
    many = here.sum(axis=1)
    total = np.where(here, ratio, 0.0).sum(axis=1)
    return np.asarray(np.where(many > 0, total / np.maximum(many, 1), np.nan))


def _checked(actual: ArrayLike, forecasts: ArrayLike) -> tuple[Floats, Floats]:
    y = np.asarray(within("actual", actual, 0, LARGEST), float)
    f = np.atleast_2d(np.asarray(within("forecasts", forecasts, 0, LARGEST), float))
    if y.ndim != 1 or not y.size:
        raise MetricsError(f"`actual` must be one row of at least one hour; got shape {y.shape}")
    if f.ndim != 2 or f.shape[1] != y.size:
        raise MetricsError(
            f"`forecasts` must be rows of {y.size} hours each, as `actual` has; got shape {f.shape}"
        )
    return y, f
