"""Net benefit: what a model is worth to whoever would act at a given chance of disease.

Who would act on a chance of `t` holds one missed case to be worth ``(1 - t) / t`` needless
interventions. In those terms a model that flags at ``score >= t`` brings, per person,
``tpr prevalence - fpr (1 - prevalence) t / (1 - t)``: cases found, less needless interventions
in the currency of cases. Acting on everybody and on nobody are the two rivals of any model.

Vickers & Elkin (2006), "Decision curve analysis", Medical Decision Making 26, 565-574. Axis
letters: `n` cases, `t` thresholds. Nothing here is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import within
from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.empirical import Empirical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "benefit_of_rates",
    "interventions_avoided",
    "net_benefit",
    "net_interventions_avoided",
    "threshold_probability",
    "treat_all",
    "treat_none",
]


def threshold_probability(worth: ArrayLike) -> Any:
    """Chance of disease from which it pays to act, ``1 / (1 + worth)``.

    Parameters
    ----------
    worth : float or array, at least 0
        How many needless interventions one missed case is worth; infinite for "act always".

    Examples
    --------
    Who would take nine needless biopsies to find one cancer acts from a chance of one in ten:

    >>> float(threshold_probability(9))
    0.1
    """
    return (1 / (1 + within("worth", worth, 0, np.inf)))[()]


def benefit_of_rates(rates: Rates, threshold: ArrayLike, prevalence: ArrayLike) -> Any:
    """Net benefit per person of whatever has these rates.

    Parameters
    ----------
    rates : Rates, (t,) each or scalars
        A model's at each threshold, or a clinician's, the same at all of them.
    threshold : (t,) floats in [0, 1]
        Chance from which somebody would act.
    prevalence : float in [0, 1]

    Returns
    -------
    (t,) floats
        In cases found per person; ``nan`` at a threshold of 1, where no needless intervention
        is worth anything.

    Examples
    --------
    Half of a tenth is found; of the others a tenth is flagged, nine of them worth a case:

    >>> round(float(benefit_of_rates(Rates(tpr=0.5, fpr=0.1), 0.1, 0.1)), 12)
    0.04
    """
    pi = within("prevalence", prevalence, 0, 1)
    return (pi * rates.tpr - (1 - pi) * rates.fpr * _odds(threshold))[()]


def treat_all(threshold: ArrayLike, prevalence: ArrayLike) -> Any:
    """Net benefit per person of acting on everybody; see `benefit_of_rates`.

    Examples
    --------
    It is nothing where the threshold is the prevalence itself:

    >>> abs(float(treat_all(0.25, 0.25))) < 1e-15
    True
    """
    return benefit_of_rates(Rates(tpr=1.0, fpr=1.0), threshold, prevalence)


def treat_none(threshold: ArrayLike) -> Any:
    """Net benefit per person of acting on nobody: nothing, whatever the threshold.

    Examples
    --------
    >>> treat_none([0.1, 0.2]).tolist()
    [0.0, 0.0]
    """
    return (_odds(threshold) * 0.0)[()]


def net_benefit(
    score: ArrayLike, label: ArrayLike, threshold: ArrayLike, prevalence: float | None = None
) -> Any:
    """Net benefit per person of acting on ``score >= threshold``.

    Parameters
    ----------
    score : (n,) floats in [0, 1]
        Probabilities; a score on another scale has no decision curve.
    label : (n,) of 0 and 1
    threshold : (t,) floats in [0, 1]
    prevalence : float in [0, 1], optional
        Share of positives where the model is used, for rows that were sampled by class; the
        rows' own share by default.

    Returns
    -------
    (t,) floats
        ``nan`` at a threshold of 1.

    Raises
    ------
    OutOfRangeError
        For a score or a threshold that is no probability.
    RowsError
        For labels that are not 0 and 1, or of one class only.

    Examples
    --------
    Two of four have it; at one half both flagged are right: two cases of four people.

    >>> float(net_benefit([0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1], 0.5))
    0.5
    """
    rows = Empirical.from_rows(within("score", score, 0, 1), label)
    pi = rows.prevalence if prevalence is None else prevalence
    return benefit_of_rates(rows.rates(threshold), threshold, pi)


def interventions_avoided(rates: Rates, threshold: ArrayLike, prevalence: ArrayLike) -> Any:
    """Net interventions avoided per person, against acting on everybody, of these rates.

    ``(net benefit - net benefit of treating all) (1 - t) / t``; see `benefit_of_rates`.

    Returns
    -------
    (t,) floats
        ``nan`` at the thresholds 0 and 1.
    """
    gained = benefit_of_rates(rates, threshold, prevalence) - treat_all(threshold, prevalence)
    odds = _odds(threshold)
    return np.divide(gained, odds, out=np.full(np.shape(gained), np.nan), where=odds != 0)[()]


def net_interventions_avoided(
    score: ArrayLike, label: ArrayLike, threshold: ArrayLike, prevalence: float | None = None
) -> Any:
    """Interventions a model saves per person, found cases given up deducted.

    Parameters
    ----------
    score, label, threshold, prevalence
        See `net_benefit`.

    Returns
    -------
    (t,) floats
        Against acting on everybody; ``nan`` at the thresholds 0 and 1.

    Examples
    --------
    Half of four people are spared and no case is lost:

    >>> float(net_interventions_avoided([0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1], 0.5))
    0.5
    """
    rows = Empirical.from_rows(within("score", score, 0, 1), label)
    pi = rows.prevalence if prevalence is None else prevalence
    return interventions_avoided(rows.rates(threshold), threshold, pi)


def _odds(threshold: ArrayLike) -> Any:
    """Needless interventions in the currency of cases, ``t / (1 - t)``; ``nan`` at 1."""
    t = np.asarray(within("threshold", threshold, 0, 1), float)
    return np.divide(t, 1 - t, out=np.full(t.shape, np.nan), where=t < 1)
