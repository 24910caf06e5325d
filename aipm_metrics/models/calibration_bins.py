"""Does a score of 0.3 mean that three in ten are positive? Read from counts, bin by bin.

In each bin of neighbouring scores the mean score stands beside the observed share of positives,
with Wilson's interval. Only a score that is meant as a probability can be asked; beyond [0, 1] the
bins still show how the share rises, but no gap is computed.

The *expected calibration error* is the mean gap between the two, weighted by rows: Naeini, Cooper
& Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning", AAAI. It
depends on the bins, and it is never 0 on real rows, not even of a perfect score: `gap_by_chance` is
what such a score would show, by De Moivre's mean deviation of a binomial (Diaconis & Zabell 1991,
"Closed form summation for classical distributions", Statistical Science 6, 284-302).

Scores that were counted in bins carry each bin's smallest score, so means are low by up to the
width of such a bin. Axis letters: `t` distinct scores, ascending; `b` bins; any before them, mostly
`g` groups, which share the bins. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, gammaln, logit, xlog1py, xlogy

from aipm_metrics.errors import MetricsError
from aipm_metrics.estimates import Estimates, wilson_each

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["CalibrationBins", "calibration_bins", "log_odds_edges", "mean_deviation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBins:
    """A reliability curve of counted rows.

    Attributes
    ----------
    low, high : (b,) floats
        Smallest and largest score in each bin, over all groups.
    rows : (..., b) integers
        Rows in each bin; a group may have none where others have some.
    mean_score : (..., b) floats
        ``nan`` without rows.
    observed : Estimates, (..., b)
        Share of positives; undefined without rows.
    expected_positives, observed_positives : (...,) floats
        The sum of all scores and the count of positives: equal, on average, for a calibrated
        score. The sum is ``nan`` where scores are no probabilities.
    expected_calibration_error, gap_by_chance : (...,) floats, 0 to 1
        Mean gap between mean score and observed share, and what a perfectly calibrated score
        would show on as many rows; ``nan`` where scores are no probabilities or there is no row.
    probabilities : bool
        Whether every score lies in [0, 1].
    """

    low: Floats
    high: Floats
    rows: Any
    mean_score: Any
    observed: Estimates
    expected_positives: Any
    observed_positives: Any
    expected_calibration_error: Any
    gap_by_chance: Any
    probabilities: bool


def calibration_bins(
    thresholds: ArrayLike,
    positives_at: ArrayLike,
    negatives_at: ArrayLike,
    *,
    bins: int = 10,
    edges: ArrayLike | None = None,
    confidence: float = 0.95,
) -> CalibrationBins:
    """Lay mean scores beside observed shares.

    Parameters
    ----------
    thresholds : (t,) floats, ascending
        Distinct scores.
    positives_at, negatives_at : (..., t) integers
        Rows of each class at each of them.
    bins : int, at least 1
        Bins of about as many rows each, all groups together. A score that many rows share is not
        split, so there may be fewer.
    edges : (e,) floats, ascending, optional
        Bins of your own instead, open at both ends; an edge belongs to the bin above it. Bins
        without a row in any group are left out. See `log_odds_edges`.
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        For fewer than one bin, edges or scores that do not ascend, or no row at all.

    Examples
    --------
    Ten rows at 0.2, one of them positive, and ten at 0.8, nine positive: each off by 0.1.

    >>> found = calibration_bins([0.2, 0.8], [1, 9], [9, 1], bins=2)
    >>> found.mean_score.tolist(), found.observed.value.tolist()
    ([0.2, 0.8], [0.1, 0.9])
    >>> round(float(found.expected_calibration_error), 12)
    0.1
    >>> float(found.expected_positives), int(found.observed_positives)
    (10.0, 10)
    """
    score = np.asarray(thresholds, float)
    at_pos, at_neg = np.broadcast_arrays(np.asarray(positives_at), np.asarray(negatives_at))
    at_all = at_pos + at_neg
    pooled = at_all.reshape(-1, score.size).sum(axis=0)
    if not (np.diff(score) > 0).all() or not pooled.any():
        raise MetricsError("`thresholds` must ascend, and some row must have one of them.")
    if not pooled.all():  # scores that no row has are in no bin
        score, at_pos, at_all = score[pooled > 0], at_pos[..., pooled > 0], at_all[..., pooled > 0]
    starts = _starts(score, pooled[pooled > 0], bins, edges)
    rows, positive = (np.add.reduceat(each, starts, axis=-1) for each in (at_all, at_pos))
    summed = np.add.reduceat(at_all * score, starts, axis=-1)
    some = np.where(rows > 0, rows, np.nan)
    mean, observed = summed / some, wilson_each(positive, rows, confidence)
    probabilities = bool(score[0] >= 0 and score[-1] <= 1)
    weight = rows / np.where(rows.any(axis=-1), rows.sum(axis=-1), np.nan)[..., None]
    gap = chance = np.full(weight.shape, np.nan)
    if probabilities:
        gap = np.where(rows > 0, np.abs(mean - observed.value), 0.0)
        share = np.clip(np.where(rows > 0, mean, 0.0), 0, 1)  # a mean may be 1 + rounding
        chance = mean_deviation(rows, share)
    return CalibrationBins(
        low=score[starts], high=score[np.append(starts[1:], score.size) - 1], rows=rows,
        mean_score=mean, observed=observed, probabilities=probabilities,
        expected_positives=summed.sum(axis=-1) if probabilities else np.nan * weight[..., 0],
        observed_positives=at_pos.sum(axis=-1),
        expected_calibration_error=(weight * gap).sum(axis=-1),
        gap_by_chance=(weight * chance).sum(axis=-1),
    )  # fmt: skip


def log_odds_edges(least: float = 1e-4, bins: int = 10) -> Floats:
    """Lay edges at equal steps of log-odds, so that rare events have bins of their own.

    Parameters
    ----------
    least : float in (0, 0.5)
        The lowest edge; the highest is ``1 - least``.
    bins : int, at least 3
        Including the open ones at both ends.

    Returns
    -------
    (bins - 1,) floats, ascending

    Examples
    --------
    >>> log_odds_edges(0.1, bins=4).round(3).tolist()
    [0.1, 0.5, 0.9]
    """
    if not 0 < least < 0.5:
        raise MetricsError(f"`least` must lie between 0 and 0.5, both excluded; got {least}")
    if bins < 3:
        raise MetricsError(f"`bins` must be at least 3; got {bins}")
    return np.asarray(expit(np.linspace(logit(least), -logit(least), bins - 1)), float)


def mean_deviation(trials: ArrayLike, share: ArrayLike) -> Any:
    """Find how far an observed share strays from the true one, on average; De Moivre's.

    ``2 v C(n, v) p**v (1 - p)**(n - v + 1) / n`` with ``v = floor(n p) + 1``.

    Parameters
    ----------
    trials : (...,) integers
    share : (...,) floats, 0 to 1

    Returns
    -------
    (...,) floats
        ``E|k / n - p|``; 0 without trials.

    Examples
    --------
    One toss of a coin is off by a half; of two tosses half are off by a half:

    >>> mean_deviation([1, 2], 0.5).round(12).tolist()
    [0.5, 0.25]
    """
    n, p = np.broadcast_arrays(np.asarray(trials, float), np.asarray(share, float))
    v = np.minimum(np.floor(n * p) + 1, n)  # where p is 1, the product is 0 anyway
    ways = gammaln(n + 1) - gammaln(v + 1) - gammaln(n - v + 1)
    logged = ways + xlogy(v, p) + xlog1py(n - v + 1, -p)
    return (2 * v * np.exp(logged) / np.where(n > 0, n, 1.0))[()]


def _starts(score: Floats, pooled: Any, bins: int, edges: ArrayLike | None) -> Any:
    """Find the first distinct score of every bin that has a row, (b,)."""
    if edges is not None:
        limits = np.asarray(edges, float)
        if not (np.diff(limits) > 0).all():
            raise MetricsError("`edges` must ascend.")
        bin_of = np.searchsorted(limits, score, side="right")
    elif bins < 1:
        raise MetricsError(f"`bins` must be at least 1; got {bins}")
    else:
        middle = pooled.cumsum() - pooled / 2
        bin_of = np.floor(bins * middle / pooled.sum())
    return np.flatnonzero(np.append(True, np.diff(bin_of) > 0))
