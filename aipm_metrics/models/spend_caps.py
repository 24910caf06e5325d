"""Caps on what is spent: when they are reached, and what a meter that runs late lets through.

`simulated_overshoot` plays out what `pricing.cap_overshoot` has in one formula.

Calls begin at random, end after a while and are reported a while later; once what is reported
reaches the cap no further call may begin. What had begun and was not yet reported is spent all
the same. Axis letters: `s` replications, `n` calls.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["hourly_bound", "hours_to_cap", "simulated_overshoot"]

ROOM = 6.0  # standard deviations of calls to begin beyond those expected
HAIR = 1e-9  # of a call; a cap a hair above a whole number of calls is that number


def simulated_overshoot(
    cap: float,
    cost_per_call: float,
    calls_per_s: float,
    lag_s: float,
    latency_s: float,
    replications: int,
    rng: np.random.Generator,
) -> Floats:
    """Money spent beyond a cap, once per replication, USD.

    Calls begin as a Poisson process and last an exponential time, so that nobody knows
    beforehand which of them end first; each costs the same.

    Parameters
    ----------
    cap : float, USD
        Must be reached well after the first calls are reported: at least ten times the
        overshoot to be expected. The meter counts whole calls: up to one more is spent where
        the cap is no multiple of their cost.
    cost_per_call, calls_per_s, lag_s, latency_s : floats, above 0; the lag may be 0
        As in `pricing.cap_overshoot`; the latency on average.
    replications
        How many.
    rng
        Where the randomness comes from.

    Returns
    -------
    (s,) floats, USD
        All that is spent, less the cap.

    Raises
    ------
    MetricsError
        When the cap is too low for the calls under way to have settled.

    Examples
    --------
    With hardly a call under way, the cap holds:

    >>> rng = np.random.default_rng(1)
    >>> simulated_overshoot(10, 1, 0.1, 0, 1e-9, 3, rng).tolist()
    [0.0, 0.0, 0.0]
    """
    under_way = calls_per_s * (lag_s + latency_s)
    least = 10 * cost_per_call * max(under_way, 1.0)
    if cap < least:
        raise MetricsError(f"`cap` must be at least {least:g} USD, ten overshoots; got {cap:g}")
    metered = math.ceil(cap / cost_per_call - HAIR)  # calls that the meter lets be reported
    most = metered + under_way
    n = math.ceil(most + ROOM * math.sqrt(most) + ROOM**2)
    begun = np.cumsum(rng.exponential(1 / calls_per_s, (replications, n)), axis=1)
    reported = begun + lag_s + rng.exponential(latency_s, (replications, n))
    blocked_at = np.partition(reported, metered - 1, axis=1)[:, metered - 1]
    calls = (begun <= blocked_at[:, None]).sum(axis=1)
    return np.asarray(calls * cost_per_call - cap, float)


def hours_to_cap(cap: ArrayLike, spend_per_hour: ArrayLike) -> Any:
    """Hours until a steady spend reaches a cap; ``inf`` where nothing is spent.

    Examples
    --------
    >>> float(hours_to_cap(200, 25))
    8.0
    """
    rate, limit = np.asarray(spend_per_hour, float), np.asarray(cap, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate > 0, limit / rate, np.inf)[()]


def hourly_bound(cost_per_call: ArrayLike, calls_per_minute: ArrayLike) -> Any:
    """Most that a rate limit lets be spent in an hour, USD: it is itself a cap.

    ``60 cost_per_call calls_per_minute``

    Examples
    --------
    >>> float(hourly_bound(0.10, 200))
    1200.0
    """
    return np.multiply(cost_per_call, calls_per_minute) * 60.0
