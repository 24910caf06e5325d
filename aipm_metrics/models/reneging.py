"""Customers who give up: M/M/c where every wait is cut off after a fixed time.

Whoever is not in service when `timeout` is over leaves the line and costs the servers nothing.
With ``growth = arrival_rate - servers service_rate`` the wait that a customer would face has the
density ``K exp(growth v)`` up to the timeout and falls as ``exp(-servers service_rate v)`` after
it. No load is too much for such a queue: those who give up are what keeps it stable. Rates per any
unit of time. For patience that is itself exponential, see `erlang_a`.

Baccelli & Hebuterne (1981), "On queues with impatient customers", Performance '81, 159-179;
Zeltyn & Mandelbaum (2005), "Call centers with impatient customers: many-server asymptotics of the
M/M/n+G queue", Queueing Systems 51, 361-402, sec. 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import exprel, gammainc

from aipm_metrics.models.erlang import erlang_b
from aipm_metrics.models.queue_inputs import at_least_zero, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["TimeoutQueue", "mmc_timeout"]


@dataclass(frozen=True, slots=True)
class TimeoutQueue:
    """Steady state with a timeout, made by `mmc_timeout`; every field broadcasts.

    Attributes
    ----------
    arrival_rate, service_rate, servers, timeout
        As given.
    delayed : float or array, 0 to 1
        Share of customers who find every server busy.
    abandoned : float or array, 0 to 1
        Share of customers who give up.
    scale : float or array
        Density of the wait faced, at the end of the interval from 0 to `timeout` where it is
        highest; see `wait_tail`.
    """

    arrival_rate: Any
    service_rate: Any
    servers: Any
    timeout: Any
    delayed: Any
    abandoned: Any
    scale: Any

    @property
    def growth(self) -> Any:
        """Rate at which the density of the wait faced grows up to the timeout; may be negative."""
        return self.arrival_rate - self.servers * self.service_rate

    @property
    def mean_wait_served(self) -> Any:
        """Mean wait of the customers who are served; 0 where nobody comes, nan where none is."""
        faced = self.scale * self.timeout**2 * _first_moment(self.growth * self.timeout)
        served = 1 - self.abandoned
        with np.errstate(invalid="ignore"):
            return (np.asarray(faced) / served)[()]

    @property
    def mean_wait(self) -> Any:
        """Mean wait of all customers, the timeout for those who give up."""
        faced = self.scale * self.timeout**2 * _first_moment(self.growth * self.timeout)
        return (np.asarray(faced) + self.abandoned * self.timeout)[()]

    @property
    def busy(self) -> Any:
        """Share of time a server is busy."""
        served = self.arrival_rate * (1 - self.abandoned)
        return np.minimum(served / (self.servers * self.service_rate), 1)  # by rounding

    def wait_tail(self, wait: ArrayLike) -> Any:
        """Share of all customers who wait longer than `wait`; 0 from the timeout on.

        Parameters
        ----------
        wait : float or array, the rates' unit of time
            At least 0.

        Raises
        ------
        MetricsError
            When `wait` is negative or not finite.
        """
        x = np.asarray(at_least_zero("wait", wait))
        tail, _ = self.served_after(x)
        return np.where(x < self.timeout, tail + self.abandoned, 0.0)[()]

    def served_after(self, wait: Any) -> tuple[Floats, Floats]:
        """Share of all customers who are served after longer than `wait`, and its density."""
        left = np.maximum(self.timeout - wait, 0.0)
        falling = np.exp(np.minimum(self.growth, 0) * np.minimum(wait, self.timeout))
        tail = self.scale * falling * left * exprel(-np.abs(self.growth) * left)
        rising = np.exp(-np.maximum(self.growth, 0) * left)
        return np.asarray(tail), np.where(left > 0, self.scale * falling * rising, 0.0)

    def through_after(self, time: Any) -> tuple[Floats, Floats]:
        """Share of all customers who are served and through later than `time`, and its density.

        Wait and exponential service together: those in line until then, and those in service.
        """
        in_line = np.minimum(time, self.timeout)
        both = (self.growth + self.service_rate) * in_line  # in the exponent, while in line
        highest = (
            np.maximum(both, 0) - self.service_rate * time
            - np.maximum(self.growth * self.timeout, 0)
        )  # fmt: skip
        began = self.scale * in_line * np.exp(highest) * exprel(-np.abs(both))
        serving = (1 - self.delayed) * np.exp(-self.service_rate * time) + began
        waiting, _ = self.served_after(time)
        return np.asarray(serving + waiting), np.asarray(self.service_rate * serving)


def mmc_timeout(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, timeout: ArrayLike
) -> TimeoutQueue:
    """M/M/c whose customers leave the line after exactly `timeout`.

    ``K = arrival_rate p[c-1]``, with p that of M/M/c but for a constant, and the share who give up
    is ``K exp(growth timeout) / (c service_rate)`` over the sum of ``p[0] .. p[c-1]``,
    ``K (exp(growth timeout) - 1) / growth`` and that same term.

    Parameters
    ----------
    arrival_rate : float or array, per unit of time
        At least 0.
    service_rate : float or array, per unit of time and server
        Above 0.
    servers : int or array
        Whole, 1 to 100,000.
    timeout : float or array, the rates' unit of time
        At least 0 and finite; with 0 nobody waits, and the share who give up is `erlang_b`.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Nobody may wait at the only server, which is busy half of the time:

    >>> float(mmc_timeout(1, 1, 1, 0).abandoned)
    0.5

    Ten servers with exactly as much work as they can do lose 6.82 % at a timeout of one service:

    >>> round(float(mmc_timeout(10, 1, 10, 1).abandoned), 4)
    0.0682
    """
    rate, tau = at_least_zero("arrival_rate", arrival_rate), at_least_zero("timeout", timeout)
    mu, c = positive("service_rate", service_rate), whole("servers", servers)
    growth = rate - c * mu
    # Everything over the sum of p[0] .. p[c-1] and over the largest exponential, lest it overflow.
    entering = rate * np.asarray(erlang_b(rate / mu, c - 1))
    after = np.exp(np.minimum(growth * tau, 0)) / (c * mu)
    during = tau * exprel(-np.abs(growth) * tau)
    idle = np.exp(-np.maximum(growth * tau, 0))
    whole_sum = idle + entering * (during + after)
    scale = entering / whole_sum
    delayed = np.minimum(scale * (during + after), 1)  # it may be above 1 by rounding
    return TimeoutQueue(rate, mu, c, tau, delayed[()], (scale * after)[()], scale[()])


def _first_moment(growth: Any) -> Floats:
    """Integral of ``v exp(growth v)`` over 0 to 1, divided by ``exp(growth)`` where that grows.

    For a falling exponential it is the incomplete gamma function ``P(2, y) / y**2``, which keeps
    its digits near 0; for a growing one, what that leaves of the whole.
    """
    y = np.abs(np.asarray(growth, float))
    small = y < 1e-6
    far = np.where(small, 1.0, y)
    falling = np.where(small, 0.5 - y / 3, gammainc(2, far) / far**2)
    return np.asarray(np.where(growth > 0, exprel(-y) - falling, falling))
