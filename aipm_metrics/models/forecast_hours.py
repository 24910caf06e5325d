"""Hours that have happened: what was asked for, and what two forecasts said.

Counted, not modelled: what a multiple of a forecast leaves short is a sum over hours sorted by how
far demand exceeded the forecast, exact at every multiple. The cheapest multiple is a quantile of
that ratio, each hour weighing as much as its forecast (Koenker & Bassett 1978, "Regression
quantiles", Econometrica 46(1): a regression through the origin on one variable). Axis letters:
`h` hours, `t` buffers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.expected_errors import ExpectedErrors
from aipm_metrics.models.forecast_errors import error_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.forecast_errors import ZeroPolicy

__all__ = ["CountedForecast", "ForecastHours"]

HAIR = 1 + 1e-12  # a stock that only rounding keeps below demand is enough
LOOKS = 41  # multiples tried for the least sMAPE


@dataclass(frozen=True, eq=False)
class CountedForecast:
    """One forecast of hours that have happened.

    Attributes
    ----------
    actual, forecast : (h,) floats, at least 0
    """

    actual: Floats
    forecast: Floats

    @cached_property
    def _sorted(self) -> tuple[Floats, Floats, Floats]:
        """Demand over forecast, ascending; demand and forecast of that hour and all after it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.actual == 0, 0.0, self.actual / self.forecast)
        order = np.argsort(ratio, kind="stable")
        after = (
            np.append(np.cumsum(values[order][::-1])[::-1], 0.0)
            for values in (self.actual, self.forecast)
        )
        return ratio[order], *after  # type: ignore[return-value] # two of them

    @property
    def ratios(self) -> Floats:
        """Demand as a share of the forecast, ascending; infinite where none was forecast."""
        return self._sorted[0]

    @property
    def rides(self) -> float:
        """Mean demand of an hour."""
        return float(self.actual.mean())

    def sent(self, buffer: ArrayLike) -> Any:
        """Mean stock of an hour."""
        return float(self.forecast.mean()) * (1 + np.asarray(buffer, float))

    def short(self, buffer: ArrayLike) -> Any:
        """Mean of what demand exceeds the stock by.

        Examples
        --------
        Two hours forecast as 10, in which 8 and 13 were asked for:

        >>> hours = CountedForecast(np.array([8.0, 13.0]), np.array([10.0, 10.0]))
        >>> float(hours.short(0.0)), float(hours.short(0.3))
        (1.5, 0.0)
        """
        ratio, actual, forecast = self._sorted
        share = 1 + np.asarray(buffer, float)
        first = ratio.searchsorted(share * HAIR, side="right")
        left = actual[first] - share * forecast[first]
        return np.maximum(left, 0.0) / self.actual.size

    def enough(self, buffer: ArrayLike) -> Any:
        """Share of hours whose demand is at most the stock."""
        first = self.ratios.searchsorted((1 + np.asarray(buffer, float)) * HAIR, side="right")
        return first / self.actual.size

    def buffer_for(self, share: ArrayLike) -> Any:
        """Buffer of lowest cost where the critical ratio is `share`.

        Examples
        --------
        >>> hours = CountedForecast(np.array([8.0, 13.0]), np.array([10.0, 10.0]))
        >>> round(float(hours.buffer_for(0.4)), 9), round(float(hours.buffer_for(0.6)), 9)
        (-0.2, 0.3)
        """
        ratio, _, after = self._sorted
        weight = after[0] - after[1:]  # of this hour and all before it
        return _quantile(ratio, weight, np.asarray(share, float)) - 1

    def errors(self, quantile: float, zero_policy: ZeroPolicy) -> ExpectedErrors:
        """Every measure of its errors; see `forecast_errors.error_table`."""
        told = error_table(self.actual, self.forecast, 1 - quantile, quantile, zero_policy)
        each = {
            name: float(getattr(told, name)[0])
            for name in ("mae", "rmse", "bias", "wape", "mape", "smape", "pinball")
        }
        return ExpectedErrors(**each, no_demand=told.zeros / self.actual.size)

    def wished(self, measure: str, quantile: float) -> float:
        """Buffer with the least error by one measure; hours without demand are left out of MAPE."""
        y, f = self.actual, self.forecast
        if measure == "rmse":
            return float(f @ y / (f @ f)) - 1
        if measure == "mape":
            some = y > 0
            ratio = np.where(some, y, 1.0) / np.where(f > 0, f, np.nan)
            kept = some & (f > 0)
            order = np.argsort(ratio[kept], kind="stable")
            weight = np.cumsum((f[kept] / y[kept])[order])
            return float(_quantile(ratio[kept][order], weight, np.asarray(0.5))) - 1
        if measure == "smape":
            tries = np.unique(self.buffer_for(np.linspace(0.02, 0.98, LOOKS)))
            finite = tries[np.isfinite(tries)]
            loss = [error_table(y, f * (1 + b), 1, 1, "leave out").smape[0] for b in finite]
            return float(finite[int(np.argmin(loss))])
        return float(self.buffer_for(quantile if measure == "pinball" else 0.5))


@dataclass(frozen=True, eq=False)
class ForecastHours:
    """Hours with an old forecast and a new one; one forecast alone stands for both.

    Attributes
    ----------
    old, new : CountedForecast
        Of the same hours.

    Examples
    --------
    >>> hours = ForecastHours.of([8, 13], [10, 10], [9, 12])
    >>> len(hours.fingerprint), hours.n_hours
    (16, 2)
    """

    old: CountedForecast
    new: CountedForecast

    @classmethod
    def of(cls, actual: ArrayLike, old: ArrayLike, new: ArrayLike | None = None) -> ForecastHours:
        """Check hours and keep them.

        Parameters
        ----------
        actual, old, new : (h,) floats, at least 0
            What was asked for and what the forecasts said.

        Raises
        ------
        RowsError
            When the numbers cannot be used, and why.
        """
        y = _hours("actual", actual)
        f, g = (
            _hours("the old forecast", old),
            _hours("the new forecast", old if new is None else new),
        )
        if not (y.size == f.size == g.size and y.size > 1):
            raise RowsError(
                "At least two hours with an actual and every forecast are needed; got "
                f"{min(y.size, f.size, g.size)}."
            )
        for name, values in (("The actual", y), ("The old forecast", f), ("The new forecast", g)):
            if not values.any():
                raise RowsError(f"{name} is 0 in every hour. Choose another column.")
        return cls(CountedForecast(y, f), CountedForecast(y, g))

    @property
    def n_hours(self) -> int:
        """How many hours there are."""
        return int(self.old.actual.size)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits by which a link knows these hours."""
        told = np.stack([self.old.actual, self.old.forecast, self.new.forecast]).astype("<f8")
        return hashlib.sha256(told.tobytes()).hexdigest()[:16]


def _quantile(ordered: Floats, weight: Floats, share: Floats) -> Any:
    """First of some ordered values at which their running weight reaches a share of the whole."""
    reached = weight.searchsorted(share * weight[-1] * (1 - 1e-12), side="left")
    return ordered[np.minimum(reached, ordered.size - 1)]


def _hours(name: str, values: ArrayLike) -> Floats:
    array = np.asarray(values, float).ravel() + 0.0
    wrong = ~((array >= 0) & np.isfinite(array))
    if wrong.any():
        raise RowsError(
            f"{name[0].upper()}{name[1:]} must be at least 0 and finite in every hour; "
            f"got {array[wrong][0]:g}."
        )
    return array
