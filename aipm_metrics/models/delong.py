"""How sure an area under the ROC curve is, from counts alone.

A row's *placement* is the share of the other class it beats, a tie counting half. The area is
the mean placement of the positives; its variance is that of the mean placement of either class,
``var(positives' placements) / positives + var(negatives' placements) / negatives``. Rows with
one score share a placement, so counts at distinct scores are enough, and one pass over them.

DeLong, DeLong & Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver
operating characteristic curves", Biometrics 44, 837-845; in one pass: Sun & Xu (2014), "Fast
implementation of DeLong's algorithm", IEEE Signal Processing Letters 21, 1389-1393. Only one
area at a time: the difference of two models on the same rows needs the rows, not their counts.
Axis letters: `t` distinct scores, ascending; any before it, mostly `g` groups. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit, ndtri

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import Estimates, wilson_ends

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["AucIntervals", "auc_intervals"]


@dataclass(frozen=True, slots=True)
class AucIntervals:
    """Areas under ROC curves, and how sure they are.

    Attributes
    ----------
    estimate : Estimates
        The area with its interval; its trials are the rows of the rarer class. Undefined below
        two rows of either class.
    standard_error : (...,) floats
        DeLong's; 0 where no row differs in placement, which the interval does not believe.
    """

    estimate: Estimates
    standard_error: Any


def auc_intervals(
    positives_at: ArrayLike, negatives_at: ArrayLike, confidence: float = 0.95
) -> AucIntervals:
    """Estimate areas under ROC curves from counts.

    The interval is symmetric in log-odds, ``logit(auc) -+ z se / (auc (1 - auc))``, and not in the
    area: it stays within [0, 1] and holds the truth more nearly as often as it says where areas
    are high and rows few (Qin & Hotilovac 2008, Statistical Methods in Medical Research 17).
    Where the standard error is 0, as for a perfect ranking, the area has Wilson's interval on as
    many trials as the rarer class has rows: so many pairs can be formed without using a row
    twice, and no share of pairs varies more than one that is all or nothing.

    Parameters
    ----------
    positives_at, negatives_at : (..., t) integers, not negative
        Rows of each class at each distinct score, scores ascending.
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        For a negative count.

    Examples
    --------
    Positives at 0.35 and 0.8, negatives at 0.1 and 0.4: three of four pairs are won. Placements
    are 0.5 and 1 on either side, so the variance is ``0.125 / 2 + 0.125 / 2``, its root 0.3536.

    >>> found = auc_intervals([0, 1, 0, 1], [1, 0, 1, 0])
    >>> float(found.estimate.value), round(float(found.standard_error), 4)
    (0.75, 0.3536)
    >>> str(found.estimate.status)
    'too few'
    """
    at_pos, at_neg = np.broadcast_arrays(np.asarray(positives_at), np.asarray(negatives_at))
    if (at_pos < 0).any() or (at_neg < 0).any():
        raise MetricsError("`positives_at` and `negatives_at` must be counts of at least 0.")
    m, n = at_pos.sum(axis=-1), at_neg.sum(axis=-1)
    enough = (m >= 2) & (n >= 2)
    some_m, some_n = np.where(enough, m, np.nan), np.where(enough, n, np.nan)
    below = at_neg.cumsum(axis=-1) - at_neg / 2
    above = m[..., None] - at_pos.cumsum(axis=-1) + at_pos / 2
    area = np.einsum("...t,...t->...", at_pos, below) / (some_m * some_n)
    variance = _of_mean(at_pos, below / some_n[..., None], area, some_m)
    variance += _of_mean(at_neg, above / some_m[..., None], area, some_n)
    error = np.sqrt(variance)
    low, high = _interval(area, error, np.minimum(some_m, some_n), confidence)
    return AucIntervals(Estimates(area, low, high, np.minimum(m, n)), error)


def _of_mean(counts: Any, placements: Floats, area: Floats, rows: Floats) -> Floats:
    """Variance of a class's mean placement, (...,)."""
    apart = placements - area[..., None]
    summed: Floats = np.einsum("...t,...t,...t->...", counts, apart, apart)
    return summed / (rows * (rows - 1))


def _interval(
    area: Floats, error: Floats, pairs: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Find ends on the log-odds scale; Wilson's on `pairs` trials without an error."""
    z = float(ndtri((1 + confidence) / 2))
    flat = ~(error > 0)
    inside = np.where(flat, 0.5, area)  # an area of 0 or 1 has no log-odds, and no error
    half = z * error / (inside * (1 - inside))
    lowest, highest = wilson_ends(area, pairs, confidence)
    low = np.where(flat, lowest, expit(logit(inside) - half))
    high = np.where(flat, highest, expit(logit(inside) + half))
    return np.clip(low, 0, 1), np.clip(high, 0, 1)
