"""The probability a model reports, and how honest it is.

A case with latent score x is reported as p with ``logit p = (logit b + d x - d**2/2) / T``:
the binormal posterior under the prevalence b the model believes in, its log odds divided by a
temperature T. With b the true prevalence and T = 1 the score is calibrated; T < 1 is
overconfident, T > 1 underconfident (Guo et al. 2017, "On calibration of modern neural
networks", ICML, sec. 4.2, for temperature). Axis letter: `t` thresholds. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.binormal_search import (
    cutoff_at_recall,
    cutoffs_within,
    highest_f1_cutoff,
    lowest_cost_cutoff,
)
from aipm_metrics.models.operating_points import Choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.binormal import Binormal
    from aipm_metrics.models.confusion import Floats, Rates
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["ReportedScore"]


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """A binormal model that reports probabilities; answers `ScoreAxis`.

    Parameters
    ----------
    model
        The latent score.
    believed_prevalence : float in (0, 1)
        Share of positives the model was fitted to.
    temperature : float, above 0
        1 is honest, below 1 overconfident.

    Examples
    --------
    An overconfident model doubles its log odds, so 0.9 is said where 0.75 is meant:

    >>> from aipm_metrics.models.binormal import Binormal
    >>> honest = ReportedScore(Binormal(2.0), believed_prevalence=0.5)
    >>> boaster = ReportedScore(Binormal(2.0), believed_prevalence=0.5, temperature=0.5)
    >>> round(float(boaster.threshold_at(honest.cutoff_at(0.75))), 9)
    0.9
    """

    model: Binormal
    believed_prevalence: Any
    temperature: Any = 1.0

    def __post_init__(self) -> None:
        within("believed_prevalence", self.believed_prevalence, 0, 1)
        if not np.all(np.asarray(self.temperature) > 0):
            raise MetricsError(f"`temperature` must be above 0; got {self.temperature}")

    def threshold_at(self, cutoff: ArrayLike) -> Any:
        """Probability reported at each cutoff, (t,); ``inf`` where nothing is flagged."""
        x, d = np.asarray(cutoff, float), np.asarray(self.model.separation, float)
        latent = np.where(d == 0, 0.0, d * np.where(np.isinf(x), 0.0, x)) - d**2 / 2
        shown = expit((logit(self.believed_prevalence) + latent) / self.temperature)
        return np.where(x == np.inf, np.inf, np.where(x == -np.inf, 0.0, shown))[()]

    def cutoff_at(self, threshold: ArrayLike) -> Any:
        """Cutoff at which each threshold is reported, (t,) in sd; the inverse of `threshold_at`.

        A threshold of 0 or less flags everything (``-inf``), one of 1 or more nothing. Without
        separation everyone has one score: all are flagged if it reaches the threshold.
        """
        threshold = np.clip(np.asarray(threshold, float), 0.0, 1.0)
        return self.model.cutoff_at_log_odds(
            self.temperature * logit(threshold), logit(self.believed_prevalence)
        )

    def rates(self, threshold: ArrayLike) -> Rates:
        """Share of each class reported at or above each threshold, (t,)."""
        return self.model.rates(self.cutoff_at(threshold))

    def densities(self, threshold: Floats) -> tuple[Floats, Floats]:
        """Density of negatives and of positives per unit of reported log odds, (t,) each.

        Normal densities at the cutoff, times ``T / d`` for the change of variable. Without
        separation there is no density: ``nan``.
        """
        d, x = float(self.model.separation), self.cutoff_at(threshold)
        if d == 0:
            nothing = np.full(np.shape(threshold), np.nan)
            return nothing, nothing
        scale = self.temperature / d / np.sqrt(2 * np.pi)
        return scale * np.exp(-(x**2) / 2), scale * np.exp(-((x - d) ** 2) / 2)

    def mean(self, prevalence: float) -> float:
        """Mean probability reported where the share `prevalence` is positive.

        Trapezoids over the latent score; on a smooth integrand that dies away at both ends
        their error falls exponentially with the step (Trefethen & Weideman 2014, "The
        exponentially convergent trapezoidal rule", SIAM Review 56, sec. 5), here below 1e-9.

        Examples
        --------
        A calibrated model is right on average:

        >>> from aipm_metrics.models.binormal import Binormal
        >>> round(ReportedScore(Binormal(2.0), 0.01).mean(0.01), 9)
        0.01
        """
        d, step = float(self.model.separation), 0.02
        x = np.arange(-9.0, d + 9.0, step)
        shown = expit((logit(self.believed_prevalence) + d * x - d**2 / 2) / self.temperature)
        bells = (1 - prevalence) * np.exp(-(x**2) / 2) + prevalence * np.exp(-((x - d) ** 2) / 2)
        return float((shown * bells).sum() * step / np.sqrt(2 * np.pi))

    def cheapest(
        self,
        cost: RateCost,
        *,
        load: RateCost | None = None,
        limit: float = np.inf,
        floor: float = 0.0,
    ) -> Choice | None:
        """See `ScoreAxis.cheapest`."""
        allowed = cutoffs_within(self.model, load, limit) if load else (-np.inf, np.inf)
        if allowed is None:
            return None
        low, high = allowed[0], min(allowed[1], cutoff_at_recall(self.model, floor))
        if low > high:
            return None
        return self._choice(lowest_cost_cutoff(self.model, cost, low, high))

    def highest_f1(self, prevalence: float) -> Choice:
        """See `ScoreAxis.highest_f1`."""
        return self._choice(highest_f1_cutoff(self.model, prevalence))

    def _choice(self, cutoff: float) -> Choice:
        return Choice(float(self.threshold_at(cutoff)), self.model.rates(cutoff))
