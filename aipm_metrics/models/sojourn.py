"""Wait and exponential service together, for one queue or for a mixture of queues.

The wait is 0 or, with chance `delayed`, exponential with rate `spare`; the service is exponential
with rate `mu` and independent of it. Inputs are floats already checked. Axis letter: `d` queues
of a mixture.

Gross, Shortle, Thompson & Harris (2008), "Fundamentals of Queueing Theory", 4th ed., sec. 2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import exprel

from aipm_metrics.models.tail_quantiles import falls_to, mixture_falls_to

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["sojourn_of", "sojourns_fall_to"]


def sojourn_of(delayed: Any, spare: Any, mu: Any, time: Any) -> tuple[Floats, Floats]:
    """Tail and density of wait and service together.

    ``exp(-mu t) + delayed mu (exp(-spare t) - exp(-mu t)) / (mu - spare)``; the difference of the
    exponentials over that of their rates is written with ``exprel(x) = (exp(x) - 1) / x``, which
    loses no digits where the rates meet.

    Parameters
    ----------
    delayed, spare, mu, time : float or array
        All broadcast.

    Examples
    --------
    Nobody waits, and the service alone is left:

    >>> tail, density = sojourn_of(0.0, 1.0, 1.0, np.log(4))
    >>> round(float(tail), 12), round(float(density), 12)
    (0.25, 0.25)
    """
    service = np.exp(-mu * time)
    both = time * np.exp(-np.minimum(mu, spare) * time) * exprel(-np.abs(mu - spare) * time)
    tail = service + delayed * mu * both
    return tail, mu * ((1 - delayed) * service + delayed * spare * both)


def sojourns_fall_to(target: Any, share: Any, delayed: Any, spare: Any, mu: Any) -> Floats:
    """Place where a mixture of such tails falls to `target`.

    Parameters
    ----------
    target : (...) floats, above 0
        At most the sum of the shares.
    share : (..., d) floats
        Weight of every queue, at least 0.
    delayed, spare, mu : (..., d) floats
        Of every queue; `spare` and `mu` above 0.

    Returns
    -------
    (...) floats

    Examples
    --------
    Two queues without a line, of which only the first has customers:

    >>> two = np.array([1.0, 0.0]), np.zeros(2), np.ones(2), np.ones(2)
    >>> round(float(sojourns_fall_to(0.5, *two)), 6)
    0.693147
    """
    target = np.asarray(target, float)
    whole = share.sum(axis=-1)
    # Of two parts that sum to t, one is above its share; nor is the sum below the service alone.
    waits = mixture_falls_to(target / 2, share * delayed, spare)
    high = waits + np.log(2 * whole / target) / mu.min(axis=-1)
    low = np.maximum(np.log(whole / target), 0) / mu.max(axis=-1)

    def tail_and_density(t: Floats) -> tuple[Any, Any]:
        tail, density = sojourn_of(delayed, spare, mu, t[..., None])
        return (share * tail).sum(axis=-1), (share * density).sum(axis=-1)

    return falls_to(target, tail_and_density, low, np.maximum(low, high))
