"""How many attempts a request makes, and how their number feeds on itself (see `retries`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from aipm_metrics.models.erlang import delayed_from_lost, erlang_b
from aipm_metrics.models.queue_inputs import at_least_zero, chance, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Attempts", "attempts_per_request", "series", "users_failed"]

MOST_RETRIES = 100
TINY = 1e-290  # a load that stands for none where a formula divides by it


def attempts_per_request(failed: ArrayLike, retries: ArrayLike) -> Any:
    """Count the attempts of an average request, ``1 + p + ... + p**retries``: the amplification.

    Parameters
    ----------
    failed : float or array, 0 to 1
        Share p of attempts that fail, each independently.
    retries : int or array
        Attempts after the first, whole, 0 to 100.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    >>> float(attempts_per_request(0.5, 2)), float(attempts_per_request(1.0, 3))
    (1.75, 4.0)
    """
    return series(chance("failed", failed), whole("retries", retries, 0, MOST_RETRIES))[0][()]


def users_failed(failed: ArrayLike, retries: ArrayLike) -> Any:
    """Share of requests whose attempts all fail, ``p**(retries + 1)``.

    Parameters
    ----------
    failed, retries
        See `attempts_per_request`.

    Raises
    ------
    MetricsError
        For an input outside its limits.

    Examples
    --------
    >>> float(users_failed(0.5, 2))
    0.125
    """
    return (chance("failed", failed) ** (whole("retries", retries, 0, MOST_RETRIES) + 1.0))[()]


@dataclass(frozen=True, slots=True)
class Attempts:
    """A queue and its clients, for work that goes on after they have left; all broadcast."""

    arrival_rate: Any
    service_rate: Any
    servers: Any
    timeout: Any
    retries: Any

    @classmethod
    def of(
        cls,
        arrival_rate: ArrayLike,
        service_rate: ArrayLike,
        servers: ArrayLike,
        timeout: ArrayLike,
        retries: ArrayLike,
    ) -> Self:
        """Check and broadcast the inputs of `retries.retry_points`."""
        return cls(
            *np.broadcast_arrays(
                at_least_zero("arrival_rate", arrival_rate),
                positive("service_rate", service_rate),
                whole("servers", servers),
                at_least_zero("timeout", timeout),
                whole("retries", retries, 0, MOST_RETRIES),
            )
        )

    def picked(self, which: Any) -> Self:
        """Return some of the settings, by their place in the flattened arrays."""
        every = (self.arrival_rate, self.service_rate, self.servers, self.timeout, self.retries)
        return type(self)(*(np.ravel(values)[which] for values in every))

    @property
    def full(self) -> Any:
        """Rate that keeps every server busy."""
        return self.servers * self.service_rate

    def failing(self, offered: Any) -> tuple[Any, Any]:
        """Share of attempts that wait longer than the timeout in M/M/c, and its slope.

        With B and C Erlang's and ``D = c - a (1 - B)``, ``C'/C = (D**2/a + 1 - B - B D) / D`` by
        the quotient rule from ``B' = B D / a``: Jagerman (1974), Bell System Technical Journal 53,
        525-551, eq. 6. At saturation and above every attempt fails.
        """
        below = np.minimum(offered, self.full)
        load = np.maximum(below / self.service_rate, TINY)
        lost = np.asarray(erlang_b(load, self.servers))
        spare = self.servers - load * (1 - lost)
        share = np.asarray(delayed_from_lost(lost, load, self.servers))
        share = share * np.exp(-(self.full - below) * self.timeout)
        growth = (spare**2 / load + 1 - lost - lost * spare) / spare / self.service_rate
        return np.where(offered >= self.full, 1.0, share), share * (growth + self.timeout)

    def excess(self, offered: Any) -> tuple[Any, Any]:
        """By how much the attempts that an offered rate causes exceed it, and the slope."""
        failed, slope = self.failing(offered)
        attempts, more = series(failed, self.retries)
        return self.arrival_rate * attempts - offered, self.arrival_rate * more * slope - 1


def series(failed: Any, retries: Any) -> tuple[Any, Any]:
    """Sum ``1 + p + ... + p**m`` and give its slope, by Horner's scheme for every m at once."""
    failed, retries = np.broadcast_arrays(failed, retries)
    total, slope = np.ones(failed.shape), np.zeros(failed.shape)
    for k in range(int(retries.max(initial=0)), 0, -1):
        taken = k <= retries
        slope = np.where(taken, total + failed * slope, slope)
        total = np.where(taken, 1 + failed * total, total)
    return total, slope
