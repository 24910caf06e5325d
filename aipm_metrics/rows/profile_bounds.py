"""How far what is shown of binned scores may be off, at most; nothing where every score counts.

Rows in one bin have scores from its threshold up to the next, and where within it nobody knows:
a threshold inside leaves that bin's rows unknown and no others. Axis letters: `t` thresholds
(bins), `b` bins of a calibration.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.estimates import Estimate, wilson

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = [
    "auc_unknown",
    "cheaper_inside",
    "cut_bin",
    "of_flagged",
    "score_unknown",
    "spread",
    "widened",
]


def cut_bin(thresholds: Floats, single: NDArray[np.bool_], threshold: float) -> int | None:
    """Find the bin whose rows a threshold may part; None where it parts none.

    Examples
    --------
    Scores from 0.2 up to 0.6 are counted together, all others one by one:

    >>> at, single = np.array([0.1, 0.2, 0.6]), np.array([True, False, True])
    >>> [cut_bin(at, single, t) for t in (0.15, 0.2, 0.3, 0.6, 0.9)]
    [None, None, 1, None, None]
    """
    place = int(np.searchsorted(thresholds, threshold))
    named = place < thresholds.size and thresholds[place] == threshold
    if named or not place or math.isinf(threshold) or single[place - 1]:
        return None
    return place - 1


def spread(successes: int, trials: int, more: int) -> Estimate:
    """Estimate a share of trials of which `more` may be successes, too.

    The interval is from the lowest end of Wilson's to the highest, over all that may be true.

    Examples
    --------
    >>> from aipm_metrics.estimates import wilson
    >>> spread(10, 50, 0) == wilson(10, 50)
    True
    >>> both = spread(10, 50, 5)
    >>> (both.low, both.high) == (wilson(10, 50).low, wilson(15, 50).high)
    True
    """
    if not more:
        return wilson(successes, trials)
    low, high = wilson(successes, trials), wilson(successes + more, trials)
    return _between(successes, trials, low, high)


def of_flagged(tp: int, fp: int, more_tp: int, more_fp: int) -> Estimate:
    """Estimate precision where so many more of each class may be flagged."""
    if not more_tp and not more_fp:
        return wilson(tp, tp + fp)
    low, high = wilson(tp, tp + fp + more_fp), wilson(tp + more_tp, tp + more_tp + fp)
    return _between(tp, tp + fp, low, high, tp + fp + more_tp + more_fp)


def _between(
    successes: int, trials: int, low: Estimate, high: Estimate, most: int | None = None
) -> Estimate:
    return Estimate(
        successes / trials if trials else math.nan,
        0.0 if math.isnan(low.low) else low.low, 1.0 if math.isnan(high.high) else high.high,
        trials if most is None else most,
    )  # fmt: skip


def auc_unknown(positives_at: ArrayLike, negatives_at: ArrayLike, single: ArrayLike) -> float:
    """Find how far an area under the ROC curve may be off where pairs in a bin count one half.

    Each of a bin's ``p n`` pairs may be won or lost, so it is half their share of all pairs.

    Examples
    --------
    One pair in four lies in a bin:

    >>> auc_unknown([1, 1, 0], [0, 1, 1], [True, False, True])
    0.125
    """
    p, n = np.asarray(positives_at, float), np.asarray(negatives_at, float)
    pairs = p.sum() * n.sum()
    return float(np.where(single, 0.0, p * n).sum() / 2 / pairs) if pairs else 0.0


def cheaper_inside(cost: Floats, alarms: NDArray[Any], single: NDArray[np.bool_]) -> float:
    """Find how much less than at any bin's threshold it could cost inside a bin, at most.

    At best a threshold inside flags all of the bin's positives and none of its negatives.

    Parameters
    ----------
    cost : (t + 1,) floats
        At each threshold, and of flagging nothing.
    alarms : (t,) floats
        What the false alarms in each bin cost.
    single : (t,) bools

    Examples
    --------
    >>> cheaper_inside(np.array([9.0, 5.0, 7.0]), np.array([6.0, 1.0]), np.array([False, True]))
    2.0
    """
    least = np.where(single, np.inf, cost[:-1] - alarms).min(initial=np.inf)
    return max(float(cost.min() - least), 0.0)


def score_unknown(
    thresholds: Floats, rows_at: Any, single: NDArray[np.bool_], starts: Floats
) -> Floats:
    """Find how much higher the scores in each bin of a calibration may add up to, (b,).

    Parameters
    ----------
    thresholds, rows_at, single : (t,) arrays
        A row's score lies between its threshold and the next, or 1.
    starts : (b,) floats
        The lowest score in each.

    Examples
    --------
    Ten rows between 0.2 and 0.25:

    >>> at, single = np.array([0.2, 0.25]), np.array([False, True])
    >>> score_unknown(at, np.array([10, 3]), single, np.array([0.2])).round(12).tolist()
    [0.5]
    """
    width = np.where(single, 0.0, np.append(thresholds[1:], 1.0) - thresholds)
    place = np.searchsorted(starts, thresholds, side="right") - 1
    return np.asarray(np.bincount(place, width * np.asarray(rows_at, float), starts.size), float)


def widened(e: Estimate, unknown: float) -> Estimate:
    """Widen the interval of a share by what is unknown of it."""
    return Estimate(e.value, max(e.low - unknown, 0.0), min(e.high + unknown, 1.0), e.trials)
