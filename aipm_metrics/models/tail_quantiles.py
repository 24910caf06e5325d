"""Where a tail falls to a given height: Newton's method on its logarithm, kept in a bracket.

A tail is a share above x that falls as x grows. Its logarithm is nearly straight for waiting
times, so that a few steps do; a step that leaves the bracket is replaced by halving it, so that
any falling tail will do. Press et al. (2007), "Numerical Recipes", 3rd ed., sec. 9.4 (`rtsafe`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from aipm_metrics.models.confusion import Floats

__all__ = ["TailAndDensity", "falls_to", "mixture_falls_to"]

TailAndDensity = Callable[[Floats], tuple[Any, Any]]
STEPS = 200  # halvings alone take about 60; Newton takes 4 to 12
CLOSE = 1e-13  # of the place itself; a Newton step that small leaves an error far smaller


def falls_to(target: Any, tail: TailAndDensity, low: Any, high: Any) -> Floats:
    """Place where a falling tail equals `target`, between `low` and `high`.

    Parameters
    ----------
    target : (g,) floats, above 0
        Height to find; must lie between the heights at the two ends.
    tail
        Gives the tail and its density (its slope with the sign turned) at (g,) places.
    low, high : (g,) floats
        The bracket, finite.

    Returns
    -------
    (g,) floats

    Examples
    --------
    An exponential tail falls to 1/8 after three half-lives:

    >>> half = np.log(2)
    >>> tail = lambda x: (np.exp(-half * x), half * np.exp(-half * x))
    >>> round(float(falls_to(0.125, tail, 0.0, 100.0)), 12)
    3.0
    """
    target, low, high = (
        np.array(a, float) for a in np.broadcast_arrays(target, np.asarray(low, float), high)
    )
    at = low.copy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(STEPS):
            height, density = tail(at)
            above = height > target
            low, high = np.where(above, at, low), np.where(above, high, at)
            step = at + height * np.log(height / target) / density
            # A tail that ends falls ever faster on the logarithm's scale, but not on its own.
            step = np.where(step < high, step, at + (height - target) / density)
            inside = (step > low) & (step < high)
            done = (np.abs(step - at) <= CLOSE * at) | (high - low <= CLOSE * high)
            at = np.where(done, at, np.where(inside, step, (low + high) / 2))
            if done.all():
                break
    return np.asarray(at)


def mixture_falls_to(target: Any, weight: Any, decay: Any) -> Floats:
    """Place where ``sum of weight exp(-decay x)`` over the last axis falls to `target`.

    Parameters
    ----------
    target : (...) floats, above 0
    weight : (..., d) floats, at least 0
    decay : (..., d) floats, above 0

    Returns
    -------
    (...) floats
        0 where the sum begins at `target` or below.

    Examples
    --------
    >>> round(float(mixture_falls_to(0.25, np.array([0.5, 0.0]), np.array([np.log(2), 1.0]))), 12)
    1.0
    """
    target = np.asarray(target, float)
    total = weight.sum(axis=-1)
    none = total <= target
    target = np.where(none, 1.0, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        # No part alone may stand above the whole; nor may the whole fall slower than its slowest.
        low = np.max(np.log(weight / target[..., None]) / decay, axis=-1)
        high = np.log(total / target) / np.min(np.where(weight > 0, decay, np.inf), axis=-1)
    low, high = (np.where(none, 0.0, np.maximum(end, 0)) for end in (low, high))

    def tail_and_density(x: Floats) -> tuple[Floats, Floats]:
        parts = weight * np.exp(-decay * x[..., None])
        return parts.sum(axis=-1), (parts * decay).sum(axis=-1)

    return np.where(none, 0.0, falls_to(target, tail_and_density, low, np.maximum(low, high)))
