"""Demand of one place in one hour: four laws, and how much of it a stock leaves unmet.

The expected shortfall of a stock is a partial expectation, closed for all four laws: the normal
and lognormal loss functions, and for counts the size-biased law, since ``k p(k)`` of a Poisson or
negative binomial law is its mean times ``p(k - 1)`` of a Poisson, or of a negative binomial law
with one more success (Johnson, Kemp & Kotz 2005, "Univariate Discrete Distributions", ch. 4, 5).
Numbers may be arrays that broadcast. Axis letter: `g` settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from scipy.special import betainc, gammainc, ndtr, ndtri
from scipy.stats import nbinom, poisson

from aipm_metrics.errors import MetricsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["LAWS", "Demand", "Law", "demand"]

Law = Literal["normal", "lognormal", "poisson", "negative binomial"]
LAWS: tuple[str, ...] = get_args(Law)
COUNTS = ("poisson", "negative binomial")
LARGEST = 1e300
ROOT_TAU = np.sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Demand:
    """A law of demand; make one with `demand`, which checks it.

    Attributes
    ----------
    law
    mean, sd : floats or (g,) floats, units of demand
    """

    law: Law
    mean: Any
    sd: Any

    @property
    def counts(self) -> bool:
        """Whether demand is a whole number."""
        return self.law in COUNTS

    @property
    def log_mean(self) -> Any:
        """Mean of the logarithm, of a lognormal law."""
        return np.log(self.mean) - self.log_sd**2 / 2

    @property
    def log_sd(self) -> Any:
        """Standard deviation of the logarithm, of a lognormal law."""
        return np.sqrt(np.log1p((self.sd / self.mean) ** 2))

    @property
    def successes(self) -> Any:
        """Number of successes a negative binomial law waits for; any positive number."""
        return self.mean**2 / (self.sd**2 - self.mean)

    @property
    def success(self) -> Any:
        """Chance of success of a negative binomial law."""
        return self.mean / self.sd**2

    def enough(self, stock: ArrayLike) -> Floats:
        """Chance that demand is at most `stock`.

        Examples
        --------
        >>> float(demand("normal", 50, 8).enough(50))
        0.5
        """
        x = np.asarray(stock, float)
        if self.law == "normal":
            return np.asarray(ndtr((x - self.mean) / self.sd))
        if self.law == "lognormal":
            return np.asarray(ndtr((_log(x) - self.log_mean) / self.log_sd))
        return np.asarray(1 - self._more_than(np.floor(x), 0))

    def density(self, at: ArrayLike) -> Floats:
        """Density of demand; of counts, the chance of each whole number.

        Examples
        --------
        >>> round(float(demand("normal", 50, 8).density(50)) * 8, 4)
        0.3989
        """
        x = np.asarray(at, float)
        if self.law == "normal":
            return np.asarray(np.exp(-(((x - self.mean) / self.sd) ** 2) / 2) / ROOT_TAU / self.sd)
        if self.law == "lognormal":
            z = (_log(x) - self.log_mean) / self.log_sd
            tall = ROOT_TAU * self.log_sd * np.where(x > 0, x, 1.0)
            return np.asarray(np.where(x > 0, np.exp(-(z**2) / 2) / tall, 0.0))
        return np.asarray(np.where(x == np.floor(x), self.enough(x) - self.enough(x - 1), 0.0))

    def quantile(self, share: ArrayLike) -> Floats:
        """Least stock that is enough with chance `share`; whole for counts.

        Examples
        --------
        >>> float(demand("poisson", 50).quantile(0.5))
        50.0
        """
        q = np.asarray(share, float)
        if self.law == "normal":
            return np.asarray(self.mean + self.sd * ndtri(q))
        if self.law == "lognormal":
            return np.asarray(np.exp(self.log_mean + self.log_sd * ndtri(q)))
        if self.law == "poisson":
            return np.asarray(np.maximum(poisson.ppf(q, self.mean), 0.0))
        return np.asarray(np.maximum(nbinom.ppf(q, self.successes, self.success), 0.0))

    def shortfall(self, stock: ArrayLike) -> Floats:
        """Mean of what demand exceeds `stock` by; at nought, the mean of what demand there is.

        Examples
        --------
        Stocking the mean of a normal law leaves 0.4 of a standard deviation unmet:

        >>> round(float(demand("normal", 50, 8).shortfall(50)) / 8, 4)
        0.3989
        """
        x = np.asarray(stock, float)
        if self.law == "normal":
            z = (x - self.mean) / self.sd
            return np.asarray(self.sd * (np.exp(-(z**2) / 2) / ROOT_TAU - z * ndtr(-z)))
        if self.law == "lognormal":
            away = (self.log_mean - _log(x)) / self.log_sd
            return np.asarray(self.mean * ndtr(away + self.log_sd) - x * ndtr(away))
        whole = np.floor(x)
        return np.asarray(self.mean * self._more_than(whole - 1, 1) - x * self._more_than(whole, 0))

    def surplus(self, stock: ArrayLike) -> Floats:
        """Mean of what `stock` exceeds demand by.

        Examples
        --------
        >>> round(float(demand("normal", 50, 8).surplus(70)), 2)
        20.02
        """
        return np.asarray(stock - self.mean + self.shortfall(stock))

    def _more_than(self, whole: Floats, extra: int) -> Any:
        """Chance of more than a whole number, of the law with so many `extra` successes."""
        k = np.maximum(whole + 1, 0.0)
        if self.law == "poisson":
            return np.where(k > 0, gammainc(np.maximum(k, 1.0), self.mean), 1.0)
        over = betainc(np.maximum(k, 1.0), self.successes + extra, 1 - self.success)
        return np.where(k > 0, over, 1.0)


def demand(law: str, mean: ArrayLike, sd: ArrayLike | None = None) -> Demand:
    """Check a law of demand and make it.

    Parameters
    ----------
    law
        One of `LAWS`.
    mean : float or (g,) floats, above 0
    sd : float or (g,) floats, above 0
        Standard deviation of demand itself, of a lognormal law too. A Poisson law has the root
        of its mean; a negative binomial law must have more.

    Raises
    ------
    MetricsError
        Naming the field and its limits.

    Examples
    --------
    >>> demand("normal", 50, -1)
    Traceback (most recent call last):
    ...
    aipm_metrics.errors.MetricsError: `sd` must be above 0 and at most 1e+300; got -1
    """
    if law not in LAWS:
        raise MetricsError(f"`law` must be one of {', '.join(LAWS)}; got {law}")
    m = _positive("mean", mean)
    if law == "poisson":
        root = np.sqrt(m)
        if sd is not None and not np.allclose(sd, root, rtol=1e-9, atol=0):
            raise MetricsError(f"`sd` must be the root of the mean for a Poisson law; got {sd}")
        return Demand("poisson", m, root)
    if sd is None:
        raise MetricsError(f"`sd` must be given for a {law} law; got nothing")
    spread = _positive("sd", sd)
    if law == "negative binomial" and np.any(spread**2 <= m):
        raise MetricsError(
            "`sd` must be above the root of the mean for a negative binomial law, or the law is "
            f"Poisson; got {float(np.min(spread)):g}, and the root is {float(np.max(np.sqrt(m))):g}"
        )
    return Demand(law, m, spread)  # type: ignore[arg-type] # one of LAWS


def _positive(field: str, value: ArrayLike) -> Any:
    array = np.asarray(value, float)
    wrong = ~((array > 0) & (array <= LARGEST))
    if wrong.any():
        raise MetricsError(
            f"`{field}` must be above 0 and at most {LARGEST:g}; got {array[wrong].flat[0]:g}"
        )
    return array[()]


def _log(x: Floats) -> Floats:
    """Logarithm; of nothing, and of less, the lowest there is."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(x, 0.0))
