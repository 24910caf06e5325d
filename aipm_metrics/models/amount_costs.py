"""Costs that depend on an amount: what a missed fraud costs is what was stolen.

Each of the four cells costs ``fixed + share amount`` per row; a negative cost is a gain. Two
questions follow. What does *one* threshold cost on all rows: sums of amounts at each distinct score
answer that, whatever the prices. And which threshold would suit *each* row: the cheaper side of
a calibrated probability p is to flag when ``p >= t*``, with

``t* = (c10 - c00) / (c10 - c00 + c01 - c11)``

where the first digit is the decision and the second the truth: Elkan (2001), "The foundations of
cost-sensitive learning", IJCAI 17, 973-978, eq. 2. What that policy costs depends on every row's
own amount, so counts by score cannot say; the rows can (`cost_per_row`).

Axis letters: `t` distinct scores, `n` rows; any before `t`, mostly `g` groups. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["AmountCost", "CostMatrix", "cost_at_thresholds", "cost_per_row", "elkan_threshold"]


@dataclass(frozen=True, slots=True)
class AmountCost:
    """What one row in a cell costs, ``fixed + share amount``.

    Attributes
    ----------
    fixed : float
        In the unit of the costs; negative for a gain.
    share : float
        Per unit of the amount; negative for a gain.

    Examples
    --------
    A fraud of 50 let through costs the 50, and 20 for the work it makes:

    >>> AmountCost(fixed=20, share=1).of(50)
    70.0
    """

    fixed: float = 0.0
    share: float = 0.0

    def of(self, amount: ArrayLike, rows: ArrayLike = 1) -> Any:
        """Cost of so many rows whose amounts add up to `amount`."""
        both = self.fixed * np.asarray(rows, float) + self.share * np.asarray(amount, float)
        return both if both.ndim else float(both)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostMatrix:
    """What each cell of the decision costs per row.

    Attributes
    ----------
    fn, fp : AmountCost
        A miss (Elkan's c01) and a false alarm (c10).
    tn, tp : AmountCost
        A negative left alone (c00) and a positive caught (c11); nothing by default.
    """

    fn: AmountCost
    fp: AmountCost
    tn: AmountCost = field(default_factory=AmountCost)
    tp: AmountCost = field(default_factory=AmountCost)


def cost_at_thresholds(
    positives_at: ArrayLike,
    negatives_at: ArrayLike,
    amount_positives_at: ArrayLike,
    amount_negatives_at: ArrayLike,
    costs: CostMatrix,
) -> Floats:
    """Add up what the rows cost at every threshold that differs, and at flagging nothing.

    Parameters
    ----------
    positives_at, negatives_at : (..., t) integers
        Rows of each class at each distinct score, scores ascending.
    amount_positives_at, amount_negatives_at : (..., t) floats
        Sums of their amounts.
    costs : CostMatrix

    Returns
    -------
    (..., t + 1) floats
        Total cost with ``score >= threshold`` flagged, one per distinct score; last, nothing
        flagged.

    Examples
    --------
    A negative, and a fraud of 100 above it. Flag both: one false alarm, 10. Flag the fraud alone:
    nothing. Flag neither: 100.

    >>> prices = CostMatrix(fn=AmountCost(share=1), fp=AmountCost(fixed=10))
    >>> cost_at_thresholds([0, 1], [1, 0], [0, 100], [30, 0], prices).tolist()
    [10.0, 0.0, 100.0]
    """
    flagged = costs.tp.of(amount_positives_at, positives_at)
    flagged = flagged + costs.fp.of(amount_negatives_at, negatives_at)
    passed = costs.fn.of(amount_positives_at, positives_at)
    passed = passed + costs.tn.of(amount_negatives_at, negatives_at)
    none = np.zeros((*flagged.shape[:-1], 1))
    above = np.concatenate([flagged[..., ::-1].cumsum(axis=-1)[..., ::-1], none], axis=-1)
    below = np.concatenate([none, passed.cumsum(axis=-1)], axis=-1)
    return np.asarray(above + below, float)


def elkan_threshold(amount: ArrayLike, costs: CostMatrix) -> Any:
    """Find the probability from which flagging a row of this amount is the cheaper side.

    Parameters
    ----------
    amount : (...,) floats, finite
    costs : CostMatrix

    Returns
    -------
    (...,) floats
        0 where flagging never costs more, ``inf`` where it never costs less, ``nan`` where
        both sides cost the same or where a mistake is cheaper than being right, for both
        classes: then probable positives should be left alone, which no threshold does.

    Raises
    ------
    MetricsError
        For an amount that is not finite.

    Examples
    --------
    Refusing an honest payment costs 10, and the 2 % one would have earned; letting a fraud
    through costs the amount and 20:

    >>> prices = CostMatrix(fn=AmountCost(20, 1), fp=AmountCost(10), tn=AmountCost(0, -0.02))
    >>> elkan_threshold([0, 100, 1000], prices).round(4).tolist()
    [0.3333, 0.0909, 0.0286]
    """
    value = np.asarray(amount, float)
    if not np.isfinite(value).all():
        raise MetricsError(f"`amount` must be finite; got {value[~np.isfinite(value)].flat[0]}")
    alarm = np.asarray(costs.fp.of(value)) - costs.tn.of(value)  # regret of flagging a negative
    miss = np.asarray(costs.fn.of(value)) - costs.tp.of(value)  # of passing a positive
    usual = (alarm > 0) & (miss > 0)
    best = np.where(usual, alarm, 0.0) / np.where(usual, alarm + miss, 1.0)
    never, always = (alarm >= 0) & (miss <= 0), (alarm <= 0) & (miss >= 0)
    best = np.where(never, np.inf, best)
    return np.where((never & always) | ~(usual | never | always), np.nan, best)[()]


def cost_per_row(
    score: ArrayLike, label: ArrayLike, amount: ArrayLike, costs: CostMatrix, threshold: ArrayLike
) -> Floats:
    """Find what each row costs under one threshold, or under a threshold of its own.

    Parameters
    ----------
    score, amount : (n,) floats
    label : (n,) of 0 and 1
    costs : CostMatrix
    threshold : float or (n,) floats
        Such as ``elkan_threshold(amount, costs)``; ``inf`` flags nothing, ``nan`` is refused.

    Raises
    ------
    MetricsError
        For a label that is neither 0 nor 1, or a threshold that is ``nan``.

    Examples
    --------
    Two frauds scored alike: the small one is not worth a false alarm, the large one is.

    >>> prices = CostMatrix(fn=AmountCost(share=1), fp=AmountCost(fixed=10))
    >>> best = elkan_threshold([10, 90], prices)
    >>> best.tolist()
    [0.5, 0.1]
    >>> cost_per_row([0.3, 0.3], [1, 1], [10, 90], prices, best).tolist()
    [10.0, 0.0]
    """
    positive = np.asarray(label)
    if not np.isin(positive, (0, 1)).all():
        raise MetricsError("`label` must be 0 or 1 in every row.")
    limit = within("threshold", threshold, -np.inf, np.inf)
    flagged, value = np.asarray(score, float) >= limit, np.asarray(amount, float)
    caught = np.where(flagged, costs.tp.of(value), costs.fn.of(value))
    alone = np.where(flagged, costs.fp.of(value), costs.tn.of(value))
    return np.asarray(np.where(positive == 1, caught, alone), float)
