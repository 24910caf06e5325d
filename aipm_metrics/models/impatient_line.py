"""A line whose customers leave at a deadline: who waits how long, and how many give up.

Customers come as a Poisson stream of rate `rates`; while every place is busy they are taken on
at the constant rate `full_rate`, and whoever has waited for `deadline` leaves unserved. With
`servers` equal exponential servers that is M/M/c+D; with a batch whose speed depends on how many
share it, the same equations hold, for only the chance to find the last place free is another.

The offered wait V has, while shorter than the deadline, the density
``height * exp(-slope * x)`` with ``slope = full_rate - rates``, and beyond it falls at
`full_rate`, since nobody joins. Barrer (1957), "Queuing with impatient customers and ordered
service", Operations Research 5, 650-656; Baccelli & Hebuterne (1981), "On queues with impatient
customers", Performance '81, 159-179, theorem 2.

Services that are not exponential stretch the wait: all times of M/M/c+D are multiplied by
`stretch`, half of one plus their squared variation, and its deadline divided by it. Without a
deadline that is Allen & Cunneen's approximation (Allen 1990, "Probability, Statistics, and
Queueing Theory", 2nd ed., sec. 5.2.2), and with any the servers' work stays in balance.
Axis letters: `d` bins of the day, `g` settings or draws; all arrays broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats

__all__ = ["ImpatientLine", "batch_places", "impatient_line", "patient_line"]

FLAT = 1e-8  # slope times deadline below which the density is as good as level


@dataclass(frozen=True, slots=True)
class ImpatientLine:
    """Waits of a stationary line with a deadline.

    Attributes
    ----------
    at_once : (...) floats
        Share of customers who find a free place.
    left : (...) floats
        Share who leave at the deadline, unserved.
    first, last : (...) floats, per unit of time
        Density of waits just above nought and just below the deadline.
    slope : (...) floats, per unit of time
        In between the density goes as ``exp(-slope * x)``; below nought in overload.
    deadline : (...) floats, in the unit of time
    """

    at_once: Floats
    left: Floats
    first: Floats
    last: Floats
    slope: Floats
    deadline: Floats

    def served_over(self, wait: Any) -> Floats:
        """Share who wait longer than `wait` and are then served, (...) floats."""
        wait = np.minimum(wait, self.deadline)
        rest, steep = self.deadline - np.maximum(wait, 0.0), np.abs(self.slope)
        # Measured from the end where the density is lowest, nothing overflows.
        near = self.first * np.exp(-steep * np.maximum(wait, 0.0))
        area = np.where(self.slope < 0, self.last, near) * _area(steep, rest)
        return np.where(wait < 0, 1 - self.left, area)

    @property
    def mean_wait(self) -> Floats:
        """Mean wait of everybody, those who leave included, (...) floats."""
        steep, up = np.abs(self.slope), self.slope < 0
        moment = self.deadline**2 * _moment(steep * self.deadline)
        turned = self.deadline * _area(steep, self.deadline) - moment
        waits = np.where(up, self.last * turned, self.first * moment)
        return np.asarray(waits + self.left * self.deadline)


def impatient_line(
    last_taken: Any, rates: Any, full_rate: Any, deadline: Any, stretch: Any = 1.0
) -> ImpatientLine:
    """Line in which whoever has waited for the deadline leaves, at no work for the servers.

    Parameters
    ----------
    last_taken : (...) floats, 0 to 1
        Of the time when a place is free, the share when only one is: `erlang_b` of one server
        fewer; see `batch_places` for a batch.
    rates, full_rate : (...) floats, per unit of time
        Arrivals; services while every place is busy, above 0.
    deadline : (...) floats, above 0
    stretch : (...) floats, above 0

    Examples
    --------
    One server, twice as many customers as it can serve, endless patience in practice: it is
    never free, and half of them leave.

    >>> line = impatient_line(1.0, 2.0, 1.0, 100.0)
    >>> round(float(line.left), 9), round(float(line.at_once), 9)
    (0.5, 0.0)
    """
    rates, full_rate, deadline = (np.asarray(a, float) for a in (rates, full_rate, deadline))
    slope, patience = full_rate - rates, deadline / stretch
    # In overload the density grows towards the deadline: measured from there, nothing overflows.
    scale = np.exp(np.minimum(slope, 0) * patience)
    first = rates * last_taken * scale
    last = rates * last_taken * np.exp(-np.maximum(slope, 0) * patience)
    waiting = np.where(slope < 0, last, first) * _area(np.abs(slope), patience)
    beyond = last / full_rate
    whole = scale + waiting + beyond
    return ImpatientLine(
        scale / whole, beyond / whole, first / whole / stretch, last / whole / stretch,
        slope / stretch, deadline,
    )  # fmt: skip


def patient_line(delayed: Any, decay: Any, deadline: Any) -> ImpatientLine:
    """Line whose customers' work is done even after they have gone at the deadline.

    Nobody leaves the line itself, so that it is the one without deadlines, seen by people who
    stop looking; where it cannot keep up, everybody has gone before their turn.

    Parameters
    ----------
    delayed : (...) floats
        Share of customers who wait (`erlang_c`); 1 where unstable.
    decay : (...) floats
        Rate at which the tail of the wait falls; 0 or less where unstable.
    deadline : (...) floats, above 0
    """
    decay = np.asarray(decay, float)
    stable = decay > 0
    slope = np.where(stable, decay, 1.0)
    left = np.where(stable, delayed * np.exp(-slope * deadline), 1.0)
    return ImpatientLine(
        np.where(stable, 1.0 - delayed, 0.0), left, np.where(stable, delayed * slope, 0.0),
        np.where(stable, left * slope, 0.0), slope, np.asarray(deadline, float),
    )  # fmt: skip


def batch_places(rates: Any, places: int, time_in: Callable[[int], Any]) -> tuple[Floats, Floats]:
    """Find how full a batch is while it has room.

    Parameters
    ----------
    rates : (...) floats
        Arrivals per unit of time.
    places : int, 1 or more
    time_in
        Mean time that each of k customers in service stays.

    Returns
    -------
    last_taken : (...) floats
        Of the time when a place is free, the share when only one is.
    mean : (...) floats
        Customers in service in that time.

    Examples
    --------
    Where the time does not depend on how many share it, places are servers:

    >>> last, mean = batch_places(1.0, 3, lambda k: 1.0)
    >>> float(last), round(float(mean), 9)  # Erlang B of one erlang and two servers
    (0.2, 0.8)
    """
    share = np.ones(np.shape(rates))
    mean = np.zeros(np.shape(rates))
    for k in range(1, places):
        met = rates * time_in(k) * share
        share = met / (k + met)
        mean = (1 - share) * mean + k * share
    return share, mean


def _area(slope: Any, width: Any) -> Floats:
    """Integral of ``exp(-slope * x)`` from 0 to `width`."""
    size = slope * width
    flat = np.abs(size) < FLAT
    safe = np.where(flat, 1.0, slope)
    return np.where(flat, width * (1 - size / 2), -np.expm1(-np.where(flat, 0.0, size)) / safe)


def _moment(k: Any) -> Floats:
    """Integral of ``x * exp(-k * x)`` from 0 to 1."""
    flat = k < 1e-2
    safe = np.where(flat, 1.0, k)
    series = 1 / 2 - k / 3 + k**2 / 8 - k**3 / 30 + k**4 / 144
    return np.asarray(np.where(flat, series, (-np.expm1(-safe) - safe * np.exp(-safe)) / safe**2))
