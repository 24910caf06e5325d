"""What a point forecast's errors will be, given the law of demand: every measure without a draw.

Mean absolute error, bias and pinball loss are partial expectations (`demand_laws`); MAPE of a
lognormal law is closed; counts are summed; sMAPE of the other laws is a quadrature over the law's
own normal score, cut where the integrand has a corner. Demand below nought, which a normal law
allows, is no demand. **Error is forecast minus actual.**

A measure is least at some quantile of demand, so whoever is paid by the measure forecasts that
quantile: the median for MAE and WAPE, the mean for RMSE, and for MAPE the median of the law whose
density is the demand's divided by demand (Gneiting 2011, "Making and evaluating point forecasts",
JASA 106(494), 746-762: the median of order -1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from aipm_metrics.models.demand_laws import Demand

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.forecast_errors import ZeroPolicy

__all__ = ["ExpectedErrors", "expected_errors", "wished_stock"]

TAIL = 1e-14  # chance of a count beyond the sum
FAR = 10.0  # standard deviations the quadrature reaches
NODES = 80  # of each stretch between two corners
LOOKS = 61  # quantiles tried before the least sMAPE is polished


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedErrors:
    """Measures of error of one forecast, in the unit of demand or as shares.

    Attributes
    ----------
    mae, rmse, bias, wape, mape, smape, pinball
        As in `forecast_errors.ErrorTable`; `mape` is ``nan`` for a normal law, whose demand may
        be as close to nought as you like.
    no_demand
        Share of hours without any.
    """

    mae: float
    rmse: float
    bias: float
    wape: float
    mape: float
    smape: float
    pinball: float
    no_demand: float


def expected_errors(
    of: Demand, forecast: float, quantile: float, zero_policy: ZeroPolicy
) -> ExpectedErrors:
    """Work out the measures of one point forecast.

    Parameters
    ----------
    of : Demand, of scalars
        Law of demand in the hours that get this forecast.
    forecast : float, above 0
    quantile : float in [0, 1]
        Of the pinball loss.
    zero_policy
        Of hours without demand, for MAPE; see `forecast_errors.error_table`.

    Examples
    --------
    The mean of a normal law is off by 0.8 of a standard deviation, and by nothing on average:

    >>> from aipm_metrics.models.demand_laws import demand
    >>> found = expected_errors(demand("normal", 1000, 200), 1000, 0.5, "leave out")
    >>> round(found.mae, 1), round(found.rmse, 1), round(found.bias, 3)
    (159.6, 200.0, -0.0)
    """
    mean = float(of.shortfall(0.0))  # of what demand there is
    short = float(of.shortfall(forecast))
    over = forecast - mean + short
    square = _mean_square(of) - 2 * forecast * mean + forecast**2
    return ExpectedErrors(
        mae=short + over, rmse=float(np.sqrt(max(square, 0.0))), bias=forecast - mean,
        wape=(short + over) / mean, mape=_mape(of, forecast, zero_policy),
        smape=_smape(of, forecast), pinball=quantile * short + (1 - quantile) * over,
        no_demand=0.0 if of.law == "lognormal" else float(of.enough(0.0)),
    )  # fmt: skip


def wished_stock(of: Demand, measure: str, quantile: float) -> float:
    """Forecast with the least error by one measure.

    Parameters
    ----------
    of : Demand, of scalars
    measure
        ``mae``, ``wape``, ``rmse``, ``mape``, ``smape`` or ``pinball``. Hours without demand are
        left out of MAPE.
    quantile : float in [0, 1]
        Of the pinball loss.

    Returns
    -------
    float, in the unit of demand
        ``nan`` where the measure is undefined.

    Examples
    --------
    >>> from aipm_metrics.models.demand_laws import demand
    >>> of = demand("lognormal", 100, 60)
    >>> wished_stock(of, "mape", 0.5) < wished_stock(of, "mae", 0.5) < wished_stock(of, "rmse", 0.5)
    True
    """
    if measure == "rmse":
        return float(of.shortfall(0.0))
    if measure == "smape":
        return _least_smape(of)
    if measure == "mape":
        return _least_mape(of)
    asked = float(of.quantile(quantile if measure == "pinball" else 0.5))
    return max(asked, 0.0)  # a normal law may ask for less than nothing


def _mean_square(of: Demand) -> float:
    m, sd = float(of.mean), float(of.sd)
    if of.law != "normal":
        return m**2 + sd**2
    z = m / sd  # of the part above nought
    return (m**2 + sd**2) * float(ndtr(z)) + m * sd * float(
        np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    )


def _mape(of: Demand, f: float, zero_policy: ZeroPolicy) -> float:
    if of.law == "normal":
        return float("nan")
    if of.law == "lognormal":
        s = float(of.log_sd)
        z = (np.log(f) - float(of.log_mean)) / s
        inverse = float(np.exp(-of.log_mean + s**2 / 2))  # mean of 1 / demand
        return float(f * inverse * (2 * ndtr(z + s) - 1) + 1 - 2 * ndtr(z))
    k, chance = _counts(of.law, float(of.mean), float(of.sd))
    ratio = np.abs(f - k) / np.maximum(k, 1.0)
    if zero_policy == "count as one":
        return float(ratio @ chance)
    some = 1 - chance[0]
    return float(ratio[1:] @ chance[1:] / some) if some > 0 else float("nan")


@lru_cache(32)
def _counts(law: str, mean: float, sd: float) -> tuple[Floats, Floats]:
    """Every count worth adding up, and its chance."""
    of = Demand(law, mean, sd)  # type: ignore[arg-type] # a law of counts
    k = np.arange(float(of.quantile(1 - TAIL)) + 2)
    below = of.enough(k)
    return k, np.diff(below, prepend=0.0)


def _smape(of: Demand, f: float) -> float:
    if of.counts:
        k, chance = _counts(of.law, float(of.mean), float(of.sd))
        return float((2 * np.abs(f - k) / (f + k)) @ chance)
    m, sd = float(of.mean), float(of.sd)
    log_mean, log_sd = (float(of.log_mean), float(of.log_sd)) if of.law == "lognormal" else (0, 1)
    corner = (np.log(f) - log_mean) / log_sd if of.law == "lognormal" else (f - m) / sd
    corners = [corner] if of.law == "lognormal" else [-m / sd, corner]
    edges = np.clip(np.array([-FAR, *corners, FAR]), -FAR, FAR)
    nodes, weights = _gauss()
    half = np.diff(edges)[:, None] / 2
    z = edges[:-1, None] + half * (nodes + 1)
    d = np.exp(log_mean + log_sd * z) if of.law == "lognormal" else np.maximum(m + sd * z, 0.0)
    bell = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float((2 * np.abs(f - d) / (f + d) * bell * weights * half).sum())


@lru_cache(1)
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _least_mape(of: Demand) -> float:
    if of.law == "normal":
        return float("nan")
    if of.law == "lognormal":
        return float(np.exp(of.log_mean - of.log_sd**2))
    k, chance = _counts(of.law, float(of.mean), float(of.sd))
    weight = np.cumsum(chance[1:] / k[1:])
    return float(k[1:][np.searchsorted(weight, weight[-1] / 2)])


def _least_smape(of: Demand) -> float:
    tries = np.unique(of.quantile(np.linspace(0.02, 0.98, LOOKS)))
    tries = tries[tries > 0]
    if not tries.size:
        return float("nan")
    losses = [_smape(of, float(f)) for f in tries]
    best = int(np.argmin(losses))
    low, high = float(tries[max(best - 1, 0)]), float(tries[min(best + 1, tries.size - 1)])
    if of.counts or high <= low:
        return float(tries[best])
    found = minimize_scalar(
        lambda f: _smape(of, float(f)), bounds=(low, high), method="bounded",
        options={"xatol": 1e-9 * high},
    )  # fmt: skip
    return float(found.x)
