"""Shares as whole people out of a round number, so that nobody has to imagine 0.8 %.

The crowd is the same whatever the threshold: as the threshold moves, people change sides within
their class and nobody joins or leaves. Axis letter: `t` thresholds. Nothing here is random.

Gigerenzer & Hoffrage (1995), Psychological Review 102, 684-704: natural frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Rates

__all__ = ["Frequencies", "crowd_size", "natural_frequencies"]

ENOUGH = 100  # people of the rarer class a crowd should have
MOST = 10_000  # more icons than this cannot be told apart on a screen


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Whole people per cell of the confusion matrix.

    Attributes
    ----------
    of, positives : int
        How many people in all, and how many of them are positive.
    people : dict of str to (t,) integers or integer
        "caught", "missed", "wronged" and "left alone"; they add up to `of`.
    one_in : dict of str to (t,) floats or float
        Same cells, each as "1 in so many" people; ``inf`` for an empty one. Worth saying
        where `people` shows nobody.
    """

    of: int
    positives: int
    people: dict[str, Any]
    one_in: dict[str, Any]


def crowd_size(prevalence: float) -> int:
    """Smallest power of ten with 100 people of the rarer class, 10,000 at most.

    Examples
    --------
    >>> crowd_size(0.01), crowd_size(0.5), crowd_size(1e-7)
    (10000, 1000, 10000)
    """
    rarer = min(prevalence, 1 - prevalence)
    # 1e-9 forgives 0.1 stored as a hair less than a tenth.
    return MOST // 10 if rarer * MOST / 10 >= ENOUGH * (1 - 1e-9) else MOST


def natural_frequencies(prevalence: float, rates: Rates) -> Frequencies:
    """Turn error rates into people.

    Each class is rounded to whole people once, and what is flagged of it once more; the rest
    of the class is not flagged, so that the four cells always add up.

    Parameters
    ----------
    prevalence : float in [0, 1]
    rates : Rates, (t,) each or scalars

    Examples
    --------
    >>> from aipm_metrics.models.confusion import Rates
    >>> natural_frequencies(0.1, Rates(tpr=0.9, fpr=0.01)).people
    {'caught': 90, 'missed': 10, 'wronged': 9, 'left alone': 891}
    """
    of = crowd_size(prevalence)
    positives = round(of * prevalence)
    caught = _whole(positives * np.asarray(rates.tpr))
    wronged = _whole((of - positives) * np.asarray(rates.fpr))
    shares = {
        "caught": prevalence * np.asarray(rates.tpr),
        "missed": prevalence * np.asarray(rates.fnr),
        "wronged": (1 - prevalence) * np.asarray(rates.fpr),
        "left alone": (1 - prevalence) * np.asarray(rates.tnr),
    }
    people = {
        "caught": caught, "missed": positives - caught, "wronged": wronged,
        "left alone": of - positives - wronged,
    }  # fmt: skip
    with np.errstate(divide="ignore", over="ignore"):
        one_in = {cell: np.divide(1.0, share)[()] for cell, share in shares.items()}
    return Frequencies(
        of,
        positives,
        {cell: n if n.ndim else int(n) for cell, n in people.items()},
        {cell: many if np.ndim(many) else float(many) for cell, many in one_in.items()},
    )


def _whole(people: Any) -> Any:
    """Round half up, with 1e-9 forgiven."""
    return np.asarray(np.floor(people + (0.5 + 1e-9)), np.int64)
