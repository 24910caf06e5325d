"""A number with its interval, where a number alone would lie.

A share counted on few rows is uncertain, and says so: with fewer than `FEW` trials, or an interval
wider than `WIDE`, it is "too few to say". The interval stands beside those words; a bare share
does not. Axis letters of arrays: any; mostly `g` groups. Nothing here is random.
Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal
of the American Statistical Association 22, 209-212. Clopper & Pearson (1934), "The use of
confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 404-413.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv, ndtri

from aipm_metrics.errors import MetricsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "Estimate",
    "Estimates",
    "clopper_pearson",
    "few_or_wide",
    "wilson",
    "wilson_each",
    "wilson_ends",
]

FEW = 10  # trials below which a share is too uncertain to be said
WIDE = 0.2  # so wide an interval tells good from bad no longer: 0.7 and 0.9 are both in it


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

    @property
    def status(self) -> str:
        """What can be said of it: "said", "too few" or "undefined"; see `few_or_wide`."""
        return str(few_or_wide(self.low, self.high, self.trials))


@dataclass(frozen=True, slots=True)
class Estimates:
    """Many shares, each with its interval: arrays of one shape.

    Attributes
    ----------
    value, low, high : (...,) floats, 0 to 1
        The shares and the ends of their intervals; ``nan`` where undefined.
    trials : (...,) integers
        How many each was counted on.
    """

    value: Any
    low: Any
    high: Any
    trials: Any

    @property
    def status(self) -> Any:
        """What can be said of each, (...,) of words; see `few_or_wide`."""
        return few_or_wide(self.low, self.high, self.trials)

    def at(self, *index: int) -> Estimate:
        """One of them.

        Examples
        --------
        >>> wilson_each([0, 5], 10).at(1).value
        0.5
        """
        value, low, high = (float(each[index]) for each in (self.value, self.low, self.high))
        return Estimate(value, low, high, int(self.trials[index]))


def few_or_wide(low: ArrayLike, high: ArrayLike, trials: ArrayLike) -> Any:
    """Decide what can be said of estimates with these intervals.

    Parameters
    ----------
    low, high : (...,) floats
        Ends of intervals; ``nan`` where there is none.
    trials : (...,) integers

    Returns
    -------
    (...,) array of words
        "undefined" without an interval; "too few" with fewer than `FEW` trials or an interval
        wider than `WIDE`; else "said".

    Examples
    --------
    Nine trials are too few; so are twenty, half of them good: the share may be 0.3 or 0.7.

    >>> few_or_wide([np.nan, 0.7, 0.3, 0.49], [np.nan, 0.8, 0.7, 0.51], [0, 9, 20, 9604]).tolist()
    ['undefined', 'too few', 'too few', 'said']
    """
    low, high, trials = np.broadcast_arrays(low, high, trials)
    unknown, few = np.isnan(low) | np.isnan(high), (trials < FEW) | (high - low > WIDE)
    return np.where(unknown, "undefined", np.where(few, "too few", "said"))


def wilson_each(successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> Estimates:
    """Estimate many shares, each with Wilson's score interval; see `wilson_ends`.

    Parameters
    ----------
    successes, trials : (...,) integers
        They broadcast; ``0 <= successes <= trials``.
    confidence : float in (0, 1)

    Raises
    ------
    MetricsError
        When there are more successes than trials, or fewer than none.

    Examples
    --------
    >>> found = wilson_each([0, 9], 10)
    >>> found.low.round(4).tolist(), found.high.round(4).tolist()
    ([0.0, 0.5958], [0.2775, 0.9821])
    """
    k, n = np.broadcast_arrays(np.asarray(successes), np.asarray(trials))
    wrong = ~((k >= 0) & (k <= n))
    if wrong.any():
        raise MetricsError(
            f"`successes` must lie in [0, {n[wrong].flat[0]}]; got {k[wrong].flat[0]}"
        )
    some = np.where(n > 0, n, np.nan)  # no trials: every ratio is nan
    low, high = wilson_ends(k / some, some, confidence)
    low, high = np.where((k == 0) & (n > 0), 0.0, low), np.where((k == n) & (n > 0), 1.0, high)
    return Estimates(k / some, low, high, n)


def wilson_ends(share: ArrayLike, trials: ArrayLike, confidence: float) -> tuple[Any, Any]:
    """Find the ends of Wilson's interval of a share that need not be a count over trials.

    ``(p + z**2 / 2n -+ z sqrt(p (1 - p) / n + z**2 / 4n**2)) / (1 + z**2 / n)``

    Parameters
    ----------
    share : (...,) floats, 0 to 1
    trials : (...,) floats, above 0
    confidence : float in (0, 1)

    Examples
    --------
    With as many trials as ``z**2``, a half may be half way to either end, by ``sqrt(1/2) / 2``:

    >>> ends = wilson_ends(0.5, float(ndtri(0.975)) ** 2, 0.95)
    >>> [round(float(end), 4) for end in ends]
    [0.1464, 0.8536]
    """
    p, n = np.asarray(share, float), np.asarray(trials, float)
    z = float(ndtri((1 + confidence) / 2))
    middle, shrunk = p + z**2 / (2 * n), 1 + z**2 / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / shrunk, (middle + half) / shrunk


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Estimate:
    """Estimate one share, with Wilson's score interval; see `wilson_each`.

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
    return wilson_each([successes], trials, confidence).at(0)


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
