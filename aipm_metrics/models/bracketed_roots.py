"""Where falling functions cross zero, many at once, each in a bracket of its own.

Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm for finding the zero of a
nonlinear function without using derivatives", Advances in Engineering Software 28, 145-149, with
halving wherever the parabola through three points cannot be trusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats

__all__ = ["root_between"]

STEPS = 120
CLOSE = 1e-13  # of the place itself


def root_between(of: Callable[[Floats], Any], low: Any, high: Any) -> Floats:
    """Zero of a continuous function between two places where its signs differ.

    Parameters
    ----------
    of
        Gives (...) values at (...) places.
    low, high : (...) floats
        The brackets; a zero at either end is found as well.

    Returns
    -------
    (...) floats

    Examples
    --------
    >>> roots = root_between(lambda x: x**2 - [2.0, 9.0], [0.0, 0.0], [4.0, 4.0])
    >>> roots.round(6).tolist()
    [1.414214, 3.0]
    """
    a, b = (np.array(end, float) for end in np.broadcast_arrays(low, high))
    f_a, f_b = (np.array(of(end), float) for end in (a, b))
    c, f_c = a.copy(), f_a.copy()
    part = np.full_like(a, 0.5)
    best = np.where(np.abs(f_a) < np.abs(f_b), a, b)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(STEPS):
            at = a + part * (b - a)
            f_at = np.asarray(of(at))
            same = np.sign(f_at) == np.sign(f_a)
            c, f_c = np.where(same, a, b), np.where(same, f_a, f_b)
            b, f_b = np.where(same, b, a), np.where(same, f_b, f_a)
            a, f_a = at, f_at
            nearer_a = np.abs(f_a) < np.abs(f_b)
            best = np.where(nearer_a, a, b)
            least = 2 * CLOSE * np.abs(best) / np.abs(b - a)
            if ((least > 0.5) | (np.minimum(np.abs(f_a), np.abs(f_b)) == 0) | (a == b)).all():
                break
            part = np.clip(_by_parabola(a, b, c, f_a, f_b, f_c), least, 1 - least)
            part = np.where(np.isfinite(part), part, 0.5)
    return best


def _by_parabola(a: Any, b: Any, c: Any, f_a: Any, f_b: Any, f_c: Any) -> Any:
    """Where from a (0) to b (1) the inverse parabola through three points is 0, or half-way."""
    place, height = (a - b) / (c - b), (f_a - f_b) / (f_c - f_b)
    trusted = (height**2 < place) & ((1 - height) ** 2 < 1 - place)
    first = f_a / (f_b - f_a) * f_c / (f_b - f_c)
    second = (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
    return np.where(trusted, first + second, 0.5)
