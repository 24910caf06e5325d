"""How many people leave after being wronged again and again.

A person with `exposures` chances, each going wrong with probability `rate` and each wrong
driving them away with probability `chance`, stays with ``(1 - chance * rate)**exposures``:
independent Bernoulli trials, at least one success. It saturates: nobody leaves twice.
Feller (1968), "An Introduction to Probability Theory", vol. 1, ch. VI.2. Nothing is random here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import xlog1py

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["leaving_share", "leaving_slope"]


def leaving_share(rate: ArrayLike, chance: ArrayLike, exposures: ArrayLike) -> Any:
    """Share of people who leave, ``1 - (1 - chance rate)**exposures``.

    Parameters
    ----------
    rate : (t,) floats, 0 to 1
        How often one exposure goes wrong.
    chance : float, 0 to 1
        How often one wrong drives a person away.
    exposures : float, at least 1
        Exposures a person has in the period.

    Examples
    --------
    Two exposures, each certain to go wrong, each wrong sending half away: a quarter stays.

    >>> float(leaving_share(rate=1.0, chance=0.5, exposures=2))
    0.75
    """
    lost = -np.expm1(xlog1py(exposures, -np.multiply(chance, rate)))
    return lost[()]


def leaving_slope(rate: ArrayLike, chance: ArrayLike, exposures: ArrayLike) -> Any:
    """Change of `leaving_share` per unit of `rate`.

    ``exposures chance (1 - chance rate)**(exposures - 1)``

    Examples
    --------
    The first wrong counts in full:

    >>> float(leaving_slope(rate=0.0, chance=0.5, exposures=2))
    1.0
    """
    chance = np.asarray(chance, float)
    staying = np.exp(xlog1py(np.subtract(exposures, 1.0), -np.multiply(chance, rate)))
    return (exposures * chance * staying)[()]
