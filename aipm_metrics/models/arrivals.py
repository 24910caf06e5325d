"""Instants at which requests come, drawn from the rate of a day.

Draws are common random numbers: uniforms become renewal epochs of unit rate, and the inverse of
the cumulated rate moves those to instants, so that a slider moves the arrivals and not the
noise. Axis letters: `s` replications, `n` arrivals.

Cinlar (1975), "Introduction to Stochastic Processes", sec. 4.7, for the change of time; Gerhardt
& Nelson (2009), "Transforming renewal processes for simulation of nonstationary arrival
processes", INFORMS Journal on Computing 21, 630-640, for gaps other than exponential; Cox
(1962), "Renewal Theory", ch. 5, for where such a process starts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.day_shape import DAY_S
from aipm_metrics.models.service_time import ServiceTime

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.day_shape import DayShape

__all__ = ["arrival_instants", "draws_needed"]

MOST_BURSTY = 100.0
SURE = 8.0  # standard deviations: all but one run in 1e14 stay within


def draws_needed(
    day: DayShape, *, ca2: float = 1.0, start_s: float = 0.0, end_s: float = DAY_S
) -> int:
    """How many uniforms per replication `arrival_instants` needs to be sure to reach the end.

    ``m`` gaps with ``m - 8 sqrt(ca2 m) >= expected requests``: all but one replication in 1e14
    reach it, as a sum of gamma gaps falls short of its mean less often than a normal one does.

    Parameters
    ----------
    day, ca2, start_s, end_s
        As for `arrival_instants`.

    Examples
    --------
    >>> from aipm_metrics.models.day_shape import DayShape
    >>> draws_needed(DayShape(1.0), ca2=0.0, end_s=100.0)
    102
    """
    _span(start_s, end_s)
    ca2 = float(within("ca2", ca2, 0, MOST_BURSTY))
    expected = float(day.cumulated(end_s) - day.cumulated(start_s))
    spread = SURE * math.sqrt(ca2)
    return math.ceil(((spread + math.sqrt(spread**2 + 4 * expected)) / 2) ** 2) + 2


def arrival_instants(
    day: DayShape,
    uniforms: ArrayLike,
    *,
    ca2: float = 1.0,
    start_s: float = 0.0,
    end_s: float = DAY_S,
) -> Floats:
    """Instants at which requests come, one row per replication.

    Gaps of mean 1 and squared variation `ca2` (gamma; exponential, hence Poisson arrivals, at 1)
    are laid end to end and moved by the inverse of the cumulated rate. The first gap is that of
    a process that has run for ever (Cox 1962, ch. 5), so that the expected number of
    arrivals in any stretch is exactly `DayShape.cumulated` of it, whatever `ca2`.

    Parameters
    ----------
    day
        The rate.
    uniforms : (s, m) floats in [0, 1)
        At least `draws_needed` columns; the first two make the first gap. More columns, drawn
        in the same order, change nothing.
    ca2 : float, 0 to 100
        Squared coefficient of variation of the gaps: 1 is Poisson, 0 a metronome, and traffic
        of bursts has more than 1.
    start_s, end_s : float, s since a midnight
        Arrivals lie in [start_s, end_s); the end may be days later.

    Returns
    -------
    (s, n) floats, s since that midnight
        Each row ascending and then ``inf``; as many columns as the fullest row has arrivals.

    Raises
    ------
    MetricsError
        When a row runs out of uniforms before the end, or the end is not after the start.

    Examples
    --------
    A metronome of one a second, that starts anywhere within a gap:

    >>> from aipm_metrics.models.day_shape import DayShape
    >>> arrival_instants(DayShape(1.0), [[0.25] * 5, [0.75] * 5], ca2=0.0, end_s=3.0).tolist()
    [[0.25, 1.25, 2.25], [0.75, 1.75, 2.75]]
    """
    _span(start_s, end_s)
    cv = math.sqrt(within("ca2", ca2, 0, MOST_BURSTY))
    u = np.asarray(uniforms, float)
    if u.ndim != 2 or u.shape[1] < 2:
        raise MetricsError(f"`uniforms` must have shape (s, m) with m >= 2; got {u.shape}")
    epochs = ServiceTime(1.0, cv, "gamma").draw(u[:, 1:])
    # The gap that holds the start is longer than others; it begins anywhere within it.
    held = ServiceTime(1 + ca2, cv / math.sqrt(1 + ca2), "gamma").draw(u[:, 1])
    epochs[:, 0] = u[:, 0] * held
    np.cumsum(epochs, axis=1, out=epochs)
    first, last = day.cumulated([start_s, end_s])
    if (epochs[:, -1] < last - first).any():
        raise MetricsError(
            f"`uniforms` must have about {draws_needed(day, ca2=ca2, start_s=start_s, end_s=end_s)}"
            f" columns to reach {end_s:g} s; got {u.shape[1]}"
        )
    comes = epochs < last - first
    longest = int(comes.sum(axis=1).max(initial=0))
    epochs, comes = epochs[:, :longest], comes[:, :longest]
    instants = np.full(epochs.shape, math.inf)
    instants[comes] = day.time_of(first + epochs[comes])
    # Two arrivals a rounding error apart must not change places, nor leave the stretch.
    np.maximum.accumulate(instants, axis=1, out=instants)
    instants[comes] = np.clip(instants[comes], start_s, np.nextafter(end_s, start_s))
    return instants


def _span(start_s: float, end_s: float) -> None:
    if not (math.isfinite(start_s) and math.isfinite(end_s) and start_s < end_s):
        raise MetricsError(f"`end_s` must lie after `start_s`; got {start_s:g} to {end_s:g} s")
