"""The only thresholds of counted rows that can be best, whatever the prices.

`RateCost` rises with both error rates and is concave in them (people who leave saturate), so
over any set of rates it is lowest at a corner of the set's convex hull. The corners are where
the share of positives, made to rise with the score by pooling neighbours, changes (Fawcett &
Niculescu-Mizil 2007, "PAV and the ROC convex hull", Machine Learning 68). There are few, so
a thousand draws of prices can all be searched exactly. Axis letters: `t` corners, `s` draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.draws import TIE

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["cheapest_on_rows", "corners"]


def corners(rows: Empirical) -> tuple[Floats, Rates]:
    """Thresholds at the corners of the ROC convex hull, ascending, ``inf`` last; their rates.

    Examples
    --------
    The lone harmless row at 0.4 sits above a harmful one, so cutting there is never best:

    >>> from aipm_metrics.models.empirical import Empirical
    >>> rows = Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    >>> corners(rows)[0].tolist()
    [0.1, 0.35, 0.8, inf]
    """
    weights = rows.positives_at + rows.negatives_at
    pooled = isotonic_regression(rows.positives_at / weights, weights=weights)
    at = pooled.blocks[:-1]
    return np.append(rows.thresholds[at], np.inf), Rates(
        tpr=np.append(rows.tp[at], 0) / rows.positives,
        fpr=np.append(rows.fp[at], 0) / rows.negatives,
    )


def cheapest_on_rows(rows: Empirical, cost: RateCost) -> tuple[Floats, Floats]:
    """Threshold of lowest cost in each draw, and that cost; the highest such on ties.

    Parameters
    ----------
    rows
        Counted rows.
    cost
        What the rates cost, its fields (s,) or scalars.

    Returns
    -------
    threshold, cost : (s,) floats
        In the score's own units, ``inf`` flags nothing; in the cost's unit.
    """
    thresholds, rates = corners(rows)
    columns = Rates(*(rate[:, None] for rate in (rates.tpr, rates.fpr, rates.fnr, rates.tnr)))
    prices = np.asarray(cost.moving(columns), float)
    lowest = prices.min(axis=0)
    good = prices <= lowest + TIE * np.abs(lowest)
    last = thresholds.size - 1 - np.argmax(good[::-1], axis=0)
    return thresholds[last], lowest + cost.fixed
