"""A number with its interval, where a number alone would lie.

A share counted on few rows is uncertain, and says so. Nothing here is random.
Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal
of the American Statistical Association 22, 209-212. Clopper & Pearson (1934), "The use of
confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 404-413.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betaincinv, ndtri

from aipm_metrics.errors import MetricsError

__all__ = ["Estimate", "clopper_pearson", "wilson"]

FEW = 10  # trials below which a share is too uncertain to be said


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share counted on so many trials.

    Attributes
    ----------
    value, low, high : float, 0 to 1
        The share and the ends of its interval; ``nan`` without trials.
    trials : int
        How many it was counted on.
    """

    value: float
    low: float
    high: float
    trials: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few trials to say anything."""
        return self.trials < FEW


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Estimate:
    """Estimate a share, with Wilson's score interval.

    ``(p + z**2 / 2n -+ z sqrt(p (1 - p) / n + z**2 / 4n**2)) / (1 + z**2 / n)``

    Parameters
    ----------
    successes, trials : int
        ``0 <= successes <= trials``.
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        When there are more successes than trials, or fewer than none.

    Examples
    --------
    Never in ten trials does not mean never:

    >>> round(wilson(0, 10).high, 4)
    0.2775
    """
    _counted(successes, trials)
    if trials == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    z, n, p = float(ndtri((1 + confidence) / 2)), trials, successes / trials
    middle, shrunk = p + z**2 / (2 * n), 1 + z**2 / n
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low = 0.0 if successes == 0 else (middle - half) / shrunk
    high = 1.0 if successes == trials else (middle + half) / shrunk
    return Estimate(p, low, high, trials)


def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> Estimate:
    """Estimate a share, with the exact interval: it holds the truth at least so often.

    Its ends are quantiles of beta distributions: the shares at which so many successes or more,
    and so many or fewer, have a chance of ``(1 - confidence) / 2``.

    Parameters
    ----------
    successes, trials, confidence
        As in `wilson`, and refused alike.

    Examples
    --------
    Never in ten trials: at most where ``(1 - p)**10`` is 2.5 %.

    >>> round(clopper_pearson(0, 10).high, 4), round(1 - 0.025**0.1, 4)
    (0.3085, 0.3085)
    """
    _counted(successes, trials)
    if trials == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    tail, failures = (1 - confidence) / 2, trials - successes
    low = 0.0 if successes == 0 else float(betaincinv(successes, failures + 1, tail))
    high = 1.0 if failures == 0 else float(betaincinv(successes + 1, failures, 1 - tail))
    return Estimate(successes / trials, low, high, trials)


def _counted(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise MetricsError(f"`successes` must lie in [0, {trials}]; got {successes}")
