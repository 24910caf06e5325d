"""A person who reads with an AI's call beside them: what the two are together.

Person and AI each call a case positive or not. Where they agree, that is the call. Where they
disagree, the person adopts the AI's call with the chance `follow_right` when the AI is right and
`follow_wrong` when it is not, so that within one state of the disease

- among positives ``tpr = h + follow_right P(only AI says yes) - follow_wrong P(only person does)``
- among negatives ``fpr = h + follow_wrong P(only AI says yes) - follow_right P(only person does)``

with h the person's own rate. How often both say yes follows from a latent normal variable each,
correlated within either state: ``P(both yes) = Phi2(Phi^-1(h), Phi^-1(a); correlation)``, the
tetrachoric model (Pearson 1900). Any correlation is feasible with any two rates; that of the two
calls themselves would not be. Following always gives the AI, never gives the person.

Words after Schemmer et al. (2023), "Appropriate reliance on AI advice", IUI: to follow what is
wrong is over-reliance, not to follow what is right under-reliance, the rest is appropriate.
Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from aipm_metrics.errors import within
from aipm_metrics.models.bivariate_normal import bivariate_normal_cdf

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Calls", "Reliance", "calls_of", "reliance_of", "team_rates"]


@dataclass(frozen=True, slots=True)
class Calls:
    """How two readers call the cases of one state of the disease; shares of those cases.

    Attributes
    ----------
    person, ai : floats or arrays, 0 to 1
        How often each says yes.
    both : float or array, 0 to 1
        How often both do.
    """

    person: Any
    ai: Any
    both: Any

    @property
    def only_ai(self) -> Any:
        """The AI says yes and the person no."""
        return np.maximum(self.ai - self.both, 0.0)[()]

    @property
    def only_person(self) -> Any:
        """The person says yes and the AI no."""
        return np.maximum(self.person - self.both, 0.0)[()]

    @property
    def differ(self) -> Any:
        """The two disagree."""
        return self.only_ai + self.only_person

    def together(self, follow_yes: Any, follow_no: Any) -> Any:
        """How often the team says yes.

        Parameters
        ----------
        follow_yes, follow_no : floats or arrays, 0 to 1
            Chance to adopt the AI's yes, and its no, against one's own call.
        """
        moved = follow_yes * self.only_ai - follow_no * self.only_person
        return np.clip(self.person + moved, 0.0, 1.0)[()]


@dataclass(frozen=True, slots=True)
class Reliance:
    """What becomes of the cases the two disagree on; shares of all cases.

    Attributes
    ----------
    appropriate, over, under : floats or arrays, 0 to 1
        Followed when right or not followed when wrong; followed when wrong; not followed when
        right. They add up to how often the two disagree.
    """

    appropriate: Any
    over: Any
    under: Any

    @property
    def disagree(self) -> Any:
        """How often the two disagree."""
        return self.appropriate + self.over + self.under


def calls_of(person: ArrayLike, ai: ArrayLike, correlation: ArrayLike = 0.0) -> Calls:
    """How two readers call the cases of one state of the disease.

    Parameters
    ----------
    person, ai : floats or arrays, 0 to 1
        Share each calls positive.
    correlation : float or array, -1 to 1
        Of their latent variables: 0 is independent, 1 the same cases as far as rates allow.

    Raises
    ------
    OutOfRangeError
        For a rate outside [0, 1] or a correlation outside [-1, 1].

    Examples
    --------
    Independent, they both say yes to two fifths and differ on half:

    >>> calls = calls_of(0.8, 0.5)
    >>> round(float(calls.both), 12), round(float(calls.differ), 12)
    (0.4, 0.5)
    """
    person, ai = within("person", person, 0, 1), within("ai", ai, 0, 1)
    return Calls(person, ai, bivariate_normal_cdf(ndtri(person), ndtri(ai), correlation))


def team_rates(
    human_tpr: ArrayLike,
    human_fpr: ArrayLike,
    ai_tpr: ArrayLike,
    ai_fpr: ArrayLike,
    follow_right: ArrayLike,
    follow_wrong: ArrayLike,
    correlation: ArrayLike = 0.0,
) -> tuple[Any, Any]:
    """Sensitivity and false positive rate of a person who reads with an AI's call.

    Parameters
    ----------
    human_tpr, human_fpr, ai_tpr, ai_fpr : floats or arrays, 0 to 1
        Each one's own rates.
    follow_right, follow_wrong : floats or arrays, 0 to 1
        Chance that the person adopts the AI's call when the two disagree and the AI is right,
        and when it is wrong.
    correlation : float or array, -1 to 1
        Of the two latent variables within either state of the disease.

    Returns
    -------
    tpr, fpr : floats or arrays, 0 to 1
        Of the shape the arguments broadcast to.

    Raises
    ------
    OutOfRangeError
        Naming the argument, its limits and what was given.

    Examples
    --------
    Both find half of the ill, independently, and the AI raises no false alarm. Who follows it
    whenever it is right, and never when it is wrong, finds three quarters:

    >>> tpr, fpr = team_rates(0.5, 0.2, 0.5, 0.0, follow_right=1, follow_wrong=0)
    >>> round(float(tpr), 12), round(float(fpr), 12)
    (0.75, 0.0)

    Always following is the AI, never following is the person:

    >>> [round(float(rate), 12) for rate in team_rates(0.9, 0.1, 0.7, 0.3, 1, 1)]
    [0.7, 0.3]
    >>> [round(float(rate), 12) for rate in team_rates(0.9, 0.1, 0.7, 0.3, 0, 0)]
    [0.9, 0.1]
    """
    rates = [
        within(name, rate, 0, 1)
        for name, rate in (
            ("human_tpr", human_tpr), ("human_fpr", human_fpr), ("ai_tpr", ai_tpr),
            ("ai_fpr", ai_fpr), ("follow_right", follow_right), ("follow_wrong", follow_wrong),
        )
    ]  # fmt: skip
    right, wrong = rates[4:]
    ill = calls_of(rates[0], rates[2], correlation)
    well = calls_of(rates[1], rates[3], correlation)
    return ill.together(right, wrong), well.together(wrong, right)


def reliance_of(
    ill: Calls, well: Calls, prevalence: Any, follow_right: Any, follow_wrong: Any
) -> Reliance:
    """Tell what becomes of the cases a person and an AI disagree on.

    Parameters
    ----------
    ill, well
        Their calls within either state.
    prevalence : float or array, 0 to 1
    follow_right, follow_wrong : floats or arrays, 0 to 1
        See `team_rates`.

    Examples
    --------
    They differ on half of all cases, the AI right as often as wrong; it is followed always:

    >>> half = calls_of(0.5, 0.5)
    >>> found = reliance_of(half, half, 0.5, follow_right=1, follow_wrong=1)
    >>> [round(float(x), 12) for x in (found.appropriate, found.over, found.under)]
    [0.25, 0.25, 0.0]
    """
    right = prevalence * ill.only_ai + (1 - prevalence) * well.only_person
    wrong = prevalence * ill.only_person + (1 - prevalence) * well.only_ai
    return Reliance(
        appropriate=right * follow_right + wrong * (1 - follow_wrong),
        over=wrong * follow_wrong,
        under=right * (1 - follow_right),
    )
