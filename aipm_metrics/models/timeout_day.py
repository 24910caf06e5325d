"""A day of changing demand whose customers give up: one steady state with a timeout per bin.

The pointwise-stationary approximation of `stationary_day`, with `mmc_timeout` in every bin: no
bin is unstable, since those who give up keep the line short. Customers served, customers who gave
up, and how late the served were; with retries, those who gave up come again (see `retries`) and
each bin gets its own rate of offered calls. Axis letters: `d` bins of the day, `g` settings.

Green & Kolesar (1991), Management Science 37, 84-97; Zeltyn & Mandelbaum (2005), Queueing Systems
51, 361-402, sec. 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.queue_inputs import at_least_zero, chance
from aipm_metrics.models.reneging import TimeoutQueue, mmc_timeout
from aipm_metrics.models.stationary_day import shares_of_arrivals
from aipm_metrics.models.tail_quantiles import falls_to

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["TimeoutDay", "timeout_day"]


@dataclass(frozen=True, slots=True)
class TimeoutDay:
    """A day's customers with a timeout, made by `timeout_day`.

    Attributes
    ----------
    rates : (..., d) floats
        Arrivals per unit of time, in every bin.
    share : (..., d) floats
        Of the day's arrivals, in every bin; sums to 1.
    queue
        The steady state of every bin; its fields broadcast to (..., d).
    """

    rates: Floats
    share: Floats
    queue: TimeoutQueue

    @property
    def abandoned_by_bin(self) -> Floats:
        """Share of every bin's customers who give up, (..., d) floats."""
        return np.asarray(self.queue.abandoned)

    @property
    def abandoned(self) -> Any:
        """Share of the day's customers who give up, (...) floats."""
        return self._mixed(self.queue.abandoned)

    @property
    def served(self) -> Any:
        """Share of the day's customers who are served, (...) floats."""
        return self._mixed(1 - self.queue.abandoned)

    @property
    def mean_wait_served(self) -> Any:
        """Mean wait of the day's served customers, (...) floats."""
        served = 1 - self.queue.abandoned
        waits = np.where(served > 0, self.queue.mean_wait_served, 0.0)
        return self._mixed(served * waits) / self.served

    def share_waiting_over(self, limit: ArrayLike) -> Any:
        """Share of all customers, served or not, who wait longer than `limit`, (...) floats.

        Parameters
        ----------
        limit : float or (...) floats, the rates' unit of time
            At least 0; from the timeout on, nobody waits longer.

        Raises
        ------
        MetricsError
            When `limit` is negative or not finite.
        """
        return self._mixed(self.queue.wait_tail(_on_bins(at_least_zero("limit", limit))))

    def served_within(self, limit: ArrayLike) -> Any:
        """Share of all customers who are served and through by `limit`, (...) floats.

        Wait and exponential service together: who gave up, or is late, is not among them.

        Parameters
        ----------
        limit : float or (...) floats, the rates' unit of time
            At least 0.

        Raises
        ------
        MetricsError
            When `limit` is negative or not finite.
        """
        later, _ = self.queue.through_after(_on_bins(at_least_zero("limit", limit)))
        return self._mixed(np.maximum(1 - self.queue.abandoned - later, 0))

    def wait_quantile(self, probability: ArrayLike) -> Any:
        """Wait that a share `probability` of the served stays within, (...) floats.

        Parameters
        ----------
        probability : float or (...) floats, 0 to 1

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        target = self.served * (1 - np.asarray(chance("probability", probability)))
        delayed, _ = self.queue.served_after(0.0)
        none = self._mixed(delayed) <= target
        last = np.max(np.broadcast_to(self.queue.timeout, self.share.shape), axis=-1)

        def tail(x: Floats) -> tuple[Any, Any]:
            parts = self.queue.served_after(x[..., None])
            return self._mixed(parts[0]), self._mixed(parts[1])

        certain = target <= 0  # only the timeout itself is long enough
        found = falls_to(np.where(none | certain, 0.5, target), tail, np.zeros_like(last), last)
        return np.where(none, 0.0, np.where(certain, last, found))[()]

    def sojourn_quantile(self, probability: ArrayLike) -> Any:
        """Time, wait and exponential service, that a share of the served stays within.

        Parameters
        ----------
        probability : float or (...) floats, 0 to 1

        Returns
        -------
        (...) floats
            Infinite for a `probability` of 1.

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        rest = 1 - np.asarray(chance("probability", probability))
        rest, served = np.broadcast_arrays(rest, self.served)
        some = np.where(rest > 0, rest, 0.5)
        mu = np.broadcast_to(self.queue.service_rate, self.share.shape)
        last = np.max(np.broadcast_to(self.queue.timeout, self.share.shape), axis=-1)
        low, high = -np.log(some) / mu.max(axis=-1), last - np.log(some) / mu.min(axis=-1)

        def tail(t: Floats) -> tuple[Any, Any]:
            parts = self.queue.through_after(t[..., None])
            return self._mixed(parts[0]), self._mixed(parts[1])

        found = falls_to(some * served, tail, low, high)
        return np.where(rest > 0, found, np.inf)[()]

    def _mixed(self, by_bin: Any) -> Any:
        return (self.share * by_bin).sum(axis=-1)


def timeout_day(
    rates: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, timeout: ArrayLike
) -> TimeoutDay:
    """Work out a day whose customers leave the line after `timeout`.

    Parameters
    ----------
    rates : (d,) or (..., d) floats, per unit of time
        At least 0. Without any arrivals, the day is that of an occasional customer.
    service_rate : float or (..., d) or (..., 1) floats, per unit of time and server
        Above 0.
    servers : int or (..., d) or (..., 1) ints
        Whole, 1 to 100,000.
    timeout : float or (..., d) or (..., 1) floats, the rates' unit of time
        At least 0 and finite. All broadcast with the bins on the last axis.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Nobody may wait at the only server; a lone customer by night, half of them lost by day:

    >>> day = timeout_day([0.0, 1.0], 1.0, 1, 0.0)
    >>> day.abandoned_by_bin.tolist(), float(day.abandoned)
    ([0.0, 0.5], 0.5)
    """
    queue = mmc_timeout(np.atleast_1d(np.asarray(rates, float)), service_rate, servers, timeout)
    every = np.broadcast_to(queue.arrival_rate, np.shape(queue.abandoned))
    return TimeoutDay(every, shares_of_arrivals(every), queue)


def _on_bins(limit: Any) -> Any:
    return np.asarray(limit)[..., None]
