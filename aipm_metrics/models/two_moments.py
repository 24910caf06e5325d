"""Mean waits from two moments only: gaps and services known by mean and coefficient of variation.

`ca` and `cs` are the standard deviations of gaps and of services over their means; 1 is
exponential. The first is exact for M/G/1 and all are approximations otherwise: for services with
a heavy tail and many servers they are 10 to 25 % too high, for bursts of arrivals too low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.multi_server import mmc_mean_wait
from aipm_metrics.models.queue_inputs import at_least_zero, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "allen_cunneen_mean_wait",
    "kingman_mean_wait",
    "sakasegawa_mean_wait",
    "variability_of",
]


def variability_of(ca: ArrayLike, cs: ArrayLike) -> Any:
    """Half the sum of the squared coefficients of variation, ``(ca**2 + cs**2) / 2``.

    Parameters
    ----------
    ca, cs : float or array
        At least 0.

    Raises
    ------
    MetricsError
        Where one is negative or not finite.

    Examples
    --------
    >>> float(variability_of(1, 1)), float(variability_of(1, 0))
    (1.0, 0.5)
    """
    return (at_least_zero("ca", ca) ** 2 + at_least_zero("cs", cs) ** 2) / 2


def kingman_mean_wait(
    arrival_rate: ArrayLike, mean_s: ArrayLike, ca: ArrayLike, cs: ArrayLike
) -> Any:
    """Mean wait at one server, ``busy / (1 - busy) (ca**2 + cs**2) / 2 mean_s`` (G/G/1).

    Parameters
    ----------
    arrival_rate : float or array, per s
        At least 0.
    mean_s : float or array, s
        Above 0.
    ca, cs
        See `variability_of`.

    Returns
    -------
    float or array, s
        Infinite where the server has no time to spare.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Kingman (1961), "The single server queue in heavy traffic", Mathematical Proceedings of the
    Cambridge Philosophical Society 57, 902-904; in this form Hopp & Spearman (2011), "Factory
    Physics", 3rd ed., sec. 8.6.

    Examples
    --------
    >>> float(kingman_mean_wait(0.5, 1, 1, 1))
    1.0
    """
    mean = positive("mean_s", mean_s)
    busy = np.asarray(at_least_zero("arrival_rate", arrival_rate) * mean)
    idle = np.where(busy < 1, 1 - busy, 1.0)
    return np.where(busy < 1, busy / idle * variability_of(ca, cs) * mean, np.inf)[()]


def allen_cunneen_mean_wait(
    arrival_rate: ArrayLike, mean_s: ArrayLike, servers: ArrayLike, ca: ArrayLike, cs: ArrayLike
) -> Any:
    """Mean wait of M/M/c times ``(ca**2 + cs**2) / 2`` (G/G/c).

    Parameters
    ----------
    arrival_rate, mean_s
        See `kingman_mean_wait`.
    servers : int or array
        Whole, 1 to 100,000.
    ca, cs
        See `variability_of`.

    Returns
    -------
    float or array, s
        Infinite where the servers have no time to spare.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Allen (1990), "Probability, Statistics, and Queueing Theory", 2nd ed., sec. 5.2.2.

    Examples
    --------
    >>> round(float(allen_cunneen_mean_wait(0.5, 1, 1, 1, 0)), 12)
    0.5
    """
    spread = np.asarray(variability_of(ca, cs))
    wait = np.asarray(mmc_mean_wait(arrival_rate, 1 / positive("mean_s", mean_s), servers))
    endless = np.isinf(wait)  # even if nothing varies: then it depends on how the day began
    return np.where(endless, np.inf, np.where(endless, 0.0, wait) * spread)[()]


def sakasegawa_mean_wait(
    arrival_rate: ArrayLike, mean_s: ArrayLike, servers: ArrayLike, ca: ArrayLike, cs: ArrayLike
) -> Any:
    """Mean wait without Erlang C (G/G/c).

    ``(ca**2 + cs**2) / 2 busy**(sqrt(2 (servers + 1)) - 1) / (servers (1 - busy)) mean_s`` with
    ``busy = arrival_rate mean_s / servers``.

    Parameters
    ----------
    arrival_rate, mean_s, servers, ca, cs
        See `allen_cunneen_mean_wait`.

    Returns
    -------
    float or array, s
        Infinite where the servers have no time to spare.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Sakasegawa (1977), "An approximation formula Lq = alpha rho^beta / (1 - rho)", Annals of the
    Institute of Statistical Mathematics 29, 67-75.

    Examples
    --------
    With one server it is Kingman's:

    >>> float(sakasegawa_mean_wait(0.5, 1, 1, 1, 1))
    1.0
    """
    mean, c = positive("mean_s", mean_s), whole("servers", servers)
    busy = np.asarray(at_least_zero("arrival_rate", arrival_rate) * mean / c)
    idle = np.where(busy < 1, 1 - busy, 1.0)
    line = np.minimum(busy, 1) ** (np.sqrt(2 * (c + 1.0)) - 1) / (c * idle)
    return np.where(busy < 1, variability_of(ca, cs) * line * mean, np.inf)[()]
