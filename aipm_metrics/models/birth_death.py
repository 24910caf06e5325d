"""Birth-and-death chains: one up, one down, and the share of time in each state.

Axis letter: `n` states, on the last axis. Gross, Shortle, Thompson & Harris (2008),
"Fundamentals of Queueing Theory", 4th ed., sec. 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logsumexp

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["log_weights", "stationary_shares"]


def stationary_shares(births: Any, deaths: Any) -> Floats:
    """Share of time in states 0 .. n, ``share[k+1] / share[k] = births[k] / deaths[k]``.

    Parameters
    ----------
    births : (..., n) floats, at least 0
        Rate from state k to k + 1.
    deaths : (..., n) floats, above 0
        Rate from state k + 1 to k.

    Returns
    -------
    (..., n + 1) floats
        They sum to 1.

    Examples
    --------
    >>> stationary_shares([1.0, 1.0], [1.0, 2.0]).round(6).tolist()
    [0.4, 0.4, 0.2]
    """
    weights = log_weights(births, deaths)
    return np.asarray(np.exp(weights - logsumexp(weights, axis=-1, keepdims=True)))


def log_weights(births: Any, deaths: Any) -> Floats:
    """Logarithm of the weight of every state, that of state 0 being 0; never overflows.

    Parameters
    ----------
    births, deaths
        See `stationary_shares`.

    Examples
    --------
    >>> np.exp(log_weights([3.0], [2.0])).round(6).tolist()
    [1.0, 1.5]
    """
    births, deaths = np.broadcast_arrays(np.asarray(births, float), np.asarray(deaths, float))
    with np.errstate(divide="ignore"):
        steps = np.log(births / deaths)
    first = np.zeros((*steps.shape[:-1], 1))
    return np.concatenate([first, steps.cumsum(axis=-1)], axis=-1)
