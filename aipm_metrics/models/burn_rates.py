"""How fast an error budget is spent, and when it is gone.

An SLO promises that a share of requests is good within a window; the rest is the error budget.
The burn rate is how many times faster than evenly it is spent: 1 spends all of it in exactly one
window. Axis letters: `g` settings, `n` minutes. Nothing here is random.

Beyer, Murphy, Rensin, Kawahara & Thorne (2018), "The Site Reliability Workbook", ch. 5,
"Alerting on SLOs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = [
    "MINUTES_A_DAY",
    "bad_share",
    "budget_minutes",
    "budget_spent",
    "burn_rate",
    "minutes_to_exhaustion",
    "rolling_share",
]

MINUTES_A_DAY = 1_440.0
HAIR = 1e-9  # of a share of one: what adding and taking away a long row of counts leaves behind


def bad_share(slo: ArrayLike) -> Any:
    """Error budget as a share of requests, ``1 - slo``.

    Parameters
    ----------
    slo : (g,) floats in [0, 1]

    Raises
    ------
    OutOfRangeError
        When an SLO lies outside [0, 1].

    Examples
    --------
    >>> round(float(bad_share(0.999)), 12)
    0.001
    """
    return 1.0 - within("slo", slo, 0, 1)


def burn_rate(bad: ArrayLike, total: ArrayLike, slo: ArrayLike) -> Any:
    """Say how many times faster than evenly a budget is spent, ``bad / total / (1 - slo)``.

    Parameters
    ----------
    bad, total : (g,) numbers
        Bad requests and all requests of one stretch of time, ``0 <= bad <= total``.
    slo : (g,) floats in [0, 1]

    Returns
    -------
    (g,) floats
        ``nan`` where there are no requests; ``inf`` where something is bad and nothing may be.

    Raises
    ------
    MetricsError
        When more requests are bad than there are, or fewer than none.
    OutOfRangeError
        When an SLO lies outside [0, 1].

    Examples
    --------
    One failure of ten requests against 99.9 %: a hundred times, not the thousand times that ch. 5
    of the SRE Workbook says of a service with 10 requests an hour.

    >>> round(float(burn_rate(1, 10, 0.999)), 9)
    100.0
    """
    n_bad, n = np.asarray(bad, float), np.asarray(total, float)
    if not np.all((n_bad >= 0) & (n_bad <= n)):
        raise MetricsError("`bad` must lie between 0 and `total`, for every stretch of time")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(np.divide(n_bad, n), bad_share(slo))[()]


def budget_minutes(slo: ArrayLike, window_days: ArrayLike) -> Any:
    """Minutes of total outage that spend the whole budget.

    Parameters
    ----------
    slo : (g,) floats in [0, 1]
    window_days : (g,) floats, days

    Examples
    --------
    >>> round(float(budget_minutes(0.999, 30)), 9), round(float(budget_minutes(0.999, 28)), 9)
    (43.2, 40.32)
    """
    return bad_share(slo) * np.asarray(window_days, float) * MINUTES_A_DAY


def budget_spent(
    error_rate: ArrayLike, minutes: ArrayLike, slo: ArrayLike, window_days: ArrayLike
) -> Any:
    """Share of the budget that an incident spends, ``error rate x minutes / budget minutes``.

    Requests are taken to come evenly. More than 1 is more than all of it.

    Parameters
    ----------
    error_rate : (g,) floats in [0, 1]
        Share of requests that are bad while it lasts.
    minutes : (g,) floats
        How long it lasts.
    slo, window_days
        As in `budget_minutes`; an SLO of 1 gives ``inf``, or ``nan`` for no incident.

    Examples
    --------
    An hour of outage against 99.9 % in 30 days:

    >>> round(float(budget_spent(1, 60, 0.999, 30)), 4)
    1.3889
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = within("error_rate", error_rate, 0, 1) * np.asarray(minutes, float)
        return np.divide(lost, budget_minutes(slo, window_days))[()]


def minutes_to_exhaustion(error_rate: ArrayLike, slo: ArrayLike, window_days: ArrayLike) -> Any:
    """Minutes until a steady error rate has spent a whole budget, ``window / burn rate``.

    Parameters
    ----------
    error_rate : (g,) floats in [0, 1]
        ``inf`` comes back where it is 0.
    slo, window_days
        As in `budget_minutes`.

    Examples
    --------
    At a burn rate of 1 it takes the whole window:

    >>> round(float(minutes_to_exhaustion(0.001, 0.999, 30)) / MINUTES_A_DAY, 9)
    30.0
    """
    rate = within("error_rate", error_rate, 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        minutes = np.divide(budget_minutes(slo, window_days), rate)
    return np.where(np.equal(rate, 0), np.inf, minutes)[()]


def rolling_share(bad: ArrayLike, total: ArrayLike, window: int) -> Floats:
    """Share of bad requests in the last `window` minutes, at the end of every minute.

    Differences of cumulative sums, so that a long window costs as little as a short one. Before
    the window is full, what came before the first minute counts as good and as busy as it.

    Parameters
    ----------
    bad, total : (..., n) numbers
        Per minute.
    window
        Minutes, at least 1.

    Returns
    -------
    (..., n) floats
        ``nan`` where the window holds no requests.

    Examples
    --------
    >>> rolling_share([0, 1, 1, 0], [1, 1, 1, 1], 2).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    if window < 1:
        raise MetricsError(f"`window` must be at least 1 minute; got {window}")
    n_bad, n = np.broadcast_arrays(np.asarray(bad, float), np.asarray(total, float))
    before = np.broadcast_to(n[..., :1], (*n.shape[:-1], window))
    busy = np.cumsum(np.concatenate([before, n], axis=-1), axis=-1)
    lost = np.cumsum(np.concatenate([np.zeros_like(before), n_bad], axis=-1), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (lost[..., window:] - lost[..., :-window]) / (
            busy[..., window:] - busy[..., :-window]
        )
    return np.asarray(np.where(np.abs(share) < HAIR, 0.0, np.clip(share, 0, 1)), float)
