"""M/M/c/K: who finds the house full is turned away, and the house never overflows.

Rates per any unit of time. Gross, Shortle, Thompson & Harris (2008), "Fundamentals of Queueing
Theory", 4th ed., sec. 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.birth_death import stationary_shares
from aipm_metrics.models.queue_inputs import at_least_zero, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["FiniteQueue", "mmck"]

MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class FiniteQueue:
    """Steady state with an admission limit; every field broadcasts.

    Attributes
    ----------
    shares : (..., n) floats
        Share of time with 0, 1, ... customers in the house, up to the largest limit.
    turned_away : float or array, 0 to 1
        Share of customers who find it full.
    delayed : float or array, 0 to 1
        Share of the admitted who wait; nan where nobody is admitted.
    mean_wait : float or array
        Of the admitted.
    busy : float or array, 0 to 1
        Share of time a server is busy.
    """

    shares: Floats
    turned_away: Any
    delayed: Any
    mean_wait: Any
    busy: Any


def mmck(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, places: ArrayLike
) -> FiniteQueue:
    """M/M/c with room for `places` customers, those in service included.

    Parameters
    ----------
    arrival_rate : float or array, per unit of time
        At least 0.
    service_rate : float or array, per unit of time and server
        Above 0.
    servers : int or array
        Whole, 1 to 10,000.
    places : int or array
        Whole, at least `servers`, at most 10,000.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    One server, one place to wait, as much work as it can do: all three states are as likely.

    >>> found = mmck(1, 1, 1, 2)
    >>> found.shares.round(6).tolist(), round(float(found.turned_away), 6)
    ([0.333333, 0.333333, 0.333333], 0.333333)
    """
    rate, mu = at_least_zero("arrival_rate", arrival_rate), positive("service_rate", service_rate)
    c, most = whole("servers", servers, high=MOST_PLACES), whole("places", places, high=MOST_PLACES)
    if (np.asarray(c) > most).any():
        raise MetricsError("`places` must be at least `servers`: those in service take one each")
    rate, mu, c, most = (a[..., None] for a in np.broadcast_arrays(rate, mu, c, most))
    state = np.arange(int(most.max(initial=1)) + 1)
    births = np.where(state[:-1] < most, rate, 0.0)
    shares = stationary_shares(births, mu * np.minimum(state[1:], c))
    admitted_in = shares * (state < most)
    admitted = admitted_in.sum(axis=-1)
    in_line = (shares * np.maximum(state - c, 0)).sum(axis=-1)
    entering = rate[..., 0] * admitted
    return FiniteQueue(
        shares,
        (shares * (state == most)).sum(axis=-1)[()],
        ((admitted_in * (state >= c)).sum(axis=-1) / admitted)[()],
        np.divide(in_line, entering, out=np.zeros_like(in_line), where=entering > 0)[()],
        ((shares * np.minimum(state, c)).sum(axis=-1) / c[..., 0])[()],
    )
