"""One budget split between causes: who has spent it, and who may.

Spent: a request that fails in more than one way is counted once, for the first cause in a fixed
order, so that the parts add up to the requests that failed (a waterfall). Allowed: a budget is
split in equal parts, in proportion to weights, or in proportion to their square roots. If keeping
cause `i` to a share `p_i` costs ``k_i / p_i``, the square root is the cheapest split of a fixed
budget (Lagrange multipliers; the shape of Neyman's allocation, Neyman 1934, Journal of the Royal
Statistical Society 97, 558-625, sec. III). Axis letters: `m` causes, `g` settings, `n` requests.
Nothing here is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = [
    "Rule",
    "allocate",
    "attributed",
    "attributed_counts",
    "keeping_cost",
    "least_cost_budget",
    "owner_first",
]

Rule = Literal["equal", "proportional", "square root"]


def attributed(shares: ArrayLike) -> Floats:
    """Share of requests that fail for each cause first, causes being independent.

    ``p_i (1 - p_1) ... (1 - p_{i-1})``; together ``1 - (1 - p_1) ... (1 - p_m)``.

    Parameters
    ----------
    shares : (..., m) floats in [0, 1]
        Of all requests, by cause, in the order they are counted; overlaps and all.

    Examples
    --------
    >>> parts = attributed([0.5, 0.5, 0.5])
    >>> parts.tolist(), float(parts.sum())
    ([0.5, 0.25, 0.125], 0.875)
    """
    p = np.asarray(within("shares", shares, 0, 1), float)
    rest = np.cumprod(1 - p, axis=-1)
    before = np.concatenate([np.ones_like(rest[..., :1]), rest[..., :-1]], axis=-1)
    return np.asarray(p * before, float)


def attributed_counts(failed: ArrayLike) -> Any:
    """Count requests by the first cause they fail for.

    Parameters
    ----------
    failed : (n, m) bools
        Whether each request failed for each cause, in the order they are counted.

    Returns
    -------
    (m,) integers
        They add up to the requests that failed at all.

    Examples
    --------
    >>> attributed_counts([[True, True], [False, True], [False, False]]).tolist()
    [1, 1]
    """
    each = np.asarray(failed, bool)
    earlier = np.cumsum(each, axis=1) - each
    return (each & (earlier == 0)).sum(axis=0)


def allocate(budget: ArrayLike, weights: ArrayLike, rule: Rule) -> Floats:
    """Split a budget between causes.

    Parameters
    ----------
    budget : (...,) floats
        What there is to split: a share of requests, requests or minutes.
    weights : (..., m) floats, at least 0 and not all of them 0
        How dear each cause is to keep down; of no account where the rule is "equal".
    rule
        "equal", "proportional" to the weights or to their "square root".

    Returns
    -------
    (..., m) floats, in the budget's unit
        They add up to it.

    Raises
    ------
    MetricsError
        When the rule is none of these, a weight is negative, or all are 0.

    Examples
    --------
    Weights 1, 4 and 9 have the roots 1, 2 and 3:

    >>> allocate(0.6, [1, 4, 9], "square root").round(9).tolist()
    [0.1, 0.2, 0.3]
    >>> allocate(14, [1, 4, 9], "proportional").tolist()
    [1.0, 4.0, 9.0]
    """
    if rule not in get_args(Rule):
        said = ", ".join(f'"{name}"' for name in get_args(Rule))
        raise MetricsError(f'`rule` must be one of {said}; got "{rule}"')
    w = np.asarray(within("weights", weights, 0, np.inf), float)
    parts = np.ones_like(w) if rule == "equal" else np.sqrt(w) if rule == "square root" else w
    whole = parts.sum(axis=-1, keepdims=True)
    if not np.all(whole > 0):
        raise MetricsError("`weights` must not all be 0: there is nothing to split by")
    return np.asarray(np.asarray(budget, float)[..., None] * (parts / whole), float)


def owner_first(budget: ArrayLike, claims: ArrayLike) -> Floats:
    """Let each owner in turn take what it claims, as long as something is left.

    Parameters
    ----------
    budget : (...,) floats
    claims : (..., m) floats, at least 0
        In the order they are served.

    Returns
    -------
    (..., m + 1) floats, in the budget's unit
        What each gets, and last what is left over; they add up to the budget.

    Examples
    --------
    >>> owner_first(10, [4, 8, 3]).tolist()
    [4.0, 6.0, 0.0, 0.0]
    """
    whole = np.asarray(budget, float)[..., None]
    claimed = np.cumsum(np.asarray(within("claims", claims, 0, np.inf), float), axis=-1)
    taken = np.minimum(claimed, whole)
    ends = np.broadcast_to(whole, (*taken.shape[:-1], 1))
    return np.diff(np.concatenate([taken, ends], axis=-1), axis=-1, prepend=0.0)


def keeping_cost(parts: ArrayLike, weights: ArrayLike) -> Any:
    """Price keeping every cause to its part, ``sum of k_i / p_i``.

    Parameters
    ----------
    parts : (..., m) floats, at least 0
    weights : (..., m) floats, at least 0
        Cost of keeping a cause to a part of 1; halving the part doubles the cost.

    Returns
    -------
    (...,) floats
        ``inf`` where a cause that costs something gets nothing.

    Examples
    --------
    >>> float(keeping_cost([0.1, 0.2, 0.3], [1, 4, 9]))
    60.0
    """
    p, k = np.asarray(parts, float), np.asarray(weights, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(np.equal(k, 0), 0.0, k / p)
    return each.sum(axis=-1)[()]


def least_cost_budget(harm: ArrayLike, keeping: ArrayLike) -> Any:
    """Budget that costs least, ``sqrt(keeping / harm)``.

    With fixed parts of a budget `b`, what is allowed to fail costs ``harm b`` and keeping to it
    ``keeping / b``; the derivative of the sum is nought there.

    Parameters
    ----------
    harm, keeping : (g,) floats, above 0
        Cost of a budget of 1: of what it allows, and of keeping to it.

    Examples
    --------
    >>> float(least_cost_budget(400.0, 4.0))
    0.1
    """
    return np.sqrt(np.divide(keeping, harm))[()]
