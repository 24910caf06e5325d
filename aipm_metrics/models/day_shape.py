"""How many requests come at which hour: a day with a peak, and bursts on top.

A wave with one peak and one low a day, plus any number of bursts; every day is like the last.
Nothing here is random, and nothing is binned: the mean over any stretch is a closed form, and so
is the peak. Axis letter: `t` times.

Eick, Massey & Whitt (1993), "Mt/G/inf queues with sinusoidal arrival rates", Management Science
39, 241-252, for the wave.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["DAY_S", "HOUR_S", "Burst", "DayShape"]

HOUR_S, DAY_S = 3600.0, 86_400.0
TURN = 2 * math.pi / DAY_S
KNOTS = 4096  # a day in pieces of 21 s, in which one step of Newton is exact to rounding
BENT = 1.1  # highest over lowest rate of a piece up to which that is so
HALVINGS = 60
BLOCK = 1 << 15  # times inverted at once: what fits in the cache


@dataclass(frozen=True, slots=True)
class Burst:
    """More requests for a while, every day.

    Parameters
    ----------
    start_s : float, s since midnight, 0 to 86,400
    length_s : float, s, 0 to 86,400
        It may pass midnight.
    extra_per_s : float, requests per s, at least 0
        Added to the wave.
    """

    start_s: float
    length_s: float
    extra_per_s: float

    def __post_init__(self) -> None:
        within("start_s", self.start_s, 0, DAY_S)
        within("length_s", self.length_s, 0, DAY_S)
        _rate("extra_per_s", self.extra_per_s)


@dataclass(frozen=True, slots=True)
class DayShape:
    """Rate of requests over a day, the same every day.

    ``rate(t) = mean (1 + amplitude cos(2 pi (t - peak) / day)) + extra of the bursts then on``

    Parameters
    ----------
    mean_per_s : float, requests per s, at least 0
        Of the wave; bursts come on top.
    amplitude : float, 0 to 1
        How far the wave goes up and down, as a share of its mean.
    peak_hour : float, hours since midnight, 0 to 24
    bursts : tuple of Burst
        Those on at the same time add up.

    Examples
    --------
    Three requests a second, 60 % more at nine and 60 % fewer twelve hours later:

    >>> day = DayShape(3.0, 0.6, peak_hour=9)
    >>> day.rate([9 * HOUR_S, 15 * HOUR_S, 21 * HOUR_S]).round(9).tolist()
    [4.8, 3.0, 1.2]
    >>> round(day.peak_to_mean, 9)
    1.6
    """

    mean_per_s: float
    amplitude: float = 0.0
    peak_hour: float = 12.0
    bursts: tuple[Burst, ...] = ()

    def __post_init__(self) -> None:
        _rate("mean_per_s", self.mean_per_s)
        within("amplitude", self.amplitude, 0, 1)
        within("peak_hour", self.peak_hour, 0, 24)

    def rate(self, time_s: ArrayLike) -> Any:
        """Rate at these times, a burst's first instant included and its last not.

        Parameters
        ----------
        time_s : (t,) floats, s since a midnight
            Any number of days later or earlier.
        """
        t = np.asarray(time_s, float)
        on = [b.extra_per_s * ((t - b.start_s) % DAY_S < b.length_s) for b in self.bursts]
        return (self._wave(t) + sum(on))[()]

    def cumulated(self, time_s: ArrayLike) -> Any:
        """Integrate `rate`: the requests expected since midnight, negative before.

        Parameters
        ----------
        time_s : (t,) floats, s since a midnight

        Examples
        --------
        One a second all day, and three more a second for a minute that begins at 23:59:30:

        >>> day = DayShape(1.0, bursts=(Burst(DAY_S - 30, 60, 3.0),))
        >>> day.cumulated([10.0, 60.0, DAY_S]).tolist()
        [40.0, 150.0, 86580.0]
        """
        t = np.asarray(time_s, float)
        bursts = [b.extra_per_s * (_on(b, t) - _on(b, 0.0)) for b in self.bursts]
        return (self._wave_so_far(t) - self._wave_so_far(0.0) + sum(bursts))[()]

    def mean_rates(self, edges_s: ArrayLike) -> Any:
        """Mean rate between each edge and the next: exact, whatever the bins.

        Parameters
        ----------
        edges_s : (t + 1,) floats, s since a midnight, ascending

        Returns
        -------
        (t,) floats, requests per s

        Examples
        --------
        The upper half of a full wave has mean ``1 + 2 / pi``:

        >>> DayShape(1.0, 1.0, peak_hour=12).mean_rates([6 * HOUR_S, 18 * HOUR_S]).round(6).tolist()
        [1.63662]
        """
        edges = np.asarray(edges_s, float)
        if edges.ndim != 1 or not (np.diff(edges) > 0).all():
            raise MetricsError("`edges_s` must be one row of ascending times")
        return np.diff(self.cumulated(edges)) / np.diff(edges)

    @property
    def per_day(self) -> float:
        """Expected requests of a day, bursts included."""
        return float(self.cumulated(DAY_S))

    @property
    def peak(self) -> float:
        """Highest rate of the day, requests per s: exact, as every piece peaks at an end."""
        knots, _, extra = _pieces(self)
        wave = self._wave(knots)
        return float((np.maximum(wave[1:], wave[:-1]) + extra).max())

    @property
    def peak_to_mean(self) -> float:
        """`peak` over the mean of the whole day; ``nan`` when nothing ever comes."""
        return self.peak * DAY_S / self.per_day if self.per_day > 0 else math.nan

    def time_of(self, expected: ArrayLike) -> Any:
        """Time by which so many requests are expected: the inverse of `cumulated`.

        Parameters
        ----------
        expected : array of floats, requests
            Ascending values give ascending times.

        Returns
        -------
        array of floats, s since midnight
            The earliest such time, to rounding; ``inf`` when nothing ever comes.

        Examples
        --------
        >>> DayShape(2.0).time_of([0.0, 1.0, 100.0]).round(9).tolist()
        [0.0, 0.5, 50.0]
        """
        y = np.asarray(expected, float)
        if self.per_day == 0:
            return np.full(y.shape, math.inf)[()]
        times, flat = np.empty(y.size), y.reshape(-1)
        for i in range(0, y.size, BLOCK):
            times[i : i + BLOCK] = self._times_of(flat[i : i + BLOCK])
        return times.reshape(y.shape)[()]

    def _times_of(self, expected: Floats) -> Floats:
        knots, reached, extra = _pieces(self)
        day = np.floor(expected / reached[-1])
        y = expected - day * reached[-1]
        piece = np.clip(np.searchsorted(reached, y) - 1, 0, extra.size - 1)
        y -= reached[piece]
        start, length, extra = knots[piece], np.diff(knots)[piece], extra[piece]
        first, last = self._wave(start) + extra, self._wave(start + length) + extra
        # As if the rate went straight from end to end; then Newton's step, kept within the piece.
        root = np.sqrt(np.maximum(first**2 + 2 * (last - first) / length * y, 0))
        x = np.divide(2 * y, first + root, out=np.zeros_like(y), where=first + root > 0)
        slope = self._wave(start + x) + extra
        over = self._since(start, x, extra) - y
        x -= np.divide(over, slope, out=np.zeros_like(y), where=slope > 0)
        np.clip(x, 0, length, out=x)
        # A wave of amplitude 1 stands still for an instant; there neither will do.
        bent = np.maximum(first, last) > BENT * np.minimum(first, last)
        if bent.any():
            x[bent] = self._halved(y[bent], start[bent], length[bent], extra[bent])
        return np.asarray(day * DAY_S + start + x)

    def _halved(self, y: Floats, start: Floats, length: Floats, extra: Floats) -> Floats:
        """How far into a piece `y` requests are expected, by bisection."""
        low, high = np.zeros_like(y), length
        for _ in range(HALVINGS):
            x = (low + high) / 2
            short = self._since(start, x, extra) < y
            low, high = np.where(short, x, low), np.where(short, high, x)
        return high

    def _since(self, start: Floats, x: Floats, extra: Floats) -> Any:
        """Integrate the rate from the start of a piece to `x` seconds later."""
        return self._wave_so_far(start + x) - self._wave_so_far(start) + extra * x

    def _wave(self, t: Any) -> Any:
        peak_s = self.peak_hour * HOUR_S
        return self.mean_per_s * (1 + self.amplitude * np.cos(TURN * (t - peak_s)))

    def _wave_so_far(self, t: Any) -> Any:
        peak_s = self.peak_hour * HOUR_S
        return self.mean_per_s * (t + self.amplitude / TURN * np.sin(TURN * (t - peak_s)))


@lru_cache(maxsize=16)
def _pieces(day: DayShape) -> tuple[Floats, Floats, Floats]:
    """Knots of one day between which the rate is smooth and monotone.

    Returns
    -------
    knots, reached : (t + 1,) floats, s and requests
    extra : (t,) floats, requests per s
        Of the bursts that are on between each knot and the next.
    """
    peak_s = day.peak_hour * HOUR_S
    edges = [e % DAY_S for b in day.bursts for e in (b.start_s, b.start_s + b.length_s)]
    turns = [peak_s % DAY_S, (peak_s + DAY_S / 2) % DAY_S]
    knots = np.unique([*np.linspace(0, DAY_S, KNOTS + 1), *edges, *turns])
    middles = (knots[1:] + knots[:-1]) / 2
    reached = day.cumulated(knots)
    return knots, np.maximum.accumulate(reached), day.rate(middles) - day._wave(middles)


def _on(burst: Burst, time_s: Any) -> Any:
    """How long a burst was on from its first start to this time, later days counted on."""
    days, since = np.divmod(time_s - burst.start_s, DAY_S)
    return days * burst.length_s + np.minimum(since, burst.length_s)


def _rate(field: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise MetricsError(f"`{field}` must be a number of requests per s, at least 0; got {value}")
