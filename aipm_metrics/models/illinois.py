"""Many roots at once, each between two values where its function has opposite signs.

The Illinois variant of regula falsi (Dowell & Jarratt 1971, "A modified regula falsi method for
computing the root of an equation", BIT 11, 168-174), with a bisection whenever two steps have
not halved an interval, so that a jump through zero is found as surely as a smooth crossing.
Intervals that are narrow enough are left alone while others go on. Axis letter: `r` roots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = ["illinois_roots"]

MOST = 200  # steps; halving every third one, that is far more than doubles have digits for


def illinois_roots(
    function: Callable[[Floats, NDArray[np.intp]], Floats],
    low: Floats,
    high: Floats,
    at_low: Floats,
    at_high: Floats,
    *,
    tolerance: float = 1e-12,
) -> Floats:
    """Find one root, or one jump through zero, between each pair of values.

    Parameters
    ----------
    function
        Values (r,) and which of the roots they are tried for (r,) in, results (r,) out.
    low, high : (r,) floats
    at_low, at_high : (r,) floats
        The function there, of opposite signs.
    tolerance
        Width of an interval that is narrow enough, as a share of its larger end.

    Returns
    -------
    (r,) floats

    Examples
    --------
    >>> squares = np.array([4.0, 9.0])
    >>> roots = illinois_roots(
    ...     lambda x, which: x * x - squares[which],
    ...     np.zeros(2),
    ...     np.full(2, 5.0),
    ...     -squares,
    ...     25 - squares,
    ... )
    >>> roots.round(9).tolist()
    [2.0, 3.0]
    """
    a, b, fa, fb = (np.array(v, float) for v in (low, high, at_low, at_high))
    since = np.zeros(a.size, int)  # steps since the interval was halved
    goal = np.abs(b - a) / 2
    open_ = np.flatnonzero(_wide(a, b, fa, fb, tolerance))
    for _ in range(MOST):
        if not open_.size:
            break
        x = _next(a[open_], b[open_], fa[open_], fb[open_], since[open_] >= 2)
        fx = np.asarray(function(x, open_), float)
        left = np.sign(fx) == np.sign(fa[open_])
        for side, ends, values, other in ((left, a, fa, fb), (~left, b, fb, fa)):
            moved = open_[side]
            # An end that stays twice in a row is taken for half as far from zero.
            other[moved] = np.where(since[moved] > 0, other[moved] / 2, other[moved])
            ends[moved], values[moved] = x[side], fx[side]
        halved = np.abs(b[open_] - a[open_]) <= goal[open_]
        since[open_] = np.where(halved, 0, since[open_] + 1)
        goal[open_] = np.where(halved, np.abs(b[open_] - a[open_]) / 2, goal[open_])
        open_ = open_[_wide(a[open_], b[open_], fa[open_], fb[open_], tolerance)]
    found = np.where(np.abs(fa) < np.abs(fb), a, b)
    return np.where(fa == 0, a, np.where(fb == 0, b, found))


def _wide(a: Floats, b: Floats, fa: Floats, fb: Floats, tolerance: float) -> NDArray[np.bool_]:
    wide = np.abs(b - a) > tolerance * np.maximum(np.abs(a), np.abs(b))
    return np.asarray(wide & (fa != 0) & (fb != 0))


def _next(a: Floats, b: Floats, fa: Floats, fb: Floats, halve: NDArray[np.bool_]) -> Floats:
    """Where the chord crosses zero, or the middle; never on an end."""
    middle = (a + b) / 2
    chord = a - fa * ((b - a) / (fb - fa))
    inside = (chord > np.minimum(a, b)) & (chord < np.maximum(a, b))
    return np.where(halve | ~inside, middle, chord)
