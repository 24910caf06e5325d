"""How many requests must be seen before a share can be claimed.

Nothing here is random. MLCommons (2020 and later), "MLPerf Inference Rules", section on the
statistical confidence of the tail-latency bound: sizes for a margin, and early stopping, after
Reddi et al. (2020), "MLPerf Inference Benchmark", ISCA, sec. III-D.
"""

from __future__ import annotations

import math

from scipy.special import betainc, ndtri

from aipm_metrics.errors import MetricsError, within

__all__ = ["for_margin", "with_failures", "without_failure"]


def without_failure(good: float, confidence: float = 0.99) -> int:
    """Fewest requests that must all be good, to claim that so large a share is.

    The least n with ``good ** n <= 1 - confidence``.

    Parameters
    ----------
    good : float in (0, 1)
        The share to be claimed.
    confidence : float in (0, 1)

    Examples
    --------
    Of five requests good at a coin's toss, all are with a chance of 1/32, under 5 %:

    >>> without_failure(0.5, 0.95)
    5
    """
    _open("good", good)
    _open("confidence", confidence)
    n = math.ceil(math.log(1 - confidence) / math.log(good))
    return max(n, 1)


def with_failures(failures: int, good: float, confidence: float = 0.99) -> int:
    """Fewest requests in all of which so many may be bad, to claim the share.

    The least ``h + failures`` with ``I(good; h, failures + 1) <= 1 - confidence``, where `I` is
    the regularised incomplete beta function: the chance of so few failures if the share were
    just `good`.

    Parameters
    ----------
    failures : int, at least 0
    good, confidence
        As in `without_failure`, which is the case of no failure.

    Examples
    --------
    >>> with_failures(0, 0.9), with_failures(1, 0.9)
    (44, 64)
    """
    _open("good", good)
    _open("confidence", confidence)
    if failures < 0:
        raise MetricsError(f"`failures` must be at least 0; got {failures}")
    low, high = 0, 1
    while betainc(high, failures + 1, good) > 1 - confidence:
        low, high = high, high * 2
    while high - low > 1:  # falling in `high`: the least that is small enough
        middle = (low + high) // 2
        small = betainc(middle, failures + 1, good) <= 1 - confidence
        low, high = (low, middle) if small else (middle, high)
    return high + failures


def for_margin(good: float, margin: float, confidence: float = 0.99) -> int:
    """Count requests that pin a share down to a margin, ``z**2 p (1 - p) / margin**2``.

    To the nearest, as MLPerf's table has them.

    Parameters
    ----------
    good : float in (0, 1)
        The share expected.
    margin : float, above 0
    confidence : float in (0, 1)

    Examples
    --------
    >>> for_margin(0.9, 0.005)
    23886
    """
    _open("good", good)
    _open("confidence", confidence)
    within("margin", margin, 1e-300, 1)
    z = float(ndtri((1 + confidence) / 2))
    return round(z * z * good * (1 - good) / margin**2)


def _open(field: str, value: float) -> None:
    if not 0 < value < 1:
        raise MetricsError(f"`{field}` must lie between 0 and 1, both excluded; got {value}")
