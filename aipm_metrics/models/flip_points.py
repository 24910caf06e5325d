"""Where a difference changes sign as one assumption moves: the values that change a mind.

The range is cut at evenly spaced points of the knob's own scale; every change of sign between
neighbours is polished by Brent's method (Brent 1973, "Algorithms for Minimization without
Derivatives", ch. 4). Two changes between the same neighbours are not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats

__all__ = ["Flip", "flip_of", "sign_changes", "signs_beside"]

POINTS = 512
STEPS = np.geomspace(1e-9, 1e-2, 15)  # of a knob's range: how far beside a place is looked


@dataclass(frozen=True, slots=True)
class Flip:
    """The value of one assumption at which a choice stops (or starts) beating its rival.

    Attributes
    ----------
    knob
        The assumption.
    today : float, in the knob's unit
    at : float, in the knob's unit
        The nearest such value; ``nan`` when there is none within the knob's range.
    distance : float
        How far `at` is from `today`, as a share of the knob's range on its own scale;
        ``inf`` when there is none.
    """

    knob: Knob
    today: float
    at: float
    distance: float


def flip_of(knob: Knob, today: float, difference: Callable[[Floats], Floats]) -> Flip:
    """Nearest value of one knob at which `difference` changes sign.

    Parameters
    ----------
    knob
        Its range is searched at 512 points of its own scale and at `today`.
    today : float, in the knob's unit
        Need not lie within the knob's limits.
    difference
        Vectorised over values of the knob, (g,) in and (g,) out.
    """
    points = np.unique(np.append(knob.spread(POINTS), np.clip(today, knob.low, knob.high)))
    roots = np.array(sign_changes(difference, points))
    if not roots.size:
        return Flip(knob, today, np.nan, np.inf)
    low, high = knob.to_axis([knob.low, knob.high])
    distances = np.abs(knob.to_axis(roots) - knob.to_axis(today)) / (high - low)
    nearest = int(distances.argmin())
    return Flip(knob, today, float(roots[nearest]), float(distances[nearest]))


def signs_beside(
    knob: Knob, at: float, difference: Callable[[Floats], Floats]
) -> tuple[float, float]:
    """Sign of `difference` just below and just above one value of a knob.

    Parameters
    ----------
    knob
        Steps of 1e-9 to 1 % of its range, on its own scale, are tried outward; the first at
        which the difference is not nought counts. Nothing outside its limits is tried.
    at : float, in the knob's unit
    difference
        Vectorised over values of the knob, (g,) in and (g,) out.

    Returns
    -------
    below, above : -1, 0 or 1
        0 where it is nought that far, undefined, or where the range ends.

    Examples
    --------
    >>> from aipm_metrics.knobs import knobs_of
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> harm = knobs_of(ModerationScenario)["harm_per_missed"]
    >>> signs_beside(harm, 30, lambda usd: 30 - usd), signs_beside(harm, 0, lambda usd: usd)
    ((1.0, -1.0), (0.0, 1.0))
    """
    low, high = knob.to_axis([knob.low, knob.high])
    place, steps = float(knob.to_axis(at)), STEPS * (high - low)
    below, above = (
        _first_sign(difference(knob.from_axis(side[(side >= low) & (side <= high)])))
        for side in (place - steps, place + steps)
    )
    return below, above


def _first_sign(values: Floats) -> float:
    """Sign of the first value that is not nought; nought where there is none."""
    signs = np.sign(values)
    decided = signs[(signs != 0) & ~np.isnan(signs)]
    return float(decided[0]) if decided.size else 0.0


def sign_changes(difference: Callable[[Floats], Floats], points: Floats) -> tuple[float, ...]:
    """Every value at which `difference` passes through zero.

    Parameters
    ----------
    difference
        Vectorised over values, (g,) in and (g,) out.
    points : (g,) floats, ascending
        Where to look first. A zero exactly on a point counts once; a stretch of zeros is
        indifference, not a change, and is passed over.

    Returns
    -------
    tuple of floats, ascending

    Examples
    --------
    >>> sign_changes(lambda x: x - 3.0, np.linspace(0, 8, 5))
    (3.0,)
    >>> sign_changes(lambda x: x * 0 + 1, np.linspace(0, 8, 5))
    ()
    """
    signs = np.sign(difference(points))
    decided = np.flatnonzero(signs)
    turns = np.flatnonzero(signs[decided][:-1] != signs[decided][1:])
    roots = []
    for left, right in zip(decided[turns], decided[turns + 1], strict=True):
        if right - left == 2:  # one exact zero between two opposite signs
            roots.append(float(points[left + 1]))
            continue
        # xtol must not be coarse, for rates near 0; 4 eps is the tightest rtol brentq takes.
        root = brentq(
            lambda x: difference(np.array([x])).item(),
            points[left],
            points[right],
            xtol=1e-300,
            rtol=4 * np.finfo(float).eps,
            maxiter=2_000,
        )
        roots.append(float(root))
    return tuple(roots)
