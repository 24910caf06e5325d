"""What every queue asks of its inputs, refused in one voice.

Rates may be per any unit of time; every wait comes back in that same unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["MOST_SERVERS", "at_least_zero", "chance", "positive", "whole"]

MOST_SERVERS = 100_000  # the recursions take one step per server


def at_least_zero(field: str, value: ArrayLike) -> Any:
    """Return `value` as floats, or refuse it: finite and not negative.

    Raises
    ------
    MetricsError
        Naming the field, its limit and the first value outside.

    Examples
    --------
    >>> float(at_least_zero("load", 0))
    0.0
    """
    array = np.asarray(value, float)
    refused = ~(np.isfinite(array) & (array >= 0))
    if refused.any():
        raise MetricsError(f"`{field}` must be finite and >= 0; got {array[refused].flat[0]}")
    return array[()]


def positive(field: str, value: ArrayLike) -> Any:
    """Return `value` as floats, or refuse it: finite and above 0.

    Raises
    ------
    MetricsError
        Naming the field, its limit and the first value outside.

    Examples
    --------
    >>> float(positive("service_rate", 2))
    2.0
    """
    array = np.asarray(value, float)
    refused = ~(np.isfinite(array) & (array > 0))
    if refused.any():
        raise MetricsError(f"`{field}` must be finite and > 0; got {array[refused].flat[0]}")
    return array[()]


def chance(field: str, value: ArrayLike) -> Any:
    """Return `value` as floats, or refuse it: 0 to 1.

    Raises
    ------
    OutOfRangeError
        Naming the field, its limits and the first value outside.

    Examples
    --------
    >>> float(chance("probability", 0.99))
    0.99
    """
    return within(field, value, 0, 1)


def whole(field: str, value: ArrayLike, low: int = 1, high: int = MOST_SERVERS) -> Any:
    """Return `value` as integers, or refuse it: whole numbers from `low` to `high`.

    Raises
    ------
    MetricsError
        Naming the field, its limits and the first value outside.

    Examples
    --------
    >>> int(whole("servers", 3.0))
    3
    """
    array = np.asarray(value, float)
    refused = ~((array >= low) & (array <= high) & (array == np.floor(array)))
    if refused.any():
        raise MetricsError(
            f"`{field}` must be whole and lie in [{low}, {high}]; got {array[refused].flat[0]:g}"
        )
    return array.astype(np.int64)[()]
