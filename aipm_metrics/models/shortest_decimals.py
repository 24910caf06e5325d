"""The shortest decimal between two neighbouring numbers, so that what is written is what is meant.

Every threshold above one distinct score and up to the next flags the very same rows, so the one
with the fewest digits may stand for all. Exact: numbers are compared as the binary fractions they
are. Axis letter: `t` distinct scores. Nothing is random.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["plainest_threshold", "shortest_decimal"]

MOST_DIGITS = 20  # a float is told from its neighbours by 17


def shortest_decimal(above: float, up_to: float) -> float:
    """Find the number with the fewest decimals in ``(above, up_to]``, the largest of these.

    Parameters
    ----------
    above, up_to : float
        ``above < up_to``; where `above` has no end, `up_to` itself is returned.

    Examples
    --------
    >>> shortest_decimal(0.2308, 0.2309027), shortest_decimal(0.19, 0.2309027)
    (0.2309, 0.2)
    >>> shortest_decimal(-0.31, -0.27), shortest_decimal(3_971.5, 4_118.25)
    (-0.3, 4000.0)
    >>> shortest_decimal(0.234375, 0.24)
    0.24
    """
    if math.isinf(above) or math.isinf(up_to):
        return up_to
    low, high = Decimal(above), Decimal(up_to)
    first = -max(d.adjusted() for d in (low, high) if d)  # of two numbers one is not 0
    for places in range(first, first + MOST_DIGITS):
        # Rounded up first: 0.24 is a float that lies below the decimal it is written as.
        for rounding in (ROUND_CEILING, ROUND_FLOOR):
            found = float(high.quantize(Decimal(1).scaleb(-places), rounding=rounding)) + 0.0
            if above < found <= up_to:
                return found
    return up_to


def plainest_threshold(scores: ArrayLike, place: int) -> float:
    """Find the threshold with the fewest decimals that flags what ``scores[place]`` flags.

    Parameters
    ----------
    scores : (t,) floats, ascending
        Every distinct score.
    place : int, 0 to t - 1
        The lowest of all stays as it is: it is what flags everything.

    Examples
    --------
    >>> plainest_threshold([0.1, 0.2309027], 1), plainest_threshold([0.1, 0.2309027], 0)
    (0.2, 0.1)
    """
    at = np.asarray(scores, float)
    return shortest_decimal(float(at[place - 1]), float(at[place])) if place else float(at[0])
