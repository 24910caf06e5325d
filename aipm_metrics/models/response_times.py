"""How long an answer takes in all: the wait in a line with a deadline, and the work itself.

The wait is that of an `ImpatientLine`, the work a lognormal or gamma time that does not depend on
it. A share is an integral over the work's quantiles, by Gauss-Legendre on the stretch where the
wait matters: shorter work is in time whatever the wait, longer work never. Axis letters: `d` bins
of the day, `g` settings or draws; `q` nodes of the integral.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import gammainc, gammainccinv, gammaincinv, ndtr, ndtri

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.impatient_line import ImpatientLine

__all__ = ["Work", "answered_over"]

# Gauss-Legendre after the change of variable u = t**3 (10 - 15 t + 6 t**2), whose slope vanishes
# at both ends, where the integrand is steep: within 1e-6 where plain nodes reach 4e-5.
_T, _W = np.polynomial.legendre.leggauss(32)
_T = (1 + _T) / 2
MANY = 3000  # quantiles for which it is worth drawing their curve first
FAR = 8.2  # normal scores beyond which a share is 0 or 1 in a float
NODES = _T**3 * (10 - 15 * _T + 6 * _T**2)
WEIGHTS = _W / 2 * 30 * _T**2 * (1 - _T) ** 2


@dataclass(frozen=True, slots=True)
class Work:
    """A lognormal or gamma time with this mean and variation, for arrays of both.

    Attributes
    ----------
    mean : (...) floats, above 0
    cv : float or array, above 0
        Standard deviation over mean.
    family

    Examples
    --------
    Half of all exponential times (gamma of variation 1) are shorter than ln 2 of the mean:

    >>> round(float(Work(2.0, 1.0, "gamma").below(2 * np.log(2))), 12)
    0.5
    """

    mean: Any
    cv: Any
    family: Literal["lognormal", "gamma"]

    def below(self, time: Any) -> Floats:
        """Share of times below `time`; none below nought."""
        ratio = np.maximum(time, 0.0) / self.mean
        if self.family == "gamma":
            shape = np.asarray(self.cv, float) ** -2
            return np.asarray(gammainc(shape, shape * ratio))
        spread = np.sqrt(np.log1p(np.asarray(self.cv, float) ** 2))
        with np.errstate(divide="ignore"):
            return np.asarray(ndtr(np.log(ratio) / spread + spread / 2))

    def quantile(self, share: Any) -> Floats:
        """Time that a share of them stays below."""
        if self.family == "gamma":
            shape = np.asarray(self.cv, float) ** -2
            if shape.size == 1 and np.size(share) > MANY:
                return np.asarray(self.mean * _gamma_quantiles(shape.item(), share))
            return np.asarray(self.mean * gammaincinv(shape, share) / shape)
        spread = np.sqrt(np.log1p(np.asarray(self.cv, float) ** 2))
        return np.asarray(self.mean * np.exp(spread * ndtri(share) - spread**2 / 2))


def _gamma_quantiles(shape: float, share: Any) -> Floats:
    """Quantiles of a gamma of mean 1, to 2e-8: scipy's search takes 10 us for each, this 1."""
    place = np.clip(ndtri(share), -FAR, FAR)
    time = np.exp(_log_gamma_by_score(shape)(place))
    return np.where(np.asarray(share) < 1, time, np.inf)


@lru_cache(maxsize=16)
def _log_gamma_by_score(shape: float) -> CubicSpline:
    """Log of the quantile by normal score, which is smooth at both ends."""
    score = np.linspace(-FAR, FAR, 513)
    below, above = gammaincinv(shape, ndtr(score)), gammainccinv(shape, ndtr(-score))
    return CubicSpline(score, np.log(np.where(score < 0, below, above) / shape))


def answered_over(line: ImpatientLine, work: Work, limit: Any) -> Floats:
    """Share of customers who are served, but later than `limit` after they came.

    Parameters
    ----------
    line, work
        Wait and work; their arrays broadcast.
    limit : (...) floats, in the unit of time
        Below 0 everybody served is over it.

    Returns
    -------
    (...) floats

    Examples
    --------
    Nobody waits: what remains is the work.

    >>> from aipm_metrics.models.impatient_line import impatient_line
    >>> idle = impatient_line(0.0, 1.0, 10.0, 5.0)
    >>> over = answered_over(idle, Work(1.0, 1.0, "gamma"), 1.0)
    >>> round(float(over - np.exp(-1)), 12)
    0.0
    """
    low, high = work.below(limit - line.deadline), work.below(limit)
    shape = np.broadcast_shapes(np.shape(high), line.left.shape)
    nodes = NODES.reshape(-1, *[1] * len(shape))  # an axis of their own, before all others
    late = line.served_over(limit - work.quantile(low + (high - low) * nodes))
    total = (high - low) * np.tensordot(WEIGHTS, late, axes=1)
    # Work below `low` leaves no wait within the deadline that would make it late.
    return np.asarray(total + (1 - high) * (1 - line.left))
