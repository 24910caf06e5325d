"""A day of changing demand, one bin at a time: the pointwise-stationary approximation.

Every bin is taken to be in the steady state of its own arrival rate, and the day's customers are
a mixture of the bins', each weighted by its arrivals. That holds where the rate changes slowly
beside the time a line takes to settle; a bin with more work than its servers can do has an
endless wait here, while in the world its backlog spills into later bins. The mean rate, which
hides the peak, is beside it for comparison. Bins are equally long. Axis letters: `d` bins of the
day, `g` settings or draws, any number of axes of them.

Green & Kolesar (1991), "The pointwise stationary approximation for queues with nonstationary
arrivals", Management Science 37, 84-97. `variability` other than 1 is the two-moment
approximation of Allen (1990), "Probability, Statistics, and Queueing Theory", 2nd ed., sec. 5.2.2.

Longer than most modules: a day is asked many questions, each with its limits in its docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.erlang import erlang_c
from aipm_metrics.models.multi_server import wait_at
from aipm_metrics.models.queue_inputs import at_least_zero, chance, positive, whole
from aipm_metrics.models.sojourn import sojourn_of, sojourns_fall_to
from aipm_metrics.models.tail_quantiles import mixture_falls_to

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["StationaryDay", "shares_of_arrivals", "stationary_day"]


@dataclass(frozen=True, slots=True)
class StationaryDay:
    """A day's customers without timeouts, made by `stationary_day`.

    Attributes
    ----------
    rates : (..., d) floats
        Arrivals per unit of time, in every bin.
    service_rate : (..., d) or (..., 1) floats
        Services per unit of time and server.
    servers : (..., d) or (..., 1) ints
    variability : float or array
        Half the sum of the squared coefficients of variation of gaps and of services; 1 for M/M/c.
    share : (..., d) floats
        Of the day's arrivals, in every bin; sums to 1.
    unstable : (..., d) bools
        Where work comes in as fast as it can be done, or faster.
    delayed : (..., d) floats
        Share of a bin's customers who wait; 1 where unstable.
    decay : (..., d) floats
        Rate at which the tail of the wait falls; 0 where unstable.
    """

    rates: Floats
    service_rate: Floats
    servers: Any
    variability: Any
    share: Floats
    unstable: Any
    delayed: Floats
    decay: Floats

    @property
    def unstable_share(self) -> Any:
        """Share of the day's customers who arrive in an unstable bin, (...) floats."""
        return (self.share * self.unstable).sum(axis=-1)

    @property
    def share_delayed(self) -> Any:
        """Share of the day's customers who wait at all, (...) floats."""
        return (self.share * self.delayed).sum(axis=-1)

    @property
    def mean_wait_by_bin(self) -> Floats:
        """Mean wait in every bin, (..., d) floats; infinite where unstable."""
        waits = self.delayed / np.where(self.unstable, 1.0, self.decay)
        return np.where(self.unstable, np.inf, waits)

    @property
    def mean_wait(self) -> Any:
        """Mean wait of the day's customers, (...) floats; infinite with any in an unstable bin."""
        # A bin without customers takes no part, whatever its wait would be.
        return np.where(self.share > 0, self.share * self.mean_wait_by_bin, 0.0).sum(axis=-1)

    def wait_quantile_by_bin(self, probability: ArrayLike) -> Floats:
        """Wait that a share `probability` stays within in every bin, (..., d) floats.

        Parameters
        ----------
        probability : float, 0 to 1

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        tail = 1 - np.asarray(chance("probability", probability))[..., None]
        return wait_at(self.delayed, self.decay, tail)

    def wait_quantile(self, probability: ArrayLike) -> Any:
        """Wait that a share `probability` of the day's customers stays within, (...) floats.

        Parameters
        ----------
        probability : float or (...) floats, 0 to 1

        Returns
        -------
        float or array
            Infinite where more than the rest arrive in unstable bins.

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        tail = 1 - np.asarray(chance("probability", probability))
        return self._wait_at_tail(tail)[()]

    def sojourn_quantile(self, probability: ArrayLike) -> Any:
        """Time, wait and exponential service, that a share stays within, (...) floats.

        Parameters
        ----------
        probability : float or (...) floats, 0 to 1

        Returns
        -------
        float or array
            Infinite where more than the rest arrive in unstable bins.

        Raises
        ------
        MetricsError
            When `probability` is outside [0, 1], or services are not exponential.
        """
        self._exponential()
        tail = 1 - np.asarray(chance("probability", probability))
        return self._sojourn_at_tail(tail)[()]

    def share_waiting_over(self, limit: ArrayLike) -> Any:
        """Share of the day's customers who wait longer than `limit`, (...) floats.

        Parameters
        ----------
        limit : float or (...) floats, the rates' unit of time
            At least 0.

        Raises
        ------
        MetricsError
            When `limit` is negative or not finite.
        """
        limit = np.asarray(at_least_zero("limit", limit))[..., None]
        return (self.share * self.delayed * np.exp(-self.decay * limit)).sum(axis=-1)

    def share_over(self, limit: ArrayLike) -> Any:
        """Share whose wait and exponential service together exceed `limit`, (...) floats.

        Parameters
        ----------
        limit : float or (...) floats, the rates' unit of time
            At least 0.

        Raises
        ------
        MetricsError
            When `limit` is negative or not finite, or services are not exponential.
        """
        self._exponential()
        limit = np.asarray(at_least_zero("limit", limit))[..., None]
        tail, _ = sojourn_of(self.delayed, self.decay, self.service_rate, limit)
        return (self.share * np.where(self.unstable, 1.0, tail)).sum(axis=-1)

    def at_the_mean_rate(self) -> StationaryDay:
        """Return the same day with every bin at the mean rate: what an average would promise.

        Where the number of servers changes over the day, its mean is taken to the nearest whole.
        """
        bins = self.rates.shape[-1]

        def mean(values: Any) -> Any:
            return np.broadcast_to(values, self.rates.shape).sum(axis=-1, keepdims=True) / bins

        servers = np.maximum(np.rint(mean(self.servers)), 1)
        return stationary_day(
            mean(self.rates),
            mean(self.service_rate),
            servers,
            variability=mean(self.variability),
        )

    def _exponential(self) -> None:
        if (np.asarray(self.variability) != 1).any():
            raise MetricsError(
                "`variability` must be 1 for wait and service together; "
                f"got {np.asarray(self.variability).flat[0]:g}"
            )

    def _wait_at_tail(self, tail: Any) -> Floats:
        """Where the day's waiting tail falls to `tail`."""
        weight = np.where(self.unstable, 0.0, self.share * self.delayed)
        left = tail - self.unstable_share
        endless = (left <= 0) & ((self.unstable_share > 0) | (weight.sum(axis=-1) > 0))
        decay = np.where(self.unstable, 1.0, self.decay)
        found = mixture_falls_to(np.where(endless, 1.0, left), weight, decay)
        return np.where(endless, np.inf, found)

    def _sojourn_at_tail(self, tail: Any) -> Floats:
        """Where the day's tail of wait and service falls to `tail`."""
        left = tail - self.unstable_share
        endless = left <= 0
        # Where it never does, any finite place will do: it is put right below.
        share = np.where(self.unstable & ~endless[..., None], 0.0, self.share)
        left = np.where(endless, 0.5, left)
        decay = np.where(self.unstable, self.service_rate, self.decay)
        found = sojourns_fall_to(left, share, self.delayed, decay, self.service_rate)
        return np.where(endless, np.inf, found)


def stationary_day(
    rates: ArrayLike,
    service_rate: ArrayLike,
    servers: ArrayLike,
    *,
    variability: ArrayLike = 1.0,
) -> StationaryDay:
    """Work out the waits of a day whose arrival rate changes from bin to bin.

    Parameters
    ----------
    rates : (d,) or (..., d) floats, per unit of time
        At least 0. Without any arrivals, the day is that of an occasional customer.
    service_rate : float or (..., d) or (..., 1) floats, per unit of time and server
        Above 0.
    servers : int or (..., d) or (..., 1) ints
        Whole, 1 to 100,000. All broadcast with the bins on the last axis.
    variability : float or (..., d) or (..., 1) floats, above 0
        ``(ca**2 + cs**2) / 2`` of gaps and services; 1 is M/M/c and exact in each bin, anything
        else keeps the chance to wait and stretches the wait.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    One server that does one job an hour, half an erlang by night and one and a half by day: three
    in four customers come by day, when the line never ends. The mean rate sees the same, worse:

    >>> day = stationary_day([0.5, 1.5], 1.0, 1)
    >>> day.unstable.tolist(), float(day.unstable_share), float(day.mean_wait)
    ([False, True], 0.75, inf)
    >>> bool(day.at_the_mean_rate().unstable.all())
    True
    """
    rate = np.atleast_1d(at_least_zero("rates", rates))
    mu = np.atleast_1d(positive("service_rate", service_rate))
    c = np.atleast_1d(whole("servers", servers))
    stretch = np.atleast_1d(positive("variability", variability))
    spare = c * mu - rate
    unstable = spare <= 0
    delayed = np.where(unstable, 1.0, erlang_c(rate / mu, c))
    decay = np.where(unstable, 0.0, spare / stretch)
    rate = np.broadcast_to(rate, decay.shape)
    return StationaryDay(rate, mu, c, stretch, shares_of_arrivals(rate), unstable, delayed, decay)


def shares_of_arrivals(rates: Floats) -> Floats:
    """Share of the day's arrivals in every bin; equal shares where nobody arrives.

    Parameters
    ----------
    rates : (..., d) floats, at least 0

    Examples
    --------
    >>> shares_of_arrivals(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist()
    [[0.25, 0.75], [0.5, 0.5]]
    """
    total = rates.sum(axis=-1, keepdims=True)
    even = np.full_like(rates, 1 / rates.shape[-1])
    return np.asarray(np.divide(rates, total, out=even, where=total > 0))
