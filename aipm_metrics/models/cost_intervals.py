"""What an error costs per row, with its interval; and whether two sets of rows differ in it.

Every row costs nothing, the price of a miss, or that of a false alarm; so the mean cost is a mean
of independent rows, and by the central limit theorem its interval is the mean and so many
standard errors. That holds where enough errors carry the cost: Kish (1965), "Survey Sampling",
section 11.7, counts them by weight, ``(sum c)**2 / sum c**2``. Nothing here is random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import FEW

__all__ = ["RowCost", "cost_difference", "cost_per_row"]


@dataclass(frozen=True, slots=True)
class RowCost:
    """Cost per row, or a difference of two.

    Attributes
    ----------
    value, low, high : float, USD a row
        The mean and the ends of its interval; ``nan`` without rows.
    error : float, USD a row
        Standard error of the mean.
    errors : float
        How many errors carry it, counted by weight; of a difference, the fewer of the two.
    """

    value: float
    low: float
    high: float
    error: float
    errors: float

    @property
    def status(self) -> str:
        """What can be said: "undefined", "too few" errors, or "said"."""
        if math.isnan(self.value):
            return "undefined"
        return "too few" if self.errors < FEW else "said"


def cost_per_row(
    fn: int, fp: int, rows: int, *, cost_fn: float, cost_fp: float, confidence: float = 0.95
) -> RowCost:
    """Estimate the mean cost of a row.

    ``mean = (cost_fn fn + cost_fp fp) / rows``, and its variance is
    ``((cost_fn**2 fn + cost_fp**2 fp) / rows - mean**2) / rows``.

    Parameters
    ----------
    fn, fp, rows : int
        Misses and false alarms among so many rows.
    cost_fn, cost_fp : float, USD
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        When there are more errors than rows, or fewer than none.

    Examples
    --------
    Half of 100 rows cost 2: 1 each, give or take 0.1 (a standard deviation of 1 over 10).

    >>> found = cost_per_row(50, 0, 100, cost_fn=2, cost_fp=1)
    >>> found.value, found.error, found.errors
    (1.0, 0.1, 50.0)
    """
    if min(fn, fp) < 0 or fn + fp > rows:
        raise MetricsError(f"`fn + fp` must lie in [0, {rows}]; got {fn} + {fp}")
    if rows == 0:
        return RowCost(math.nan, math.nan, math.nan, math.nan, 0.0)
    total, squares = cost_fn * fn + cost_fp * fp, cost_fn**2 * fn + cost_fp**2 * fp
    mean = total / rows
    error = math.sqrt(max(squares / rows - mean**2, 0.0) / rows)
    half = float(ndtri((1 + confidence) / 2)) * error
    carried = total**2 / squares if squares > 0 else 0.0
    return RowCost(mean, max(mean - half, 0.0), mean + half, error, carried)


def cost_difference(dear: RowCost, cheap: RowCost, confidence: float = 0.95) -> RowCost:
    """Estimate how much more a row of one set costs than one of another, independent set.

    Examples
    --------
    >>> one = RowCost(3, 2, 4, 0.3, 50)
    >>> found = cost_difference(one, RowCost(1, 0, 2, 0.4, 20))
    >>> found.value, found.error, found.errors
    (2, 0.5, 20)
    """
    value, error = dear.value - cheap.value, math.hypot(dear.error, cheap.error)
    half = float(ndtri((1 + confidence) / 2)) * error
    return RowCost(value, value - half, value + half, error, min(dear.errors, cheap.errors))
