"""One server: M/G/1, M/D/1 and two classes of customers. Rates per any unit of time.

First come, first served within a class; where work comes in as fast as it can be done, waits are
infinite. Gross, Shortle, Thompson & Harris (2008), "Fundamentals of Queueing Theory", 4th ed.,
sec. 5.1 (Pollaczek-Khintchine) and 3.4 (priorities).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queue_inputs import at_least_zero, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["md1_wait_cdf", "mg1_mean_wait", "priority_mean_waits"]

LONGEST = 4000  # services of waiting up to which M/D/1 is worked out


def mg1_mean_wait(arrival_rate: ArrayLike, mean_s: ArrayLike, cv: ArrayLike) -> Any:
    """Mean wait at one server, whatever the services look like (M/G/1).

    ``busy mean_s (1 + cv**2) / (2 (1 - busy))`` with ``busy = arrival_rate mean_s``.

    Parameters
    ----------
    arrival_rate : float or array, per s
        At least 0.
    mean_s : float or array, s
        Mean service time, above 0.
    cv : float or array
        Standard deviation of the service time over its mean, at least 0.

    Returns
    -------
    float or array, s
        Infinite where the server has no time to spare.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Services that are all alike halve the wait:

    >>> float(mg1_mean_wait(0.5, 1, 1)), float(mg1_mean_wait(0.5, 1, 0))
    (1.0, 0.5)
    """
    mean, spread = positive("mean_s", mean_s), np.asarray(at_least_zero("cv", cv))
    busy = np.asarray(at_least_zero("arrival_rate", arrival_rate) * mean)
    idle = np.where(busy < 1, 1 - busy, 1.0)
    return np.where(busy < 1, busy * mean * (1 + spread**2) / (2 * idle), np.inf)[()]


def md1_wait_cdf(arrival_rate: float, mean_s: float, wait: ArrayLike) -> Any:
    """Share of customers who wait at most `wait` when every service takes `mean_s` (M/D/1).

    Crommelin's own sum has terms of either sign and loses all digits after some thirty services.
    With the chance ``Q[m]`` of at most m customers in line it has positive terms only:
    ``sum over j < k of Q[k-1-j] Poisson(j; arrival_rate (k mean_s - wait))``, where k is the first
    whole number of services longer than `wait`.

    Parameters
    ----------
    arrival_rate : float, per s
        At least 0.
    mean_s : float, s
        Above 0.
    wait : float or array, s
        0 to 4,000 services.

    Returns
    -------
    float or array, 0 to 1
        0 where the server has no time to spare.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Crommelin (1932), Post Office Electrical Engineers' Journal 25; Franx (2001), "A simple
    solution for the M/D/c waiting time distribution", Operations Research Letters 29, eq. 5.

    Examples
    --------
    Who does not wait finds the server idle:

    >>> round(float(md1_wait_cdf(0.8, 1, 0)), 12)
    0.2
    """
    rate, service = float(at_least_zero("arrival_rate", arrival_rate)), positive("mean_s", mean_s)
    services = np.asarray(at_least_zero("wait", wait)) / service
    if (services > LONGEST).any():
        raise MetricsError(f"`wait` must be at most {LONGEST} services; got {services.max():g}")
    busy = float(rate * service)
    if busy >= 1:
        return np.zeros_like(services)[()]
    whole = np.floor(services).astype(int)
    in_line = _md1_in_line(busy, int(whole.max(initial=0)) + 1)
    found = np.empty(services.shape)
    for place, k in np.ndenumerate(whole):
        terms = _poisson(busy * (k + 1 - services[place]), k + 1)
        found[place] = in_line[k::-1] @ terms
    return np.minimum(found, 1)[()]


def priority_mean_waits(arrival_rates: ArrayLike, service_rate: ArrayLike) -> Floats:
    """Mean wait of every class when the first in rank goes first (M/M/1, nobody interrupted).

    ``busy / service_rate / ((1 - before) (1 - before - own))``, where `before` is the load of
    all classes of higher rank and `own` that of the class itself.

    Parameters
    ----------
    arrival_rates : (..., k) floats, per unit of time
        At least 0, the class of highest rank first.
    service_rate : float or (..., 1) floats, per unit of time
        Above 0, the same for every class.

    Returns
    -------
    (..., k) floats
        Infinite from the class on that the server cannot keep up with.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Cobham (1954), "Priority assignment in waiting line problems", Operations Research 2, 70-76.

    Examples
    --------
    >>> priority_mean_waits([0.2, 0.6], 1.0).round(9).tolist()
    [1.0, 5.0]
    """
    mu = np.asarray(positive("service_rate", service_rate))
    load = np.atleast_1d(at_least_zero("arrival_rates", arrival_rates)) / mu
    upto = load.cumsum(axis=-1)
    # Whom the server cannot keep up with keeps it busy all the time.
    left = np.minimum(upto[..., -1:], 1) / mu
    served = upto < 1
    room = np.where(served, (1 - upto) * (1 - (upto - load)), 1.0)
    return np.where(served, left / room, np.inf)


def _md1_in_line(busy: float, most: int) -> Floats:
    """Chance of at most 0, 1, ... `most` - 1 customers in line, by counting crossings.

    After a service the number left behind passes from at most n to more as often as back, which
    gives the next chance from sums of positive terms: no digits are lost.
    """
    came = _poisson(busy, most + 2)
    more = 1 - came.cumsum()  # than 0, 1, ... arrivals during one service
    more = np.maximum(more, 0)
    chances = np.zeros(most + 1)
    chances[0] = 1 - busy
    for n in range(most):
        up = chances[0] * more[n] + chances[1 : n + 1] @ more[n:0:-1]
        chances[n + 1] = up / came[0]
    return np.asarray(np.minimum(chances.cumsum()[1:], 1))


def _poisson(mean: float, most: int) -> Floats:
    """Chances of 0, 1, ... `most` - 1 events."""
    steps = np.arange(1, most)
    with np.errstate(under="ignore"):
        return np.asarray(np.exp(-mean) * np.concatenate([[1.0], np.cumprod(mean / steps)]))
