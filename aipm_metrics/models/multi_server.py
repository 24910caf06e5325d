"""M/M/c: Poisson arrivals, exponential service, `servers` equal servers, nobody gives up.

First come, first served. With ``spare = servers service_rate - arrival_rate`` the tail of the
waiting time is ``C exp(-spare x)``, C of `erlang_c`. Rates per any unit of time; times come back
in that unit. Where there is nothing to spare, waits are infinite; that is an answer, not an error.
Without arrivals, an occasional customer would not wait.

Gross, Shortle, Thompson & Harris (2008), "Fundamentals of Queueing Theory", 4th ed., sec. 2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.erlang import erlang_c
from aipm_metrics.models.queue_inputs import at_least_zero, chance, positive, whole
from aipm_metrics.models.sojourn import sojourn_of, sojourns_fall_to

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = [
    "mmc_mean_wait",
    "mmc_sojourn_quantile",
    "mmc_sojourn_tail",
    "mmc_wait_quantile",
    "mmc_wait_tail",
    "wait_at",
]


def mmc_mean_wait(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike) -> Any:
    """Mean time in line, ``C / spare``; infinite where there is nothing to spare.

    Parameters
    ----------
    arrival_rate : float or array, per unit of time
        At least 0.
    service_rate : float or array, per unit of time and server
        Above 0.
    servers : int or array
        Whole, 1 to 100,000. All three broadcast.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    One server, busy 80 % of the time with jobs of 1 s: four jobs ahead of you on average.

    >>> round(float(mmc_mean_wait(0.8, 1, 1)), 12)
    4.0
    """
    delayed, spare = _queue(arrival_rate, service_rate, servers)
    return np.where(spare > 0, delayed / np.where(spare > 0, spare, 1.0), np.inf)[()]


def mmc_wait_tail(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, wait: ArrayLike
) -> Any:
    """Share of customers who wait longer than `wait`, ``C exp(-spare wait)``.

    Parameters
    ----------
    arrival_rate, service_rate, servers
        See `mmc_mean_wait`.
    wait : float or array, the rates' unit of time
        At least 0.

    Returns
    -------
    float or array
        1 where there is nothing to spare.

    Raises
    ------
    MetricsError
        For an input outside its limits.

    Examples
    --------
    At 0 it is the share that waits at all:

    >>> round(float(mmc_wait_tail(0.8, 1, 1, 0)), 12)
    0.8
    """
    delayed, spare = _queue(arrival_rate, service_rate, servers)
    return (delayed * np.exp(-np.maximum(spare, 0) * at_least_zero("wait", wait)))[()]


def mmc_wait_quantile(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, probability: ArrayLike
) -> Any:
    """Time in line that a share `probability` of customers stays within.

    ``max(0, ln(C / (1 - probability)) / spare)``

    Parameters
    ----------
    arrival_rate, service_rate, servers
        See `mmc_mean_wait`.
    probability : float or array, 0 to 1

    Returns
    -------
    float or array
        Infinite where there is nothing to spare, or for a `probability` of 1 where anybody waits.

    Raises
    ------
    MetricsError
        For an input outside its limits.

    Examples
    --------
    Of one server's customers 80 % wait, so that 20 % of them do not wait at all:

    >>> float(mmc_wait_quantile(0.8, 1, 1, 0.2))
    0.0
    """
    delayed, spare = _queue(arrival_rate, service_rate, servers)
    return wait_at(delayed, spare, 1 - np.asarray(chance("probability", probability)))[()]


def mmc_sojourn_tail(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, time: ArrayLike
) -> Any:
    """Share of customers who are not through after `time`: wait and service together.

    ``exp(-mu t) + C mu (exp(-spare t) - exp(-mu t)) / (mu - spare)``, which for ``spare = mu`` is
    ``exp(-mu t) (1 + C mu t)``.

    Parameters
    ----------
    arrival_rate, service_rate, servers
        See `mmc_mean_wait`.
    time : float or array, the rates' unit of time
        At least 0.

    Returns
    -------
    float or array
        1 where there is nothing to spare.

    Raises
    ------
    MetricsError
        For an input outside its limits.

    Examples
    --------
    One server that spares 0.2 per second: the whole time is exponential with that rate.

    >>> round(float(mmc_sojourn_tail(0.8, 1, 1, 5)), 6), round(float(np.exp(-0.2 * 5)), 6)
    (0.367879, 0.367879)
    """
    delayed, spare = _queue(arrival_rate, service_rate, servers)
    mu, t = np.asarray(service_rate, float), np.asarray(at_least_zero("time", time))
    tail, _ = sojourn_of(delayed, np.maximum(spare, 0), mu, t)
    return np.where(spare > 0, tail, 1.0)[()]


def mmc_sojourn_quantile(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, probability: ArrayLike
) -> Any:
    """Time, wait and service together, that a share `probability` of customers stays within.

    Parameters
    ----------
    arrival_rate, service_rate, servers
        See `mmc_mean_wait`.
    probability : float or array, 0 to 1

    Returns
    -------
    float or array
        Infinite where there is nothing to spare, and for a `probability` of 1.

    Raises
    ------
    MetricsError
        For an input outside its limits.

    Examples
    --------
    Without a line, half of the exponential services of mean 1 s are over after ln 2:

    >>> round(float(mmc_sojourn_quantile(0, 1, 1, 0.5)), 6)
    0.693147
    """
    delayed, spare = _queue(arrival_rate, service_rate, servers)
    mu = np.asarray(service_rate, float)
    tail = 1 - np.asarray(chance("probability", probability))
    endless = (spare <= 0) | (tail <= 0)
    spare, tail = np.where(endless, mu, spare), np.where(endless, 0.5, tail)
    one = (np.asarray(a)[..., None] for a in np.broadcast_arrays(delayed, spare, mu))
    found = sojourns_fall_to(tail, np.ones(1), *one)
    return np.where(endless, np.inf, found)[()]


def wait_at(delayed: Any, spare: Any, tail: Any) -> Floats:
    """Where ``delayed exp(-spare x)`` falls to `tail`, for checked floats; see the quantile."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(delayed / tail) / np.where(spare > 0, spare, 1.0)
    found = np.where(delayed > tail, found, 0.0)
    return np.where(spare > 0, found, np.inf)


def _queue(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike
) -> tuple[Floats, Floats]:
    """Share delayed, and what is to spare, of checked inputs."""
    rate = at_least_zero("arrival_rate", arrival_rate)
    mu = positive("service_rate", service_rate)
    c = whole("servers", servers)
    spare = np.asarray(c * mu - rate)
    delayed = np.asarray(erlang_c(rate / mu, c))
    # The two roundings may differ where there is as good as nothing to spare.
    return np.where(spare > 0, delayed, 1.0), spare
