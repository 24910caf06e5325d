"""How often two normal variables with a correlation are both below a point each.

By Owen's T function: ``Phi2(h, k; r) = (Phi(h) + Phi(k)) / 2 - T(h, a) - T(k, b) - c`` with
``a = (k - r h) / (h sqrt(1 - r^2))``, ``b`` the same with the two exchanged, and ``c`` one half
where the two points have opposite signs (Owen 1956, "Tables for computing bivariate normal
probabilities", Annals of Mathematical Statistics 27, eq. 2.1). Nothing here is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, owens_t

from aipm_metrics.errors import within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["bivariate_normal_cdf"]

NEAR = 1e-150  # sd; nearer to the middle than this, products with it are lost
FAR = 40.0  # sd; beyond it a tail is 0 in floating point


def bivariate_normal_cdf(h: ArrayLike, k: ArrayLike, correlation: ArrayLike) -> Any:
    """Chance that both of two standard normal variables are below their points.

    Parameters
    ----------
    h, k : floats or arrays, sd
        Either may be infinite.
    correlation : float or array, -1 to 1
        At the two ends one variable tells the other.

    Returns
    -------
    float or array, of the shape the three broadcast to
        Right to 1e-15; ``nan`` where a point is ``nan``.

    Raises
    ------
    OutOfRangeError
        For a correlation outside [-1, 1].

    Examples
    --------
    Both below the middle: a quarter when independent, a third when ``r = 1/2``.

    >>> bivariate_normal_cdf(0, 0, [0.0, 0.5, 1.0]).round(12).tolist()
    [0.25, 0.333333333333, 0.5]
    """
    r = np.asarray(within("correlation", correlation, -1, 1), float)
    h, k = (np.clip(np.asarray(point, float), -FAR, FAR) for point in (h, k))
    # This also turns -0.0 into 0.0, whose sign would turn an infinite slope round.
    h, k = (np.where(np.abs(point) < NEAR, 0.0, point) for point in (h, k))
    h, k, r = np.broadcast_arrays(h, k, r)
    below_h, below_k = ndtr(h), ndtr(k)
    spread = np.sqrt((1 - r) * (1 + r))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # k - r h, written so that two nearly equal points lose no digits.
        both = (below_h + below_k) / 2 - _t(h, k, r, spread) - _t(k, h, r, spread)
    both = both - np.where((h * k > 0) | ((h * k == 0) & (h + k >= 0)), 0.0, 0.5)
    both = np.where((h == 0) & (k == 0), 0.25 + np.arcsin(r) / (2 * np.pi), both)
    least, most = np.maximum(below_h + below_k - 1, 0), np.minimum(below_h, below_k)
    both = np.where(r == 1, most, np.where(r == -1, least, both))
    return np.clip(both, least, most)[()]  # rounding only


def _t(h: Floats, k: Floats, r: Floats, spread: Floats) -> Floats:
    """Owen's T of one point, towards the other; at the middle its slope is infinite."""
    slope = ((k - h) + h * (1 - r)) / (h * spread)
    return np.asarray(owens_t(h, slope), float)
