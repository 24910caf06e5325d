"""Two bell curves of equal width: the equal-variance binormal model of a score.

Negatives score N(0, 1), positives N(separation, 1); a case is flagged when its latent score
``x >= cutoff``. Every rate, the area under the ROC curve and the posterior have closed
forms, so nothing here is random. Axis letter: `t` cutoffs.

Green & Swets (1966), "Signal Detection Theory and Psychophysics"; Pepe (2003), "The
Statistical Evaluation of Medical Tests", sec. 4.4, for the binormal ROC curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.confusion import Rates

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Binormal"]


@dataclass(frozen=True, slots=True)
class Binormal:
    """Negatives N(0, 1), positives N(separation, 1).

    Parameters
    ----------
    separation : float, at least 0
        Distance between the class means, in standard deviations; d' in signal detection.
        An array broadcasts against the cutoffs.

    Raises
    ------
    MetricsError
        When the separation is negative or not finite.

    Examples
    --------
    Half-way between the means, both classes are misjudged equally often:

    >>> rates = Binormal(separation=2.0).rates(1.0)
    >>> round(float(rates.tpr), 6), round(float(rates.fpr), 6)
    (0.841345, 0.158655)
    """

    separation: Any

    def __post_init__(self) -> None:
        d = np.asarray(self.separation, float)
        if not (np.isfinite(d) & (d >= 0)).all():
            raise MetricsError(f"`separation` must be finite and >= 0 sd; got {self.separation}")

    @classmethod
    def from_auc(cls, auc: ArrayLike) -> Self:
        """Model with area `auc` under its ROC curve: ``separation = sqrt(2) Phi^-1(auc)``.

        Raises
        ------
        OutOfRangeError
            When `auc` is outside [0.5, 1), the range this model can express.

        Examples
        --------
        >>> float(Binormal.from_auc(0.5).separation)
        0.0
        """
        auc = within("auc", auc, 0.5, float(np.nextafter(1, 0)))
        return cls(np.sqrt(2) * ndtri(auc))

    @property
    def auc(self) -> Any:
        """Chance that a random positive outscores a random negative: ``Phi(d / sqrt 2)``."""
        return ndtr(np.asarray(self.separation, float) / np.sqrt(2))[()]

    def rates(self, cutoff: ArrayLike) -> Rates:
        """Share of each class at or above each cutoff.

        Parameters
        ----------
        cutoff : (t,) floats, sd above the mean of the negatives
            ``-inf`` flags everything, ``inf`` nothing.

        Returns
        -------
        Rates
            ``tpr = Phi(d - cutoff)`` and ``fpr = Phi(-cutoff)``, both (t,).
        """
        cutoff = np.asarray(cutoff, float)
        above = self.separation - cutoff
        tails = ndtr(above), ndtr(-cutoff), ndtr(-above), ndtr(cutoff)
        return Rates(*(tail[()] for tail in tails))

    def posterior(self, cutoff: ArrayLike, prevalence: ArrayLike) -> Any:
        """Chance that a case scoring exactly `cutoff` is positive.

        ``logit p = logit prevalence + d cutoff - d**2 / 2``: prior log odds plus the log
        likelihood ratio of two unit normals.

        Parameters
        ----------
        cutoff : (t,) floats, sd
        prevalence : float in [0, 1]

        Examples
        --------
        Midway between the means the score says nothing, so the prior stands:

        >>> round(float(Binormal(separation=2.0).posterior(1.0, prevalence=0.1)), 9)
        0.1
        """
        d = np.asarray(self.separation, float)
        prior = logit(within("prevalence", prevalence, 0, 1))
        cutoff = np.where(d == 0, 0.0, np.asarray(cutoff, float))  # 0 * inf would be nan
        return expit(prior + d * cutoff - d**2 / 2)[()]

    def cutoff_at(self, probability: ArrayLike, prevalence: ArrayLike) -> Any:
        """Cutoff whose posterior equals `probability`; the inverse of `posterior`.

        Parameters
        ----------
        probability : (t,) floats in [0, 1]
        prevalence : float in [0, 1]

        Returns
        -------
        (t,) floats, sd
            ``d/2 + (logit probability - logit prevalence) / d``. Without separation every
            case has posterior `prevalence`: ``-inf`` (flag all) when that reaches
            `probability`, else ``inf``.

        Examples
        --------
        >>> round(float(Binormal(separation=2.0).cutoff_at(0.1, prevalence=0.1)), 9)
        1.0
        """
        probability = within("probability", probability, 0, 1)
        prevalence = within("prevalence", prevalence, 0, 1)
        return self.cutoff_at_log_odds(logit(probability), logit(prevalence))

    def cutoff_at_log_odds(self, log_odds: Any, prior_log_odds: Any) -> Any:
        """Cutoff whose posterior has these log odds; see `cutoff_at`."""
        d = np.asarray(self.separation, float)
        reached = np.where(np.asarray(prior_log_odds) >= log_odds, -np.inf, np.inf)
        step = np.divide(np.subtract(log_odds, prior_log_odds), np.where(d == 0, 1.0, d))
        return np.where(d == 0, reached, d / 2 + step)[()]
