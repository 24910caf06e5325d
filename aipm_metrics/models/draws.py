"""Assumptions drawn at random within their ranges, and how often one choice beats another.

Every assumption is drawn by itself: any place between its low and its high, on the knob's own
scale, is equally likely. The draws are common random numbers: they are made once per seed and
assumption and then moved into whatever range is asked for, so that a changed range moves that
assumption's draws and no others, and a slider moves the curve and not the noise (Law 2015,
"Simulation Modeling and Analysis", sec. 11.2). Axis letter: `s` draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats

__all__ = ["DRAWS", "Chance", "Spread", "chance_below", "moved_into", "ranks", "spread", "uniforms"]

DRAWS = 1_000
QUANTILES = (0.05, 0.5, 0.95)
TIE = 1e-12  # costs closer than this share of the larger count as equal


def uniforms(seed: int, name: str, draws: int = DRAWS) -> Floats:
    """Draw places between 0 and 1 for one assumption.

    The generator is seeded with both the seed and the assumption's name: a knob added to a
    question later leaves the draws of all others as they were.

    Parameters
    ----------
    seed : int, at least 0
    name
        Of the assumption.
    draws
        How many.

    Returns
    -------
    (s,) floats in [0, 1)

    Examples
    --------
    >>> bool((uniforms(7, "auc", 5) == uniforms(7, "auc", 9)[:5]).all())
    True
    """
    return np.random.default_rng([seed, *name.encode()]).random(draws)


def moved_into(knob: Knob, low: float, high: float, places: Floats) -> Floats:
    """Value at each place between a knob's low and high, on the knob's own scale.

    Parameters
    ----------
    knob
        The assumption.
    low, high : floats, in the knob's unit
    places : (s,) floats, 0 to 1

    Returns
    -------
    (s,) floats, in the knob's unit
        ``from_axis(to_axis(low) + place (to_axis(high) - to_axis(low)))``, never outside
        [low, high], so that a range without width gives that very value.

    Examples
    --------
    Half-way on a log scale is the geometric mean:

    >>> from aipm_metrics.knobs import knobs_of
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> posts = knobs_of(ModerationScenario)["items_per_month"]
    >>> moved_into(posts, 1e4, 1e6, np.array([0.5])).round(6).tolist()
    [100000.0]
    """
    start, end = knob.to_axis([low, high])
    return np.clip(knob.from_axis(start + places * (end - start)), low, high)


@dataclass(frozen=True, slots=True)
class Chance:
    """How often one choice was cheaper than another, in paired draws.

    Attributes
    ----------
    wins, ties, draws : int
        Draws in which it was cheaper, those in which both cost the same, and all draws.

    Examples
    --------
    >>> Chance(wins=500, ties=100, draws=1000).losses
    400
    >>> round(Chance(wins=500, ties=0, draws=1000).error, 4)
    0.0158
    """

    wins: int
    ties: int
    draws: int

    @property
    def losses(self) -> int:
        """Draws in which the other one was cheaper."""
        return self.draws - self.wins - self.ties

    @property
    def value(self) -> float:
        """Share of draws in which it was cheaper."""
        return self.wins / self.draws

    @property
    def error(self) -> float:
        """Standard error of `value`, ``sqrt(p (1 - p) / draws)``."""
        return math.sqrt(self.value * (1 - self.value) / self.draws)


def chance_below(a: Floats, b: Floats) -> Chance:
    """Count the draws in which `a` lies below `b`.

    Parameters
    ----------
    a, b : (s,) floats, in one unit
        Paired: both at the same draw.

    Examples
    --------
    >>> chance_below(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0]))
    Chance(wins=1, ties=1, draws=3)
    """
    near = np.abs(a - b) <= TIE * np.maximum(np.abs(a), np.abs(b))
    return Chance(int(((a < b) & ~near).sum()), int(near.sum()), int(near.size))


def ranks(draws: int) -> NDArray[np.int64]:
    """Which of the sorted draws are the 5 %, 50 % and 95 % quantiles, counted from 0.

    The one definition of a quantile everywhere: the least draw that so large a share of the
    draws does not exceed, ``ceil(share * draws)`` counted from 1 (Hyndman & Fan 1996, "Sample
    Quantiles in Statistical Packages", American Statistician 50, 361-365, definition 1). So it
    is a value that was drawn, and of 1,000 draws 901 lie from low to high, both included.

    Parameters
    ----------
    draws
        At least 1.

    Examples
    --------
    >>> ranks(1000).tolist(), ranks(3).tolist(), ranks(1).tolist()
    ([49, 499, 949], [0, 1, 2], [0, 0, 0])
    """
    shares = (Fraction(repr(share)) for share in QUANTILES)  # 0.95 is no float
    return np.array([math.ceil(share * draws) - 1 for share in shares])


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a number lies over the draws.

    Attributes
    ----------
    low, middle, high : floats
        The 5 %, 50 % and 95 % quantiles as `ranks` defines them, which is how
        `cost_bands.Bands` has them too.
    mean, error : floats
        The mean, and its standard error.
    """

    low: float
    middle: float
    high: float
    mean: float
    error: float


def spread(values: Floats) -> Spread:
    """Describe draws of one number.

    Parameters
    ----------
    values : (s,) floats
        Quantiles are values that were drawn (see `ranks`), so that ``inf`` may be among them.

    Examples
    --------
    >>> spread(np.array([1.0, 2.0, 3.0]))
    Spread(low=1.0, middle=2.0, high=3.0, mean=2.0, error=0.5773502691896258)
    """
    low, middle, high = np.sort(values)[ranks(values.size)].tolist()
    finite = bool(np.isfinite(values).all())
    error = float(values.std(ddof=1) / math.sqrt(values.size)) if finite else math.nan
    return Spread(low, middle, high, float(values.mean()), error)
