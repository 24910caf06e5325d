"""What halves in equal times: how much has gone by a moment, and how much is left.

``left = 2**(-time / half_life)``, ``gone = 1 - left``: what comes in at a rate that falls by
half every half-life, such as the views of a post, or the atoms the word was coined for
(Rutherford 1900, "A radio-active substance emitted from thorium compounds", Philosophical
Magazine 49). Nothing here is random.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["gone", "half_life_until", "left", "time_until"]


def left(time: Any, half_life: Any) -> Any:
    """Share still to come, 0 to 1.

    Parameters
    ----------
    time, half_life
        At least 0 and above 0, in one unit.

    Examples
    --------
    >>> left(0, 80).item(), left(80, 80).item(), left(240, 80).item()
    (1.0, 0.5, 0.125)
    """
    return np.exp2(-np.asarray(time, float) / half_life)


def gone(time: Any, half_life: Any) -> Any:
    """Share that has come already, 0 to 1; exact to the last digits where it is small.

    Examples
    --------
    >>> gone(0, 80).item(), gone(80, 80).item(), gone(240, 80).item()
    (0.0, 0.5, 0.875)
    """
    return -np.expm1(-np.log(2) * np.asarray(time, float) / half_life)


def time_until(share: Any, half_life: Any) -> Any:
    """Time by which a share has come, ``inf`` for all of it; the inverse of `gone`.

    Examples
    --------
    >>> float(time_until(0.75, 80).round(9))
    160.0
    """
    with np.errstate(divide="ignore"):
        return -half_life * np.log1p(-np.asarray(share, float)) / np.log(2)


def half_life_until(share: Any, time: Any) -> Any:
    """Half-life with which a share has come by a time; ``inf`` for none of it, 0 for all.

    Examples
    --------
    >>> float(half_life_until(0.75, 160).round(9))
    80.0
    """
    with np.errstate(divide="ignore"):
        return -np.log(2) * np.asarray(time, float) / np.log1p(-np.asarray(share, float))
