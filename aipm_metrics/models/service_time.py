"""How long one request occupies a server, from its mean and coefficient of variation.

Two families that real service times are fitted with. A gamma of variation 1 is the exponential;
either family without variation is the constant. Draws are common random numbers: a job keeps its
uniform, and mean, variation or family move the time that belongs to it (Law 2015, "Simulation
Modeling and Analysis", sec. 11.2). Nothing here is random by itself. Axis letters: `s`
replications, `n` jobs.

Crow & Shimizu (1988), "Lognormal Distributions", ch. 1; Johnson, Kotz & Balakrishnan (1994),
"Continuous Univariate Distributions", vol. 1, ch. 17, for the gamma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from scipy.special import gammaincc, gammainccinv, gammaincinv, ndtr, ndtri

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Family", "ServiceTime"]

Family = Literal["lognormal", "gamma"]
FAMILIES = ("lognormal", "gamma")
MOST_VARIED = 100.0
BELOW_ONE = float(np.nextafter(1, 0))


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """A service time with this mean and variation.

    Parameters
    ----------
    mean_s : float, s, above 0
    cv : float, 0 to 100
        Coefficient of variation: standard deviation over mean. 0 is a constant.
    family
        ``"lognormal"``, or ``"gamma"``, which at ``cv = 1`` is the exponential.

    Raises
    ------
    MetricsError
        When the mean is not a positive number, or the family is unknown.
    OutOfRangeError
        When `cv` lies outside its limits.

    Examples
    --------
    Half of all exponential times are shorter than the mean times ln 2:

    >>> float((ServiceTime.exponential(2.0).ppf(0.5) / math.log(2)).round(9))
    2.0
    """

    mean_s: float
    cv: float
    family: Family = "lognormal"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean_s) and self.mean_s > 0):
            raise MetricsError(f"`mean_s` must be a number of seconds above 0; got {self.mean_s}")
        within("cv", self.cv, 0, MOST_VARIED)
        if self.family not in FAMILIES:
            raise MetricsError(f"`family` must be one of {FAMILIES}; got {self.family!r}")

    @classmethod
    def exponential(cls, mean_s: float) -> Self:
        """Time without memory: gamma of variation 1, the M of M/M/c."""
        return cls(mean_s, 1.0, "gamma")

    @classmethod
    def deterministic(cls, mean_s: float) -> Self:
        """Time that is always the same: the D of M/D/1."""
        return cls(mean_s, 0.0)

    def ppf(self, probability: ArrayLike) -> Any:
        """Time that a share `probability` of jobs does not exceed.

        Lognormal ``exp(mu + sigma Phi^-1(p))`` with ``sigma**2 = ln(1 + cv**2)`` and
        ``mu = ln(mean) - sigma**2 / 2``; gamma of shape ``1 / cv**2`` and scale ``mean cv**2``.

        Parameters
        ----------
        probability : float or array, 0 to 1

        Returns
        -------
        float or array of the same shape, s

        Examples
        --------
        A lognormal's median lies below its mean, by the factor ``sqrt(1 + cv**2)``:

        >>> float(ServiceTime(5.0, math.sqrt(3)).ppf(0.5).round(9))
        2.5
        """
        p = np.asarray(within("probability", probability, 0, 1))
        if self.cv == 0:
            return np.full(p.shape, float(self.mean_s))[()]
        if self.family == "lognormal":
            mu, sigma = self._logarithm
            return np.exp(mu + sigma * ndtri(p))[()]
        shape = self.cv**-2
        with np.errstate(divide="ignore"):  # p = 1: infinity is the answer
            unit = -np.log1p(-p) if shape == 1 else gammaincinv(shape, p) / shape
        return (self.mean_s * unit)[()]

    def sf(self, time_s: ArrayLike) -> Any:
        """Share of jobs that take longer than `time_s`.

        Parameters
        ----------
        time_s : float or array, s, at least 0

        Returns
        -------
        float or array of the same shape, 0 to 1

        Examples
        --------
        >>> float(ServiceTime.exponential(2.0).sf(2 * math.log(4)).round(9))
        0.25
        >>> ServiceTime.deterministic(2.0).sf([1.9, 2.0]).tolist()
        [1.0, 0.0]
        """
        t = np.asarray(within("time_s", time_s, 0, math.inf))
        if self.cv == 0:
            return (t < self.mean_s).astype(float)[()]
        if self.family == "lognormal":
            mu, sigma = self._logarithm
            with np.errstate(divide="ignore"):  # nobody takes less than no time
                return ndtr((mu - np.log(t)) / sigma)[()]
        shape = self.cv**-2
        return gammaincc(shape, shape * t / self.mean_s)[()]

    def isf(self, probability: ArrayLike) -> Any:
        """Time that a share `probability` of jobs exceeds: the inverse of `sf`.

        The same as ``ppf(1 - probability)``, with the digits that this difference loses for
        rare, long jobs.

        Examples
        --------
        One exponential job in e**40 is longer than 40 means:

        >>> float(ServiceTime.exponential(1.0).isf(math.exp(-40)).round(9))
        40.0
        """
        p = np.asarray(within("probability", probability, 0, 1))
        if self.cv == 0:
            return np.full(p.shape, float(self.mean_s))[()]
        if self.family == "lognormal":
            mu, sigma = self._logarithm
            return np.exp(mu - sigma * ndtri(p))[()]
        shape = self.cv**-2
        return (self.mean_s * gammainccinv(shape, p) / shape)[()]

    def draw(self, uniforms: ArrayLike) -> Any:
        """Service times that belong to these uniforms, by inversion.

        Parameters
        ----------
        uniforms : (s, n) floats in [0, 1)
            As `numpy.random.Generator.random` draws them. Used again under another mean, the
            same times come back longer or shorter, never in another order.

        Returns
        -------
        (s, n) floats, s

        Examples
        --------
        >>> u = np.random.default_rng(7).random((2, 3))
        >>> slow, fast = (ServiceTime(mean, 1.5).draw(u) for mean in (3.0, 1.0))
        >>> (slow / fast).round(9).tolist()
        [[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]]
        """
        return self.ppf(within("uniforms", uniforms, 0, BELOW_ONE))

    @property
    def _logarithm(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of a lognormal time in s."""
        variance = math.log1p(self.cv**2)
        return math.log(self.mean_s) - variance / 2, math.sqrt(variance)
