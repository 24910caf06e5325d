"""The nearest flip point of every threshold at once.

Same question as `flip_points`, asked for a whole axis of thresholds: for each of them, which
value of an assumption, nearest to today's, turns the choice? Where the difference is monotone
between known values, nothing can be missed. Axis letters: `t` thresholds, `g` values of one
assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import elementwise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats

    Rows = NDArray[np.intp]

__all__ = ["leaving_turn", "linear_flips", "nearest_flips"]


def _itself(values: Floats) -> Floats:
    return values


def linear_flips(
    knob: Knob,
    difference: Callable[[Floats], Floats],
    *,
    through: Callable[[Floats], Floats] = _itself,
    back: Callable[[Floats], Floats] = _itself,
) -> Floats:
    """Value at which a difference that is linear in the knob changes sign, per threshold.

    ``low - D(low) (high - low) / (D(high) - D(low))``

    Parameters
    ----------
    knob
        Its limits are searched, both included.
    difference
        (1, g) values in, (t, g) differences out.
    through, back
        What the difference is linear in, where that is not the knob itself but something that
        only grows or only falls with it; and the way back.

    Returns
    -------
    (t,) floats, in the knob's unit
        ``nan`` where there is none, and where both sides are equal all along.
    """
    ends = np.array([[knob.low, knob.high]])
    (at_low, at_high), (low, high) = difference(ends).T, through(ends[0])
    crosses = np.sign(at_low) * np.sign(at_high) < 0
    span = np.where(crosses, at_high - at_low, 1.0)
    roots = back(np.where(crosses, low - at_low / span * (high - low), high))
    return np.where(crosses, np.clip(roots, knob.low, knob.high), np.nan)


def leaving_turn(fpr: Floats, rival_fpr: Floats | float, exposures: float) -> Floats:
    """Chance of leaving at which two thresholds differ most in people lost, per threshold.

    The difference of ``(1 - chance fpr)**exposures`` between two rates has one extremum, at
    ``(1 - r) / (fpr - r rival_fpr)`` with ``r = (rival_fpr / fpr)**(1 / (exposures - 1))``
    (set the derivative by `chance` to zero).

    Parameters
    ----------
    fpr, rival_fpr : (t,) floats
    exposures : float

    Returns
    -------
    (t,) floats
        ``nan`` where the difference has no extremum.

    Examples
    --------
    Two exposures, rates of 1 and 0.5: ``(1 - c)**2 - (1 - c/2)**2`` is lowest at 2/3.

    >>> round(float(leaving_turn(np.array([1.0]), 0.5, 2)[0]), 9)
    0.666666667
    """
    if exposures <= 1:
        return np.full(np.shape(fpr), np.nan)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        r = (rival_fpr / fpr) ** (1 / (exposures - 1))
        return np.asarray((1 - r) / (fpr - r * rival_fpr), float)


def nearest_flips(
    knob: Knob,
    today: float,
    difference: Callable[[Floats, Rows | slice], Floats],
    pieces: Floats,
    closer_than: Floats,
) -> Floats:
    """Nearest value at which each threshold's difference changes sign.

    Parameters
    ----------
    knob
        Says what near means: distance on its own scale.
    today : float, in the knob's unit
    difference
        Values (t, g) and which thresholds (all, or their indices) in, differences out.
    pieces : (t, g) floats, ascending along `g`
        Between neighbours the difference is taken to change sign once at most.
    closer_than : (t,) floats, on the knob's own scale
        Changes of sign farther from today's value than this are not looked for.

    Returns
    -------
    (t,) floats, in the knob's unit
        ``nan`` where there is none.
    """
    here = float(knob.to_axis(today))
    # Only changes within reach are looked for, so most thresholds are done after one glance.
    reach = np.minimum(closer_than, 2 * np.ptp(knob.to_axis([knob.low, knob.high])))[:, None]
    beside = np.full((len(pieces), 1), today)
    values = np.sort(np.concatenate([pieces, beside], axis=1), axis=1)
    values = np.clip(values, knob.from_axis(here - reach), knob.from_axis(here + reach))
    left, right = values[:, :-1], values[:, 1:]
    turns = _changes(np.sign(difference(values, slice(None))))
    nearer = np.where(left >= today, left, right)
    far = np.where(turns, np.abs(knob.to_axis(nearer) - here), np.inf)
    best, within = np.full(len(values), np.nan), closer_than.copy()
    for side in (left >= today, right <= today):
        column = np.where(side, far, np.inf).argmin(axis=1)
        rows = np.flatnonzero(np.where(side, far, np.inf)[np.arange(len(far)), column] < within)
        if not rows.size:
            continue
        found = _polished(difference, rows, left[rows, column[rows]], right[rows, column[rows]])
        distance = np.abs(knob.to_axis(found) - here)
        closer = distance < within[rows]
        best[rows[closer]], within[rows[closer]] = found[closer], distance[closer]
    return best


def _changes(signs: Floats) -> NDArray[np.bool_]:
    """Where the sign turns between neighbours; a zero counts with what stands left of it."""
    for column in range(1, signs.shape[1]):
        zero = signs[:, column] == 0
        signs[zero, column] = signs[zero, column - 1]
    return np.asarray(signs[:, :-1] * signs[:, 1:] < 0)


def _polished(
    difference: Callable[[Floats, Rows | slice], Floats], rows: Rows, low: Floats, high: Floats
) -> Floats:
    """Root between each pair of values, by Chandrupatla's method (1997)."""
    found = elementwise.find_root(
        lambda x, row: difference(x[:, None], row.astype(np.intp))[:, 0],
        (low, high),
        args=(rows.astype(float),),
        tolerances={"xatol": 1e-300, "xrtol": 4 * np.finfo(float).eps, "fatol": 0.0},
        maxiter=2_000,
    )
    return np.asarray(found.x, float)
