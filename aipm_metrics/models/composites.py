"""Good shares of services made of services; failures are independent throughout.

Axis letter: `g` settings. Nothing here is random. The product rule for independent parts is
textbook (Barlow & Proschan 1975, "Statistical Theory of Reliability and Life Testing", ch. 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["called_often", "in_series", "with_fallback"]


def in_series(good: ArrayLike) -> Any:
    """Share of requests for which every part is good, their product along the last axis.

    Parameters
    ----------
    good : (..., m) floats in [0, 1]

    Examples
    --------
    >>> float(in_series([0.5, 0.5, 0.5]))
    0.125
    """
    return np.prod(within("good", good, 0, 1), axis=-1)[()]


def with_fallback(good: ArrayLike, fallback: ArrayLike) -> Any:
    """Share for which the part or its fallback is good, ``1 - (1 - good)(1 - fallback)``.

    Examples
    --------
    >>> round(float(with_fallback(0.99, 0.99)), 12)
    0.9999
    """
    return 1 - (1 - within("good", good, 0, 1)) * (1 - within("fallback", fallback, 0, 1))


def called_often(good: ArrayLike, calls: ArrayLike) -> Any:
    """Share of requests whose every call is good, ``good ** calls``.

    Parameters
    ----------
    good : (g,) floats in [0, 1]
        Of one call.
    calls : (g,) numbers, at least 0
        A request makes.

    Examples
    --------
    >>> float(called_often(0.5, 3))
    0.125
    """
    return np.power(within("good", good, 0, 1), within("calls", calls, 0, np.inf))[()]
