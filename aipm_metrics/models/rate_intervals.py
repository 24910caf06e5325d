"""The rates at a threshold, each with the interval its rows allow.

Every rate is a share of counted rows, so Wilson's interval serves them all; see
`estimates.wilson_each`. Axis letters: any that broadcast; mostly `g` groups and `t` thresholds.
Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.estimates import Estimates, wilson_each

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["RateIntervals", "rate_intervals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateIntervals:
    """Four rates of counted rows.

    Attributes
    ----------
    recall : Estimates
        Flagged among positives, ``tp / positives``.
    fpr : Estimates
        Flagged among negatives, ``fp / negatives``.
    precision : Estimates
        Positives among flagged, ``tp / (tp + fp)``, at the rows' own prevalence and no other;
        undefined where nothing is flagged.
    prevalence : Estimates
        Positives among all rows. Of rows that were sampled by class it says how they were
        sampled, and nothing about the world.
    """

    recall: Estimates
    fpr: Estimates
    precision: Estimates
    prevalence: Estimates


def rate_intervals(
    tp: ArrayLike,
    fp: ArrayLike,
    positives: ArrayLike,
    negatives: ArrayLike,
    confidence: float = 0.95,
) -> RateIntervals:
    """Estimate four rates from counts, with Wilson's intervals.

    Parameters
    ----------
    tp, fp : (...,) integers
        Positives and negatives at or above a threshold.
    positives, negatives : (...,) integers
        All of them; they broadcast with the flagged.
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        When more are flagged than there are.

    Examples
    --------
    Nine of ten positives and one of ninety negatives are flagged:

    >>> found = rate_intervals(9, 1, 10, 90)
    >>> float(found.recall.value), float(found.precision.value), float(found.prevalence.value)
    (0.9, 0.9, 0.1)
    >>> str(found.recall.status), str(found.fpr.status)
    ('too few', 'said')
    """
    tp, fp, positives, negatives = np.broadcast_arrays(tp, fp, positives, negatives)
    return RateIntervals(
        recall=wilson_each(tp, positives, confidence),
        fpr=wilson_each(fp, negatives, confidence),
        precision=wilson_each(tp, tp + fp, confidence),
        prevalence=wilson_each(positives, positives + negatives, confidence),
    )
