"""Draws for simulated jobs, and means and quantiles with the error of simulating so few days.

Jobs of one replication depend on each other; replications do not. So errors are taken between
replications, never between jobs. Axis letters: `s` replications, `n` jobs. Only `job_uniforms`
is random.

Law (2015), "Simulation Modeling and Analysis", sec. 9.4.1, for independent replications;
Cochran (1977), "Sampling Techniques", ch. 6, for the ratio of two totals; Woodruff (1952),
"Confidence intervals for medians and other position measures", Journal of the American
Statistical Association 47, 635-646, for the quantile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = ["Mean", "Quantile", "job_uniforms", "mean_of_jobs", "quantile_of_jobs"]


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of all counted jobs.

    Attributes
    ----------
    value : float
        ``nan`` when no job is counted.
    error : float
        Its standard error; ``nan`` for a single replication, or when the mean is not finite.
    jobs, replications : int
        How many were counted, and out of how many replications.
    """

    value: float
    error: float
    jobs: int
    replications: int


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of all counted jobs.

    Attributes
    ----------
    value : float
        The least value that a share `probability` of jobs does not exceed; ``nan`` without jobs.
    low, high : floats
        Where it lies in about 95 of 100 simulations; ``nan`` for a single replication.
    """

    value: float
    low: float
    high: float


def job_uniforms(rng: np.random.Generator, replications: int, jobs: int) -> Floats:
    """Draw one uniform per job so that more jobs keep the draws of those there were.

    Give arrivals and services a generator each (`numpy.random.Generator.spawn`), lest more
    arrivals change the services.

    Parameters
    ----------
    rng
        Seeded by a knob.
    replications, jobs : ints

    Returns
    -------
    (s, n) floats in [0, 1)

    Examples
    --------
    >>> few, more = (job_uniforms(np.random.default_rng(7), 3, n) for n in (5, 9))
    >>> bool((more[:, :5] == few).all())
    True
    """
    return rng.random((jobs, replications)).T  # drawn job by job, not row by row


def mean_of_jobs(values: ArrayLike, counted: ArrayLike | None = None) -> Mean:
    """Mean over jobs, all replications together, with its error between replications.

    ``value = sum y / sum n`` and ``error = sqrt(s / (s - 1) sum (y - value n)**2) / sum n``, with
    the total `y` and the number `n` of the counted jobs of each replication. With equally many
    jobs in each this is the mean of their means, and its usual error.

    Parameters
    ----------
    values : (s, n) floats or bools
        Waits, say, or whether a job was served: then the mean is a share.
    counted : (s, n) bools, optional
        Which jobs count: those after a warm-up, or of one hour. Without it, all that are not
        ``nan``.

    Raises
    ------
    MetricsError
        When `values` has not shape (s, n), or `counted` has another one.

    Examples
    --------
    Two replications, of means 1 and 3:

    >>> mean_of_jobs([[0.0, 2.0], [3.0, 3.0]])
    Mean(value=2.0, error=1.0, jobs=4, replications=2)
    """
    y, chosen = _chosen(values, counted)
    jobs = chosen.sum(axis=1)
    n, s = int(jobs.sum()), y.shape[0]
    totals = np.where(chosen, y, 0.0).sum(axis=1)
    value = float(totals.sum()) / n if n else math.nan
    if s < 2 or not math.isfinite(value):
        return Mean(value, math.nan, n, s)
    off = totals - value * jobs
    return Mean(value, math.sqrt(s / (s - 1) * float(off @ off)) / n, n, s)


def quantile_of_jobs(
    values: ArrayLike, probability: float, counted: ArrayLike | None = None
) -> Quantile:
    """Value that a share of jobs does not exceed, with its error between replications.

    Its ends are the quantiles two standard errors of the share below and above.

    Parameters
    ----------
    values, counted
        As for `mean_of_jobs`.
    probability : float, 0 to 1

    Raises
    ------
    MetricsError, OutOfRangeError
        As for `mean_of_jobs`, or when `probability` is no share.

    Examples
    --------
    >>> quantile_of_jobs([[1.0, 2.0, 3.0, 4.0]] * 5, 0.5)
    Quantile(value=2.0, low=2.0, high=2.0)
    """
    p = float(within("probability", probability, 0, 1))
    y, chosen = _chosen(values, counted)
    jobs = np.sort(y[chosen])
    if not jobs.size:
        return Quantile(math.nan, math.nan, math.nan)
    value = _at(jobs, p)
    error = mean_of_jobs(y <= value, chosen).error
    if math.isnan(error):
        return Quantile(value, math.nan, math.nan)
    return Quantile(value, _at(jobs, max(p - 2 * error, 0)), _at(jobs, min(p + 2 * error, 1)))


def _at(ascending: Floats, probability: float) -> float:
    """Quantile of sorted values; 1e-9 forgives 0.95 * 100 stored as a hair more than 95."""
    rank = math.ceil(probability * ascending.size - 1e-9)
    return float(ascending[max(rank, 1) - 1])


def _chosen(values: ArrayLike, counted: ArrayLike | None) -> tuple[Floats, NDArray[np.bool_]]:
    y = np.asarray(values, float)
    chosen = ~np.isnan(y) if counted is None else np.asarray(counted, bool)
    if y.ndim != 2 or chosen.shape != y.shape:
        raise MetricsError(
            f"`values` and `counted` must have one shape (s, n); got {y.shape} and {chosen.shape}"
        )
    return y, chosen
