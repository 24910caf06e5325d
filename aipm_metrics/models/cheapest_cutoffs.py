"""The best cutoff on two bell curves for many draws of their prices at once.

The equations are those of `binormal_search`; here every quantity has one value per draw. A
stationary cutoff solves ``x = d/2 + ln(slope(x) / per_miss) / d``, and the slope, what one more
false alarm costs, only grows with x, since fewer are left to leave twice. So every solution
lies between the two at which the slope is that of flagging everybody and that of flagging
nobody. That stretch is searched in steps of at most 0.2 sd, the best step is polished by
bisection, and the result is compared with both ends of the stretch and with flagging everything
and nothing. Two valleys within one step are not told apart. Axis letters: `g` steps, `s` draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from aipm_metrics.models.binormal_search import FAR
from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.draws import TIE
from aipm_metrics.models.leaving import leaving_slope

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["cheapest_cutoffs"]

STEP = 0.2  # sd; 1,500 scenarios made to be hard overpay nothing even at 1
FEWEST = 5  # points of the stretch, however short
HALVINGS = 30


def cheapest_cutoffs(separation: Any, cost: RateCost) -> tuple[Floats, Floats]:
    """Cutoff of lowest cost in each draw, and that cost; the highest such cutoff on ties.

    Parameters
    ----------
    separation : (s,) floats, sd, at least 0
    cost
        What the rates cost, its fields (s,) or scalars.

    Returns
    -------
    cutoff, cost : (s,) floats
        In sd, ``-inf`` flags everything and ``inf`` nothing; in the cost's unit.

    Examples
    --------
    A miss that costs as much as a false alarm, in classes of equal size, is cut half-way; one
    that costs nothing is not worth a single flag:

    >>> from aipm_metrics.models.rate_cost import RateCost
    >>> prices = RateCost(per_miss=np.array([1.0, 0.0]), per_false=1)
    >>> cheapest_cutoffs(np.array([2.0, 2.0]), prices)[0].round(6).tolist()
    [1.0, inf]
    """
    d = np.asarray(separation, float)
    many = np.broadcast_shapes(d.shape, np.shape(cost.per_miss), np.shape(cost.per_false),
                               np.shape(cost.at_stake), np.shape(cost.chance),
                               np.shape(cost.fixed))  # fmt: skip
    d = np.broadcast_to(d, many)
    ends = np.stack([_solved(d, cost, 1.0), _solved(d, cost, 0.0)])
    low, high = (np.clip(end, -FAR, FAR + d) for end in ends)
    points = int(min(max(FEWEST, np.ceil(np.max(high - low) / STEP) + 1), 1 + (3 * FAR) / STEP))
    x = low + np.linspace(0, 1, points)[:, None] * (high - low)
    best = np.argmin(_priced(x, d, cost), axis=0)
    draws = np.arange(d.size)
    polished = _bisected(
        x[np.maximum(best - 1, 0), draws], x[np.minimum(best + 1, points - 1), draws], d, cost
    )
    anything = np.full(many, np.inf)
    beyond = np.where(ends == np.stack([low, high]), np.inf, ends)  # the rest has been searched
    tried = np.stack([x[best, draws], polished, *beyond, -anything, anything])
    prices = _priced(tried, d, cost)
    prices[0] = np.where(prices[1] <= prices[0] * (1 + TIE), np.inf, prices[0])  # no better
    lowest = prices.min(axis=0)
    good = prices <= lowest + TIE * np.abs(lowest)
    return np.where(good, tried, -np.inf).max(axis=0), lowest + cost.fixed


def _rates(x: Floats, d: Floats) -> Rates:
    """Rates at each cutoff, with the tails that prices need in full digits."""
    return Rates(tpr=ndtr(d - x), fpr=ndtr(-x), fnr=ndtr(x - d), tnr=ndtr(x))


def _priced(x: Floats, d: Floats, cost: RateCost) -> Floats:
    return np.asarray(cost.moving(_rates(x, d)), float)


def _slope(fpr: Any, cost: RateCost) -> Any:
    return cost.per_false + cost.at_stake * leaving_slope(fpr, cost.chance, cost.exposures)


def _solved(d: Floats, cost: RateCost, fpr: float) -> Floats:
    """Cutoff that would be stationary if the slope were what it is at `fpr` everywhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(_slope(fpr, cost)) - np.log(np.asarray(cost.per_miss, float))
        x = d / 2 + ratio / d
    return np.where(np.isnan(x), np.inf, x)  # nothing costs anything, or all have one score


def _bisected(low: Floats, high: Floats, d: Floats, cost: RateCost) -> Floats:
    """Cutoff between two at which the cost stops falling, by halving what lies between."""
    with np.errstate(divide="ignore"):
        log_miss = np.log(np.asarray(cost.per_miss, float))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = log_miss + d * middle - d**2 / 2 > np.log(_slope(ndtr(-middle), cost))
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    return (low + high) / 2
