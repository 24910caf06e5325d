"""How many servers a target needs: exactly, and by the square-root rule.

Axis letter: `g` settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import log_ndtr

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.erlang import delayed_from_lost
from aipm_metrics.models.queue_inputs import MOST_SERVERS, at_least_zero, chance, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["fewest_servers", "halfin_whitt_delayed", "square_root_staffing"]


def fewest_servers(
    arrival_rate: ArrayLike, service_rate: ArrayLike, probability: ArrayLike, wait: ArrayLike
) -> Any:
    """Smallest number of servers with which a share `probability` waits at most `wait` (M/M/c).

    More servers never make anybody wait longer, so that the first that will do is the smallest.

    Parameters
    ----------
    arrival_rate : float or (g,) floats, per unit of time
        At least 0.
    service_rate : float or (g,) floats, per unit of time and server
        Above 0.
    probability : float or (g,) floats, 0 to 1
        Below 1: no number of servers is enough for everybody.
    wait : float or (g,) floats, the rates' unit of time
        At least 0.

    Returns
    -------
    int or (g,) ints

    Raises
    ------
    MetricsError
        For an input outside these limits, or when 100,000 servers are too few.

    Notes
    -----
    Gross, Shortle, Thompson & Harris (2008), "Fundamentals of Queueing Theory", 4th ed., sec. 2.3.

    Examples
    --------
    Half an erlang, nine in ten to be served at once: of two servers' customers a tenth waits.

    >>> int(fewest_servers(0.5, 1.0, 0.9, 0.0))
    2
    """
    tail = 1 - np.asarray(chance("probability", probability))
    if (tail == 0).any():
        raise MetricsError("`probability` must be below 1: no number of servers is enough for all")
    rate, mu, tail, limit = np.broadcast_arrays(
        at_least_zero("arrival_rate", arrival_rate),
        positive("service_rate", service_rate),
        tail,
        at_least_zero("wait", wait),
    )
    load = rate / mu
    if (load >= MOST_SERVERS).any():
        raise MetricsError(f"`arrival_rate` needs more than {MOST_SERVERS} servers")
    found, lost = np.zeros(load.shape, np.int64), np.ones(load.shape)
    for c in range(1, MOST_SERVERS + 1):
        lost = load * lost / (c + load * lost)
        spare = c * mu - rate
        waits = delayed_from_lost(lost, load, c) * np.exp(-np.maximum(spare, 0) * limit)
        # A thousandth of a billionth: a share that is exact on paper may not fail by its rounding.
        found[(found == 0) & (spare > 0) & (waits <= tail * (1 + 1e-12))] = c
        if found.all():
            return found[()]
    raise MetricsError(f"`arrival_rate` needs more than {MOST_SERVERS} servers")


def square_root_staffing(load: ArrayLike, safety: ArrayLike) -> Any:
    """Servers by the square-root rule, ``ceil(load + safety sqrt(load))``, at least 1.

    Parameters
    ----------
    load : float or array, erlangs
        At least 0.
    safety : float or array
        Square roots of the load to spare, at least 0; 1 lets about a quarter wait.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Notes
    -----
    Halfin & Whitt (1981), "Heavy-traffic limits for queues with many exponential servers",
    Operations Research 29, 567-588.

    Examples
    --------
    >>> int(square_root_staffing(100, 1.5))
    115
    """
    a, beta = np.asarray(at_least_zero("load", load)), at_least_zero("safety", safety)
    # A root that is whole on paper may not be one too many by its rounding.
    servers = np.ceil((a + beta * np.sqrt(a)) * (1 - 1e-12))
    return np.maximum(servers, 1).astype(np.int64)[()]


def halfin_whitt_delayed(safety: ArrayLike) -> Any:
    """Share that waits under the square-root rule when there are very many servers.

    ``1 / (1 + safety Phi(safety) / phi(safety))`` with the normal distribution and density.

    Parameters
    ----------
    safety : float or array
        At least 0.

    Raises
    ------
    MetricsError
        When `safety` is negative or not finite.

    Notes
    -----
    Halfin & Whitt (1981), Operations Research 29, 567-588, theorem 1.

    Examples
    --------
    Nothing to spare, and everybody waits:

    >>> float(halfin_whitt_delayed(0.0))
    1.0
    """
    beta = np.asarray(at_least_zero("safety", safety))
    density = -(beta**2) / 2 - np.log(2 * np.pi) / 2
    with np.errstate(over="ignore"):
        return (1 / (1 + beta * np.exp(log_ndtr(beta) - density)))[()]
