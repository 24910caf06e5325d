"""The best cutoff on two bell curves, exactly: every stationary point, both ends, every limit.

Along the cutoff x the cost of `RateCost` changes by ``per_miss phi(x - d) - slope phi(x)``,
which has the sign of ``per_miss exp(d x - d**2/2) - slope(x)``. With a constant slope that is
one sign change, ``x = d/2 + ln(slope / per_miss) / d`` (Green & Swets 1966, ch. 1). Where
people leave the slope moves too and several minima can exist: each sign change is bracketed
and polished, and compared with both ends. Nothing here is random.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtri

from aipm_metrics.models.operating_points import TIE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.binormal import Binormal
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["cutoff_at_recall", "cutoffs_within", "highest_f1_cutoff", "lowest_cost_cutoff"]

FAR = 10.0  # sd beyond which a rate differs from 0 or 1 by less than 1e-23
GONE = 40.0  # sd beyond which a tail is 0 in floating point
ASKED_AGAIN = 64  # searches remembered
STEP = 0.02  # sd between the points where signs are compared


def lowest_cost_cutoff(
    model: Binormal, cost: RateCost, low: float = -np.inf, high: float = np.inf
) -> float:
    """Cutoff of lowest cost in [low, high]; the highest such cutoff on ties.

    Parameters
    ----------
    model
        Two bell curves.
    cost
        What the rates at a cutoff cost.
    low, high : floats, sd
        The cutoffs allowed; infinite ends stand for flagging everything and nothing.

    Returns
    -------
    float, sd

    Examples
    --------
    A miss that costs as much as a false alarm, in classes of equal size, is cut half-way:

    >>> from aipm_metrics.models.binormal import Binormal
    >>> from aipm_metrics.models.rate_cost import RateCost
    >>> lowest_cost_cutoff(Binormal(separation=2.0), RateCost(per_miss=1, per_false=1))
    1.0
    """
    inside = _stationary(model, cost) if model.separation > 0 else ()
    cutoffs = np.array([low, *(x for x in inside if low < x < high), high])
    prices = cost.moving(model.rates(cutoffs))
    best = prices.min()
    return float(cutoffs[prices <= best + TIE * abs(best)].max())


@lru_cache(ASKED_AGAIN)
def _stationary(model: Binormal, cost: RateCost) -> tuple[float, ...]:
    """Every cutoff at which the cost neither rises nor falls; each operating point asks."""
    d = float(model.separation)

    def rising(x: Floats) -> Floats:
        ratio = np.exp(np.clip(d * x - d**2 / 2, -700, 700))
        slope: Floats = cost.per_miss * ratio - cost.per_unit_fpr(model.rates(x))
        return slope

    x = np.arange(-FAR, FAR + d + STEP, STEP)
    found = _sign_changes(rising, _with_humps(rising, x))
    # Beyond the grid nobody's rate moves, so the slope is constant and the root closed form.
    for end in (-FAR, FAR + d):
        slope = float(cost.per_unit_fpr(model.rates(end)))
        if slope > 0 and cost.per_miss > 0:
            found.append(d / 2 + (np.log(slope) - np.log(cost.per_miss)) / d)
    return tuple(found)


def _sign_changes(f: Callable[[Floats], Floats], x: Floats) -> list[float]:
    values = f(x)
    turns = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    return [
        float(brentq(f, x[i], x[i + 1], xtol=1e-14, rtol=1e-14))
        if values[i] * values[i + 1] < 0
        else float(x[i] if values[i] == 0 else x[i + 1])
        for i in turns
    ]


def _with_humps(f: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Add the tip of every hump that may cross zero and back between two points."""
    toward_zero = np.abs(f(x))
    left, middle, right = toward_zero[:-2], toward_zero[1:-1], toward_zero[2:]
    dips = np.flatnonzero((middle < left) & (middle <= right)) + 1
    tips = [
        float(minimize_scalar(lambda v: abs(float(f(np.array(v)))), bounds=(x[i - 1], x[i + 1])).x)
        for i in dips
        if np.sign(f(x[i - 1])) == np.sign(f(x[i])) == np.sign(f(x[i + 1]))
    ]
    return np.sort(np.append(x, tips))


def cutoffs_within(model: Binormal, load: RateCost, limit: float) -> tuple[float, float] | None:
    """Lowest and highest cutoff whose load stays within the limit.

    The load (nobody leaving, so linear in both rates) falls, then rises, so the cutoffs
    allowed form one interval. Without separation only flagging everything or nothing is possible.

    Returns
    -------
    (float, float) in sd, or None
        None when even the lightest cutoff is over the limit.

    Examples
    --------
    >>> from aipm_metrics.models.binormal import Binormal
    >>> from aipm_metrics.models.rate_cost import RateCost
    >>> low, high = cutoffs_within(Binormal(2.0), RateCost(per_miss=0, per_false=100), 50)
    >>> abs(round(low, 9)), high
    (0.0, inf)
    """
    at_ends = [float(v) for v in load(model.rates(np.array([-np.inf, np.inf])))]
    if model.separation == 0:
        ends = [end for end, v in zip((-np.inf, np.inf), at_ends, strict=True) if v <= limit]
        return (ends[0], ends[-1]) if ends else None
    lightest = lowest_cost_cutoff(model, load)
    if load(model.rates(lightest)) > limit:
        return None
    far = GONE + float(model.separation)
    anchor = float(np.clip(lightest, -far, far))
    low = -np.inf if at_ends[0] <= limit else _edge(model, load, limit, anchor, anchor - 2 * far)
    high = np.inf if at_ends[1] <= limit else _edge(model, load, limit, anchor, anchor + 2 * far)
    return low, high


def _edge(model: Binormal, load: RateCost, limit: float, inside: float, outside: float) -> float:
    """Last cutoff from `inside` towards `outside` that keeps the load within the limit."""

    def over(x: float) -> float:
        return float(load(model.rates(x))) - limit

    if over(inside) >= 0:
        return inside
    edge = float(brentq(over, inside, outside, xtol=1e-14, rtol=1e-14))
    step = np.finfo(float).eps * max(1.0, abs(edge))
    while over(edge) > 0:  # rounding only: a step or two back
        edge, step = edge + np.copysign(step, inside - edge), 2 * step
    return edge


def cutoff_at_recall(model: Binormal, floor: float) -> float:
    """Highest cutoff with ``tpr >= floor``: ``d - Phi^-1(floor)``.

    Examples
    --------
    Half of the positives score above their own mean:

    >>> from aipm_metrics.models.binormal import Binormal
    >>> cutoff_at_recall(Binormal(separation=2.0), 0.5)
    2.0
    """
    if floor <= 0:
        return np.inf
    if model.separation == 0:
        return -np.inf
    cutoff = float(model.separation - ndtri(floor))
    step = np.finfo(float).eps * max(1.0, abs(cutoff))
    while model.rates(cutoff).tpr < floor:  # rounding only: a step or two
        cutoff, step = cutoff - step, 2 * step
    return cutoff


def highest_f1_cutoff(model: Binormal, prevalence: float) -> float:
    """Cutoff of highest F1: where the posterior equals half of the F1 reached.

    Lipton, Elkan & Naryanaswamy (2014), "Optimal thresholding of classifiers to maximize F1
    measure", ECML PKDD, theorem 1. F1 lies between that of flagging everything and 1, which
    brackets the cutoff; along a concave ROC curve there is one such point.

    Parameters
    ----------
    prevalence : float in (0, 1)
    """
    if model.separation == 0:
        return -np.inf

    def excess(x: float) -> float:
        f1 = float(model.rates(x).confusion(prevalence).f1)
        return float(model.posterior(x, prevalence)) - f1 / 2

    low = float(model.cutoff_at(prevalence / (1 + prevalence), prevalence))
    high = float(model.cutoff_at(0.5, prevalence))
    if excess(low) >= 0:
        return -np.inf
    return float(brentq(excess, low, high, xtol=1e-14, rtol=1e-14))
